//! Flows are added to the rows of a roll-up.

use std::hash::BuildHasher;

use arrayvec::ArrayVec;
use foldhash::fast::RandomState;

use super::dimension::{Facts, ValueRef};
use super::row_store::{Keys, Row, Rows, values_of};
use super::{BothWays, Count, Dimension, Rollup, RollupRow, row_key};
use crate::flow::{Index, prefetch};
use crate::source::CaptureTime;

/// A roll-up that is being filled.
///
/// A row lies anywhere in memory, so to find one means to wait for it several times. Additions
/// are therefore gathered, and each step of the search is done for all of them, the next one's
/// memory asked for in the one before.
#[derive(Clone, Debug)]
pub(super) struct RollupTable {
    dimensions: Vec<Dimension>,
    /// The registrable domain follows from the name, where rows tell names apart: it is neither
    /// looked up nor compared then.
    implied: Option<usize>,
    is_by_hour: bool,
    /// Whether flows without a tag are left out.
    of_tagged: bool,
    /// Places in `rows`.
    places: Index,
    rows: Rows,
    /// The values of all rows, as [`row_key`] writes them.
    keys: Keys,
    hasher: RandomState,
    /// What was added last and stands in no row yet, at most [`GATHERED`].
    waiting: Vec<Row>,
    /// The values of those.
    waiting_keys: Vec<u8>,
    /// Rows with values of their own; see [`RollupTable::bounded`].
    most: usize,
    /// Parts of flows that found no such row.
    hits: u64,
}

/// Additions that are looked up together: about as many cache lines as a core can ask for at once.
const GATHERED: usize = 16;

/// What a flow did in one hour.
#[derive(Clone, Copy, Debug)]
pub(super) struct HourShare {
    /// Start of the hour.
    pub(super) hour: CaptureTime,
    /// What was counted in it.
    pub(super) counts: BothWays<Count>,
}

/// Nanoseconds in an hour.
pub(super) const HOUR: i64 = 3_600_000_000_000;

/// The start of the hour of a time, UTC.
pub(super) fn hour_of(time: CaptureTime) -> CaptureTime {
    CaptureTime(time.0.saturating_sub(time.0.rem_euclid(HOUR)))
}

impl RollupTable {
    pub(super) fn new(dimensions: Vec<Dimension>) -> Self {
        let tells = |d| dimensions.contains(&d);
        let names = tells(Dimension::Name) || tells(Dimension::Host);
        let implied = dimensions.iter().position(|d| names && *d == Dimension::Registrable);
        Self {
            is_by_hour: tells(Dimension::Hour),
            of_tagged: false,
            dimensions,
            implied,
            places: Index::default(),
            rows: Rows::default(),
            keys: Keys::default(),
            hasher: RandomState::default(),
            waiting: Vec::with_capacity(GATHERED),
            waiting_keys: Vec::new(),
            most: usize::MAX,
            hits: 0,
        }
    }

    /// The same with room for `most` rows. Beyond them, what is captured cannot make new ones:
    /// values that it chooses become `other`, those of the signature stay, so that sums by
    /// category and the like remain right.
    pub(super) fn bounded(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// Whether there is room for some rows only.
    pub(super) fn is_bounded(&self) -> bool {
        self.most < usize::MAX
    }

    /// Leaves out flows without a tag from now on, if `those` has its dimensions.
    pub(super) fn sum_tagged_only(&mut self, those: &[Vec<Dimension>]) {
        self.of_tagged |= those.contains(&self.dimensions);
    }

    /// Parts of flows that found no row of their own.
    pub(super) fn hits(&self) -> u64 {
        self.hits
    }

    /// Whether its rows tell hours apart.
    pub(super) fn is_by_hour(&self) -> bool {
        self.is_by_hour
    }

    /// Adds a flow, hour by hour where the rows tell hours apart.
    pub(super) fn add(&mut self, flow: &Facts<'_>, hours: &[HourShare]) {
        if self.of_tagged && flow.record.primary().is_none() {
            return;
        }
        let (counts, first, last) = (flow.record.counts, flow.record.first, flow.record.last);
        if !self.is_by_hour {
            self.gather(flow, first, RollupRow { counts, flows: 1, first, last });
            return;
        }
        for share in hours {
            let end = CaptureTime(share.hour.0.saturating_add(HOUR - 1));
            let within = |time: CaptureTime| time.clamp(share.hour, end);
            let (counts, first, last) = (share.counts, within(first), within(last));
            self.gather(flow, share.hour, RollupRow { counts, flows: 1, first, last });
        }
    }

    fn gather(&mut self, flow: &Facts<'_>, hour: CaptureTime, sums: RollupRow) {
        if self.waiting.len() == GATHERED {
            self.settle();
        }
        let start = self.waiting_keys.len();
        for (place, dimension) in self.dimensions.iter().enumerate() {
            let value = match self.implied {
                Some(at) if at == place && flow.best.is_some() => ValueRef::Implied,
                _ => dimension.borrowed(flow, hour),
            };
            row_key::put(&mut self.waiting_keys, value);
        }
        let hash = self.hash(start);
        // What waits may make rows, too: near the bound each addition is settled alone.
        if self.rows.len() + self.waiting.len() < self.most {
            self.places.prefetch(hash);
            self.wait(hash, start, sums);
            return;
        }
        let mut hash = hash;
        let key = self.waiting_keys.split_off(start);
        self.settle();
        self.waiting_keys.extend(&key);
        if self.rows.len() >= self.most && self.place(hash, &key).is_none() {
            self.hits += 1;
            self.waiting_keys.clear();
            for dimension in &self.dimensions {
                let open = dimension.is_open();
                let value = if open { ValueRef::OTHER } else { dimension.borrowed(flow, hour) };
                row_key::put(&mut self.waiting_keys, value);
            }
            hash = self.hash(0);
        }
        self.wait(hash, 0, sums);
        self.settle();
    }

    /// The hash of the values that wait from `start` on.
    fn hash(&self, start: usize) -> u32 {
        (self.hasher.hash_one(self.waiting_keys.get(start..).unwrap_or_default()) >> 32) as u32
    }

    fn wait(&mut self, hash: u32, start: usize, sums: RollupRow) {
        let len = u32::try_from(self.waiting_keys.len() - start).unwrap_or(u32::MAX);
        self.waiting.push(Row { hash, len, start, sums });
    }

    /// Brings what waits into its rows, in the order in which it was added.
    fn settle(&mut self) {
        // The rows that most likely belong to what waits.
        let places = self.waiting.iter().filter_map(|row| self.places.candidate(row.hash));
        let rows: ArrayVec<&Row, GATHERED> =
            places.filter_map(|place| self.rows.get(place)).collect();
        for row in &rows {
            prefetch(*row);
            // A row starts anywhere in a cache line, and its sums reach into the next.
            prefetch(&row.sums.last);
        }
        for row in rows {
            if let Some(values) = self.keys.get(row.start, row.len).first() {
                prefetch(values);
            }
        }
        let mut waiting = std::mem::take(&mut self.waiting);
        let mut waiting_keys = std::mem::take(&mut self.waiting_keys);
        for Row { hash, len, start, sums } in waiting.drain(..) {
            let key = values_of(&waiting_keys, start, len);
            if let Some(row) = self.place(hash, key).and_then(|place| self.rows.get_mut(place)) {
                row.sums.merge(&sums);
                continue;
            }
            let start = self.keys.push(key);
            let place = self.rows.push(Row { hash, len, start, sums });
            self.places.insert(hash, place);
        }
        waiting_keys.clear();
        (self.waiting, self.waiting_keys) = (waiting, waiting_keys);
    }

    /// The place of the row with these values.
    fn place(&self, hash: u32, key: &[u8]) -> Option<u32> {
        let is_same = |place: u32| {
            let row = self.rows.get(place);
            row.is_some_and(|row| self.keys.get(row.start, row.len) == key)
        };
        self.places.find(hash, is_same)
    }

    /// The rows so far, in the order of their first flows.
    pub(super) fn rollup(mut self) -> Rollup {
        self.settle();
        Rollup::of_stored(self.dimensions, self.rows, self.keys)
    }
}
