//! GENEVE (RFC 8926 §3.4).
#![warn(clippy::indexing_slicing)]

use super::super::Layer;
use super::super::cursor::Cursor;
use super::super::walk::Next;
use super::inside::Inside;

/// The header with its options.
pub(super) fn header(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    let &[version, _, k0, k1, v0, v1, v2, _] = cursor.array(Layer::Tunnel).ok()?;
    if version >> 6 != 0 {
        return None;
    }
    cursor.take(Layer::Tunnel, usize::from(version & 0x3f) * 4).ok()?;
    let next = Next::EtherType(u16::from_be_bytes([k0, k1]));
    Some(Inside { next, cursor, vni: Some(u32::from_be_bytes([0, v0, v1, v2])) })
}
