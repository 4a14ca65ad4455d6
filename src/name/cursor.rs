//! Octets of a message, read one after the other.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

/// What is left of a message, and how much of it was read.
#[derive(Clone, Copy, Debug)]
pub(in crate::name) struct Cursor<'a> {
    rest: &'a [u8],
    at: usize,
}

/// Why a message was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::name) enum Stop {
    /// It may be one; its end is missing.
    NeedMore,
    /// It is none.
    Foreign,
}

impl<'a> Cursor<'a> {
    /// At the first of these octets.
    pub(in crate::name) fn new(octets: &'a [u8]) -> Self {
        Self { rest: octets, at: 0 }
    }

    /// Octets that were read.
    pub(in crate::name) fn at(&self) -> usize {
        self.at
    }

    /// What is left, without reading it.
    pub(in crate::name) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next `len` octets.
    pub(in crate::name) fn take(&mut self, len: usize) -> Result<&'a [u8], Stop> {
        let (head, rest) = self.rest.split_at_checked(len).ok_or(Stop::NeedMore)?;
        self.rest = rest;
        self.at += len;
        Ok(head)
    }

    /// The next `N` octets.
    pub(in crate::name) fn array<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        let array = *self.rest.first_chunk::<N>().ok_or(Stop::NeedMore)?;
        self.take(N)?;
        Ok(array)
    }

    /// The next octet.
    pub(in crate::name) fn u8(&mut self) -> Result<u8, Stop> {
        self.array().map(|[octet]| octet)
    }

    /// The next two octets as a number.
    pub(in crate::name) fn u16(&mut self) -> Result<u16, Stop> {
        self.array().map(u16::from_be_bytes)
    }

    /// The next three octets as a number.
    pub(in crate::name) fn u24(&mut self) -> Result<usize, Stop> {
        self.array().map(|[a, b, c]| usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c))
    }

    /// The next four octets as a number.
    pub(in crate::name) fn u32(&mut self) -> Result<u32, Stop> {
        self.array().map(u32::from_be_bytes)
    }

    /// As many octets as the octet before them says.
    pub(in crate::name) fn counted8(&mut self) -> Result<&'a [u8], Stop> {
        let len = self.u8()?;
        self.take(usize::from(len))
    }

    /// As many octets as the two before them say.
    pub(in crate::name) fn counted16(&mut self) -> Result<&'a [u8], Stop> {
        let len = self.u16()?;
        self.take(usize::from(len))
    }

    /// The octets up to `end`, which is read, too; at most `longest` of them.
    pub(in crate::name) fn until(&mut self, end: u8, longest: usize) -> Result<&'a [u8], Stop> {
        match self.rest.iter().take(longest + 1).position(|octet| *octet == end) {
            Some(len) => {
                let octets = self.take(len)?;
                self.u8()?;
                Ok(octets)
            }
            None if self.rest.len() > longest => Err(Stop::Foreign),
            None => Err(Stop::NeedMore),
        }
    }

    /// Reads these octets, and no others.
    pub(in crate::name) fn expect(&mut self, octets: &[u8]) -> Result<(), Stop> {
        let len = octets.len().min(self.rest.len());
        let (Some(there), Some(wanted)) = (self.rest.get(..len), octets.get(..len)) else {
            return Err(Stop::Foreign);
        };
        if there != wanted {
            return Err(Stop::Foreign);
        }
        self.take(octets.len()).map(drop)
    }
}

/// Goes on where it holds.
pub(in crate::name) fn ensure(holds: bool) -> Result<(), Stop> {
    if holds { Ok(()) } else { Err(Stop::Foreign) }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Stop};

    #[test]
    fn octets_are_read_in_their_order_and_not_beyond_their_end() {
        let mut cursor = Cursor::new(&[1, 0, 2, 0, 0, 3, 1, b'a', b'b', 0, b'c']);
        assert_eq!(cursor.u8(), Ok(1));
        assert_eq!(cursor.u16(), Ok(2));
        assert_eq!(cursor.u24(), Ok(3));
        assert_eq!(cursor.counted8(), Ok(&b"a"[..]));
        assert_eq!(cursor.until(0, 1), Ok(&b"b"[..]));
        assert_eq!(cursor.at(), 10);
        assert_eq!(cursor.u16(), Err(Stop::NeedMore));
        assert_eq!(cursor.rest(), b"c");
    }

    #[test]
    fn an_end_that_is_too_far_is_none() {
        assert_eq!(Cursor::new(b"abc").until(0, 3), Err(Stop::NeedMore));
        assert_eq!(Cursor::new(b"abcd").until(0, 3), Err(Stop::Foreign));
        assert_eq!(Cursor::new(b"abcd\0").until(0, 4), Ok(&b"abcd"[..]));
    }

    #[test]
    fn what_is_expected_may_be_there_in_part() {
        assert_eq!(Cursor::new(b"PRO").expect(b"PROXY"), Err(Stop::NeedMore));
        assert_eq!(Cursor::new(b"PRY").expect(b"PROXY"), Err(Stop::Foreign));
        assert_eq!(Cursor::new(b"PROXY ").expect(b"PROXY"), Ok(()));
    }
}
