//! LDAP's `StartTLS` (RFC 4511 §4.14), in BER (§5.1).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::cursor::{Cursor, Stop, ensure};
use crate::name::opening::Opening;

/// Reads requests up to that for `StartTLS`; those before it (a look at the root, say) are stepped
/// over.
pub(in crate::name) fn read(octets: &[u8]) -> Result<Opening, Stop> {
    let mut cursor = Cursor::new(octets);
    for _ in 0..MOST_REQUESTS {
        let content = message(&mut cursor)?;
        if starts_tls(content)? {
            return Ok(Opening::before_another(cursor.at()));
        }
    }
    Err(Stop::Foreign)
}

/// The content of an `LDAPMessage`. What can be told of it is checked before it is whole.
fn message<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8], Stop> {
    cursor.expect(&[SEQUENCE])?;
    let len = length(cursor)?;
    ensure((MESSAGE_START..LONGEST).contains(&len))?;
    let mut start = *cursor;
    start.expect(&[INTEGER])?;
    let id = start.u8()?;
    ensure((1..=4).contains(&id))?;
    start.take(usize::from(id))?;
    ensure(matches!(start.u8()?, BIND | SEARCH | ABANDON | EXTENDED))?;
    cursor.take(len)
}

/// Whether a message is an `ExtendedRequest` with the name of `StartTLS`.
fn starts_tls(content: &[u8]) -> Result<bool, Stop> {
    let mut cursor = Cursor::new(content);
    let whole = |_| Stop::Foreign;
    cursor.u8().map_err(whole)?;
    cursor.counted8().map_err(whole)?;
    if cursor.u8().map_err(whole)? != EXTENDED {
        return Ok(false);
    }
    length(&mut cursor).map_err(whole)?;
    cursor.expect(&[REQUEST_NAME]).map_err(whole)?;
    Ok(cursor.counted8().map_err(whole)? == START_TLS)
}

/// A length in the short form, or in the long one of up to four octets.
fn length(cursor: &mut Cursor<'_>) -> Result<usize, Stop> {
    match cursor.u8()? {
        short @ 0..=0x7f => Ok(usize::from(short)),
        long @ 0x81..=0x84 => {
            let octets = cursor.take(usize::from(long & 0x7f))?;
            Ok(octets.iter().fold(0, |len, octet| len << 8 | usize::from(*octet)))
        }
        _ => Err(Stop::Foreign),
    }
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 2;
/// Requests that a client can make before it is known.
const BIND: u8 = 0x60;
const SEARCH: u8 = 0x63;
const ABANDON: u8 = 0x50;
const EXTENDED: u8 = 0x77;
const REQUEST_NAME: u8 = 0x80;
const START_TLS: &[u8] = b"1.3.6.1.4.1.1466.20037";
/// Octets of the smallest message: an identifier and an empty request.
const MESSAGE_START: usize = 5;
/// Octets of the longest one that is stepped over.
const LONGEST: usize = 2048;
/// Requests until `StartTLS`.
const MOST_REQUESTS: usize = 4;

#[cfg(test)]
mod tests {
    use super::{START_TLS, read};
    use crate::name::cursor::Stop;

    fn start_tls() -> Vec<u8> {
        [b"\x30\x1d\x02\x01\x02\x77\x18\x80\x16".as_slice(), START_TLS].concat()
    }

    const SEARCH: &[u8] =
        b"\x30\x25\x02\x01\x01\x63\x20\x04\0\x0a\x01\0\x0a\x01\0\x02\x01\0\x02\x01\0\x01\x01\0\x87\x0bobjectclass\x30\0";

    #[test]
    fn start_tls_may_follow_other_requests() {
        let long =
            [b"\x30\x84\0\0\0\x21\x02\x01\x01\x77\x84\0\0\0\x18\x80\x16".as_slice(), START_TLS];
        for octets in [start_tls(), long.concat(), [SEARCH, &start_tls()].concat()] {
            for len in 0..octets.len() {
                assert_eq!(read(&octets[..len]), Err(Stop::NeedMore), "{len}");
            }
            assert_eq!(read(&[&octets[..], b"\x16\x03"].concat()).unwrap().len, octets.len());
        }
    }

    #[test]
    fn other_messages_are_none() {
        for octets in [
            b"\x30\x1d\x02\x01\x02\x78\x18\x80\x16".as_slice(),
            b"\x30\x1d\x04\x01",
            b"\x30\x80\x02\x01\x02",
            b"\x30\x82\xff\xff\x02\x01",
            b"\x30\x07\x02\x01\x02\x77\x02\x80\x16",
        ] {
            assert_eq!(read(octets), Err(Stop::Foreign), "{}", octets.escape_ascii());
        }
    }
}
