//! An EAP packet (RFC 3748 §4) of a method that speaks TLS.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::cursor::{Cursor, Stop, ensure};

/// A part of what one side says in TLS.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub(super) from: From,
    /// A repeated packet has the same.
    pub(super) id: u8,
    /// Whether the server asks to begin (RFC 5216 §2.1.1).
    pub(super) begins: bool,
    /// TLS records, cut anywhere; none where a part of the other side is confirmed.
    pub(super) octets: &'a [u8],
}

/// Who says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// A request of EAP.
    Server,
    /// A response of EAP.
    Client,
}

/// Reads a packet; none where it is of another method.
pub(super) fn read(packet: &[u8]) -> Option<Part<'_>> {
    part(packet).ok()
}

fn part(packet: &[u8]) -> Result<Part<'_>, Stop> {
    let mut cursor = Cursor::new(packet);
    let from = match cursor.u8()? {
        1 => From::Server,
        2 => From::Client,
        _ => return Err(Stop::Foreign),
    };
    let id = cursor.u8()?;
    let len = usize::from(cursor.u16()?);
    ensure(len >= cursor.at())?;
    // What is beyond the length is padding of the link (RFC 3748 §4.1).
    let mut cursor = Cursor::new(cursor.take(len - cursor.at())?);
    let method = cursor.u8()?;
    ensure(matches!(method, TLS | TTLS | PEAP | FAST | TEAP))?;
    let flags = cursor.u8()?;
    if flags & LENGTH != 0 {
        cursor.u32()?;
    }
    if method == TEAP && flags & OUTER != 0 {
        cursor.u32()?;
    }
    Ok(Part { from, id, begins: from == From::Server && flags & START != 0, octets: cursor.rest() })
}

/// Methods (IANA "EAP Method Types").
const TLS: u8 = 13;
const TTLS: u8 = 21;
const PEAP: u8 = 25;
const FAST: u8 = 43;
const TEAP: u8 = 55;
/// Flags (RFC 5216 §3.1; the same in the others): a length of four octets follows; the beginning.
const LENGTH: u8 = 0x80;
const START: u8 = 0x20;
/// In TEAP, another length follows (RFC 7170 §4.1).
const OUTER: u8 = 0x10;
