//! The search in UDP datagrams.

use super::report::{DnsPort, dns_port};
use super::seen::Seen;
use super::{Findings, Piece};
use crate::name::Without;
use crate::name::dns;

/// What the datagrams of a flow were so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Datagrams {
    seen: Seen,
    /// Datagrams in a row that gave nothing.
    fruitless: u8,
}

impl Datagrams {
    /// Takes a datagram; whether further ones are wanted.
    pub(super) fn datagram(
        &mut self,
        piece: &Piece<'_>,
        findings: &mut Findings,
    ) -> Result<(), Without> {
        if piece.wire_len == 0 && piece.payload.is_empty() {
            return Ok(());
        }
        self.seen |= Seen::PAYLOAD;
        let strictness = match dns_port(piece.ports) {
            DnsPort::Read(strictness) => strictness,
            DnsPort::LocalDns => return Err(Without::Dns),
            DnsPort::NetBios => return Err(Without::UnknownProtocol),
        };
        match dns::read(piece.payload, strictness) {
            Some(message) => {
                (self.fruitless, self.seen) = (0, self.seen.and(Seen::DNS));
                findings.dns(message, piece.side);
                Ok(())
            }
            None => self.fruitless(piece),
        }
    }

    /// Why there is no name so far.
    pub(super) fn without(&self) -> Without {
        self.seen.without()
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

/// Datagrams of no known protocol after which a flow is not looked at any more.
const MOST_AT_FIRST: u8 = 8;
/// The same, once there was a DNS message: DNSCrypt asks for certificates in the clear among
/// its encrypted queries.
const MOST_AMONG_DNS: u8 = 250;
