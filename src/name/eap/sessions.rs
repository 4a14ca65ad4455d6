//! The logins between one access point and one server, each with its own TLS.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::method::{self, From, Part};
use super::radius::{self, Code};
use crate::name::HostName;
use crate::name::certificate::LeafNames;
use crate::name::tls::client_hello::{HelloFacts, HelloRead};
use crate::name::tls::record::HelloRecords;
use crate::name::tls::server_flight::{FlightRead, ServerFlight};

/// Puts the parts of each login's TLS together.
#[derive(Debug, Default)]
pub(in crate::name) struct Logins {
    /// The one that spoke last is the last.
    sessions: Vec<Session>,
}

/// What a datagram was.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::name) enum LoginsRead {
    /// No RADIUS with EAP.
    Foreign,
    /// A part of a login, which gave nothing yet.
    Part,
    /// A whole ClientHello, said by the sender.
    Hello(HelloFacts),
    /// The certificate of the server that a device asked for, shown by the sender.
    Leaf(LeafNames),
    /// A bound was hit.
    Bound,
}

/// One login: of a device, as the access point tells it apart.
#[derive(Debug)]
struct Session {
    who: Vec<u8>,
    /// RADIUS identifier of its latest question, until another login takes it.
    question: Option<u8>,
    /// EAP identifiers of the latest parts, by side.
    said: [Option<u8>; 2],
    awaits: Awaits,
}

/// What is still wanted of a login.
#[derive(Debug)]
enum Awaits {
    Hello(HelloRecords),
    /// The device named nobody: the certificate may.
    Certificate(ServerFlight),
    Nothing,
}

impl Logins {
    /// Whether a datagram carries EAP.
    pub(in crate::name) fn may_be(datagram: &[u8]) -> bool {
        radius::read(datagram).is_some()
    }

    /// Takes a datagram of either side.
    pub(in crate::name) fn offer(&mut self, datagram: &[u8]) -> LoginsRead {
        let Some(access) = radius::read(datagram) else { return LoginsRead::Foreign };
        let part = method::read(&access.eap);
        match access.code {
            Code::Request => {
                let is_lost = self.ask(access.who, access.id);
                match (self.sessions.last_mut(), part) {
                    (Some(session), Some(part)) if part.from == From::Client => {
                        session.client(&part)
                    }
                    _ if is_lost => LoginsRead::Bound,
                    _ => LoginsRead::Part,
                }
            }
            Code::Challenge => {
                let session =
                    self.sessions.iter_mut().rev().find(|s| s.question == Some(access.id));
                match (session, part) {
                    (Some(session), Some(part)) if part.from == From::Server => {
                        session.server(&part)
                    }
                    _ => LoginsRead::Part,
                }
            }
            Code::Over => {
                self.sessions.retain(|session| session.question != Some(access.id));
                LoginsRead::Part
            }
        }
    }

    /// Octets in use.
    pub(in crate::name) fn held(&self) -> usize {
        let of_sessions =
            self.sessions.iter().map(|session| session.who.capacity() + session.awaits.held());
        self.sessions.capacity() * size_of::<Session>() + of_sessions.sum::<usize>()
    }

    /// Makes the login that asks the last one; whether an unfinished one had to give way.
    fn ask(&mut self, who: Vec<u8>, question: u8) -> bool {
        let question = Some(question);
        // The identifier is given anew: who had it before was answered.
        for other in self.sessions.iter_mut().filter(|session| session.question == question) {
            other.question = None;
        }
        let mut session = match self.sessions.iter().position(|session| session.who == who) {
            Some(at) => self.sessions.remove(at),
            None => Session { who, question, said: [None; 2], awaits: Awaits::default() },
        };
        session.question = question;
        let is_full = self.sessions.len() >= MOST_SESSIONS;
        let is_lost = is_full && !matches!(self.sessions.remove(0).awaits, Awaits::Nothing);
        self.sessions.push(session);
        is_lost
    }
}

impl Session {
    fn client(&mut self, part: &Part<'_>) -> LoginsRead {
        let [_, said] = &mut self.said;
        if said.replace(part.id) == Some(part.id) {
            return LoginsRead::Part;
        }
        let Awaits::Hello(records) = &mut self.awaits else { return LoginsRead::Part };
        let read = records.read(part.octets);
        match read {
            HelloRead::NeedMore => self.bounded(),
            HelloRead::NotAHello => self.settle(LoginsRead::Part),
            HelloRead::Hello(facts) if is_named(&facts) => self.settle(LoginsRead::Hello(facts)),
            HelloRead::Hello(facts) => {
                self.awaits = Awaits::Certificate(ServerFlight::default());
                LoginsRead::Hello(facts)
            }
        }
    }

    fn server(&mut self, part: &Part<'_>) -> LoginsRead {
        let [said, _] = &mut self.said;
        if said.replace(part.id) == Some(part.id) {
            return LoginsRead::Part;
        }
        if part.begins {
            self.awaits = Awaits::default();
            return LoginsRead::Part;
        }
        let Awaits::Certificate(flight) = &mut self.awaits else { return LoginsRead::Part };
        let read = flight.read(part.octets);
        match read {
            FlightRead::NeedMore => self.bounded(),
            FlightRead::Nothing => self.settle(LoginsRead::Part),
            FlightRead::TooLong => self.settle(LoginsRead::Bound),
            FlightRead::Leaf(leaf) => self.settle(LoginsRead::Leaf(leaf)),
        }
    }

    /// Nothing more is wanted of this login.
    fn settle(&mut self, read: LoginsRead) -> LoginsRead {
        self.awaits = Awaits::Nothing;
        read
    }

    fn bounded(&mut self) -> LoginsRead {
        if self.awaits.held() > MOST_HELD {
            self.settle(LoginsRead::Bound)
        } else {
            LoginsRead::Part
        }
    }
}

impl Default for Awaits {
    fn default() -> Self {
        Self::Hello(HelloRecords::default())
    }
}

impl Awaits {
    fn held(&self) -> usize {
        match self {
            Self::Hello(records) => records.held(),
            Self::Certificate(flight) => flight.held(),
            Self::Nothing => 0,
        }
    }
}

/// Whether a hello names its server.
fn is_named(facts: &HelloFacts) -> bool {
    facts.sni.as_ref().is_some_and(|sni| HostName::with_port(sni).is_ok())
}

/// Logins at one time whose TLS is put together.
const MOST_SESSIONS: usize = 16;
/// Octets that one of them may hold: a certificate of 32 KiB and a record, twice over, since a
/// vector that grows may be double.
const MOST_HELD: usize = 96 * 1024;

#[cfg(test)]
impl Logins {
    pub(super) fn sessions_len(&self) -> usize {
        self.sessions.len()
    }
}
