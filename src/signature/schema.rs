//! What a signature states.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::Category;

/// Whether a host serves the purpose alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
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
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
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
    #[cfg_attr(test, schemars(default))]
    pub hosts: Vec<String>,
    /// Address ranges; they need `ports`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(default, with = "Vec<String>"))]
    pub networks: Vec<IpNet>,
    /// Ports as written: `udp/3478`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(default))]
    pub ports: Vec<String>,
    /// Where such traffic is seen.
    #[cfg_attr(test, schemars(default))]
    pub side: VantageSide,
    /// Remarks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// At least one.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub sources: Vec<SourceCitation>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A signature file.
    #[derive(schemars::JsonSchema)]
    #[schemars(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct SignatureFile {
        /// One for each purpose.
        #[schemars(default)]
        signature: Vec<Signature>,
    }

    #[test]
    fn the_schema_for_editors_is_that_of_the_types() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/signatures/schema.json");
        let schema = schemars::schema_for!(SignatureFile);
        let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
        if std::env::var_os("VIGIE_WRITE").is_some() {
            std::fs::write(path, &text).expect("the schema can be written");
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            kept == text,
            "signatures/schema.json is stale; run: VIGIE_WRITE=1 cargo test --lib schema"
        );
    }

    #[test]
    fn the_schema_has_the_fields_that_the_reader_takes() {
        let schema = serde_json::to_value(schemars::schema_for!(Signature)).expect("JSON");
        let mut fields: Vec<_> = schema["properties"].as_object().expect("fields").keys().collect();
        fields.sort_unstable();
        let mut read = super::super::read::FIELDS.to_vec();
        read.sort_unstable();
        assert_eq!(fields, read);
        let required = schema["required"].as_array().expect("a list");
        let optional: Vec<_> =
            read.into_iter().filter(|f| !required.iter().any(|r| r == f)).collect();
        let expected =
            ["active_from", "active_until", "hosts", "networks", "notes", "ports", "side"];
        assert_eq!(optional, expected);
    }
}
