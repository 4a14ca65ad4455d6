//! What happens to a flow that has ended: it is summed, then written in its turn.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use super::StreamOutput;
use super::flow_state::State;
use super::resumed::{Known, Legacies, Legacy, Pending};
use super::unsettled::{Later, Unsettled};
use crate::decode::Protocol;
use crate::flow::{EndCause, Ended, Flow, FlowFlags, FlowId, Orientation, OrientedBy};
use crate::ledger::{Collector, FlowCell, FlowRecord, Labels};
use crate::name::{Budget, Findings, HostName, Without};
use crate::source::CaptureTime;

/// Sums flows that have ended and hands them to the output in the order of their ends.
pub(super) struct Ending<'a, S> {
    pub(super) collector: Collector<'a>,
    pub(super) legacies: Legacies,
    /// Octets that the searches hold.
    pub(super) budget: Budget,
    /// Flows that were ended early.
    pub(super) evicted: u64,
    /// With several threads: what rests on what others have still to read.
    pub(super) unsettled: Option<Unsettled>,
    output: S,
    /// Flows whose turn has not come, since an earlier end may still be found.
    waiting: Option<BTreeMap<(CaptureTime, FlowId), Box<FlowRecord>>>,
    /// Where writing is to take its time: the flows that ended before this are due.
    due: Option<CaptureTime>,
    failed: Option<io::Error>,
}

impl<'a, S: StreamOutput> Ending<'a, S> {
    /// `wants_flows` says whether the output looks at the flows at all.
    pub(super) fn new(
        collector: Collector<'a>,
        budget: Budget,
        output: S,
        wants_flows: bool,
    ) -> Self {
        Self {
            collector,
            legacies: Legacies::default(),
            budget,
            evicted: 0,
            unsettled: None,
            output,
            waiting: wants_flows.then(BTreeMap::new),
            due: None,
            failed: None,
        }
    }

    /// Takes a flow that has ended.
    pub(super) fn end(&mut self, ended: Ended<State>) {
        let Ended { flow, cause, at } = ended;
        let State { cell, search, .. } = flow.state;
        let payload: u64 = cell.counts().iter().map(|c| c.payload).sum();
        let without = search.without();
        search.close(&mut self.budget);
        let is_tcp = cell.key().protocol() == Protocol::TCP;
        let leaves = cause == EndCause::Silence && is_tcp && !flow.tcp.is_closed();
        let waits = self.unsettled.as_ref().is_some_and(|unsettled| !unsettled.is_empty());
        let pending = (leaves && waits).then(Arc::<Pending>::default);
        cell.labels(|labels| {
            labels.without = without_name(without, payload, labels, &cell, flow.orientation);
            if leaves {
                let legacy = Legacy {
                    orientation: flow.orientation,
                    known: Known::of(labels),
                    last: flow.seen,
                    pending: pending.clone(),
                };
                if legacy.tells() || legacy.pending.is_some() {
                    self.legacies.leave(*cell.key(), legacy);
                }
            }
        });
        self.evicted += u64::from(cause == EndCause::Evicted);
        match &mut self.unsettled {
            Some(unsettled) if waits => unsettled.put_off(at, Later::Ended(cell, at, pending)),
            _ => self.sum(&cell, at),
        }
    }

    /// Ends a flow that had to wait, when nothing more can be said of it.
    pub(super) fn settle(&mut self, cell: &FlowCell, at: CaptureTime, left: Option<Arc<Pending>>) {
        if let Some(pending) = left {
            let known = cell.labels(|labels| Known::of(labels));
            self.legacies.settle(cell.key(), &pending, known);
        }
        self.sum(cell, at);
    }

    /// Sums a flow that ended at `at`.
    fn sum(&mut self, cell: &FlowCell, at: CaptureTime) {
        let Self { collector, waiting, .. } = self;
        collector.end_with(cell, at, |record| {
            if let Some(waiting) = waiting {
                waiting.insert((at, record.id), Box::new(record));
            }
        });
    }

    /// Whether it matters in which order the flows end that are there at the end: not where they
    /// are only summed, since sums have no order.
    pub(super) fn heeds_order(&self) -> bool {
        self.waiting.is_some() || self.unsettled.is_some() || self.collector.heeds_order()
    }

    /// Notes that a flow has begun of which another thread may still read what it resolved, and
    /// what was left to it.
    pub(super) fn begun(&mut self, cell: &Arc<FlowCell>, left: Option<Arc<Pending>>) {
        let Some(unsettled) = &mut self.unsettled else { return };
        unsettled.put_off(cell.beginning().time, Later::Begun(Arc::clone(cell), left));
    }

    /// Notes a hello that offers ECH, the configuration of which another thread may still read.
    pub(super) fn hello(&mut self, cell: &Arc<FlowCell>, findings: &Findings, time: CaptureTime) {
        let Some(unsettled) = &mut self.unsettled else { return };
        let Some(client) = findings.client.filter(|_| findings.flags.has(FlowFlags::ECH_OFFERED))
        else {
            return;
        };
        let sni = findings.names.iter().filter(|(_, via)| via.is_sni());
        let names: Box<[HostName]> = sni.map(|(name, _)| name.clone()).collect();
        let (cell, client) = (Arc::clone(cell), cell.key().endpoint(client).ip);
        unsettled.put_off(time, Later::Hello { cell, client, names, time });
    }

    /// How often was asked before all that came before could be known.
    pub(super) fn hurried(&self) -> u64 {
        self.unsettled.as_ref().map_or(0, |unsettled| unsettled.hurried)
    }

    /// Tells a flow that goes on why it has no name so far.
    #[expect(clippy::unused_self, reason = "it is the ending's to say")]
    pub(super) fn tell_cause(&self, flow: &Flow<State>) {
        let State { cell, search, .. } = &flow.state;
        let payload: u64 = cell.counts().iter().map(|c| c.payload).sum();
        let without = search.without();
        cell.labels(|labels| {
            labels.without = without_name(without, payload, labels, cell, flow.orientation);
        });
    }

    /// Lets flows that are due be written little by little, by [`Ending::write_some`].
    pub(super) fn take_time(&mut self) {
        self.due = Some(CaptureTime(i64::MIN));
    }

    /// Writes the flows that ended before `time`: no earlier end will be found.
    pub(super) fn write_before(&mut self, time: CaptureTime) {
        match &mut self.due {
            Some(due) => *due = time,
            None => self.write_while(|(at, _)| *at < time),
        }
    }

    /// Writes a share of the flows that are due. What is due comes at once, when the clock of
    /// silence has made a step; thousands of records written at once would take longer than a
    /// small ring can hold what comes meanwhile. The share grows with what waits, so that it
    /// never waits for long, however many flows end.
    pub(super) fn write_some(&mut self) {
        let waits = self.waiting.as_ref().map_or(0, BTreeMap::len);
        self.write_due(share_of(waits));
    }

    /// Writes the flows that are due, at most so many.
    pub(super) fn write_due(&mut self, most: usize) {
        let Some(due) = self.due else { return };
        let mut left = most;
        self.write_while(|(at, _)| {
            let writes = *at < due && left > 0;
            left = left.saturating_sub(1);
            writes
        });
    }

    /// Writes the flows up to the given one: no earlier end will be found.
    pub(super) fn write_up_to(&mut self, last: (CaptureTime, FlowId)) {
        self.write_while(|next| *next <= last);
    }

    fn write_while(&mut self, mut is_due: impl FnMut(&(CaptureTime, FlowId)) -> bool) {
        let Some(waiting) = &mut self.waiting else { return };
        while let Some(first) = waiting.first_entry()
            && is_due(first.key())
        {
            let record = first.remove();
            if self.failed.is_none() {
                self.failed = self.output.flow(&record).err();
            }
        }
    }

    /// Whether the output has failed: nothing more can be written.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// The output and the collector, when everything has been written; or why it could not be.
    pub(super) fn finish(mut self) -> io::Result<(S, Collector<'a>)> {
        self.write_while(|_| true);
        match self.failed {
            Some(error) => Err(error),
            None => Ok((self.output, self.collector)),
        }
    }
}

/// How many of so many records that wait are written after a batch. A burst of some ten thousand,
/// which is a second of busy traffic, takes a small part of the time that its frames take to
/// come; where each frame is a flow, no more than some ten thousand wait for long.
fn share_of(waits: usize) -> usize {
    4 + waits / 2_048 + waits.saturating_sub(32_768) / 256
}

/// Why a flow has no name: what its search says, and what the search cannot know.
fn without_name(
    without: Without,
    payload: u64,
    labels: &Labels,
    cell: &FlowCell,
    orientation: Orientation,
) -> Without {
    match without {
        // Octets that no search was offered: fragments that never came together, or a
        // protocol without a search.
        Without::NoPayload if payload > 0 && labels.flags.has(FlowFlags::FRAGMENTS) => Without::Cut,
        Without::NoPayload if payload > 0 => Without::UnknownProtocol,
        // Whatever named it was said before: there was no SYN either.
        Without::NoPayload
            if cell.key().protocol() == Protocol::TCP && orientation.by > OrientedBy::SynAck =>
        {
            Without::Midstream
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_written_little_by_little_and_what_waits_is_bounded() {
        // Fewer records than a fifth of the frames.
        assert!(share_of(30_000) <= 128 / 5, "{}", share_of(30_000));
        // With as many flows as frames for ever, what waits comes to an end.
        let mut waits = 0;
        for _ in 0..100_000 {
            waits += 128;
            waits -= share_of(waits).min(waits);
        }
        assert!(waits < 65_536, "{waits}");
        // And without any, all is written.
        let batches = (0..100_000).take_while(|_| {
            waits -= share_of(waits).min(waits);
            waits > 0
        });
        assert!(batches.count() < 20_000);
    }
}
