//! QUIC, whose Initials have to be opened, and Google's first messages, which need no keys.

use super::{Datagrams, Heard, Talk};
use crate::flow::FlowFlags;
use crate::name::quic::{self, QuicInitials, QuicRead};
use crate::name::search::seen::Seen;
use crate::name::search::{Budget, Findings, Piece};
use crate::name::tls::client_hello::{self, HelloRead};
use crate::name::{HostName, Via};

/// The search in QUIC Initials.
#[derive(Debug, Default)]
pub(super) struct Quic {
    initials: QuicInitials,
    /// Octets that the budget was told of.
    pub(super) charged: usize,
}

impl Datagrams {
    /// A client's first message in Google's format.
    pub(super) fn google(
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

    pub(super) fn quic(
        &mut self,
        piece: &Piece<'_>,
        findings: &mut Findings,
        budget: &mut Budget,
    ) -> Heard {
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
