//! What every flow counted, slot of time by slot of time: fine for the last minutes, coarser
//! the longer ago.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Count;
use super::watched::FlowPlace;
use crate::source::CaptureTime;

/// What one flow counted in a slot, by side of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotRow {
    /// Which flow.
    pub flow: FlowPlace,
    /// By side of the key: who is client may still turn.
    pub counts: [Count; 2],
}

/// A span of the capture clock and what was counted while it lasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its first moment, a multiple of its width.
    pub start: CaptureTime,
    /// Nanoseconds.
    pub width: i64,
    /// Rows, ordered by flow, each flow once.
    pub rows: Arc<[SlotRow]>,
    /// What the rows held that were given up to keep to the bound.
    pub rest: Count,
}

impl Slot {
    /// The first moment after it.
    pub fn end(&self) -> CaptureTime {
        CaptureTime(self.start.0.saturating_add(self.width))
    }
}

/// Slots, newest finest. Each width has at most [`History::SLOTS_KEPT`] slots; the oldest two
/// of a width become one of double width.
#[derive(Debug)]
pub(super) struct History {
    /// Width of the finest slots, in nanoseconds.
    finest: i64,
    /// Widths at most; where there would be more, the finest is given up.
    widths: usize,
    /// Rows at most.
    rows_kept: usize,
    /// By width, finest first; in each the oldest first.
    levels: VecDeque<VecDeque<Slot>>,
    rows: usize,
}

/// A second, in nanoseconds.
const SECOND: i64 = 1_000_000_000;

impl History {
    /// Slots of each width.
    const SLOTS_KEPT: usize = 256;
    /// Rows of all slots together, some 64 octets each; beyond them, the oldest slots keep
    /// their sums alone.
    pub(super) const ROWS_KEPT: usize = 2 << 20;

    /// An empty history of slots of a second and more, in at most so many widths, with at most so
    /// many rows.
    pub(super) fn keeping(widths: usize, rows_kept: usize) -> Self {
        let levels = VecDeque::from([VecDeque::new()]);
        Self { finest: SECOND, widths, rows_kept, levels, rows: 0 }
    }

    /// The start of the finest slot that a time is in.
    pub(super) fn slot_of(&self, time: CaptureTime) -> CaptureTime {
        start(time, self.finest)
    }

    /// Nanoseconds of the finest slots.
    pub(super) fn finest(&self) -> i64 {
        self.finest
    }

    /// Adds what was counted since the last slot began; `began` is that slot's start.
    pub(super) fn push(&mut self, began: CaptureTime, mut rows: Vec<SlotRow>) {
        if rows.is_empty() {
            return;
        }
        rows.sort_unstable_by_key(|row| row.flow);
        self.rows += rows.len();
        let slot = Slot {
            start: start(began, self.finest),
            width: self.finest,
            rows: rows.into(),
            rest: Count::default(),
        };
        self.put(0, slot);
        let mut level = 0;
        while level < self.levels.len() {
            if self.levels[level].len() > Self::SLOTS_KEPT
                && let Some(oldest) = self.levels[level].pop_front()
            {
                let wide = widened(&oldest);
                let end = wide.end();
                self.put(level + 1, wide);
                // The other half goes with it, so that slots never overlap.
                while let Some(other) = self.levels[level].pop_front_if(|slot| slot.start < end) {
                    self.put(level + 1, widened(&other));
                }
            }
            level += 1;
        }
        if self.levels.len() > self.widths {
            self.give_up_the_finest();
        }
        self.keep_to_the_bound();
    }

    /// Puts a slot behind the others of its width, into the newest where they are the same.
    fn put(&mut self, level: usize, slot: Slot) {
        if self.levels.len() <= level {
            self.levels.push_back(VecDeque::new());
        }
        match self.levels[level].back_mut() {
            Some(newest) if newest.start >= slot.start => {
                let before = newest.rows.len() + slot.rows.len();
                *newest = joined(newest, &slot);
                self.rows -= before - newest.rows.len();
            }
            _ => self.levels[level].push_back(slot),
        }
    }

    fn give_up_the_finest(&mut self) {
        for slot in self.levels.pop_front().unwrap_or_default() {
            // What was the second width is the first now.
            self.put(0, widened(&slot));
        }
        self.finest *= 2;
    }

    fn keep_to_the_bound(&mut self) {
        let mut rows = self.rows;
        for slot in self.levels.iter_mut().rev().flatten() {
            if rows <= self.rows_kept {
                break;
            }
            rows -= slot.rows.len();
            for row in slot.rows.iter() {
                row.counts.iter().for_each(|count| slot.rest.add(*count));
            }
            slot.rows = Arc::from([]);
        }
        self.rows = rows;
    }

    /// The slots, oldest first.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.levels.iter().rev().flatten()
    }
}

fn start(time: CaptureTime, width: i64) -> CaptureTime {
    CaptureTime(time.0.saturating_sub(time.0.rem_euclid(width)))
}

/// The slot of double width that this one is in, holding this one alone.
fn widened(slot: &Slot) -> Slot {
    let width = slot.width.saturating_mul(2);
    Slot { start: start(slot.start, width), width, ..slot.clone() }
}

/// Two slots of the same span as one.
pub(super) fn joined(a: &Slot, b: &Slot) -> Slot {
    let mut rows: Vec<SlotRow> = Vec::with_capacity(a.rows.len() + b.rows.len());
    let (mut left, mut right) = (a.rows.iter().peekable(), b.rows.iter().peekable());
    loop {
        let next = match (left.peek(), right.peek()) {
            (Some(l), Some(r)) if l.flow <= r.flow => left.next(),
            (Some(_), None) => left.next(),
            (_, Some(_)) => right.next(),
            (None, None) => break,
        };
        let Some(row) = next else { break };
        match rows.last_mut() {
            Some(last) if last.flow == row.flow => {
                for (mine, theirs) in last.counts.iter_mut().zip(row.counts) {
                    mine.add(theirs);
                }
            }
            _ => rows.push(*row),
        }
    }
    let mut rest = a.rest;
    rest.add(b.rest);
    Slot { start: a.start, width: a.width, rows: rows.into(), rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(flow: u64, octets: u64) -> SlotRow {
        let count = Count { frames: 1, octets, payload: 0 };
        SlotRow {
            flow: FlowPlace { capture: 0, first_frame: flow },
            counts: [count, Count::default()],
        }
    }

    fn sum(history: &History) -> u64 {
        let rows = history.slots().flat_map(|slot| slot.rows.iter());
        let rest: u64 = history.slots().map(|slot| slot.rest.octets).sum();
        rest + rows.map(|row| row.counts[0].octets + row.counts[1].octets).sum::<u64>()
    }

    #[test]
    fn nothing_is_lost_while_slots_grow_old() {
        for widths in [3, 24] {
            let mut history = History::keeping(widths, History::ROWS_KEPT);
            for second in 0..5_000_i64 {
                history.push(CaptureTime(second * SECOND), vec![row(2, 10), row(1, 1)]);
            }
            assert_eq!(sum(&history), 5_000 * 11);
            let starts: Vec<_> = history.slots().map(|slot| slot.start).collect();
            assert!(starts.is_sorted(), "{starts:?}");
            let ends: Vec<_> = history.slots().map(Slot::end).collect();
            assert!(starts.iter().skip(1).zip(&ends).all(|(next, end)| next >= end));
            assert!(history.slots().count() <= History::SLOTS_KEPT * (widths + 1));
            assert_eq!(history.finest > SECOND, widths == 3);
        }
    }

    #[test]
    fn joined_slots_hold_each_flow_once() {
        let slot = |rows: Vec<SlotRow>| Slot {
            start: CaptureTime(0),
            width: SECOND,
            rows: rows.into(),
            rest: Count::default(),
        };
        let both = joined(&slot(vec![row(1, 1), row(3, 1)]), &slot(vec![row(1, 2), row(2, 1)]));
        let flows: Vec<_> = both.rows.iter().map(|r| r.flow.first_frame).collect();
        assert_eq!(flows, [1, 2, 3]);
        assert_eq!(both.rows[0].counts[0].octets, 3);
    }
}
