//! CAPWAP data channel (RFC 5415 §4): 802.11 or Ethernet frames of access points.
#![warn(clippy::indexing_slicing)]

use super::super::Layer;
use super::super::cursor::Cursor;
use super::super::walk::Next;
use super::super::wlan::Body;
use super::inside::Inside;

const WLAN_BINDING: u32 = 1;
const NATIVE: u32 = 1 << 8;
const FRAGMENT: u32 = 1 << 7;
const KEEP_ALIVE: u32 = 1 << 3;

/// The header in the clear, which states its own length; DTLS is not followed.
pub(super) fn data(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    let &[preamble, h0, h1, h2, _, _, o0, o1] = cursor.peek()?;
    let fields = u32::from_be_bytes([0, h0, h1, h2]);
    let offset = u16::from_be_bytes([o0, o1]) >> 3;
    let later_part = fields & FRAGMENT != 0 && offset > 0;
    if preamble != 0 || fields & KEEP_ALIVE != 0 || later_part {
        return None;
    }
    let length = usize::try_from(fields >> 19 & 0x1f).ok()? * 4;
    if length < 8 {
        return None;
    }
    cursor.take(Layer::Tunnel, length).ok()?;
    let next = match (fields & NATIVE != 0, fields >> 9 & 0x1f) {
        (false, _) => Next::Ethernet,
        (true, WLAN_BINDING) => Next::Wlan(Body::Swapped),
        (true, _) => return None,
    };
    Some(Inside::plain(next, cursor))
}
