//! What is known of a key, in as few octets as tell it.

use super::{Match, SignatureId};
use crate::flow::prefetch;

/// An index, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claim(u32);

impl Claim {
    pub(super) const NONE: Self = Self(u32::MAX);

    pub(super) fn get(self) -> Option<u32> {
        (self != Self::NONE).then_some(self.0)
    }

    /// The smaller index: ties go to the smaller id.
    pub(super) fn lower(self, index: u32) -> Self {
        Self(self.0.min(index))
    }
}

/// Who claims what of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claims {
    /// Exactly this name.
    pub(super) exact: Claim,
    /// The names below it.
    pub(super) below: Claim,
    /// The list of wildcards inside that end with this key.
    pub(super) list: Claim,
}

impl Claims {
    pub(super) const NONE: Self =
        Self { exact: Claim::NONE, below: Claim::NONE, list: Claim::NONE };
}

/// Records start at multiples of so many octets.
pub(super) const UNIT: usize = 8;

/// A record as it is read: the key's length, one octet that says which claims there are, `*.`,
/// the key, the claims (four octets each, little endian). What must be compared has a fixed
/// place, so that nothing waits for anything but the record's own memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record<'t> {
    pub(super) claims: Claims,
    /// `*.` and the key: the pattern of either kind is a slice of it.
    pattern: &'t [u8],
}

const WILDCARD: &[u8] = b"*.";
const LINE: usize = 64;

impl<'t> Record<'t> {
    /// Writes a record at the end of `records` and says at which unit it starts; `None` when the
    /// key is too long or there is no room for it.
    pub(super) fn write(records: &mut Vec<u8>, claims: Claims, key: &str) -> Option<u32> {
        let len = u8::try_from(key.len()).ok()?;
        records.resize(records.len().next_multiple_of(UNIT), 0);
        let start = u32::try_from(records.len() / UNIT).ok()?;
        let all = [claims.exact, claims.below, claims.list];
        let held = all.iter().enumerate().map(|(n, c)| u8::from(*c != Claim::NONE) << n).sum();
        records.extend([len, held]);
        records.extend_from_slice(WILDCARD);
        records.extend_from_slice(key.as_bytes());
        for claim in all.into_iter().filter_map(Claim::get) {
            records.extend(claim.to_le_bytes());
        }
        Some(start)
    }

    /// The record at an octet offset, where it is that of `key`.
    #[inline]
    pub(super) fn of(key: &[u8], records: &'t [u8], at: usize) -> Option<Self> {
        let record = records.get(at..)?;
        // It may reach into the next line of memory: both are asked for at once.
        if let Some(next) = record.get(LINE.min(HEAD + key.len())) {
            prefetch(next);
        }
        let (&[len, held, ..], rest) = record.split_first_chunk::<HEAD>()?;
        if usize::from(len) != key.len() || rest.get(..key.len())? != key {
            return None;
        }
        let mut rest = rest.get(key.len()..)?;
        let mut claim = |bit: u8| {
            if held >> bit & 1 == 0 {
                return Some(Claim::NONE);
            }
            let (octets, after) = rest.split_first_chunk::<4>()?;
            rest = after;
            Some(Claim(u32::from_le_bytes(*octets)))
        };
        let claims = Claims { exact: claim(0)?, below: claim(1)?, list: claim(2)? };
        Some(Self { claims, pattern: record.get(HEAD - WILDCARD.len()..HEAD + key.len())? })
    }

    /// The match of the key itself.
    pub(super) fn exactly(self, signature: u32, specificity: u32) -> Option<Match<'t>> {
        let pattern = std::str::from_utf8(self.pattern.get(WILDCARD.len()..)?).ok()?;
        Some(Match { signature: SignatureId(signature), pattern, specificity })
    }

    /// The match of what lies below the key.
    pub(super) fn below(self, signature: u32, specificity: u32) -> Option<Match<'t>> {
        let pattern = std::str::from_utf8(self.pattern).ok()?;
        Some(Match { signature: SignatureId(signature), pattern, specificity })
    }
}

/// Octets before the key.
pub(super) const HEAD: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_as_it_was_written_and_no_part_of_it_panics() {
        let mut records = vec![7; 3];
        let claims = Claims { exact: Claim(1), list: Claim(70_000), ..Claims::NONE };
        assert_eq!(Record::write(&mut records, claims, "acme.com"), Some(1));
        let record = Record::of(b"acme.com", &records, UNIT).expect("it is there");
        assert_eq!(record.claims, claims);
        assert_eq!(record.below(5, 2).map(|m| m.pattern), Some("*.acme.com"));
        assert_eq!(record.exactly(5, 2).map(|m| m.pattern), Some("acme.com"));
        for other in ["acme.co", "acme.con", "acme.com\u{1}", "", "*.acme.com"] {
            assert_eq!(Record::of(other.as_bytes(), &records, UNIT), None, "{other}");
        }
        for len in 0..records.len() {
            assert!(Record::of(b"acme.com", &records[..len], UNIT).is_none());
        }
        assert_eq!(Record::of(b"acme.com", &records, usize::MAX), None);
        assert_eq!(Record::write(&mut records, claims, &"a".repeat(256)), None);
    }
}
