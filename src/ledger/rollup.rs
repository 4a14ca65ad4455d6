//! Sums over flows, by any dimensions.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::dimension::ValueRef;
use super::{BothWays, Count, Dimension, DimensionValue, FlowRecord, row_key};
use crate::signature::Database;
use crate::source::CaptureTime;

/// One row: the sum over its flows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RollupRow {
    /// Octets, frames, payload.
    pub counts: BothWays<Count>,
    /// Flows.
    pub flows: u64,
    /// Earliest frame.
    pub first: CaptureTime,
    /// Latest frame.
    pub last: CaptureTime,
}

/// Rows by the values of some dimensions.
#[derive(Clone, Debug, Default)]
pub struct Rollup {
    /// The dimensions, in the order asked for.
    pub dimensions: Vec<Dimension>,
    /// The rows, ordered by their values.
    pub rows: Vec<(Vec<DimensionValue>, RollupRow)>,
}

impl RollupRow {
    /// Adds part of a flow: its counts between two times.
    fn add(&mut self, counts: BothWays<Count>, first: CaptureTime, last: CaptureTime) {
        self.merge(&Self { counts, flows: 1, first, last });
    }

    /// Adds another row.
    pub fn merge(&mut self, other: &Self) {
        if self.flows == 0 {
            (self.first, self.last) = (other.first, other.last);
        } else if other.flows > 0 {
            self.first = self.first.min(other.first);
            self.last = self.last.max(other.last);
        }
        self.counts.add(other.counts);
        self.flows += other.flows;
    }
}

impl Rollup {
    /// Adds another roll-up by the same dimensions; rows stay ordered.
    pub fn merge(&mut self, other: &Self) {
        let mut rows: std::collections::BTreeMap<_, _> =
            std::mem::take(&mut self.rows).into_iter().collect();
        for (values, row) in &other.rows {
            rows.entry(values.clone()).or_insert_with(RollupRow::default).merge(row);
        }
        self.rows = rows.into_iter().collect();
    }
}

/// A roll-up that is being filled.
#[derive(Clone, Debug)]
pub(super) struct RollupTable {
    dimensions: Vec<Dimension>,
    /// The registrable domain follows from the name, where rows tell names apart: it is neither
    /// looked up nor compared then.
    implied: Option<usize>,
    rows: HashTable<Hashed>,
    hasher: RandomState,
    /// The key that is being looked up; kept for its room.
    key: Vec<u8>,
    /// Rows with values of their own; see [`RollupTable::bounded`].
    most: usize,
    /// Parts of flows that found no such row.
    hits: u64,
}

/// A row with its hash, so that a growing table need not look at its values again.
#[derive(Clone, Debug)]
struct Hashed {
    hash: u64,
    /// The values, as [`row_key`] writes them.
    key: Box<[u8]>,
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
            dimensions,
            implied,
            rows: HashTable::new(),
            hasher: RandomState::default(),
            key: Vec::new(),
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
        self.dimensions.contains(&Dimension::Hour)
    }

    /// Adds a flow, hour by hour where the rows tell hours apart.
    pub(super) fn add(&mut self, flow: &FlowRecord, hours: &[HourShare], database: &Database) {
        if !self.is_by_hour() {
            self.row(flow, flow.first, database).add(flow.counts, flow.first, flow.last);
            return;
        }
        for share in hours {
            let end = CaptureTime(share.hour.0.saturating_add(HOUR - 1));
            let within = |time: CaptureTime| time.clamp(share.hour, end);
            let (first, last) = (within(flow.first), within(flow.last));
            self.row(flow, share.hour, database).add(share.counts, first, last);
        }
    }

    fn row(&mut self, flow: &FlowRecord, hour: CaptureTime, database: &Database) -> &mut RollupRow {
        let Self { dimensions, implied, rows, hasher, key, most, hits } = self;
        let is_named = flow.best_name().is_some();
        key.clear();
        for (place, dimension) in dimensions.iter().enumerate() {
            row_key::put(
                key,
                match *implied {
                    Some(at) if at == place && is_named => ValueRef::Implied,
                    _ => dimension.borrowed(flow, hour, database),
                },
            );
        }
        let mut hash = hasher.hash_one(&key[..]);
        if rows.len() >= *most && rows.find(hash, |row| *row.key == key[..]).is_none() {
            *hits += 1;
            key.clear();
            for dimension in dimensions.iter() {
                row_key::put(
                    key,
                    if dimension.is_open() {
                        ValueRef::OTHER
                    } else {
                        dimension.borrowed(flow, hour, database)
                    },
                );
            }
            hash = hasher.hash_one(&key[..]);
        }
        let same = |row: &Hashed| row.hash == hash && *row.key == key[..];
        let make = || Hashed { hash, key: key[..].into(), sums: RollupRow::default() };
        &mut rows.entry(hash, same, |row| row.hash).or_insert_with(make).into_mut().sums
    }

    /// The rows so far, ordered.
    pub(super) fn rollup(self) -> Rollup {
        let rows = self.rows.into_iter().map(|row| (row_key::values(&row.key), row.sums));
        let mut rows: Vec<_> = rows.collect();
        rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Rollup { dimensions: self.dimensions, rows }
    }
}
