//! Watching a run while it counts: what the screen reads. Whoever does not watch pays nothing.
//!
//! A [`Watch`] joins the capture threads, each with a [`Tap`], and one [`Watcher`]. The capture
//! thread does little: when the capture clock enters a new slot it takes every live cell's
//! difference, and it leaves a copy of each flow that ends. The watcher does the rest on its
//! own thread. It holds a tap's lock only while it takes the handles of live cells, and a flow
//! leaves the registry and enters the ended ones under the same lock: so it stands in exactly
//! one of the two.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hashbrown::HashMap;

use super::cell::FlowCell;
use super::history::{History, Slot, SlotRow};
use super::registry::Registry;
use super::watched::{FlowPlace, FlowSums, Watched, WatchedFlow, in_order};
use super::{Balance, BoundHits, Count, FlowRecord, Recorder, Snapshot};
use crate::flow::Side;
use crate::source::{CaptureAccount, CaptureTime};

/// What the watcher and the capture threads share.
#[derive(Debug)]
pub struct Watch {
    /// Widths of slots at most.
    widths: usize,
    /// Ended flows, and rows of slots, that each stream keeps at most.
    kept: (usize, usize),
    streams: Mutex<Vec<Arc<Mutex<Part>>>>,
}

/// What one stream has to show.
#[derive(Debug)]
struct Part {
    stream: usize,
    registry: Arc<Registry>,
    /// Ended flows that the watcher has not taken yet, and the sums of those that found no room.
    ended: VecDeque<WatchedFlow>,
    older: FlowSums,
    /// Ended flows, and rows of slots, at most.
    kept: (usize, usize),
    history: History,
    /// What every live flow had counted when the present slot began.
    taken: HashMap<FlowPlace, [Count; 2]>,
    /// Rows of the present slot: flows that ended in it.
    present: Vec<SlotRow>,
    slot: Option<CaptureTime>,
    clock: CaptureTime,
    /// Set when the watcher has looked.
    wanted: Arc<AtomicBool>,
    accounts: Vec<CaptureAccount>,
    /// What is in no flow.
    aside: Balance,
    bounds: BoundHits,
}

/// The capture thread's end.
#[derive(Debug)]
pub struct Tap {
    part: Arc<Mutex<Part>>,
    /// First moment after the present slot.
    next: Option<CaptureTime>,
    /// Set by the watcher: it wants the accounts.
    wanted: Arc<AtomicBool>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A thread that panicked left sums that are still sums.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watch {
    /// Widths of slots where a capture of any length is to be seen whole.
    pub const FEW: usize = 3;
    /// Widths of slots where the last minutes matter more.
    pub const MANY: usize = 24;

    /// Nothing to see yet.
    pub fn new(widths: usize) -> Self {
        Self::shared(widths, 1)
    }

    /// The same where nobody looks before the end: so many streams share what is kept, each an
    /// equal part, so that what is kept does not depend on which is read first.
    pub fn shared(widths: usize, streams: usize) -> Self {
        let share = |most: usize| (most / streams.max(1)).max(1);
        Self::keeping(widths, (share(Watcher::FLOWS_KEPT), share(History::ROWS_KEPT)))
    }

    /// The same with other bounds of each stream.
    pub(super) fn keeping(widths: usize, kept: (usize, usize)) -> Self {
        Self { widths, kept, streams: Mutex::default() }
    }

    /// Ended flows, and rows of slots, that each stream keeps at most.
    #[cfg(test)]
    pub(super) fn kept(&self) -> (usize, usize) {
        self.kept
    }

    /// Whether flows have ended that no snapshot holds yet.
    pub fn has_ended_flows(&self) -> bool {
        lock(&self.streams).iter().any(|part| !lock(part).ended.is_empty())
    }

    /// The end of one stream's capture thread.
    pub fn tap(&self, stream: usize, registry: &Arc<Registry>) -> Tap {
        let wanted = Arc::new(AtomicBool::new(true));
        let part = Part {
            stream,
            wanted: Arc::clone(&wanted),
            registry: Arc::clone(registry),
            ended: VecDeque::new(),
            older: FlowSums::default(),
            kept: self.kept,
            history: History::keeping(self.widths, self.kept.1),
            taken: HashMap::new(),
            present: Vec::new(),
            slot: None,
            clock: CaptureTime(i64::MIN),
            accounts: Vec::new(),
            aside: Balance::default(),
            bounds: BoundHits::default(),
        };
        let part = Arc::new(Mutex::new(part));
        let mut streams = lock(&self.streams);
        streams.push(Arc::clone(&part));
        streams.sort_by_key(|part| lock(part).stream);
        drop(streams);
        Tap { part, next: None, wanted }
    }
}

impl Tap {
    /// Tells the capture clock, before a frame of that time counts.
    #[inline]
    pub fn tell_time(&mut self, now: CaptureTime) {
        if self.next.is_none_or(|next| now >= next) {
            self.next = Some(lock(&self.part).enter_slot(now));
        }
    }

    /// Takes a flow out of the registry, and leaves its record, unless it counted nothing.
    pub(super) fn end(&self, cell: &FlowCell, record: &FlowRecord, client: Side) {
        let record = (record.counts.frames() > 0).then(|| Arc::new(record.clone()));
        let mut part = lock(&self.part);
        part.registry.leave(cell.beginning().id);
        let place = place_of(cell);
        let taken = part.taken.remove(&place).unwrap_or_default();
        let counts = less(cell.counts(), taken);
        if counts != [Count::default(); 2] {
            part.present.push(SlotRow { flow: place, counts });
            part.keep_to_the_bound();
        }
        if let Some(record) = record {
            if part.ended.len() >= part.kept.0
                && let Some(oldest) = part.ended.pop_front()
            {
                part.older.add(&oldest.record);
            }
            part.ended.push_back(WatchedFlow { record, client, live: false });
        }
    }

    /// Whether the watcher has looked since the accounts were told.
    pub fn is_wanted(&self) -> bool {
        self.wanted.load(Relaxed)
    }

    /// Tells what the source has read so far, and what is in no flow.
    pub fn tell_accounts(&self, accounts: &[CaptureAccount], aside: Balance, bounds: BoundHits) {
        let mut part = lock(&self.part);
        part.accounts = accounts.to_vec();
        part.aside = aside;
        part.bounds = bounds;
        drop(part);
        self.wanted.store(false, Relaxed);
    }
}

impl Part {
    /// A slot in which more flows end than there is room for enters the history before it is over.
    fn keep_to_the_bound(&mut self) {
        if self.present.len() > self.kept.1
            && let Some(began) = self.slot
        {
            self.history.push(began, std::mem::take(&mut self.present));
        }
    }

    /// Closes the present slot where `now` is in a later one; gives the end of its slot.
    fn enter_slot(&mut self, now: CaptureTime) -> CaptureTime {
        if let Some(began) = self.slot {
            let mut rows = std::mem::take(&mut self.present);
            let taken = &mut self.taken;
            self.registry.each(|cell| {
                let counts = cell.counts();
                let place = place_of(cell);
                let before = taken.get(&place).copied().unwrap_or_default();
                let share = less(counts, before);
                if share != [Count::default(); 2] {
                    rows.push(SlotRow { flow: place, counts: share });
                    taken.insert(place, counts);
                }
            });
            self.history.push(began, rows);
        }
        let slot = self.history.slot_of(now);
        self.slot = Some(slot);
        self.clock = now;
        // The finest width may have just doubled; one second is never too late a look.
        CaptureTime(slot.0.saturating_add(self.history.finest()))
    }
}

fn place_of(cell: &FlowCell) -> FlowPlace {
    let beginning = cell.beginning();
    FlowPlace { capture: beginning.capture, first_frame: beginning.first_frame }
}

fn less(now: [Count; 2], then: [Count; 2]) -> [Count; 2] {
    [0, 1].map(|side: usize| Count {
        frames: now[side].frames.saturating_sub(then[side].frames),
        octets: now[side].octets.saturating_sub(then[side].octets),
        payload: now[side].payload.saturating_sub(then[side].payload),
    })
}

/// Makes snapshots of what a [`Watch`] shows, on its own thread and at its own pace.
#[derive(Debug)]
pub struct Watcher<'a> {
    watch: Arc<Watch>,
    recorder: Recorder<'a>,
    ended: VecDeque<WatchedFlow>,
    older: FlowSums,
    kept: usize,
}

/// A live cell and what it had counted when the present slot began.
type Live = (Arc<FlowCell>, [Count; 2]);

impl<'a> Watcher<'a> {
    /// Ended flows that are kept one by one, some 600 octets each.
    pub const FLOWS_KEPT: usize = 131_072;

    /// A watcher that has seen nothing.
    pub fn new(watch: Arc<Watch>, recorder: Recorder<'a>) -> Self {
        Self::keeping(watch, recorder, Self::FLOWS_KEPT)
    }

    /// The same with another bound.
    pub(super) fn keeping(watch: Arc<Watch>, recorder: Recorder<'a>, kept: usize) -> Self {
        Self { watch, recorder, ended: VecDeque::new(), older: FlowSums::default(), kept }
    }

    /// The ledger at this moment.
    pub fn snapshot(&mut self) -> Snapshot {
        let parts = lock(&self.watch.streams).clone();
        let assignments = self.recorder.assignments.cited();
        let mut snapshot = Snapshot { assignments, ..Snapshot::default() };
        let mut watched = Watched { now: CaptureTime(i64::MIN), ..Watched::default() };
        let mut slots: Vec<Slot> = Vec::new();
        for part in parts {
            let (live, now) = self.take(&part, &mut snapshot, &mut slots);
            watched.now = watched.now.max(now);
            let mut present = Vec::new();
            for (cell, taken) in live {
                let (record, client) = self.recorder.live_by_side(&cell, now);
                if record.counts.frames() == 0 {
                    continue;
                }
                let counts = less(cell.counts(), taken);
                if counts != [Count::default(); 2] {
                    present.push(SlotRow { flow: place_of(&cell), counts });
                }
                let record = Arc::new(record);
                watched.flows.push(WatchedFlow { record, client, live: true });
            }
            if let (Some(slot), false) = (slots.last_mut(), present.is_empty()) {
                let mut rows: Vec<SlotRow> = slot.rows.to_vec();
                rows.extend(present);
                rows.sort_unstable_by_key(|row| row.flow);
                slot.rows = rows.into();
            }
        }
        watched.flows.extend(self.ended.iter().cloned());
        watched.flows.sort_unstable_by_key(WatchedFlow::place);
        watched.older = self.older.clone();
        watched.slots = in_order(slots);
        watched.slots.retain(|slot| !slot.rows.is_empty() || slot.rest != Count::default());
        if watched.flows.is_empty() {
            watched.now = CaptureTime::default();
        }
        snapshot.with_watched(watched)
    }

    /// Takes what a part has: its ended flows, its live cells, its slots. The last slot is the
    /// present one, whose live flows are missing yet.
    fn take(
        &mut self,
        part: &Mutex<Part>,
        snapshot: &mut Snapshot,
        slots: &mut Vec<Slot>,
    ) -> (Vec<Live>, CaptureTime) {
        let mut part = lock(part);
        let mut live = Vec::new();
        part.registry.each(|cell| {
            let taken = part.taken.get(&place_of(cell)).copied().unwrap_or_default();
            live.push((Arc::clone(cell), taken));
        });
        let ended = std::mem::take(&mut part.ended);
        self.older.merge(&std::mem::take(&mut part.older));
        slots.extend(part.history.slots().cloned());
        if let Some(start) = part.slot {
            slots.push(Slot {
                start,
                width: part.history.finest(),
                rows: part.present.clone().into(),
                rest: Count::default(),
            });
        }
        for account in &part.accounts {
            snapshot.balance.read.frames += account.frames;
            snapshot.balance.read.octets += account.octets;
        }
        snapshot.captures.extend(part.accounts.iter().cloned());
        snapshot.balance.merge(&part.aside);
        snapshot.bounds.merge(part.bounds);
        part.wanted.store(true, Relaxed);
        let now = live.iter().map(|(cell, _)| cell.times().1).max();
        let now = now.map_or(part.clock, |now| now.max(part.clock));
        drop(part);
        for flow in ended {
            if self.ended.len() >= self.kept
                && let Some(oldest) = self.ended.pop_front()
            {
                self.older.add(&oldest.record);
            }
            self.ended.push_back(flow);
        }
        (live, now)
    }
}
