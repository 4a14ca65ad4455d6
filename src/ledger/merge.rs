//! Ledgers of several streams or machines become one. Commutative and associative: sums of
//! parts that hold all frames of their clients are the sums of the whole.

use super::{BothWays, BoundHits, Count, Snapshot};
use crate::source::CaptureAccount;

impl Snapshot {
    /// Adds another snapshot, whose roll-ups are by the same dimensions.
    pub fn merge(&mut self, other: &Self) {
        self.captures.extend(other.captures.iter().cloned());
        // Captures of several machines may have one index: their order is not that of merging.
        self.captures.sort_by(|a, b| place(a).cmp(&place(b)));
        self.balance.merge(&other.balance);
        self.totals.merge(&other.totals);
        for (signature, (flows, counts)) in &other.by_signature {
            let row: &mut (u64, BothWays<Count>) = self.by_signature.entry(*signature).or_default();
            row.0 += flows;
            row.1.add(*counts);
        }
        self.shown_flows += other.shown_flows;
        if self.rollups.is_empty() {
            self.rollups.clone_from(&other.rollups);
        } else {
            for (mine, theirs) in self.rollups.iter_mut().zip(&other.rollups) {
                mine.merge(theirs);
            }
        }
        self.bounds.merge(other.bounds);
        self.sampled.looked += other.sampled.looked;
        self.sampled.copies += other.sampled.copies;
        self.markers.extend(other.markers.iter().cloned());
        self.markers.sort();
    }
}

fn place(capture: &CaptureAccount) -> impl Ord + use<'_> {
    (capture.index, &capture.path, capture.first, capture.frames, capture.octets)
}

impl BoundHits {
    pub(super) fn merge(&mut self, other: Self) {
        self.reassembly += other.reassembly;
        self.fragments += other.fragments;
        self.overlaps += other.overlaps;
        self.dns_answers += other.dns_answers;
        self.flows += other.flows;
        self.names += other.names;
        self.scopes += other.scopes;
        self.resumed += other.resumed;
        self.rows += other.rows;
    }
}
