use aes::cipher::BlockCipherEncrypt;

use super::super::header::{Packet, Packets};
use super::super::vectors::{V1_RETRY, V2_RETRY};
use super::*;

/// The Destination Connection ID of the samples (RFC 9001 §A, RFC 9369 §A).
pub(in super::super) const SAMPLE_ID: [u8; 8] = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];

pub(in super::super) fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

fn version(number: u32) -> &'static Version {
    Version::of(number).unwrap()
}

/// An Initial of a client: what the keys open, made with the same primitives in the other
/// direction. `number_len` octets of the packet number are sent.
pub(in super::super) fn seal(
    number: u32,
    (original, destination): (&[u8], &[u8]),
    (packet_number, number_len): (u64, usize),
    plain: &[u8],
) -> Vec<u8> {
    let version = version(number);
    let keys = InitialKeys::client(version, original).unwrap();
    let first = 0xc0 | version.types[0] << 4 | u8::try_from(number_len - 1).unwrap();
    let mut packet = vec![first];
    packet.extend(number.to_be_bytes());
    packet.push(u8::try_from(destination.len()).unwrap());
    packet.extend(destination);
    packet.extend([3, 7, 7, 7, 0]); // source connection ID, no token
    packet.extend((0x4000 | u16::try_from(number_len + plain.len() + TAG).unwrap()).to_be_bytes());
    let number_at = packet.len();
    packet.extend(&packet_number.to_be_bytes()[8 - number_len..]);
    let mut sealed = plain.to_vec();
    let nonce = keys.nonce(packet_number).into();
    let tag = keys.aead.encrypt_inout_detached(&nonce, &packet, sealed.as_mut_slice().into());
    packet.extend(sealed);
    packet.extend(tag.unwrap());
    let mask = keys.mask(&packet[number_at..]).unwrap();
    packet[0] ^= mask[0] & 0x0f;
    for (octet, mask) in packet[number_at..number_at + number_len].iter_mut().zip(&mask[1..]) {
        *octet ^= mask;
    }
    packet
}

/// Compares derived keys with expected ones by what they do: a cipher does not show its key.
fn assert_keys(derived: &InitialKeys, key: &str, iv: &str, header: &str) {
    assert_eq!(derived.iv.to_vec(), hex(iv));
    let nonce = [0; 12].into();
    let tag = |aead: &Aes128Gcm| {
        let mut octets = *b"sample";
        aead.encrypt_inout_detached(&nonce, b"", octets.as_mut_slice().into()).unwrap()
    };
    let key: [u8; 16] = hex(key).try_into().unwrap();
    assert_eq!(tag(&derived.aead), tag(&Aes128Gcm::new(&key.into())));
    let block = |cipher: &Aes128| {
        let mut block = [7; 16].into();
        cipher.encrypt_block(&mut block);
        block
    };
    let header: [u8; 16] = hex(header).try_into().unwrap();
    assert_eq!(block(&derived.header), block(&Aes128::new(&header.into())));
}

/// RFC 9001 §A.1.
#[test]
fn the_keys_of_version_1_are_those_of_the_rfc() {
    let (key, iv) = ("1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c");
    let client = InitialKeys::client(version(1), &SAMPLE_ID).unwrap();
    assert_keys(&client, key, iv, "9f50449e04a0e810283a1e9933adedd2");
    let (key, iv) = ("cf3a5331653c364c88f0f379b6067e37", "0ac1493ca1905853b0bba03e");
    let server = InitialKeys::server(version(1), &SAMPLE_ID).unwrap();
    assert_keys(&server, key, iv, "c206b8d9b9f0f37644430b490eeaa314");
}

/// RFC 9369 §A.1.
#[test]
fn the_keys_of_version_2_are_those_of_the_rfc() {
    let (key, iv) = ("8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f");
    let client = InitialKeys::client(version(0x6b33_43cf), &SAMPLE_ID).unwrap();
    assert_keys(&client, key, iv, "45b95e15235d6f45a6b19cbcb0294ba9");
}

/// RFC 9001 §A.2: sample d1b1c98dd7689fb8ec11d242b123dc9b gives the mask 437b9aec36.
#[test]
fn the_header_mask_of_version_1_is_that_of_the_rfc() {
    let keys = InitialKeys::client(version(1), &SAMPLE_ID).unwrap();
    let protected = [vec![0; SAMPLE_AT], hex("d1b1c98dd7689fb8ec11d242b123dc9b")].concat();
    assert_eq!(keys.mask(&protected).unwrap().to_vec(), hex("437b9aec36"));
    assert_eq!(keys.mask(&protected[..19]), None);
}

fn opened(packet: &[u8], expected: u64) -> Option<(u64, Vec<u8>)> {
    let Some(Packet::Initial(initial)) = Packets::of(packet).next() else { return None };
    let keys = InitialKeys::client(initial.version, initial.destination).unwrap();
    let mut plain = Vec::new();
    keys.open(&initial, expected, &mut plain).map(|number| (number, plain))
}

#[test]
fn a_sealed_packet_opens_in_every_version_and_with_every_length_of_number() {
    // 1, 2, Google's Q050, T050 and T051; drafts 22 to 34; Meta's.
    let numbers = [1, 0x6b33_43cf, 0x5130_3530, 0x5430_3530, 0x5430_3531].into_iter();
    let drafts = (0xff00_0016..=0xff00_0022).chain(0xface_b001..=0xface_b003);
    for number in numbers.chain(drafts).chain(0xface_b00e..=0xface_b015) {
        for len in 1..=4 {
            let packet = seal(number, (&SAMPLE_ID, &SAMPLE_ID), (2, len), b"some frames, padded");
            assert_eq!(opened(&packet, 0), Some((2, b"some frames, padded".to_vec())));
        }
    }
    let packet = seal(1, (&SAMPLE_ID, &SAMPLE_ID), (0x1_0203, 1), b"some frames, padded");
    assert_eq!(opened(&packet, 0x1_0200).unwrap().0, 0x1_0203);
    assert_eq!(opened(&packet, 0), None, "another number, another nonce");
}

#[test]
fn a_packet_with_any_bit_changed_does_not_open() {
    let packet = seal(1, (&SAMPLE_ID, &SAMPLE_ID), (0, 2), b"some frames, padded");
    for bit in 0..packet.len() * 8 {
        let mut changed = packet.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        // The fixed bit is in the associated data as well; nothing is left out of it.
        assert_eq!(opened(&changed, 0), None, "bit {bit}");
    }
}

#[test]
fn packet_numbers_are_completed_as_in_the_rfc() {
    // RFC 9000 §A.3.
    assert_eq!(full_number(0x9b32, 2, 0xa82f_30eb), 0xa82f_9b32);
    assert_eq!(full_number(0, 1, 0), 0);
    assert_eq!(full_number(0xff, 1, 0x100), 0xff);
    assert_eq!(full_number(0x01, 1, 0xff), 0x101);
}

/// RFC 9001 §A.4, RFC 9369 §A.4.
#[test]
fn the_retries_of_the_rfcs_answer_their_initials_and_no_others() {
    for (number, text) in [(1, V1_RETRY), (0x6b33_43cf, V2_RETRY)] {
        let retry = hex(text);
        let key = version(number).retry.as_ref().unwrap();
        assert!(is_answer_to(&SAMPLE_ID, &retry, key));
        assert!(!is_answer_to(&SAMPLE_ID[1..], &retry, key));
        for bit in 0..retry.len() * 8 {
            let mut changed = retry.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(!is_answer_to(&SAMPLE_ID, &changed, key), "bit {bit}");
        }
        for end in 0..retry.len() {
            assert!(!is_answer_to(&SAMPLE_ID, &retry[..end], key), "{end} octets");
        }
    }
}
