//! What a signature states.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::Category;

/// Whether a host serves the purpose alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exclusivity {
    /// Only this purpose.
    Dedicated,
    /// Other purposes too.
    Shared,
}

impl Exclusivity {
    /// Every one, in the order of this page.
    pub const ALL: [Self; 2] = [Self::Dedicated, Self::Shared];

    /// The word for it in signature files and outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dedicated => "dedicated",
            Self::Shared => "shared",
        }
    }
}

/// How well the claim is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// The maker documents it.
    Documented,
    /// A published measurement shows it.
    Measured,
    /// Community knowledge.
    Community,
}

impl Confidence {
    /// Every one, in the order of this page.
    pub const ALL: [Self; 3] = [Self::Documented, Self::Measured, Self::Community];

    /// The word for it in signature files and outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Measured => "measured",
            Self::Community => "community",
        }
    }
}

/// Whether the service still runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It runs.
    Active,
    /// It was ended; old captures may still show it.
    Retired,
}

impl Status {
    /// Every one, in the order of this page.
    pub const ALL: [Self; 2] = [Self::Active, Self::Retired];

    /// The word for it in signature files and outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Retired => "retired",
        }
    }
}

/// Where such traffic is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum VantageSide {
    /// The vehicle itself.
    Vehicle,
    /// The maker's app on a phone.
    PhoneApp,
    /// An interface between companies' servers.
    CloudApi,
    /// A web site.
    Web,
    /// A workstation.
    #[default]
    Workstation,
}

impl VantageSide {
    /// Every one, in the order of this page.
    pub const ALL: [Self; 5] =
        [Self::Vehicle, Self::PhoneApp, Self::CloudApi, Self::Web, Self::Workstation];

    /// The word for it in signature files and outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Vehicle => "vehicle",
            Self::PhoneApp => "phone-app",
            Self::CloudApi => "cloud-api",
            Self::Web => "web",
            Self::Workstation => "workstation",
        }
    }
}

/// A source for what a signature claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceCitation {
    /// Title of the page or paper.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// Where it is found.
    pub r#ref: String,
    /// Date of the source: YYYY, YYYY-MM or YYYY-MM-DD.
    pub as_of: String,
    /// What it says, in our own words.
    pub says: String,
}

/// One purpose of one product, with the hosts and networks that serve it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// Unique name, kebab-case.
    pub id: String,
    /// Whose system it is.
    pub vendor: String,
    /// Which product.
    pub product: String,
    /// Purpose class.
    pub category: Category,
    /// The purpose in a few words.
    pub purpose: String,
    /// Whether the hosts serve this purpose alone.
    pub exclusivity: Exclusivity,
    /// How well the claim is supported.
    pub confidence: Confidence,
    /// Whether the service still runs.
    pub status: Status,
    /// First month of activity, YYYY or YYYY-MM, where a source gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_from: Option<String>,
    /// Last month of activity, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_until: Option<String>,
    /// Host patterns as written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// Address ranges; they need `ports`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<IpNet>,
    /// Ports as written: `udp/3478`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<String>,
    /// Where such traffic is seen.
    pub side: VantageSide,
    /// Remarks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// At least one.
    pub sources: Vec<SourceCitation>,
}
