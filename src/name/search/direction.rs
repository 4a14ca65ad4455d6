//! What one side of a TCP connection says, in order.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::Findings;
use super::messages::{Framed, Messages};
use super::protocol::{Guess, guess};
use super::reader::Reader;
use super::report::{DnsPort, dns_port};
use super::seen::Seen;
use crate::flow::Side;
use crate::name::Via;
use crate::name::dns::Strictness;
use crate::name::http::{Told, starts_request};
use crate::name::reassembly::{Waiting, is_after, usize_of};
use crate::name::tls::client_hello::HelloRead;
use crate::name::tls::record::HelloRecords;

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

    /// Takes a segment in the order of capture.
    pub(super) fn segment(&mut self, segment: Segment<'_>, hearing: &mut Hearing<'_>) -> Outcome {
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
    pub(super) fn other_side_spoke(&mut self, hearing: &mut Hearing<'_>) -> Outcome {
        if self.waiting.is_empty() {
            return Outcome::Open;
        }
        self.patience = self.patience.saturating_add(1);
        if self.patience > PATIENCE { self.give_up(hearing) } else { Outcome::Open }
    }

    /// Takes the hole for lost and reads on after it.
    pub(super) fn give_up(&mut self, hearing: &mut Hearing<'_>) -> Outcome {
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

    /// Reads no more.
    pub(super) fn deafen(&mut self) {
        self.reader = Reader::Deaf;
        self.waiting = Waiting::default();
    }

    /// Whether nothing will come from this side.
    pub(super) fn is_deaf(&self) -> bool {
        matches!(self.reader, Reader::Deaf)
    }

    /// Whether a message has begun whose end is missing.
    pub(super) fn is_unfinished(&self) -> bool {
        self.reader.is_unfinished() || !self.waiting.is_empty()
    }

    /// Octets in use.
    pub(super) fn held(&self) -> usize {
        self.reader.held() + self.waiting.held()
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
            Guess::Request if starts_request(segment.octets) != Some(true) => return Outcome::Open,
            Guess::Unknown | Guess::NeedMore => return Outcome::Open,
            guess => guess,
        };
        self.next = segment.seq;
        self.begin(guess, hearing).or(self.deliver(segment, hearing))
    }

    /// Octets that nobody saw follow.
    fn gap(&mut self, octets: u32, hearing: &mut Hearing<'_>) {
        let known = self.reader.skip(u64::from(octets));
        if !known {
            *hearing.seen |= Seen::HOLE;
            self.lose();
        }
    }

    /// Reads octets in order.
    fn hear(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        match &mut self.reader {
            Reader::Undecided(_) => self.decide(octets, hearing),
            Reader::Hello(records) => {
                let read = records.read(octets);
                self.hello(read, hearing)
            }
            Reader::Requests(_) => self.requests(octets, hearing),
            Reader::Messages(_) => self.messages(octets, hearing),
            Reader::Adrift | Reader::Deaf => Outcome::Open,
        }
    }

    /// Chooses the reader by the first octets.
    fn decide(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        let Reader::Undecided(first) = &mut self.reader else { return Outcome::Open };
        let (added, rest) = octets.split_at(octets.len().min(first.remaining_capacity()));
        let chosen = if first.is_empty() {
            guess(octets)
        } else {
            first.extend(added.iter().copied());
            guess(first)
        };
        if chosen == Guess::NeedMore {
            if first.is_empty() {
                first.extend(added.iter().copied());
            }
            return if rest.is_empty() { Outcome::Open } else { self.unknown(hearing) };
        }
        let first = first.take();
        let outcome = self.begin(chosen, hearing);
        if outcome == Outcome::Ended {
            return outcome;
        }
        if first.is_empty() {
            return self.hear(octets, hearing).or(outcome);
        }
        match self.hear(&first, hearing).or(outcome) {
            Outcome::Ended => Outcome::Ended,
            outcome if rest.is_empty() => outcome,
            outcome => self.hear(rest, hearing).or(outcome),
        }
    }

    /// Starts the reader that a guess calls for.
    fn begin(&mut self, guess: Guess, hearing: &mut Hearing<'_>) -> Outcome {
        match guess {
            Guess::Hello => self.reader = Reader::Hello(HelloRecords::default()),
            Guess::Request => self.reader = Reader::Requests(Box::default()),
            Guess::Answer => {
                *hearing.seen |= Seen::ANSWER;
                self.deafen();
            }
            // Both sides have said hello before: nothing that follows can be read.
            Guess::Encrypted if self.origin == Origin::Midstream => return Outcome::Ended,
            Guess::Dns | Guess::Unknown if let Some(strictness) = strictness(guess, hearing) => {
                self.reader = Reader::Messages(Messages::new(strictness));
            }
            Guess::Dns | Guess::Encrypted | Guess::Unknown | Guess::NeedMore => {
                return self.unknown(hearing);
            }
        }
        Outcome::Open
    }

    fn hello(&mut self, read: HelloRead, hearing: &mut Hearing<'_>) -> Outcome {
        match read {
            HelloRead::NeedMore => Outcome::Open,
            HelloRead::Hello(facts) => {
                *hearing.seen |= Seen::ASKED;
                hearing.findings.hello(facts, hearing.side, Via::TlsSni);
                hearing.findings.hello_to(hearing.ports);
                Outcome::Ended
            }
            HelloRead::NotAHello => self.unknown(hearing),
        }
    }

    fn requests(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        let Reader::Requests(requests) = &mut self.reader else { return Outcome::Open };
        let (mut rest, mut outcome) = (octets, Outcome::Open);
        loop {
            match requests.read(&mut rest) {
                Told::Request(host) => {
                    *hearing.seen |= Seen::ASKED;
                    hearing.findings.client = Some(hearing.side);
                    if let Some(name) = host {
                        hearing.findings.name(name, Via::HttpHost);
                    }
                    outcome = Outcome::Asked;
                }
                Told::NeedMore => return outcome,
                Told::NotHttp => return self.unknown(hearing),
                Told::Lost => {
                    self.lose();
                    return outcome;
                }
                Told::Left => {
                    *hearing.seen |= Seen::ASKED;
                    hearing.findings.client = Some(hearing.side);
                    return Outcome::Ended;
                }
                Told::TooLong => {
                    *hearing.seen |= Seen::BOUND;
                    return Outcome::Ended;
                }
            }
        }
    }

    fn messages(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        let Reader::Messages(messages) = &mut self.reader else { return Outcome::Open };
        let mut rest = octets;
        loop {
            match messages.read(&mut rest) {
                Framed::Message(message) => {
                    *hearing.seen |= Seen::DNS;
                    hearing.findings.dns(message, hearing.side);
                }
                Framed::NeedMore => return Outcome::Open,
                Framed::NotDns => return self.unknown(hearing),
                Framed::Lost => {
                    self.lose();
                    return Outcome::Open;
                }
            }
        }
    }

    /// The protocol is none that vigie reads; or the start was missed.
    fn unknown(&mut self, hearing: &mut Hearing<'_>) -> Outcome {
        match self.origin {
            Origin::Syn | Origin::Unseen => {
                *hearing.seen |= Seen::FOREIGN;
                self.deafen();
            }
            Origin::Midstream => self.reader = Reader::Adrift,
        }
        Outcome::Open
    }

    /// The place in the stream is lost.
    fn lose(&mut self) {
        self.origin = Origin::Midstream;
        self.reader = Reader::Adrift;
    }
}

impl Outcome {
    /// The stronger of two.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Ended, _) | (_, Self::Ended) => Self::Ended,
            (Self::Asked, _) | (_, Self::Asked) => Self::Asked,
            (Self::Open, Self::Open) => Self::Open,
        }
    }
}

/// How strictly messages are read, if at all: the port vouches for octets that do not look like
/// DNS at first sight, too.
fn strictness(guess: Guess, hearing: &Hearing<'_>) -> Option<Strictness> {
    match dns_port(hearing.ports) {
        DnsPort::Read(Strictness::ByContent) if guess != Guess::Dns => None,
        DnsPort::Read(strictness) => Some(strictness),
        DnsPort::LocalDns | DnsPort::NetBios => None,
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
