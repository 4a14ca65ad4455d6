//! Who takes the flows that end.

use std::io;

use crate::ledger::FlowRecord;
use crate::source::CaptureAccount;

/// Takes ended flows, stream by stream; streams may run side by side.
pub trait Output: Sync {
    /// The output of one stream.
    type Stream: StreamOutput;
    /// Called once for each stream, with its index in the order given, on the stream's thread.
    fn begin(&self, stream: usize) -> Self::Stream;
    /// Whether anybody looks at the flows: where not, they need not be put in order.
    fn wants_flows(&self) -> bool {
        true
    }
}

/// Takes the ended flows of one stream, in the order of their ends.
pub trait StreamOutput {
    /// One ended flow that the filter lets through.
    fn flow(&mut self, flow: &FlowRecord) -> io::Result<()>;
    /// The stream's end, with the accounts of its captures. `first_capture` is the index in the
    /// run of the first of them.
    fn end(self, first_capture: u32, captures: &[CaptureAccount]) -> io::Result<()>;
}

/// An output for those who only want the ledger.
#[derive(Clone, Copy, Debug, Default)]
pub struct Discard;

impl Output for Discard {
    type Stream = Self;
    fn begin(&self, _stream: usize) -> Self {
        Self
    }
    fn wants_flows(&self) -> bool {
        false
    }
}

impl StreamOutput for Discard {
    fn flow(&mut self, _flow: &FlowRecord) -> io::Result<()> {
        Ok(())
    }
    fn end(self, _first_capture: u32, _captures: &[CaptureAccount]) -> io::Result<()> {
        Ok(())
    }
}
