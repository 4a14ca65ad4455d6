//! IPv4 (RFC 791) and IPv6 (RFC 8200) headers.
#![warn(clippy::indexing_slicing)]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::cursor::Cursor;
use super::extension::{self, Chain};
use super::fragment::Piece;
use super::{DecodeError, FiveTuple, Layer, Ported, Protocol};

/// What an IP header and its extension headers say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) source: IpAddr,
    pub(super) destination: IpAddr,
    /// The protocol after the last extension header that can be read.
    pub(super) protocol: Protocol,
    /// Where in its datagram this fragment belongs.
    pub(super) fragment: Option<Piece>,
    /// The length field is 0: filled in by the network card after the capture (TSO).
    pub(super) unsized_: bool,
}

impl Header {
    /// The 5-tuple of a packet with this header; without ports it is portless.
    pub(super) fn tuple(&self, protocol: Protocol, ports: Option<(u16, u16)>) -> FiveTuple {
        let (source_port, destination_port) = ports.unwrap_or_default();
        FiveTuple {
            protocol,
            source: self.source,
            destination: self.destination,
            source_port,
            destination_port,
            ported: if ports.is_some() { Ported::Yes } else { Ported::No },
        }
    }
}

/// Reads the IP header and leaves the cursor at the payload, which ends where the length field
/// says: link padding and trailers are cut off.
pub(super) fn header(cursor: &mut Cursor<'_>) -> Result<Header, DecodeError> {
    match cursor.first() {
        None => Err(cursor.short(Layer::Ip, V4_OCTETS)),
        Some(octet) => match octet >> 4 {
            4 => v4(cursor),
            6 => v6(cursor),
            _ => Err(cursor.invalid(Layer::Ip)),
        },
    }
}

/// Octets of an IPv4 header without options.
const V4_OCTETS: usize = 20;
/// Octets of the fixed IPv6 header.
const V6_OCTETS: usize = 40;

fn v4(cursor: &mut Cursor<'_>) -> Result<Header, DecodeError> {
    let octets: &[u8; V4_OCTETS] =
        cursor.peek().ok_or_else(|| cursor.short(Layer::Ip, V4_OCTETS))?;
    let header_len = u16::from(octets[0] & 0x0f) * 4;
    let total = u16::from_be_bytes([octets[2], octets[3]]);
    if usize::from(header_len) < V4_OCTETS || (total != 0 && total < header_len) {
        return Err(cursor.invalid(Layer::Ip));
    }
    if total != 0 {
        cursor.limit(u32::from(total));
    }
    if cursor.wire() < u32::from(header_len) {
        return Err(cursor.short(Layer::Ip, usize::from(header_len)));
    }
    // Options that the capture cut off hide the ports, not the addresses.
    cursor.pass(usize::from(header_len));
    let position = u16::from_be_bytes([octets[6], octets[7]]);
    let id = u32::from(u16::from_be_bytes([octets[4], octets[5]]));
    let fragment = Piece::new(id, (position & 0x1fff) * 8, position & 0x2000 != 0);
    let mut chain = Chain { protocol: Protocol(octets[9]), fragment };
    if chain.protocol == extension::AUTHENTICATION && fragment.is_none() {
        chain = extension::authentication(cursor);
    }
    Ok(Header {
        source: IpAddr::V4(Ipv4Addr::from_octets(address(octets, 12))),
        destination: IpAddr::V4(Ipv4Addr::from_octets(address(octets, 16))),
        protocol: chain.protocol,
        fragment: chain.fragment,
        unsized_: total == 0,
    })
}

fn v6(cursor: &mut Cursor<'_>) -> Result<Header, DecodeError> {
    let octets: &[u8; V6_OCTETS] = cursor.array(Layer::Ip)?;
    let length = u16::from_be_bytes([octets[4], octets[5]]);
    let next = Protocol(octets[6]);
    let unsized_ = length == 0 && is_unsized(next, cursor);
    match (length, next) {
        (0, extension::HOP_BY_HOP) => {
            if let Some(jumbo) = extension::jumbo_length(cursor.rest()) {
                cursor.limit(jumbo);
            }
        }
        (0, _) if unsized_ => {}
        _ => cursor.limit(u32::from(length)),
    }
    let chain = extension::chain(next, cursor);
    Ok(Header {
        source: IpAddr::V6(Ipv6Addr::from_octets(address(octets, 8))),
        destination: IpAddr::V6(Ipv6Addr::from_octets(address(octets, 24))),
        protocol: chain.protocol,
        fragment: chain.fragment,
        unsized_,
    })
}

/// Whether an IPv6 packet of length 0 is one that the network card will cut and size: TCP or UDP
/// with more behind the header than the 6 octets that pad an Ethernet frame.
fn is_unsized(next: Protocol, cursor: &Cursor<'_>) -> bool {
    matches!(next, Protocol::TCP | Protocol::UDP) && cursor.wire() >= 8
}

/// The `N` octets at `at`; zeros beyond the end, which no caller asks for.
fn address<const N: usize>(octets: &[u8], at: usize) -> [u8; N] {
    octets.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or([0; N])
}
