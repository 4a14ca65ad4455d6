//! What is known of a key, in as few octets as tell it.

use super::{Match, Pattern, SignatureId};

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
#[derive(Clone, Copy, Debug)]
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

/// A record as it is read: one octet that says which claims there are, the key's length, the
/// claims (four octets each, little endian), `*.`, the key.
#[derive(Clone, Copy)]
pub(super) struct Record<'t> {
    pub(super) exact: Claim,
    pub(super) below: Claim,
    pub(super) list: Claim,
    /// `*.` and the key: the pattern of either kind is a slice of it.
    pattern: &'t [u8],
}

const WILDCARD: &[u8] = b"*.";

impl<'t> Record<'t> {
    /// Writes a record at the end of `records`; `None` when the key is too long.
    pub(super) fn write(records: &mut Vec<u8>, claims: Claims, key: &str) -> Option<()> {
        let len = u8::try_from(key.len()).ok()?;
        let all = [claims.exact, claims.below, claims.list];
        let held = all.iter().enumerate().map(|(n, c)| u8::from(*c != Claim::NONE) << n).sum();
        records.extend([held, len]);
        for claim in all.into_iter().filter_map(Claim::get) {
            records.extend(claim.to_le_bytes());
        }
        records.extend_from_slice(WILDCARD);
        records.extend_from_slice(key.as_bytes());
        Some(())
    }

    pub(super) fn at(records: &'t [u8], at: u32) -> Option<Self> {
        let (&[held, len], mut rest) = records.get(at as usize..)?.split_first_chunk::<2>()?;
        let mut claim = |bit: u8| {
            if held >> bit & 1 == 0 {
                return Some(Claim::NONE);
            }
            let (octets, after) = rest.split_first_chunk::<4>()?;
            rest = after;
            Some(Claim(u32::from_le_bytes(*octets)))
        };
        let (exact, below, list) = (claim(0)?, claim(1)?, claim(2)?);
        let pattern = rest.get(..WILDCARD.len() + usize::from(len))?;
        Some(Self { exact, below, list, pattern })
    }

    pub(super) fn key(self) -> &'t [u8] {
        self.pattern.get(WILDCARD.len()..).unwrap_or_default()
    }

    /// The match of the key itself.
    pub(super) fn exactly(self, signature: u32) -> Option<Match<'t>> {
        matched(self.key(), signature)
    }

    /// The match of what lies below the key.
    pub(super) fn below(self, signature: u32) -> Option<Match<'t>> {
        matched(self.pattern, signature)
    }
}

fn matched(pattern: &[u8], signature: u32) -> Option<Match<'_>> {
    let pattern = std::str::from_utf8(pattern).ok()?;
    let specificity = Pattern::split(pattern).specificity();
    Some(Match { signature: SignatureId(signature), pattern, specificity })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_as_it_was_written_and_no_part_of_it_panics() {
        let mut records = vec![7; 3];
        let claims = Claims { exact: Claim(1), list: Claim(70_000), ..Claims::NONE };
        Record::write(&mut records, claims, "acme.com").expect("it is short");
        let record = Record::at(&records, 3).expect("it is there");
        assert_eq!(
            (record.exact, record.below, record.list),
            (Claim(1), Claim::NONE, Claim(70_000))
        );
        assert_eq!(record.key(), b"acme.com");
        assert_eq!(record.below(5).map(|m| m.pattern), Some("*.acme.com"));
        for len in 0..records.len() {
            assert!(Record::at(&records[..len], 3).is_none());
        }
        assert!(Record::at(&records, u32::MAX).is_none());
        assert_eq!(Record::write(&mut records, claims, &"a".repeat(256)), None);
    }
}
