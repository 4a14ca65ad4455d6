//! What one side of a TCP connection says, in order.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod begin;
mod order;
mod told;

use super::Findings;
use super::reader::Reader;
use super::seen::Seen;
use crate::flow::Side;
use crate::name::reassembly::Waiting;

/// One direction of a connection: puts its segments in order and reads them.
///
/// What is read is contiguous: every octet before `next` was read, or its absence was told to
/// the reader. All that waits starts after `next`.
#[derive(Debug, Default)]
pub(super) struct Direction {
    /// Sequence number of the next octet in order.
    next: u32,
    origin: Origin,
    /// Pieces of the other side since a hole opened.
    patience: u8,
    /// Protocols that led to the present one.
    layers: u8,
    reader: Reader,
    waiting: Waiting,
}

/// Where reading started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Origin {
    /// Not yet.
    #[default]
    Unseen,
    /// After the SYN.
    Syn,
    /// At the first payload of the capture, or after a hole.
    Midstream,
}

/// A TCP segment's payload.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment<'a> {
    /// Sequence number of the first octet.
    pub(super) seq: u32,
    /// The octets that were captured.
    pub(super) octets: &'a [u8],
    /// Octets after them that were not.
    pub(super) missing: u32,
}

/// Where a direction puts what it finds.
#[derive(Debug)]
pub(super) struct Hearing<'a> {
    /// The side that speaks.
    pub(super) side: Side,
    /// The ports of the connection.
    pub(super) ports: (u16, u16),
    /// What was found.
    pub(super) findings: &'a mut Findings,
    /// What was met.
    pub(super) seen: &'a mut Seen,
}

/// Whether the search goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Further octets are wanted.
    Open,
    /// This side led to another protocol and named nobody: the other one may show a certificate.
    Led,
    /// This side asks: nothing is wanted from the other one.
    Asked,
    /// Nothing more is wanted from the flow.
    Ended,
}

impl Direction {
    /// The SYN: octets are counted from `seq` on.
    pub(super) fn start(&mut self, seq: u32) {
        if self.origin == Origin::Unseen {
            (self.origin, self.next) = (Origin::Syn, seq);
        }
    }

    /// The other side led to another protocol: behind what this one says to that, a ServerHello
    /// may stand at the beginning of a segment. A side that led somewhere itself is a client.
    fn await_hello(&mut self) {
        let is_free =
            matches!(self.reader, Reader::Deaf | Reader::Undecided(_) | Reader::Prelude(_));
        if !is_free || self.layers > 0 {
            return;
        }
        if self.is_deaf() {
            // Nobody counted its octets since it was not listened to: they are counted anew.
            self.origin = Origin::Unseen;
        }
        self.reader = Reader::Answers(0);
    }

    /// Does what the other side's words ask of this one.
    pub(super) fn heed(&mut self, others: Outcome) {
        match others {
            Outcome::Asked => self.deafen(),
            Outcome::Led => self.await_hello(),
            Outcome::Open | Outcome::Ended => {}
        }
    }

    /// Reads no more.
    fn deafen(&mut self) {
        self.reader = Reader::Deaf;
        self.waiting = Waiting::default();
    }

    /// Whether nothing will come from this side.
    pub(super) fn is_deaf(&self) -> bool {
        matches!(self.reader, Reader::Deaf)
    }

    /// Whether a certificate may come from this side.
    pub(super) fn may_certify(&self) -> bool {
        self.reader.may_certify()
    }

    /// Whether a message has begun whose end is missing.
    pub(super) fn is_unfinished(&self) -> bool {
        self.reader.is_unfinished() || !self.waiting.is_empty()
    }

    /// Octets in use.
    pub(super) fn held(&self) -> usize {
        self.reader.held() + self.waiting.held()
    }

    /// Reads octets in order.
    fn hear(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        match &mut self.reader {
            Reader::Undecided(_) => self.decide(octets, hearing),
            Reader::Hello(records) => {
                let read = records.read(octets);
                self.hello(read, hearing)
            }
            Reader::Prelude(_) => self.prelude(octets, hearing),
            Reader::Dialog(_) => self.dialog(octets, hearing),
            Reader::Answers(_) => self.answers(octets, hearing),
            Reader::Flight(flight) => {
                let read = flight.read(octets);
                self.flight(read, hearing)
            }
            Reader::Requests(_) => self.requests(octets, hearing),
            Reader::Frames(_) => self.frames(octets, hearing),
            Reader::Messages(_) => self.messages(octets, hearing),
            Reader::Stun(_) => self.stun(octets, hearing),
            Reader::Adrift | Reader::Deaf => Outcome::Open,
        }
    }
}

impl Outcome {
    /// The stronger of two.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Ended, _) | (_, Self::Ended) => Self::Ended,
            (Self::Asked, _) | (_, Self::Asked) => Self::Asked,
            (Self::Led, _) | (_, Self::Led) => Self::Led,
            (Self::Open, Self::Open) => Self::Open,
        }
    }
}
