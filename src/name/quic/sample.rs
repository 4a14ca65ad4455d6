//! Initials for tests.

use super::keys::tests::{SAMPLE_ID, seal};

/// A version 1 Initial of the sample connection with one CRYPTO frame (RFC 9000 §19.6).
pub(crate) fn initial(number: u64, offset: u16, octets: &[u8]) -> Vec<u8> {
    let mut frame = vec![6];
    frame.extend((0x4000 | offset).to_be_bytes());
    frame.extend((0x4000 | u16::try_from(octets.len()).unwrap()).to_be_bytes());
    frame.extend(octets);
    frame.extend([0; 20]);
    seal(1, (&SAMPLE_ID, &SAMPLE_ID), (number, 2), &frame)
}
