//! Slots that never move: chunks, so that growing copies nothing.

/// Values by number; numbers of removed values are given again.
#[derive(Debug)]
pub(super) struct Slab<T> {
    chunks: Vec<Vec<Option<T>>>,
    free: Vec<u32>,
    len: usize,
}

const CHUNK_BITS: u32 = 12;
const CHUNK: usize = 1 << CHUNK_BITS;

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), free: Vec::new(), len: 0 }
    }
}

impl<T> Slab<T> {
    /// Values there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The place of a number, if it was ever given.
    pub(super) fn place(&self, number: u32) -> Option<&Option<T>> {
        self.chunks.get((number >> CHUNK_BITS) as usize)?.get(number as usize % CHUNK)
    }

    /// The value of a number.
    pub(super) fn get(&self, number: u32) -> Option<&T> {
        self.place(number)?.as_ref()
    }

    /// The value of a number, to change it.
    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.chunks
            .get_mut((number >> CHUNK_BITS) as usize)?
            .get_mut(number as usize % CHUNK)?
            .as_mut()
    }

    /// Keeps a value and gives its number.
    pub(super) fn insert(&mut self, value: T) -> u32 {
        self.len += 1;
        if let Some(number) = self.free.pop() {
            self.chunks[(number >> CHUNK_BITS) as usize][number as usize % CHUNK] = Some(value);
            return number;
        }
        if self.chunks.last().is_none_or(|c| c.len() == CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        let chunk = self.chunks.len() - 1;
        let place = self.chunks[chunk].len();
        self.chunks[chunk].push(Some(value));
        u32::try_from(chunk * CHUNK + place).unwrap_or(u32::MAX)
    }

    /// Takes the value of a number out.
    pub(super) fn remove(&mut self, number: u32) -> Option<T> {
        let value = self
            .chunks
            .get_mut((number >> CHUNK_BITS) as usize)?
            .get_mut(number as usize % CHUNK)?
            .take()?;
        self.free.push(number);
        self.len -= 1;
        Some(value)
    }

    /// The numbers in use, ascending.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        let all = u32::try_from(self.chunks.len() * CHUNK).unwrap_or(u32::MAX);
        (0..all).filter(|n| self.get(*n).is_some())
    }
}
