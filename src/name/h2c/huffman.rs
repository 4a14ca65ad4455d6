//! The Huffman code of HPACK (RFC 7541 §5.2, Appendix B).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::sync::LazyLock;

/// The octets that a code stands for; none where it holds the end-of-string symbol, or ends with
/// other padding than up to seven ones.
pub(super) fn decode(coded: &[u8]) -> Option<Vec<u8>> {
    let code = &*CODE;
    // No symbol is shorter than five bits.
    let mut octets = Vec::with_capacity(coded.len() * 8 / 5);
    let (mut bits, mut len) = (0_u32, 0_usize);
    for octet in coded {
        for shift in (0..8).rev() {
            bits = bits << 1 | u32::from(octet >> shift & 1);
            len += 1;
            if let Some(symbol) = code.symbol(bits, len) {
                octets.push(u8::try_from(symbol).ok()?);
                (bits, len) = (0, 0);
            } else if len >= BITS {
                return None;
            }
        }
    }
    let ones = (1_u32 << len) - 1;
    (len < 8 && bits == ones).then_some(octets)
}

/// The code is canonical: codes of one length follow each other in the order of their symbols,
/// and begin where those of the length before ended. So the lengths tell it all.
struct Code {
    /// Of each length: its first code, and the place of that code's symbol in `symbols`.
    first: [(u32, usize); BITS + 2],
    symbols: Vec<u16>,
}

impl Code {
    fn symbol(&self, bits: u32, len: usize) -> Option<u16> {
        let (first, at) = *self.first.get(len)?;
        let (_, end) = *self.first.get(len + 1)?;
        let distance = usize::try_from(bits.checked_sub(first)?).ok()?;
        let place = at.checked_add(distance)?;
        if place < end { self.symbols.get(place).copied() } else { None }
    }
}

static CODE: LazyLock<Code> = LazyLock::new(|| {
    let mut first = [(0, 0); BITS + 2];
    let mut symbols = Vec::with_capacity(LENGTHS.len());
    let mut next = 0;
    for (len, start) in first.iter_mut().enumerate() {
        next <<= 1;
        *start = (next, symbols.len());
        let of_len = (0_u16..).zip(LENGTHS).filter(|(_, other)| usize::from(*other) == len);
        let before = symbols.len();
        symbols.extend(of_len.map(|(symbol, _)| symbol));
        next += u32::try_from(symbols.len() - before).unwrap_or_default();
    }
    Code { first, symbols }
});

/// Bits of the longest code.
const BITS: usize = 30;
/// Bits of each octet's code, and of the end of a string (RFC 7541 Appendix B).
#[rustfmt::skip]
const LENGTHS: [u8; 257] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28,
    28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
    5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7,
    7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7,
    7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21,
    23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24,
    21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];

#[cfg(test)]
mod tests {
    use super::{LENGTHS, decode};

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap())
            .collect()
    }

    #[test]
    fn the_examples_of_rfc_7541_c_4_and_c_6_are_read() {
        for (coded, text) in [
            ("f1e3 c2e5 f23a 6ba0 ab90 f4ff", "www.example.com"),
            ("a8eb 1064 9cbf", "no-cache"),
            ("25a8 49e9 5ba9 7d7f", "custom-key"),
            ("25a8 49e9 5bb8 e8b4 bf", "custom-value"),
            (
                "d07a be94 1054 d444 a820 0595 040b 8166 e082 a62d 1bff",
                "Mon, 21 Oct 2013 20:13:21 GMT",
            ),
            ("9d29 ad17 1863 c78f 0b97 c8e9 ae82 ae43 d3", "https://www.example.com"),
            (
                "94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
                "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
            ),
        ] {
            assert_eq!(decode(&hex(coded)).as_deref(), Some(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn the_code_is_complete() {
        // Kraft's sum: every row of bits is the beginning of a code or of what codes begin with.
        let sum: u64 = LENGTHS.iter().map(|len| 1 << (30 - len)).sum();
        assert_eq!(sum, 1 << 30);
    }

    #[test]
    fn padding_is_up_to_seven_ones() {
        assert_eq!(decode(b""), Some(vec![]));
        assert_eq!(decode(&hex("1f")), Some(b"a".to_vec()));
        assert_eq!(decode(&hex("18")), None);
        assert_eq!(decode(&hex("1fff")), None);
        assert_eq!(decode(&hex("ffff fffc")), None);
    }
}
