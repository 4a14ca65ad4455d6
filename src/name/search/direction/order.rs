//! Segments in the order of the stream, and the holes between them.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::{Direction, Hearing, Origin, Outcome, Segment};
use crate::name::reassembly::{is_after, usize_of};
use crate::name::search::protocol::{Guess, guess};
use crate::name::search::reader::Reader;
use crate::name::search::seen::Seen;

impl Direction {
    /// Takes a segment in the order of capture.
    pub(in crate::name::search) fn segment(
        &mut self,
        segment: Segment<'_>,
        hearing: &mut Hearing<'_>,
    ) -> Outcome {
        if self.is_deaf() {
            return Outcome::Open;
        }
        if self.origin == Origin::Unseen {
            (self.origin, self.next) = (Origin::Midstream, segment.seq);
        }
        if matches!(self.reader, Reader::Adrift) {
            return self.adrift(segment, hearing);
        }
        if !is_after(segment.seq, self.next) {
            let outcome = self.deliver(segment, hearing);
            return self.drain(outcome, hearing);
        }
        let Segment { seq, octets, missing } = segment;
        if self.waiting.insert(self.next, seq, octets, missing).is_ok() {
            return Outcome::Open;
        }
        hearing.findings.given_up += 1;
        match self.give_up(hearing) {
            Outcome::Ended => Outcome::Ended,
            outcome => outcome.or(self.segment(segment, hearing)),
        }
    }

    /// The other side spoke: it may have answered what stands in the hole.
    pub(in crate::name::search) fn other_side_spoke(
        &mut self,
        hearing: &mut Hearing<'_>,
    ) -> Outcome {
        if self.waiting.is_empty() {
            return Outcome::Open;
        }
        self.patience = self.patience.saturating_add(1);
        if self.patience > PATIENCE { self.give_up(hearing) } else { Outcome::Open }
    }

    /// Takes the hole for lost and reads on after it.
    pub(in crate::name::search) fn give_up(&mut self, hearing: &mut Hearing<'_>) -> Outcome {
        let mut outcome = Outcome::Open;
        while let Some(first) = self.waiting.first_seq() {
            self.gap(first.wrapping_sub(self.next), hearing);
            self.next = first;
            outcome = self.drain(outcome, hearing);
            if outcome == Outcome::Ended {
                break;
            }
        }
        outcome
    }

    /// Reads what waited for its turn; once the place is lost, everything that waits.
    fn drain(&mut self, mut outcome: Outcome, hearing: &mut Hearing<'_>) -> Outcome {
        while outcome != Outcome::Ended {
            let is_adrift = matches!(self.reader, Reader::Adrift);
            let ready = if is_adrift {
                self.waiting.take_first()
            } else {
                self.waiting.take_ready(self.next)
            };
            let Some(ready) = ready else { break };
            let segment = Segment { seq: ready.seq, octets: &ready.octets, missing: ready.missing };
            let one = if is_adrift {
                self.adrift(segment, hearing)
            } else {
                self.deliver(segment, hearing)
            };
            outcome = outcome.or(one);
        }
        if self.waiting.is_empty() {
            self.patience = 0;
        }
        outcome
    }

    /// Reads a segment that starts at `next` or before, without what was read already.
    fn deliver(&mut self, segment: Segment<'_>, hearing: &mut Hearing<'_>) -> Outcome {
        let known = usize_of(self.next.wrapping_sub(segment.seq));
        let (new, missing) = match segment.octets.get(known..) {
            Some(new) => (new, segment.missing),
            None => (&[][..], segment.missing.saturating_sub(overhang(known, segment.octets))),
        };
        self.next = self.next.wrapping_add(u32_of(new.len()));
        let outcome = if new.is_empty() { Outcome::Open } else { self.hear(new, hearing) };
        if missing > 0 && outcome != Outcome::Ended {
            self.gap(missing, hearing);
            self.next = self.next.wrapping_add(missing);
        }
        outcome
    }

    /// Reads a segment on its own, if it is one to start with.
    fn adrift(&mut self, segment: Segment<'_>, hearing: &mut Hearing<'_>) -> Outcome {
        let guess = match guess(segment.octets) {
            // What stands before another protocol stands at the beginning of a connection.
            Guess::Unknown
            | Guess::Foreign
            | Guess::NeedMore
            | Guess::Prelude(_)
            | Guess::Dialog
            | Guess::Stun(_) => return Outcome::Open,
            guess => guess,
        };
        self.next = segment.seq;
        self.begin(guess, segment.octets, hearing).or(self.deliver(segment, hearing))
    }

    /// Octets that nobody saw follow.
    fn gap(&mut self, octets: u32, hearing: &mut Hearing<'_>) {
        let known = self.reader.skip(u64::from(octets));
        if !known {
            *hearing.seen |= Seen::HOLE;
            self.lose();
        }
    }
}

/// Octets that `known` reaches beyond the captured ones.
fn overhang(known: usize, octets: &[u8]) -> u32 {
    u32_of(known.saturating_sub(octets.len()))
}

/// The same number; payload is shorter than 2³².
fn u32_of(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// Pieces of the other side after which a hole is taken for lost.
const PATIENCE: u8 = 3;
