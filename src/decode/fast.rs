//! The frames that nearly all captures consist of, in one straight line: Ethernet, up to two
//! VLAN tags, IPv4 or IPv6 without extension headers, TCP or UDP without a tunnel.
//!
//! Whatever is out of the ordinary gives `None`, and [`Walk`](super::walk::Walk) reads it. Both
//! say the same of the frames that both read: a property test holds them together.
#![warn(clippy::indexing_slicing)]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::ethernet::{IPV4, IPV6, VLAN_ID, VLAN_TAGS};
use super::walk::LONGEST_FRAME;
use super::{
    FiveTuple, Macs, Packet, Ported, Protocol, TcpFlags, Transport, VlanIds, link, tunnel,
};
use crate::source::Frame;

/// The packet of an ordinary frame.
#[inline]
pub(super) fn packet<'a>(frame: &Frame<'a>) -> Option<Packet<'a>> {
    if frame.link != link::ETHERNET || frame.wire_len > LONGEST_FRAME {
        return None;
    }
    let (ethernet, mut rest) = frame.captured.split_first_chunk::<14>()?;
    let &[d0, d1, d2, d3, d4, d5, s0, s1, s2, s3, s4, s5, k0, k1] = ethernet;
    let mut kind = u16::from_be_bytes([k0, k1]);
    let mut vlans = VlanIds::new();
    while VLAN_TAGS.contains(&kind) {
        let (&[t0, t1, k0, k1], behind) = rest.split_first_chunk()?;
        vlans.try_push(u16::from_be_bytes([t0, t1]) & VLAN_ID).ok()?;
        kind = u16::from_be_bytes([k0, k1]);
        rest = behind;
    }
    let link_len = frame.captured.len() - rest.len();
    let wire = frame.wire_len.checked_sub(u32::try_from(link_len).ok()?)?;
    if usize::try_from(wire).ok()? < rest.len() {
        return None;
    }
    let ip = match kind {
        IPV4 => v4(rest, wire)?,
        IPV6 => v6(rest, wire)?,
        _ => return None,
    };
    let segment = if ip.protocol == Protocol::TCP { tcp(&ip)? } else { udp(&ip)? };
    let macs = Macs { destination: [d0, d1, d2, d3, d4, d5], source: [s0, s1, s2, s3, s4, s5] };
    Some(Packet {
        tuple: FiveTuple {
            protocol: ip.protocol,
            source: ip.source,
            destination: ip.destination,
            source_port: segment.source,
            destination_port: segment.destination,
            ported: Ported::Yes,
        },
        vlans,
        vni: None,
        macs: Some(macs),
        transport: segment.transport,
        payload: segment.payload,
        payload_wire_len: segment.wire,
        reassembled: None,
        super_frame: false,
        tunnel: false,
    })
}

/// `payload.len() <= wire`, as in the cursor.
struct Ip<'a> {
    protocol: Protocol,
    source: IpAddr,
    destination: IpAddr,
    payload: &'a [u8],
    wire: u32,
}

struct Ports<'a> {
    source: u16,
    destination: u16,
    transport: Transport,
    payload: &'a [u8],
    wire: u32,
}

#[inline]
fn v4(octets: &[u8], wire: u32) -> Option<Ip<'_>> {
    let fixed: &[u8; 20] = octets.first_chunk()?;
    let &[version, _, l0, l1, _, _, p0, p1, _, protocol, _, _, address @ ..] = fixed;
    let total = u16::from_be_bytes([l0, l1]);
    let header_len = u16::from(version & 0x0f) * 4;
    // Bit 14 forbids fragments, bit 15 is reserved.
    let fragment = u16::from_be_bytes([p0, p1]) & 0x3fff;
    if version >> 4 != 4 || header_len < 20 || total < header_len || fragment != 0 {
        return None;
    }
    let [s0, s1, s2, s3, d0, d1, d2, d3] = address;
    Some(Ip {
        protocol: ordinary(protocol)?,
        source: IpAddr::V4(Ipv4Addr::new(s0, s1, s2, s3)),
        destination: IpAddr::V4(Ipv4Addr::new(d0, d1, d2, d3)),
        payload: bounded(octets, usize::from(total)).get(usize::from(header_len)..)?,
        wire: u32::from(total).min(wire).checked_sub(u32::from(header_len))?,
    })
}

#[inline]
fn v6(octets: &[u8], wire: u32) -> Option<Ip<'_>> {
    let (fixed, payload) = octets.split_first_chunk::<40>()?;
    let &[version, _, _, _, l0, l1, protocol, _, address @ ..] = fixed;
    let length = u16::from_be_bytes([l0, l1]);
    if version >> 4 != 6 || length == 0 {
        return None;
    }
    let (source, destination) = address.split_first_chunk::<16>()?;
    Some(Ip {
        protocol: ordinary(protocol)?,
        source: IpAddr::V6(Ipv6Addr::from_octets(*source)),
        destination: IpAddr::V6(Ipv6Addr::from_octets(*destination.first_chunk()?)),
        payload: bounded(payload, usize::from(length)),
        wire: u32::from(length).min(wire.checked_sub(40)?),
    })
}

#[inline]
fn ordinary(protocol: u8) -> Option<Protocol> {
    let protocol = Protocol(protocol);
    matches!(protocol, Protocol::TCP | Protocol::UDP).then_some(protocol)
}

#[inline]
fn tcp<'a>(ip: &Ip<'a>) -> Option<Ports<'a>> {
    let fixed: &[u8; 20] = ip.payload.first_chunk()?;
    let &[s0, s1, d0, d1, q0, q1, q2, q3, a0, a1, a2, a3, offset, flags, ..] = fixed;
    let header_len = u32::from(offset >> 4) * 4;
    if header_len < 20 {
        return None;
    }
    Some(Ports {
        source: u16::from_be_bytes([s0, s1]),
        destination: u16::from_be_bytes([d0, d1]),
        transport: Transport::Tcp {
            seq: u32::from_be_bytes([q0, q1, q2, q3]),
            ack: u32::from_be_bytes([a0, a1, a2, a3]),
            flags: TcpFlags(flags),
        },
        payload: ip.payload.get(usize::try_from(header_len).ok()?..)?,
        wire: ip.wire.checked_sub(header_len)?,
    })
}

#[inline]
fn udp<'a>(ip: &Ip<'a>) -> Option<Ports<'a>> {
    let (&[s0, s1, d0, d1, l0, l1, _, _], payload) = ip.payload.split_first_chunk()?;
    let (source, destination) = (u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1]));
    let length = u16::from_be_bytes([l0, l1]).checked_sub(8)?;
    if tunnel::is_tunnel(source) || tunnel::is_tunnel(destination) {
        return None;
    }
    Some(Ports {
        source,
        destination,
        transport: Transport::Udp,
        payload: bounded(payload, usize::from(length)),
        wire: u32::from(length).min(ip.wire.checked_sub(8)?),
    })
}

/// The first `len` octets, or all where there are fewer.
#[inline]
fn bounded(octets: &[u8], len: usize) -> &[u8] {
    octets.get(..len).unwrap_or(octets)
}
