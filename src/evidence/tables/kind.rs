//! Which tables there are.

use std::collections::BTreeMap;

use super::super::{Material, Recount, Remarks, TaggedCapture, Timeline};
use super::flows::SniSums;
use super::{captures, plain, rollup};
use crate::ledger::{Dimension, Snapshot};
use crate::name::HostName;
use crate::signature::Database;
use crate::source::CaptureAccount;

/// What tables are made of: a bundle's material, or what a recount gave.
#[derive(Clone, Copy, Debug)]
pub(in crate::evidence) struct Facts<'a> {
    pub(in crate::evidence) snapshot: &'a Snapshot,
    pub(in crate::evidence) database: &'a Database,
    /// Remarks on all flows; none in a recount of the bundle's captures.
    pub(in crate::evidence) all: Option<&'a Remarks>,
    pub(in crate::evidence) tagged: &'a Remarks,
    pub(in crate::evidence) timeline: Option<&'a Timeline>,
    /// The accounts of the bundle's own captures, as they were read again.
    pub(in crate::evidence) bundle: &'a [CaptureAccount],
    /// What was put into them; none in a recount.
    pub(in crate::evidence) captures: &'a [TaggedCapture],
    /// Flows by server name as sent, counted from the bundle's captures.
    pub(in crate::evidence) server_names: &'a BTreeMap<HostName, SniSums>,
    /// Decimal digits of a second in times.
    pub(in crate::evidence) digits: u8,
}

/// A row before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::evidence) struct Line {
    pub(in crate::evidence) cells: Vec<String>,
    /// How it can be counted again at best.
    pub(in crate::evidence) recount: Recount,
}

/// A table, flows apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::evidence) enum Kind {
    Systems,
    Names,
    Endpoints,
    Clients,
    Timeline,
    Balance,
    Unnamed,
    Remarks,
    Captures,
    TaggedCaptures,
    ServerNames,
}

impl Kind {
    /// Every one, in the order of the record.
    pub(in crate::evidence) const ALL: [Self; 11] = [
        Self::Systems,
        Self::Names,
        Self::Endpoints,
        Self::Clients,
        Self::Timeline,
        Self::Balance,
        Self::Unnamed,
        Self::Remarks,
        Self::Captures,
        Self::TaggedCaptures,
        Self::ServerNames,
    ];

    /// The name of its file.
    pub(in crate::evidence) fn file_name(self) -> &'static str {
        match self {
            Self::Systems => "systems.csv",
            Self::Names => "names.csv",
            Self::Endpoints => "endpoints.csv",
            Self::Clients => "clients.csv",
            Self::Timeline => "timeline.csv",
            Self::Balance => "balance.csv",
            Self::Unnamed => "unnamed.csv",
            Self::Remarks => "remarks.csv",
            Self::Captures => "captures.csv",
            Self::TaggedCaptures => "tagged_captures.csv",
            Self::ServerNames => "server_names.csv",
        }
    }

    /// How many cells tell its rows apart, and how many after these are remarks that no recount
    /// gives.
    pub(in crate::evidence) fn shape(self) -> (usize, usize) {
        match self {
            Self::Systems => (6, 0),
            Self::Names => (5, 0),
            Self::Endpoints => (4, 2),
            Self::Clients => (2, 1),
            Self::Timeline | Self::Remarks => (2, 0),
            Self::Balance | Self::Unnamed | Self::ServerNames => (1, 0),
            Self::Captures => (1, 2),
            Self::TaggedCaptures => (1, 7),
        }
    }

    /// The names of its columns, without the last.
    pub(in crate::evidence) fn header(self) -> Vec<&'static str> {
        match self {
            Self::Systems => rollup::header(&Material::SYSTEMS),
            Self::Names => rollup::header(&Material::NAMES),
            Self::Endpoints => rollup::header(&Material::ENDPOINTS),
            Self::Clients => rollup::header(&CLIENTS),
            Self::Timeline => plain::TIMELINE.to_vec(),
            Self::Balance => vec!["part", "flows", "frames", "octets"],
            Self::Unnamed => vec!["cause", "octets"],
            Self::Remarks => vec!["flows_of", "remark", "flows", "octets"],
            Self::Captures => captures::READ.to_vec(),
            Self::TaggedCaptures => captures::TAGGED.to_vec(),
            Self::ServerNames => vec!["server_name", "flows", "frames", "octets"],
        }
    }

    /// Its rows.
    pub(in crate::evidence) fn lines(self, facts: &Facts<'_>) -> Vec<Line> {
        match self {
            Self::Systems => rollup::lines(facts, &Material::SYSTEMS, &Material::SYSTEMS),
            Self::Names => rollup::lines(facts, &Material::NAMES, &Material::NAMES),
            Self::Endpoints => rollup::lines(facts, &Material::ENDPOINTS, &Material::ENDPOINTS),
            Self::Clients => rollup::lines(facts, &Material::CLIENTS, &CLIENTS),
            Self::Timeline => plain::timeline(facts),
            Self::Balance => plain::balance(facts),
            Self::Unnamed => plain::unnamed(facts),
            Self::Remarks => plain::remarks(facts),
            Self::Captures => captures::read(facts),
            Self::TaggedCaptures => captures::tagged(facts),
            Self::ServerNames => plain::server_names(facts),
        }
    }
}

/// The columns of [`Material::CLIENTS`] with the device, which no capture holds, behind.
const CLIENTS: [Dimension; 3] = [Dimension::Client, Dimension::Signature, Dimension::Device];
