//! Link types: what the first octets of a frame are.
#![warn(clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::walk::{Next, Stop};
use super::wlan::{self, Body};
use super::{DecodeError, Layer, NotIp};
use super::{capture_header, cooked, nflog, ppp};
use crate::source::LinkType;

/// Ethernet, the link type of the fast path.
pub(super) const ETHERNET: LinkType = LinkType(1);

/// Reads what the link type puts in front of the first header that others use too.
pub(super) fn header(link: LinkType, cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    match link.0 {
        1 => Ok(Next::Ethernet),
        0 => null(cursor),
        108 => family(u32::from_be_bytes(*cursor.array(Layer::Link)?)),
        // LINKTYPE_RAW, and the DLT_RAW of systems whose number got into files; IPv4; IPv6.
        101 | 12 | 14 | 228 => Ok(Next::Ip),
        229 => version_6(cursor),
        113 => cooked::v1(cursor),
        276 => cooked::v2(cursor),
        8 => capture_header::slip(cursor),
        // PPP, in HDLC-like framing, over Ethernet without the Ethernet header, with direction.
        9 | 50 => Ok(Next::Ppp),
        51 => ppp::over_ethernet(cursor),
        204 => {
            cursor.take(Layer::Link, 1)?;
            Ok(Next::Ppp)
        }
        104 => ppp::cisco(cursor),
        107 => ppp::frame_relay(cursor),
        // The same two with the direction in front.
        205 => {
            cursor.take(Layer::Link, 1)?;
            ppp::cisco(cursor)
        }
        206 => {
            cursor.take(Layer::Link, 1)?;
            ppp::frame_relay(cursor)
        }
        105 => Ok(Next::Wlan(Body::Adjacent)),
        119 | 163 => wlan::prism(cursor),
        127 => wlan::radiotap(cursor),
        239 => nflog::header(cursor),
        6 => capture_header::token_ring(cursor),
        10 => capture_header::fddi(cursor),
        129 => capture_header::arcnet(cursor),
        100 => Ok(Next::Llc),
        106 => Ok(capture_header::classical_ip(cursor)),
        123 => capture_header::sun_atm(cursor),
        178 => capture_header::juniper_ethernet(cursor),
        192 => capture_header::per_packet(cursor),
        226 => capture_header::solaris(cursor),
        138 => capture_header::firewire(cursor),
        219 => Ok(Next::Mpls),
        // Messages between Linux's kernel and its programs, as nlmon gives them.
        253 => Err(NotIp::LinkControl.into()),
        242 => capture_header::infiniband(cursor),
        258 | 149 => capture_header::packet_tap(cursor),
        unknown => Err(DecodeError::UnknownLinkType(unknown).into()),
    }
}

/// What an error says of a link type that is not read: what it is, where it is one that people
/// capture.
pub(super) fn why_not(link: u32) -> &'static str {
    match link {
        195 | 215 | 230 | 283 => "(IEEE 802.15.4) is not read",
        186 | 189 | 220 | 249 | 266 | 288 => "(USB) is not read",
        187 | 201 | 251 | 254..=256 | 272 => "(Bluetooth) is not read",
        190 | 227 => "(CAN bus) is not read",
        271 => "(virtual machine sockets) is not read",
        _ => "is not known",
    }
}

/// BSD loopback: an address family in the order of the machine that captured.
fn null(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    if let Some([0xff, 0x03, ..]) = cursor.peek::<4>() {
        return Ok(Next::Ppp);
    }
    let value = u32::from_le_bytes(*cursor.array(Layer::Link)?);
    family(if value > 0xffff { value.swap_bytes() } else { value })
}

fn family(value: u32) -> Result<Next, Stop> {
    match value {
        // AF_INET everywhere; AF_INET6 of NetBSD and OpenBSD, FreeBSD, Darwin, Linux, Windows.
        2 | 24 | 28 | 30 | 10 | 23 => Ok(Next::Ip),
        kind => match u16::try_from(kind) {
            Ok(kind) if kind > 1500 => Ok(Next::EtherType(kind)),
            _ => Err(NotIp::LinkControl.into()),
        },
    }
}

/// IPv6 alone.
fn version_6(cursor: &Cursor<'_>) -> Result<Next, Stop> {
    match cursor.first() {
        Some(octet) if octet >> 4 != 6 => Err(cursor.invalid(Layer::Ip).into()),
        _ => Ok(Next::Ip),
    }
}
