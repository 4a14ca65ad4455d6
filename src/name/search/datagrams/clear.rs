//! Protocols that are read as they stand: what a relay carries, calls, logins, SIP and `CoAP`.

use super::{Datagrams, Heard, Talk};
use crate::flow::FlowFlags;
use crate::name::dns::{self, Strictness};
use crate::name::eap::{Logins, LoginsRead};
use crate::name::proxy::Relayed;
use crate::name::search::call::{Call, CallHeard, StunTold};
use crate::name::search::seen::Seen;
use crate::name::search::{Budget, Findings, Piece};
use crate::name::uri::{self, UriLine};
use crate::name::{Via, Without, coap, dtls, quic, stun};

impl Datagrams {
    /// Whether what looks like a relay's header is one: it states a name, there was one before, or
    /// what it carries is known.
    pub(super) fn is_relay(&self, relayed: &Relayed<'_>) -> bool {
        let inside = relayed.payload;
        self.seen.has(Seen::RELAYED)
            || (matches!(self.talk, Talk::Other)
                && (relayed.host.is_some()
                    || dns::read(inside, Strictness::ByContent).is_some()
                    || quic::looks_like_initial(inside)
                    || dtls::looks_like_record(inside)
                    || stun::read(inside).is_some()))
    }

    /// Takes what a SOCKS relay carries as if it came alone, to the port that the header states.
    pub(super) fn relayed(
        &mut self,
        relayed: Relayed<'_>,
        piece: &Piece<'_>,
        findings: &mut Findings,
        budget: &mut Budget,
    ) -> Result<(), Without> {
        self.seen |= Seen::RELAYED;
        self.seen |= Seen::SPOKEN;
        findings.flags |= FlowFlags::PROXY;
        findings.names.extend(relayed.host.map(|name| (name, Via::Socks)));
        let inside = Piece {
            ports: (piece.ports.0, relayed.port),
            payload: relayed.payload,
            wire_len: piece.wire_len.saturating_sub(relayed.header),
            ..*piece
        };
        self.bare(&inside, findings, budget)
    }

    /// Reads what belongs to a call, or DTLS on its own.
    pub(super) fn call(
        &mut self,
        piece: &Piece<'_>,
        findings: &mut Findings,
        budget: &mut Budget,
    ) -> Option<Heard> {
        if matches!(self.talk, Talk::Other) && Call::may_be(piece.payload) {
            self.talk = Talk::Call(Box::default());
        }
        let Talk::Call(call) = &mut self.talk else { return None };
        match call.offer(piece.payload, piece.side, budget)? {
            CallHeard::Message(StunTold { flags, realm, software, client }) => {
                self.seen |= Seen::SPOKEN;
                findings.flags |= flags;
                findings.names.extend(realm.map(|name| (name, Via::StunRealm)));
                findings.client = client;
                findings.software = software.map(|program| (piece.side, program));
                (!call.is_enough()).then_some(Heard::Fruit)
            }
            CallHeard::Hello { facts, media } => {
                self.seen |= Seen::ASKED;
                findings.hello(facts, piece.side, Via::DtlsSni);
                findings.hello_to(piece.ports);
                if media {
                    findings.flags |= FlowFlags::MEDIA;
                }
                Some(Heard::Last)
            }
            CallHeard::NeedMore => {
                self.seen |= Seen::UNFINISHED;
                Some(Heard::Fruit)
            }
            CallHeard::Bound => {
                budget.hits += 1;
                findings.flags |= FlowFlags::BOUND;
                self.seen |= Seen::BOUND;
                Some(Heard::Last)
            }
        }
    }

    /// Reads TLS in the logins that a RADIUS server checks.
    pub(super) fn login(
        &mut self,
        piece: &Piece<'_>,
        findings: &mut Findings,
        budget: &mut Budget,
    ) -> Option<Heard> {
        if matches!(self.talk, Talk::Other) && Logins::may_be(piece.payload) {
            self.talk = Talk::Login(Box::default());
        }
        let Talk::Login(login) = &mut self.talk else { return None };
        let read = login.offer(piece.payload, budget);
        let is_over = read.is_none() || login.is_enough();
        self.seen |= Seen::SPOKEN;
        match read {
            Some(LoginsRead::Foreign) => return None,
            Some(LoginsRead::Part) => {}
            Some(LoginsRead::Hello(mut facts)) => {
                // JA4 has no letter for what is neither TCP nor QUIC nor DTLS.
                facts.fingerprint = None;
                findings.flags |= FlowFlags::EAP;
                findings.hello(facts, piece.side, Via::TlsSni);
            }
            Some(LoginsRead::Leaf(leaf)) => {
                findings.flags |= FlowFlags::EAP;
                findings.certificate(leaf, piece.side.other());
            }
            Some(LoginsRead::Bound) | None => {
                budget.hits += 1;
                findings.flags |= FlowFlags::BOUND;
                self.seen |= Seen::BOUND;
            }
        }
        Some(if is_over { Heard::Last } else { Heard::Fruit })
    }

    /// Reads SIP and `CoAP`.
    pub(super) fn spoken(&mut self, piece: &Piece<'_>, findings: &mut Findings) -> Option<Heard> {
        let (a, b) = piece.ports;
        if (a == coap::PORT || b == coap::PORT)
            && let Some(request) = coap::read(piece.payload)
        {
            self.seen |= Seen::SPOKEN;
            findings.client = Some(piece.side);
            if let Some(host) = request.host {
                findings.name(host, Via::Coap);
            }
            return Some(self.go_on());
        }
        // A method or a version is the first word: most datagrams end the question here.
        if !piece.payload.first().is_some_and(|o| o.is_ascii_uppercase() || *o == b'_') {
            return None;
        }
        let head = piece.payload.get(..LONGEST_LINE).unwrap_or(piece.payload);
        let line = match memchr::memchr(b'\n', head) {
            Some(end) => head.get(..end)?,
            None if head.len() < LONGEST_LINE => head,
            None => return None,
        };
        let told = uri::read(line)?;
        self.seen |= Seen::SPOKEN;
        if let UriLine::Request(via, Some(host)) = told {
            findings.name(host, via);
        }
        Some(self.go_on())
    }

    /// Whether further datagrams of a protocol that is not a basis are wanted.
    pub(super) fn go_on(&mut self) -> Heard {
        self.spoken = self.spoken.saturating_add(1);
        if self.spoken < MOST_SPOKEN { Heard::Fruit } else { Heard::Last }
    }
}

/// Octets of a first line of SIP.
const LONGEST_LINE: usize = 2048;
/// Datagrams of SIP or `CoAP` that are read.
const MOST_SPOKEN: u8 = 32;
