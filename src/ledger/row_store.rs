//! Where the rows of a roll-up lie, and their values: packed, in the order of their first flows.

use super::RollupRow;

/// Values and their sums.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) hash: u32,
    /// How long the values are.
    pub(super) len: u32,
    /// Where they start: a place in the keys of the table, or in what waits.
    pub(super) start: usize,
    pub(super) sums: RollupRow,
}

/// Rows by place, in chunks: growing moves none, which would need the room of all twice.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows(Vec<Vec<Row>>);

/// Rows in a chunk.
const CHUNK: usize = 4096;

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * CHUNK + last.len())
    }

    pub(super) fn get(&self, place: u32) -> Option<&Row> {
        self.0.get(place as usize / CHUNK)?.get(place as usize % CHUNK)
    }

    pub(super) fn get_mut(&mut self, place: u32) -> Option<&mut Row> {
        self.0.get_mut(place as usize / CHUNK)?.get_mut(place as usize % CHUNK)
    }

    /// The rows, in the order in which they came.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Row> {
        self.0.iter().flatten()
    }

    /// Appends a row and gives its place.
    pub(super) fn push(&mut self, row: Row) -> u32 {
        let place = self.len();
        if place.is_multiple_of(CHUNK) {
            self.0.push(Vec::with_capacity(CHUNK));
        }
        if let Some(last) = self.0.last_mut() {
            last.push(row);
        }
        u32::try_from(place).unwrap_or(u32::MAX)
    }
}

/// The values of rows, in chunks for the same reason: each row's lie whole in one of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys(Vec<Vec<u8>>);

/// Octets in a chunk of keys; a longer key has a chunk of its own.
const KEYS: usize = 1 << 18;

impl Keys {
    /// Appends a row's values and gives their place.
    pub(super) fn push(&mut self, key: &[u8]) -> usize {
        if self.0.last().is_none_or(|last| last.len() + key.len() > KEYS) {
            self.0.push(Vec::with_capacity(KEYS.max(key.len())));
        }
        let before = (self.0.len() - 1) * KEYS;
        let Some(last) = self.0.last_mut() else { return before };
        let place = before + last.len();
        last.extend_from_slice(key);
        place
    }

    /// The octets from a place on.
    pub(super) fn get(&self, place: usize, len: u32) -> &[u8] {
        self.0.get(place / KEYS).map_or(&[], |chunk| values_of(chunk, place % KEYS, len))
    }
}

/// The octets of a row's values.
pub(super) fn values_of(keys: &[u8], start: usize, len: u32) -> &[u8] {
    keys.get(start..start + len as usize).unwrap_or_default()
}
