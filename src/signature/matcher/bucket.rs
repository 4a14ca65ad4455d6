//! Which keys may be there, and where their records are: small enough for the processor's cache.

use crate::flow::prefetch;

use super::record::UNIT;
use super::suffix::equal_octets;

/// Buckets of up to twelve keys. Keys come in the order of their hashes; one that has no room
/// in the bucket that its hash names stands in the next that has.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    buckets: Vec<Bucket>,
    /// How many buckets hashes name; what the last one has no room for stands behind.
    homes: usize,
}

/// An octet of each key's hash, and where its record starts. Two buckets fill a cache line.
#[derive(Clone, Debug)]
#[repr(align(32))]
struct Bucket {
    /// The keys' tags; 0 where there is no key.
    tags: [u8; ENTRIES],
    /// Where the records of this bucket begin, in units.
    first: u32,
    /// How many units behind it each key's record starts.
    starts: [u8; ENTRIES],
    /// Whether keys that belong here stand in the next bucket.
    continued: bool,
}

const ENTRIES: usize = 12;
/// Keys of a bucket on average: one bucket of 16 overflows, then.
const USED: usize = 8;
/// The upper bits of the octets that are tags.
const TAGS: u128 = (1 << (8 * ENTRIES)) - 1;

impl Bucket {
    const EMPTY: Self =
        Self { tags: [0; ENTRIES], first: 0, starts: [0; ENTRIES], continued: false };

    /// A bit in the octet of each entry that has this tag.
    fn hits(&self, tag: u8) -> u128 {
        let mut word = [0; 16];
        for (to, from) in word.iter_mut().zip(self.tags) {
            *to = from;
        }
        equal_octets(u128::from_le_bytes(word), tag) & TAGS
    }

    /// Adds a key whose record starts at this unit, where there is room.
    fn insert(&mut self, tag: u8, start: u32) -> Option<()> {
        let entry = self.tags.iter().position(|tag| *tag == 0)?;
        if entry == 0 {
            self.first = start;
        }
        let behind = u8::try_from(start.checked_sub(self.first)?).ok()?;
        *self.starts.get_mut(entry)? = behind;
        *self.tags.get_mut(entry)? = tag;
        Some(())
    }
}

impl Buckets {
    /// Buckets for the keys of these hashes, which must be in order; `start` says of each, by
    /// its place, at which unit its record starts: never before the one of the key before.
    pub(super) fn of(hashes: impl ExactSizeIterator<Item = (u64, u32)>) -> Self {
        let homes = hashes.len() / USED + 1;
        let mut buckets = Self { buckets: vec![Bucket::EMPTY; homes], homes };
        let mut at = 0;
        for (hash, start) in hashes {
            let home = buckets.index(hash);
            at = at.max(home);
            loop {
                if at == buckets.buckets.len() {
                    buckets.buckets.push(Bucket::EMPTY);
                }
                let Some(bucket) = buckets.buckets.get_mut(at) else { return buckets };
                // An empty bucket takes every key.
                if bucket.insert(tag_of(hash), start).is_some() {
                    break;
                }
                at += 1;
            }
            for passed in buckets.buckets.iter_mut().take(at).skip(home) {
                passed.continued = true;
            }
        }
        buckets
    }

    /// Octets that the buckets take.
    pub(super) fn octets(&self) -> usize {
        self.buckets.capacity() * size_of::<Bucket>()
    }

    /// Asks for the memory that [`find`](Self::find) will read.
    pub(super) fn prefetch(&self, hash: u64) {
        if let Some(bucket) = self.buckets.get(self.index(hash)) {
            prefetch(bucket);
        }
    }

    /// The first result that `read` gives for the record of a key that may have this hash.
    #[inline]
    pub(super) fn find<T>(&self, hash: u64, read: impl Fn(usize) -> Option<T>) -> Option<T> {
        let mut at = self.index(hash);
        loop {
            let bucket = self.buckets.get(at)?;
            let mut hits = bucket.hits(tag_of(hash));
            while hits != 0 {
                let entry = hits.trailing_zeros() as usize / 8;
                let start = bucket.first as usize + usize::from(*bucket.starts.get(entry)?);
                if let Some(found) = read(start * UNIT) {
                    return Some(found);
                }
                hits &= hits - 1;
            }
            if !bucket.continued {
                return None;
            }
            at += 1;
        }
    }

    /// The upper half of the hash, spread over the buckets without a division, in its order.
    #[expect(clippy::cast_possible_truncation, reason = "the product's upper half is an index")]
    fn index(&self, hash: u64) -> usize {
        ((u128::from(hash) * self.homes as u128) >> 64) as usize
    }
}

/// The lowest octet of the hash, since [`Buckets::index`] depends on the upper ones; never 0.
#[expect(clippy::cast_possible_truncation, reason = "the lowest octet is meant")]
fn tag_of(hash: u64) -> u8 {
    (hash as u8).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places of the records that may have this hash.
    fn all(buckets: &Buckets, hash: u64) -> Vec<usize> {
        let found = std::cell::RefCell::new(Vec::new());
        let nothing: Option<()> = buckets.find(hash, |at| {
            found.borrow_mut().push(at / UNIT);
            None
        });
        assert_eq!(nothing, None);
        found.into_inner()
    }

    #[test]
    fn every_key_is_found_also_where_buckets_overflow() {
        // All of one bucket: the first, one inside, the last, behind which there is none.
        for high in [0, 1 << 63, u64::MAX << 16] {
            let hashes: Vec<_> =
                (0..100).map(|n| (high | n, 30 * u32::try_from(n).unwrap())).collect();
            let buckets = Buckets::of(hashes.iter().copied());
            for (hash, start) in hashes {
                assert!(all(&buckets, hash).contains(&(start as usize)), "{high:x} {hash:x}");
            }
            assert!(all(&buckets, high | 0xc8).is_empty());
            assert!(all(&buckets, 1 << 62 | 1).is_empty());
        }
    }

    #[test]
    fn a_key_whose_record_is_too_far_behind_stands_in_the_next_bucket() {
        let buckets = Buckets::of([(5, 0), (6, 255), (7, 256), (8, 100_000)].into_iter());
        for (hash, start) in [(5, 0), (6, 255), (7, 256), (8, 100_000)] {
            assert_eq!(all(&buckets, hash), [start]);
        }
        assert_eq!(buckets.buckets.len(), 3);
    }

    #[test]
    fn an_empty_entry_is_never_a_hit() {
        let none = Buckets::of(Vec::new().into_iter());
        for hash in [0, 1, 255, u64::MAX] {
            assert!(all(&none, hash).is_empty());
            assert!(all(&Buckets::default(), hash).is_empty());
        }
        let one = Buckets::of([(256, 9)].into_iter());
        assert_eq!(all(&one, 0), [9], "0 and 1 share a tag; the record tells them apart");
    }

    #[test]
    fn two_buckets_are_one_cache_line() {
        assert_eq!(size_of::<Bucket>(), 32);
        assert_eq!(align_of::<Bucket>(), 32);
    }
}
