//! VXLAN (RFC 7348 §5) and its generic protocol extension.
#![warn(clippy::indexing_slicing)]

use super::super::Layer;
use super::super::cursor::Cursor;
use super::super::ethernet;
use super::super::walk::Next;
use super::inside::Inside;

/// Of the flags: the network identifier counts; always set.
const IDENTIFIED: u8 = 0x08;
/// VXLAN: an Ethernet frame.
pub(super) fn header(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    let &[flags, _, _, _, v0, v1, v2, _] = cursor.array(Layer::Tunnel).ok()?;
    let vni = Some(u32::from_be_bytes([0, v0, v1, v2]));
    (flags & IDENTIFIED != 0).then_some(Inside { next: Next::Ethernet, cursor, vni })
}

/// VXLAN-GPE: what its next protocol field says. Early senders do not set the flag that makes
/// the field count; plain VXLAN has 0 there.
pub(super) fn generic(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    let &[flags, _, _, kind, v0, v1, v2, _] = cursor.array(Layer::Tunnel).ok()?;
    let vni = (flags & IDENTIFIED != 0).then_some(u32::from_be_bytes([0, v0, v1, v2]));
    let next = match kind {
        1 | 2 => Next::Ip,
        0 | 3 => Next::Ethernet,
        4 => ethernet::service_header(&mut cursor).ok()?,
        5 => Next::Mpls,
        _ => return None,
    };
    Some(Inside { next, cursor, vni })
}
