//! What the ledger says at one moment. Adds up, owns its data, never changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{AssignmentFile, Balance, BothWays, Count, Marker, Rollup, Totals, Watched};
use crate::signature::SignatureId;
use crate::source::CaptureAccount;

/// How often each bound was hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BoundHits {
    /// Pieces of streams that found no room to wait.
    pub reassembly: u64,
    /// Fragments that found no room to wait.
    pub fragments: u64,
    /// Datagrams that were refused since their fragments overlap.
    pub overlaps: u64,
    /// DNS answers that pushed older ones out.
    pub dns_answers: u64,
    /// Flows that were ended early to keep to `--max-flows`.
    pub flows: u64,
    /// Names that a flow had beyond those that are kept.
    pub names: u64,
    /// Packets whose VLANs or network found no number of their own.
    pub scopes: u64,
    /// Silent TCP flows that were forgotten before they could go on.
    pub resumed: u64,
    /// Flows whose row of a roll-up found no room: they count under `other`.
    pub rows: u64,
}

/// Frames that were compared with the ones before them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sampled {
    /// Frames that were looked at.
    pub looked: u64,
    /// Those that were copies of one just before.
    pub copies: u64,
}

/// The ledger at one moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Every capture, in the order of the command line.
    pub captures: Vec<CaptureAccount>,
    /// Where every frame went.
    pub balance: Balance,
    /// Totals over all flows.
    pub totals: Totals,
    /// All flows by primary signature; untagged ones under `None`.
    pub by_signature: BTreeMap<Option<SignatureId>, (u64, BothWays<Count>)>,
    /// Flows that `--filter` lets through.
    pub shown_flows: u64,
    /// The roll-ups that were asked for, over the flows that the filter lets through.
    pub rollups: Vec<Rollup>,
    /// Bounds that were hit.
    pub bounds: BoundHits,
    /// The flows and their history, where somebody watches.
    pub watched: Option<Arc<Watched>>,
    /// How many copies of frames there are among those that were looked at.
    pub sampled: Sampled,
    /// What somebody noted while a live capture ran, in the order of time.
    pub markers: Vec<Marker>,
    /// The files that say to whom addresses are assigned.
    pub assignments: Vec<AssignmentFile>,
}

impl Snapshot {
    /// Frames that the sources say were lost while capturing; none where none of them says.
    pub fn dropped(&self) -> Option<u64> {
        self.captures.iter().filter_map(CaptureAccount::dropped).reduce(u64::saturating_add)
    }
}
