//! HPACK (RFC 7541): header blocks become fields.
//!
//! The crates that there are panic on cut input or build their tables anew for each string; this
//! reads any input in time linear to it.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::collections::VecDeque;
use std::sync::Arc;

use super::huffman;
use super::static_table::FIELDS;
use crate::name::cursor::{Cursor, Stop, ensure};

/// What one direction's blocks have put into the dynamic table (§2.3.2).
///
/// `size` is the sum of [`Self::size_of`] over `fields`, and at most `most`, which is at most
/// [`LARGEST`].
#[derive(Debug)]
pub(super) struct Decoder {
    /// The newest first. Names are shared, since a field can take its name from another.
    fields: VecDeque<Field>,
    size: usize,
    most: usize,
}

/// Name and value.
type Field = (Arc<[u8]>, Box<[u8]>);

/// The block is broken: nothing after it can be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

impl Default for Decoder {
    fn default() -> Self {
        Self { fields: VecDeque::new(), size: 0, most: INITIAL }
    }
}

impl Decoder {
    /// Reads a whole block; gives its fields, in order, to `take`.
    pub(super) fn read(
        &mut self,
        block: &[u8],
        mut take: impl FnMut(&[u8], &[u8]),
    ) -> Result<(), Broken> {
        let mut cursor = Cursor::new(block);
        while let Some(first) = cursor.rest().first().copied() {
            self.field(first, &mut cursor, &mut take).map_err(|_| Broken)?;
        }
        Ok(())
    }

    /// Octets in use.
    pub(super) fn held(&self) -> usize {
        self.size
    }

    /// Reads one representation (§6).
    fn field(
        &mut self,
        first: u8,
        cursor: &mut Cursor<'_>,
        take: &mut impl FnMut(&[u8], &[u8]),
    ) -> Result<(), Stop> {
        match first {
            0x80.. => {
                let index = integer(cursor, 7)?;
                let (name, value) = self.indexed(index)?;
                take(name, value);
            }
            0x40.. => {
                let (name, value) = self.literal(cursor, 6)?;
                take(&name, &value);
                self.insert(name, value);
            }
            0x20.. => {
                let most = integer(cursor, 5)?;
                ensure(most <= LARGEST)?;
                self.most = most;
                self.evict(0);
            }
            _ => {
                let (name, value) = self.literal(cursor, 4)?;
                take(&name, &value);
            }
        }
        Ok(())
    }

    fn indexed(&self, index: usize) -> Result<(&[u8], &[u8]), Stop> {
        let place = index.checked_sub(1).ok_or(Stop::Foreign)?;
        if let Some((name, value)) = FIELDS.get(place) {
            return Ok((name.as_bytes(), value.as_bytes()));
        }
        let field = self.fields.get(place - FIELDS.len()).ok_or(Stop::Foreign)?;
        Ok((&field.0, &field.1))
    }

    fn literal(&self, cursor: &mut Cursor<'_>, prefix: u8) -> Result<Field, Stop> {
        let name = match integer(cursor, prefix)? {
            0 => string(cursor)?.into(),
            index => match index.checked_sub(1 + FIELDS.len()) {
                Some(place) => self.fields.get(place).ok_or(Stop::Foreign)?.0.clone(),
                None => self.indexed(index)?.0.into(),
            },
        };
        Ok((name, string(cursor)?))
    }

    /// Adds a field, for which older ones give way (§4.4).
    fn insert(&mut self, name: Arc<[u8]>, value: Box<[u8]>) {
        let size = Self::size_of(&name, &value);
        self.evict(size);
        if size <= self.most {
            self.size += size;
            self.fields.push_front((name, value));
        }
    }

    /// Makes room for `size` octets.
    fn evict(&mut self, size: usize) {
        while self.size + size > self.most {
            let Some((name, value)) = self.fields.pop_back() else { break };
            self.size -= Self::size_of(&name, &value);
        }
    }

    /// What a field counts for (§4.1).
    fn size_of(name: &[u8], value: &[u8]) -> usize {
        name.len() + value.len() + 32
    }
}

/// An integer whose first octet has `prefix` bits for it (§5.1).
fn integer(cursor: &mut Cursor<'_>, prefix: u8) -> Result<usize, Stop> {
    let mask = (1_u32 << prefix) - 1;
    let mut number = u32::from(cursor.u8()?) & mask;
    if number == mask {
        for shift in [0, 7, 14, 21] {
            let octet = cursor.u8()?;
            number += u32::from(octet & 0x7f) << shift;
            if octet & 0x80 == 0 {
                return usize::try_from(number).map_err(|_| Stop::Foreign);
            }
        }
        return Err(Stop::Foreign);
    }
    usize::try_from(number).map_err(|_| Stop::Foreign)
}

/// A string (§5.2).
fn string(cursor: &mut Cursor<'_>) -> Result<Box<[u8]>, Stop> {
    let coded = cursor.rest().first().is_some_and(|first| first & 0x80 != 0);
    let len = integer(cursor, 7)?;
    let octets = cursor.take(len)?;
    if coded {
        huffman::decode(octets).map(Vec::into_boxed_slice).ok_or(Stop::Foreign)
    } else {
        Ok(octets.into())
    }
}

/// Octets of the table at first (RFC 9113 §6.5.2).
const INITIAL: usize = 4096;
/// Octets that a table may have; browsers and servers ask for up to 64 KiB.
const LARGEST: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Broken, Decoder, LARGEST};

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap())
            .collect()
    }

    fn fields(decoder: &mut Decoder, block: &str) -> Vec<String> {
        let mut fields = Vec::new();
        let text = |octets: &[u8]| String::from_utf8(octets.to_vec()).unwrap();
        let read =
            decoder.read(&hex(block), |n, v| fields.push(format!("{}: {}", text(n), text(v))));
        assert_eq!(read, Ok(()));
        fields
    }

    #[test]
    fn the_requests_of_rfc_7541_c_3_and_c_4_are_read() {
        let without = [
            "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
            "8286 84be 5808 6e6f 2d63 6163 6865",
            "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
        ];
        let with = [
            "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
            "8286 84be 5886 a8eb 1064 9cbf",
            "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
        ];
        for blocks in [without, with] {
            let mut decoder = Decoder::default();
            let [first, second, third] = blocks.map(|block| fields(&mut decoder, block));
            let begins =
                [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"];
            assert_eq!(first, begins);
            assert_eq!(second[..4], begins);
            assert_eq!(second[4..], ["cache-control: no-cache"]);
            assert_eq!(
                third[2..],
                [":path: /index.html", ":authority: www.example.com", "custom-key: custom-value"]
            );
            assert_eq!(decoder.held(), 164);
        }
    }

    #[test]
    fn the_responses_of_rfc_7541_c_5_evict_older_fields() {
        let mut decoder = Decoder::default();
        // The example's table has 256 octets: an update says so.
        let first = fields(
            &mut decoder,
            "3fe101 4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        );
        assert_eq!(first[0], ":status: 302");
        assert_eq!(decoder.held(), 222);
        assert_eq!(fields(&mut decoder, "4803 3330 37c1 c0bf")[0], ":status: 307");
        assert_eq!(decoder.held(), 222);
    }

    #[test]
    fn what_is_broken_is_said() {
        for block in
            ["80", "be", "82ff", "41", "410f77", "7fffffffffff01", "3fe1ff1f", "0081", "008118"]
        {
            assert_eq!(Decoder::default().read(&hex(block), |_, _| ()), Err(Broken), "{block}");
        }
    }

    proptest! {
        #[test]
        fn any_blocks_are_survived_and_the_table_is_bounded(
            blocks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..6),
        ) {
            let mut decoder = Decoder::default();
            for block in blocks {
                let _ = decoder.read(&block, |_, _| ());
                let sum: usize = decoder.fields.iter().map(|(n, v)| Decoder::size_of(n, v)).sum();
                prop_assert_eq!(decoder.size, sum);
                prop_assert!(decoder.size <= decoder.most && decoder.most <= LARGEST);
            }
        }
    }
}
