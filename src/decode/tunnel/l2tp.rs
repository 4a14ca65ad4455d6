//! L2TP data: version 2 (RFC 2661 §3.1) and version 3 over UDP and IP (RFC 3931 §4.1).
#![warn(clippy::indexing_slicing)]

use super::super::Layer;
use super::super::cursor::Cursor;
use super::super::walk::Next;
use super::inside::Inside;

const CONTROL: u16 = 0x8000;
const LENGTH: u16 = 0x4000;
const SEQUENCE: u16 = 0x0800;
const OFFSET: u16 = 0x0200;
const VERSION: u16 = 0x000f;

/// A data message over UDP; control messages have no packet inside.
pub(super) fn over_udp(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    let flags = cursor.u16(Layer::Tunnel).ok()?;
    if flags & CONTROL != 0 {
        return None;
    }
    match flags & VERSION {
        2 => version_2(flags, cursor),
        3 => {
            cursor.take(Layer::Tunnel, 2).ok()?;
            version_3(cursor)
        }
        _ => None,
    }
}

/// A data message as IP payload (protocol 115): session 0 is the control channel.
pub(super) fn over_ip(cursor: Cursor<'_>) -> Option<Inside<'_>> {
    (*cursor.peek::<4>()? != [0; 4]).then(|| version_3(cursor)).flatten()
}

/// PPP after the optional fields.
fn version_2(flags: u16, mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    if flags & LENGTH != 0 {
        // The length counts from the flags on, which were read with it: four octets.
        let length = cursor.u16(Layer::Tunnel).ok()?;
        cursor.limit(u32::from(length.checked_sub(4)?));
    }
    cursor.take(Layer::Tunnel, 4).ok()?;
    if flags & SEQUENCE != 0 {
        cursor.take(Layer::Tunnel, 4).ok()?;
    }
    if flags & OFFSET != 0 {
        let padding = cursor.u16(Layer::Tunnel).ok()?;
        cursor.take(Layer::Tunnel, usize::from(padding)).ok()?;
    }
    Some(Inside::plain(Next::Ppp, cursor))
}

/// What follows a session id. Cookie (0, 4 or 8 octets) and sublayer (0 or 4) were agreed on in
/// the control channel and nothing here states them, so the place is the first where a whole
/// Ethernet or PPP header with IP behind it stands.
fn version_3(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    cursor.take(Layer::Tunnel, 4).ok()?;
    for skipped in [4, 0, 8, 12] {
        let mut at = cursor;
        if at.take(Layer::Tunnel, skipped).is_err() {
            break;
        }
        if is_ethernet(at.rest()) {
            return Some(Inside::plain(Next::Ethernet, at));
        }
        if is_ppp(at.rest()) {
            return Some(Inside::plain(Next::Ppp, at));
        }
    }
    None
}

fn is_ethernet(octets: &[u8]) -> bool {
    match octets.get(12..) {
        Some([0x08, 0x00, version, ..]) => version >> 4 == 4 && version & 0x0f >= 5,
        // In the second, behind a tag.
        Some([0x86, 0xdd, version, ..] | [0x81, 0x00, _, _, 0x86, 0xdd, version, ..]) => {
            version >> 4 == 6
        }
        Some([0x81, 0x00, _, _, 0x08, 0x00, version, ..]) => version >> 4 == 4,
        Some(_) | None => false,
    }
}

fn is_ppp(octets: &[u8]) -> bool {
    match octets {
        [0xff, 0x03, 0x00, 0x21, version, ..] => version >> 4 == 4 && version & 0x0f >= 5,
        [0xff, 0x03, 0x00, 0x57, version, ..] => version >> 4 == 6,
        _ => false,
    }
}
