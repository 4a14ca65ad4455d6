//! A handshake message out of its fragments.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::record::Fragment;

/// The parts of one message. `have` are stretches in order that do not touch; where fragments
/// overlap, those that came first count.
#[derive(Debug)]
pub(super) struct Parts {
    sequence: u16,
    message: Vec<u8>,
    have: Vec<(usize, usize)>,
}

/// What a fragment led to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Joined {
    /// Others are missing.
    NeedMore,
    /// The message is whole.
    Whole,
    /// It does not belong to the message.
    Other,
    /// It is in too many pieces.
    Full,
}

impl Parts {
    /// Of the message that a fragment belongs to; none where that is too long.
    pub(super) fn of(fragment: &Fragment<'_>) -> Option<Self> {
        let fits = fragment.len <= LONGEST;
        fits.then(|| Self {
            sequence: fragment.sequence,
            message: vec![0; fragment.len],
            have: Vec::new(),
        })
    }

    /// Takes a fragment.
    pub(super) fn join(&mut self, fragment: &Fragment<'_>) -> Joined {
        if fragment.sequence != self.sequence || fragment.len != self.message.len() {
            return Joined::Other;
        }
        let (start, end) = (fragment.offset, fragment.offset + fragment.octets.len());
        if self.have.len() >= MOST_PIECES {
            return Joined::Full;
        }
        for (from, to) in self.missing(start, end) {
            let new = fragment.octets.get(from - start..to - start);
            if let (Some(place), Some(new)) = (self.message.get_mut(from..to), new) {
                place.copy_from_slice(new);
            }
        }
        self.note(start, end);
        if self.have.as_slice() == [(0, self.message.len())] {
            Joined::Whole
        } else {
            Joined::NeedMore
        }
    }

    /// The message, without its header; zeros where parts are missing.
    pub(super) fn message(&self) -> &[u8] {
        &self.message
    }

    /// Number of the message.
    pub(super) fn sequence(&self) -> u16 {
        self.sequence
    }

    /// Octets in use.
    pub(super) fn held(&self) -> usize {
        self.message.capacity() + self.have.capacity() * size_of::<(usize, usize)>()
    }

    /// The stretches between `start` and `end` that are not there.
    fn missing(&self, start: usize, end: usize) -> Vec<(usize, usize)> {
        let (mut missing, mut at) = (Vec::new(), start);
        for (from, to) in self.have.iter().copied().filter(|(from, to)| *to > start && *from < end)
        {
            if from > at {
                missing.push((at, from));
            }
            at = at.max(to);
        }
        if at < end {
            missing.push((at, end));
        }
        missing
    }

    /// Adds a stretch, joined with those that it touches.
    fn note(&mut self, mut start: usize, mut end: usize) {
        self.have.retain(|(from, to)| {
            let touches = *from <= end && *to >= start;
            if touches {
                (start, end) = (start.min(*from), end.max(*to));
            }
            !touches
        });
        let at = self.have.partition_point(|(from, _)| *from < start);
        self.have.insert(at, (start, end));
    }
}

/// Octets of the longest message.
const LONGEST: usize = 32 * 1024;
/// Stretches of it that wait for others.
const MOST_PIECES: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Joined, LONGEST, MOST_PIECES, Parts};
    use crate::name::dtls::record::Fragment;

    fn fragment(len: usize, offset: usize, octets: &[u8]) -> Fragment<'_> {
        Fragment { kind: 1, sequence: 0, len, offset, octets }
    }

    #[test]
    fn bounds_hold() {
        assert!(Parts::of(&fragment(LONGEST + 1, 0, b"")).is_none());
        let mut parts = Parts::of(&fragment(LONGEST, 0, b"")).unwrap();
        for at in 0..MOST_PIECES {
            assert_eq!(parts.join(&fragment(LONGEST, 2 * at, b"x")), Joined::NeedMore);
        }
        assert_eq!(parts.join(&fragment(LONGEST, 9000, b"x")), Joined::Full);
    }

    #[test]
    fn the_first_octets_count_where_fragments_overlap() {
        let mut parts = Parts::of(&fragment(6, 0, b"")).unwrap();
        assert_eq!(parts.join(&fragment(6, 2, b"cd")), Joined::NeedMore);
        assert_eq!(parts.join(&fragment(6, 0, b"abXXef")), Joined::Whole);
        assert_eq!(parts.message(), b"abcdef");
        assert_eq!(parts.join(&fragment(7, 0, b"a")), Joined::Other);
    }

    proptest! {
        #[test]
        fn fragments_in_any_order_make_the_message(
            message in prop::collection::vec(any::<u8>(), 1..60),
            ends in prop::collection::vec((0..60_usize, 0..60_usize), 0..30),
        ) {
            let len = message.len();
            let mut parts = Parts::of(&fragment(len, 0, b"")).unwrap();
            for (a, b) in ends {
                let (a, b) = (a.min(b).min(len), a.max(b).min(len));
                let joined = parts.join(&fragment(len, a, &message[a..b]));
                prop_assert_eq!(joined == Joined::Whole, parts.missing(0, len).is_empty());
                prop_assert!(parts.have.windows(2).all(|pair| pair[0].1 < pair[1].0));
            }
            let rest = [(0, len / 2), (len / 2, len)];
            let last = rest.map(|(a, b)| parts.join(&fragment(len, a, &message[a..b])));
            prop_assert_eq!(&last[1], &Joined::Whole);
            prop_assert_eq!(parts.message(), &message[..]);
        }
    }
}
