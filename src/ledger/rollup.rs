//! Sums over flows, by any dimensions.

use std::fmt;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::row_store::{Keys, Rows};
use super::{BothWays, Count, Dimension, DimensionValue, row_key};
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
    /// In no order that means anything: see [`Rollup::ordered`].
    store: Store,
}

/// A row with its values.
pub type ListedRow = (Vec<DimensionValue>, RollupRow);

/// The rows: as they were summed, which is small, or each by itself, so that they can be changed.
#[derive(Clone)]
enum Store {
    Packed(Rows, Keys),
    Listed(Vec<ListedRow>),
}

impl Default for Store {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
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
        let Self { dimensions, store: _ } = self;
        f.debug_tuple("Rollup").field(dimensions).field(&rows).finish()
    }
}

impl Rollup {
    /// A roll-up of these rows.
    pub fn of(dimensions: Vec<Dimension>, rows: Vec<ListedRow>) -> Self {
        Self { dimensions, store: Store::Listed(rows) }
    }

    /// A roll-up of rows as they were summed.
    pub(super) fn of_stored(dimensions: Vec<Dimension>, rows: Rows, keys: Keys) -> Self {
        Self { dimensions, store: Store::Packed(rows, keys) }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        match &self.store {
            Store::Packed(rows, _) => rows.len(),
            Store::Listed(rows) => rows.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Shows each row with its values, in no order that means anything. The values are made for
    /// the visit alone: of millions of rows most readers sum, and keep a few.
    pub fn each(&self, mut visit: impl FnMut(&[DimensionValue], &RollupRow)) {
        match &self.store {
            Store::Packed(rows, keys) => {
                let mut values = Vec::with_capacity(self.dimensions.len());
                for row in rows.iter() {
                    row_key::read_into(&mut values, keys.get(row.start, row.len));
                    visit(&values, &row.sums);
                }
            }
            Store::Listed(rows) => rows.iter().for_each(|(values, row)| visit(values, row)),
        }
    }

    /// The same of the rows whose first value is wanted: the others' values are not made.
    pub fn each_of(
        &self,
        is_wanted: impl Fn(&DimensionValue) -> bool,
        mut visit: impl FnMut(&[DimensionValue], &RollupRow),
    ) {
        match &self.store {
            Store::Packed(rows, keys) => {
                let mut values = Vec::with_capacity(self.dimensions.len());
                for row in rows.iter() {
                    let key = keys.get(row.start, row.len);
                    if row_key::first(key).is_none_or(|first| is_wanted(&first)) {
                        row_key::read_into(&mut values, key);
                        visit(&values, &row.sums);
                    }
                }
            }
            Store::Listed(rows) => rows
                .iter()
                .filter(|(values, _)| values.first().is_none_or(&is_wanted))
                .for_each(|(values, row)| visit(values, row)),
        }
    }

    /// The rows each by itself, to be changed.
    pub fn rows_mut(&mut self) -> &mut Vec<ListedRow> {
        if let Store::Packed(..) = &self.store {
            let rows = self.listed();
            self.store = Store::Listed(rows);
        }
        match &mut self.store {
            Store::Listed(rows) => rows,
            Store::Packed(..) => unreachable!("they were listed just now"),
        }
    }

    /// The rows, each by itself, in no order that means anything.
    pub fn listed(&self) -> Vec<ListedRow> {
        let mut rows = Vec::with_capacity(self.len());
        self.each(|values, row| rows.push((values.to_vec(), row.clone())));
        rows
    }

    /// The rows by their values. Most readers sum or want the largest: only who lists all rows
    /// pays for the order.
    pub fn ordered(&self) -> Vec<ListedRow> {
        let mut rows = self.listed();
        rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        rows
    }

    /// Adds another roll-up by the same dimensions. The rows are in the order of their values
    /// then, whichever was added to which.
    pub fn merge(&mut self, other: &Self) {
        // Most rows of one stream are those of another: they are found, not put in order.
        let hasher = RandomState::default();
        let rows = self.rows_mut();
        let mut places = HashTable::with_capacity(rows.len() + other.len());
        for (place, (values, _)) in rows.iter().enumerate() {
            places.insert_unique(hasher.hash_one(values.as_slice()), place, |_| 0);
        }
        other.each(|values, row| {
            let hash = hasher.hash_one(values);
            let is_same = |place: &usize| rows.get(*place).is_some_and(|r| r.0 == *values);
            let known = places.find(hash, is_same).copied();
            if let Some((_, sum)) = known.and_then(|place| rows.get_mut(place)) {
                sum.merge(row);
            } else {
                places.insert_unique(hash, rows.len(), |_| 0);
                rows.push((values.to_vec(), row.clone()));
            }
        });
        // Stable, since that is quick where most rows are in order already.
        rows.sort_by(|a, b| a.0.cmp(&b.0));
    }
}
