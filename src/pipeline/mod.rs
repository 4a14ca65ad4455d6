//! The only place that joins the rooms: sources in, a filled ledger out.
//!
//! Takes streams and options. Gives every ended flow to an [`Output`], in the order of their
//! ends, and the ledger's last [`Snapshot`](crate::ledger::Snapshot). Streams run side by side;
//! a stream runs on one thread, frames in batches.

mod answers;
mod duplicates;
mod ending;
mod flow_state;
mod live;
mod met;
mod naming;
mod options;
mod output;
mod resumed;
mod run;
mod selection;
mod undecoded;
mod unsettled;
mod worker;

pub use crate::flow::IdleLimits;
pub use live::{
    Came, Counting, Ended, Happening, LiveEnd, LiveFrames, LiveWatch, MarkerRefused, Request,
    Session, run_live, run_live_threads,
};
pub use options::{DuplicateUse, Options, VlanUse};
pub use output::{
    Discard, FlowFrame, FramePlace, FrameSink, FurtherPacket, KeptFile, Output, StreamOutput,
};
pub use run::{Run, run};
pub use selection::{Ports, Selection};
