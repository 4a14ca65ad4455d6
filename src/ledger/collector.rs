//! Who alone sums.

use hashbrown::HashMap;

use super::cell::{FlowCell, oriented};
use super::dimension::Facts;
use super::registry::Registry;
use super::rollup_table::{HourShare, RollupTable, hour_of};
use super::sync::Arc;
use super::{BothWays, Count, Dimension, FlowRecord, Quantity, Recorder, Snapshot, Tap, Totals};
use crate::flow::{FlowId, Side};
use crate::name::Without;
use crate::signature::SignatureId;
use crate::source::CaptureTime;

/// Folds ended flows into roll-ups and publishes snapshots.
///
/// A flow is in the registry or in the roll-ups, never in both and never in neither: only the
/// collector takes a flow out of the one and puts it into the other, and only the collector
/// reads both, so a snapshot cannot fall between.
pub struct Collector<'a> {
    registry: Arc<Registry>,
    recorder: Recorder<'a>,
    /// Which flows are rolled up: the filter, which this room does not know.
    admits: &'a (dyn Fn(&FlowRecord) -> bool + Sync),
    folded: Folded,
    hours: Option<HourBook>,
    tap: Option<Tap>,
}

/// The sums over flows that have ended.
#[derive(Clone, Default)]
struct Folded {
    in_flows: Quantity,
    totals: Totals,
    /// Untagged flows first, then by signature.
    by_signature: Vec<(u64, BothWays<Count>)>,
    shown_flows: u64,
    rollups: Vec<RollupTable>,
}

/// What every live flow had counted when the capture clock entered a new hour.
#[derive(Default)]
struct HourBook {
    hour: Option<CaptureTime>,
    past: HashMap<FlowId, PastHours>,
}

/// A flow's counts by side of the key: what was taken up to the present hour, hour by hour.
#[derive(Default)]
struct PastHours {
    taken: [Count; 2],
    hours: Vec<(CaptureTime, [Count; 2])>,
}

impl<'a> Collector<'a> {
    /// A collector over the flows of `registry` that makes these roll-ups of the flows that
    /// `admits` lets through.
    pub fn new(
        registry: Arc<Registry>,
        recorder: Recorder<'a>,
        rollups: &[Vec<Dimension>],
        admits: &'a (dyn Fn(&FlowRecord) -> bool + Sync),
    ) -> Self {
        let rollups: Vec<_> = rollups.iter().cloned().map(RollupTable::new).collect();
        let hours = rollups.iter().any(RollupTable::is_by_hour).then(HourBook::default);
        let folded = Folded { rollups, ..Folded::default() };
        Self { registry, recorder, admits, folded, hours, tap: None }
    }

    /// The same, with only flows that have a tag in the roll-ups by these dimensions.
    #[must_use]
    pub fn of_tagged(mut self, those: &[Vec<Dimension>]) -> Self {
        for table in &mut self.folded.rollups {
            table.sum_tagged_only(those);
        }
        self
    }

    /// The same, watched through `tap`.
    #[must_use]
    pub fn watched(self, tap: Option<Tap>) -> Self {
        Self { tap, ..self }
    }

    /// The tap, where somebody watches.
    pub fn tap(&self) -> Option<&Tap> {
        self.tap.as_ref()
    }

    /// Whether it matters in which order flows end: for who watches, and where the first rows
    /// leave no room for others.
    pub fn heeds_order(&self) -> bool {
        self.tap.is_some() || self.folded.rollups.iter().any(RollupTable::is_bounded)
    }

    /// The same, with room for `most` rows in each roll-up; further flows count under `other`.
    #[must_use]
    pub fn with_rows(mut self, most: usize) -> Self {
        let rollups = std::mem::take(&mut self.folded.rollups);
        self.folded.rollups = rollups.into_iter().map(|table| table.bounded(most)).collect();
        self
    }

    /// Tells the capture clock, before a frame of that time counts: when it enters a new hour,
    /// every live flow's difference belongs to the old one.
    #[inline]
    pub fn tell_time(&mut self, now: CaptureTime) {
        // Asked before every frame, and most runs neither watch nor tell hours apart.
        if self.tap.is_some() || self.hours.is_some() {
            self.note_time(now);
        }
    }

    fn note_time(&mut self, now: CaptureTime) {
        if let Some(tap) = &mut self.tap {
            tap.tell_time(now);
        }
        let Some(book) = &mut self.hours else { return };
        let hour = hour_of(now);
        match book.hour {
            None => book.hour = Some(hour),
            Some(old) if hour > old => {
                self.registry.each(|cell| book.close_hour(old, cell));
                book.hour = Some(hour);
            }
            Some(_) => {}
        }
    }

    /// Tells that a frame was counted which another thread handed over: it belongs to the hour of
    /// its own time, by which this thread's clock may have come long ago, or not yet.
    pub fn counted_at(
        &mut self,
        cell: &FlowCell,
        sender: Side,
        time: CaptureTime,
        wire_len: u32,
        payload: u32,
    ) {
        let Some(book) = &mut self.hours else { return };
        let hour = hour_of(time);
        if book.hour != Some(hour) {
            let mut counts = [Count::default(); 2];
            counts[sender as usize] =
                Count { frames: 1, octets: u64::from(wire_len), payload: u64::from(payload) };
            let past = book.past.entry(cell.beginning().id).or_default();
            past.add(hour, counts);
            past.taken.iter_mut().zip(counts).for_each(|(taken, count)| taken.add(count));
        }
    }

    /// Tells that the capture's clock was set back, so that the present hour is an earlier one.
    pub fn set_time_back(&mut self, now: CaptureTime) {
        let Some(book) = &mut self.hours else { return };
        let hour = hour_of(now);
        if let Some(old) = book.hour.filter(|old| *old > hour) {
            self.registry.each(|cell| book.close_hour(old, cell));
            book.hour = Some(hour);
        }
    }

    /// Sums a flow that has ended and takes it out of the registry. Gives its record where the
    /// filter lets it through; none either for a flow that counted no frame.
    pub fn end(&mut self, cell: &FlowCell, ended: CaptureTime) -> Option<FlowRecord> {
        let mut shown = None;
        self.end_with(cell, ended, |record| shown = Some(record));
        shown
    }

    /// The same for who may have no use for the record: it is given to `show`.
    #[inline]
    pub fn end_with(&mut self, cell: &FlowCell, ended: CaptureTime, show: impl FnOnce(FlowRecord)) {
        let (record, client) = match &self.tap {
            None => self.recorder.ended_by_side(cell, ended),
            // The watcher may be about to read the labels: they stay.
            Some(_) => self.recorder.live_by_side(cell, ended),
        };
        if let Some(tap) = &self.tap {
            tap.end(cell, &record, client);
        }
        let share = |book: &mut HourBook| book.take(record.id, client, record.counts);
        let hours = self.hours.as_mut().map(share).unwrap_or_default();
        self.registry.leave(cell.beginning().id);
        if record.counts.frames() == 0 {
            return;
        }
        let shown = (self.admits)(&record);
        self.folded.add(&record, &hours, shown, self.recorder);
        if shown {
            show(record);
        }
    }

    /// The ledger at this moment: what has ended and what the live cells say. The caller fills
    /// in what the ledger does not count: the sources' accounts and frames outside of flows.
    pub fn snapshot(&self, now: CaptureTime) -> Snapshot {
        self.with_live(self.folded.clone(), now)
    }

    /// The last snapshot: what was folded moves into it.
    pub fn finish(mut self, now: CaptureTime) -> Snapshot {
        let folded = std::mem::take(&mut self.folded);
        self.with_live(folded, now)
    }

    fn with_live(&self, mut all: Folded, now: CaptureTime) -> Snapshot {
        self.registry.each(|cell| {
            let (record, client) = self.recorder.live_by_side(cell, now);
            if record.counts.frames() > 0 {
                let share = |book: &HourBook| book.peek(record.id, client, record.counts, now);
                let hours = self.hours.as_ref().map(share).unwrap_or_default();
                all.add(&record, &hours, (self.admits)(&record), self.recorder);
            }
        });
        Snapshot { assignments: self.recorder.assignments.cited(), ..all.snapshot() }
    }
}

impl Folded {
    fn add(&mut self, flow: &FlowRecord, hours: &[HourShare], shown: bool, recorder: Recorder<'_>) {
        let octets = flow.counts.octets();
        self.in_flows.add(Quantity { frames: flow.counts.frames(), octets });
        self.totals.flows += 1;
        match flow.unnamed {
            None => self.totals.named += octets,
            Some(cause) => self.totals.unnamed[cause_index(cause)] += octets,
        }
        let primary = flow.primary().map(|t| t.signature);
        if primary.is_some() {
            self.totals.tagged += octets;
        }
        let place = primary.map_or(0, |id| id.0 as usize + 1);
        if self.by_signature.len() <= place {
            self.by_signature.resize_with(place + 1, Default::default);
        }
        let row = &mut self.by_signature[place];
        row.0 += 1;
        row.1.add(flow.counts);
        if shown {
            self.shown_flows += 1;
            let facts = Facts::of(flow, recorder.database);
            for table in &mut self.rollups {
                table.add(&facts, hours);
            }
        }
    }

    fn snapshot(self) -> Snapshot {
        let hits = self.rollups.iter().map(RollupTable::hits).sum();
        let ids = std::iter::once(None).chain((0..).map(|id| Some(SignatureId(id))));
        let rows = ids.zip(self.by_signature).filter(|(_, (flows, _))| *flows > 0);
        let mut snapshot = Snapshot {
            totals: self.totals,
            by_signature: rows.collect(),
            shown_flows: self.shown_flows,
            rollups: self.rollups.into_iter().map(RollupTable::rollup).collect(),
            ..Snapshot::default()
        };
        snapshot.balance.in_flows = self.in_flows;
        snapshot.bounds.rows = hits;
        snapshot
    }
}

/// [`Without::ALL`] is in the order of declaration; a test holds it to that.
fn cause_index(cause: Without) -> usize {
    cause as usize
}

impl HourBook {
    fn close_hour(&mut self, hour: CaptureTime, cell: &FlowCell) {
        let counts = cell.counts();
        let past = self.past.entry(cell.beginning().id).or_default();
        let share = [0, 1].map(|side| less(counts[side], past.taken[side]));
        // While the capture thread counts a frame, its octets may be seen before it is: they are
        // taken, too, or no hour would have them.
        if share != [Count::default(); 2] {
            past.add(hour, share);
        }
        past.taken = counts;
    }

    /// The shares of a flow that ends with these counts: its past hours and the present one.
    fn take(&mut self, id: FlowId, client: Side, counts: BothWays<Count>) -> Vec<HourShare> {
        let past = self.past.remove(&id).unwrap_or_default();
        past.shares(client, counts, self.hour)
    }

    /// The shares of a live flow with these counts.
    fn peek(
        &self,
        id: FlowId,
        client: Side,
        counts: BothWays<Count>,
        now: CaptureTime,
    ) -> Vec<HourShare> {
        let hour = self.hour.or_else(|| Some(hour_of(now)));
        match self.past.get(&id) {
            Some(past) => past.shares(client, counts, hour),
            None => PastHours::default().shares(client, counts, hour),
        }
    }
}

impl PastHours {
    fn add(&mut self, hour: CaptureTime, counts: [Count; 2]) {
        match self.hours.iter_mut().rev().find(|(known, _)| *known == hour) {
            Some((_, sums)) => sums.iter_mut().zip(counts).for_each(|(sum, count)| sum.add(count)),
            None => self.hours.push((hour, counts)),
        }
    }

    /// The past hours, and in the present one what is left of `counts`: so they sum to those.
    fn shares(
        &self,
        client: Side,
        counts: BothWays<Count>,
        present: Option<CaptureTime>,
    ) -> Vec<HourShare> {
        let taken = oriented(self.taken, client);
        let rest = BothWays { up: less(counts.up, taken.up), down: less(counts.down, taken.down) };
        let past = self.hours.iter().map(|(hour, counts)| (*hour, oriented(*counts, client)));
        let mut shares: Vec<HourShare> = past
            .filter(|(_, counts)| *counts != BothWays::default())
            .map(|(hour, counts)| HourShare { hour, counts })
            .collect();
        if let Some(hour) = present.filter(|_| rest != BothWays::default()) {
            match shares.iter_mut().find(|share| share.hour == hour) {
                Some(share) => share.counts.add(rest),
                None => shares.push(HourShare { hour, counts: rest }),
            }
        }
        shares
    }
}

fn less(now: Count, then: Count) -> Count {
    Count {
        frames: now.frames - then.frames,
        octets: now.octets - then.octets,
        payload: now.payload - then.payload,
    }
}
