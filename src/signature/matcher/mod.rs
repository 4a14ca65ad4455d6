//! Which pattern covers a name: no allocation, whatever the number of patterns.
//!
//! With a million patterns the cost is visits to far memory, not instructions. All suffixes of a
//! name are hashed in one pass ([`suffix`]); an octet of each key's hash stands in a table that
//! the processor's cache holds ([`bucket`]), so a suffix that is no key costs no such visit, and
//! one that is costs one: to its [`record`], which holds all that the answer needs.

mod bucket;
mod builder;
mod record;
mod suffix;

use super::database::{Match, SignatureId};
use super::pattern::Pattern;
use bucket::Buckets;
pub(super) use builder::NameTableBuilder;
use record::Record;
use suffix::{Suffix, SuffixHasher};

/// All host patterns, by the labels on the right of their wildcard: the keys.
///
/// A name's suffixes are looked up from the longest to the shortest, so the first hit is the
/// most specific one; only a wildcard inside can still beat a suffix that was hit first.
#[derive(Debug, Default)]
pub(super) struct NameTable {
    hasher: SuffixHasher,
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
        let suffixes = self.hasher.suffixes(name, self.depths, |hash| self.buckets.prefetch(hash));
        for suffix in suffixes.iter().rev() {
            let Some(record) = self.look_up(name, *suffix) else { continue };
            let labels = u32::from(suffix.labels);
            if suffix.start == 0 {
                if let Some(signature) = record.claims.exact.get() {
                    return record.exactly(signature, Pattern::exact_specificity(labels));
                }
                continue;
            }
            if let Some(found) = self.find_inside(record, *suffix, name)
                && inside.is_none_or(|so_far| found.signature < so_far.signature)
            {
                inside = Some(found);
            }
            if below.is_none()
                && let Some(signature) = record.claims.below.get()
            {
                below = record.below(signature, Pattern::below_specificity(labels));
            }
            if below.is_some() && self.inside.is_empty() {
                break;
            }
        }
        inside.map(Inside::matched).or(below)
    }

    fn look_up(&self, name: &str, suffix: Suffix) -> Option<Record<'_>> {
        let key = name.as_bytes().get(usize::from(suffix.start)..)?;
        self.buckets.find(suffix.hash, |at| Record::of(key, &self.records, at))
    }

    fn find_inside(&self, record: Record<'_>, suffix: Suffix, name: &str) -> Option<&Inside> {
        let list = record.claims.list.get()?;
        // Without the dot before the key.
        let rest = name.get(..usize::from(suffix.start).checked_sub(1)?)?;
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

#[cfg(test)]
mod tests;
