//! TLS records that carry a ClientHello.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use arrayvec::ArrayVec;

use super::client_hello::{self, HelloRead};
use crate::name::append::append;

/// Collects the first handshake message of a direction out of its records, which may split it
/// anywhere (RFC 8446 §5.1). Nothing is kept where the message lies whole in the first octets.
#[derive(Debug, Default)]
pub(in crate::name) struct HelloRecords {
    /// Header of the current record, while it is incomplete.
    header: ArrayVec<u8, HEADER>,
    /// Octets of the current record still to come.
    left: usize,
    /// The handshake message so far.
    message: Vec<u8>,
}

impl HelloRecords {
    /// Takes the next octets of the direction; not to be called after anything but `NeedMore`.
    pub(in crate::name) fn read(&mut self, octets: &[u8]) -> HelloRead {
        if self.is_fresh()
            && let Some(fragment) = first_fragment(octets)
        {
            match client_hello::read(fragment) {
                HelloRead::NeedMore => {}
                read => return read,
            }
        }
        self.collect(octets)
    }

    fn is_fresh(&self) -> bool {
        self.header.is_empty() && self.left == 0 && self.message.is_empty()
    }

    /// Copies the records' contents until they are a whole message.
    fn collect(&mut self, octets: &[u8]) -> HelloRead {
        let mut rest = octets;
        while !rest.is_empty() {
            if self.left == 0 {
                let Some((octet, after)) = rest.split_first() else { break };
                rest = after;
                self.header.push(*octet);
                let Some(header) = self.header.first_chunk::<HEADER>() else { continue };
                let Some(len) = fragment_len(*header) else { return HelloRead::NotAHello };
                self.left = len;
                self.header.clear();
            } else {
                let (fragment, after) = rest.split_at(self.left.min(rest.len()));
                rest = after;
                self.left -= fragment.len();
                let whole = client_hello::message_len(&self.message).unwrap_or_default();
                append(&mut self.message, fragment, whole);
                match client_hello::read(&self.message) {
                    HelloRead::NeedMore => {}
                    read => return read,
                }
            }
        }
        HelloRead::NeedMore
    }

    /// Octets in use.
    pub(in crate::name) fn held(&self) -> usize {
        self.message.capacity()
    }
}

/// What stands in the first record, as far as it is there.
fn first_fragment(octets: &[u8]) -> Option<&[u8]> {
    let (header, rest) = octets.split_first_chunk::<HEADER>()?;
    let len = fragment_len(*header)?;
    Some(rest.get(..len).unwrap_or(rest))
}

/// Length of a record of type handshake; none where it is another record. Empty records are
/// none, since RFC 8446 §5.1 forbids them for this type.
fn fragment_len(header: [u8; HEADER]) -> Option<usize> {
    let [HANDSHAKE, 3, minor, a, b] = header else { return None };
    let len = usize::from(u16::from_be_bytes([a, b]));
    (minor <= 4 && (1..=LONGEST_FRAGMENT).contains(&len)).then_some(len)
}

/// Octets of a record's header.
const HEADER: usize = 5;
/// Content type (RFC 8446 §5.1).
pub(in crate::name) const HANDSHAKE: u8 = 22;
/// Octets of the longest record, encrypted ones of TLS 1.2 included (RFC 5246 §6.2.3).
pub(in crate::name) const LONGEST_FRAGMENT: usize = (1 << 14) + 2048;

#[cfg(test)]
mod tests {
    use super::HelloRecords;
    use crate::name::tls::client_hello::HelloRead;
    use crate::name::tls::sample::{Hello, records};

    fn hello() -> Vec<u8> {
        Hello { sni: Some("www.example.org"), alpn: &["h2"], ..Hello::default() }.message()
    }

    fn sni(read: HelloRead) -> String {
        let HelloRead::Hello(facts) = read else { panic!("no hello: {read:?}") };
        String::from_utf8(facts.sni.unwrap().into_vec()).unwrap()
    }

    #[test]
    fn a_hello_in_one_record_is_read_in_place() {
        let stream = records(&hello(), usize::MAX);
        let mut reader = HelloRecords::default();
        assert_eq!(sni(reader.read(&stream)), "www.example.org");
        assert_eq!(reader.held(), 0);
    }

    #[test]
    fn a_hello_may_span_records_and_reads_of_any_length() {
        for fragment in [1, 2, 7, 50, 1000] {
            let stream = records(&hello(), fragment);
            for step in [1, 3, 64, stream.len()] {
                let mut reader = HelloRecords::default();
                let mut last = HelloRead::NeedMore;
                for part in stream.chunks(step) {
                    assert_eq!(last, HelloRead::NeedMore);
                    last = reader.read(part);
                }
                assert_eq!(sni(last), "www.example.org");
            }
        }
    }

    #[test]
    fn other_records_are_no_hello() {
        for stream in [
            &b"\x17\x03\x03\x00\x01x"[..],
            b"\x16\x03\x01\x00\x00",
            b"\x16\x03\x01\x48\x01\x01",
            b"\x16\x02\x01\x00\x10\x01",
            b"\x16\x03\x01\x00\x10\x02",
        ] {
            assert_eq!(HelloRecords::default().read(stream), HelloRead::NotAHello, "{stream:?}");
        }
    }
}
