//! Which reader a direction's first octets call for, and what follows one that ended.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::{Direction, Hearing, Origin, Outcome};
use crate::flow::FlowFlags;
use crate::name::dns::Strictness;
use crate::name::http::LONGEST_LINE;
use crate::name::search::messages::Messages;
use crate::name::search::prelude::Prelude;
use crate::name::search::protocol::{ENOUGH, Guess, guess};
use crate::name::search::reader::Reader;
use crate::name::search::report::{DnsPort, dns_port};
use crate::name::search::seen::Seen;
use crate::name::search::stun_stream::StunStream;
use crate::name::tls::record::HelloRecords;
use crate::name::tls::server_flight::ServerFlight;

impl Direction {
    /// Chooses the reader by the first octets.
    pub(super) fn decide(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
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

    pub(super) fn start_reading(
        &mut self,
        guess: Guess,
        octets: &[u8],
        hearing: &mut Hearing<'_>,
    ) -> Outcome {
        match self.begin(guess, octets, hearing) {
            Outcome::Ended => Outcome::Ended,
            outcome => self.hear(octets, hearing).or(outcome),
        }
    }

    /// Starts the reader that a guess at `octets` calls for.
    pub(super) fn begin(
        &mut self,
        guess: Guess,
        octets: &[u8],
        hearing: &mut Hearing<'_>,
    ) -> Outcome {
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
            Guess::Stun(framing) => {
                *hearing.seen |= Seen::SPOKEN;
                hearing.findings.flags |= FlowFlags::STUN;
                self.reader = Reader::Stun(Box::new(StunStream::new(framing)));
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
    pub(super) fn another(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        self.layers += 1;
        if self.layers > MOST_LAYERS {
            return self.unknown(hearing);
        }
        self.reader = Reader::default();
        if octets.is_empty() { Outcome::Open } else { self.hear(octets, hearing) }
    }

    /// A ClientHello without a usable name: only the other side may still tell one.
    pub(super) fn nameless(&mut self, hearing: &mut Hearing<'_>) -> Outcome {
        *hearing.seen |= Seen::NAMELESS;
        self.deafen();
        Outcome::Open
    }

    /// The protocol is none that vigie reads; or the start was missed.
    pub(super) fn unknown(&mut self, hearing: &mut Hearing<'_>) -> Outcome {
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
    pub(super) fn lose(&mut self) {
        self.origin = Origin::Midstream;
        self.reader = Reader::Adrift;
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

/// Protocols inside each other in one direction: a PROXY header, two proxies, an upgrade.
const MOST_LAYERS: u8 = 8;
