//! The ClientHello: what a TLS or QUIC client says first.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use tls_parser::{
    TlsExtension, parse_tls_extension_alpn_content, parse_tls_extension_sni_content,
    parse_tls_handshake_client_hello,
};

use crate::name::fingerprint::{Draft, Fingerprint};

/// What handshake octets give.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::name) enum HelloRead {
    /// They may be the beginning of a ClientHello.
    NeedMore,
    /// A whole ClientHello.
    Hello(HelloFacts),
    /// Something else, or broken.
    NotAHello,
}

/// What a ClientHello says about its server.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::name) struct HelloFacts {
    /// The first `host_name` of the `server_name` extension (RFC 6066 §3), as sent: not yet
    /// checked, at most 65,535 octets.
    pub(in crate::name) sni: Option<Box<[u8]>>,
    /// The protocols offered (RFC 7301 §3.1), escaped where they are not printable ASCII; at
    /// most [`MOST_PROTOCOLS`].
    pub(in crate::name) alpn: Vec<Box<str>>,
    /// Whether `encrypted_client_hello` (RFC 9849 §5) is there.
    pub(in crate::name) ech_offered: bool,
    /// Whether `encrypted_server_name` of the drafts before it is there
    /// (draft-ietf-tls-esni-02 §5).
    pub(in crate::name) esni: bool,
    /// What the hello offers.
    pub(in crate::name) fingerprint: Option<Fingerprint>,
}

/// Reads a handshake message (RFC 8446 §4) from its header on: type, 24-bit length, body.
pub(in crate::name) fn read(message: &[u8]) -> HelloRead {
    match body(message) {
        Ok(Some(body)) => match parse_tls_handshake_client_hello(body) {
            Ok((_, hello)) => {
                let ciphers = hello.ciphers.iter().map(|cipher| cipher.0);
                let draft = Draft::new(hello.version.0, ciphers);
                HelloRead::Hello(facts(hello.ext.unwrap_or_default(), draft))
            }
            Err(_) => HelloRead::NotAHello,
        },
        Ok(None) => HelloRead::NeedMore,
        Err(NotAHello) => HelloRead::NotAHello,
    }
}

/// Octets of the whole message with its header, as the header says. None while the header is
/// incomplete.
pub(super) fn message_len(message: &[u8]) -> Option<usize> {
    let [_, a, b, c, ..] = *message else { return None };
    usize::try_from(u32::from_be_bytes([0, a, b, c])).ok().map(|body| body + HEADER)
}

/// The first octet is of another handshake message.
struct NotAHello;

/// The body of a ClientHello, once it is whole.
fn body(message: &[u8]) -> Result<Option<&[u8]>, NotAHello> {
    match message.first() {
        None => return Ok(None),
        Some(&CLIENT_HELLO) => {}
        Some(_) => return Err(NotAHello),
    }
    Ok(message_len(message).and_then(|len| message.get(HEADER..len)))
}

/// Reads the extensions one by one, so that a broken one loses none before it.
fn facts(extensions: &[u8], mut draft: Draft) -> HelloFacts {
    let mut facts = HelloFacts::default();
    let mut rest = extensions;
    while let Some((kind, content, after)) = extension(rest) {
        draft.extension(kind, content);
        match kind {
            SERVER_NAME if facts.sni.is_none() => facts.sni = host_name(content),
            ALPN if facts.alpn.is_empty() => facts.alpn = protocols(content),
            ENCRYPTED_CLIENT_HELLO => facts.ech_offered = true,
            ENCRYPTED_SERVER_NAME => facts.esni = true,
            _ => {}
        }
        rest = after;
    }
    facts.fingerprint = draft.finish();
    facts
}

/// The first extension, and what follows it (RFC 8446 §4.2).
pub(super) fn extension(octets: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let ([a, b, c, d], rest) = octets.split_first_chunk()?;
    let len = usize::from(u16::from_be_bytes([*c, *d]));
    let (content, rest) = rest.split_at_checked(len)?;
    Some((u16::from_be_bytes([*a, *b]), content, rest))
}

/// The first entry of type `host_name`.
fn host_name(content: &[u8]) -> Option<Box<[u8]>> {
    match parse_tls_extension_sni_content(content) {
        Ok((_, TlsExtension::SNI(names))) => {
            names.iter().find(|(kind, _)| kind.0 == HOST_NAME).map(|(_, name)| Box::from(*name))
        }
        _ => None,
    }
}

/// The protocols as text.
fn protocols(content: &[u8]) -> Vec<Box<str>> {
    match parse_tls_extension_alpn_content(content) {
        Ok((_, TlsExtension::ALPN(list))) => list
            .iter()
            .take(MOST_PROTOCOLS)
            .map(|protocol| protocol.escape_ascii().to_string().into_boxed_str())
            .collect(),
        _ => Vec::new(),
    }
}

/// Octets of a handshake message before its body.
const HEADER: usize = 4;
/// Handshake type (RFC 8446 §4).
pub(in crate::name) const CLIENT_HELLO: u8 = 1;
/// Extension types (IANA, TLS extensions).
const SERVER_NAME: u16 = 0;
const ALPN: u16 = 16;
const ENCRYPTED_CLIENT_HELLO: u16 = 0xfe0d;
const ENCRYPTED_SERVER_NAME: u16 = 0xffce;
/// `NameType` (RFC 6066 §3).
const HOST_NAME: u8 = 0;
/// Protocols that are kept; real clients offer two or three.
const MOST_PROTOCOLS: usize = 32;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{HelloFacts, HelloRead, read};
    use crate::name::fingerprint::Carrier;
    use crate::name::tls::sample::Hello;

    fn facts(message: &[u8]) -> HelloFacts {
        match read(message) {
            HelloRead::Hello(facts) => facts,
            other => panic!("no hello: {other:?}"),
        }
    }

    #[test]
    fn name_protocols_and_ech_are_read() {
        let hello =
            Hello { sni: Some("www.example.org"), alpn: &["h2", "\u{fc}"], ech: true, padding: 9 };
        let facts = facts(&hello.message());
        assert_eq!(facts.sni.as_deref(), Some(&b"www.example.org"[..]));
        assert_eq!(facts.alpn, ["h2".into(), "\\xc3\\xbc".into()]);
        assert!(facts.ech_offered);
    }

    #[test]
    fn a_hello_may_say_nothing() {
        let mut facts = facts(&Hello::default().message());
        assert!(facts.fingerprint.take().is_some());
        assert_eq!(facts, HelloFacts::default());
    }

    #[test]
    fn every_prefix_of_a_hello_needs_more() {
        let message = Hello { sni: Some("a.example"), ..Hello::default() }.message();
        for len in 0..message.len() {
            assert_eq!(read(&message[..len]), HelloRead::NeedMore, "{len} octets");
        }
    }

    #[test]
    fn what_follows_the_hello_does_not_count() {
        let mut message = Hello { sni: Some("a.example"), ..Hello::default() }.message();
        message.extend(b"more");
        assert_eq!(facts(&message).sni.as_deref(), Some(&b"a.example"[..]));
    }

    #[test]
    fn a_broken_extension_loses_none_before_it() {
        let mut message =
            Hello { sni: Some("a.example"), alpn: &["h2"], ..Hello::default() }.message();
        let last = message.len() - 6;
        message[last] = 0xff; // the length of supported_versions
        assert_eq!(facts(&message).sni.as_deref(), Some(&b"a.example"[..]));
    }

    #[test]
    fn broken_transport_parameters_cost_no_name() {
        let read = |parameters: &[u8]| {
            let mut message = Hello { alpn: &["h3"], ..Hello::default() }.message();
            let name = b"\0\0\0\x0e\0\x0c\0\0\x09a.example";
            let len = u8::try_from(parameters.len()).unwrap();
            let extensions = [&[0, 57, 0, len][..], parameters, name].concat();
            message.extend(&extensions);
            // The lengths of the message and of its extensions, which are all that follows them.
            let body = u16::try_from(message.len() - 4).unwrap();
            message[2..4].copy_from_slice(&body.to_be_bytes());
            let at = 4 + 2 + 32 + 1 + 6 + 2;
            let all = u16::try_from(message.len() - at - 2).unwrap();
            message[at..at + 2].copy_from_slice(&all.to_be_bytes());
            let facts = facts(&message);
            assert_eq!(facts.sni.as_deref(), Some(&b"a.example"[..]));
            assert_eq!(facts.alpn, ["h3".into()]);
            facts.fingerprint.unwrap().carried_by(Carrier::Quic).quic()
        };
        assert_eq!(read(&[1, 1, 9, 3, 0]).unwrap().parameters, [1, 3]);
        for broken in [&[1, 9, 9][..], &[1], &[0x7f], &[0x11, 3, 0, 0, 1], &[0xff; 12]] {
            assert_eq!(read(broken), None, "{broken:x?}");
        }
    }

    #[test]
    fn other_messages_are_no_hello() {
        assert_eq!(read(&[2, 0, 0, 1, 0]), HelloRead::NotAHello);
        assert_eq!(read(&[1, 0, 0, 3, 3, 3, 0]), HelloRead::NotAHello);
    }

    proptest! {
        #[test]
        fn octets_of_any_kind_are_survived(mut octets: Vec<u8>, at: usize, value: u8) {
            let _ = read(&octets);
            octets.splice(0..0, [1, 0, 0, 60, 3, 3]);
            let _ = read(&octets);
            let mut hello = Hello { sni: Some("a.example"), alpn: &["h2"], ..Hello::default() }.message();
            let at = at % hello.len();
            hello[at] = value;
            let _ = read(&hello);
        }
    }
}
