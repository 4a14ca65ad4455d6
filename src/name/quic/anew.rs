//! Initials written anew: opened, their handshake changed in place, and sealed again with the
//! keys that everybody can derive (RFC 9001 §5.2).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::ops::Range;

use arrayvec::ArrayVec;

use super::frame::CryptoFrames;
use super::header::{CONNECTION_ID, Initial, Packet, Packets};
use super::keys::InitialKeys;
use super::version::Version;
use crate::flow::Side;

/// The Initials of one flow, in the order of the capture. What it holds is small; the keys are
/// derived for each packet.
#[derive(Debug, Default)]
pub struct InitialsAnew {
    known: ArrayVec<Known, CONNECTIONS>,
}

/// A connection of which a client's packet was opened.
#[derive(Debug)]
struct Known {
    version: &'static Version,
    destination: ArrayVec<u8, CONNECTION_ID>,
    client: Side,
    /// One more than the largest packet number of the client's, and of the server's.
    expected: [u64; 2],
}

/// Connections of a flow that are followed: a Retry or a negotiated version makes another one.
const CONNECTIONS: usize = 4;

/// A piece of a client's handshake, to be changed where it stands.
#[derive(Debug)]
pub struct CryptoPiece<'a> {
    /// The Destination Connection ID that the keys follow from: it tells connections apart.
    pub connection: &'a [u8],
    /// Where the piece belongs in the handshake.
    pub offset: u64,
    /// Its octets.
    pub octets: &'a mut [u8],
}

/// What came of an Initial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A client's: its handshake was shown, and it was sealed anew where it was changed.
    Client(Range<usize>),
    /// The server's of a connection whose client is known: left as it is.
    Server(Range<usize>),
    /// It was not protected with keys that can be derived. The range is what is protected, behind
    /// the header.
    Not(Range<usize>),
}

impl InitialsAnew {
    /// Opens every Initial of a datagram and shows the pieces of the client's handshake to
    /// `change`; seals anew what it changes. Gives the Initials in their order, as far as the
    /// datagram can be read.
    pub fn turn(
        &mut self,
        datagram: &mut [u8],
        from: Side,
        change: &mut dyn FnMut(CryptoPiece<'_>),
    ) -> Vec<Opened> {
        let mut found = Vec::new();
        for packet in Packets::of(datagram) {
            if let Packet::Initial(initial) = packet {
                let start = initial.header.as_ptr().addr() - datagram.as_ptr().addr();
                let body = start + initial.header.len();
                found.push((start..body, body..body + initial.protected.len()));
            }
        }
        let mut opened = Vec::new();
        for (header, body) in found {
            opened.push(self.packet(datagram, from, header, body, change));
        }
        opened
    }

    fn packet(
        &mut self,
        datagram: &mut [u8],
        from: Side,
        header: Range<usize>,
        body: Range<usize>,
        change: &mut dyn FnMut(CryptoPiece<'_>),
    ) -> Opened {
        let unopened = Opened::Not(body.clone());
        let whole = header.start..body.end;
        let Some(Packet::Initial(initial)) =
            datagram.get(whole.clone()).and_then(|octets| Packets::of(octets).next())
        else {
            return unopened;
        };
        let mut plain = Vec::with_capacity(initial.protected.len());
        let Some((at, number)) = self.open(&initial, from, &mut plain) else { return unopened };
        let Some(known) = self.known.get(at) else { return unopened };
        if known.client != from {
            return Opened::Server(whole);
        }
        let before = plain.clone();
        for (offset, place) in pieces(&plain, initial.version) {
            if let Some(octets) = plain.get_mut(place) {
                change(CryptoPiece { connection: &known.destination, offset, octets });
            }
        }
        if plain == before {
            return Opened::Client(whole);
        }
        let keys = InitialKeys::client(initial.version, &known.destination);
        let sealed = keys.and_then(|keys| keys.reseal(&initial, number, &plain));
        match (sealed, datagram.get_mut(whole.clone())) {
            (Some(sealed), Some(octets)) if sealed.len() == octets.len() => {
                octets.copy_from_slice(&sealed);
                Opened::Client(whole)
            }
            _ => unopened,
        }
    }

    /// Opens a packet; gives its connection's place and its number.
    fn open(
        &mut self,
        initial: &Initial<'_>,
        from: Side,
        plain: &mut Vec<u8>,
    ) -> Option<(usize, u64)> {
        for (at, known) in self.known.iter_mut().enumerate() {
            if !std::ptr::eq(known.version, initial.version) {
                continue;
            }
            let keys = if known.client == from {
                InitialKeys::client(known.version, &known.destination)
            } else {
                InitialKeys::server(known.version, &known.destination)
            };
            let [client, server] = &mut known.expected;
            let expected = if known.client == from { client } else { server };
            if let Some(number) = keys.and_then(|keys| keys.open(initial, *expected, plain)) {
                *expected = (*expected).max(number + 1);
                return Some((at, number));
            }
        }
        let keys = InitialKeys::client(initial.version, initial.destination)?;
        let number = keys.open(initial, 0, plain)?;
        if self.known.is_full() {
            self.known.remove(0);
        }
        let destination = ArrayVec::try_from(initial.destination).ok()?;
        self.known.push(Known {
            version: initial.version,
            destination,
            client: from,
            expected: [number + 1, 0],
        });
        Some((self.known.len() - 1, number))
    }
}

/// The pieces of the handshake in an opened packet: where they belong, and where they stand.
fn pieces(plain: &[u8], version: &Version) -> Vec<(u64, Range<usize>)> {
    let frames = CryptoFrames::of(plain, version.frames);
    let place = |octets: &[u8]| {
        let start = octets.as_ptr().addr() - plain.as_ptr().addr();
        start..start + octets.len()
    };
    frames.map(|frame| (frame.offset, place(frame.octets))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::keys::tests::{SAMPLE_ID, seal};
    use super::super::{QuicInitials, QuicRead};
    use super::*;

    fn frame(offset: u16, octets: &[u8]) -> Vec<u8> {
        let len = (0x4000 | u16::try_from(octets.len()).unwrap()).to_be_bytes();
        [&[6][..], &(0x4000 | offset).to_be_bytes(), &len, octets].concat()
    }

    fn initial(version: u32, number: u64, frames: &[Vec<u8>]) -> Vec<u8> {
        let crypto = if version == 0x5130_3530 { 8 } else { 6 };
        let mut plain = frames.concat();
        for at in (0..plain.len()).filter(|at| plain[*at] == 6).collect::<Vec<_>>() {
            plain[at] = crypto;
        }
        plain.extend([0; 30]);
        seal(version, (&SAMPLE_ID, &SAMPLE_ID), (number, 2), &plain)
    }

    /// The handshake that a search reads.
    fn read(datagrams: &[Vec<u8>]) -> Vec<u8> {
        let mut initials = QuicInitials::default();
        let mut handshake = Vec::new();
        for datagram in datagrams {
            if let QuicRead::Handshake(octets) = initials.offer(datagram, Side::Low) {
                handshake = octets.to_vec();
            }
        }
        handshake
    }

    fn upper(initials: &mut InitialsAnew, datagram: &mut [u8]) -> Vec<Opened> {
        initials.turn(datagram, Side::Low, &mut |piece| piece.octets.make_ascii_uppercase())
    }

    #[test]
    fn what_is_changed_is_sealed_again_and_opens_in_every_version() {
        for version in [1, 0x6b33_43cf, 0xff00_001d, 0xface_b002, 0x5130_3530] {
            let mut datagrams = vec![
                initial(version, 0, &[frame(5, b"fghi"), frame(0, b"ab")]),
                initial(version, 300, &[frame(2, b"cde")]),
            ];
            assert_eq!(read(&datagrams), b"abcdefghi");
            let mut initials = InitialsAnew::default();
            for datagram in &mut datagrams {
                let len = datagram.len();
                assert_eq!(upper(&mut initials, datagram), [Opened::Client(0..len)]);
                assert_eq!(datagram.len(), len);
            }
            assert_eq!(read(&datagrams), b"ABCDEFGHI", "{version:x}");
        }
    }

    #[test]
    fn what_is_not_changed_keeps_every_octet_and_what_does_not_open_is_told() {
        let whole = initial(1, 0, &[frame(0, b"ab")]);
        let mut same = whole.clone();
        let mut shown = Vec::new();
        InitialsAnew::default().turn(&mut same, Side::Low, &mut |piece| {
            shown.push((piece.offset, piece.octets.to_vec(), piece.connection.to_vec()));
        });
        assert_eq!(same, whole);
        assert_eq!(shown, [(0, b"ab".to_vec(), SAMPLE_ID.to_vec())]);

        let mut broken = whole.clone();
        let last = broken.len() - 1;
        broken[last] ^= 1;
        let before = broken.clone();
        let opened = upper(&mut InitialsAnew::default(), &mut broken);
        let [Opened::Not(body)] = &opened[..] else { panic!("{opened:?}") };
        assert_eq!((body.end, broken == before), (whole.len(), true));

        // A later packet goes to the ID that the server chose: it opens only after the first.
        let mut later =
            seal(1, (&SAMPLE_ID, b"chosen"), (1, 2), &[frame(0, b"ab"), vec![0; 30]].concat());
        let opened = upper(&mut InitialsAnew::default(), &mut later.clone());
        assert!(matches!(opened[..], [Opened::Not(_)]));
        let mut initials = InitialsAnew::default();
        upper(&mut initials, &mut whole.clone());
        assert!(matches!(upper(&mut initials, &mut later)[..], [Opened::Client(_)]));
    }
}
