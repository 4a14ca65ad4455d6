//! IPv6 over UDP for single hosts: Teredo (RFC 4380 §5.1.1) and AYIYA (`SixXS`).
#![warn(clippy::indexing_slicing)]

use super::super::Layer;
use super::super::cursor::Cursor;
use super::super::walk::Next;
use super::inside::Inside;

/// Authentication and origin indication, either or none, then an IPv6 packet that fits, of hosts
/// that speak through Teredo. A client's port is any program's: lengths alone are met by one DNS
/// question in sixteen.
pub(super) fn header(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    if let Some([0, 1]) = cursor.peek() {
        let &[_, _, client, authentication] = cursor.array(Layer::Tunnel).ok()?;
        let values = usize::from(client) + usize::from(authentication);
        // Nonce and confirmation close it.
        cursor.take(Layer::Tunnel, values + 9).ok()?;
    }
    if let Some([0, 0]) = cursor.peek() {
        cursor.take(Layer::Tunnel, 8).ok()?;
    }
    let &[version, _, _, _, l0, l1, _, _] = cursor.peek()?;
    let length = u32::from(u16::from_be_bytes([l0, l1]));
    let fits = version >> 4 == 6 && length + 40 <= cursor.wire();
    // Where the addresses were cut off, nobody can count a packet inside either.
    let (_, addresses) = cursor.rest().split_at_checked(8)?;
    let (source, rest) = addresses.split_first_chunk()?;
    let (destination, _) = rest.split_first_chunk()?;
    (fits && speak_through_teredo(source, destination)).then(|| Inside::plain(Next::Ip, cursor))
}

/// One of the two is a client, by its prefix (RFC 4380 §2.6; before it, `3ffe:831f::/32`); or a
/// client asks its server for that (§5.2.1), both by link-local addresses.
fn speak_through_teredo(source: &[u8; 16], destination: &[u8; 16]) -> bool {
    let is_client = |address: &[u8; 16]| {
        matches!(address, [0x20, 0x01, 0, 0, ..] | [0x3f, 0xfe, 0x83, 0x1f, ..])
    };
    let is_near = |address: &[u8; 16]| matches!(address, [0xfe, 0x80..=0xbf, ..] | [0xff, 2, ..]);
    is_client(source) || is_client(destination) || (is_near(source) && is_near(destination))
}

/// AYIYA (draft-massar-v6ops-ayiya-02 §3.1): lengths of identity and signature, the operation
/// (1: forward) and the next header, which is an IP protocol.
pub(super) fn ayiya(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    const FORWARD: u8 = 1;
    let &[identity, signature, operation, next, _, _, _, _] = cursor.array(Layer::Tunnel).ok()?;
    let octets = (1_usize << (identity >> 4)) + usize::from(signature >> 4) * 4;
    cursor.take(Layer::Tunnel, octets).ok()?;
    let forwards = operation & 0x0f == FORWARD && matches!(next, 4 | 41);
    forwards.then(|| Inside::plain(Next::Ip, cursor))
}
