//! FF1, the format-preserving encryption of NIST SP 800-38G: a word of so many symbols becomes
//! another word of as many of the same symbols, and only the key undoes it.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};

/// The function of one key over words of symbols `0..radix`.
pub(super) struct Ff1 {
    cipher: Aes128,
    radix: u8,
    tweak: Box<[u8]>,
}

/// Whether words are made or undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Hide,
    Reveal,
}

/// Rounds of the Feistel network (SP 800-38G §5.2, algorithm 7).
const ROUNDS: u8 = 10;

impl Ff1 {
    pub(super) fn new(key: &[u8; 16], radix: u8, tweak: &[u8]) -> Self {
        Self { cipher: Aes128::new(&(*key).into()), radix, tweak: tweak.into() }
    }

    /// The word that stands for `word`, which has at least two symbols, each below the radix. (Of
    /// less than a million words a table tells them apart: §5.2 wants more of them.)
    pub(super) fn turn(&self, word: &[u8], way: Way) -> Vec<u8> {
        let (mut left, mut right) = match word.split_at_checked(word.len() / 2) {
            Some((left, right)) => (left.to_vec(), right.to_vec()),
            None => return word.to_vec(),
        };
        let halves = [left.len(), right.len()];
        let octets = self.octets_of(halves[1]);
        for round in 0..ROUNDS {
            match way {
                Way::Hide => {
                    let added = self.round(round, word.len(), octets, &right);
                    self.add(&mut left, &added);
                    std::mem::swap(&mut left, &mut right);
                }
                Way::Reveal => {
                    let round = ROUNDS - 1 - round;
                    std::mem::swap(&mut left, &mut right);
                    let added = self.round(round, word.len(), octets, &right);
                    self.subtract(&mut left, &added);
                }
            }
        }
        left.extend(right);
        left
    }

    /// Octets that hold any number of so many digits: `b`.
    fn octets_of(&self, digits: usize) -> usize {
        self.number(&vec![self.radix - 1; digits]).len()
    }

    /// The round's function over one half: a number of `d` octets, as digits of the radix, the
    /// lowest first.
    fn round(&self, round: u8, len: usize, octets: usize, half: &[u8]) -> Vec<u8> {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_be_bytes();
        let mut input = vec![1, 2, 1, 0, 0, self.radix, ROUNDS];
        input.push(u8::try_from(len / 2 % 256).unwrap_or_default());
        input.extend(count(len));
        input.extend(count(self.tweak.len()));
        input.extend(&self.tweak);
        let filled = input.len() + octets + 1;
        input.resize(input.len() + (filled.next_multiple_of(16) - filled), 0);
        input.push(round);
        let number = self.number(half);
        input.resize(input.len() + (octets - number.len()), 0);
        input.extend(number);

        let mut mac = [0; 16];
        for block in input.as_chunks::<16>().0 {
            mac.iter_mut().zip(block).for_each(|(octet, more)| *octet ^= more);
            mac = self.block(mac);
        }
        let wanted = octets.next_multiple_of(4) + 4;
        let mut stream = mac.to_vec();
        for block in 1_u128.. {
            if stream.len() >= wanted {
                break;
            }
            stream.extend(self.block((u128::from_be_bytes(mac) ^ block).to_be_bytes()));
        }
        stream.truncate(wanted);
        self.digits(stream)
    }

    fn block(&self, octets: [u8; 16]) -> [u8; 16] {
        let mut block = octets.into();
        self.cipher.encrypt_block(&mut block);
        block.into()
    }

    /// A word as a number, the highest octet first, without leading zeros.
    fn number(&self, word: &[u8]) -> Vec<u8> {
        let mut number: Vec<u8> = Vec::new();
        for symbol in word {
            let mut carry = u16::from(*symbol);
            for octet in number.iter_mut().rev() {
                let [high, low] = (u16::from(*octet) * u16::from(self.radix) + carry).to_be_bytes();
                (*octet, carry) = (low, high.into());
            }
            if carry > 0 {
                number.insert(0, u8::try_from(carry).unwrap_or_default());
            }
        }
        number
    }

    /// A number, the highest octet first, as digits of the radix, the lowest first.
    fn digits(&self, mut number: Vec<u8>) -> Vec<u8> {
        let mut digits = Vec::new();
        while number.iter().any(|octet| *octet != 0) {
            let mut rest = 0;
            for octet in &mut number {
                let value = rest << 8 | u16::from(*octet);
                *octet = u8::try_from(value / u16::from(self.radix)).unwrap_or_default();
                rest = value % u16::from(self.radix);
            }
            digits.push(u8::try_from(rest).unwrap_or_default());
        }
        digits
    }

    /// Adds a number to a word, as far as the word has places.
    fn add(&self, word: &mut [u8], digits: &[u8]) {
        let mut carry = 0;
        let digits = digits.iter().copied().chain(std::iter::repeat(0));
        for (symbol, digit) in word.iter_mut().rev().zip(digits) {
            let sum = u16::from(*symbol) + u16::from(digit) + carry;
            carry = u16::from(sum >= self.radix.into());
            *symbol = u8::try_from(sum % u16::from(self.radix)).unwrap_or_default();
        }
    }

    /// Takes a number away from a word, as far as the word has places.
    fn subtract(&self, word: &mut [u8], digits: &[u8]) {
        let mut borrowed = 0;
        let digits = digits.iter().copied().chain(std::iter::repeat(0));
        for (symbol, digit) in word.iter_mut().rev().zip(digits) {
            let difference = i16::from(*symbol) - i16::from(digit) - borrowed;
            borrowed = i16::from(difference < 0);
            let left = difference.rem_euclid(self.radix.into());
            *symbol = u8::try_from(left).unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: [u8; 16] = [
        0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f,
        0x3c,
    ];

    fn word(text: &str) -> Vec<u8> {
        text.chars().map(|c| u8::try_from(c.to_digit(36).unwrap()).unwrap()).collect()
    }

    /// NIST's examples for FF1 with AES-128: samples 1 to 3.
    #[test]
    fn the_samples_of_nist_come_out() {
        for (radix, tweak, plain, hidden) in [
            (10, &b""[..], "0123456789", "2433477484"),
            (10, b"9876543210", "0123456789", "6124200773"),
            (36, b"7777pqrs777", "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
        ] {
            let ff1 = Ff1::new(&KEY, radix, tweak);
            assert_eq!(ff1.turn(&word(plain), Way::Hide), word(hidden), "{plain}");
            assert_eq!(ff1.turn(&word(hidden), Way::Reveal), word(plain), "{hidden}");
        }
    }

    proptest! {
        #[test]
        fn a_word_stays_of_its_length_and_can_be_undone(
            (radix, word) in (2_u8..=250).prop_flat_map(|radix| {
                (Just(radix), prop::collection::vec(0..radix, 2..80))
            }),
        ) {
            let ff1 = Ff1::new(&KEY, radix, b"t");
            let hidden = ff1.turn(&word, Way::Hide);
            prop_assert_eq!(hidden.len(), word.len());
            prop_assert!(hidden.iter().all(|symbol| *symbol < radix));
            prop_assert_eq!(ff1.turn(&hidden, Way::Reveal), word);
        }

        #[test]
        fn no_two_words_become_one(a in prop::collection::vec(0..5_u8, 3), b in prop::collection::vec(0..5_u8, 3)) {
            let ff1 = Ff1::new(&KEY, 5, b"");
            prop_assert_eq!(a == b, ff1.turn(&a, Way::Hide) == ff1.turn(&b, Way::Hide));
        }
    }
}
