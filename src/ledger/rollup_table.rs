//! Flows are added to the rows of a roll-up.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::dimension::{Facts, ValueRef};
use super::{BothWays, Count, Dimension, Rollup, RollupRow, row_key};
use crate::source::CaptureTime;

/// A roll-up that is being filled.
#[derive(Clone, Debug)]
pub(super) struct RollupTable {
    dimensions: Vec<Dimension>,
    /// The registrable domain follows from the name, where rows tell names apart: it is neither
    /// looked up nor compared then.
    implied: Option<usize>,
    is_by_hour: bool,
    /// Places in `rows`.
    places: HashTable<u32>,
    rows: Vec<Hashed>,
    /// The values of all rows, as [`row_key`] writes them, one row after the other.
    keys: Vec<u8>,
    hasher: RandomState,
    /// Rows with values of their own; see [`RollupTable::bounded`].
    most: usize,
    /// Parts of flows that found no such row.
    hits: u64,
}

/// A row with its hash, so that a growing table need not look at its values again.
#[derive(Clone, Debug)]
struct Hashed {
    hash: u64,
    /// Where its values start in [`RollupTable::keys`], and how long they are.
    start: usize,
    len: u32,
    sums: RollupRow,
}

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
            dimensions,
            implied,
            places: HashTable::new(),
            rows: Vec::new(),
            keys: Vec::new(),
            hasher: RandomState::default(),
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
        let (counts, first, last) = (flow.record.counts, flow.record.first, flow.record.last);
        if !self.is_by_hour {
            self.row(flow, first).add(counts, first, last);
            return;
        }
        for share in hours {
            let end = CaptureTime(share.hour.0.saturating_add(HOUR - 1));
            let within = |time: CaptureTime| time.clamp(share.hour, end);
            self.row(flow, share.hour).add(share.counts, within(first), within(last));
        }
    }

    fn row(&mut self, flow: &Facts<'_>, hour: CaptureTime) -> &mut RollupRow {
        let Self { dimensions, implied, places, rows, keys, hasher, most, hits, .. } = self;
        // The key is written behind the others: there it stays if it is new.
        let start = keys.len();
        for (place, dimension) in dimensions.iter().enumerate() {
            let value = match *implied {
                Some(at) if at == place && flow.best.is_some() => ValueRef::Implied,
                _ => dimension.borrowed(flow, hour),
            };
            row_key::put(keys, value);
        }
        if rows.len() >= *most && !is_known(hasher, places, rows, keys, start) {
            *hits += 1;
            keys.truncate(start);
            for dimension in dimensions.iter() {
                let open = dimension.is_open();
                let value = if open { ValueRef::OTHER } else { dimension.borrowed(flow, hour) };
                row_key::put(keys, value);
            }
        }
        let key = keys.get(start..).unwrap_or_default();
        let hash = hasher.hash_one(key);
        let same = |place: &u32| {
            rows.get(*place as usize).is_some_and(|row| {
                row.hash == hash && keys.get(row.start..row.start + row.len as usize) == Some(key)
            })
        };
        let rehash = |place: &u32| rows.get(*place as usize).map_or(0, |row| row.hash);
        let place = match places.entry(hash, same, rehash) {
            Entry::Occupied(known) => {
                keys.truncate(start);
                *known.get() as usize
            }
            Entry::Vacant(new) => {
                let (place, len) = (rows.len(), key.len());
                let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                new.insert(number(place));
                let sums = RollupRow::default();
                rows.push(Hashed { hash, start, len: number(len), sums });
                place
            }
        };
        &mut rows[place].sums
    }

    /// The rows so far, in the order of their first flows.
    pub(super) fn rollup(self) -> Rollup {
        let Self { dimensions, rows, keys, .. } = self;
        let values = |row: &Hashed| {
            let key = keys.get(row.start..row.start + row.len as usize).unwrap_or_default();
            row_key::values(key, dimensions.len())
        };
        let rows = rows.into_iter().map(|row| (values(&row), row.sums)).collect();
        Rollup { dimensions, rows }
    }
}

/// Whether there is a row with the values that stand behind the others' from `start` on.
#[cold]
fn is_known(
    hasher: &RandomState,
    places: &HashTable<u32>,
    rows: &[Hashed],
    keys: &[u8],
    start: usize,
) -> bool {
    let key = keys.get(start..).unwrap_or_default();
    let hash = hasher.hash_one(key);
    let same = |place: &u32| {
        rows.get(*place as usize).is_some_and(|row| {
            row.hash == hash && keys.get(row.start..row.start + row.len as usize) == Some(key)
        })
    };
    places.find(hash, same).is_some()
}
