//! Who takes the flows that end, and who takes every frame.

use std::fs::File;
use std::io;
use std::net::IpAddr;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Ports, Selection};
use crate::decode::{Protocol, Transport};
use crate::flow::Side;
use crate::ledger::{FlowCell, FlowRecord, Marker};
use crate::source::{CaptureAccount, Frame};

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
    /// The flows of a stream that are looked at. All of them, where there is no selection.
    fn selection(&self, _stream: usize) -> Option<&Selection> {
        None
    }
    /// Who takes every frame of a stream as well, as it is counted: called once for each stream,
    /// on the stream's thread. Usually nobody.
    fn sink(&self, _stream: usize) -> Option<Box<dyn FrameSink + '_>> {
        None
    }
}

/// Takes the ended flows of one stream, in the order of their ends.
pub trait StreamOutput {
    /// One ended flow that the filter lets through.
    fn flow(&mut self, flow: &FlowRecord) -> io::Result<()>;
    /// Before the end: the servers' ports of the flows in which DNS answers were read.
    fn answered_at(&mut self, _ports: &Ports) {}
    /// The stream's end, with the accounts of its captures. `first_capture` is the index in the
    /// run of the first of them.
    fn end(self, first_capture: u32, captures: &[CaptureAccount]) -> io::Result<()>;
}

/// Takes every frame as it is counted, with its flow: a capture writer, a minimiser.
///
/// It keeps its own faults: a file that cannot be written must not end the counting.
pub trait FrameSink {
    /// The sources as they are now: called after each batch, and before the first.
    fn sources(&mut self, accounts: &[CaptureAccount]);
    /// One frame. Its interface is in the sources, if not yet, then in those of the next call.
    fn frame(&mut self, frame: &Frame<'_>, place: FramePlace<'_>);
    /// Somebody set a marker here.
    fn marker(&mut self, marker: &Marker);
    /// Nothing has come for a moment: what waits to be written can go out.
    fn settle(&mut self);
    /// What has gone wrong since that was last asked, in one sentence.
    fn trouble(&mut self) -> Option<String>;
    /// Files are to be closed and opened again.
    fn reopen(&mut self);
    /// The files that hold the frames, oldest first, to be read again; none where nobody writes.
    /// What waits to be written goes out first. Why not, where they cannot be read.
    fn kept(&mut self) -> Result<Vec<KeptFile>, String> {
        Ok(Vec::new())
    }
    /// There are no more frames.
    fn finish(&mut self, accounts: &[CaptureAccount]);
}

/// A file of a capture that goes on.
#[derive(Clone, Debug)]
pub struct KeptFile {
    /// Where it is.
    pub path: PathBuf,
    /// The file, open: it may be removed meanwhile.
    pub file: Arc<File>,
    /// Its octets so far, where it is still being written: whole blocks.
    pub octets: Option<u64>,
}

/// Where a frame was counted.
#[derive(Clone, Debug)]
pub enum FramePlace<'a> {
    /// In a flow.
    Flow(FlowFrame<'a>),
    /// In none: not IP, undecodable, or a copy of another frame.
    NoFlow,
}

/// A frame's flow, and its packet.
#[derive(Clone, Debug)]
pub struct FlowFrame<'a> {
    /// The flow, with what is known of it after this frame.
    pub cell: &'a FlowCell,
    /// Who sent it.
    pub sender: Side,
    /// The transport header.
    pub transport: Transport,
    /// Protocol above IP.
    pub protocol: Protocol,
    /// Where in the captured octets the transport payload lies; of a fragment, where its headers
    /// end. `None` where that is not known.
    pub payload: Option<Range<usize>>,
    /// Octets of transport payload on the wire, those of further packets of the flow in the same
    /// frame included.
    pub payload_wire_len: u32,
    /// Of an aggregate, the packets behind this one.
    pub further: Vec<FurtherPacket>,
    /// DNS answers in this frame: who asked, and the address that was the answer.
    pub answers: &'a [(IpAddr, IpAddr)],
}

/// A packet that shares its frame with another one (A-MSDU).
#[derive(Clone, Debug)]
pub struct FurtherPacket {
    /// Whether it is of the frame's flow and sender: else nothing of it was read.
    pub is_of_flow: bool,
    /// The transport header.
    pub transport: Transport,
    /// Where in the frame the header of a subframe stands: its own, or that of one before it
    /// without IP.
    pub from: usize,
    /// Where in the captured octets its transport payload lies; `None` where that is not known.
    pub payload: Option<Range<usize>>,
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
