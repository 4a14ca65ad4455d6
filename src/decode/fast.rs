//! The frames that nearly all captures consist of, in one straight line: Ethernet, up to two
//! VLAN tags, IPv4 or IPv6 without extension headers, TCP or UDP without a tunnel.
//!
//! Whatever is out of the ordinary gives `None`, and [`Walk`](super::walk::Walk) reads it. Both
//! say the same of the frames that both read: a property test holds them together.
#![warn(clippy::indexing_slicing)]

use super::ethernet::{IPV4, IPV6, VLAN_ID, is_vlan_tag};
use super::walk::LONGEST_FRAME;
use super::{
    AddressBits, FiveTuple, IpVersion, Macs, Packet, Ported, Protocol, TcpFlags, Transport, link,
    tunnel,
};
use crate::source::Frame;

/// What an ordinary frame carries: everything that a [`Packet`] says of it, in the form in which
/// the flow table wants it.
#[derive(Clone, Copy, Debug)]
pub struct Ordinary<'a> {
    /// TCP or UDP.
    pub protocol: Protocol,
    /// Version of the IP header.
    pub version: IpVersion,
    /// Address of the sender.
    pub source: AddressBits,
    /// Address of the receiver.
    pub destination: AddressBits,
    /// Port of the sender.
    pub source_port: u16,
    /// Port of the receiver.
    pub destination_port: u16,
    /// VLAN ids, outermost first, `vlan_count` of them.
    vlans: [u16; 2],
    vlan_count: u8,
    /// See [`Packet::transport`].
    pub transport: Transport,
    /// See [`Packet::payload`].
    pub payload: &'a [u8],
    /// See [`Packet::payload_wire_len`].
    pub payload_wire_len: u32,
}

impl<'a> Ordinary<'a> {
    /// Reads an ordinary frame. Inlined into the loop over a batch with all that it calls: the
    /// fields go from the headers to where they are used without a stop.
    #[expect(clippy::inline_always, reason = "measured: a call copies what was read twice")]
    #[inline(always)]
    pub fn read(frame: &Frame<'a>) -> Option<Self> {
        if frame.link != link::ETHERNET || frame.wire_len > LONGEST_FRAME {
            return None;
        }
        let (_, rest) = frame.captured.split_first_chunk::<12>()?;
        let (&kind, mut rest) = rest.split_first_chunk::<2>()?;
        let mut kind = u16::from_be_bytes(kind);
        let (mut vlans, mut vlan_count) = ([0; 2], 0);
        while is_vlan_tag(kind) {
            let (&[t0, t1, k0, k1], behind) = rest.split_first_chunk()?;
            *vlans.get_mut(usize::from(vlan_count))? = u16::from_be_bytes([t0, t1]) & VLAN_ID;
            vlan_count += 1;
            kind = u16::from_be_bytes([k0, k1]);
            rest = behind;
        }
        let link_len = frame.captured.len() - rest.len();
        let wire = frame.wire_len.checked_sub(u32::try_from(link_len).ok()?)?;
        if usize::try_from(wire).ok()? < rest.len() {
            return None;
        }
        let ordinary = match kind {
            IPV4 => v4(rest, wire)?.transport()?,
            IPV6 => v6(rest, wire)?.transport()?,
            _ => return None,
        };
        Some(Self { vlans, vlan_count, ..ordinary })
    }

    /// VLAN ids, outermost first.
    #[inline]
    pub fn vlans(&self) -> &[u16] {
        self.vlans.get(..usize::from(self.vlan_count)).unwrap_or_default()
    }

    /// The same as a packet. `frame` is the one that was read.
    pub(super) fn packet(&self, frame: &Frame<'_>) -> Packet<'a> {
        Packet {
            tuple: FiveTuple {
                protocol: self.protocol,
                source: self.source.address(self.version),
                destination: self.destination.address(self.version),
                source_port: self.source_port,
                destination_port: self.destination_port,
                ported: Ported::Yes,
            },
            vlans: self.vlans().iter().copied().collect(),
            vni: None,
            macs: Macs::of(frame),
            transport: self.transport,
            payload: self.payload,
            payload_wire_len: self.payload_wire_len,
            reassembled: None,
            super_frame: false,
            tunnel: false,
            further: None,
        }
    }
}

/// `payload.len() <= wire`, as in the cursor.
struct Ip<'a> {
    protocol: Protocol,
    version: IpVersion,
    source: AddressBits,
    destination: AddressBits,
    payload: &'a [u8],
    wire: u32,
}

impl<'a> Ip<'a> {
    /// Reads the header of TCP or UDP.
    #[expect(clippy::inline_always, reason = "as for `Ordinary::read`")]
    #[inline(always)]
    fn transport(self) -> Option<Ordinary<'a>> {
        let ports = if self.protocol == Protocol::TCP { tcp(&self)? } else { udp(&self)? };
        Some(Ordinary {
            protocol: self.protocol,
            version: self.version,
            source: self.source,
            destination: self.destination,
            source_port: ports.source,
            destination_port: ports.destination,
            vlans: [0; 2],
            vlan_count: 0,
            transport: ports.transport,
            payload: ports.payload,
            payload_wire_len: ports.wire,
        })
    }
}

struct Ports<'a> {
    source: u16,
    destination: u16,
    transport: Transport,
    payload: &'a [u8],
    wire: u32,
}

#[expect(clippy::inline_always, reason = "as for `packet`")]
#[inline(always)]
fn v4(octets: &[u8], wire: u32) -> Option<Ip<'_>> {
    let fixed: &[u8; 20] = octets.first_chunk()?;
    let [version, _, l0, l1, _, _, p0, p1, _, protocol, _, _, address @ ..] = fixed;
    let total = u16::from_be_bytes([*l0, *l1]);
    let header_len = u16::from(version & 0x0f) * 4;
    // Bit 14 forbids fragments, bit 15 is reserved.
    let fragment = u16::from_be_bytes([*p0, *p1]) & 0x3fff;
    if version >> 4 != 4 || header_len < 20 || total < header_len || fragment != 0 {
        return None;
    }
    let [s0, s1, s2, s3, d0, d1, d2, d3] = address;
    Some(Ip {
        protocol: ordinary(*protocol)?,
        version: IpVersion::V4,
        source: AddressBits::v4(u32::from_be_bytes([*s0, *s1, *s2, *s3])),
        destination: AddressBits::v4(u32::from_be_bytes([*d0, *d1, *d2, *d3])),
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
        version: IpVersion::V6,
        source: AddressBits::v6(u128::from_be_bytes(*source)),
        destination: AddressBits::v6(u128::from_be_bytes(*destination.first_chunk()?)),
        payload: bounded(payload, usize::from(length)),
        wire: u32::from(length).min(wire.checked_sub(40)?),
    })
}

#[expect(clippy::inline_always, reason = "as for `packet`")]
#[inline(always)]
fn ordinary(protocol: u8) -> Option<Protocol> {
    let protocol = Protocol(protocol);
    matches!(protocol, Protocol::TCP | Protocol::UDP).then_some(protocol)
}

#[expect(clippy::inline_always, reason = "as for `packet`")]
#[inline(always)]
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

#[expect(clippy::inline_always, reason = "as for `packet`")]
#[inline(always)]
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
#[expect(clippy::inline_always, reason = "as for `packet`")]
#[inline(always)]
fn bounded(octets: &[u8], len: usize) -> &[u8] {
    octets.get(..len).unwrap_or(octets)
}
