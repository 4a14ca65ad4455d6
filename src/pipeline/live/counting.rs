//! What a worker can do beside counting while its stream goes on. A part of `worker`, of whose
//! fields it speaks.

use std::time::Duration;

use super::{Steps, StreamOutput, Tap, Threaded, Worker};
use crate::decode::{Decoder, Passage};
use crate::flow::FlowTable;
use crate::ledger::{Quantity, Snapshot};
use crate::pipeline::FrameSink;
use crate::pipeline::resumed::Pending;
use crate::pipeline::unsettled::{Later, Moment, Unsettled};
use crate::source::{Batch, CaptureAccount, CaptureTime};

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

    /// The same for one of several threads: its share of the flows, and what rests on others'
    /// frames waits for [`Worker::settle`].
    pub(in crate::pipeline) fn threaded(mut self, threaded: Threaded) -> Self {
        let (threads, index) = threaded.place();
        let share = |most: usize| most.div_ceil(usize::try_from(threads).unwrap_or(1).max(1));
        self.ending.unsettled = Some(Unsettled::new());
        let table = FlowTable::new(self.options.idle, self.options.max_flows.map(share));
        let decoder = Decoder::sharing(threaded.share());
        Self { table, decoder, threaded: Some(threaded), flows: index, step: threads, ..self }
    }

    /// Tells what a clock of the machine said when the next frames had been read.
    pub(in crate::pipeline) fn at_moment(&mut self, now: Duration) {
        if let Some(unsettled) = &mut self.ending.unsettled {
            unsettled.now = now;
        }
    }

    /// Counts a frame that another thread handed over.
    pub(in crate::pipeline) fn receive(&mut self, frame: Batch<'_>, passage: Option<Box<Passage>>) {
        self.receiving(true);
        match passage {
            None => self.batch(frame),
            Some(passage) => self.resume(frame, *passage),
        }
        self.receiving(false);
    }

    /// The same for one that came with the datagram that it completes.
    fn resume(&mut self, frame: Batch<'_>, passage: Passage) {
        self.decoder.start_batch();
        if let Some(frame) = frame.frames().next() {
            let mut packet = self.decoder.resume(passage, frame.time);
            let parts = self.parts(&frame, packet.further.take());
            let mut met = self.met(&packet, parts);
            self.count(&frame, &mut met);
        }
    }

    fn receiving(&mut self, is_receiving: bool) {
        if let Some(threaded) = &mut self.threaded {
            threaded.is_receiving = is_receiving;
        }
    }

    /// Frames that were handed to other threads.
    pub(in crate::pipeline) fn handed(&self) -> Quantity {
        self.threaded.as_ref().map(Threaded::handed).unwrap_or_default()
    }

    /// Does what waited for other threads to come by a moment; `now` is what a clock of the
    /// machine says.
    pub(in crate::pipeline) fn settle(
        &mut self,
        now: Duration,
        is_passed: impl Fn(Moment) -> bool,
    ) {
        // First what is known of flows, then their ends: these leave it to whoever goes on.
        self.settle_questions(&is_passed);
        self.settle_silence(now, &is_passed);
        self.settle_questions(&is_passed);
    }

    fn settle_questions(&mut self, is_passed: &impl Fn(Moment) -> bool) {
        loop {
            let Some(unsettled) = &mut self.ending.unsettled else { return };
            match unsettled.next(is_passed) {
                Some(Later::Begun(cell, left)) => {
                    self.naming.settle(&cell, left.as_deref().and_then(Pending::get));
                }
                Some(Later::Hello { cell, client, names, time }) => {
                    self.naming.settle_hello(&cell, client, &names, time);
                }
                Some(Later::Ended(cell, at, left)) => self.ending.settle(&cell, at, left),
                None => return,
            }
        }
    }

    /// Ends flows that were silent for too long up to a moment by which all threads have come, so
    /// that nothing of them is still to be handed over.
    fn settle_silence(&mut self, now: Duration, is_passed: impl Fn(Moment) -> bool) {
        let own = self.time();
        let Some(threaded) = &mut self.threaded else { return };
        let Some(time) = own.or(threaded.received) else { return };
        // Where the capture's clock was set back, nobody would come by the old moment for long.
        let waits = threaded.silence.take_if(|moment| moment.time > time || is_passed(*moment));
        let next = Moment { time, now };
        threaded.silence.get_or_insert(next);
        if let Some(passed) = waits.filter(|moment| moment.time <= time) {
            self.come_to(passed.time);
            self.decoder.expire(passed.time);
            let now = self.steps.silence(passed.time);
            if self.table.is_due(now) {
                self.end_silent(now);
            }
        }
    }

    /// Tells that the frames of all threads have come to `time`: this one's clock is no earlier.
    pub(in crate::pipeline) fn come_to(&mut self, time: CaptureTime) {
        let now = self.steps.silence(time);
        if self.clock.is_none_or(|clock| clock < now) {
            self.clock = Some(now);
            self.ending.collector.tell_time(time);
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
