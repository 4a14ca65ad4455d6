//! QUIC Initials through the room's door: keys derived, packet opened, `ClientHello` read; and a
//! datagram that only looks like one.

use std::hint::black_box;

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes_gcm::Aes128Gcm;
use aes_gcm::aead::AeadInOut;
use divan::Bencher;
use hkdf::Hkdf;
use sha2::Sha256;
use vigie::flow::Side;
use vigie::name::{Budget, Findings, NameSearch, Piece, PieceKind};

fn main() {
    divan::main();
}

/// Salt of version 1 (RFC 9001 §5.2).
const SALT: [u8; 20] = [
    0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad,
    0xcc, 0xbb, 0x7f, 0x0a,
];

/// The connection ID of the RFC's samples.
const ID: [u8; 8] = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];

/// A client's first datagram, 1,200 octets, with a `ClientHello` for `www.example.com`.
fn initial() -> Vec<u8> {
    let mut packet = b"\xc3\x00\x00\x00\x01\x08".to_vec();
    packet.extend(ID);
    packet.extend(b"\x00\x00\x44\x9e"); // no source ID, no token, length 1182
    let number_at = packet.len();
    packet.extend([0; 4]);
    let mut plain = crypto_frame();
    plain.resize(1182 - 4 - 16, 0);

    let initial = Hkdf::<Sha256>::new(Some(&SALT), &ID);
    let secret = expand::<32>(&initial, b"\x00\x20\x0ftls13 client in\x00");
    let client = Hkdf::<Sha256>::from_prk(&secret).expect("32 octets");
    let key = expand::<16>(&client, b"\x00\x10\x0etls13 quic key\x00");
    let nonce = expand::<12>(&client, b"\x00\x0c\x0dtls13 quic iv\x00");
    let header = expand::<16>(&client, b"\x00\x10\x0dtls13 quic hp\x00");
    let tag = Aes128Gcm::new(&key.into())
        .encrypt_inout_detached(&nonce.into(), &packet, plain.as_mut_slice().into())
        .expect("short enough");
    packet.extend(plain);
    packet.extend(tag);

    let sample: [u8; 16] = *packet[number_at + 4..].first_chunk().expect("long enough");
    let mut mask = sample.into();
    Aes128::new(&header.into()).encrypt_block(&mut mask);
    packet[0] ^= mask[0] & 0x0f;
    for (octet, mask) in packet[number_at..number_at + 4].iter_mut().zip(&mask[1..]) {
        *octet ^= mask;
    }
    packet
}

fn expand<const N: usize>(from: &Hkdf<Sha256>, info: &[u8]) -> [u8; N] {
    let mut octets = [0; N];
    from.expand(info, &mut octets).expect("a short output");
    octets
}

fn crypto_frame() -> Vec<u8> {
    let name = b"\x00\x00\x00\x14\x00\x12\x00\x00\x0fwww.example.com";
    let mut hello = b"\x03\x03".to_vec();
    hello.extend([0x5a; 32]);
    hello.extend(b"\x00\x00\x02\x13\x01\x01\x00");
    hello.extend(u16::try_from(name.len()).expect("short").to_be_bytes());
    hello.extend(name);
    let mut frame = vec![6, 0, 0x40, u8::try_from(hello.len() + 4).expect("short"), 1, 0, 0];
    frame.push(u8::try_from(hello.len()).expect("short"));
    frame.extend(hello);
    frame
}

fn offer(bencher: Bencher<'_, '_>, octets: &[u8], named: bool) {
    let mut findings = Findings::default();
    let mut budget = Budget { used: 0, limit: 1 << 20, hits: 0 };
    let wire_len = u32::try_from(octets.len()).expect("a datagram");
    let piece = Piece {
        side: Side::High,
        kind: PieceKind::Datagram,
        ports: (50_000, 443),
        payload: octets,
        wire_len,
    };
    bencher.bench_local(|| {
        findings.clear();
        let mut search = NameSearch::default();
        search.offer(black_box(&piece), &mut findings, &mut budget);
        assert_eq!(findings.names.is_empty(), !named);
        search.close(&mut budget);
    });
}

#[divan::bench]
fn initial_with_client_hello(bencher: Bencher<'_, '_>) {
    offer(bencher, &initial(), true);
}

#[divan::bench]
fn initial_that_does_not_open(bencher: Bencher<'_, '_>) {
    let mut octets = initial();
    octets[600] ^= 1;
    offer(bencher, &octets, false);
}
