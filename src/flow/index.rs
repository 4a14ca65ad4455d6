//! From a key's hash to the slot that may hold what it belongs to: a flow, a row.

use super::prefetch::prefetch;

/// Open addressing with linear probing: each entry is a key's 32-bit hash and its slot, so
/// that a probe stays in one cache line and growing never touches the slots.
///
/// Invariants: `2 * capacity / 3 >= len`; an entry lies at or after its home position with no
/// empty entry between.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    /// `hash << 32 | slot + 1`; 0 is empty.
    entries: Vec<u64>,
    /// log2 of the capacity.
    bits: u32,
    /// Bits of a hash below those that tell its home: 32 - `bits`.
    shift: u32,
    len: usize,
}

const SMALLEST_BITS: u32 = 10;

impl Default for Index {
    fn default() -> Self {
        Self {
            entries: vec![0; 1 << SMALLEST_BITS],
            bits: SMALLEST_BITS,
            shift: 32 - SMALLEST_BITS,
            len: 0,
        }
    }
}

impl Index {
    /// Asks for the entries where a key of this hash would stand.
    pub(crate) fn prefetch(&self, hash: u32) {
        prefetch(&self.entries[self.home(hash)]);
    }

    /// The first slot with this hash: most likely the right one.
    pub(crate) fn candidate(&self, hash: u32) -> Option<u32> {
        self.find(hash, |_| true)
    }

    /// The slot with this hash that `is_same` accepts.
    pub(crate) fn find(&self, hash: u32, mut is_same: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut at = self.home(hash);
        loop {
            let entry = self.entries[at];
            if entry == 0 {
                return None;
            }
            if hash_of(entry) == hash && is_same(slot_of(entry)) {
                return Some(slot_of(entry));
            }
            at = self.after(at);
        }
    }

    /// Adds a slot that is not in the index.
    pub(crate) fn insert(&mut self, hash: u32, slot: u32) {
        if (self.len + 1) * 3 > self.entries.len() * 2 {
            self.grow();
        }
        self.place(u64::from(hash) << 32 | (u64::from(slot) + 1));
        self.len += 1;
    }

    /// Takes a slot out, closing the gap so that later entries stay reachable.
    pub(crate) fn remove(&mut self, hash: u32, slot: u32) {
        let wanted = u64::from(hash) << 32 | (u64::from(slot) + 1);
        let mut gap = self.home(hash);
        while self.entries[gap] != wanted {
            if self.entries[gap] == 0 {
                return;
            }
            gap = self.after(gap);
        }
        self.len -= 1;
        let mut at = gap;
        loop {
            at = self.after(at);
            let entry = self.entries[at];
            if entry == 0 {
                break;
            }
            // An entry may move back to the gap unless its home lies after the gap.
            let distance = |from: usize| at.wrapping_sub(from) & (self.entries.len() - 1);
            if distance(self.home(hash_of(entry))) >= distance(gap) {
                self.entries[gap] = entry;
                gap = at;
            }
        }
        self.entries[gap] = 0;
    }

    fn home(&self, hash: u32) -> usize {
        (hash >> self.shift) as usize
    }

    fn after(&self, at: usize) -> usize {
        (at + 1) & (self.entries.len() - 1)
    }

    fn place(&mut self, entry: u64) {
        let mut at = self.home(hash_of(entry));
        while self.entries[at] != 0 {
            at = self.after(at);
        }
        self.entries[at] = entry;
    }

    fn grow(&mut self) {
        self.bits = (self.bits + 1).min(31);
        self.shift = 32 - self.bits;
        let old = std::mem::replace(&mut self.entries, vec![0; 1 << self.bits]);
        for entry in old.into_iter().filter(|e| *e != 0) {
            self.place(entry);
        }
    }
}

fn hash_of(entry: u64) -> u32 {
    (entry >> 32) as u32
}

#[expect(clippy::cast_possible_truncation, reason = "the low half of the entry is the slot")]
fn slot_of(entry: u64) -> u32 {
    (entry as u32).wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_behaves_as_a_map_also_when_hashes_collide(
            steps in prop::collection::vec((any::<bool>(), 0u32..40, 0u32..600), 1..2000)
        ) {
            let (mut index, mut map) = (Index::default(), HashMap::new());
            for (insert, group, slot) in steps {
                let hash = group.wrapping_mul(0x1234_5678) | (u32::from(group % 3 == 0) * 0xffff_f000);
                if insert {
                    if let std::collections::hash_map::Entry::Vacant(e) = map.entry(slot) {
                        e.insert(hash);
                        index.insert(hash, slot);
                    }
                } else if let Some(hash) = map.remove(&slot) {
                    index.remove(hash, slot);
                }
            }
            prop_assert_eq!(index.len, map.len());
            for slot in 0..600 {
                let hash = map.get(&slot).copied();
                let found = hash.and_then(|h| index.find(h, |s| s == slot));
                prop_assert_eq!(found, hash.map(|_| slot));
            }
        }
    }
}
