//! The suffixes of a name and their hashes, in one pass from the right.

use std::hash::{BuildHasher, RandomState};

use arrayvec::ArrayVec;

/// A suffix of a name, of whole labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Suffix {
    /// Where it begins in the name.
    pub(super) start: u8,
    /// How many labels it has.
    pub(super) labels: u8,
    pub(super) hash: u64,
}

/// So many labels have room in the longest name.
pub(super) const MOST_LABELS: usize = 127;

/// Hashes names label by label from the right: a suffix costs what its leftmost label costs.
///
/// Names come from the wire, so the two keys are drawn at random for each table: nobody can
/// choose names that meet in one bucket. What is found is compared as a whole nevertheless.
#[derive(Debug)]
pub(super) struct SuffixHasher {
    keys: [u64; 2],
}

impl Default for SuffixHasher {
    fn default() -> Self {
        let random = RandomState::new();
        Self { keys: [0, 1].map(|n| random.hash_one(n)) }
    }
}

impl SuffixHasher {
    /// The suffixes of `name` whose number of labels is a bit of `depths`, shortest first; none
    /// of a name that is longer than names can be (RFC 1035 §2.3.4). `each` sees every hash as
    /// soon as it is known.
    pub(super) fn suffixes(
        &self,
        name: &str,
        depths: u128,
        mut each: impl FnMut(u64),
    ) -> ArrayVec<Suffix, MOST_LABELS> {
        let mut suffixes = ArrayVec::new();
        let deepest = (u128::BITS - depths.leading_zeros()).saturating_sub(1);
        if deepest == 0 || name.len() > LONGEST_NAME {
            return suffixes;
        }
        let words = Words::of(name.as_bytes());
        let (mut hash, mut labels) = (self.keys[0], 0_u8);
        // The label that is being read ends here.
        let mut end = name.len();
        let mut take = |start: usize, end: usize| {
            hash = self.and_label(hash, &words, start, end);
            labels += 1;
            // Checked above: it has at most 253 octets, hence at most 254 labels.
            if depths >> (labels & 127) & 1 == 1
                && let Ok(start) = u8::try_from(start)
            {
                each(hash);
                suffixes.push(Suffix { start, labels, hash });
            }
            u32::from(labels) < deepest
        };
        let mut read = name.len();
        loop {
            let mut dots = equal_octets(words.before(read), b'.');
            while dots != 0 {
                let above = dots.leading_zeros();
                dots &= !(1 << (u128::BITS - 1 - above));
                let dot = read - 1 - (above / 8) as usize;
                if !take(dot + 1, end) {
                    return suffixes;
                }
                end = dot;
            }
            match read.checked_sub(WORD) {
                None | Some(0) => break,
                Some(rest) => read = rest,
            }
        }
        take(0, end);
        suffixes
    }

    /// The hash of a whole name.
    pub(super) fn hash(&self, name: &str) -> u64 {
        let words = Words::of(name.as_bytes());
        let mut end = name.len();
        let mut hash = self.keys[0];
        for label in name.rsplit('.') {
            let start = end.saturating_sub(label.len());
            hash = self.and_label(hash, &words, start, end);
            end = start.saturating_sub(1);
        }
        hash
    }

    /// The hash with one more label on the left, the name's octets from `start` to `end`: its
    /// length, then its octets in words of 16, the last one filled up with zeros.
    fn and_label(&self, hash: u64, words: &Words<'_>, start: usize, end: usize) -> u64 {
        let mut hash = hash ^ (end - start) as u64;
        let mut end = end;
        loop {
            let word = words.before(end);
            let left = end - start;
            if left >= WORD {
                hash = self.and_word(hash, word);
                end -= WORD;
                if left > WORD {
                    continue;
                }
                return hash;
            }
            // Octets of the label on the left do not count. An empty label: none do.
            let beyond = u32::try_from(8 * (WORD - left)).unwrap_or(u32::MAX);
            return self.and_word(hash, word.checked_shr(beyond).unwrap_or(0));
        }
    }

    /// A multiplication to 128 bits, folded (as wyhash and foldhash have it).
    #[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
    fn and_word(&self, hash: u64, word: u128) -> u64 {
        let low = word as u64 ^ hash;
        let high = (word >> 64) as u64 ^ self.keys[1];
        let product = u128::from(low) * u128::from(high);
        product as u64 ^ (product >> 64) as u64
    }
}

/// Octets read at once.
const WORD: usize = 16;
/// RFC 1035 §2.3.4, as text without the final dot.
const LONGEST_NAME: usize = 253;

/// A name as words that end anywhere, with zeros before its first octet.
struct Words<'n> {
    name: &'n [u8],
    /// Zeros, then the beginning of the name.
    head: [u8; 2 * WORD],
}

impl<'n> Words<'n> {
    fn of(name: &'n [u8]) -> Self {
        let mut head = [0; 2 * WORD];
        for (to, from) in head.iter_mut().skip(WORD).zip(name) {
            *to = *from;
        }
        Self { name, head }
    }

    /// The 16 octets before `end`, the last one uppermost.
    fn before(&self, end: usize) -> u128 {
        let word = match end.checked_sub(WORD) {
            Some(start) => self.name.get(start..end),
            None => self.head.get(end..end + WORD),
        };
        let word = word.and_then(|word| <[u8; WORD]>::try_from(word).ok());
        u128::from_le_bytes(word.unwrap_or_default())
    }
}

/// The upper bit of each octet of `word` that equals `octet`.
pub(super) fn equal_octets(word: u128, octet: u8) -> u128 {
    const ONES: u128 = u128::MAX / 255;
    const LOWER: u128 = ONES * 0x7f;
    let differs = word ^ (ONES * u128::from(octet));
    // No octet carries into the next: 0x7f and 0x7f make 0xfe.
    !(((differs & LOWER) + LOWER) | differs | LOWER)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANY: u128 = u128::MAX;

    fn starts(name: &str, depths: u128) -> Vec<(usize, usize)> {
        let suffixes = SuffixHasher::default().suffixes(name, depths, |_| ());
        suffixes.iter().map(|s| (s.start.into(), s.labels.into())).collect()
    }

    #[test]
    fn the_suffixes_are_those_of_whole_labels_that_were_asked_for() {
        assert_eq!(starts("a.bc.d", ANY), [(5, 1), (2, 2), (0, 3)]);
        assert_eq!(starts("a.bc.d", 1 << 2), [(2, 2)]);
        assert_eq!(starts("a.bc.d", 1 << 2 | 1), [(2, 2)]);
        assert_eq!(starts("a.bc.d", 0), []);
        assert_eq!(starts("a.bc.d", 1), []);
        assert_eq!(starts("", ANY), [(0, 1)]);
        assert_eq!(starts(".", ANY), [(1, 1), (0, 2)]);
        assert_eq!(starts(&"a".repeat(254), ANY), []);
        assert_eq!(starts(&"a.".repeat(126), ANY).len(), 127);
        // More labels than a name can have that is one.
        assert_eq!(starts(&".".repeat(253), ANY).len(), 127);
    }

    #[test]
    fn equal_octets_are_found_and_no_neighbours() {
        let word = u128::from_le_bytes(*b"..\xae/-.\0\xff.a..b..\x2d");
        let found = equal_octets(word, b'.').to_le_bytes().map(|o| o == 0x80);
        assert_eq!(found, word.to_le_bytes().map(|o| o == b'.'));
    }

    #[test]
    fn tables_do_not_share_their_keys() {
        assert_ne!(SuffixHasher::default().keys, SuffixHasher::default().keys);
    }

    /// A label's length is part of its hash: without it, a label of one octet before one of 16
    /// would be read in the same words as one label of 17.
    #[test]
    fn a_dot_between_whole_words_counts() {
        let hasher = SuffixHasher::default();
        for words in 1..4 {
            let long = "a".repeat(WORD * words);
            for left in ["x", "xy", long.as_str()] {
                let (two, one) = (format!("{left}.{long}"), format!("{left}{long}"));
                assert_ne!(hasher.hash(&two), hasher.hash(&one), "{two}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_suffix_has_the_hash_of_the_name_that_it_is(
            name in "[a-c.]{0,40}|([a-z0-9-]{1,40}\\.){1,6}[a-z]{2,20}",
        ) {
            let hasher = SuffixHasher::default();
            let mut seen = Vec::new();
            let suffixes = hasher.suffixes(&name, ANY, |hash| seen.push(hash));
            let split: Vec<usize> = std::iter::once(0)
                .chain(name.match_indices('.').map(|(at, _)| at + 1)).rev().collect();
            prop_assert_eq!(suffixes.iter().map(|s| s.hash).collect::<Vec<_>>(), seen);
            prop_assert_eq!(
                suffixes.iter().map(|s| usize::from(s.start)).collect::<Vec<_>>(), split);
            for suffix in suffixes {
                prop_assert_eq!(suffix.hash, hasher.hash(&name[usize::from(suffix.start)..]));
            }
        }

        #[test]
        fn different_names_have_different_hashes(a in "[ab.]{0,40}", b in "[ab.]{0,40}") {
            let hasher = SuffixHasher::default();
            prop_assert_eq!(a == b, hasher.hash(&a) == hasher.hash(&b));
        }
    }
}
