//! Options at the end of a block: code, length, value, padded to four octets.
#![warn(clippy::indexing_slicing)]

use crate::source::DamageKind;
use crate::source::order::{ByteOrder, Cursor};

/// Text for people; may be there several times, in every block.
pub(super) const COMMENT: u16 = 1;
const END: u16 = 0;

/// Reads options one by one, up to the end mark or the last octet.
#[derive(Debug)]
pub(super) struct Options<'a>(Option<Cursor<'a>>);

impl<'a> Options<'a> {
    pub(super) fn new(octets: &'a [u8], order: ByteOrder) -> Self {
        Self(Some(Cursor::new(octets, order)))
    }
}

impl<'a> Iterator for Options<'a> {
    /// Code and value. After damage nothing more comes.
    type Item = Result<(u16, &'a [u8]), DamageKind>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut cursor = self.0.take()?;
        let (Some(code), Some(len)) = (cursor.u16(), cursor.u16()) else { return None };
        if code == END {
            return None;
        }
        let Some(value) = cursor.take(usize::from(len)) else {
            let left = cursor.rest().len() as u64;
            return Some(Err(DamageKind::OptionLength { code, declared: len.into(), left }));
        };
        // The padding of the last option may be missing: nothing follows it then.
        let padding = usize::from(len).next_multiple_of(4) - usize::from(len);
        self.0 = cursor.take(padding).map(|_| cursor);
        Some(Ok((code, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_up_to_the_end_mark() {
        let octets = b"\x01\0\x03\0abc\0\x02\0\0\0\0\0\0\0\x09\0\x01\0x\0\0\0";
        let options: Vec<_> = Options::new(octets, ByteOrder::Little).map(Result::unwrap).collect();
        assert_eq!(options, [(1, b"abc".as_slice()), (2, b"")]);
    }

    #[test]
    fn an_option_longer_than_its_block_is_damage_and_the_last() {
        let octets = b"\0\x01\0\x09abc\0\0\0\0\0";
        let options: Vec<_> = Options::new(octets, ByteOrder::Big).collect();
        assert_eq!(options, [Err(DamageKind::OptionLength { code: 1, declared: 9, left: 8 })]);
    }
}
