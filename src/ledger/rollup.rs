//! Sums over flows, by any dimensions.

use std::fmt;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::{BothWays, Count, Dimension, DimensionValue};
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
#[derive(Clone, Default)]
pub struct Rollup {
    /// The dimensions, in the order asked for.
    pub dimensions: Vec<Dimension>,
    /// The rows, in no order that means anything: see [`Rollup::ordered`].
    pub rows: Vec<(Vec<DimensionValue>, RollupRow)>,
}

impl RollupRow {
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

impl fmt::Debug for Rollup {
    /// With the rows in order: two roll-ups that say the same look the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.ordered();
        f.debug_struct("Rollup").field("dimensions", &self.dimensions).field("rows", &rows).finish()
    }
}

impl Rollup {
    /// The rows by their values. Most readers sum or want the largest: only who lists all rows
    /// pays for the order.
    pub fn ordered(&self) -> Vec<&(Vec<DimensionValue>, RollupRow)> {
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        rows
    }

    /// Adds another roll-up by the same dimensions. The rows are in the order of their values
    /// then, whichever was added to which.
    pub fn merge(&mut self, other: &Self) {
        // Most rows of one stream are those of another: they are found, not put in order.
        let hasher = RandomState::default();
        let mut places = HashTable::with_capacity(self.rows.len() + other.rows.len());
        for (place, (values, _)) in self.rows.iter().enumerate() {
            places.insert_unique(hasher.hash_one(values), place, |_| 0);
        }
        for (values, row) in &other.rows {
            let hash = hasher.hash_one(values);
            let is_same = |place: &usize| self.rows.get(*place).is_some_and(|r| r.0 == *values);
            let known = places.find(hash, is_same).copied();
            if let Some((_, sum)) = known.and_then(|place| self.rows.get_mut(place)) {
                sum.merge(row);
            } else {
                places.insert_unique(hash, self.rows.len(), |_| 0);
                self.rows.push((values.clone(), row.clone()));
            }
        }
        // Stable, since that is quick where most rows are in order already.
        self.rows.sort_by(|a, b| a.0.cmp(&b.0));
    }
}
