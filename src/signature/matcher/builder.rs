//! Patterns come in, a table comes out.

use hashbrown::HashMap;

use super::record::{Claims, Record};
use super::{Buckets, Inside, NameTable, Pattern, SignatureId};

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

    /// The table. `None` when its records would take 4 GiB.
    pub(in crate::signature) fn finish(self) -> Option<NameTable> {
        let Self { keys, mut inside } = self;
        let mut buckets = Buckets::with_capacity(keys.len());
        let octets = keys.keys().map(|key| key.len() + BEFORE_KEY).sum();
        let mut records = Vec::with_capacity(octets);
        let mut depths = 0;
        for (key, claims) in keys {
            let start = u32::try_from(records.len()).ok().filter(|at| *at != u32::MAX)?;
            Record::write(&mut records, claims, key)?;
            buckets.insert(buckets.hash(key.as_bytes()), start);
            let labels = key.bytes().filter(|&b| b == b'.').count() + 1;
            depths |= 1u128.checked_shl(u32::try_from(labels).ok()?)?;
        }
        inside.sort_by(|a, b| (a.key(), a.signature).cmp(&(b.key(), b.signature)));
        inside.shrink_to_fit();
        records.shrink_to_fit();
        Some(NameTable { buckets, records, inside, depths })
    }
}

/// Octets before a key that has one claim; few have more.
const BEFORE_KEY: usize = 8;
