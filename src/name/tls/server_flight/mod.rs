//! What a server of TLS 1.2 or older says first, up to its own certificate (RFC 5246 §7.4).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use arrayvec::ArrayVec;

use super::client_hello::extension;
use super::record::{HANDSHAKE, LONGEST_FRAGMENT};
use crate::name::certificate::{LeafNames, leaf_names};

/// Collects the ServerHello and the first certificate out of a direction's records, which may
/// split them anywhere.
///
/// Nothing is read after the ServerHello where it chooses TLS 1.3, whose certificate is
/// encrypted (RFC 8446 §4.4.2), nor after anything but a Certificate: a resumed session has none.
// Parsing looks at lengths first and at contents once, when they are whole: work is linear in
// the octets. `message` holds what is not yet parsed: at most a leaf and one record.
#[derive(Debug, Default)]
pub(in crate::name) struct ServerFlight {
    /// Header of the current record, while it is incomplete.
    header: ArrayVec<u8, HEADER>,
    /// Octets of the current record still to come.
    left: usize,
    /// What the current record holds.
    content: Content,
    message: Vec<u8>,
    hello: Hello,
}

/// Content of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Content {
    #[default]
    Handshake,
    /// A warning before the ServerHello, mostly `unrecognized_name` (RFC 6066 §3).
    Alert,
}

/// Whether the ServerHello was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Hello {
    #[default]
    Awaited,
    Read,
}

/// What octets of a server give.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::name) enum FlightRead {
    /// Further octets are wanted.
    NeedMore,
    /// The names in the server's own certificate.
    Leaf(LeafNames),
    /// No certificate will come that can be read.
    Nothing,
    /// The certificate is longer than what is kept.
    TooLong,
}

impl ServerFlight {
    /// Takes the next octets of the direction; not to be called after anything but `NeedMore`.
    pub(in crate::name) fn read(&mut self, octets: &[u8]) -> FlightRead {
        let mut rest = octets;
        while !rest.is_empty() {
            if self.left > 0 {
                let (fragment, after) = rest.split_at(self.left.min(rest.len()));
                rest = after;
                self.left -= fragment.len();
                if self.content == Content::Alert {
                    continue;
                }
                self.message.extend_from_slice(fragment);
                match self.messages() {
                    FlightRead::NeedMore => continue,
                    read => return read,
                }
            }
            let Some((octet, after)) = rest.split_first() else { break };
            rest = after;
            self.header.push(*octet);
            let Some(header) = self.header.first_chunk::<HEADER>() else { continue };
            let Some((content, len)) = record(*header) else { return FlightRead::Nothing };
            if content == Content::Alert && self.hello == Hello::Read {
                return FlightRead::Nothing;
            }
            (self.content, self.left) = (content, len);
            self.header.clear();
        }
        FlightRead::NeedMore
    }

    /// Octets in use.
    pub(in crate::name) fn held(&self) -> usize {
        self.message.capacity()
    }

    /// Parses the messages that are there.
    fn messages(&mut self) -> FlightRead {
        loop {
            let Some([kind, a, b, c]) = self.message.first_chunk() else {
                return FlightRead::NeedMore;
            };
            let len = number([*a, *b, *c]);
            match (*kind, self.hello) {
                (SERVER_HELLO, Hello::Awaited) if len <= LONGEST_SERVER_HELLO => {
                    let end = MESSAGE_HEADER + len;
                    let Some(body) = self.message.get(MESSAGE_HEADER..end) else {
                        return FlightRead::NeedMore;
                    };
                    if !certificate_is_clear(body) {
                        return FlightRead::Nothing;
                    }
                    self.message.drain(..end);
                    self.hello = Hello::Read;
                }
                (CERTIFICATE, Hello::Read) => return self.leaf(len),
                _ => return FlightRead::Nothing,
            }
        }
    }

    /// The first certificate of a Certificate message whose body has `len` octets: its own
    /// length, then the list, each certificate after its length (RFC 5246 §7.4.2).
    fn leaf(&mut self, len: usize) -> FlightRead {
        let Some(lengths) = self.message.get(MESSAGE_HEADER..).and_then(<[u8]>::first_chunk) else {
            return if len < 6 { FlightRead::Nothing } else { FlightRead::NeedMore };
        };
        let [_, _, _, a, b, c] = *lengths;
        let leaf = number([a, b, c]);
        if leaf == 0 || leaf > len.saturating_sub(6) {
            return FlightRead::Nothing;
        }
        if leaf > LONGEST_LEAF {
            return FlightRead::TooLong;
        }
        let start = MESSAGE_HEADER + 6;
        match self.message.get(start..start + leaf) {
            None => FlightRead::NeedMore,
            Some(der) => leaf_names(der).map_or(FlightRead::Nothing, FlightRead::Leaf),
        }
    }
}

/// Content and length of a record; none where a server's first flight has no such record.
fn record(header: [u8; HEADER]) -> Option<(Content, usize)> {
    let [kind, 3, minor, a, b] = header else { return None };
    let len = usize::from(u16::from_be_bytes([a, b]));
    let content = match kind {
        HANDSHAKE if (1..=LONGEST_FRAGMENT).contains(&len) => Content::Handshake,
        ALERT if len == 2 => Content::Alert,
        _ => return None,
    };
    (minor <= 4).then_some((content, len))
}

/// Whether a ServerHello chooses a version whose certificate is not encrypted: SSL 3.0 to
/// TLS 1.2, without `supported_versions` (RFC 8446 §4.2.1).
fn certificate_is_clear(body: &[u8]) -> bool {
    let Some(([3, 0..=3], rest)) = body.split_first_chunk() else { return false };
    let Some((session, rest)) = rest.get(RANDOM..).and_then(<[u8]>::split_first) else {
        return false;
    };
    // After the session identifier: cipher suite, compression method, length of extensions.
    let Some(mut extensions) = rest.get(usize::from(*session) + 5..) else { return true };
    while let Some((kind, _, rest)) = extension(extensions) {
        if kind == SUPPORTED_VERSIONS {
            return false;
        }
        extensions = rest;
    }
    true
}

fn number([a, b, c]: [u8; 3]) -> usize {
    usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX)
}

/// Octets of a record's header.
const HEADER: usize = 5;
/// Octets of a handshake message before its body.
const MESSAGE_HEADER: usize = 4;
/// Octets of the server's random.
const RANDOM: usize = 32;
/// Content type (RFC 5246 §6.2.1).
pub(in crate::name) const ALERT: u8 = 21;
/// Handshake types (RFC 5246 §7.4).
pub(in crate::name) const SERVER_HELLO: u8 = 2;
const CERTIFICATE: u8 = 11;
/// Extension type (IANA, TLS extensions).
const SUPPORTED_VERSIONS: u16 = 43;
/// Octets of a ServerHello; real ones have some hundred.
const LONGEST_SERVER_HELLO: usize = 4096;
/// Octets of a server's own certificate; one with a hundred names has some 5,000.
const LONGEST_LEAF: usize = 32 * 1024;

#[cfg(test)]
pub(in crate::name) mod tests;
