//! The keys of a client's Initials, and opening a packet with them (RFC 9001 §5).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes_gcm::Aes128Gcm;
use aes_gcm::aead::AeadInOut;
use hkdf::Hkdf;
use sha2::Sha256;
use smallvec::SmallVec;

use super::header::Initial;
use super::version::{CLIENT_IN, RetryKey, Version};

/// Keys of the client's Initial packets of one connection.
pub(super) struct ClientKeys {
    aead: Aes128Gcm,
    iv: [u8; 12],
    header: Aes128,
}

/// Octets of an authentication tag.
const TAG: usize = 16;

/// How far behind the start of the packet number the sample for the header's mask stands.
const SAMPLE_AT: usize = 4;

impl ClientKeys {
    /// The keys that follow from the Destination Connection ID of the client's first Initial.
    /// `None` cannot be: the lengths are fixed.
    pub(super) fn derive(version: &Version, destination: &[u8]) -> Option<Self> {
        let initial = Hkdf::<Sha256>::new(Some(&version.salt), destination);
        let mut secret = [0; 32];
        initial.expand(CLIENT_IN, &mut secret).ok()?;
        let client = Hkdf::<Sha256>::from_prk(&secret).ok()?;
        let (mut key, mut iv, mut header) = ([0; 16], [0; 12], [0; 16]);
        client.expand(version.labels.key, &mut key).ok()?;
        client.expand(version.labels.iv, &mut iv).ok()?;
        client.expand(version.labels.header, &mut header).ok()?;
        Some(Self { aead: Aes128Gcm::new(&key.into()), iv, header: Aes128::new(&header.into()) })
    }

    /// The frames of `packet`, put into `plain`, and its number; `None` where it was not
    /// protected with these keys. `expected` is one more than the largest number before it.
    pub(super) fn open(
        &self,
        packet: &Initial<'_>,
        expected: u64,
        plain: &mut Vec<u8>,
    ) -> Option<u64> {
        let mask = self.mask(packet.protected)?;
        let [first_mask, number_mask @ ..] = mask;
        let (first, header) = packet.header.split_first()?;
        let first = first ^ (first_mask & 0x0f);
        let number_len = usize::from(first & 3) + 1;
        let (number, sealed) = packet.protected.split_at_checked(number_len)?;

        let mut associated = SmallVec::<[u8; 128]>::new();
        associated.push(first);
        associated.extend_from_slice(header);
        let mut truncated = 0;
        for (octet, mask) in number.iter().zip(number_mask) {
            associated.push(octet ^ mask);
            truncated = truncated << 8 | u64::from(octet ^ mask);
        }
        let number = full_number(truncated, number_len, expected);

        let (sealed, tag) = sealed.split_at_checked(sealed.len().checked_sub(TAG)?)?;
        let tag = <[u8; TAG]>::try_from(tag).ok()?;
        plain.clear();
        plain.extend_from_slice(sealed);
        let nonce = self.nonce(number);
        self.aead
            .decrypt_inout_detached(
                &nonce.into(),
                &associated,
                plain.as_mut_slice().into(),
                &tag.into(),
            )
            .ok()?;
        Some(number)
    }

    /// Mask of the first octet and of the packet number (RFC 9001 §5.4.3).
    fn mask(&self, protected: &[u8]) -> Option<[u8; 5]> {
        let sample: [u8; 16] = *protected.get(SAMPLE_AT..)?.first_chunk()?;
        let mut block = sample.into();
        self.header.encrypt_block(&mut block);
        block.first_chunk().copied()
    }

    /// The initialisation vector with the packet number added (RFC 9001 §5.3).
    fn nonce(&self, number: u64) -> [u8; 12] {
        let mut nonce = self.iv;
        for (octet, part) in nonce.iter_mut().rev().zip(number.to_le_bytes()) {
            *octet ^= part;
        }
        nonce
    }
}

/// Whether a Retry answers the Initial that had the Destination Connection ID `original`: the tag
/// at its end is over that and all of it (RFC 9001 §5.8).
pub(super) fn is_answer_to(original: &[u8], retry: &[u8], key: &RetryKey) -> bool {
    let Some((packet, tag)) = retry.split_last_chunk::<TAG>() else { return false };
    let mut associated = SmallVec::<[u8; 256]>::new();
    associated.extend(u8::try_from(original.len()));
    associated.extend_from_slice(original);
    associated.extend_from_slice(packet);
    let aead = Aes128Gcm::new(&key.key.into());
    let mut nothing = [];
    let opened = aead.decrypt_inout_detached(
        &key.nonce.into(),
        &associated,
        nothing.as_mut_slice().into(),
        &(*tag).into(),
    );
    opened.is_ok()
}

/// The packet number of which only the last `len` octets were sent: the one next to `expected`
/// (RFC 9000 §A.3).
fn full_number(truncated: u64, len: usize, expected: u64) -> u64 {
    let window = 1u64 << (8 * len);
    let candidate = (expected & !(window - 1)) | truncated;
    if candidate + window / 2 <= expected {
        candidate + window
    } else if candidate > expected + window / 2 && candidate >= window {
        candidate - window
    } else {
        candidate
    }
}

#[cfg(test)]
pub(super) mod tests;
