//! What one side of a TCP connection says, in order.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod told;

use super::Findings;
use super::messages::Messages;
use super::prelude::Prelude;
use super::protocol::{ENOUGH, Guess, guess};
use super::reader::Reader;
use super::report::{DnsPort, dns_port};
use super::seen::Seen;
use crate::flow::{FlowFlags, Side};
use crate::name::dns::Strictness;
use crate::name::http::LONGEST_LINE;
use crate::name::reassembly::{Waiting, is_after, usize_of};
use crate::name::tls::record::HelloRecords;
use crate::name::tls::server_flight::ServerFlight;

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
            | Guess::Stun => return Outcome::Open,
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
            Reader::Adrift | Reader::Deaf => Outcome::Open,
        }
    }

    /// Chooses the reader by the first octets.
    fn decide(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        let Reader::Undecided(first) = &mut self.reader else { return Outcome::Open };
        if first.is_empty() {
            let chosen = guess(octets);
            if chosen == Guess::NeedMore {
                first.extend_from_slice(octets);
                return Outcome::Open;
            }
            return self.start_reading(chosen, octets, hearing);
        }
        // A line is looked at once, when its end comes.
        let is_line = first.len() >= ENOUGH;
        first.extend_from_slice(octets);
        if is_line && first.len() < LONGEST_LINE && !octets.contains(&b'\n') {
            return Outcome::Open;
        }
        let chosen = guess(first);
        if chosen == Guess::NeedMore {
            return Outcome::Open;
        }
        let first = std::mem::take(first);
        self.start_reading(chosen, &first, hearing)
    }

    fn start_reading(&mut self, guess: Guess, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        match self.begin(guess, octets, hearing) {
            Outcome::Ended => Outcome::Ended,
            outcome => self.hear(octets, hearing).or(outcome),
        }
    }

    /// Starts the reader that a guess at `octets` calls for.
    fn begin(&mut self, guess: Guess, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        // The client has said its hello: what else this side begins with must not name anybody
        // where it happens to come in one segment.
        if hearing.seen.has(Seen::NAMELESS) && !guess.may_certify() {
            self.deafen();
            return Outcome::Open;
        }
        match guess {
            Guess::Hello => self.reader = Reader::Hello(HelloRecords::default()),
            Guess::OldHello => {
                *hearing.seen |= Seen::ASKED;
                hearing.findings.client = Some(hearing.side);
                return self.nameless(hearing);
            }
            Guess::Request => self.reader = Reader::Requests(Box::default()),
            Guess::Frames => self.reader = Reader::Frames(Box::default()),
            Guess::Prelude(kind) => self.reader = Reader::Prelude(Prelude::new(kind)),
            Guess::Dialog => {
                *hearing.seen |= Seen::SPOKEN;
                hearing.findings.client = Some(hearing.side);
                self.reader = Reader::Dialog(Box::default());
            }
            Guess::Foreign if self.origin == Origin::Syn && greets(octets) => {
                *hearing.seen |= Seen::FOREIGN;
                self.reader = Reader::Answers(0);
            }
            Guess::Uri => self.uri_line(octets, hearing),
            Guess::Stun => {
                *hearing.seen |= Seen::SPOKEN;
                hearing.findings.flags |= FlowFlags::STUN;
                self.deafen();
            }
            Guess::ServerHello => {
                *hearing.seen |= Seen::ANSWER;
                self.reader = Reader::Flight(ServerFlight::default());
            }
            Guess::Alert if self.origin != Origin::Midstream => {
                self.reader = Reader::Flight(ServerFlight::default());
            }
            Guess::Answer => {
                *hearing.seen |= Seen::ANSWER;
                self.deafen();
            }
            // Both sides have said hello before: nothing that follows can be read.
            Guess::Encrypted | Guess::Alert if self.origin == Origin::Midstream => {
                return Outcome::Ended;
            }
            Guess::Dns | Guess::Unknown if let Some(strictness) = strictness(guess, hearing) => {
                self.reader = Reader::Messages(Messages::new(strictness));
            }
            Guess::Dns
            | Guess::Encrypted
            | Guess::Alert
            | Guess::Foreign
            | Guess::Unknown
            | Guess::NeedMore => {
                return self.unknown(hearing);
            }
        }
        Outcome::Open
    }

    /// Begins anew with the protocol that follows.
    fn another(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        self.layers += 1;
        if self.layers > MOST_LAYERS {
            return self.unknown(hearing);
        }
        self.reader = Reader::default();
        if octets.is_empty() { Outcome::Open } else { self.hear(octets, hearing) }
    }

    /// A ClientHello without a usable name: only the other side may still tell one.
    fn nameless(&mut self, hearing: &mut Hearing<'_>) -> Outcome {
        *hearing.seen |= Seen::NAMELESS;
        self.deafen();
        Outcome::Open
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
            (Self::Led, _) | (_, Self::Led) => Self::Led,
            (Self::Open, Self::Open) => Self::Open,
        }
    }
}

/// Whether a server's first line is that of SMTP or FTP (220), NNTP (200, 201), IMAP or POP3.
fn greets(octets: &[u8]) -> bool {
    [&b"220"[..], b"200 ", b"201 ", b"* OK", b"+OK"].iter().any(|start| octets.starts_with(start))
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

/// Protocols inside each other in one direction: a PROXY header, two proxies, an upgrade.
const MOST_LAYERS: u8 = 8;
/// Pieces of the other side after which a hole is taken for lost.
const PATIENCE: u8 = 3;
