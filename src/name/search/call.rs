//! Calls: STUN and TURN, then DTLS or SRTP on the same ports (RFC 7983), and DTLS on its own.

use super::Budget;
use crate::flow::{FlowFlags, Side};
use crate::name::HostName;
use crate::name::dtls::{DtlsHello, DtlsRead, looks_like_record};
use crate::name::rtp::Rtp;
use crate::name::stun::{self, Role, StunMessage};
use crate::name::tls::client_hello::HelloFacts;

/// What the datagrams of a flow say of a call.
#[derive(Debug, Default)]
pub(super) struct Call {
    /// Either side may be DTLS's client.
    hellos: [DtlsHello; 2],
    rtp: Rtp,
    flags: FlowFlags,
    /// Sides that have said which program they are.
    told: [bool; 2],
    messages: u8,
    /// Octets that the budget was told of.
    charged: usize,
}

/// What a datagram was.
#[derive(Debug)]
pub(super) enum CallHeard {
    /// STUN, TURN or sound.
    Message(StunTold),
    /// A whole ClientHello.
    Hello {
        /// What it says about the server.
        facts: HelloFacts,
        /// Whether a call follows.
        media: bool,
    },
    /// A part of one.
    NeedMore,
    /// A bound was hit.
    Bound,
}

/// What a message of a call says.
#[derive(Debug)]
pub(super) struct StunTold {
    /// What the flow is.
    pub(super) flags: FlowFlags,
    /// Who runs the relay, where its realm tells.
    pub(super) realm: Option<HostName>,
    /// What the sender calls its program, where it answers.
    pub(super) software: Option<Box<str>>,
    /// Which side is the client, where a message of TURN tells.
    pub(super) client: Option<Side>,
}

impl StunTold {
    /// What a message says; what is relayed in it may be sound, too.
    pub(super) fn of(message: &StunMessage<'_>, sender: Side, rtp: &mut Rtp) -> Self {
        let is_sound = |data: &&[u8]| matches!(data.first(), Some(128..=191));
        let sound = message.data.filter(is_sound).is_some_and(|data| rtp.offer(data, sender));
        let client = message.sender.map(|role| match role {
            Role::Client => sender,
            Role::Server => sender.other(),
        });
        Self {
            flags: if sound { message.flags | FlowFlags::MEDIA } else { message.flags },
            realm: message.realm.and_then(operator),
            software: message.software.and_then(program).map(Box::from),
            client,
        }
    }

    /// What says nothing else.
    pub(super) fn flags(flags: FlowFlags) -> Self {
        Self { flags, realm: None, software: None, client: None }
    }
}

impl Call {
    /// Whether a datagram may be the first of a call. Its first octet tells (RFC 7983 §7).
    pub(super) fn may_be(datagram: &[u8]) -> bool {
        match datagram.first() {
            Some(0..=3) => stun::read(datagram).is_some(),
            Some(22) => looks_like_record(datagram),
            Some(128..=191) => datagram.len() >= 12,
            _ => false,
        }
    }

    /// Takes a datagram; none where it is of another protocol, or leaves open what it is.
    pub(super) fn offer(
        &mut self,
        datagram: &[u8],
        sender: Side,
        budget: &mut Budget,
    ) -> Option<CallHeard> {
        match datagram.first()? {
            0..=3 => stun::read(datagram).map(|message| self.stun(&message, sender)),
            22 => self.hello(datagram, sender, budget),
            64..=79 if self.flags.has(FlowFlags::TURN) => {
                let found = FlowFlags::MEDIA | FlowFlags::TURN;
                stun::is_channel_data(datagram).then(|| self.message(found))
            }
            128..=191 if self.rtp.offer(datagram, sender) => Some(self.message(FlowFlags::MEDIA)),
            _ => None,
        }
    }

    /// Whether anything of a call was met.
    pub(super) fn has_begun(&self) -> bool {
        self.messages > 0 || self.charged > 0
    }

    /// Whether nothing more is to be learned from STUN and sound.
    pub(super) fn is_enough(&self) -> bool {
        self.messages >= MOST_MESSAGES
    }

    /// Octets that the budget was told of.
    pub(super) fn charged(&self) -> usize {
        self.charged
    }

    /// A message of STUN.
    fn stun(&mut self, message: &StunMessage<'_>, sender: Side) -> CallHeard {
        let mut told = StunTold::of(message, sender, &mut self.rtp);
        self.count(told.flags);
        let [low, high] = &mut self.told;
        let is_known = match sender {
            Side::Low => low,
            Side::High => high,
        };
        told.software = told.software.filter(|_| !*is_known);
        *is_known |= told.software.is_some();
        CallHeard::Message(told)
    }

    fn message(&mut self, flags: FlowFlags) -> CallHeard {
        self.count(flags);
        CallHeard::Message(StunTold::flags(flags))
    }

    fn count(&mut self, flags: FlowFlags) {
        self.messages = self.messages.saturating_add(1);
        self.flags |= flags;
    }

    fn hello(&mut self, datagram: &[u8], sender: Side, budget: &mut Budget) -> Option<CallHeard> {
        let [low, high] = &mut self.hellos;
        let hello = match sender {
            Side::Low => low,
            Side::High => high,
        };
        match hello.offer(datagram) {
            DtlsRead::Hello { facts, media } => Some(CallHeard::Hello { facts, media }),
            DtlsRead::NeedMore if self.charge(budget) => Some(CallHeard::NeedMore),
            DtlsRead::NeedMore | DtlsRead::TooLong => Some(CallHeard::Bound),
            DtlsRead::Nothing => None,
        }
    }

    /// Tells the budget what is held; whether there is room for it.
    fn charge(&mut self, budget: &mut Budget) -> bool {
        let held = self.hellos.iter().map(DtlsHello::held).sum::<usize>() + size_of::<Self>();
        let used = budget.used.saturating_sub(self.charged) + held;
        if used > budget.limit && held > self.charged {
            return false;
        }
        (budget.used, self.charged) = (used, held);
        true
    }
}

/// A realm that is a host name. It may be any text; a single word is no host's.
fn operator(realm: &[u8]) -> Option<HostName> {
    HostName::from_wire(realm).ok().filter(|name| name.as_str().contains('.'))
}

/// The text of a SOFTWARE attribute (RFC 8489 §14.14): UTF-8 of fewer than 128 characters. Spaces
/// and NULs around it, with which some fill it up, do not count.
fn program(software: &[u8]) -> Option<&str> {
    let text = Some(software).filter(|octets| octets.len() <= LONGEST_PROGRAM)?;
    let text = str::from_utf8(text).ok()?.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    (!text.is_empty() && text.chars().count() < MOST_CHARACTERS).then_some(text)
}

/// Octets and characters of a SOFTWARE attribute (RFC 8489 §14.14).
const LONGEST_PROGRAM: usize = 763;
const MOST_CHARACTERS: usize = 128;
/// Messages of STUN and packets of sound that are looked at: the search for DTLS among them ends;
/// over TCP, in each direction.
pub(super) const MOST_MESSAGES: u8 = 64;
