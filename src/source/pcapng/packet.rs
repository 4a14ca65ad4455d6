//! Packet blocks: enhanced, simple, and the obsolete one.
#![warn(clippy::indexing_slicing)]

use super::block::{ENHANCED, PACKET, SIMPLE};
use crate::source::order::{ByteOrder, Cursor};

/// The fields of a packet block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    /// Index in the section, from 0.
    pub(super) interface: u32,
    /// Ticks of the interface's clock; a simple packet block has none.
    pub(super) ticks: Option<u64>,
    pub(super) captured: u32,
    pub(super) wire: u32,
    /// What follows the fields: the captured octets, padding and options.
    pub(super) rest: &'a [u8],
    /// Octets of the contents before `rest`.
    pub(super) before: u32,
}

/// The fields of a packet block of the given type; `Err` with the octets they need.
#[inline]
pub(super) fn fields(block: u32, contents: &[u8], order: ByteOrder) -> Result<Fields<'_>, u32> {
    let cursor = Cursor::new(contents, order);
    match block {
        ENHANCED => enhanced(cursor).ok_or(20),
        SIMPLE => simple(cursor).ok_or(4),
        PACKET => obsolete(cursor).ok_or(20),
        _ => Err(0),
    }
}

#[inline]
fn enhanced(mut cursor: Cursor<'_>) -> Option<Fields<'_>> {
    let interface = cursor.u32()?;
    stamped(interface, cursor)
}

/// The interface is 16 bits long here; a count of drops follows, which nobody wrote reliably.
fn obsolete(mut cursor: Cursor<'_>) -> Option<Fields<'_>> {
    let interface = cursor.u16()?;
    cursor.u16()?;
    stamped(interface.into(), cursor)
}

#[inline]
fn stamped(interface: u32, mut cursor: Cursor<'_>) -> Option<Fields<'_>> {
    let (high, low) = (cursor.u32()?, cursor.u32()?);
    let (captured, wire) = (cursor.u32()?, cursor.u32()?);
    let ticks = Some(u64::from(high) << 32 | u64::from(low));
    Some(Fields { interface, ticks, captured, wire, rest: cursor.rest(), before: 20 })
}

/// The captured length is the wire's or, if less, the snaplen: the caller knows that.
fn simple(mut cursor: Cursor<'_>) -> Option<Fields<'_>> {
    let wire = cursor.u32()?;
    Some(Fields { interface: 0, ticks: None, captured: wire, wire, rest: cursor.rest(), before: 4 })
}
