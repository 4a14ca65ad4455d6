//! GTP user plane (3GPP TS 29.281 §5) and its predecessor, version 0 (TS 09.60 §6).
#![warn(clippy::indexing_slicing)]

use super::super::Layer;
use super::super::cursor::Cursor;
use super::super::walk::Next;
use super::inside::Inside;

/// The message that carries a user's packet.
const G_PDU: u8 = 255;
const VERSION_AND_TYPE: u8 = 0xf0;
const EXTENSION: u8 = 0x04;
const ANY_OPTION: u8 = 0x07;

/// A user's packet in version 1.
pub(super) fn user_plane(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    let &[flags, message, l0, l1, ..] = cursor.array::<8>(Layer::Tunnel).ok()?;
    // Version 1, protocol type GTP; the fourth bit is spare.
    if flags & (VERSION_AND_TYPE & !0x08) != 0x30 || message != G_PDU {
        return None;
    }
    cursor.limit(u32::from(u16::from_be_bytes([l0, l1])));
    if flags & ANY_OPTION != 0 {
        let &[_, _, _, mut next] = cursor.array(Layer::Tunnel).ok()?;
        while flags & EXTENSION != 0 && next != 0 {
            next = extension(&mut cursor)?;
        }
    }
    user_packet(cursor)
}

/// An extension header: its length in words of four octets, last the type of the next.
fn extension(cursor: &mut Cursor<'_>) -> Option<u8> {
    let length = usize::from(cursor.first()?) * 4;
    cursor.take(Layer::Tunnel, length).ok()?.last().copied()
}

/// A user's packet in version 0.
pub(super) fn version_0(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    let &[flags, message, l0, l1, ..] = cursor.array::<20>(Layer::Tunnel).ok()?;
    let length = u32::from(u16::from_be_bytes([l0, l1]));
    // Version 0, protocol type GTP. The length tells it from a DNS question that a client sent
    // from this port: its flags, as a length, are beyond its end.
    if flags & VERSION_AND_TYPE != 0x10 || message != G_PDU || length > cursor.wire() {
        return None;
    }
    cursor.limit(length);
    user_packet(cursor)
}

/// Nothing names the kind of a user's packet: it is IP, or PPP.
fn user_packet(cursor: Cursor<'_>) -> Option<Inside<'_>> {
    let next = match cursor.first()? >> 4 {
        4 | 6 => Next::Ip,
        _ if cursor.first()? == 0xff => Next::Ppp,
        _ => return None,
    };
    Some(Inside::plain(next, cursor))
}
