//! Which pattern covers a name: one hash look-up per label at most, no allocation, whatever the
//! number of patterns.
//!
//! With a million patterns the cost is visits to far memory, not instructions. A key that is not
//! there costs one such visit, to its [`bucket`]; one that is there a second, to its [`record`].
//! The visits for all suffixes of a name are asked for at once, so that they overlap.

mod bucket;
mod builder;
mod record;

use arrayvec::ArrayVec;

use super::database::{Match, SignatureId};
use super::pattern::Pattern;
use bucket::Buckets;
pub(super) use builder::NameTableBuilder;
use record::Record;

/// All host patterns, by the labels on the right of their wildcard: the keys.
///
/// A name's suffixes are looked up from the longest to the shortest, so the first hit is the
/// most specific one; only a wildcard inside can still beat a suffix that was hit first.
#[derive(Debug, Default)]
pub(super) struct NameTable {
    buckets: Buckets,
    /// The records one after the other.
    records: Vec<u8>,
    /// Patterns with a wildcard inside, ordered by (list, first, signature).
    inside: Vec<Inside>,
    /// Bit n: some key has n labels. Suffixes of other lengths need no look-up.
    depths: u128,
}

#[derive(Debug)]
struct Inside {
    list: u32,
    pattern: Box<str>,
    first_len: usize,
    signature: SignatureId,
}

/// A suffix of a name that may be a key.
#[derive(Clone, Copy)]
struct Suffix {
    start: u8,
    hash: u64,
}

impl NameTable {
    /// Octets that the table takes.
    pub(super) fn octets(&self) -> usize {
        let inside: usize = self.inside.iter().map(|i| i.pattern.len()).sum();
        self.buckets.octets()
            + self.records.capacity()
            + self.inside.capacity() * size_of::<Inside>()
            + inside
    }

    /// The most specific pattern that covers `name`, of equally specific ones that of the
    /// smallest signature.
    pub(super) fn find(&self, name: &str) -> Option<Match<'_>> {
        let mut below: Option<Match<'_>> = None;
        let mut inside: Option<&Inside> = None;
        for suffix in self.suffixes(name).into_iter().rev() {
            let Some(key) = name.get(usize::from(suffix.start)..) else { continue };
            let Some(record) = self.look_up(suffix.hash, key) else { continue };
            if suffix.start == 0 {
                if let Some(signature) = record.exact.get() {
                    return record.exactly(signature);
                }
                continue;
            }
            if let Some(found) = self.find_inside(record, name)
                && inside.is_none_or(|so_far| found.signature < so_far.signature)
            {
                inside = Some(found);
            }
            if below.is_none() {
                below = record.below.get().and_then(|signature| record.below(signature));
            }
            if below.is_some() && self.inside.is_empty() {
                break;
            }
        }
        inside.map(Inside::matched).or(below)
    }

    /// The name's suffixes that have as many labels as some key, shortest first, each asked for.
    fn suffixes(&self, name: &str) -> ArrayVec<Suffix, MOST_LABELS> {
        let mut suffixes = ArrayVec::new();
        let deepest = 127usize.saturating_sub(self.depths.leading_zeros() as usize);
        if name.len() > LONGEST_NAME {
            return suffixes;
        }
        let mut labels = 0;
        let mut take = |start: usize| {
            labels += 1;
            if self.depths >> labels & 1 == 1
                && let (Ok(at), Some(key)) = (u8::try_from(start), name.as_bytes().get(start..))
            {
                let hash = self.buckets.hash(key);
                self.buckets.prefetch(hash);
                suffixes.push(Suffix { start: at, hash });
            }
            labels < deepest
        };
        if deepest == 0 {
            return suffixes;
        }
        for (at, _) in name.bytes().enumerate().rev().filter(|(_, octet)| *octet == b'.') {
            if !take(at + 1) {
                return suffixes;
            }
        }
        take(0);
        suffixes
    }

    fn look_up(&self, hash: u64, key: &str) -> Option<Record<'_>> {
        self.buckets.find(hash, |at| {
            Record::at(&self.records, at).filter(|record| record.key() == key.as_bytes())
        })
    }

    fn find_inside(&self, record: Record<'_>, name: &str) -> Option<&Inside> {
        let list = record.list.get()?;
        // The pattern has `*.` before the key, one octet more than the dot in the name.
        let rest = name.get(..(name.len() + 1).checked_sub(record.key().len() + 2)?)?;
        let (first, _) = rest.rsplit_once('.')?;
        let at = self.inside.partition_point(|inside| inside.key() < (list, first));
        self.inside.get(at).filter(|inside| inside.key() == (list, first))
    }
}

impl Inside {
    fn key(&self) -> (u32, &str) {
        (self.list, self.pattern.get(..self.first_len).unwrap_or_default())
    }

    fn matched(&self) -> Match<'_> {
        let specificity = Pattern::split(&self.pattern).specificity();
        Match { signature: self.signature, pattern: &self.pattern, specificity }
    }
}

/// RFC 1035 §2.3.4, as text without the final dot.
const LONGEST_NAME: usize = 253;
/// So many labels have room in the longest name.
const MOST_LABELS: usize = 127;

#[cfg(test)]
mod tests;
