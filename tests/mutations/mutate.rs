//! One capture becomes another: octets and lengths are changed, moved, lost.

use crate::random::Random;

/// Numbers at which arithmetic on lengths goes wrong.
const LENGTHS: [u32; 14] =
    [0, 1, 3, 4, 11, 12, 20, 0x7f, 0xff, 0xffff, 262_144, 0x7fff_ffff, 0xffff_fff0, 0xffff_ffff];

/// A changed capture, decided by the seed and the number alone. Half of them keep their length, so
/// that most records stay where they are and the changes reach what is in the frames.
pub(crate) fn mutated(seeds: &[Vec<u8>], seed: u64, number: u64) -> Vec<u8> {
    let mut random = Random::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number);
    let mut capture = random.of(seeds).clone();
    let keeps_length = random.below(2) == 0;
    let changes = 1 + random.below(if keeps_length { 16 } else { 3 });
    for _ in 0..changes {
        if capture.is_empty() {
            break;
        }
        if keeps_length || random.below(2) == 0 {
            overwrite(&mut capture, seeds, &mut random);
        } else {
            resize(&mut capture, seeds, &mut random);
        }
    }
    capture
}

/// Where a change begins, and how many octets it is to cover.
fn place(capture: &[u8], random: &mut Random) -> (usize, usize) {
    let at = random.below(capture.len());
    let longest = (capture.len() - at).min(*random.of(&[1, 4, 64, 2048]));
    (at, 1 + random.below(longest))
}

/// Changes octets where they are.
fn overwrite(capture: &mut [u8], seeds: &[Vec<u8>], random: &mut Random) {
    let (at, len) = place(capture, random);
    match random.below(8) {
        0..=2 => capture[at] ^= 1 << random.below(8),
        3 => capture[at] = random.octet(),
        4 => capture[at..at + len].fill(*random.of(&[0, 0xff, b'A'])),
        5 => length(capture, at, random),
        // As if octets were missing, or too many, in the middle of a frame.
        6 => capture[at..at + len].rotate_left(random.below(len.min(8))),
        _ => {
            let other = random.of(seeds);
            let from = random.below(other.len().max(1));
            let piece = &other[from..other.len().min(from + len)];
            capture[at..at + piece.len()].copy_from_slice(piece);
        }
    }
}

/// Adds or takes octets away.
fn resize(capture: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let (at, len) = place(capture, random);
    match random.below(5) {
        0 => {
            let noise: Vec<u8> = (0..len).map(|_| random.octet()).collect();
            capture.splice(at..at, noise);
        }
        1 => drop(capture.drain(at..at + len)),
        2 => capture.truncate(at),
        3 => {
            let again = capture[at..at + len].to_vec();
            let to = random.below(capture.len() + 1);
            capture.splice(to..to, again);
        }
        _ => {
            // Another capture from somewhere on.
            let other = random.of(seeds);
            capture.truncate(at);
            capture.extend(&other[random.below(other.len().max(1))..]);
        }
    }
}

/// Overwrites a number of two or four octets: with one that is remarkable, or a little more or
/// less than there was.
fn length(capture: &mut [u8], at: usize, random: &mut Random) {
    let at = if random.below(2) == 0 { at } else { at / 4 * 4 };
    let Some(place) = capture.get_mut(at..at + 4) else { return };
    let was = u32::from_le_bytes([place[0], place[1], place[2], place[3]]);
    let by = u32::try_from(random.below(9)).unwrap_or_default();
    let number = match random.below(3) {
        0 => was.wrapping_add(by),
        1 => was.wrapping_sub(by),
        _ => *random.of(&LENGTHS),
    };
    match random.below(4) {
        0 => place.copy_from_slice(&number.to_be_bytes()),
        1 => place[..2].copy_from_slice(&number.to_be_bytes()[2..]),
        2 => place[..2].copy_from_slice(&number.to_le_bytes()[..2]),
        _ => place.copy_from_slice(&number.to_le_bytes()),
    }
}
