//! The search in UDP datagrams.

use super::report::{DnsPort, dns_port};
use super::seen::Seen;
use super::{Budget, Findings, Piece};
use crate::flow::FlowFlags;
use crate::name::dns::{self, LocalKind, Strictness};
use crate::name::quic::{self, QuicInitials, QuicRead};
use crate::name::tls::client_hello::{self, HelloRead};
use crate::name::{HostName, Via, Without, vpn};

/// What the datagrams of a flow were so far.
#[derive(Debug, Default)]
pub(super) struct Datagrams {
    /// There from the first datagram that looks like an Initial until the hello is read.
    quic: Option<Box<Quic>>,
    seen: Seen,
    /// Datagrams in a row that gave nothing; among neighbours, all.
    fruitless: u8,
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
        let strictness = match dns_port(piece.ports) {
            DnsPort::Read(strictness) => strictness,
            DnsPort::LocalDns => return self.local(piece, LocalKind::Dns, findings),
            DnsPort::NetBios => return self.local(piece, LocalKind::NetBios, findings),
        };
        let mut heard = Heard::Nothing;
        if self.quic.is_some() || quic::looks_like_initial(piece.payload) {
            heard = self.quic(piece, findings, budget);
        }
        if let (Heard::Nothing, None) = (&heard, &self.quic) {
            heard = self.in_the_clear(piece, strictness, findings);
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
        let charged = self.quic.as_ref().map_or(0, |quic| quic.charged);
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

    /// Reads what needs no keys: a DNS message, or the hello of Google's QUIC.
    fn in_the_clear(
        &mut self,
        piece: &Piece<'_>,
        strictness: Strictness,
        findings: &mut Findings,
    ) -> Heard {
        if let Some(message) = dns::read(piece.payload, strictness) {
            self.seen |= Seen::DNS;
            findings.dns(message, piece.side);
            return Heard::Fruit;
        }
        let Some(hello) = quic::google_hello(piece.payload) else {
            if vpn::is_vpn(piece.ports, piece.payload, piece.wire_len) {
                findings.flags |= FlowFlags::VPN;
                return Heard::Last;
            }
            return Heard::Nothing;
        };
        self.seen |= Seen::ASKED;
        findings.client = Some(piece.side);
        if let Some(name) = hello.server_name {
            findings.name(HostName::with_port(name), Via::QuicSni);
        }
        Heard::Last
    }

    fn quic(&mut self, piece: &Piece<'_>, findings: &mut Findings, budget: &mut Budget) -> Heard {
        let quic = self.quic.get_or_insert_default();
        let mut hello = HelloRead::NeedMore;
        let heard = match quic.initials.offer(piece.payload, piece.side) {
            QuicRead::Handshake(octets) => {
                findings.flags |= FlowFlags::QUIC;
                self.seen |= Seen::UNFINISHED;
                hello = client_hello::read(octets);
                Heard::Fruit
            }
            QuicRead::NeedMore => Heard::Fruit,
            QuicRead::NotQuic => Heard::Nothing,
            QuicRead::Failed => Heard::Last,
        };
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
            self.quic = None;
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
/// Datagrams of no known protocol after which a flow is not looked at any more.
const MOST_AT_FIRST: u8 = 8;
/// The same, once there was a DNS message: DNSCrypt asks for certificates in the clear among
/// its encrypted queries.
const MOST_AMONG_DNS: u8 = 250;
