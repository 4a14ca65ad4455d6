//! The largest of many rows, and the sum of the others: what a page shows of them.

use crate::ledger::RollupRow;

/// The rows with the most octets, and of equals those with the smaller keys.
#[derive(Debug)]
pub(super) struct Top<K> {
    /// The largest first.
    rows: Vec<(K, RollupRow)>,
    others: u64,
    sum: RollupRow,
}

impl<K> Default for Top<K> {
    fn default() -> Self {
        Self { rows: Vec::new(), others: 0, sum: RollupRow::default() }
    }
}

impl<K: Ord> Top<K> {
    /// Adds a row of a key that no other has; of all rows, the `most` largest stay apart.
    pub(super) fn add(&mut self, most: usize, key: K, row: &RollupRow) {
        let octets = row.counts.octets();
        // Nearly every row of a large capture is smaller than the last that is shown.
        let place = self.rows.partition_point(|(known, sums)| {
            let more = sums.counts.octets();
            more > octets || (more == octets && *known < key)
        });
        if place < most {
            self.rows.insert(place, (key, row.clone()));
            if self.rows.len() > most
                && let Some((_, last)) = self.rows.pop()
            {
                self.leave(&last);
            }
        } else {
            self.leave(row);
        }
    }

    fn leave(&mut self, row: &RollupRow) {
        self.others += 1;
        self.sum.merge(row);
    }

    /// Whether anything was added.
    pub(super) fn holds_any(&self) -> bool {
        !self.rows.is_empty()
    }

    /// The largest first.
    pub(super) fn rows(&self) -> &[(K, RollupRow)] {
        &self.rows
    }

    /// How many others there are, and their sum.
    pub(super) fn rest(&self) -> (u64, &RollupRow) {
        (self.others, &self.sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{BothWays, Count};

    fn row(octets: u64) -> RollupRow {
        let counts = BothWays { up: Count { octets, ..Count::default() }, ..BothWays::default() };
        RollupRow { counts, flows: 1, ..RollupRow::default() }
    }

    #[test]
    fn the_largest_stay_apart_in_whatever_order_they_come() {
        let rows = [(1, 10), (2, 30), (3, 20), (4, 20), (5, 5)];
        for turn in 0..rows.len() {
            let mut top = Top::default();
            for (key, octets) in rows.iter().cycle().skip(turn).take(rows.len()) {
                top.add(3, *key, &row(*octets));
            }
            let shown: Vec<_> = top.rows().iter().map(|(key, _)| *key).collect();
            assert_eq!(shown, [2, 3, 4], "from {turn}");
            let (others, sum) = top.rest();
            assert_eq!((others, sum.counts.octets(), sum.flows), (2, 15, 2));
        }
        assert!(!Top::<u8>::default().holds_any());
    }
}
