//! Patterns come in, a table comes out.

use hashbrown::HashMap;

use super::record::{Claims, HEAD, Record, UNIT};
use super::{Buckets, Inside, NameTable, Pattern, SignatureId, SuffixHasher};

/// Collects patterns. Signatures and patterns may come in any order.
#[derive(Debug, Default)]
pub(in crate::signature) struct NameTableBuilder<'p> {
    keys: HashMap<&'p str, Claims>,
    inside: Vec<Inside>,
}

impl<'p> NameTableBuilder<'p> {
    /// Room for this many patterns.
    pub(in crate::signature) fn with_capacity(patterns: usize) -> Self {
        Self { keys: HashMap::with_capacity(patterns), inside: Vec::new() }
    }

    /// Adds a checked pattern, as written. `None` when there are too many.
    pub(in crate::signature) fn insert(
        &mut self,
        text: &'p str,
        signature: SignatureId,
    ) -> Option<()> {
        let pattern = Pattern::split(text);
        let claims = self.keys.entry(pattern.base()).or_insert(Claims::NONE);
        match pattern {
            Pattern::Exact(_) => claims.exact = claims.exact.lower(signature.0),
            Pattern::Below(_) => claims.below = claims.below.lower(signature.0),
            Pattern::Inside { first, .. } => {
                claims.list = claims.list.lower(u32::try_from(self.inside.len()).ok()?);
                let list = claims.list.get()?;
                let (pattern, first_len) = (text.into(), first.len());
                self.inside.push(Inside { list, pattern, first_len, signature });
            }
        }
        Some(())
    }

    /// The table. `None` when its records would take 32 GiB.
    pub(in crate::signature) fn finish(self) -> Option<NameTable> {
        let Self { keys, mut inside } = self;
        let hasher = SuffixHasher::default();
        let mut depths = 0;
        let mut octets = 0;
        let mut entries = Vec::with_capacity(keys.len());
        for (key, claims) in keys {
            let labels = key.bytes().filter(|&b| b == b'.').count() + 1;
            depths |= 1u128.checked_shl(u32::try_from(labels).ok()?)?;
            octets += (HEAD + key.len() + CLAIM).next_multiple_of(UNIT);
            entries.push((hasher.hash(key), key, claims));
        }
        // A bucket's records lie together, then, and keys with the same hash in any order do.
        entries.sort_unstable_by_key(|(hash, ..)| *hash);
        let mut records = Vec::with_capacity(octets);
        let mut starts = Vec::with_capacity(entries.len());
        for (hash, key, claims) in entries {
            starts.push((hash, Record::write(&mut records, claims, key)?));
        }
        records.shrink_to_fit();
        let buckets = Buckets::of(starts.into_iter());
        inside.sort_by(|a, b| (a.key(), a.signature).cmp(&(b.key(), b.signature)));
        inside.shrink_to_fit();
        Some(NameTable { hasher, buckets, records, inside, depths })
    }
}

/// Octets of the one claim that most keys have.
const CLAIM: usize = 4;
