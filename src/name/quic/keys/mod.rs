//! The keys of Initials, opening a packet with them and sealing it again (RFC 9001 §5).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes_gcm::Aes128Gcm;
use aes_gcm::aead::AeadInOut;
use hkdf::Hkdf;
use sha2::Sha256;
use smallvec::SmallVec;

use super::header::Initial;
use super::version::{CLIENT_IN, RetryKey, SERVER_IN, Version};

/// Keys of one end's Initial packets of one connection.
pub(super) struct InitialKeys {
    aead: Aes128Gcm,
    iv: [u8; 12],
    header: Aes128,
}

/// A header without its protection: what the tag covers besides the frames.
struct Unmasked {
    /// Up to the packet number, which is in it.
    associated: SmallVec<[u8; 128]>,
    number_len: usize,
}

/// Octets of an authentication tag.
const TAG: usize = 16;

/// How far behind the start of the packet number the sample for the header's mask stands.
const SAMPLE_AT: usize = 4;

impl InitialKeys {
    /// The client's, which follow from the Destination Connection ID of its first Initial.
    /// `None` cannot be: the lengths are fixed.
    pub(super) fn client(version: &Version, destination: &[u8]) -> Option<Self> {
        Self::derive(version, destination, CLIENT_IN)
    }

    /// The server's, which follow from the same.
    pub(super) fn server(version: &Version, destination: &[u8]) -> Option<Self> {
        Self::derive(version, destination, SERVER_IN)
    }

    fn derive(version: &Version, destination: &[u8], label: &[u8]) -> Option<Self> {
        let initial = Hkdf::<Sha256>::new(Some(&version.salt), destination);
        let mut secret = [0; 32];
        initial.expand(label, &mut secret).ok()?;
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
        let Unmasked { associated, number_len } = self.unmask(packet)?;
        let number = associated.get(packet.header.len()..)?;
        let truncated = number.iter().fold(0, |sum, octet| sum << 8 | u64::from(*octet));
        let sealed = packet.protected.get(number_len..)?;
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

    /// The packet with other frames, which have as many octets; `number` is what
    /// [`InitialKeys::open`] gave.
    pub(super) fn reseal(
        &self,
        packet: &Initial<'_>,
        number: u64,
        plain: &[u8],
    ) -> Option<Vec<u8>> {
        let Unmasked { associated, number_len } = self.unmask(packet)?;
        let mut sealed = plain.to_vec();
        let nonce = self.nonce(number).into();
        let octets = sealed.as_mut_slice().into();
        let tag = self.aead.encrypt_inout_detached(&nonce, &associated, octets).ok()?;
        let mut whole = associated.to_vec();
        whole.extend(sealed);
        whole.extend(tag);
        let (header, protected) = whole.split_at_mut_checked(packet.header.len())?;
        let [first_mask, number_mask @ ..] = self.mask(protected)?;
        *header.first_mut()? ^= first_mask & 0x0f;
        let number = protected.get_mut(..number_len)?;
        number.iter_mut().zip(number_mask).for_each(|(octet, mask)| *octet ^= mask);
        Some(whole)
    }

    /// Takes the header's protection off (RFC 9001 §5.4.1).
    fn unmask(&self, packet: &Initial<'_>) -> Option<Unmasked> {
        let [first_mask, number_mask @ ..] = self.mask(packet.protected)?;
        let (first, header) = packet.header.split_first()?;
        let first = first ^ (first_mask & 0x0f);
        let number_len = usize::from(first & 3) + 1;
        let mut associated = SmallVec::new();
        associated.push(first);
        associated.extend_from_slice(header);
        let number = packet.protected.get(..number_len)?;
        associated.extend(number.iter().zip(number_mask).map(|(octet, mask)| octet ^ mask));
        Some(Unmasked { associated, number_len })
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
