//! What the first octets of a direction are.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::prelude::{PreludeKind, guess_prelude};
use crate::name::http::{self, LONGEST_LINE};
use crate::name::starttls::starts_dialog;
use crate::name::stun::Framing;
use crate::name::tls::client_hello::CLIENT_HELLO;
use crate::name::tls::old_hello::{OldHello, old_hello};
use crate::name::tls::record::{HANDSHAKE, LONGEST_FRAGMENT};
use crate::name::tls::server_flight::{ALERT, SERVER_HELLO};
use crate::name::uri::{self, UriLine};

/// A first opinion: the reader that it leads to has the last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guess {
    /// Too few octets to say.
    NeedMore,
    /// A TLS record that holds a ClientHello.
    Hello,
    /// A ClientHello in the form of SSL 2.0, which names nobody.
    OldHello,
    /// An HTTP/1 request: its whole first line.
    Request,
    /// The preface of HTTP/2.
    Frames,
    /// A request of SIP or RTSP: its whole first line.
    Uri,
    /// A first line of a protocol that may turn to TLS.
    Dialog,
    /// An opening after which another protocol follows, or nothing.
    Prelude(PreludeKind),
    /// A STUN message; how others follow.
    Stun(Framing),
    /// A DNS message after its length (RFC 1035 §4.2.2).
    Dns,
    /// A TLS record that holds a ServerHello.
    ServerHello,
    /// A TLS alert: a server's warning may stand before its ServerHello.
    Alert,
    /// A server's HTTP response, or another answer.
    Answer,
    /// A TLS record that no handshake starts with: the hellos are over.
    Encrypted,
    /// Lines of a protocol that vigie does not know.
    Foreign,
    /// Nothing of these.
    Unknown,
}

impl Guess {
    /// Whether a server's certificate may follow.
    pub(super) fn may_certify(self) -> bool {
        matches!(self, Self::ServerHello | Self::Alert | Self::Foreign)
    }
}

/// Looks at the first octets of a direction, or of a segment after a hole. More than [`ENOUGH`]
/// octets are asked for only where they are the beginning of a line.
pub(super) fn guess(octets: &[u8]) -> Guess {
    match octets {
        [] => Guess::NeedMore,
        [20..=23, rest @ ..] => guess_tls(octets, rest),
        [b'H', rest @ ..] if rest.starts_with(b"TTP/1.") => Guess::Answer,
        [0x80..=0xff, ..] => match old_hello(octets) {
            OldHello::Yes => Guess::OldHello,
            OldHello::NeedMore => Guess::NeedMore,
            OldHello::No => guess_dns(octets),
        },
        _ => match guess_prelude(octets) {
            Some(guess) => guess,
            None if may_be_line(octets) => guess_line(octets),
            None => guess_dns(octets),
        },
    }
}

fn guess_tls(octets: &[u8], rest: &[u8]) -> Guess {
    let (minor, len) = match *rest {
        [3, minor, a, b, ..] => (minor, usize::from(u16::from_be_bytes([a, b]))),
        [] | [3] | [3, _] | [3, _, _] => return Guess::NeedMore,
        _ => return guess_dns(octets),
    };
    if minor > 4 || len > LONGEST_FRAGMENT || len == 0 {
        return guess_dns(octets);
    }
    match (octets.first(), octets.get(5)) {
        (Some(&HANDSHAKE), None) => Guess::NeedMore,
        (Some(&HANDSHAKE), Some(&CLIENT_HELLO)) => Guess::Hello,
        (Some(&HANDSHAKE), Some(&SERVER_HELLO)) => Guess::ServerHello,
        (Some(&HANDSHAKE), Some(_)) => Guess::Answer,
        (Some(&ALERT), _) if len == 2 => Guess::Alert,
        _ => Guess::Encrypted,
    }
}

/// A line: what it asks for, once its end is there.
fn guess_line(octets: &[u8]) -> Guess {
    let octets = http::skip_empty_lines(octets);
    let head = octets.get(..LONGEST_LINE).unwrap_or(octets);
    let Some(end) = memchr::memchr(b'\n', head) else {
        return if octets.len() < LONGEST_LINE { Guess::NeedMore } else { Guess::Foreign };
    };
    let line = octets.get(..end).unwrap_or_default();
    if http::is_request_line(line) {
        return Guess::Request;
    }
    match uri::read(line) {
        Some(UriLine::Request(..)) => Guess::Uri,
        Some(UriLine::Response) => Guess::Answer,
        None if line == b"PRI * HTTP/2.0\r" => Guess::Frames,
        None if starts_dialog(line) => Guess::Dialog,
        None => Guess::Foreign,
    }
}

/// Whether octets can be the beginning of a line that is read.
fn may_be_line(octets: &[u8]) -> bool {
    http::may_start(octets) || is_word(octets) || uri::may_be_response(octets)
}

/// Whether octets can be a line of one word, as commands are.
fn is_word(octets: &[u8]) -> bool {
    let word = octets.iter().take_while(|octet| octet.is_ascii_alphabetic()).count();
    let after = octets.get(word..).unwrap_or_default();
    (1..=LONGEST_WORD).contains(&word)
        && matches!(after, [] | [b'\r'] | [b'\r', b'\n', ..] | [b'\n', ..])
}

/// A length and a DNS header (RFC 1035 §4.1.1) with one question: what is sent over TCP.
fn guess_dns(octets: &[u8]) -> Guess {
    let Some(start) = octets.first_chunk::<DNS_START>() else {
        return if octets.len() < 2 || short_dns(octets) {
            Guess::NeedMore
        } else {
            Guess::Unknown
        };
    };
    if short_dns(start) && start.ends_with(&[0, 1]) { Guess::Dns } else { Guess::Unknown }
}

/// Whether as much as there is can be the beginning of such a message.
fn short_dns(octets: &[u8]) -> bool {
    let len = octets.first_chunk::<2>().map(|len| u16::from_be_bytes(*len));
    let standard_query = octets.get(4).is_none_or(|flags| flags & 0x78 == 0);
    len.is_none_or(|len| usize::from(len) >= SHORTEST_DNS) && standard_query
}

/// Octets that suffice for a guess, unless they begin a line.
pub(super) const ENOUGH: usize = 40;
/// Octets of a command of one word.
const LONGEST_WORD: usize = 16;
/// Octets of the length, the identifier, the flags and the number of questions.
const DNS_START: usize = 8;
/// A header and the question for the root.
const SHORTEST_DNS: usize = 17;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ENOUGH, Guess, PreludeKind, guess};
    use crate::name::stun::Framing;

    #[test]
    fn first_octets_tell_the_protocol() {
        for (octets, expected) in [
            (&b"\x16\x03\x01\x02\x00\x01\x00"[..], Guess::Hello),
            (b"\x16\x03\x03\x00\x7a\x02\x00", Guess::ServerHello),
            (b"\x15\x03\x03\x00\x02\x01\x70", Guess::Alert),
            (b"\x16\x03\x03\x00\x7a\x0b\x00", Guess::Answer),
            (b"\x80\x22\x01\x03\x01\x00\x09\x00\x00\x00\x10", Guess::OldHello),
            (b"\x80\x22\x01\x03", Guess::NeedMore),
            (b"\x80\x22\x01\x04\x01\x00\x00\x01", Guess::Dns),
            (b"\x17\x03\x03\x00\x7a", Guess::Encrypted),
            (b"\x16\x03\x01", Guess::NeedMore),
            (b"\x16\x02\x01\x00\x30", Guess::Unknown),
            (b"GET / HTTP/1.1\r\n", Guess::Request),
            (b"GET / HTTP/1.1", Guess::NeedMore),
            (b"\r\nGET / HTTP/1.1\n", Guess::Request),
            (b"PRI * HTTP/2.0\r\n\r\n", Guess::Frames),
            (b"INVITE sip:a.example SIP/2.0\r\n", Guess::Uri),
            (b"DESCRIBE rtsp://a.example RTSP/1.0\r\n", Guess::Uri),
            (b"SIP/2.0 200 OK\r\n", Guess::Answer),
            (b"EHLO a.example\r\n", Guess::Dialog),
            (b"STLS\r\n", Guess::Dialog),
            (b"CAPA\r", Guess::NeedMore),
            (b"PROXY TCP4 192.0.2.1 198.51.100.1 1 2\r\n", Guess::Prelude(PreludeKind::ProxyV1)),
            (b"PROXY TCP4 19", Guess::NeedMore),
            (b"PROXY / HTTP/1.1\r\n", Guess::Request),
            (b"\r\n\r\n\0\r\nQU", Guess::NeedMore),
            (b"\r\n\r\n\0\r\nQUIT\n", Guess::Prelude(PreludeKind::ProxyV2)),
            (b"\x05\x01\x00", Guess::NeedMore),
            (b"\x05\x01\x00\x05", Guess::Prelude(PreludeKind::Socks5)),
            (b"\x05\x01\x00\x06\x01\x00\x00\x02", Guess::Unknown),
            (b"\x04\x01\x01\xbb\xc0\x00\x02\x01\x00\x16", Guess::Prelude(PreludeKind::Socks4)),
            (b"\x00\x00\x00\x08\x04\xd2\x16\x2f", Guess::Prelude(PreludeKind::Postgres)),
            (b"\x00\x01\x00\x08\x21\x12\xa4\x42", Guess::Stun(Framing::Bare)),
            (b"\x00\x1c\x00\x01\x00\x08\x21\x12\xa4\x42", Guess::Stun(Framing::Counted)),
            (b"\x00\x1d\x00\x01\x00\x08\x21\x12\xa4\x42", Guess::Unknown),
            (b"\x02\x00\x00\x1b\x00\x03\x00\x07\x21\x12\xa4\x42", Guess::Stun(Framing::Microsoft)),
            (b"\x02\x00\x00\x1b\x00\x03\x00\x07\x21\x12\xa4", Guess::NeedMore),
            (b"\x02\x00\xab\xcd\x01\x00\x00\x01", Guess::Dns),
            (b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c", Guess::Prelude(PreludeKind::Mqtt)),
            (b"AMQP\x00\x00\x09\x01", Guess::Prelude(PreludeKind::Amqp)),
            (b"<?xml version='1.0'?>", Guess::Prelude(PreludeKind::Xmpp)),
            (b"<html><body>Hello", Guess::Unknown),
            (b"HTTP/1.1 200", Guess::Answer),
            (b"HT", Guess::NeedMore),
            (b"\r\n", Guess::NeedMore),
            (b"220 mail.example", Guess::NeedMore),
            (b"220 mail.example\r\n", Guess::Foreign),
            (b"SSH-2.0-OpenSSH_9\r\n", Guess::Unknown),
            (b"\x00\x1d\xab\xcd\x01\x00\x00\x01\x00\x00", Guess::Dns),
            (b"\x00\x1d\xab", Guess::NeedMore),
            (b"\x00\x1d\xab\xcd\x79\x00\x00\x01\x00\x00", Guess::Unknown),
            (b"\x00\x05\xab\xcd\x01\x00\x00\x01\x00\x00", Guess::Unknown),
        ] {
            assert_eq!(guess(octets), expected, "{}", octets.escape_ascii());
        }
    }

    proptest! {
        #[test]
        fn enough_octets_always_lead_to_a_guess(octets in prop::collection::vec(any::<u8>(), ENOUGH)) {
            if !super::may_be_line(&octets) {
                prop_assert_ne!(guess(&octets), Guess::NeedMore);
            }
        }
    }
}
