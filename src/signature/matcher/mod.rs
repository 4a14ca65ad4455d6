//! Which pattern covers a name: one hash look-up per label at most, no allocation, whatever the
//! number of patterns.

use std::hash::{BuildHasher, Hasher};

use arrayvec::ArrayVec;
use hashbrown::HashTable;

use super::database::{Match, SignatureId};
use super::pattern::Pattern;

/// All host patterns, by the labels on the right of their wildcard.
///
/// A name's suffixes are looked up from the longest to the shortest, so the first hit is the
/// most specific one; only a wildcard inside can still beat a suffix that was hit first.
#[derive(Debug, Default)]
pub(super) struct NameTable {
    /// Seeded at random: names come from the wire.
    seed: foldhash::fast::RandomState,
    table: HashTable<Entry>,
    /// `*.` and the key of every entry, one after the other: the pattern of either kind is a
    /// slice of it.
    text: String,
    /// Patterns with a wildcard inside, ordered by (list, first, signature).
    inside: Vec<Inside>,
    /// Bit n: some key has n labels. Suffixes of other lengths need no look-up.
    depths: u128,
}

/// What is known of one key.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Where `*.key` starts in the text.
    start: u32,
    /// Octets of the key.
    len: u8,
    /// Who claims exactly this name.
    exact: Claim,
    /// Who claims the names below it.
    below: Claim,
    /// The list of wildcards inside that end with this key.
    list: Claim,
}

/// An index, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Claim(u32);

#[derive(Debug)]
struct Inside {
    list: u32,
    pattern: Box<str>,
    first_len: usize,
    signature: SignatureId,
}

impl Claim {
    const NONE: Self = Self(u32::MAX);

    fn get(self) -> Option<u32> {
        (self != Self::NONE).then_some(self.0)
    }

    /// Keeps the smaller index: ties go to the smaller id.
    fn lower_to(&mut self, index: u32) {
        self.0 = self.0.min(index);
    }
}

impl NameTable {
    /// A table with room for `patterns` keys.
    pub(super) fn with_capacity(patterns: usize) -> Self {
        Self { table: HashTable::with_capacity(patterns), ..Self::default() }
    }

    /// Adds a checked pattern, as written. Returns `None` when the table is full (4 GiB of text).
    pub(super) fn insert(&mut self, text: &str, signature: SignatureId) -> Option<()> {
        let pattern = Pattern::split(text);
        let lists = u32::try_from(self.inside.len()).ok()?;
        let entry = self.entry(pattern.base())?;
        match pattern {
            Pattern::Exact(_) => entry.exact.lower_to(signature.0),
            Pattern::Below(_) => entry.below.lower_to(signature.0),
            Pattern::Inside { first, .. } => {
                entry.list.lower_to(lists);
                let list = entry.list.0;
                let (pattern, first_len) = (text.into(), first.len());
                self.inside.push(Inside { list, pattern, first_len, signature });
            }
        }
        Some(())
    }

    /// To be called once, when everything is in.
    pub(super) fn finish(&mut self) {
        self.inside.sort_by(|a, b| (a.key(), a.signature).cmp(&(b.key(), b.signature)));
        self.text.shrink_to_fit();
    }

    /// The most specific pattern that covers `name`, of equally specific ones that of the
    /// smallest signature.
    pub(super) fn find(&self, name: &str) -> Option<Match<'_>> {
        let starts = self.suffix_starts(name);
        let mut below: Option<Match<'_>> = None;
        let mut inside: Option<&Inside> = None;
        for (deeper, &start) in starts.iter().enumerate().rev() {
            let Some(suffix) = self.wanted(name, deeper + 1, start) else { continue };
            let Some(entry) = self.look_up(suffix) else { continue };
            if start == 0 {
                if let Some(signature) = entry.exact.get() {
                    return Some(self.claimed(entry, Kind::Exact, signature));
                }
                continue;
            }
            if let Some(found) = self.find_inside(entry, name)
                && inside.is_none_or(|so_far| found.signature < so_far.signature)
            {
                inside = Some(found);
            }
            if below.is_none() {
                below = entry.below.get().map(|s| self.claimed(entry, Kind::Below, s));
            }
            if below.is_some() && self.inside.is_empty() {
                break;
            }
        }
        inside.map(Inside::matched).or(below)
    }

    /// Where the name's suffixes of 1, 2, 3 … labels start, as far as there are keys so deep.
    fn suffix_starts(&self, name: &str) -> ArrayVec<u8, MOST_LABELS> {
        let mut starts = ArrayVec::new();
        let deepest = 127usize.saturating_sub(self.depths.leading_zeros() as usize);
        if name.len() > LONGEST_NAME {
            return starts;
        }
        for (at, octet) in name.bytes().enumerate().rev() {
            if starts.len() == deepest {
                return starts;
            }
            if octet == b'.'
                && let Ok(start) = u8::try_from(at + 1)
            {
                starts.push(start);
            }
        }
        if starts.len() < deepest {
            starts.push(0);
        }
        starts
    }

    /// The suffix, where there are keys with so many labels.
    fn wanted<'n>(&self, name: &'n str, labels: usize, start: u8) -> Option<&'n str> {
        if self.depths >> labels & 1 == 0 { None } else { name.get(usize::from(start)..) }
    }

    fn look_up(&self, key: &str) -> Option<&Entry> {
        self.table.find(hash(&self.seed, key), |entry| entry.key(&self.text) == key)
    }

    fn find_inside(&self, entry: &Entry, name: &str) -> Option<&Inside> {
        let list = entry.list.get()?;
        let rest = name.get(..name.len().checked_sub(usize::from(entry.len) + 1)?)?;
        let (first, _) = rest.rsplit_once('.')?;
        let at = self.inside.partition_point(|inside| inside.key() < (list, first));
        self.inside.get(at).filter(|inside| inside.key() == (list, first))
    }

    fn claimed(&self, entry: &Entry, kind: Kind, signature: u32) -> Match<'_> {
        let pattern = match kind {
            Kind::Exact => entry.key(&self.text),
            Kind::Below => entry.pattern(&self.text),
        };
        let specificity = Pattern::split(pattern).specificity();
        Match { signature: SignatureId(signature), pattern, specificity }
    }

    /// The key's entry, made where there is none.
    fn entry(&mut self, key: &str) -> Option<&mut Entry> {
        let Self { seed, table, text, depths, .. } = self;
        let start = u32::try_from(text.len()).ok()?;
        let len = u8::try_from(key.len()).ok()?;
        let labels = key.bytes().filter(|&b| b == b'.').count() + 1;
        let same = |entry: &Entry| entry.key(text) == key;
        let again = |entry: &Entry| hash(seed, entry.key(text));
        let slot = match table.entry(hash(seed, key), same, again) {
            hashbrown::hash_table::Entry::Occupied(slot) => return Some(slot.into_mut()),
            hashbrown::hash_table::Entry::Vacant(slot) => slot,
        };
        *depths |= 1u128.checked_shl(u32::try_from(labels).ok()?)?;
        let (exact, below, list) = (Claim::NONE, Claim::NONE, Claim::NONE);
        let slot = slot.insert(Entry { start, len, exact, below, list });
        text.push_str("*.");
        text.push_str(key);
        Some(slot.into_mut())
    }
}

impl Entry {
    fn key<'t>(&self, text: &'t str) -> &'t str {
        let start = self.start as usize + 2;
        text.get(start..start + usize::from(self.len)).unwrap_or_default()
    }

    /// The key with `*.` before it.
    fn pattern<'t>(&self, text: &'t str) -> &'t str {
        let start = self.start as usize;
        text.get(start..start + 2 + usize::from(self.len)).unwrap_or_default()
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

/// The two kinds of pattern that a key alone makes.
#[derive(Clone, Copy)]
enum Kind {
    Exact,
    Below,
}

fn hash(seed: &foldhash::fast::RandomState, key: &str) -> u64 {
    let mut hasher = seed.build_hasher();
    hasher.write(key.as_bytes());
    hasher.finish()
}

/// RFC 1035 §2.3.4, as text without the final dot.
const LONGEST_NAME: usize = 253;
/// So many labels have room in the longest name.
const MOST_LABELS: usize = 127;

#[cfg(test)]
mod tests;
