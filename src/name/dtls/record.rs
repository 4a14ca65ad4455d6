//! Records and handshake fragments.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::cursor::{Cursor, Stop, ensure};
use crate::name::tls::client_hello::CLIENT_HELLO;

/// A part of a handshake message (RFC 9147 §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fragment<'a> {
    /// Type of the message.
    pub(super) kind: u8,
    /// Number of the message in its flight.
    pub(super) sequence: u16,
    /// Octets of the whole message, without its header.
    pub(super) len: usize,
    /// Where the fragment starts in it.
    pub(super) offset: usize,
    /// Its octets; `offset + octets.len() <= len`.
    pub(super) octets: &'a [u8],
}

/// Whether a datagram starts with a handshake record in the clear.
pub(in crate::name) fn looks_like_record(datagram: &[u8]) -> bool {
    next_record(&mut Cursor::new(datagram)).is_ok()
}

/// The handshake fragments of a datagram. Records that are encrypted, or of other kinds, end it:
/// none with a ClientHello follows them.
pub(super) fn fragments(datagram: &[u8]) -> impl Iterator<Item = Fragment<'_>> {
    let mut records = Cursor::new(datagram);
    let mut record = Cursor::new(&[]);
    std::iter::from_fn(move || {
        if record.rest().is_empty() {
            record = Cursor::new(next_record(&mut records).ok()?);
        }
        fragment(&mut record).ok()
    })
}

/// A ClientHello's body, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::name) struct HelloPart<'a> {
    pub(in crate::name) octets: &'a [u8],
    pub(in crate::name) is_whole: bool,
}

/// The parts of each ClientHello in a datagram.
pub(in crate::name) fn hellos(datagram: &[u8]) -> impl Iterator<Item = HelloPart<'_>> {
    fragments(datagram).filter(|fragment| fragment.kind == CLIENT_HELLO).map(|fragment| HelloPart {
        octets: fragment.octets,
        is_whole: fragment.octets.len() == fragment.len,
    })
}

/// The content of the next record, not empty (RFC 9147 §4).
fn next_record<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8], Stop> {
    cursor.expect(&[HANDSHAKE])?;
    // 1.0, 1.2 (and 1.3), and OpenSSL's before there was a standard.
    ensure(matches!(cursor.u16()?, 0xfeff | 0xfefd | 0x0100))?;
    let epoch = cursor.u16()?;
    ensure(epoch == 0)?;
    cursor.take(SEQUENCE)?;
    let content = cursor.counted16()?;
    ensure(!content.is_empty())?;
    Ok(content)
}

fn fragment<'a>(record: &mut Cursor<'a>) -> Result<Fragment<'a>, Stop> {
    let kind = record.u8()?;
    let len = record.u24()?;
    let sequence = record.u16()?;
    let offset = record.u24()?;
    let taken = record.u24()?;
    ensure(offset + taken <= len)?;
    Ok(Fragment { kind, sequence, len, offset, octets: record.take(taken)? })
}

/// Content type (RFC 9147 §4).
const HANDSHAKE: u8 = 22;
/// Octets of a record's number.
const SEQUENCE: usize = 6;
