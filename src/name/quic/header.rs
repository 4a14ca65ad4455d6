//! Long headers: the packets of a datagram (RFC 9000 §17.2, RFC 9369 §3.2).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::cursor::Cursor;
use super::version::{Version, is_reserved};

/// A packet in a datagram.
#[derive(Debug)]
pub(super) enum Packet<'a> {
    /// An Initial, still protected.
    Initial(Initial<'a>),
    /// A Retry: the client shall start again (RFC 9000 §17.2.5).
    Retry(Retry<'a>),
    /// Another one with a long header, or one of a version that is not known.
    Other,
}

/// An Initial packet as it was sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Initial<'a> {
    /// Its version.
    pub(super) version: &'static Version,
    /// Destination Connection ID, at most 20 octets.
    pub(super) destination: &'a [u8],
    /// The header up to the packet number.
    pub(super) header: &'a [u8],
    /// The packet number, the frames and the tag, all protected.
    pub(super) protected: &'a [u8],
}

/// A Retry packet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retry<'a> {
    /// Its version.
    pub(super) version: &'static Version,
    /// Source Connection ID: the client's next Destination Connection ID.
    pub(super) source: &'a [u8],
    /// All of it; the last 16 octets prove that whoever sent it saw the client's Initial.
    pub(super) whole: &'a [u8],
}

/// A connection ID in these versions has at most so many octets (RFC 9000 §17.2).
pub(super) const CONNECTION_ID: usize = 20;

/// A client's datagram with an Initial has at least so many octets (RFC 9000 §14.1).
const FIRST_DATAGRAM: usize = 1200;

/// First octet: whether the header is long.
const LONG: u8 = 0x80;

/// Whether a flow's datagram may start a connection: a long header of a known version with the
/// type of an Initial or of 0-RTT (which may overtake it), or a reserved version that provokes
/// version negotiation. Cheap, and no proof.
pub(in crate::name) fn looks_like_initial(datagram: &[u8]) -> bool {
    let Some((first, number)) = start(&mut Cursor::new(datagram)) else { return false };
    let Some(version) = Version::of(number) else {
        return is_reserved(number) && datagram.len() >= FIRST_DATAGRAM;
    };
    let [initial, zero_rtt, ..] = version.types;
    [initial, zero_rtt].contains(&kind(first))
}

/// The packets with long headers that a datagram begins with, up to the first whose end is not
/// known.
#[derive(Debug)]
pub(super) struct Packets<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Packets<'a> {
    pub(super) fn of(datagram: &'a [u8]) -> Self {
        Self { cursor: Cursor::new(datagram) }
    }
}

impl<'a> Iterator for Packets<'a> {
    type Item = Packet<'a>;

    fn next(&mut self) -> Option<Packet<'a>> {
        let packet = packet(&mut self.cursor);
        if !matches!(packet, Some((_, Extent::Known))) {
            self.cursor = Cursor::new(&[]);
        }
        packet.map(|(packet, _)| packet)
    }
}

/// Whether another packet can be found behind one.
enum Extent {
    Known,
    RestOfDatagram,
}

/// First octet and version number of a long header.
fn start(cursor: &mut Cursor<'_>) -> Option<(u8, u32)> {
    let first = cursor.u8().filter(|first| first & LONG != 0)?;
    Some((first, cursor.u32()?))
}

/// The two type bits.
fn kind(first: u8) -> u8 {
    first >> 4 & 3
}

fn packet<'a>(cursor: &mut Cursor<'a>) -> Option<(Packet<'a>, Extent)> {
    let whole = cursor.rest;
    let (first, number) = start(cursor)?;
    let (destination, source) = (cursor.connection_id()?, cursor.connection_id()?);
    let Some(version) = Version::of(number) else {
        return Some((Packet::Other, Extent::RestOfDatagram));
    };
    if destination.len().max(source.len()) > CONNECTION_ID {
        return None;
    }
    let [initial, _, _, retry] = version.types;
    if kind(first) == retry {
        return Some((Packet::Retry(Retry { version, source, whole }), Extent::RestOfDatagram));
    }
    if kind(first) == initial {
        cursor.counted()?; // token
    }
    let length = usize::try_from(cursor.varint()?).ok()?;
    let (header, _) = whole.split_at_checked(whole.len() - cursor.rest.len())?;
    let Some(protected) = cursor.take(length) else {
        return Some((Packet::Other, Extent::RestOfDatagram)); // cut
    };
    let packet = if kind(first) == initial {
        Packet::Initial(Initial { version, destination, header, protected })
    } else {
        Packet::Other
    };
    Some((packet, Extent::Known))
}
