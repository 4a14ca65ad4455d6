//! The search in a TCP connection.

use super::direction::{Direction, Hearing, Outcome, Segment};
use super::seen::Seen;
use super::{Budget, Findings, Piece};
use crate::flow::{FlowFlags, Side};
use crate::name::Without;

/// Both directions of a connection, from the first payload on.
#[derive(Debug, Default)]
pub(super) struct Stream {
    directions: [Direction; 2],
    seen: Seen,
    /// Whether a SYN was seen, from either side.
    beginning: Beginning,
    /// Octets that the budget was told of.
    charged: usize,
}

/// Whether the capture holds a connection's beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Beginning {
    #[default]
    Missing,
    Captured,
}

/// What the SYNs of a connection said.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Opened {
    /// Sequence number of the first payload octet, by side.
    next: [u32; 2],
    /// Whether there was a SYN, by side.
    syn: [bool; 2],
}

impl Opened {
    /// Notes a SYN.
    pub(super) fn start(&mut self, side: Side, seq: u32) {
        let [low, high] = &mut self.next;
        let [low_syn, high_syn] = &mut self.syn;
        match side {
            Side::Low => (*low, *low_syn) = (seq, true),
            Side::High => (*high, *high_syn) = (seq, true),
        }
    }
}

impl From<Opened> for Stream {
    fn from(opened: Opened) -> Self {
        let mut stream = Self::default();
        for ((direction, next), syn) in
            stream.directions.iter_mut().zip(opened.next).zip(opened.syn)
        {
            if syn {
                direction.start(next);
                stream.beginning = Beginning::Captured;
            }
        }
        stream
    }
}

impl Stream {
    /// Notes a SYN.
    pub(super) fn start(&mut self, side: Side, seq: u32) {
        self.beginning = Beginning::Captured;
        self.both(side).0.start(seq);
    }

    /// Takes a segment with payload; whether further ones are wanted.
    pub(super) fn segment(
        &mut self,
        seq: u32,
        piece: &Piece<'_>,
        findings: &mut Findings,
        budget: &mut Budget,
    ) -> Result<(), Without> {
        let captured = u32::try_from(piece.payload.len()).unwrap_or(u32::MAX);
        let missing = piece.wire_len.saturating_sub(captured);
        let segment = Segment { seq, octets: piece.payload, missing };
        let mut seen = self.seen;
        seen |= Seen::PAYLOAD;
        if self.beginning == Beginning::Missing {
            seen |= Seen::MIDSTREAM;
        }
        let (mine, other) = self.both(piece.side);
        let mut hearing =
            Hearing { side: piece.side, ports: piece.ports, findings, seen: &mut seen };
        let mut outcome = mine.segment(segment, &mut hearing);
        other.heed(outcome);
        hearing.side = piece.side.other();
        let others = other.other_side_spoke(&mut hearing);
        mine.heed(others);
        outcome = outcome.or(others);
        self.seen = seen;
        self.settle(outcome, findings, budget)
    }

    /// FIN or RST without payload: holes will not be filled any more.
    pub(super) fn finish(
        &mut self,
        piece: &Piece<'_>,
        findings: &mut Findings,
        budget: &mut Budget,
    ) -> Result<(), Without> {
        let mut outcome = Outcome::Open;
        for side in [Side::Low, Side::High] {
            let mut seen = self.seen;
            let (mine, other) = self.both(side);
            let mut hearing = Hearing { side, ports: piece.ports, findings, seen: &mut seen };
            let one = mine.give_up(&mut hearing);
            other.heed(one);
            outcome = outcome.or(one);
            self.seen = seen;
        }
        self.settle(outcome, findings, budget)
    }

    /// Why there is no name so far.
    pub(super) fn without(&self) -> Without {
        let mut seen = self.seen;
        if self.directions.iter().any(Direction::is_unfinished) {
            seen |= Seen::UNFINISHED;
        }
        seen.without()
    }

    /// Gives the octets back.
    pub(super) fn close(&self, budget: &mut Budget) {
        budget.used = budget.used.saturating_sub(self.charged);
    }

    /// The direction of `side`, and the other one.
    fn both(&mut self, side: Side) -> (&mut Direction, &mut Direction) {
        let [low, high] = &mut self.directions;
        match side {
            Side::Low => (low, high),
            Side::High => (high, low),
        }
    }

    /// Charges the budget for what is held; ends the search where that is too much.
    fn settle(
        &mut self,
        outcome: Outcome,
        findings: &mut Findings,
        budget: &mut Budget,
    ) -> Result<(), Without> {
        budget.hits += std::mem::take(&mut findings.given_up);
        let is_nameless = self.seen.has(Seen::NAMELESS);
        let is_over = |direction: &Direction| {
            direction.is_deaf() || (is_nameless && !direction.may_certify())
        };
        if outcome == Outcome::Ended || self.directions.iter().all(is_over) {
            return Err(self.end(findings, budget));
        }
        let held = self.directions.iter().map(Direction::held);
        let (total, most) = held.fold((0, 0), |(sum, most), held| (sum + held, most.max(held)));
        let used = budget.used.saturating_sub(self.charged) + total;
        if most > MOST_HELD || (used > budget.limit && total > self.charged) {
            self.seen |= Seen::BOUND;
            return Err(self.end(findings, budget));
        }
        (budget.used, self.charged) = (used, total);
        Ok(())
    }

    fn end(&mut self, findings: &mut Findings, budget: &mut Budget) -> Without {
        if self.seen.has(Seen::BOUND) {
            budget.hits += 1;
            findings.flags |= FlowFlags::BOUND;
        }
        self.close(budget);
        self.without()
    }
}

/// Octets that one direction may hold: a head of a request, a `ClientHello` over four of the
/// longest records, or a DNS message, with what waits beyond a hole.
pub(super) const MOST_HELD: usize = 96 * 1024;
