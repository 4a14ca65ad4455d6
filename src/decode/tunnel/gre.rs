//! GRE (RFC 2784, RFC 2890), PPTP's version of it (RFC 2637), ERSPAN.
#![warn(clippy::indexing_slicing)]

use super::super::Layer;
use super::super::cursor::Cursor;
use super::super::walk::Next;
use super::super::wlan::Body;
use super::inside::Inside;

const CHECKSUM: u16 = 0x8000;
const ROUTING: u16 = 0x4000;
const KEY: u16 = 0x2000;
const SEQUENCE: u16 = 0x1000;
const ACKNOWLEDGMENT: u16 = 0x0080;
const VERSION: u16 = 0x0007;

const PPP: u16 = 0x880b;
const ERSPAN: u16 = 0x88be;
const ERSPAN_3: u16 = 0x22eb;
const CISCO_METADATA: u16 = 0x8909;
const CACHE_REDIRECT: u16 = 0x883e;
/// Aruba's wireless controllers put 802.11 frames under these.
const ARUBA_WLAN: std::ops::RangeInclusive<u16> = 0x8200..=0x8270;
const ARUBA_WLAN_HIGH: u16 = 0x9000;

/// The GRE header and what its protocol type announces.
pub(super) fn header(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    let flags = cursor.u16(Layer::Tunnel).ok()?;
    let kind = cursor.u16(Layer::Tunnel).ok()?;
    if flags & VERSION > 1 || (flags & VERSION == 1 && kind != PPP) {
        return None;
    }
    let mut octets = 0;
    octets += if flags & (CHECKSUM | ROUTING) == 0 { 0 } else { 4 };
    octets += if flags & KEY == 0 { 0 } else { 4 };
    octets += if flags & SEQUENCE == 0 { 0 } else { 4 };
    octets += if flags & VERSION == 1 && flags & ACKNOWLEDGMENT != 0 { 4 } else { 0 };
    cursor.take(Layer::Tunnel, octets).ok()?;
    if flags & ROUTING != 0 {
        source_routes(&mut cursor)?;
    }
    payload(kind, flags, cursor)
}

/// Source route entries (RFC 1701): family, offset, length; one of length 0 is the last.
fn source_routes(cursor: &mut Cursor<'_>) -> Option<()> {
    loop {
        let &[_, _, _, length] = cursor.array(Layer::Tunnel).ok()?;
        if length == 0 {
            return Some(());
        }
        cursor.take(Layer::Tunnel, usize::from(length)).ok()?;
    }
}

fn payload(kind: u16, flags: u16, mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    let next = match kind {
        PPP => Next::Ppp,
        // Without sequence numbers type I, which has no header of its own.
        ERSPAN if flags & SEQUENCE == 0 => Next::Ethernet,
        ERSPAN => {
            cursor.take(Layer::Tunnel, 8).ok()?;
            Next::Ethernet
        }
        ERSPAN_3 => erspan_3(&mut cursor)?,
        CACHE_REDIRECT => {
            // WCCPv2 adds four octets in front of IP.
            if cursor.first()? >> 4 != 4 {
                cursor.take(Layer::Tunnel, 4).ok()?;
            }
            Next::Ip
        }
        // Unlike over Ethernet, the EtherType comes before the security group.
        CISCO_METADATA => {
            let kind = cursor.u16(Layer::Tunnel).ok()?;
            cursor.take(Layer::Tunnel, 6).ok()?;
            Next::EtherType(kind)
        }
        ARUBA_WLAN_HIGH => Next::Wlan(Body::Adjacent),
        kind if ARUBA_WLAN.contains(&kind) => Next::Wlan(Body::Adjacent),
        kind => Next::EtherType(kind),
    };
    Some(Inside::plain(next, cursor))
}

/// Type III: twelve octets, eight more where its last bit says so, then the frame type.
fn erspan_3(cursor: &mut Cursor<'_>) -> Option<Next> {
    let octets: &[u8; 12] = cursor.array(Layer::Tunnel).ok()?;
    let kind = u16::from_be_bytes([octets[10], octets[11]]);
    if kind & 1 == 1 {
        cursor.take(Layer::Tunnel, 8).ok()?;
    }
    match kind >> 10 & 0x1f {
        0 => Some(Next::Ethernet),
        2 => Some(Next::Ip),
        _ => None,
    }
}
