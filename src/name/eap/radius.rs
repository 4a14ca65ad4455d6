//! A RADIUS packet (RFC 2865 §3) that carries EAP (RFC 3579 §3.1).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::ops::Range;

use crate::name::cursor::{Cursor, Stop, ensure};

/// What a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// Access-Request: the device speaks.
    Request,
    /// Access-Challenge: the server asks on.
    Challenge,
    /// The end of a login, or its refusal.
    Over,
}

/// A packet with EAP in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Access {
    pub(super) code: Code,
    /// An answer has that of its question.
    pub(super) id: u8,
    /// Who logs in, as the access point says: name and address of the device, port.
    pub(super) who: Vec<u8>,
    /// The EAP packet, put together from its attributes.
    pub(super) eap: Vec<u8>,
}

/// Reads a packet. It must be well formed to its last octet, and nothing may follow it.
pub(super) fn read(datagram: &[u8]) -> Option<Access> {
    let (mut who, mut eap) = (Vec::new(), Vec::new());
    let (code, id) = walk(datagram, |kind, place| {
        let value = datagram.get(place).unwrap_or_default();
        if is_eap(kind) {
            eap.extend_from_slice(value);
        } else if tells_who(kind) {
            who.extend([kind, u8::try_from(value.len()).unwrap_or(u8::MAX)]);
            who.extend_from_slice(value);
        }
    })?;
    (!eap.is_empty()).then_some(Access { code, id, who, eap })
}

/// Goes over the attributes of a packet: type, and where the value stands. Gives code and
/// identifier.
pub(super) fn walk(datagram: &[u8], each: impl FnMut(u8, Range<usize>)) -> Option<(Code, u8)> {
    // Most datagrams end the question here.
    matches!(datagram.first().copied(), Some(REQUEST | ACCEPT | REJECT | CHALLENGE))
        .then(|| attributes(datagram, each).ok())
        .flatten()
}

fn attributes(datagram: &[u8], mut each: impl FnMut(u8, Range<usize>)) -> Result<(Code, u8), Stop> {
    let mut cursor = Cursor::new(datagram);
    let code = match cursor.u8()? {
        REQUEST => Code::Request,
        CHALLENGE => Code::Challenge,
        _ => Code::Over,
    };
    let id = cursor.u8()?;
    ensure(usize::from(cursor.u16()?) == datagram.len() && datagram.len() <= LONGEST)?;
    cursor.take(AUTHENTICATOR)?;
    while !cursor.rest().is_empty() {
        let kind = cursor.u8()?;
        let len = usize::from(cursor.u8()?).checked_sub(2).ok_or(Stop::Foreign)?;
        let start = cursor.at();
        cursor.take(len)?;
        each(kind, start..cursor.at());
    }
    Ok((code, id))
}

/// Whether an attribute holds a part of the EAP packet.
pub(super) fn is_eap(kind: u8) -> bool {
    kind == EAP_MESSAGE
}

/// Whether an attribute tells logins apart.
pub(super) fn tells_who(kind: u8) -> bool {
    matches!(kind, USER_NAME | NAS_PORT | CALLING_STATION)
}

/// Codes (RFC 2865 §4).
const REQUEST: u8 = 1;
const ACCEPT: u8 = 2;
const REJECT: u8 = 3;
const CHALLENGE: u8 = 11;
/// Octets of the longest packet (RFC 2865 §3).
const LONGEST: usize = 4096;
const AUTHENTICATOR: usize = 16;
/// Attributes (RFC 2865 §5, RFC 3579 §3.1).
const USER_NAME: u8 = 1;
const NAS_PORT: u8 = 5;
const CALLING_STATION: u8 = 31;
const EAP_MESSAGE: u8 = 79;
