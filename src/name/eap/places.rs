//! Where a login stands in a datagram: for whoever writes it anew.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::ops::Range;

use super::method::{self, From};
use super::radius::{self, Code};

/// A datagram of RADIUS with EAP in it (RFC 3579).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginDatagram {
    /// Who speaks.
    pub step: LoginStep,
    /// Identifier of RADIUS: an answer has that of its question.
    pub id: u8,
    /// Where the attributes begin, each with its type and length.
    pub attributes: Vec<usize>,
    /// Values that say who logs in.
    pub who: Vec<Range<usize>>,
    /// The EAP packet, in the order of its parts.
    pub eap: Vec<Range<usize>>,
    /// The part of TLS in the EAP packet, if there is one.
    pub tls: Option<LoginTls>,
}

/// What a datagram of a login is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginStep {
    /// The device speaks.
    Question,
    /// The server asks on.
    Answer,
    /// The end of a login, or its refusal.
    Over,
}

/// A part of what one side says in TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginTls {
    /// Whether the server speaks.
    pub from_server: bool,
    /// Identifier of EAP: a repeated packet has the same.
    pub id: u8,
    /// Whether the server asks to begin.
    pub begins: bool,
    /// Octets of the EAP packet before it.
    pub at: usize,
    /// Octets of it.
    pub len: usize,
}

/// The login in a datagram, as the search for names reads it.
pub fn login_in_datagram(datagram: &[u8]) -> Option<LoginDatagram> {
    let (mut attributes, mut who, mut eap) = (Vec::new(), Vec::new(), Vec::new());
    let (code, id) = radius::walk(datagram, |kind, value| {
        attributes.push(value.start.saturating_sub(2));
        if radius::is_eap(kind) {
            eap.push(value);
        } else if radius::tells_who(kind) {
            who.push(value);
        }
    })?;
    let packet: Vec<u8> =
        eap.iter().filter_map(|part| datagram.get(part.clone())).flatten().copied().collect();
    let tls = method::read(&packet).and_then(|part| {
        let at = part.octets.as_ptr().addr().checked_sub(packet.as_ptr().addr())?;
        let len = part.octets.len();
        let from_server = part.from == From::Server;
        Some(LoginTls { from_server, id: part.id, begins: part.begins, at, len })
    });
    let step = match code {
        Code::Request => LoginStep::Question,
        Code::Challenge => LoginStep::Answer,
        Code::Over => LoginStep::Over,
    };
    (!packet.is_empty()).then_some(LoginDatagram { step, id, attributes, who, eap, tls })
}
