//! What a thread says to the one that started it, and the other way round.

use std::io;
use std::sync::mpsc::SyncSender;

use crate::ledger::{FlowRecord, Snapshot};
use crate::pipeline::{Ended, Happening, StreamOutput};
use crate::source::CaptureAccount;

/// What a thread says.
#[derive(Debug)]
pub(super) enum Said {
    /// A flow that ended.
    Flow(Box<FlowRecord>),
    /// Its ledger at this moment, by its index, as asked for.
    Part(usize, Box<Snapshot>),
    /// Something happened to its sources.
    Happened(Happening),
    /// It reads no more, and why.
    Reached(Ended),
    /// Its last word, by its index.
    Over(usize, io::Result<Box<Snapshot>>),
}

/// What a thread is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Its ledger at this moment.
    Show,
    /// To end, with what has come.
    Stop,
}

/// Messages that may wait before a thread does.
pub(super) const WAITING: usize = 1_024;

/// Sends a thread's flows to the one that writes them.
pub(super) struct Post(pub(super) SyncSender<Said>);

impl StreamOutput for Post {
    fn flow(&mut self, flow: &FlowRecord) -> io::Result<()> {
        let said = Said::Flow(Box::new(flow.clone()));
        self.0.send(said).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn end(self, _: u32, _: &[CaptureAccount]) -> io::Result<()> {
        Ok(())
    }
}
