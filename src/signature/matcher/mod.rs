//! Which pattern covers a name: one hash look-up per label at most, no allocation, whatever the
//! number of patterns.

use std::hash::{BuildHasher, Hasher};

use arrayvec::ArrayVec;
use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::database::{Match, SignatureId};
use super::pattern::Pattern;

/// All host patterns, by the labels on the right of their wildcard.
///
/// A name's suffixes are looked up from the longest to the shortest, so the first hit is the
/// most specific one; only a wildcard inside can still beat a suffix that was hit first.
#[derive(Debug, Default)]
pub(super) struct NameTable {
    /// Seeded at random: names come from the wire.
    seed: RandomState,
    /// Where the record of each key starts.
    table: HashTable<u32>,
    /// The records one after the other, so that a hit costs one visit to far memory: three
    /// claims of four octets (exact, below, list; little endian), the key's length, `*.`, key.
    records: Vec<u8>,
    /// Patterns with a wildcard inside, ordered by (list, first, signature).
    inside: Vec<Inside>,
    /// Bit n: some key has n labels. Suffixes of other lengths need no look-up.
    depths: u128,
}

/// What is known of one key.
#[derive(Clone, Copy)]
struct Record<'t> {
    /// Who claims exactly this name.
    exact: Claim,
    /// Who claims the names below it.
    below: Claim,
    /// The list of wildcards inside that end with this key.
    list: Claim,
    /// `*.` and the key: the pattern of either kind is a slice of it.
    pattern: &'t [u8],
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

    /// The smaller index: ties go to the smaller id.
    fn lower(self, index: u32) -> Self {
        Self(self.0.min(index))
    }
}

impl NameTable {
    /// A table with room for `patterns` keys.
    pub(super) fn with_capacity(patterns: usize) -> Self {
        Self { table: HashTable::with_capacity(patterns), ..Self::default() }
    }

    /// Adds a checked pattern, as written. `None` when the table is full (4 GiB of records).
    pub(super) fn insert(&mut self, text: &str, signature: SignatureId) -> Option<()> {
        let pattern = Pattern::split(text);
        let lists = u32::try_from(self.inside.len()).ok()?;
        let at = self.entry(pattern.base())?;
        match pattern {
            Pattern::Exact(_) => self.claim(at, Field::Exact, signature.0)?,
            Pattern::Below(_) => self.claim(at, Field::Below, signature.0)?,
            Pattern::Inside { first, .. } => {
                let list = self.claim(at, Field::List, lists)?.0;
                let (pattern, first_len) = (text.into(), first.len());
                self.inside.push(Inside { list, pattern, first_len, signature });
                Claim(list)
            }
        };
        Some(())
    }

    /// To be called once, when everything is in.
    pub(super) fn finish(&mut self) {
        self.inside.sort_by(|a, b| (a.key(), a.signature).cmp(&(b.key(), b.signature)));
        self.records.shrink_to_fit();
    }

    /// The most specific pattern that covers `name`, of equally specific ones that of the
    /// smallest signature.
    pub(super) fn find(&self, name: &str) -> Option<Match<'_>> {
        let starts = self.suffix_starts(name);
        let mut below: Option<Match<'_>> = None;
        let mut inside: Option<&Inside> = None;
        for (deeper, &start) in starts.iter().enumerate().rev() {
            let Some(suffix) = self.wanted(name, deeper + 1, start) else { continue };
            let Some(record) = self.look_up(suffix) else { continue };
            if start == 0 {
                if let Some(signature) = record.exact.get() {
                    return record.matched(Kind::Exact, signature);
                }
                continue;
            }
            if let Some(found) = self.find_inside(record, name)
                && inside.is_none_or(|so_far| found.signature < so_far.signature)
            {
                inside = Some(found);
            }
            if below.is_none() {
                below = record.below.get().and_then(|s| record.matched(Kind::Below, s));
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

    fn look_up(&self, key: &str) -> Option<Record<'_>> {
        let same = |&at: &u32| key_at(&self.records, at) == key.as_bytes();
        Record::at(&self.records, *self.table.find(hash(&self.seed, key.as_bytes()), same)?)
    }

    fn find_inside(&self, record: Record<'_>, name: &str) -> Option<&Inside> {
        let list = record.list.get()?;
        // The pattern has `*.` before the key, one octet more than the dot in the name.
        let rest = name.get(..(name.len() + 1).checked_sub(record.pattern.len())?)?;
        let (first, _) = rest.rsplit_once('.')?;
        let at = self.inside.partition_point(|inside| inside.key() < (list, first));
        self.inside.get(at).filter(|inside| inside.key() == (list, first))
    }

    /// Where the key's record starts; it is made where there is none.
    fn entry(&mut self, key: &str) -> Option<u32> {
        let Self { seed, table, records, depths, .. } = self;
        let at = u32::try_from(records.len()).ok()?;
        let len = u8::try_from(key.len()).ok()?;
        let labels = key.bytes().filter(|&b| b == b'.').count() + 1;
        let same = |&at: &u32| key_at(records, at) == key.as_bytes();
        let again = |&at: &u32| hash(seed, key_at(records, at));
        let slot = match table.entry(hash(seed, key.as_bytes()), same, again) {
            Entry::Occupied(slot) => return Some(*slot.get()),
            Entry::Vacant(slot) => slot,
        };
        *depths |= 1u128.checked_shl(u32::try_from(labels).ok()?)?;
        slot.insert(at);
        records.extend([0xff; LEN_AT]);
        records.push(len);
        records.extend_from_slice(b"*.");
        records.extend_from_slice(key.as_bytes());
        Some(at)
    }

    /// Claims a key for an index, unless a smaller one has it; gives who has it now.
    fn claim(&mut self, at: u32, field: Field, index: u32) -> Option<Claim> {
        let place = self.records.get_mut(at as usize + field as usize..)?;
        let place = place.first_chunk_mut::<4>()?;
        let claim = Claim(u32::from_le_bytes(*place)).lower(index);
        *place = claim.0.to_le_bytes();
        Some(claim)
    }
}

/// The claims' places in a record.
#[derive(Clone, Copy)]
enum Field {
    Exact = 0,
    Below = 4,
    List = 8,
}

/// The place of the key's length in a record.
const LEN_AT: usize = 12;

impl<'t> Record<'t> {
    fn at(records: &'t [u8], at: u32) -> Option<Self> {
        let record = records.get(at as usize..)?;
        let claim = |field: Field| {
            let octets = record.get(field as usize..)?.first_chunk::<4>()?;
            Some(Claim(u32::from_le_bytes(*octets)))
        };
        let len = usize::from(*record.get(LEN_AT)?);
        Some(Self {
            exact: claim(Field::Exact)?,
            below: claim(Field::Below)?,
            list: claim(Field::List)?,
            pattern: record.get(LEN_AT + 1..)?.get(..len + 2)?,
        })
    }

    fn matched(self, kind: Kind, signature: u32) -> Option<Match<'t>> {
        let pattern = match kind {
            Kind::Exact => self.pattern.get(2..)?,
            Kind::Below => self.pattern,
        };
        let pattern = std::str::from_utf8(pattern).ok()?;
        let specificity = Pattern::split(pattern).specificity();
        Some(Match { signature: SignatureId(signature), pattern, specificity })
    }
}

/// The key of the record at `at`; empty where there is none.
fn key_at(records: &[u8], at: u32) -> &[u8] {
    let record = records.get(at as usize..).unwrap_or_default();
    let len = record.get(LEN_AT).copied().map_or(0, usize::from);
    record.get(LEN_AT + 3..).and_then(|rest| rest.get(..len)).unwrap_or_default()
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

fn hash(seed: &RandomState, key: &[u8]) -> u64 {
    let mut hasher = seed.build_hasher();
    hasher.write(key);
    hasher.finish()
}

/// RFC 1035 §2.3.4, as text without the final dot.
const LONGEST_NAME: usize = 253;
/// So many labels have room in the longest name.
const MOST_LABELS: usize = 127;

#[cfg(test)]
mod tests;
