//! Datagrams on their way through a SOCKS 5 relay (RFC 1928 §7), after UDP ASSOCIATE.
//!
//! Each has a header that names its destination. The relay's port is told in the TCP connection
//! that asked for it, and may be any: the header is known by its form.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::HostName;
use crate::name::cursor::{Cursor, Stop, ensure};

/// A datagram inside another.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::name) struct Relayed<'a> {
    /// The host it goes to, where the header states a name.
    pub(in crate::name) host: Option<HostName>,
    /// The port it goes to, or came from.
    pub(in crate::name) port: u16,
    /// Octets of the header.
    pub(in crate::name) header: u32,
    /// What it carries.
    pub(in crate::name) payload: &'a [u8],
}

/// Reads the header. One that states an address proves little, one that states a name much.
/// Fragments (which hardly any relay takes, and §7 lets it drop) are none. Of a datagram of
/// `wire_len` octets more may be missing than its payload.
pub(in crate::name) fn read_relayed(datagram: &[u8], wire_len: u32) -> Option<Relayed<'_>> {
    // Most datagrams end the question here.
    datagram.starts_with(&[0, 0, 0]).then(|| relayed(datagram, wire_len).ok()).flatten()
}

fn relayed(datagram: &[u8], wire_len: u32) -> Result<Relayed<'_>, Stop> {
    let mut cursor = Cursor::new(datagram);
    cursor.expect(&[0, 0, 0])?;
    let host = match cursor.u8()? {
        1 => cursor.take(4).map(|_| None)?,
        3 => Some(domain(cursor.counted8()?)?),
        4 => cursor.take(16).map(|_| None)?,
        _ => return Err(Stop::Foreign),
    };
    let port = cursor.u16()?;
    let header = u32::try_from(cursor.at()).map_err(|_| Stop::Foreign)?;
    ensure(port != 0 && (header < wire_len || !cursor.rest().is_empty()))?;
    Ok(Relayed { host, port, header, payload: cursor.rest() })
}

/// A host name with a dot: so little else stands for the header that a word is not enough.
fn domain(octets: &[u8]) -> Result<HostName, Stop> {
    let name = HostName::from_wire(octets).map_err(|_| Stop::Foreign)?;
    ensure(name.as_str().contains('.'))?;
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::{Relayed, read_relayed as of_wire_len};

    fn read_relayed(datagram: &[u8]) -> Option<Relayed<'_>> {
        of_wire_len(datagram, u32::try_from(datagram.len()).unwrap())
    }

    #[test]
    fn a_header_states_a_name_or_an_address() {
        let named = b"\0\0\0\x03\x0bexample.org\x01\xbbpayload";
        let relayed = read_relayed(named).unwrap();
        assert_eq!(relayed.host.unwrap().as_str(), "example.org");
        assert_eq!((relayed.port, relayed.header, relayed.payload), (443, 18, &b"payload"[..]));
        let four = read_relayed(b"\0\0\0\x01\xc0\x00\x02\x01\x00\x35x").unwrap();
        assert_eq!((four.host, four.port, four.payload), (None, 53, &b"x"[..]));
        let six = [b"\0\0\0\x04".as_slice(), &[7; 16], b"\x00\x35x"].concat();
        assert_eq!(read_relayed(&six).unwrap().header, 22);
    }

    #[test]
    fn every_prefix_of_a_header_is_none() {
        let named = b"\0\0\0\x03\x0bexample.org\x01\xbb";
        for len in 0..=named.len() {
            assert_eq!(read_relayed(&named[..len]), None, "{len}");
            // Where the payload was not captured, the header tells all the same.
            let told = of_wire_len(&named[..len], 900).map(|relayed| relayed.payload.len());
            assert_eq!(told, (len == named.len()).then_some(0), "{len}");
        }
    }

    #[test]
    fn other_datagrams_are_none() {
        for datagram in [
            // A fragment, another kind of address, port 0, a word, what is no host name.
            b"\0\0\x01\x03\x0bexample.org\x01\xbbx".as_slice(),
            b"\0\0\0\x02\x0bexample.org\x01\xbbx",
            b"\0\0\0\x03\x0bexample.org\0\0x",
            b"\0\0\0\x03\x07example\x01\xbbx",
            b"\0\0\0\x03\x0bexam le.org\x01\xbbx",
            b"\0\0\0\x03\x09192.0.2.1\x01\xbbx",
            b"\0\x01\0\x03\x0bexample.org\x01\xbbx",
        ] {
            assert_eq!(read_relayed(datagram), None, "{}", datagram.escape_ascii());
        }
    }
}
