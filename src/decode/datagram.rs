//! One datagram, put together from its fragments.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::cursor::Cursor;
use super::fragment::Piece;

/// Octets of the longest datagram (RFC 791 §3.1; jumbograms are never fragmented, RFC 2675 §3).
const MAX_LEN: usize = 65_535;
/// Holes between fragments that are kept track of; in order there is none.
const MAX_RANGES: usize = 32;

/// The octets that have come, and where.
///
/// `ranges` are the places that are filled, in order, apart from each other, all below
/// `octets.len()`.
#[derive(Debug, Default)]
pub(super) struct Datagram {
    octets: Octets,
    ranges: Vec<(usize, usize)>,
    /// Where the datagram ends, once its last fragment was seen.
    end: Option<usize>,
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    /// Completed and handed out.
    Done,
    /// It will never be whole: cut by the capture, overlapping, or beyond a bound.
    Lost,
}

/// What became of a fragment.
#[derive(Debug)]
pub(super) enum Fit {
    /// The datagram is not whole.
    Waits,
    /// It does not fit into a datagram's bounds.
    TooMuch,
    /// It says something else of octets that came before: the datagram is refused.
    Overlaps,
    /// The datagram's payload.
    Whole(Vec<u8>),
}

impl Datagram {
    /// Octets of memory.
    pub(super) fn held(&self) -> usize {
        self.octets.len()
    }

    /// Whether it was handed out.
    pub(super) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Puts a fragment in its place. A datagram whose fragments overlap is refused: RFC 5722 §4
    /// asks for it in IPv6, and in IPv4 no two systems agree which octets count, so that a name
    /// in it might be one that nobody sent. An exact repetition is passed over.
    pub(super) fn add(&mut self, piece: Piece, cursor: Cursor<'_>) -> Fit {
        if self.state != State::Open {
            return Fit::Waits;
        }
        let octets = cursor.rest();
        let start = usize::from(piece.offset);
        let end = start + octets.len();
        if usize::try_from(cursor.wire()).is_ok_and(|wire| wire > octets.len()) {
            return self.lose(Fit::Waits);
        }
        if end > MAX_LEN || (self.ranges.len() >= MAX_RANGES && self.is_apart(start, end)) {
            return self.lose(Fit::TooMuch);
        }
        if self.overlaps(start, end) {
            let repeated = self.octets.has(start, octets) && self.is_filled(start, end);
            return if repeated { Fit::Waits } else { self.lose(Fit::Overlaps) };
        }
        if !piece.more {
            self.end = self.end.or(Some(end));
        }
        if self.end.is_some_and(|last| end.max(self.octets.len()) > last) {
            return self.lose(Fit::Overlaps);
        }
        self.fill(start, octets);
        self.complete()
    }

    fn lose(&mut self, fit: Fit) -> Fit {
        *self = Self { state: State::Lost, ..Self::default() };
        fit
    }

    fn complete(&mut self) -> Fit {
        match (self.end, self.ranges.first()) {
            (Some(end), Some(&(0, filled))) if filled >= end => {
                let octets = self.octets.first(end);
                *self = Self { state: State::Done, ..Self::default() };
                Fit::Whole(octets)
            }
            _ => Fit::Waits,
        }
    }

    fn is_apart(&self, start: usize, end: usize) -> bool {
        self.ranges.iter().all(|&(from, to)| end < from || start > to)
    }

    fn overlaps(&self, start: usize, end: usize) -> bool {
        self.ranges.iter().any(|&(from, to)| start < to && from < end)
    }

    fn is_filled(&self, start: usize, end: usize) -> bool {
        self.ranges.iter().any(|&(from, to)| from <= start && end <= to)
    }

    /// Copies octets that no earlier fragment has brought, and joins the ranges.
    fn fill(&mut self, start: usize, octets: &[u8]) {
        let end = start + octets.len();
        self.octets.put(start, octets);
        self.ranges.push((start, end));
        self.ranges.sort_unstable();
        self.ranges.dedup_by(|next, last| {
            let joined = next.0 <= last.1;
            if joined {
                last.1 = last.1.max(next.1);
            }
            joined
        });
    }
}

/// The octets of a datagram, in chunks of which those exist that hold any: growing moves none,
/// and all chunks are of one size, so that those of one datagram make room for the next.
#[derive(Debug, Default)]
struct Octets {
    chunks: Vec<Option<Box<[u8; CHUNK]>>>,
    /// Where the last octet ends that was put.
    len: usize,
}

/// Octets of a chunk: room for an Ethernet frame's.
const CHUNK: usize = 2048;

impl Octets {
    fn len(&self) -> usize {
        self.len
    }

    /// Puts octets in their place.
    fn put(&mut self, start: usize, octets: &[u8]) {
        let end = start + octets.len();
        self.len = self.len.max(end);
        if self.chunks.len() < end.div_ceil(CHUNK) {
            self.chunks.resize_with(end.div_ceil(CHUNK), || None);
        }
        for (chunk, at, part) in parts(start, octets) {
            let Some(chunk) = self.chunks.get_mut(chunk) else { continue };
            let chunk = chunk.get_or_insert_with(|| Box::new([0; CHUNK]));
            if let Some(place) = chunk.get_mut(at..at + part.len()) {
                place.copy_from_slice(part);
            }
        }
    }

    /// Whether these octets stand there.
    fn has(&self, start: usize, octets: &[u8]) -> bool {
        parts(start, octets).all(|(chunk, at, part)| {
            let chunk = self.chunks.get(chunk).and_then(Option::as_ref);
            chunk.and_then(|chunk| chunk.get(at..at + part.len())) == Some(part)
        })
    }

    /// The octets up to `end`.
    fn first(&self, end: usize) -> Vec<u8> {
        let mut octets = Vec::with_capacity(end);
        for chunk in self.chunks.iter().flatten() {
            let left = end - octets.len();
            octets.extend_from_slice(chunk.get(..left).unwrap_or(&chunk[..]));
        }
        octets
    }
}

/// The parts of octets that begin at `start`, by chunk: its number, where in it, and what.
fn parts(start: usize, octets: &[u8]) -> impl Iterator<Item = (usize, usize, &[u8])> {
    let (mut at, mut rest) = (start, octets);
    std::iter::from_fn(move || {
        let place = at % CHUNK;
        let (part, behind) = rest.split_at_checked(CHUNK - place).unwrap_or((rest, &[]));
        let chunk = at / CHUNK;
        (at, rest) = (at + part.len(), behind);
        (!part.is_empty()).then_some((chunk, place, part))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Octets;

    proptest! {
        #[test]
        fn octets_in_chunks_are_those_that_were_put(
            len in 1usize..20_000,
            cuts in prop::collection::vec(0usize..20_000, 0..12),
            first in 0usize..12,
        ) {
            let all: Vec<u8> = (0..=250).cycle().take(len).collect();
            let mut cuts: Vec<usize> = cuts.into_iter().filter(|cut| *cut < len).collect();
            cuts.extend([0, len]);
            cuts.sort_unstable();
            let mut pieces: Vec<_> = cuts.windows(2).map(|cut| cut[0]..cut[1]).collect();
            let turn = first % pieces.len();
            pieces.rotate_left(turn);
            let mut octets = Octets::default();
            for piece in &pieces {
                octets.put(piece.start, &all[piece.clone()]);
                prop_assert!(octets.has(piece.start, &all[piece.clone()]));
            }
            prop_assert_eq!(octets.len(), len);
            prop_assert_eq!(&octets.first(len), &all);
            prop_assert_eq!(&octets.first(len / 2), &all[..len / 2]);
            let mut other = all;
            other[len / 2] ^= 1;
            prop_assert!(!octets.has(0, &other));
        }
    }
}
