//! The law of the fuzz target `openings`, on openings with octets put in at random.

#[expect(unreachable_pub, reason = "it crosses the door of the fuzz crate")]
#[path = "../fuzz/src/openings.rs"]
mod openings;

use openings::openings_lead_to_the_same_whatever_their_segments as law;
use proptest::prelude::*;

/// What may follow an opening: beginnings of hellos, requests, frames, names.
const PARTS: [&[u8]; 12] = [
    b"\x16\x03\x01",
    b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n",
    b"STARTTLS\r\n",
    b"\x00\x00\x0f\x01\x05\x00\x00\x00\x01\x82\x86\x84\x41\x0ah2.example",
    b"\x05\x01\x00\x03\x09a.example\x01\xbb",
    b"CONNECT a.example:25 HTTP/1.1\r\n\r\n",
    b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    b"a.example SIP/2.0\r\n",
    b"\x08\x00\x01\x00\x00\x21\x12\xa4\x42tttttttttttt",
    b"\x16\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x00",
    b"\r\n",
    b"\0",
];

proptest! {
    #[test]
    fn parts_in_any_row(
        kind: u8,
        step in 0u8..90,
        parts in prop::collection::vec((0..PARTS.len(), prop::collection::vec(any::<u8>(), 0..6)), 0..8),
    ) {
        let mut input = vec![kind, step];
        for (part, octets) in parts {
            input.extend(PARTS[part]);
            input.extend(octets);
        }
        law(&input);
    }
}
