//! Pseudonyms in a frame, layer by layer, innermost first.
//!
//! A frame keeps its length. What no layer here knows is refused: a bundle with pseudonyms must
//! not hold an address that nobody looked for.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::hello::Way;
use super::{Pseudonyms, checksum, message};
use crate::name::{RelayHost, login_in_datagram, relay_header, shown_in_datagram};
use crate::source::LinkType;

/// A layer that is not known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum UnknownLayer {
    /// Of the link.
    #[error("link type {0}")]
    Link(u32),
    /// Above the link.
    #[error("EtherType 0x{0:04x}")]
    Ethernet(u16),
    /// Above IP.
    #[error("a GRE header of a kind that is not known here")]
    Gre,
    /// An IPv6 routing header, which lists addresses.
    #[error("an IPv6 routing header")]
    Routing,
    /// In a datagram.
    #[error("a datagram of UDP ports {0} and {1} that is kept, but not known here")]
    Datagram(u16, u16),
    /// Tunnels in tunnels.
    #[error("more layers than can be followed")]
    Deep,
    /// Headers that end early.
    #[error("headers that end early")]
    Short,
}

type Done = Result<(), UnknownLayer>;

/// Replaces clients' addresses and MACs in a frame.
pub(super) fn rewrite(link: LinkType, frame: &mut [u8], names: &mut Pseudonyms) -> Done {
    let mut layers = Layers { names, left: Layers::DEEPEST };
    match link {
        LinkType(1) => layers.ethernet(frame),
        LinkType(0 | 108) => layers.ip(tail(frame, 4)?),
        LinkType(12 | 14 | 101 | 228 | 229) => layers.ip(frame),
        LinkType(113) => layers.cooked(frame, 14, 6),
        LinkType(276) => layers.cooked(frame, 0, 12),
        LinkType(other) => Err(UnknownLayer::Link(other)),
    }
}

/// The ends of a packet: the sums of both addresses before and after, which checksums cover, and
/// the addresses as they were.
#[derive(Clone, Copy, Debug)]
struct Ends {
    before: u16,
    after: u16,
    from: [u8; 16],
    to: [u8; 16],
}

impl Ends {
    /// Who sends to whom, with the ports at the start of the body.
    fn way(&self, body: &[u8]) -> Result<Way, UnknownLayer> {
        Ok(Way { from: (self.from, word(body, 0)?), to: (self.to, word(body, 2)?) })
    }
}

/// An address of 4 or 16 octets at a place, in the last octets of 16.
fn end_at(header: &[u8], at: usize, len: usize) -> [u8; 16] {
    let mut end = [0; 16];
    let octets = header.get(at..at + len).unwrap_or_default();
    end.iter_mut().rev().zip(octets.iter().rev()).for_each(|(to, from)| *to = *from);
    end
}

struct Layers<'a> {
    names: &'a mut Pseudonyms,
    left: u8,
}

/// The octets from a place on.
fn tail(octets: &mut [u8], at: usize) -> Result<&mut [u8], UnknownLayer> {
    octets.get_mut(at..).ok_or(UnknownLayer::Short)
}

fn word(octets: &[u8], at: usize) -> Result<u16, UnknownLayer> {
    let pair = octets.get(at..).and_then(<[u8]>::first_chunk::<2>);
    pair.map(|pair| u16::from_be_bytes(*pair)).ok_or(UnknownLayer::Short)
}

/// Whether a datagram is cut off, or begins with what is kept of hellos and holds no address: QUIC's
/// long headers (RFC 9000 §17.2), DTLS's handshake records, Google's first message.
fn is_hello(datagram: &[u8]) -> bool {
    datagram.first().is_none_or(|first| first & 0x80 != 0 || *first == 22)
        || !shown_in_datagram(datagram).is_empty()
}

/// Moves the checksum at a place.
fn mend(octets: &mut [u8], at: usize, from: u16, to: u16) {
    if let Some(pair) = octets.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<2>) {
        *pair = checksum::moved(u16::from_be_bytes(*pair), from, to).to_be_bytes();
    }
}

/// The sum without the checksum at a place, which is even.
fn sum_without(octets: &[u8], at: usize) -> u16 {
    let check = word(octets, at).unwrap_or(0);
    checksum::less(checksum::sum(octets), check)
}

impl Layers<'_> {
    /// Layers that may hold others: tunnels in tunnels.
    const DEEPEST: u8 = 16;

    fn deeper(&mut self) -> Done {
        self.left = self.left.checked_sub(1).ok_or(UnknownLayer::Deep)?;
        Ok(())
    }

    fn mac(&self, octets: &mut [u8], at: usize) -> Done {
        let mac = octets.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<6>);
        let mac = mac.ok_or(UnknownLayer::Short)?;
        *mac = self.names.mac(*mac);
        Ok(())
    }

    fn ethernet(&mut self, frame: &mut [u8]) -> Done {
        self.mac(frame, 0)?;
        self.mac(frame, 6)?;
        self.above(word(frame, 12)?, tail(frame, 14)?)
    }

    /// Linux cooked captures: the sender's address, and where the protocol stands.
    fn cooked(&mut self, frame: &mut [u8], protocol: usize, address: usize) -> Done {
        self.mac(frame, address)?;
        // Two octets follow: room for longer addresses than are usual.
        if let Some(rest) = frame.get_mut(address + 6..address + 8) {
            rest.fill(0);
        }
        let start = if protocol == 0 { 20 } else { 16 };
        self.above(word(frame, protocol)?, tail(frame, start)?)
    }

    fn above(&mut self, ethertype: u16, octets: &mut [u8]) -> Done {
        self.deeper()?;
        match ethertype {
            0x0800 | 0x86dd => self.ip(octets),
            0x8100 | 0x88a8 | 0x9100 => self.above(word(octets, 2)?, tail(octets, 4)?),
            0x8847 | 0x8848 => {
                let is_last = |label: &[u8; 4]| label[2] & 1 == 1;
                let labels = octets.as_chunks::<4>().0.iter().position(is_last);
                self.ip(tail(octets, 4 * (labels.ok_or(UnknownLayer::Short)? + 1))?)
            }
            0x8864 => match word(octets, 6)? {
                0x0021 | 0x0057 => self.ip(tail(octets, 8)?),
                _ => Err(UnknownLayer::Ethernet(ethertype)),
            },
            other => Err(UnknownLayer::Ethernet(other)),
        }
    }

    fn ip(&mut self, octets: &mut [u8]) -> Done {
        self.deeper()?;
        match octets.first().ok_or(UnknownLayer::Short)? >> 4 {
            4 => self.ipv4(octets),
            6 => self.ipv6(octets),
            _ => Err(UnknownLayer::Short),
        }
    }

    fn ipv4(&mut self, octets: &mut [u8]) -> Done {
        let header_len = usize::from(octets.first().map_or(0, |first| first & 15)) * 4;
        if header_len < 20 || octets.len() < header_len {
            // Cut inside the header: whatever of addresses there is goes.
            octets.iter_mut().skip(12).for_each(|octet| *octet = 0);
            return Ok(());
        }
        let total = usize::from(word(octets, 2)?);
        let (header, body) = octets.split_at_mut(header_len);
        // 0 where the network card cuts it into segments itself.
        let in_packet = if total == 0 { body.len() } else { total.saturating_sub(header_len) };
        let (body, padding) = body.split_at_mut(in_packet.min(body.len()));
        padding.fill(0);
        let old = sum_without(header, 10);
        let before = checksum::sum(header.get(12..20).unwrap_or_default());
        let (from, to) = (end_at(header, 12, 4), end_at(header, 16, 4));
        for at in [12, 16] {
            let address = header.get_mut(at..at + 4).ok_or(UnknownLayer::Short)?;
            message::address(address, self.names);
        }
        let after = checksum::sum(header.get(12..20).unwrap_or_default());
        // Options may list addresses (RFC 791 §3.1); 1 is no operation.
        header.iter_mut().skip(20).for_each(|option| *option = 1);
        let new = sum_without(header, 10);
        mend(header, 10, old, new);
        let (protocol, fragment) = (header.get(9).copied(), word(header, 6)?);
        if fragment & 0x1fff != 0 {
            body.fill(0);
            return Ok(());
        }
        self.transport(protocol.unwrap_or_default(), body, Ends { before, after, from, to })
    }

    fn ipv6(&mut self, octets: &mut [u8]) -> Done {
        if octets.len() < 40 {
            octets.iter_mut().skip(8).for_each(|octet| *octet = 0);
            return Ok(());
        }
        let len = usize::from(word(octets, 4)?);
        let mut next = octets.get(6).copied().unwrap_or_default();
        let (header, body) = octets.split_at_mut(40);
        // 0 in jumbograms.
        let in_packet = if len == 0 { body.len() } else { len.min(body.len()) };
        let (mut body, padding) = body.split_at_mut(in_packet);
        padding.fill(0);
        let before = checksum::sum(header.get(8..40).unwrap_or_default());
        let (from, to) = (end_at(header, 8, 16), end_at(header, 24, 16));
        for at in [8, 24] {
            let address = header.get_mut(at..at + 16).ok_or(UnknownLayer::Short)?;
            message::address(address, self.names);
        }
        let after = checksum::sum(header.get(8..40).unwrap_or_default());
        loop {
            let size = |body: &[u8]| body.get(1).map(|len| usize::from(*len));
            let len = match next {
                0 | 60 | 135 => size(body).map(|len| (len + 1) * 8),
                51 => size(body).map(|len| (len + 2) * 4),
                44 => Some(8),
                43 => return Err(UnknownLayer::Routing),
                _ => break,
            };
            let is_later = next == 44 && word(body, 2).is_ok_and(|offset| offset >> 3 != 0);
            let Some(len) = len.filter(|len| *len <= body.len()) else {
                body.fill(0);
                return Ok(());
            };
            let (head, rest) = body.split_at_mut(len);
            if is_later {
                rest.fill(0);
                return Ok(());
            }
            next = head.first().copied().unwrap_or_default();
            body = rest;
        }
        self.transport(next, body, Ends { before, after, from, to })
    }

    fn transport(&mut self, protocol: u8, body: &mut [u8], ends: Ends) -> Done {
        // Ports and the like hold no address.
        if body.len() < 8 {
            return Ok(());
        }
        let check = match protocol {
            6 => 16,
            17 => 6,
            58 => 2,
            4 | 41 => return self.ip(body),
            47 => return self.gre(body),
            1 => {
                // What an error message quotes is another packet.
                let before = sum_without(body, 2);
                body.iter_mut().skip(8).for_each(|octet| *octet = 0);
                let after = sum_without(body, 2);
                mend(body, 2, before, after);
                return Ok(());
            }
            _ => {
                // Ports at most: of others nothing names a flow.
                body.iter_mut().skip(12).for_each(|octet| *octet = 0);
                return Ok(());
            }
        };
        let before = sum_without(body, check);
        match protocol {
            6 => self.segment(body, ends)?,
            17 => self.datagram(body, ends)?,
            _ => body.iter_mut().skip(4).for_each(|octet| *octet = 0),
        }
        let after = sum_without(body, check);
        mend(body, check, ends.before, ends.after);
        mend(body, check, before, after);
        Ok(())
    }

    fn segment(&mut self, body: &mut [u8], ends: Ends) -> Done {
        let header = body.get(12).map_or(20, |octet| usize::from(octet >> 4) * 4);
        let way = ends.way(body)?;
        let is_syn = body.get(13).is_some_and(|flags| flags & 2 != 0);
        let seq =
            body.get(4..).and_then(<[u8]>::first_chunk).map_or(0, |seq| u32::from_be_bytes(*seq));
        let payload = body.get_mut(header..).unwrap_or_default();
        if payload.is_empty() {
            return Ok(());
        }
        if way.from.1 == 53 || way.to.1 == 53 {
            self.dns_segment(payload);
        } else {
            self.names.segment(way, seq.wrapping_add(is_syn.into()), payload);
            message::text(payload, self.names);
        }
        Ok(())
    }

    /// DNS over TCP: messages behind their lengths (RFC 1035 §4.2.2). What is not whole in the
    /// segment becomes zeros.
    fn dns_segment(&mut self, mut payload: &mut [u8]) {
        loop {
            let len = word(payload, 0).map_or(usize::MAX, usize::from);
            if payload.len().saturating_sub(2) < len {
                payload.fill(0);
                return;
            }
            let (head, rest) = payload.split_at_mut(2 + len);
            if let Some(message) = head.get_mut(2..) {
                message::dns(message, self.names);
            }
            payload = rest;
        }
    }

    fn datagram(&mut self, body: &mut [u8], ends: Ends) -> Done {
        let way = ends.way(body)?;
        let (from, to) = (way.from.1, way.to.1);
        let payload = body.get_mut(8..).unwrap_or_default();
        let Some(first) = payload.first().copied() else { return Ok(()) };
        let is = |port: u16| from == port || to == port;
        if is(53) || is(5353) || is(5355) {
            message::dns(payload, self.names);
            return Ok(());
        }
        match to {
            4789 | 8472 => return self.ethernet(tail(payload, 8)?),
            6081 => {
                let options = usize::from(first & 0x3f) * 4;
                let inside = word(payload, 2)?;
                let payload = tail(payload, 8 + options)?;
                self.deeper()?;
                return if inside == 0x6558 {
                    self.ethernet(payload)
                } else {
                    self.above(inside, payload)
                };
            }
            2152 if first.is_multiple_of(8) => return self.ip(tail(payload, 8)?),
            _ => {}
        }
        // What is kept of a login (RFC 3579) states no address, and what a relay carries (RFC 1928
        // §7) that of its destination.
        let relayed = relay_header(payload);
        let is_known = match &relayed {
            Some(header) => payload.get(header.len..).is_some_and(is_hello),
            None => is_hello(payload) || login_in_datagram(payload).is_some(),
        };
        if !is_known {
            return Err(UnknownLayer::Datagram(from, to));
        }
        if let Some(header) = relayed.filter(|header| header.kind == RelayHost::Address)
            && let Some(host) = payload.get_mut(header.host)
        {
            message::address(host, self.names);
        }
        self.names.datagram(way, payload);
        Ok(())
    }

    /// GRE without checksum and routing (RFC 2784, RFC 2890).
    fn gre(&mut self, octets: &mut [u8]) -> Done {
        self.deeper()?;
        let (flags, inside) = (word(octets, 0)?, word(octets, 2)?);
        if flags & 0xc007 != 0 {
            return Err(UnknownLayer::Gre);
        }
        let more = usize::from(flags >> 13 & 1) + usize::from(flags >> 12 & 1);
        let payload = tail(octets, 4 + 4 * more)?;
        if inside == 0x6558 { self.ethernet(payload) } else { self.above(inside, payload) }
    }
}
