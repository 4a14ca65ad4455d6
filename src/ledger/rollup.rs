//! Sums over flows, by any dimensions.

use std::fmt;

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

    /// Adds another roll-up by the same dimensions.
    pub fn merge(&mut self, other: &Self) {
        let mut rows: std::collections::BTreeMap<_, _> =
            std::mem::take(&mut self.rows).into_iter().collect();
        for (values, row) in &other.rows {
            rows.entry(values.clone()).or_insert_with(RollupRow::default).merge(row);
        }
        self.rows = rows.into_iter().collect();
    }
}
