//! SOCKS 4, 4a ("SOCKS: A protocol for TCP proxy across firewalls", Y. Lee; "SOCKS 4A: A simple
//! extension", Y. Lee) and 5 (RFC 1928, RFC 1929): what the client sends before its traffic.
//!
//! Only the client is listened to. Which way of logging in the server chose shows in what the
//! client sends next.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::flow::FlowFlags;
use crate::name::cursor::{Cursor, Stop, ensure};
use crate::name::opening::{Opening, Then};
use crate::name::{HostName, NotAHostName, Via};

/// Reads a SOCKS 4 or 4a request.
pub(in crate::name) fn read_4(octets: &[u8]) -> Result<Opening, Stop> {
    let mut cursor = Cursor::new(octets);
    cursor.expect(&[4])?;
    ensure(matches!(cursor.u8()?, CONNECT | BIND))?;
    ensure(cursor.u16()? != 0)?;
    let address: [u8; 4] = cursor.array()?;
    let user = cursor.until(0, LONGEST_USER)?;
    ensure(user.iter().all(|octet| is_visible(*octet)))?;
    let name = match address {
        [0, 0, 0, 0] => return Err(Stop::Foreign),
        [0, 0, 0, _] => domain(cursor.until(0, LONGEST_DOMAIN)?)?,
        _ => Err(NotAHostName::AddressLiteral),
    };
    Ok(request(cursor.at(), name, Then::Another))
}

/// Reads the greeting, the password and the request of SOCKS 5.
pub(in crate::name) fn read_5(octets: &[u8]) -> Result<Opening, Stop> {
    let mut cursor = Cursor::new(octets);
    cursor.expect(&[5])?;
    let methods = cursor.counted8()?;
    ensure(are_methods(methods))?;
    // RFC 1929 begins with 1, the request with 5.
    if methods.contains(&PASSWORD) && cursor.rest().first() == Some(&1) {
        cursor.u8()?;
        ensure(!cursor.counted8()?.is_empty())?;
        cursor.counted8()?;
    }
    cursor.expect(&[5])?;
    let command = cursor.u8()?;
    ensure(matches!(command, CONNECT | BIND | ASSOCIATE))?;
    cursor.expect(&[0])?;
    let name = match cursor.u8()? {
        1 => cursor.take(4).map(|_| Err(NotAHostName::AddressLiteral))?,
        3 => domain(cursor.counted8()?)?,
        4 => cursor.take(16).map(|_| Err(NotAHostName::AddressLiteral))?,
        _ => return Err(Stop::Foreign),
    };
    cursor.u16()?;
    // UDP is relayed elsewhere (RFC 1928 §7); this connection only keeps that open.
    let then = if command == ASSOCIATE { Then::Nothing } else { Then::Another };
    Ok(request(cursor.at(), name, then))
}

/// Whether octets can be the beginning of a SOCKS 4 request, as far as they go; never with fewer
/// than ten, since a DNS message after its length can begin the same way.
pub(in crate::name) fn looks_like_4(octets: &[u8]) -> bool {
    octets.len() >= 10 && read_4(octets) != Err(Stop::Foreign)
}

/// The same for SOCKS 5: the greeting and the first octet after it must be there.
pub(in crate::name) fn looks_like_5(octets: &[u8]) -> bool {
    let methods = octets.get(1).copied().map_or(0, usize::from);
    octets.len() > 2 + methods && read_5(octets) != Err(Stop::Foreign)
}

/// A domain, as text. One that holds other octets than text is a sign that this is not SOCKS.
fn domain(octets: &[u8]) -> Result<Result<HostName, NotAHostName>, Stop> {
    ensure(!octets.is_empty() && octets.iter().all(|octet| is_visible(*octet)))?;
    Ok(HostName::from_wire(octets))
}

fn request(len: usize, name: Result<HostName, NotAHostName>, then: Then) -> Opening {
    let opening = Opening::before_another(len).named(name, Via::Socks).flagged(FlowFlags::PROXY);
    Opening { then, ..opening }
}

/// Ways of logging in, each once: those that are registered, and private ones (RFC 1928 §3).
fn are_methods(methods: &[u8]) -> bool {
    let known = |method: &u8| matches!(method, 0..=9 | 0x80..=0xfe);
    let twice = methods
        .iter()
        .enumerate()
        .any(|(at, one)| methods.iter().skip(at + 1).any(|other| other == one));
    !methods.is_empty() && methods.len() <= MOST_METHODS && methods.iter().all(known) && !twice
}

fn is_visible(octet: u8) -> bool {
    matches!(octet, 0x20..=0x7e | 0x80..=0xff)
}

/// Commands (RFC 1928 §4).
const CONNECT: u8 = 1;
const BIND: u8 = 2;
const ASSOCIATE: u8 = 3;
/// User name and password (RFC 1929).
const PASSWORD: u8 = 2;
/// Methods that a client offers; real ones offer up to four.
const MOST_METHODS: usize = 20;
/// Octets of a SOCKS 4 user name.
const LONGEST_USER: usize = 255;
/// Octets of a SOCKS 4a domain.
const LONGEST_DOMAIN: usize = 255;

#[cfg(test)]
mod tests {
    use super::{looks_like_4, looks_like_5, read_4, read_5};
    use crate::name::cursor::Stop;
    use crate::name::opening::{Opening, Then};
    use crate::name::{NotAHostName, Via};

    fn name(opening: &Opening) -> String {
        let Some((Ok(name), Via::Socks)) = &opening.name else { panic!("{opening:?}") };
        name.to_string()
    }

    /// Every prefix needs more, and what follows is not looked at.
    fn check(read: fn(&[u8]) -> Result<Opening, Stop>, octets: &[u8]) -> Opening {
        for len in 0..octets.len() {
            assert_eq!(read(&octets[..len]), Err(Stop::NeedMore), "{len}");
        }
        let opening = read(&[octets, b"more"].concat()).unwrap();
        assert_eq!(opening.len, octets.len());
        opening
    }

    #[test]
    fn socks_4a_states_a_domain_after_an_address_that_is_none() {
        let request = b"\x04\x01\x01\xbb\x00\x00\x00\x01alice\0www.example.org\0";
        assert_eq!(name(&check(read_4, request)), "www.example.org");
        assert!(looks_like_4(request));
        let empty = b"\x04\x01\x01\xbb\x00\x00\x00\x01\0www.example.org\0";
        assert_eq!(name(&check(read_4, empty)), "www.example.org");
    }

    #[test]
    fn socks_4_states_an_address() {
        let opening = check(read_4, b"\x04\x01\x01\xbb\xc0\x00\x02\x01\0");
        assert_eq!(opening.name, Some((Err(NotAHostName::AddressLiteral), Via::Socks)));
    }

    #[test]
    fn socks_5_greets_logs_in_and_asks() {
        let asks = b"\x05\x01\x00\x03\x0fwww.example.org\x01\xbb";
        let plain = [b"\x05\x01\x00".as_slice(), asks].concat();
        assert_eq!(name(&check(read_5, &plain)), "www.example.org");
        assert!(looks_like_5(&plain));
        let offered = [b"\x05\x03\x00\x01\x02".as_slice(), asks].concat();
        assert_eq!(name(&check(read_5, &offered)), "www.example.org");
        let logs_in = [b"\x05\x02\x00\x02\x01\x05alice\x02pw".as_slice(), asks].concat();
        assert_eq!(name(&check(read_5, &logs_in)), "www.example.org");
        let address = check(read_5, b"\x05\x01\x00\x05\x01\x00\x01\xc0\x00\x02\x01\x01\xbb");
        assert_eq!(address.name, Some((Err(NotAHostName::AddressLiteral), Via::Socks)));
        assert_eq!(address.then, Then::Another);
        let udp = [&[5, 1, 0, 5, 3, 0, 4], [0; 18].as_slice()].concat();
        assert_eq!(check(read_5, &udp).then, Then::Nothing);
    }

    #[test]
    fn what_only_looks_like_socks_gives_nothing() {
        for octets in [
            // A DNS query of 1,025 octets with the identifier 443 and flags of zero.
            b"\x04\x01\x01\xbb\x00\x00\x00\x01\x00\x00\x00\x00".as_slice(),
            b"\x04\x01\x00\x00\x00\x00\x00\x01a\0www.example.org\0",
            b"\x04\x03\x01\xbb\x00\x00\x00\x01a\0www.example.org\0",
            b"\x04\x01\x01\xbb\x00\x00\x00\x00a\0www.example.org\0",
            b"\x04\x01\x01\xbb\x00\x00\x00\x01a\x01b\0www.example.org\0",
        ] {
            assert!(!looks_like_4(octets), "{}", octets.escape_ascii());
        }
        for octets in [
            b"\x05\x01\x00".as_slice(),
            b"\x05\x00\x05\x01\x00\x03\x01a\x01\xbb",
            b"\x05\x02\x00\x00\x05\x01\x00\x03\x01a\x01\xbb",
            b"\x05\x01\x00\x05\x01\x01\x03\x01a\x01\xbb",
            b"\x05\x01\x00\x05\x04\x00\x03\x01a\x01\xbb",
            b"\x05\x01\x00\x05\x01\x00\x02\x01a\x01\xbb",
            b"\x05\x01\x00\x05\x01\x00\x03\x01\x07\x01\xbb",
            b"\x05\x01\x00\x05\x01\x00\x03\x00\x01\xbb",
        ] {
            assert!(!looks_like_5(octets), "{}", octets.escape_ascii());
        }
    }
}
