//! TCP segments that arrived before their turn.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::collections::VecDeque;

/// Segments beyond a hole, in the order of the stream. They do not overlap: where two segments
/// cover the same octets, those that came first count.
///
/// A pointer in size: in most connections no segment ever waits.
#[derive(Debug, Default)]
pub(in crate::name) struct Waiting(Option<Box<Held>>);

#[derive(Debug, Default)]
struct Held {
    segments: VecDeque<Segment>,
    octets: usize,
}

/// Part of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::name) struct Segment {
    /// Sequence number of the first octet.
    pub(in crate::name) seq: u32,
    /// The octets.
    pub(in crate::name) octets: Box<[u8]>,
    /// Octets after them that were on the wire but are not in the capture.
    pub(in crate::name) missing: u32,
}

/// More segments wait than the bound allows.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::name) struct Full;

impl Waiting {
    /// Keeps those octets of a segment that no waiting one covers. `next` is the sequence number
    /// that the stream waits for; the segment starts less than 2³¹ after it.
    pub(in crate::name) fn insert(
        &mut self,
        next: u32,
        seq: u32,
        octets: &[u8],
        missing: u32,
    ) -> Result<(), Full> {
        let (mut at, mut rest) = (usize_of(seq.wrapping_sub(next)), octets);
        let waiting = self.0.get_or_insert_default();
        let mut index = 0;
        while let Some(held) = waiting.segments.get(index) {
            let start = usize_of(held.seq.wrapping_sub(next));
            let end = start + held.octets.len();
            if at < end {
                let (before, other) = split(rest, start.saturating_sub(at));
                index += usize::from(waiting.put(index, next, at, before, 0)?);
                at += before.len();
                let (covered, other) = split(other, end - at);
                (at, rest) = (at + covered.len(), other);
                if rest.is_empty() {
                    return Ok(());
                }
            }
            index += 1;
        }
        waiting.put(index, next, at, rest, missing).map(drop)
    }

    /// The first segment, when it starts at `next` or before.
    pub(in crate::name) fn take_ready(&mut self, next: u32) -> Option<Segment> {
        (!is_after(self.first_seq()?, next)).then(|| self.take_first()).flatten()
    }

    /// Sequence number of the first segment.
    pub(in crate::name) fn first_seq(&self) -> Option<u32> {
        self.0.as_ref()?.segments.front().map(|segment| segment.seq)
    }

    /// The first segment, whatever is missing before it.
    pub(in crate::name) fn take_first(&mut self) -> Option<Segment> {
        let held = self.0.as_mut()?;
        let segment = held.segments.pop_front()?;
        held.octets = held.octets.saturating_sub(segment.octets.len());
        Some(segment)
    }

    /// Whether nothing waits.
    pub(in crate::name) fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|held| held.segments.is_empty())
    }

    /// Octets in use, those for the bookkeeping included.
    pub(in crate::name) fn held(&self) -> usize {
        let octets = |held: &Held| held.octets + held.segments.capacity() * size_of::<Segment>();
        self.0.as_deref().map_or(0, octets)
    }
}

impl Held {
    /// Puts octets at `index`, unless there are none; whether it did.
    fn put(
        &mut self,
        index: usize,
        next: u32,
        at: usize,
        octets: &[u8],
        missing: u32,
    ) -> Result<bool, Full> {
        if octets.is_empty() && missing == 0 {
            return Ok(false);
        }
        if self.segments.len() >= MOST_SEGMENTS {
            return Err(Full);
        }
        let at = u32::try_from(at).map_err(|_| Full)?;
        let seq = next.wrapping_add(at);
        self.segments.insert(index, Segment { seq, octets: octets.into(), missing });
        self.octets += octets.len();
        Ok(true)
    }
}

/// Whether sequence number `a` comes after `b` (RFC 9293 §3.4: modulo 2³²).
pub(in crate::name) fn is_after(a: u32, b: u32) -> bool {
    let distance = a.wrapping_sub(b);
    distance != 0 && distance < 1 << 31
}

/// As many octets as there are, at most `at`, and the rest.
fn split(octets: &[u8], at: usize) -> (&[u8], &[u8]) {
    octets.split_at_checked(at).unwrap_or((octets, &[]))
}

/// The same number.
pub(in crate::name) fn usize_of(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Segments that may wait in one direction of one flow: insertion is linear in them.
const MOST_SEGMENTS: usize = 128;

#[cfg(test)]
mod tests {
    use super::{Full, MOST_SEGMENTS, Waiting, is_after};

    /// Everything that waits, read from `next` on: octets with their sequence numbers.
    fn drain(mut waiting: Waiting) -> Vec<(u32, Vec<u8>)> {
        let mut all = Vec::new();
        while let Some(segment) = waiting.take_first() {
            all.push((segment.seq, segment.octets.to_vec()));
        }
        assert_eq!(waiting.0.map_or(0, |held| held.octets), 0);
        all
    }

    #[test]
    fn segments_come_back_in_the_order_of_the_stream() {
        let mut waiting = Waiting::default();
        let next = u32::MAX - 5;
        waiting.insert(next, 10, b"late", 0).unwrap();
        waiting.insert(next, u32::MAX - 1, b"ab", 0).unwrap();
        waiting.insert(next, 2, b"wrapped", 0).unwrap();
        assert!(waiting.take_ready(next).is_none());
        assert_eq!(waiting.first_seq(), Some(u32::MAX - 1));
        let order = drain(waiting);
        assert_eq!(
            order,
            [(u32::MAX - 1, b"ab".to_vec()), (2, b"wrapped".to_vec()), (10, b"late".to_vec())]
        );
    }

    #[test]
    fn the_first_octets_win_where_segments_overlap() {
        let mut waiting = Waiting::default();
        waiting.insert(0, 10, b"BBB", 0).unwrap();
        waiting.insert(0, 20, b"DDD", 0).unwrap();
        waiting.insert(0, 8, b"aaaaaaaaaaaaaaaaaaaa", 0).unwrap();
        let order = drain(waiting);
        let text: Vec<u8> = order.iter().flat_map(|(_, octets)| octets.clone()).collect();
        assert_eq!(text, b"aaBBBaaaaaaaDDDaaaaa");
        assert_eq!(order.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [8, 10, 13, 20, 23]);
    }

    #[test]
    fn a_copy_takes_no_room() {
        let mut waiting = Waiting::default();
        waiting.insert(0, 5, b"abc", 0).unwrap();
        let held = waiting.held();
        waiting.insert(0, 5, b"xyz", 0).unwrap();
        waiting.insert(0, 6, b"y", 0).unwrap();
        assert_eq!(waiting.held(), held);
        assert_eq!(drain(waiting), [(5, b"abc".to_vec())]);
    }

    #[test]
    fn the_number_of_segments_is_bounded() {
        let mut waiting = Waiting::default();
        for at in 0..MOST_SEGMENTS {
            waiting.insert(0, 2 * u32::try_from(at).unwrap() + 1, b"x", 0).unwrap();
        }
        assert_eq!(waiting.insert(0, 5000, b"x", 0), Err(Full));
    }

    #[test]
    fn sequence_numbers_wrap() {
        assert!(is_after(0, u32::MAX));
        assert!(!is_after(u32::MAX, 0));
        assert!(!is_after(7, 7));
    }
}
