//! What to read, and how to count it.

use std::sync::Arc;

use crate::filter::Filter;
use crate::flow::{HomeNet, IdleLimits};
use crate::ledger::{Assignments, Devices, Dimension};
use crate::name::DnsLog;
use crate::source::CaptureTime;

/// What to read, and how to count it. Copies share the large tables.
#[derive(Clone, Debug)]
pub struct Options {
    /// Networks whose addresses are clients where nothing better tells.
    pub home_net: HomeNet,
    /// Names for client addresses and MACs.
    pub devices: Devices,
    /// To whom addresses are assigned.
    pub assignments: Arc<Assignments>,
    /// Frames before this are read for names but not counted.
    pub from: Option<CaptureTime>,
    /// Frames at or after this are read for names but not counted.
    pub to: Option<CaptureTime>,
    /// When silence ends a flow.
    pub idle: IdleLimits,
    /// Whether VLAN ids tell flows apart.
    pub vlans: VlanUse,
    /// What the network's resolver logged.
    pub dns_log: Arc<DnsLog>,
    /// What happens to copies of frames.
    pub duplicates: DuplicateUse,
    /// Flows that are kept at the same time, per stream; more are ended early.
    pub max_flows: Option<usize>,
    /// Rows with values of their own in each roll-up; further flows count under `other`. Live
    /// only.
    pub max_rows: Option<usize>,
    /// The roll-ups to make.
    pub rollups: Vec<Vec<Dimension>>,
    /// Those of them in which only flows with a tag are summed.
    pub of_tagged: Vec<Vec<Dimension>>,
    /// Which flows are shown and rolled up.
    pub filter: Option<Filter>,
    /// Whether inputs are hashed.
    pub hash: bool,
    /// Streams that are read side by side.
    pub jobs: usize,
}

/// Whether VLAN ids tell flows apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VlanUse {
    /// Flows of different VLANs are different flows.
    #[default]
    Distinguish,
    /// VLAN ids are ignored.
    Ignore,
}

/// What happens to frames that the capture holds twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DuplicateUse {
    /// They are counted as any other; samples tell how many there are.
    #[default]
    Count,
    /// They are counted apart, in no flow.
    SetAside,
}

impl Default for Options {
    /// Everything is counted, on one thread, with the usual idle limits; no home net, no
    /// roll-ups.
    fn default() -> Self {
        Self {
            home_net: HomeNet::default(),
            devices: Devices::default(),
            assignments: Arc::default(),
            from: None,
            to: None,
            idle: IdleLimits::default(),
            vlans: VlanUse::default(),
            dns_log: Arc::default(),
            duplicates: DuplicateUse::default(),
            max_flows: None,
            max_rows: None,
            rollups: Vec::new(),
            of_tagged: Vec::new(),
            filter: None,
            hash: false,
            jobs: 1,
        }
    }
}

impl Options {
    /// Whether a frame of this time is counted.
    pub(super) fn counts(&self, time: CaptureTime) -> bool {
        self.from.is_none_or(|from| time >= from) && self.to.is_none_or(|to| time < to)
    }
}
