//! Logins for tests.

use crate::name::tls::sample::{Hello, records};
use crate::name::tls::server_flight::tests::flight;

/// A RADIUS packet (RFC 2865 §3) of the device `who` with this EAP packet in attributes of at most
/// 253 octets.
pub(super) fn radius(code: u8, id: u8, who: &str, eap: &[u8]) -> Vec<u8> {
    let mut attributes = Vec::new();
    if code == 1 {
        attributes.extend([31, u8::try_from(who.len() + 2).unwrap()]);
        attributes.extend(who.as_bytes());
    }
    for part in eap.chunks(253) {
        attributes.extend([79, u8::try_from(part.len() + 2).unwrap()]);
        attributes.extend(part);
    }
    let len = u16::try_from(20 + attributes.len()).unwrap().to_be_bytes();
    [&[code, id], &len[..], &[0x33; 16], &attributes].concat()
}

/// An EAP packet: a request of the server (1) or a response of the device (2).
pub(super) fn eap(code: u8, id: u8, method: u8, flags: u8, octets: &[u8]) -> Vec<u8> {
    let total = if flags & 0x80 == 0 { vec![] } else { vec![0, 0, 0x20, 0] };
    let body = [&[method, flags], &total[..], octets].concat();
    let len = u16::try_from(4 + body.len()).unwrap().to_be_bytes();
    [&[code, id], &len[..], &body].concat()
}

/// A login of `who` by `method`: datagrams of both sides, from the beginning to the certificate.
pub(in crate::name) fn login(
    who: &str,
    method: u8,
    sni: Option<&str>,
    fragment: usize,
    first: u8,
) -> Vec<Vec<u8>> {
    let hello = records(&Hello { sni, ..Hello::default() }.message(), usize::MAX);
    let server = records(&flight(&["radius.example"]), usize::MAX);
    let mut datagrams = vec![
        radius(1, first, who, &[2, 1, 0, 6, 1, b'a']),
        radius(11, first, who, &eap(1, 2, method, 0x20, b"")),
    ];
    let mut at = 2_u8;
    let mut say = |code: u8, octets: &[u8], flags: u8| {
        // The device answers a request of EAP with its identifier, in a RADIUS packet of its own.
        let question = first.wrapping_add(at / 2);
        let radius_code = if code == 2 { 1 } else { 11 };
        datagrams.push(radius(
            radius_code,
            question,
            who,
            &eap(code, at / 2 + 1 + (2 - code), method, flags, octets),
        ));
        at += 1;
    };
    let parts: Vec<&[u8]> = hello.chunks(fragment).collect();
    for (index, part) in parts.iter().enumerate() {
        say(2, part, if index == 0 { 0x80 } else { 0x40 });
        if index + 1 < parts.len() {
            say(1, b"", 0);
        }
    }
    for (index, part) in server.chunks(fragment).enumerate() {
        say(1, part, if index == 0 { 0xc0 } else { 0x40 });
        say(2, b"", 0);
    }
    datagrams
}
