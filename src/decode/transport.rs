//! TCP (RFC 9293 §3.1) and UDP (RFC 768) headers.
#![warn(clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::{Protocol, TcpFlags, Transport};

/// A transport header, and what follows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment<'a> {
    /// Source and destination port, of TCP and UDP whose first four octets are there.
    pub(super) ports: Option<(u16, u16)>,
    pub(super) transport: Transport,
    /// The payload: as far as captured in `rest`, on the wire in `wire`.
    pub(super) body: Cursor<'a>,
}

/// The transport header of `protocol` at the cursor, which stands at the payload of IP.
pub(super) fn segment(protocol: Protocol, cursor: Cursor<'_>) -> Segment<'_> {
    let ports = cursor
        .peek()
        .filter(|_| has_ports(protocol))
        .map(|&[a, b, c, d]| (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])));
    let (transport, body) = match protocol {
        Protocol::TCP => tcp(cursor),
        Protocol::UDP => udp(cursor),
        _ => (Transport::Other, cursor),
    };
    Segment { ports, transport, body }
}

/// Whether ports of `protocol` are part of a 5-tuple.
fn has_ports(protocol: Protocol) -> bool {
    matches!(protocol, Protocol::TCP | Protocol::UDP)
}

/// Octets of a TCP header up to its control bits.
const UP_TO_FLAGS: usize = 14;
/// Octets of a TCP header without options.
const TCP_OCTETS: usize = 20;
/// Octets of a UDP header.
const UDP_OCTETS: usize = 8;

fn tcp(mut cursor: Cursor<'_>) -> (Transport, Cursor<'_>) {
    let Some(octets) = cursor.peek::<UP_TO_FLAGS>() else {
        cursor.pass(TCP_OCTETS);
        return (Transport::Other, cursor);
    };
    let &[_, _, _, _, s0, s1, s2, s3, a0, a1, a2, a3, offset, flags] = octets;
    let header_len = usize::from(offset >> 4) * 4;
    let fits = u32::try_from(header_len).is_ok_and(|len| len <= cursor.wire());
    if header_len < TCP_OCTETS || !fits {
        cursor.limit(0);
        return (Transport::Other, cursor);
    }
    cursor.pass(header_len);
    let transport = Transport::Tcp {
        seq: u32::from_be_bytes([s0, s1, s2, s3]),
        ack: u32::from_be_bytes([a0, a1, a2, a3]),
        flags: TcpFlags(flags),
    };
    (transport, cursor)
}

fn udp(mut cursor: Cursor<'_>) -> (Transport, Cursor<'_>) {
    let Some(&[_, _, _, _, l0, l1, _, _]) = cursor.peek::<UDP_OCTETS>() else {
        cursor.pass(UDP_OCTETS);
        return (Transport::Other, cursor);
    };
    match u16::from_be_bytes([l0, l1]) {
        // As long as IP says (a jumbogram, RFC 2675 §4, or a length that the card fills in).
        0 => {}
        length if usize::from(length) < UDP_OCTETS => {
            cursor.limit(0);
            return (Transport::Other, cursor);
        }
        length => cursor.limit(u32::from(length)),
    }
    cursor.pass(UDP_OCTETS);
    (Transport::Udp, cursor)
}
