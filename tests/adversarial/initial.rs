//! Initials of QUIC version 1 that open (RFC 9001 §5), whatever is in them.

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes_gcm::Aes128Gcm;
use aes_gcm::aead::AeadInOut;
use hkdf::Hkdf;
use sha2::Sha256;

/// A client's Initial with this connection ID, number and frames.
pub(crate) fn initial(connection: [u8; 8], number: u8, frames: &[u8]) -> Vec<u8> {
    let (key, iv, header_key) = keys(connection);
    let mut header = vec![0xc0, 0, 0, 0, 1, 8];
    header.extend(connection);
    // No source connection ID and no token; then the length of what follows, in two octets.
    header.extend([0, 0]);
    let len = u16::try_from(1 + frames.len() + 16).expect("a short packet");
    header.extend((0x4000 | len).to_be_bytes());
    header.push(number);

    let mut sealed = frames.to_vec();
    let mut nonce = iv;
    nonce[11] ^= number;
    let tag = Aes128Gcm::new(&key.into())
        .encrypt_inout_detached(&nonce.into(), &header, sealed.as_mut_slice().into())
        .expect("a short packet");
    sealed.extend(tag);
    // The sample stands four octets behind the beginning of the number, which has one (§5.4.2).
    let mut mask = <[u8; 16]>::try_from(&sealed[3..19]).expect("16 octets").into();
    Aes128::new(&header_key.into()).encrypt_block(&mut mask);
    header[0] ^= mask[0] & 0x0f;
    *header.last_mut().expect("a number") ^= mask[1];
    [header, sealed].concat()
}

/// A CRYPTO frame (RFC 9000 §19.6).
pub(crate) fn crypto(offset: u16, octets: &[u8]) -> Vec<u8> {
    let len = u16::try_from(octets.len()).expect("a short frame");
    [&[6][..], &(0x4000 | offset).to_be_bytes(), &(0x4000 | len).to_be_bytes(), octets].concat()
}

/// Key, initialisation vector and key of the header's mask (RFC 9001 §5.1, §5.2).
fn keys(connection: [u8; 8]) -> ([u8; 16], [u8; 12], [u8; 16]) {
    let salt: [u8; 20] = [
        0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c,
        0xad, 0xcc, 0xbb, 0x7f, 0x0a,
    ];
    let mut secret = [0; 32];
    let initial = Hkdf::<Sha256>::new(Some(&salt), &connection);
    initial.expand(&label("client in", 32), &mut secret).expect("a short key");
    let client = Hkdf::<Sha256>::from_prk(&secret).expect("a secret");
    let (mut key, mut iv, mut header) = ([0; 16], [0; 12], [0; 16]);
    client.expand(&label("quic key", 16), &mut key).expect("a short key");
    client.expand(&label("quic iv", 12), &mut iv).expect("a short key");
    client.expand(&label("quic hp", 16), &mut header).expect("a short key");
    (key, iv, header)
}

/// What HKDF-Expand-Label feeds to HKDF (RFC 8446 §7.1).
fn label(text: &str, len: u8) -> Vec<u8> {
    let text = format!("tls13 {text}");
    let stated = u8::try_from(text.len()).expect("a short label");
    [&[0, len, stated], text.as_bytes(), &[0]].concat()
}
