//! Frames of an Initial packet (RFC 9000 §12.4, §19).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::cursor::Cursor;
use super::version::Frames;

/// A CRYPTO frame: octets of the handshake and where they belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Crypto<'a> {
    pub(super) offset: u64,
    pub(super) octets: &'a [u8],
}

/// The CRYPTO frames of a packet, in the order in which they stand there. The first frame that
/// an Initial may not have, or that is broken, ends them: what stood before it counts.
#[derive(Debug)]
pub(super) struct CryptoFrames<'a> {
    cursor: Cursor<'a>,
    frames: Frames,
}

impl<'a> CryptoFrames<'a> {
    pub(super) fn of(plain: &'a [u8], frames: Frames) -> Self {
        Self { cursor: Cursor::new(plain), frames }
    }

    /// The next CRYPTO frame; other frames are passed over.
    fn step(&mut self) -> Option<Crypto<'a>> {
        loop {
            match self.cursor.u8()? {
                PADDING => {}
                kind if kind == self.frames.ping => {}
                kind if kind == self.frames.crypto => {
                    let offset = self.cursor.varint()?;
                    return Some(Crypto { offset, octets: self.cursor.counted()? });
                }
                ACK => acknowledgment(&mut self.cursor)?,
                ACK_ECN => {
                    acknowledgment(&mut self.cursor)?;
                    numbers(&mut self.cursor, 3)?;
                }
                CONNECTION_CLOSE => {
                    numbers(&mut self.cursor, 2)?;
                    self.cursor.counted()?;
                }
                _ => return None,
            }
        }
    }
}

impl<'a> Iterator for CryptoFrames<'a> {
    type Item = Crypto<'a>;

    fn next(&mut self) -> Option<Crypto<'a>> {
        let frame = self.step();
        if frame.is_none() {
            self.cursor = Cursor::new(&[]);
        }
        frame
    }
}

const PADDING: u8 = 0x00;
const ACK: u8 = 0x02;
const ACK_ECN: u8 = 0x03;
const CONNECTION_CLOSE: u8 = 0x1c;

/// Largest number, delay, first range, and as many pairs of gap and range as are announced.
fn acknowledgment(cursor: &mut Cursor<'_>) -> Option<()> {
    numbers(cursor, 2)?;
    let ranges = cursor.varint()?;
    numbers(cursor, ranges.checked_mul(2)?.checked_add(1)?)
}

/// Passes over variable-length integers; ends with the octets, however many are announced.
fn numbers(cursor: &mut Cursor<'_>, count: u64) -> Option<()> {
    (0..count).try_for_each(|_| cursor.varint().map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;

    use super::super::version::{GOOGLE_FRAMES, Version};

    const PING: u8 = 0x01;
    const CRYPTO: u8 = 0x06;

    #[test]
    fn googles_frames_have_other_numbers() {
        let plain = [PADDING, 7, 8, 0, 1, 5, 7];
        let found: Vec<_> = CryptoFrames::of(&plain, GOOGLE_FRAMES).collect();
        assert_eq!(found, [Crypto { offset: 0, octets: &[5] }]);
        assert!(frames(&plain).is_empty());
    }

    fn frames(plain: &[u8]) -> Vec<Crypto<'_>> {
        CryptoFrames::of(plain, Version::of(1).unwrap().frames).collect()
    }

    #[test]
    fn crypto_frames_are_found_between_all_other_frames() {
        let mut plain = vec![PADDING, PING, CRYPTO, 4, 2, 7, 8, ACK, 9, 1, 1, 0, 2, 3];
        plain.extend([ACK_ECN, 9, 1, 0, 0, 1, 2, 3, CRYPTO, 0, 1, 5]);
        plain.extend([CONNECTION_CLOSE, 1, 0, 2, b'n', b'o', PADDING, CRYPTO, 0x40, 9, 0]);
        let found = frames(&plain);
        let expected: [(u64, &[u8]); 3] = [(4, &[7, 8]), (0, &[5]), (9, &[])];
        assert_eq!(found.len(), expected.len());
        for (frame, (offset, octets)) in found.iter().zip(expected) {
            assert_eq!((frame.offset, frame.octets), (offset, octets));
        }
    }

    #[test]
    fn a_broken_tail_keeps_the_frames_before_it() {
        let plain = [CRYPTO, 0, 1, 5, CRYPTO, 1, 9, 5, 5];
        assert_eq!(frames(&plain).len(), 1);
        assert_eq!(frames(&[CRYPTO, 0, 1, 5, 0x08, CRYPTO, 1, 1, 5]).len(), 1);
    }

    #[test]
    fn an_acknowledgment_of_countless_ranges_ends() {
        let mut plain = vec![ACK, 0, 0];
        plain.extend([0xff; 8]);
        plain.extend([0; 40]);
        assert!(frames(&plain).is_empty());
    }
}
