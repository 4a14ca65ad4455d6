//! Rare link types: a header of fixed or stated length in front of a common one.
#![warn(clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::link;
use super::walk::{Next, Stop};
use super::wlan::Body;
use super::{Layer, NotIp};
use crate::source::LinkType;

/// SLIP with the 16 octets of direction and compressed header in front.
pub(super) fn slip(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let &[_, kind, ..] = cursor.array::<16>(Layer::Link)?;
    // RFC 1144: type 8 to 15 in the high bits is a compressed TCP header.
    if kind & 0x80 != 0 { Err(NotIp::LinkControl.into()) } else { Ok(Next::Ip) }
}

/// Token ring (IEEE 802.5): access and frame control, two addresses, a routing field where the
/// source's first bit says so, then LLC in data frames.
pub(super) fn token_ring(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    const ROUTED: u8 = 0x80;
    let octets: &[u8; 14] = cursor.array(Layer::Link)?;
    let &[_, control, _, _, _, _, _, _, source, ..] = octets;
    if control & 0xc0 != 0x40 {
        return Err(NotIp::LinkControl.into());
    }
    if source & ROUTED != 0 {
        let length = cursor.first().ok_or_else(|| cursor.short(Layer::Link, 2))? & 0x1f;
        cursor.take(Layer::Link, usize::from(length).max(2))?;
    }
    Ok(Next::Llc)
}

/// IP over `FireWire` as Apple gives it: two addresses of eight octets, then the `EtherType`.
pub(super) fn firewire(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    cursor.take(Layer::Link, 16)?;
    Ok(Next::EtherType(cursor.u16(Layer::Link)?))
}

/// FDDI: frame control, two addresses, then LLC in data frames.
pub(super) fn fddi(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let &[control, ..] = cursor.array::<13>(Layer::Link)?;
    if control & 0x30 == 0x10 { Ok(Next::Llc) } else { Err(NotIp::LinkControl.into()) }
}

/// ARCNET as Linux gives it: source, destination, two octets of offset, protocol
/// (RFC 1051, RFC 1201).
pub(super) fn arcnet(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let &[_, _, _, _, kind] = cursor.array(Layer::Link)?;
    match kind {
        240 => Ok(Next::Ip),
        212 | 196 => {
            // RFC 1201: split flag and sequence number; a later part of a packet has no header.
            let &[split, _, _] = cursor.array(Layer::Link)?;
            match split {
                0 => Ok(Next::Ip),
                0xff => {
                    cursor.take(Layer::Link, 4)?;
                    Ok(Next::Ip)
                }
                first if first % 2 == 1 => Ok(Next::Ip),
                _ => Err(NotIp::LinkControl.into()),
            }
        }
        _ => Err(NotIp::LinkControl.into()),
    }
}

/// Classical IP over ATM: LLC, or IP without anything.
pub(super) fn classical_ip(cursor: &Cursor<'_>) -> Next {
    match cursor.first() {
        Some(octet) if octet >> 4 == 4 || octet >> 4 == 6 => Next::Ip,
        _ => Next::Llc,
    }
}

/// `SunATM`'s four octets; the low bits of the first say what the cells carry.
pub(super) fn sun_atm(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let &[flags, ..] = cursor.array::<4>(Layer::Link)?;
    match flags & 0x0f {
        2 => Ok(Next::Llc),
        1 => {
            cursor.take(Layer::Link, 2)?;
            Ok(Next::Ethernet)
        }
        _ => Err(NotIp::LinkControl.into()),
    }
}

/// Juniper's Ethernet: magic, flags, and extensions whose length is stated. Without a link
/// header (`flags`) the network protocol follows at once.
pub(super) fn juniper_ethernet(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    const EXTENSIONS: u8 = 0x80;
    const NO_LINK_HEADER: u8 = 0x02;
    let &[m0, m1, m2, flags] = cursor.array(Layer::Link)?;
    if [m0, m1, m2] != [0x4d, 0x47, 0x43] {
        return Err(cursor.invalid(Layer::Link).into());
    }
    if flags & EXTENSIONS != 0 {
        let length = cursor.u16(Layer::Link)?;
        cursor.take(Layer::Link, usize::from(length))?;
    }
    if flags & NO_LINK_HEADER != 0 {
        cursor.take(Layer::Link, 4)?;
        return Ok(Next::Ip);
    }
    Ok(Next::Ethernet)
}

/// Per-packet information (PPI): its length, and the link type of what follows.
pub(super) fn per_packet(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let &[_, _, l0, l1, t0, t1, t2, t3] =
        cursor.peek().ok_or_else(|| cursor.short(Layer::Link, 8))?;
    let length = usize::from(u16::from_le_bytes([l0, l1]));
    if length < 8 {
        return Err(cursor.invalid(Layer::Link).into());
    }
    cursor.take(Layer::Link, length)?;
    nested(u32::from_le_bytes([t0, t1, t2, t3]), cursor)
}

/// Solaris' IP network device: 24 octets, with the family in the second.
pub(super) fn solaris(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let &[_, family, ..] = cursor.array::<24>(Layer::Link)?;
    if matches!(family, 2 | 26) { Ok(Next::Ip) } else { Err(NotIp::LinkControl.into()) }
}

/// IP over `InfiniBand`: the receiver's 40-octet address, then the RFC 4391 §6 header.
pub(super) fn infiniband(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    cursor.take(Layer::Link, 40)?;
    let kind = cursor.u16(Layer::Link)?;
    cursor.take(Layer::Link, 2)?;
    Ok(Next::EtherType(kind))
}

/// Apple's packet tap: length, kind of record, link type.
pub(super) fn packet_tap(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let octets: &[u8; 12] = cursor.peek().ok_or_else(|| cursor.short(Layer::Link, 12))?;
    let &[l0, l1, l2, l3, _, _, _, _, t0, t1, t2, t3] = octets;
    let length = u32::from_le_bytes([l0, l1, l2, l3]);
    if length < 12 {
        return Err(cursor.invalid(Layer::Link).into());
    }
    cursor.take(Layer::Link, usize::try_from(length).unwrap_or(usize::MAX))?;
    nested(u32::from_le_bytes([t0, t1, t2, t3]), cursor)
}

/// A link type inside another header; one that would nest again is refused, so that no frame
/// can make the decoder recurse.
fn nested(link: u32, cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    match link {
        105 => Ok(Next::Wlan(Body::Adjacent)),
        192 | 258 | 149 => Err(cursor.invalid(Layer::Link).into()),
        link => link::header(LinkType(link), cursor),
    }
}
