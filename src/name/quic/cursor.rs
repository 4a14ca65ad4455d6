//! Octets read one after the other, never beyond their end.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

/// What is left to read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(octets: &'a [u8]) -> Self {
        Self { rest: octets }
    }

    /// The next `len` octets; `None`, and nothing read, where there are fewer.
    pub(super) fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(head)
    }

    /// The next octet.
    pub(super) fn u8(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// The next two octets as a number.
    pub(super) fn u16(&mut self) -> Option<u16> {
        let (head, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(u16::from_be_bytes(*head))
    }

    /// The next four octets as a number.
    pub(super) fn u32(&mut self) -> Option<u32> {
        let (head, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(u32::from_be_bytes(*head))
    }

    /// A variable-length integer (RFC 9000 §16): 1, 2, 4 or 8 octets, of which the first two
    /// bits say how many.
    pub(super) fn varint(&mut self) -> Option<u64> {
        let first = self.u8()?;
        let further = (1usize << (first >> 6)) - 1;
        let start = u64::from(first & 0x3f);
        Some(self.take(further)?.iter().fold(start, |n, octet| n << 8 | u64::from(*octet)))
    }

    /// As many octets as the variable-length integer before them says.
    pub(super) fn counted(&mut self) -> Option<&'a [u8]> {
        let len = self.varint()?;
        self.take(usize::try_from(len).ok()?)
    }

    /// As many octets as the octet before them says: a connection ID.
    pub(super) fn connection_id(&mut self) -> Option<&'a [u8]> {
        let len = self.u8()?;
        self.take(usize::from(len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The samples of RFC 9000 §A.1.
    #[test]
    fn variable_length_integers_are_read_as_in_the_rfc() {
        let samples: [(&[u8], u64); 5] = [
            (&[0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c], 151_288_809_941_952_652),
            (&[0x9d, 0x7f, 0x3e, 0x7d], 494_878_333),
            (&[0x7b, 0xbd], 15_293),
            (&[0x25], 37),
            (&[0x40, 0x25], 37),
        ];
        for (octets, number) in samples {
            assert_eq!(Cursor::new(octets).varint(), Some(number));
            assert_eq!(Cursor::new(&octets[..octets.len() - 1]).varint(), None);
        }
    }

    #[test]
    fn nothing_is_read_beyond_the_end() {
        let mut cursor = Cursor::new(&[3, 1, 2]);
        assert_eq!(cursor.counted(), None);
        assert_eq!(Cursor::new(&[2, 1, 2]).connection_id(), Some(&[1, 2][..]));
        assert_eq!(Cursor::new(&[1, 2, 3]).u32(), None);
        assert_eq!(Cursor::new(&[]).u8(), None);
    }
}
