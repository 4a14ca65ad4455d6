//! What the readers of a direction say, and what follows from it.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::{Direction, Hearing, Outcome};
use crate::flow::FlowFlags;
use crate::name::Via;
use crate::name::cursor::Stop;
use crate::name::h2c::{FramesTold, PREFACE};
use crate::name::http::{self, Told};
use crate::name::opening::Then;
use crate::name::search::messages::Framed;
use crate::name::search::protocol::{Guess, guess};
use crate::name::search::reader::Reader;
use crate::name::search::seen::Seen;
use crate::name::search::stun_stream::StreamRead;
use crate::name::starttls::Spoken;
use crate::name::tls::client_hello::HelloRead;
use crate::name::tls::server_flight::FlightRead;
use crate::name::uri::{self, UriLine};

impl Direction {
    /// The host that a request of SIP or RTSP states. Either side asks in SIP, the client in RTSP.
    pub(super) fn uri_line(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) {
        let line = http::skip_empty_lines(octets).split(|octet| *octet == b'\n').next();
        if let Some(UriLine::Request(via, host)) = line.and_then(uri::read) {
            *hearing.seen |= Seen::SPOKEN;
            if via == Via::Rtsp {
                hearing.findings.client = Some(hearing.side);
            }
            if let Some(host) = host {
                hearing.findings.name(host, via);
            }
        }
        self.deafen();
    }

    /// Reads what stands before another protocol.
    pub(super) fn prelude(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        let Reader::Prelude(prelude) = &mut self.reader else { return Outcome::Open };
        let mut rest = octets;
        let opening = match prelude.read(&mut rest) {
            Ok(opening) => opening,
            Err(Stop::NeedMore) => return Outcome::Open,
            Err(Stop::Foreign) => return self.unknown(hearing),
        };
        *hearing.seen |= Seen::SPOKEN;
        if prelude.tells_the_client() {
            hearing.findings.client = Some(hearing.side);
        }
        hearing.findings.flags |= opening.flags;
        let mut led = prelude.may_lead_to_a_certificate();
        if let Some((name, via)) = opening.name {
            led &= name.is_err();
            hearing.findings.name(name, via);
        }
        match opening.then {
            Then::Another if led => self.another(rest, hearing).or(Outcome::Led),
            Then::Another => self.another(rest, hearing),
            Then::Nothing => {
                self.deafen();
                Outcome::Open
            }
        }
    }

    /// Reads lines that may lead to TLS.
    pub(super) fn dialog(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        let Reader::Dialog(dialog) = &mut self.reader else { return Outcome::Open };
        let mut rest = octets;
        loop {
            match dialog.read(&mut rest) {
                Spoken::Hello(name) => hearing.findings.name(name, Via::SmtpHelo),
                Spoken::NeedMore => return Outcome::Open,
                Spoken::Tls => return self.another(rest, hearing).or(Outcome::Led),
                Spoken::Over => {
                    self.deafen();
                    return Outcome::Open;
                }
            }
        }
    }

    /// What a server says before TLS: where its client named nobody, the certificate may.
    pub(super) fn answers(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        let Reader::Answers(segments) = &mut self.reader else { return Outcome::Open };
        *segments += 1;
        let is_last = *segments > MOST_ANSWERS;
        if guess(octets) == Guess::ServerHello {
            return self.start_reading(Guess::ServerHello, octets, hearing);
        }
        if is_last {
            self.deafen();
        }
        Outcome::Open
    }

    pub(super) fn flight(&mut self, read: FlightRead, hearing: &mut Hearing<'_>) -> Outcome {
        match read {
            FlightRead::NeedMore => return Outcome::Open,
            FlightRead::Leaf(leaf) => hearing.findings.certificate(leaf, hearing.side.other()),
            FlightRead::TooLong => {
                *hearing.seen |= Seen::BOUND;
                return Outcome::Ended;
            }
            FlightRead::Nothing => {}
        }
        self.deafen();
        Outcome::Open
    }

    pub(super) fn hello(&mut self, read: HelloRead, hearing: &mut Hearing<'_>) -> Outcome {
        match read {
            HelloRead::NeedMore => Outcome::Open,
            HelloRead::Hello(facts) => {
                *hearing.seen |= Seen::ASKED;
                let is_named = hearing.findings.hello(facts, hearing.side, Via::TlsSni);
                hearing.findings.hello_to(hearing.ports);
                if is_named { Outcome::Ended } else { self.nameless(hearing) }
            }
            HelloRead::NotAHello => self.unknown(hearing),
        }
    }

    pub(super) fn requests(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        let Reader::Requests(requests) = &mut self.reader else { return Outcome::Open };
        let (mut rest, mut outcome) = (octets, Outcome::Open);
        loop {
            if requests.may_leave() && leads_to_frames(rest) {
                return self.another(rest, hearing).or(outcome);
            }
            match requests.read(&mut rest) {
                Told::Request(host) => {
                    *hearing.seen |= Seen::ASKED;
                    hearing.findings.client = Some(hearing.side);
                    if let Some(name) = host {
                        hearing.findings.name(name, Via::HttpHost);
                    }
                    outcome = Outcome::Asked;
                }
                Told::Tunnel(host) => {
                    *hearing.seen |= Seen::ASKED;
                    hearing.findings.client = Some(hearing.side);
                    hearing.findings.flags |= FlowFlags::PROXY;
                    let told = if host.is_ok() { Outcome::Asked } else { Outcome::Led };
                    hearing.findings.name(host, Via::HttpConnect);
                    return self.another(rest, hearing).or(told);
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

    pub(super) fn frames(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        let Reader::Frames(frames) = &mut self.reader else { return Outcome::Open };
        let (mut rest, mut outcome) = (octets, Outcome::Open);
        loop {
            match frames.read(&mut rest) {
                FramesTold::Request(host) => {
                    *hearing.seen |= Seen::ASKED;
                    hearing.findings.client = Some(hearing.side);
                    if let Some((name, via)) = host {
                        hearing.findings.name(name, via);
                    }
                    outcome = Outcome::Asked;
                }
                FramesTold::NeedMore => return outcome,
                FramesTold::NotHttp => return self.unknown(hearing),
                FramesTold::Lost => {
                    self.lose();
                    return outcome;
                }
                FramesTold::TooLong => {
                    *hearing.seen |= Seen::BOUND;
                    return Outcome::Ended;
                }
            }
        }
    }

    /// Reads STUN and TURN.
    pub(super) fn stun(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
        let Reader::Stun(stream) = &mut self.reader else { return Outcome::Open };
        let mut rest = octets;
        loop {
            match stream.read(&mut rest, hearing.side) {
                StreamRead::Message(told) => {
                    hearing.findings.flags |= told.flags;
                    hearing.findings.names.extend(told.realm.map(|name| (name, Via::StunRealm)));
                    hearing.findings.client = told.client.or(hearing.findings.client);
                    if let Some(program) = told.software {
                        hearing.findings.software.get_or_insert((hearing.side, program));
                    }
                }
                StreamRead::NeedMore => return Outcome::Open,
                StreamRead::Over => {
                    self.deafen();
                    return Outcome::Open;
                }
            }
        }
    }

    pub(super) fn messages(&mut self, octets: &[u8], hearing: &mut Hearing<'_>) -> Outcome {
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
}

/// Whether octets are the preface of HTTP/2, as far as they go.
fn leads_to_frames(octets: &[u8]) -> bool {
    let len = octets.len().min(PREFACE.len());
    len > 0 && octets.get(..len) == PREFACE.get(..len)
}

/// Segments of answers before a ServerHello.
const MOST_ANSWERS: u8 = 64;
