//! The only place that joins the rooms: sources in, a filled ledger out.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64};

use ipnet::IpNet;

use crate::filter::Filter;
pub use crate::flow::IdleLimits;
use crate::ledger::{Devices, Dimension, FlowRecord, Snapshot};
use crate::signature::Database;
use crate::source::{CaptureAccount, CaptureTime, StreamPlan};

/// What to read, and how to count it.
#[derive(Debug)]
pub struct Options {
    /// Networks whose addresses are clients where nothing better tells.
    pub home_net: Vec<IpNet>,
    /// Names for client addresses and MACs.
    pub devices: Devices,
    /// Frames before this are read for names but not counted.
    pub from: Option<CaptureTime>,
    /// Frames at or after this are read for names but not counted.
    pub to: Option<CaptureTime>,
    /// When silence ends a flow.
    pub idle: IdleLimits,
    /// Whether VLAN ids tell flows apart.
    pub vlans: VlanUse,
    /// Flows that are kept at the same time, per stream; more are ended early.
    pub max_flows: Option<usize>,
    /// The roll-ups to make.
    pub rollups: Vec<Vec<Dimension>>,
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

/// Takes ended flows, stream by stream; streams may run side by side.
pub trait Output: Sync {
    /// The output of one stream.
    type Stream: StreamOutput;
    /// Called once for each stream, with its index in the order given.
    fn begin(&self, stream: usize) -> Self::Stream;
}

/// Takes the ended flows of one stream, in the order of their ends.
pub trait StreamOutput {
    /// One ended flow that the filter lets through.
    fn flow(&mut self, flow: &FlowRecord) -> io::Result<()>;
    /// The stream's end, with the accounts of its captures. `first_capture` is the index in the
    /// run of the first of them.
    fn end(self, first_capture: u32, captures: &[CaptureAccount]) -> io::Result<()>;
}

/// What other threads may see and say while the pipeline runs.
#[derive(Debug, Default)]
pub struct Run {
    /// Octets of input read so far, as they lie on disk.
    pub octets: AtomicU64,
    /// Set to end early: what was read is kept.
    pub stop: AtomicBool,
}

/// Reads all streams and gives the ledger at the end. An error of the output ends the run.
pub fn run<O: Output>(
    streams: &[StreamPlan],
    options: &Options,
    database: &Database,
    output: &O,
    run: &Run,
) -> io::Result<Snapshot> {
    let _ = (streams, options, database, output, run);
    Ok(Snapshot::default())
}
