//! Octets by category and time, counted frame by frame.

use std::collections::BTreeMap;

use crate::ledger::{BothWays, Count};
use crate::signature::Category;
use crate::source::CaptureTime;

/// Octets of tagged flows by slot of time and category of the primary tag, by the frames' own
/// times. Frames that are not counted (`--from`, `--to`) are not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Start of slot 0: a multiple of the width since 1970.
    pub start: CaptureTime,
    /// Nanoseconds of a slot, of [`Timeline::WIDTHS`]; 0 where there is no frame.
    pub width: i64,
    /// Slots, those without frames included.
    pub slots: u32,
    /// What there is, ordered by slot and category.
    pub rows: Vec<TimelineRow>,
}

/// What one category counted in one slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimelineRow {
    /// Which slot, from 0.
    pub slot: u32,
    /// The category.
    pub category: Category,
    /// What was counted.
    pub counts: BothWays<Count>,
}

const SECOND: i64 = 1_000_000_000;

impl Timeline {
    /// Widths of slots, in nanoseconds: 1, 5, 15 and 30 seconds, the same of minutes; 1, 3, 6
    /// and 12 hours; 1, 7 and 28 days.
    pub const WIDTHS: [i64; 15] = [
        SECOND,
        5 * SECOND,
        15 * SECOND,
        30 * SECOND,
        60 * SECOND,
        5 * 60 * SECOND,
        15 * 60 * SECOND,
        30 * 60 * SECOND,
        3_600 * SECOND,
        3 * 3_600 * SECOND,
        6 * 3_600 * SECOND,
        12 * 3_600 * SECOND,
        86_400 * SECOND,
        7 * 86_400 * SECOND,
        28 * 86_400 * SECOND,
    ];
    /// Slots at most, as long as a width is left that keeps to it.
    pub const SLOTS: i64 = 240;

    /// The start of a slot.
    pub fn time(&self, slot: u32) -> CaptureTime {
        CaptureTime(self.start.0.saturating_add(self.width.saturating_mul(slot.into())))
    }
}

/// A timeline that is being counted.
#[derive(Clone, Debug)]
pub(super) struct Counting {
    width: i64,
    sums: BTreeMap<(i64, Category), BothWays<Count>>,
}

impl Counting {
    /// For frames between `first` and `last`.
    pub(super) fn between(first: CaptureTime, last: CaptureTime) -> Self {
        let slots = |width: i64| last.0.div_euclid(width) - first.0.div_euclid(width) + 1;
        let fitting = Timeline::WIDTHS.into_iter().find(|width| slots(*width) <= Timeline::SLOTS);
        let widest = Timeline::WIDTHS[Timeline::WIDTHS.len() - 1];
        Self { width: fitting.unwrap_or(widest), sums: BTreeMap::new() }
    }

    /// Counts a frame, or what a flow counted in a moment.
    pub(super) fn add(&mut self, time: CaptureTime, category: Category, counts: BothWays<Count>) {
        self.sums.entry((time.0.div_euclid(self.width), category)).or_default().add(counts);
    }

    /// Adds what was counted of another stream, with the same width.
    pub(super) fn merge(&mut self, other: Self) {
        for (place, counts) in other.sums {
            self.sums.entry(place).or_default().add(counts);
        }
    }

    /// The timeline.
    pub(super) fn finish(self) -> Timeline {
        let slots = || self.sums.keys().map(|(slot, _)| *slot);
        let (Some(first), Some(last)) = (slots().min(), slots().max()) else {
            return Timeline::default();
        };
        let place = |slot: i64| u32::try_from(slot - first).unwrap_or(u32::MAX);
        let row = |((slot, category), counts): (&(i64, Category), &BothWays<Count>)| TimelineRow {
            slot: place(*slot),
            category: *category,
            counts: *counts,
        };
        Timeline {
            start: CaptureTime(first.saturating_mul(self.width)),
            width: self.width,
            slots: place(last).saturating_add(1),
            rows: self.sums.iter().map(row).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(octets: u64) -> BothWays<Count> {
        BothWays { up: Count { frames: 1, octets, payload: 0 }, down: Count::default() }
    }

    #[test]
    fn slots_are_as_fine_as_their_number_allows() {
        let of = |seconds: i64| {
            Counting::between(CaptureTime(0), CaptureTime(seconds * SECOND)).width / SECOND
        };
        assert_eq!([of(0), of(239), of(240), of(1_199), of(86_400)], [1, 1, 5, 5, 900]);
        assert_eq!(of(9_000_000_000), 28 * 86_400);
    }

    #[test]
    fn frames_are_summed_by_slot_and_category_whatever_their_order() {
        let time = |seconds: i64| CaptureTime(seconds * SECOND);
        let mut counting = Counting::between(time(-1), time(3));
        counting.add(time(3), Category::Telemetry, frame(5));
        counting.add(time(-1), Category::Telemetry, frame(1));
        let mut other = Counting::between(time(-1), time(3));
        other.add(time(3), Category::Telemetry, frame(2));
        other.add(time(3), Category::Identity, frame(7));
        counting.merge(other);
        let timeline = counting.finish();
        assert_eq!((timeline.start, timeline.slots), (time(-1), 5));
        assert_eq!(timeline.time(4), time(3));
        let rows: Vec<_> =
            timeline.rows.iter().map(|r| (r.slot, r.category, r.counts.octets())).collect();
        assert_eq!(
            rows,
            [(0, Category::Telemetry, 1), (4, Category::Telemetry, 7), (4, Category::Identity, 7)]
        );
        assert_eq!(Counting::between(time(0), time(1)).finish(), Timeline::default());
    }
}
