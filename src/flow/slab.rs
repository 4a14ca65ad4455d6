//! Slots that never move: chunks, so that growing copies nothing.

/// Values by number; numbers of removed values are given again.
#[derive(Debug)]
pub(super) struct Slab<T> {
    chunks: Vec<Box<[Option<T>; CHUNK]>>,
    free: Vec<u32>,
    /// Numbers given so far.
    given: u32,
    len: usize,
}

const CHUNK_BITS: u32 = 12;
const CHUNK: usize = 1 << CHUNK_BITS;

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), free: Vec::new(), given: 0, len: 0 }
    }
}

impl<T> Slab<T> {
    /// Values there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The place of a number, if there is one.
    #[inline]
    pub(super) fn place(&self, number: u32) -> Option<&Option<T>> {
        Some(&self.chunks.get((number >> CHUNK_BITS) as usize)?[number as usize % CHUNK])
    }

    #[inline]
    fn place_mut(&mut self, number: u32) -> Option<&mut Option<T>> {
        Some(&mut self.chunks.get_mut((number >> CHUNK_BITS) as usize)?[number as usize % CHUNK])
    }

    /// The value of a number.
    #[inline]
    pub(super) fn get(&self, number: u32) -> Option<&T> {
        self.place(number)?.as_ref()
    }

    /// The value of a number, to change it.
    #[inline]
    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.place_mut(number)?.as_mut()
    }

    /// Keeps a value and gives its number.
    pub(super) fn insert(&mut self, value: T) -> u32 {
        self.len += 1;
        let number = self.free.pop().unwrap_or_else(|| {
            self.given += 1;
            self.given - 1
        });
        if number as usize / CHUNK == self.chunks.len() {
            let chunk: Vec<Option<T>> = (0..CHUNK).map(|_| None).collect();
            if let Ok(chunk) = chunk.into_boxed_slice().try_into() {
                self.chunks.push(chunk);
            }
        }
        if let Some(place) = self.place_mut(number) {
            *place = Some(value);
        }
        number
    }

    /// Takes the value of a number out.
    pub(super) fn remove(&mut self, number: u32) -> Option<T> {
        let value = self.place_mut(number)?.take()?;
        self.free.push(number);
        self.len -= 1;
        Some(value)
    }

    /// Takes all values out in the order of their numbers and gives the room back on the way.
    /// `ahead` sees each value some places before its turn.
    pub(super) fn drain(&mut self, places: usize, ahead: impl Fn(&T), mut take: impl FnMut(T)) {
        for mut chunk in std::mem::take(self).chunks {
            for at in 0..CHUNK {
                chunk.get(at + places).and_then(Option::as_ref).into_iter().for_each(&ahead);
                chunk.get_mut(at).and_then(Option::take).into_iter().for_each(&mut take);
            }
        }
    }

    /// The numbers in use, ascending.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        (0..self.given).filter(|n| self.get(*n).is_some())
    }
}
