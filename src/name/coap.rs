//! `CoAP` over UDP (RFC 7252): the `Uri-Host` of a request.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::cursor::{Cursor, Stop, ensure};
use crate::name::{HostName, NotAHostName};

/// A request.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::name) struct Request {
    /// Its `Uri-Host`, where it has one.
    pub(in crate::name) host: Option<Result<HostName, NotAHostName>>,
}

/// Reads a datagram to or from `CoAP`'s port; none where it is no request, or not whole. Four octets
/// of header prove little: elsewhere it is not to be asked.
pub(in crate::name) fn read(datagram: &[u8]) -> Option<Request> {
    request(Cursor::new(datagram)).ok()
}

fn request(mut cursor: Cursor<'_>) -> Result<Request, Stop> {
    let [first, code, _, _] = cursor.array()?;
    let token = usize::from(first & 0x0f);
    ensure(first >> 6 == VERSION && token <= 8 && (1..=7).contains(&code))?;
    cursor.take(token)?;
    let (mut number, mut host) = (0_u32, None);
    while !cursor.rest().is_empty() {
        let octet = cursor.u8()?;
        if octet == PAYLOAD {
            ensure(!cursor.rest().is_empty())?;
            break;
        }
        number += extended(&mut cursor, octet >> 4)?;
        ensure(u16::try_from(number).is_ok())?;
        let len = extended(&mut cursor, octet & 0x0f)?;
        let value = cursor.take(usize::try_from(len).map_err(|_| Stop::Foreign)?)?;
        if number == URI_HOST && host.is_none() {
            host = Some(HostName::from_wire(value));
        }
    }
    Ok(Request { host })
}

/// A delta or length: four bits, or one or two octets more (§3.1).
fn extended(cursor: &mut Cursor<'_>, nibble: u8) -> Result<u32, Stop> {
    match nibble {
        13 => Ok(u32::from(cursor.u8()?) + 13),
        14 => Ok(u32::from(cursor.u16()?) + 269),
        15 => Err(Stop::Foreign),
        small => Ok(u32::from(small)),
    }
}

/// Port of `CoAP` (§6.1).
pub(in crate::name) const PORT: u16 = 5683;
const VERSION: u8 = 1;
/// Marks the payload (§3).
const PAYLOAD: u8 = 0xff;
/// Option number (§5.10).
const URI_HOST: u32 = 3;

#[cfg(test)]
mod tests {
    use super::{Request, read};
    use crate::name::{HostName, NotAHostName};

    #[test]
    fn a_request_may_state_its_host() {
        let host = |name: &str| Some(Request { host: Some(HostName::from_wire(name.as_bytes())) });
        let get = b"\x42\x01\x12\x34\xaa\xbb\x3bexample.org\x85hello\xff{}";
        assert_eq!(read(get), host("example.org"));
        let long =
            [b"\x40\x02\x12\x34\x3d\x02".as_slice(), b"sensor1.example", b"\x84temp"].concat();
        assert_eq!(read(&long), host("sensor1.example"));
        assert_eq!(read(b"\x40\x01\x12\x34\xb5hello"), Some(Request { host: None }));
        let literal = Some(Request { host: Some(Err(NotAHostName::AddressLiteral)) });
        assert_eq!(read(b"\x40\x01\x12\x34\x39192.0.2.1"), literal);
    }

    #[test]
    fn other_datagrams_are_none() {
        for datagram in [
            b"\x62\x45\x12\x34\xaa\xbb\xff{}".as_slice(),
            b"\x82\x01\x12\x34\xaa\xbb",
            b"\x49\x01\x12\x34aaaaaaaaa",
            b"\x40\x01\x12\x34\x3bexample",
            b"\x40\x01\x12\x34\xff",
            b"\x40\x01\x12\x34\xf0",
            b"\x40\x01",
        ] {
            assert_eq!(read(datagram), None, "{}", datagram.escape_ascii());
        }
    }
}
