//! PPP (RFC 1661, RFC 1662), `PPPoE` (RFC 2516), Cisco HDLC and frame relay (RFC 2427).
#![warn(clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::walk::{Next, Stop};
use super::{Layer, NotIp};

/// A PPP frame: its HDLC address and control octets may be there or not, its protocol number
/// may be compressed to one octet (RFC 1661 §6.5).
pub(super) fn header(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    match cursor.peek() {
        Some([0xff, 0x03]) => {
            cursor.take(Layer::Link, 2)?;
        }
        Some([CISCO_UNICAST | CISCO_MULTICAST, 0x00]) => return cisco(cursor),
        _ => {}
    }
    let first = cursor.octet(Layer::Link)?;
    let protocol = if first & 1 == 1 {
        u16::from(first)
    } else {
        u16::from_be_bytes([first, cursor.octet(Layer::Link)?])
    };
    match protocol {
        0x0021 | 0x0057 => Ok(Next::Ip),
        0x0281 | 0x0283 => Ok(Next::Mpls),
        _ => Err(NotIp::LinkControl.into()),
    }
}

/// A `PPPoE` session's header; the length ends the frame.
pub(super) fn over_ethernet(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let &[version, code, _, _, l0, l1] = cursor.array(Layer::Link)?;
    if version != 0x11 || code != 0 {
        return Err(NotIp::LinkControl.into());
    }
    cursor.limit(u32::from(u16::from_be_bytes([l0, l1])));
    Ok(Next::Ppp)
}

const CISCO_UNICAST: u8 = 0x0f;
const CISCO_MULTICAST: u8 = 0x8f;

/// Cisco HDLC: address, control, `EtherType`.
pub(super) fn cisco(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let &[_, _, k0, k1] = cursor.array(Layer::Link)?;
    match u16::from_be_bytes([k0, k1]) {
        0xfefe => {
            cursor.take(Layer::Link, 1)?;
            network_layer_id(cursor)
        }
        kind => Ok(Next::EtherType(kind)),
    }
}

/// Frame relay: an address of two to four octets, then either Q.922's control field and a
/// network layer identifier, or Cisco's `EtherType`.
pub(super) fn frame_relay(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let mut octets = 1;
    while cursor.octet(Layer::Link)? & 1 == 0 {
        octets += 1;
        if octets > 4 {
            return Err(cursor.invalid(Layer::Link).into());
        }
    }
    if cursor.first() != Some(0x03) {
        return Ok(Next::EtherType(cursor.u16(Layer::Link)?));
    }
    cursor.take(Layer::Link, 1)?;
    if cursor.first() == Some(0) {
        cursor.take(Layer::Link, 1)?;
    }
    network_layer_id(cursor)
}

/// The network layer protocol identifier (ISO/IEC TR 9577) that announces the next header.
pub(super) fn network_layer_id(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    match cursor.octet(Layer::Link)? {
        0xcc | 0x8e => Ok(Next::Ip),
        0x80 => {
            let &[.., k0, k1] = cursor.array::<5>(Layer::Link)?;
            match u16::from_be_bytes([k0, k1]) {
                1 | 7 => Ok(Next::Ethernet),
                kind => Ok(Next::EtherType(kind)),
            }
        }
        0xcf => Ok(Next::Ppp),
        _ => Err(NotIp::LinkControl.into()),
    }
}
