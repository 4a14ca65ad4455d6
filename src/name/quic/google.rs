//! Google's own QUIC before the IETF's, versions Q024 to Q046: the first message of a client
//! stands in the clear, in one datagram, and has its own format.
//!
//! Nothing is encrypted there, so nothing is proved by decryption; what must fit instead are the
//! version, the frame of stream 1 at its one place, the message's tag and its table.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::cursor::Cursor;

/// A client's first message ("CHLO") in Google's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::name) struct GoogleHello<'a> {
    /// Value of its SNI tag, as sent.
    pub(in crate::name) server_name: Option<&'a [u8]>,
}

/// Octets of the hash before the frames.
const HASH: usize = 12;

/// Up to this version an octet of flags stands between the hash and the frames.
const WITH_PRIVATE_FLAGS: u8 = 33;

/// The first and the last version of this format.
const VERSIONS: std::ops::RangeInclusive<u8> = 24..=46;

/// The first version with a long header.
const WITH_LONG_HEADER: u8 = 44;

/// Entries in a message's table; more are refused by Google's implementation, too.
const ENTRIES: u16 = 128;

/// The client's first message where a datagram begins with it.
pub(in crate::name) fn google_hello(datagram: &[u8]) -> Option<GoogleHello<'_>> {
    let mut cursor = Cursor::new(datagram);
    let version = header(&mut cursor)?;
    cursor.take(HASH)?;
    if version <= WITH_PRIVATE_FLAGS {
        cursor.u8()?;
    }
    first_of_stream_1(&mut cursor)?;
    message(&mut cursor)
}

/// Reads the header up to the packet number, and gives the number of the version.
fn header(cursor: &mut Cursor<'_>) -> Option<u8> {
    let first = cursor.u8()?;
    if first & 0x80 == 0 {
        return public_header(first, cursor);
    }
    let version = version(cursor).filter(|version| *version >= WITH_LONG_HEADER)?;
    let lengths = cursor.u8()?; // of the connection IDs, four bits each, less three
    for length in [lengths >> 4, lengths & 0x0f].into_iter().filter(|length| *length > 0) {
        cursor.take(usize::from(length) + 3)?;
    }
    cursor.take(usize::from(first & 3) + 1)?;
    Some(version)
}

/// The header before Q044: flags, connection ID, version, packet number.
fn public_header(flags: u8, cursor: &mut Cursor<'_>) -> Option<u8> {
    const VERSION: u8 = 0x01;
    const RESET: u8 = 0x02;
    const CONNECTION_ID: u8 = 0x08;
    const MULTIPATH: u8 = 0x40;
    if flags & (VERSION | RESET | CONNECTION_ID | MULTIPATH) != VERSION | CONNECTION_ID {
        return None;
    }
    cursor.take(8)?;
    let version = version(cursor).filter(|version| *version < WITH_LONG_HEADER)?;
    let number = [1, 2, 4, 6].into_iter().nth(usize::from(flags >> 4 & 3))?;
    cursor.take(number)?;
    Some(version)
}

/// A version as text: `Q` and three digits.
fn version(cursor: &mut Cursor<'_>) -> Option<u8> {
    let [b'Q', b'0', tens @ b'0'..=b'9', ones @ b'0'..=b'9'] = cursor.u32()?.to_be_bytes() else {
        return None;
    };
    Some((tens - b'0') * 10 + (ones - b'0')).filter(|version| VERSIONS.contains(version))
}

/// Reads the head of a STREAM frame of the handshake's stream: `1fdooossB` (data length given,
/// octets of the offset, octets of the stream's number).
fn first_of_stream_1(cursor: &mut Cursor<'_>) -> Option<()> {
    let kind = cursor.u8().filter(|kind| kind & 0x80 != 0)?;
    if kind & 3 != 0 || cursor.u8()? != 1 {
        return None;
    }
    let offset = match kind >> 2 & 7 {
        0 => 0,
        n => usize::from(n) + 1,
    };
    cursor.take(offset)?;
    if kind & 0x20 != 0 {
        cursor.take(2)?;
    }
    Some(())
}

/// A message: its tag, the number of its entries, then of each the tag and where its value ends.
fn message<'a>(cursor: &mut Cursor<'a>) -> Option<GoogleHello<'a>> {
    if cursor.take(4)? != b"CHLO" {
        return None;
    }
    let count = little_u16(cursor).filter(|count| *count <= ENTRIES)?;
    cursor.take(2)?;
    let (mut start, mut name) = (0, None);
    for _ in 0..count {
        let tag = cursor.take(4)?;
        let end = usize::try_from(cursor.u32()?.swap_bytes()).ok()?;
        let len = end.checked_sub(start)?;
        if tag == b"SNI\0" {
            name = Some((start, len));
        }
        start = end;
    }
    let server_name = match name {
        Some((start, len)) => {
            cursor.take(start)?;
            Some(cursor.take(len)?)
        }
        None => None,
    };
    Some(GoogleHello { server_name })
}

fn little_u16(cursor: &mut Cursor<'_>) -> Option<u16> {
    let octets = cursor.take(2)?;
    Some(u16::from_le_bytes(octets.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Header and hash of a version, then the frame's head.
    fn start(version: [u8; 4]) -> Vec<u8> {
        let mut octets = vec![0x0d];
        octets.extend([7; 8]);
        octets.extend(version);
        octets.extend([1]);
        octets.extend([0xaa; HASH]);
        octets
    }

    fn hello() -> Vec<u8> {
        let mut octets = b"\xa0\x01\x04\x00CHLO\x03\0\0\0".to_vec();
        for (tag, end) in [(b"PAD\0", 5u32), (b"SNI\0", 16), (b"VER\0", 20)] {
            octets.extend(tag);
            octets.extend(end.to_le_bytes());
        }
        octets.extend(b"-----a.b.exampleQ043");
        octets
    }

    fn server_name(octets: &[u8]) -> Option<&[u8]> {
        google_hello(octets)?.server_name
    }

    #[test]
    fn the_name_is_found_in_each_form_of_header() {
        let expected = Some(&b"a.b.example"[..]);
        let q043 = [start(*b"Q043"), hello()].concat();
        assert_eq!(server_name(&q043), expected);
        let q024 = [start(*b"Q024"), vec![0], hello()].concat();
        assert_eq!(server_name(&q024), expected);
        let mut q046 = b"\xc3Q046\x50".to_vec();
        q046.extend([7; 8 + 4 + HASH]);
        q046.extend(hello());
        assert_eq!(server_name(&q046), expected);
        for (octet, changed) in [(0, 0x0c), (9, b'T'), (11, b'9'), (26, 0x20), (27, 3), (30, b'S')]
        {
            let mut other = q043.clone();
            other[octet] = changed;
            assert_eq!(google_hello(&other), None, "octet {octet}");
        }
    }

    #[test]
    fn a_table_that_runs_backwards_is_refused() {
        let mut octets = [start(*b"Q043"), hello()].concat();
        let second = start(*b"Q043").len() + 4 + 8 + 8 + 4;
        octets[second] = 4;
        assert_eq!(google_hello(&octets), None);
    }

    #[test]
    fn each_cut_gives_the_whole_name_or_none() {
        let octets = [start(*b"Q043"), hello()].concat();
        for end in 0..octets.len() {
            let name = server_name(&octets[..end]);
            assert!(name.is_none() || name == Some(b"a.b.example"));
        }
        assert!(server_name(&octets[..octets.len() - 4]).is_some());
    }

    proptest! {
        #[test]
        fn arbitrary_octets_never_panic_and_are_no_message(
            octets in proptest::collection::vec(any::<u8>(), 0..200)
        ) {
            prop_assert_eq!(google_hello(&octets), None);
            let octets = [start(*b"Q043"), b"\xa0\x01\0\0CHLO\x02\0\0\0".to_vec(), octets].concat();
            google_hello(&octets);
        }
    }
}
