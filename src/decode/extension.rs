//! IPv6 extension headers (RFC 8200 §4), the authentication header (RFC 4302) and jumbograms
//! (RFC 2675).
#![warn(clippy::indexing_slicing)]

use etherparse::{IpAuthHeaderSlice, Ipv6FragmentHeaderSlice, Ipv6RawExtHeaderSlice};

use super::Protocol;
use super::cursor::Cursor;
use super::fragment::Piece;

/// Hop-by-hop options.
pub(super) const HOP_BY_HOP: Protocol = Protocol(0);
/// Authentication header.
pub(super) const AUTHENTICATION: Protocol = Protocol(51);

const ROUTING: Protocol = Protocol(43);
const FRAGMENT: Protocol = Protocol(44);
const DESTINATION_OPTIONS: Protocol = Protocol(60);
const MOBILITY: Protocol = Protocol(135);
const HOST_IDENTITY: Protocol = Protocol(139);
const SHIM6: Protocol = Protocol(140);
const NO_NEXT_HEADER: Protocol = Protocol(59);

/// Extension headers that are read of one packet. RFC 8200 §4.1 recommends seven at most;
/// a packet with more of them stays a packet without ports.
const MAX_EXTENSIONS: usize = 16;

/// Where a chain of extension headers leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain {
    /// What follows, or the extension header that cannot be read.
    pub(super) protocol: Protocol,
    /// From the fragment header.
    pub(super) fragment: Option<Piece>,
}

/// Reads extension headers from the one numbered `next` on, and leaves the cursor at what
/// follows. A header that is cut ends the chain, without payload.
pub(super) fn chain(next: Protocol, cursor: &mut Cursor<'_>) -> Chain {
    let mut chain = Chain { protocol: next, fragment: None };
    for _ in 0..MAX_EXTENSIONS {
        let Some(len) = step(&mut chain, cursor.rest()) else { break };
        cursor.pass(len);
        // What follows belongs to the datagram, and is read as its beginning or not at all.
        if chain.fragment.is_some() {
            break;
        }
    }
    chain
}

/// The authentication header of an IPv4 packet.
pub(super) fn authentication(cursor: &mut Cursor<'_>) -> Chain {
    chain(AUTHENTICATION, cursor)
}

/// Notes what the extension header at the start of `octets` says; its length.
fn step(chain: &mut Chain, octets: &[u8]) -> Option<usize> {
    match chain.protocol {
        HOP_BY_HOP | ROUTING | DESTINATION_OPTIONS => {
            let header = Ipv6RawExtHeaderSlice::from_slice(octets).ok()?;
            if chain.protocol != ROUTING && !options_fit(header.payload()) {
                return None;
            }
            chain.protocol = Protocol(header.next_header().0);
            Some(header.slice().len())
        }
        // These end in an upper-layer header only when they say so (RFC 6275 §6.1.1, RFC 7401
        // §5.1, RFC 5533 §5.3 all leave 59 there today).
        MOBILITY | HOST_IDENTITY | SHIM6 => {
            let header = Ipv6RawExtHeaderSlice::from_slice(octets).ok()?;
            if Protocol(header.next_header().0) == NO_NEXT_HEADER {
                return None;
            }
            chain.protocol = Protocol(header.next_header().0);
            Some(header.slice().len())
        }
        FRAGMENT => {
            let header = Ipv6FragmentHeaderSlice::from_slice(octets).ok()?;
            let offset = header.fragment_offset().byte_offset();
            let piece = Piece::new(header.identification(), offset, header.more_fragments());
            chain.protocol = Protocol(header.next_header().0);
            // An atomic fragment is a whole packet (RFC 6946).
            chain.fragment = piece;
            Some(header.slice().len())
        }
        AUTHENTICATION => {
            let header = IpAuthHeaderSlice::from_slice(octets).ok()?;
            chain.protocol = Protocol(header.next_header().0);
            Some(header.slice().len())
        }
        _ => None,
    }
}

/// Whether no option of a header says that it is longer than what is left of the header (RFC 8200
/// §4.2): of a packet with such a one no receiver reads further.
pub(super) fn options_fit(mut options: &[u8]) -> bool {
    loop {
        options = match *options {
            [PAD1, ref rest @ ..] => rest,
            // A last octet without a length overruns nothing.
            [] | [_] => return true,
            [_, len, ref rest @ ..] => match rest.get(usize::from(len)..) {
                Some(rest) => rest,
                None => return false,
            },
        };
    }
}

/// The jumbo payload option's length, from the hop-by-hop header at the start of `octets`
/// (RFC 2675 §2).
pub(super) fn jumbo_length(octets: &[u8]) -> Option<u32> {
    let header = Ipv6RawExtHeaderSlice::from_slice(octets).ok()?;
    let mut options = header.payload();
    while let Some((&kind, rest)) = options.split_first() {
        if kind == PAD1 {
            options = rest;
            continue;
        }
        let (&len, rest) = rest.split_first()?;
        let (value, rest) = rest.split_at_checked(usize::from(len))?;
        if kind == JUMBO_PAYLOAD {
            return value.try_into().ok().map(u32::from_be_bytes);
        }
        options = rest;
    }
    None
}

const PAD1: u8 = 0;
const JUMBO_PAYLOAD: u8 = 0xc2;
