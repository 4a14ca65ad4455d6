//! Ethernet, VLAN tags, LLC and SNAP (IEEE 802.3, 802.1Q, 802.2).
#![warn(clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::ppp;
use super::walk::{Next, Stop, Walk};
use super::{Layer, Macs, NotIp};

/// IPv4.
pub(super) const IPV4: u16 = 0x0800;
/// IPv6.
pub(super) const IPV6: u16 = 0x86dd;
/// The 12 bits of a tag's control information that are the VLAN's id.
pub(super) const VLAN_ID: u16 = 0x0fff;

/// The largest 802.3 length; larger values are `EtherType`s.
const LONGEST_LLC: u16 = 1500;
/// VLAN tags: customer's, provider's (802.1ad), and the one used before that was standardised.
const CUSTOMER_TAG: u16 = 0x8100;
const PROVIDER_TAG: u16 = 0x88a8;
const OLD_TAG: u16 = 0x9100;
const TRANSPARENT_ETHERNET: u16 = 0x6558;
const PPP: u16 = 0x880b;
const MPLS: u16 = 0x8847;
const MPLS_UPSTREAM: u16 = 0x8848;
const PPPOE_SESSION: u16 = 0x8864;
const NETWORK_SERVICE_HEADER: u16 = 0x894f;
const CISCO_METADATA: u16 = 0x8909;
const VN_TAG: u16 = 0x8926;
const BACKBONE_TAG: u16 = 0x88e7;
const MACSEC: u16 = 0x88e5;
const ARISTA: u16 = 0xd28b;
const FABRIC_PATH: u16 = 0x8903;

/// Whether an `EtherType` is that of a VLAN tag. Asked of every frame.
#[inline]
pub(super) fn is_vlan_tag(kind: u16) -> bool {
    matches!(kind, CUSTOMER_TAG | PROVIDER_TAG | OLD_TAG)
}

/// The Ethernet header.
pub(super) fn header(walk: &mut Walk<'_>, cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let octets: &[u8; 14] = cursor.array(Layer::Link)?;
    let &[d0, d1, d2, d3, d4, d5, s0, s1, s2, s3, s4, s5, k0, k1] = octets;
    let macs = Macs { destination: [d0, d1, d2, d3, d4, d5], source: [s0, s1, s2, s3, s4, s5] };
    walk.macs = walk.macs.or(Some(macs));
    Ok(Next::EtherType(u16::from_be_bytes([k0, k1])))
}

/// What follows an `EtherType`, tags included.
pub(super) fn ether_type(
    walk: &mut Walk<'_>,
    kind: u16,
    cursor: &mut Cursor<'_>,
) -> Result<Next, Stop> {
    match kind {
        IPV4 | IPV6 => Ok(Next::Ip),
        kind if is_vlan_tag(kind) => vlan(walk, cursor),
        MPLS | MPLS_UPSTREAM => Ok(Next::Mpls),
        PPPOE_SESSION => ppp::over_ethernet(cursor),
        TRANSPARENT_ETHERNET => Ok(Next::Ethernet),
        PPP => Ok(Next::Ppp),
        NETWORK_SERVICE_HEADER => service_header(cursor),
        // Version, length, option, security group; then the EtherType.
        CISCO_METADATA => tag(cursor, 6),
        VN_TAG => tag(cursor, 4),
        MACSEC => macsec(cursor),
        BACKBONE_TAG => {
            cursor.take(Layer::Link, 4)?;
            Ok(Next::Ethernet)
        }
        ARISTA => arista(cursor),
        // The outer header's own 2 octets were the EtherType: the tag follows, then a frame.
        FABRIC_PATH => {
            cursor.take(Layer::Link, 2)?;
            Ok(Next::Ethernet)
        }
        length if length <= LONGEST_LLC => {
            cursor.limit(u32::from(length));
            Ok(Next::Llc)
        }
        other => Err(NotIp::EtherType(other).into()),
    }
}

fn vlan(walk: &mut Walk<'_>, cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let control = cursor.u16(Layer::Link)?;
    let kind = cursor.u16(Layer::Link)?;
    walk.tagged(control & VLAN_ID);
    Ok(Next::EtherType(kind))
}

/// A tag of `len` octets that ends in front of an `EtherType`.
fn tag(cursor: &mut Cursor<'_>, len: usize) -> Result<Next, Stop> {
    cursor.take(Layer::Link, len)?;
    Ok(Next::EtherType(cursor.u16(Layer::Link)?))
}

/// `MACsec` (IEEE 802.1AE §9): readable where it only authenticates.
fn macsec(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    const CHANGED_TEXT: u8 = 0x0c;
    const CHANNEL_IDENTIFIER: u8 = 0x20;
    let control = cursor.octet(Layer::Link)?;
    if control & CHANGED_TEXT != 0 {
        return Err(NotIp::EtherType(MACSEC).into());
    }
    tag(cursor, if control & CHANNEL_IDENTIFIER == 0 { 5 } else { 13 })
}

/// Arista's hardware timestamps: subtype, version, then 8 or 6 octets of time.
fn arista(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let subtype = cursor.u16(Layer::Link)?;
    let version = cursor.u16(Layer::Link)?;
    match (subtype, version & 0xff) {
        (1, 0x10) => tag(cursor, 8),
        (1, 0x20) => tag(cursor, 6),
        _ => Err(NotIp::EtherType(ARISTA).into()),
    }
}

/// Network service header (RFC 8300 §2): its length is in four-octet words.
pub(super) fn service_header(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let &[_, length, _, kind] = cursor.peek().ok_or_else(|| cursor.short(Layer::Link, 8))?;
    let octets = usize::from(length & 0x3f) * 4;
    if octets < 8 {
        return Err(cursor.invalid(Layer::Link).into());
    }
    cursor.take(Layer::Link, octets)?;
    match kind {
        1 | 2 => Ok(Next::Ip),
        3 => Ok(Next::Ethernet),
        5 => Ok(Next::Mpls),
        _ => Err(NotIp::EtherType(NETWORK_SERVICE_HEADER).into()),
    }
}

/// LLC, with SNAP (RFC 1042) and the OSI network layer's identifiers (RFC 2684 §4.1).
pub(super) fn llc(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    match *cursor.array(Layer::Link)? {
        [0xaa, 0xaa, 0x03] => snap(cursor),
        [0x06, 0x06, 0x03] => Ok(Next::Ip),
        [0xfe, 0xfe, 0x03] => ppp::network_layer_id(cursor),
        _ => Err(NotIp::Llc.into()),
    }
}

fn snap(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let &[o0, o1, o2, k0, k1] = cursor.array(Layer::Link)?;
    let kind = u16::from_be_bytes([k0, k1]);
    match [o0, o1, o2] {
        // RFC 1042; IEEE 802.1H.
        [0, 0, 0 | 0xf8] => Ok(Next::EtherType(kind)),
        // RFC 2684 §5.2: bridged Ethernet with and without its checksum, after two octets.
        [0x00, 0x80, 0xc2] if matches!(kind, 1 | 7) => {
            cursor.take(Layer::Link, 2)?;
            Ok(Next::Ethernet)
        }
        _ => Err(NotIp::Llc.into()),
    }
}
