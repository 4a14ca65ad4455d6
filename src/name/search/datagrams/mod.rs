//! The search in UDP datagrams.

mod clear;
mod initials;

use super::call::Call;
use super::login::Login;
use super::report::{DnsPort, dns_port};
use super::seen::Seen;
use super::{Budget, Findings, Piece};
use crate::flow::FlowFlags;
use crate::name::dns::{self, LocalKind, Strictness};
use crate::name::quic::{self, GoogleFirst};
use crate::name::tls::client_hello::{self, HelloRead};
use crate::name::{Via, Without, proxy, vpn};
use initials::Quic;

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
    /// From the first message of RADIUS with EAP.
    Login(Box<Login>),
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
        match proxy::read_relayed(piece.payload, piece.wire_len) {
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
        if matches!(heard, Heard::Nothing) && !matches!(self.talk, Talk::Quic(_)) {
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
            Talk::Login(login) => login.charged(),
            Talk::Other => 0,
        };
        budget.used = budget.used.saturating_sub(charged);
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
            Talk::Login(_) => false,
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
        if let Some(heard) = self.login(piece, findings, budget) {
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

/// Messages that are read of a flow among neighbours, which may go on for days.
const MOST_LOCAL: u8 = 250;
/// Datagrams of no known protocol after which a flow is not looked at any more.
const MOST_AT_FIRST: u8 = 8;
/// The same, once there was a DNS message: DNSCrypt asks for certificates in the clear among
/// its encrypted queries.
const MOST_AMONG_DNS: u8 = 250;
