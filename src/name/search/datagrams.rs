//! The search in UDP datagrams.

use super::call::{Call, CallHeard};
use super::report::{DnsPort, dns_port};
use super::seen::Seen;
use super::{Budget, Findings, Piece};
use crate::flow::FlowFlags;
use crate::name::dns::{self, LocalKind, Strictness};
use crate::name::proxy::{self, Relayed};
use crate::name::quic::{self, GoogleFirst, QuicInitials, QuicRead};
use crate::name::tls::client_hello::{self, HelloRead};
use crate::name::uri::{self, UriLine};
use crate::name::{HostName, Via, Without, coap, dtls, stun, vpn};

/// What the datagrams of a flow were so far.
#[derive(Debug, Default)]
pub(super) struct Datagrams {
    talk: Talk,
    seen: Seen,
    /// Datagrams in a row that gave nothing; among neighbours, all.
    fruitless: u8,
    /// Datagrams of SIP and `CoAP`.
    spoken: u8,
}

/// What the flow is taken for, where that has to be kept.
#[derive(Debug, Default)]
enum Talk {
    #[default]
    Other,
    /// From the first datagram that looks like an Initial until the hello is read.
    Quic(Box<Quic>),
    /// From the first datagram that looks like a call, or like DTLS.
    Call(Box<Call>),
}

/// The search in QUIC Initials.
#[derive(Debug, Default)]
struct Quic {
    initials: QuicInitials,
    /// Octets that the budget was told of.
    charged: usize,
}

/// What a datagram was.
enum Heard {
    /// Of use; more may follow.
    Fruit,
    /// Nothing that vigie reads.
    Nothing,
    /// The last that was wanted.
    Last,
}

impl Datagrams {
    /// Takes a datagram; whether further ones are wanted.
    pub(super) fn datagram(
        &mut self,
        piece: &Piece<'_>,
        findings: &mut Findings,
        budget: &mut Budget,
    ) -> Result<(), Without> {
        if piece.wire_len == 0 && piece.payload.is_empty() {
            return Ok(());
        }
        self.seen |= Seen::PAYLOAD;
        match proxy::read_relayed(piece.payload) {
            Some(relayed) if self.is_relay(&relayed) => {
                self.relayed(relayed, piece, findings, budget)
            }
            _ => self.bare(piece, findings, budget),
        }
    }

    /// Takes a datagram that no relay's header stands before, or not any more.
    fn bare(
        &mut self,
        piece: &Piece<'_>,
        findings: &mut Findings,
        budget: &mut Budget,
    ) -> Result<(), Without> {
        let strictness = match dns_port(piece.ports) {
            DnsPort::Read(strictness) => strictness,
            DnsPort::LocalDns => return self.local(piece, LocalKind::Dns, findings),
            DnsPort::NetBios => return self.local(piece, LocalKind::NetBios, findings),
        };
        let mut heard = Heard::Nothing;
        if self.may_be_quic(piece.payload) {
            heard = self.quic(piece, findings, budget);
        }
        if let (Heard::Nothing, Talk::Other | Talk::Call(_)) = (&heard, &self.talk) {
            heard = self.in_the_clear(piece, strictness, findings, budget);
        }
        match heard {
            Heard::Fruit => {
                self.fruitless = 0;
                Ok(())
            }
            Heard::Nothing => self.fruitless(piece),
            Heard::Last => Err(self.without()),
        }
        .inspect_err(|_| self.close(budget))
    }

    /// Why there is no name so far.
    pub(super) fn without(&self) -> Without {
        self.seen.without()
    }

    /// Gives the octets back.
    pub(super) fn close(&self, budget: &mut Budget) {
        let charged = match &self.talk {
            Talk::Quic(quic) => quic.charged,
            Talk::Call(call) => call.charged(),
            Talk::Other => 0,
        };
        budget.used = budget.used.saturating_sub(charged);
    }

    /// Whether what looks like a relay's header is one: it states a name, there was one before, or
    /// what it carries is known.
    fn is_relay(&self, relayed: &Relayed<'_>) -> bool {
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
    fn relayed(
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

    /// A message among neighbours: their names are worth knowing, whoever they talk to.
    fn local(
        &mut self,
        piece: &Piece<'_>,
        kind: LocalKind,
        findings: &mut Findings,
    ) -> Result<(), Without> {
        let names = dns::local_names(piece.payload, kind);
        if names.is_some() || kind == LocalKind::Dns {
            self.seen |= Seen::DNS;
        }
        let told = names.into_iter().flatten().map(|name| (name, Via::LocalName));
        findings.names.extend(told);
        self.fruitless = self.fruitless.saturating_add(1);
        if self.fruitless < MOST_LOCAL { Ok(()) } else { Err(self.without()) }
    }

    /// Whether a datagram belongs to QUIC, or looks like its first. In a call there is none.
    fn may_be_quic(&self, datagram: &[u8]) -> bool {
        match &self.talk {
            Talk::Quic(_) => true,
            Talk::Call(call) if call.has_begun() => false,
            Talk::Call(_) | Talk::Other => quic::looks_like_initial(datagram),
        }
    }

    /// Reads what needs no keys: a DNS message, or the hello of Google's QUIC.
    fn in_the_clear(
        &mut self,
        piece: &Piece<'_>,
        strictness: Strictness,
        findings: &mut Findings,
        budget: &mut Budget,
    ) -> Heard {
        if let Some(message) = dns::read(piece.payload, strictness) {
            self.seen |= Seen::DNS;
            findings.dns(message, piece.side);
            return Heard::Fruit;
        }
        if let Some(heard) = self.call(piece, findings, budget) {
            return heard;
        }
        if let Some(heard) = self.spoken(piece, findings) {
            return heard;
        }
        match quic::google_first(piece.payload) {
            Some(GoogleFirst::Own(hello)) => self.google(hello.server_name, piece, findings),
            Some(GoogleFirst::Tls(message)) => match client_hello::read(message) {
                HelloRead::Hello(facts) => {
                    findings.flags |= FlowFlags::QUIC;
                    self.seen |= Seen::ASKED;
                    findings.hello(facts, piece.side, Via::QuicSni);
                    findings.hello_to(piece.ports);
                    Heard::Last
                }
                HelloRead::NeedMore | HelloRead::NotAHello => Heard::Nothing,
            },
            None if vpn::is_vpn(piece.ports, piece.payload, piece.wire_len) => {
                findings.flags |= FlowFlags::VPN;
                Heard::Last
            }
            None => Heard::Nothing,
        }
    }

    /// A client's first message in Google's format.
    fn google(
        &mut self,
        server_name: Option<&[u8]>,
        piece: &Piece<'_>,
        findings: &mut Findings,
    ) -> Heard {
        findings.flags |= FlowFlags::QUIC;
        self.seen |= Seen::ASKED;
        findings.client = Some(piece.side);
        if let Some(name) = server_name {
            findings.name(HostName::with_port(name), Via::QuicSni);
        }
        Heard::Last
    }

    /// Reads what belongs to a call, or DTLS on its own.
    fn call(
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
            CallHeard::Message { flags, realm } => {
                self.seen |= Seen::SPOKEN;
                findings.flags |= flags;
                findings.names.extend(realm.map(|name| (name, Via::StunRealm)));
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

    /// Reads SIP and `CoAP`.
    fn spoken(&mut self, piece: &Piece<'_>, findings: &mut Findings) -> Option<Heard> {
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
    fn go_on(&mut self) -> Heard {
        self.spoken = self.spoken.saturating_add(1);
        if self.spoken < MOST_SPOKEN { Heard::Fruit } else { Heard::Last }
    }

    fn quic(&mut self, piece: &Piece<'_>, findings: &mut Findings, budget: &mut Budget) -> Heard {
        if !matches!(self.talk, Talk::Quic(_)) {
            self.talk = Talk::Quic(Box::default());
        }
        let Talk::Quic(quic) = &mut self.talk else { return Heard::Nothing };
        let mut hello = HelloRead::NeedMore;
        let mut own: Option<Option<Box<[u8]>>> = None;
        let heard = match quic.initials.offer(piece.payload, piece.side) {
            QuicRead::Handshake(octets) => {
                findings.flags |= FlowFlags::QUIC;
                self.seen |= Seen::UNFINISHED;
                if quic::is_google_hello(octets) {
                    own = quic::google_hello(octets).map(|hello| hello.server_name.map(Box::from));
                } else {
                    hello = client_hello::read(octets);
                }
                Heard::Fruit
            }
            QuicRead::NeedMore => Heard::Fruit,
            QuicRead::NotQuic => Heard::Nothing,
            QuicRead::Failed => Heard::Last,
        };
        if let Some(server_name) = own {
            return self.google(server_name.as_deref(), piece, findings);
        }
        match hello {
            HelloRead::Hello(facts) => {
                self.seen |= Seen::ASKED;
                findings.hello(facts, piece.side, Via::QuicSni);
                findings.hello_to(piece.ports);
                return Heard::Last;
            }
            HelloRead::NotAHello => return Heard::Last,
            HelloRead::NeedMore => {}
        }
        if let Heard::Nothing = heard {
            self.talk = Talk::Other;
            return heard;
        }
        if quic.initials.bound_hit() || !quic.charge(budget) {
            budget.hits += 1;
            findings.flags |= FlowFlags::BOUND;
            self.seen |= Seen::BOUND;
            return Heard::Last;
        }
        heard
    }

    /// Counts a datagram that gave nothing.
    fn fruitless(&mut self, piece: &Piece<'_>) -> Result<(), Without> {
        if piece.payload.is_empty() {
            self.seen |= Seen::HOLE;
        }
        self.fruitless = self.fruitless.saturating_add(1);
        let most = if self.seen.has(Seen::DNS) { MOST_AMONG_DNS } else { MOST_AT_FIRST };
        if self.fruitless < most { Ok(()) } else { Err(self.without()) }
    }
}

impl Quic {
    /// Tells the budget what is held; whether there is room for it.
    fn charge(&mut self, budget: &mut Budget) -> bool {
        let held = self.initials.buffered() + size_of::<Self>();
        let used = budget.used.saturating_sub(self.charged) + held;
        if used > budget.limit && held > self.charged {
            return false;
        }
        (budget.used, self.charged) = (used, held);
        true
    }
}

/// Messages that are read of a flow among neighbours, which may go on for days.
const MOST_LOCAL: u8 = 250;
/// Octets of a first line of SIP.
const LONGEST_LINE: usize = 2048;
/// Datagrams of SIP or `CoAP` that are read.
const MOST_SPOKEN: u8 = 32;
/// Datagrams of no known protocol after which a flow is not looked at any more.
const MOST_AT_FIRST: u8 = 8;
/// The same, once there was a DNS message: DNSCrypt asks for certificates in the clear among
/// its encrypted queries.
const MOST_AMONG_DNS: u8 = 250;
