//! What a worker can do beside counting while its stream goes on. A part of `worker`, of whose
//! fields it speaks.

use super::{Steps, StreamOutput, Tap, Worker};
use crate::ledger::Snapshot;
use crate::pipeline::FrameSink;
use crate::source::{CaptureAccount, CaptureTime};

impl<'a, S: StreamOutput> Worker<'a, S> {
    /// The same for a live capture: a clock that was set back is followed, and every frame goes
    /// to the sink as well.
    pub(in crate::pipeline) fn live(self, tap: Option<Tap<'a>>, steps: Steps) -> Self {
        Self { steps, tap, ..self }
    }

    /// Every frame goes to this sink as well.
    pub(in crate::pipeline) fn give_frames_to(&mut self, sink: &'a mut dyn FrameSink) {
        sink.sources(&[]);
        self.tap = Some(Tap::new(sink));
    }

    /// Tells the sink, if there is one, what the sources are now.
    pub(in crate::pipeline) fn tell_sources(&mut self, accounts: &[CaptureAccount]) {
        if let Some(tap) = &mut self.tap {
            tap.sink().sources(accounts);
        }
    }

    /// Where every frame goes as well.
    pub(in crate::pipeline) fn tap(&mut self) -> Option<&mut Tap<'a>> {
        self.tap.as_mut()
    }

    /// What the capture's own clock says; `None` before the first frame.
    pub(in crate::pipeline) fn time(&self) -> Option<CaptureTime> {
        self.clock.map(|clock| self.steps.shown(clock))
    }

    /// Tells that the capture's clock has come to `time` without a frame: flows that were silent
    /// for too long end.
    pub(in crate::pipeline) fn pass(&mut self, time: CaptureTime) {
        if self.clock.is_some() {
            self.advance(time);
        }
    }

    /// Lets ended flows be written little by little: frames that do not wait would be lost.
    pub(in crate::pipeline) fn take_time(&mut self) {
        self.ending.take_time();
    }

    /// Writes some of the flows that have ended: to be called after each batch.
    pub(in crate::pipeline) fn write_some(&mut self) {
        self.ending.write_some();
    }

    /// Writes all flows that have ended and are due, since there is time for it.
    pub(in crate::pipeline) fn write_due(&mut self) {
        self.ending.write_due(usize::MAX);
    }

    /// The ledger at this moment. What the sources say is the caller's to fill in.
    pub(in crate::pipeline) fn snapshot(&self) -> Snapshot {
        // Why a flow has no name is known for good when it has ended; until then, as far as its
        // search has come.
        self.table.each(|flow| self.ending.tell_cause(flow));
        let now = self.time().unwrap_or_default();
        let mut snapshot = self.ending.collector.snapshot(now);
        self.undecoded.settle(&mut snapshot.balance);
        snapshot.bounds = self.bounds(snapshot.bounds);
        snapshot
    }
}
