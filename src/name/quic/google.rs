//! Google's own QUIC before the IETF's, versions Q024 to Q049, and T043 to T049 with the handshake
//! of TLS: the first message of a client stands in the clear, in one datagram. From Q050 on it is
//! encrypted as the IETF's; Q050 still has the message of the format here.
//!
//! Nothing is encrypted there, so nothing is proved by decryption; what must fit instead are the
//! version, the frame of the handshake at its one place, the message's tag and its table.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::cursor::Cursor;
use super::frame::{Crypto, CryptoFrames};
use super::version::GOOGLE_FRAMES;

/// The first message of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::name) enum GoogleFirst<'a> {
    /// In Google's format.
    Own(GoogleHello<'a>),
    /// A handshake message of TLS, from its header on; perhaps only its beginning.
    Tls(&'a [u8]),
}

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
const VERSIONS: std::ops::RangeInclusive<u8> = 24..=49;

/// The first version with a long header.
const WITH_LONG_HEADER: u8 = 44;

/// The first version whose handshake stands in a frame of its own, not in stream 1.
const WITH_CRYPTO_FRAME: u8 = 48;

/// The first version with the header of RFC 8999, a token and a length.
const WITH_LENGTHS: u8 = 49;

/// Entries in a message's table; more are refused by Google's implementation, too.
const ENTRIES: u16 = 128;

/// The client's first message where a datagram begins with it.
pub(in crate::name) fn google_first(datagram: &[u8]) -> Option<GoogleFirst<'_>> {
    let mut cursor = Cursor::new(datagram);
    let Version { number, handshake } = header(&mut cursor)?;
    cursor.take(HASH)?;
    if number <= WITH_PRIVATE_FLAGS {
        cursor.u8()?;
    }
    if number >= WITH_CRYPTO_FRAME {
        let Crypto { octets, .. } =
            CryptoFrames::of(cursor.rest, GOOGLE_FRAMES).find(|frame| frame.offset == 0)?;
        cursor = Cursor::new(octets);
    } else {
        first_of_stream_1(&mut cursor)?;
    }
    match handshake {
        Handshake::Own => message(&mut cursor).map(GoogleFirst::Own),
        Handshake::Tls => {
            let tls = cursor.rest;
            (tls.first() == Some(&CLIENT_HELLO)).then_some(GoogleFirst::Tls(tls))
        }
    }
}

/// The message in decrypted octets of a handshake (Q050): none while it is not whole, or where it
/// is something else.
pub(in crate::name) fn google_hello(handshake: &[u8]) -> Option<GoogleHello<'_>> {
    message(&mut Cursor::new(handshake))
}

/// Whether decrypted octets begin with such a message.
pub(in crate::name) fn is_google_hello(handshake: &[u8]) -> bool {
    handshake.starts_with(CHLO)
}

/// A version of Google's.
#[derive(Clone, Copy, Debug)]
struct Version {
    number: u8,
    handshake: Handshake,
}

/// Whose handshake a version has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Handshake {
    Own,
    Tls,
}

/// Reads the header up to the packet number, and gives the version.
fn header(cursor: &mut Cursor<'_>) -> Option<Version> {
    const INITIAL: u8 = 0;
    let first = cursor.u8()?;
    if first & 0x80 == 0 {
        return public_header(first, cursor);
    }
    let version = version(cursor).filter(|version| version.number >= WITH_LONG_HEADER)?;
    if version.number >= WITH_LENGTHS {
        (first >> 4 & 3 == INITIAL).then_some(())?;
        cursor.connection_id()?;
        cursor.connection_id()?;
        cursor.counted()?; // token
        cursor.varint()?;
        cursor.take(usize::from(first & 3) + 1)?;
        return Some(version);
    }
    let lengths = cursor.u8()?; // of the connection IDs, four bits each, less three
    for length in [lengths >> 4, lengths & 0x0f].into_iter().filter(|length| *length > 0) {
        cursor.take(usize::from(length) + 3)?;
    }
    cursor.take(usize::from(first & 3) + 1)?;
    Some(version)
}

/// The header before Q044: flags, connection ID, version, packet number.
fn public_header(flags: u8, cursor: &mut Cursor<'_>) -> Option<Version> {
    const VERSION: u8 = 0x01;
    const RESET: u8 = 0x02;
    const CONNECTION_ID: u8 = 0x08;
    const MULTIPATH: u8 = 0x40;
    if flags & (VERSION | RESET | CONNECTION_ID | MULTIPATH) != VERSION | CONNECTION_ID {
        return None;
    }
    cursor.take(8)?;
    let version = version(cursor).filter(|version| version.number < WITH_LONG_HEADER)?;
    let number = [1, 2, 4, 6].into_iter().nth(usize::from(flags >> 4 & 3))?;
    cursor.take(number)?;
    Some(version)
}

/// A version as text: `Q` or `T` and three digits.
fn version(cursor: &mut Cursor<'_>) -> Option<Version> {
    let [letter, b'0', tens @ b'0'..=b'9', ones @ b'0'..=b'9'] = cursor.u32()?.to_be_bytes() else {
        return None;
    };
    let handshake = match letter {
        b'Q' => Handshake::Own,
        b'T' => Handshake::Tls,
        _ => return None,
    };
    let number = (tens - b'0') * 10 + (ones - b'0');
    VERSIONS.contains(&number).then_some(Version { number, handshake })
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
    if cursor.take(4)? != CHLO {
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

/// Tag of a client's first message.
const CHLO: &[u8] = b"CHLO";
/// Handshake type of a ClientHello (RFC 8446 §4).
const CLIENT_HELLO: u8 = 1;

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
        match google_first(octets)? {
            GoogleFirst::Own(hello) => hello.server_name,
            GoogleFirst::Tls(_) => None,
        }
    }

    /// The message in a CRYPTO frame of Google's, after padding and a ping.
    fn in_crypto_frame(message: &[u8]) -> Vec<u8> {
        let len = (0x4000 | u16::try_from(message.len()).unwrap()).to_be_bytes();
        [&[0, 7, 8, 0][..], &len, message, &[0; 20]].concat()
    }

    /// Headers of the versions with a frame for the handshake.
    fn with_lengths(version: [u8; 4], rest: &[u8]) -> Vec<u8> {
        let mut octets = vec![0xc3];
        octets.extend(version);
        octets.extend([8, 7, 7, 7, 7, 7, 7, 7, 7, 0, 0]);
        octets.extend((0x4000 | u16::try_from(4 + HASH + rest.len()).unwrap()).to_be_bytes());
        octets.extend([0, 0, 0, 1]);
        octets.extend([0xaa; HASH]);
        octets.extend(rest);
        octets
    }

    #[test]
    fn the_frame_of_the_handshake_is_read_where_a_version_has_one() {
        let message = &hello()[4..];
        let expected = Some(&b"a.b.example"[..]);
        let mut q048 = b"\xc3Q048\x50".to_vec();
        q048.extend([7; 8 + 4 + HASH]);
        q048.extend(in_crypto_frame(message));
        assert_eq!(server_name(&q048), expected);
        let q049 = with_lengths(*b"Q049", &in_crypto_frame(message));
        assert_eq!(server_name(&q049), expected);
        let mut zero_rtt = q049.clone();
        zero_rtt[0] |= 0x10;
        assert_eq!(google_first(&zero_rtt), None);
        assert!(is_google_hello(message));
        assert_eq!(google_hello(message).unwrap().server_name, expected);
        assert_eq!(google_hello(&message[..message.len() - 5]), None);
    }

    #[test]
    fn a_handshake_of_tls_is_handed_over() {
        let tls = [1, 0, 0, 3, 3, 3, 9];
        let t049 = with_lengths(*b"T049", &in_crypto_frame(&tls));
        assert_eq!(google_first(&t049), Some(GoogleFirst::Tls(&tls)));
        let t043 = [start(*b"T043"), b"\x80\x01".to_vec(), tls.to_vec()].concat();
        assert_eq!(google_first(&t043), Some(GoogleFirst::Tls(&tls)));
        let server = with_lengths(*b"T049", &in_crypto_frame(&[2, 0, 0, 3, 3, 3, 9]));
        assert_eq!(google_first(&server), None);
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
        for (octet, changed) in [(0, 0x0c), (9, b'X'), (11, b'9'), (26, 0x20), (27, 3), (30, b'S')]
        {
            let mut other = q043.clone();
            other[octet] = changed;
            assert_eq!(google_first(&other), None, "octet {octet}");
        }
    }

    #[test]
    fn a_table_that_runs_backwards_is_refused() {
        let mut octets = [start(*b"Q043"), hello()].concat();
        let second = start(*b"Q043").len() + 4 + 8 + 8 + 4;
        octets[second] = 4;
        assert_eq!(google_first(&octets), None);
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
            prop_assert_eq!(google_first(&octets), None);
            let octets = [start(*b"Q043"), b"\xa0\x01\0\0CHLO\x02\0\0\0".to_vec(), octets].concat();
            google_first(&octets);
        }
    }
}
