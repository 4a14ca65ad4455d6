//! Where a key's record starts: a hash table of one cache line a bucket.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::RandomState;

use crate::flow::prefetch;

/// Buckets of eight entries. A key stands in the bucket that its hash names or, where that is
/// full, in the next one that has room; entries fill a bucket from the front.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    /// Seeded at random: names come from the wire.
    seed: RandomState,
    buckets: Vec<Bucket>,
}

/// One cache line: half of the hash of each key, and where its record starts.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Bucket {
    tags: [u32; ENTRIES],
    starts: [u32; ENTRIES],
}

const ENTRIES: usize = 8;
/// Entries of a bucket that are used on average: fewer are full, then, than can be noticed.
const USED: usize = 6;
/// No record starts so late: [`NameTableBuilder`](super::NameTableBuilder) refuses.
const NOWHERE: u32 = u32::MAX;

impl Bucket {
    const EMPTY: Self = Self { tags: [0; ENTRIES], starts: [NOWHERE; ENTRIES] };

    fn is_full(&self) -> bool {
        self.starts[ENTRIES - 1] != NOWHERE
    }
}

impl Buckets {
    /// Room for `keys` keys, and at least one bucket that is not full.
    pub(super) fn with_capacity(keys: usize) -> Self {
        Self { seed: RandomState::default(), buckets: vec![Bucket::EMPTY; keys / USED + 1] }
    }

    /// Octets that the buckets take.
    pub(super) fn octets(&self) -> usize {
        self.buckets.capacity() * size_of::<Bucket>()
    }

    pub(super) fn hash(&self, key: &[u8]) -> u64 {
        let mut hasher = self.seed.build_hasher();
        hasher.write(key);
        hasher.finish()
    }

    /// Asks for the memory that [`find`](Self::find) will read.
    pub(super) fn prefetch(&self, hash: u64) {
        if let Some(bucket) = self.buckets.get(self.index(hash)) {
            prefetch(bucket);
        }
    }

    /// The first result that `read` gives for a key with this hash.
    pub(super) fn find<T>(&self, hash: u64, read: impl Fn(u32) -> Option<T>) -> Option<T> {
        let mut at = self.index(hash);
        loop {
            let bucket = self.buckets.get(at)?;
            let mut hits = 0_u32;
            for (entry, tag) in bucket.tags.iter().enumerate() {
                hits |= u32::from(*tag == tag_of(hash)) << entry;
            }
            while hits != 0 {
                let start = bucket.starts.get(hits.trailing_zeros() as usize).copied()?;
                if start != NOWHERE
                    && let Some(found) = read(start)
                {
                    return Some(found);
                }
                hits &= hits - 1;
            }
            if !bucket.is_full() {
                return None;
            }
            at = self.after(at);
        }
    }

    /// Adds a key that is not there yet. There must be room.
    pub(super) fn insert(&mut self, hash: u64, start: u32) {
        let mut at = self.index(hash);
        // There are more entries than keys, so some bucket has room.
        while self.buckets.get(at).is_some_and(Bucket::is_full) {
            at = self.after(at);
        }
        let Some(bucket) = self.buckets.get_mut(at) else { return };
        for (tag, place) in bucket.tags.iter_mut().zip(&mut bucket.starts) {
            if *place == NOWHERE {
                (*tag, *place) = (tag_of(hash), start);
                return;
            }
        }
    }

    /// The upper half of the hash, spread over the buckets without a division.
    #[expect(clippy::cast_possible_truncation, reason = "the product's upper half is an index")]
    fn index(&self, hash: u64) -> usize {
        ((u128::from(hash) * self.buckets.len() as u128) >> 64) as usize
    }

    fn after(&self, at: usize) -> usize {
        if at + 1 == self.buckets.len() { 0 } else { at + 1 }
    }
}

/// The lower half of the hash: [`Buckets::index`] depends on the upper one.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
fn tag_of(hash: u64) -> u32 {
    hash as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: u32 = 100;

    #[test]
    fn every_key_is_found_also_where_buckets_overflow() {
        // All in one bucket's place, and the last one, from which the search goes round.
        for high in [0, u64::MAX << 32] {
            let mut buckets = Buckets::with_capacity(KEYS as usize);
            for key in 0..KEYS {
                buckets.insert(high | u64::from(key), key);
            }
            for key in 0..KEYS {
                let found = buckets.find(high | u64::from(key), Some);
                assert_eq!(found, Some(key));
            }
            assert_eq!(buckets.find(high | u64::from(KEYS), Some), None);
            assert_eq!(buckets.find(1 << 63 | 1, Some), None);
        }
    }

    #[test]
    fn an_empty_entry_is_never_a_hit() {
        let buckets = Buckets::with_capacity(0);
        assert_eq!(buckets.find(0, Some), None);
        assert_eq!(Buckets::default().find(0, Some), None);
    }

    #[test]
    fn a_bucket_is_one_cache_line() {
        assert_eq!(size_of::<Bucket>(), 64);
        assert_eq!(align_of::<Bucket>(), 64);
    }
}
