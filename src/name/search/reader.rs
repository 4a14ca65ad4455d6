//! What reads the octets of one direction.

use smallvec::SmallVec;

use super::messages::Messages;
use super::prelude::Prelude;
use super::protocol::ENOUGH;
use super::stun_stream::StunStream;
use crate::name::h2c::Frames;
use crate::name::http::{self, Requests};
use crate::name::starttls::Dialog;
use crate::name::tls::record::HelloRecords;
use crate::name::tls::server_flight::ServerFlight;

/// What reads the octets.
#[derive(Debug)]
pub(super) enum Reader {
    /// The first octets, before they tell the protocol.
    Undecided(SmallVec<[u8; ENOUGH]>),
    /// What stands before another protocol.
    Prelude(Prelude),
    /// Lines that may lead to TLS.
    Dialog(Box<Dialog>),
    Hello(HelloRecords),
    Flight(ServerFlight),
    /// Answers of a server that may turn to TLS, and how many segments of them: a ServerHello at
    /// the beginning of one is awaited.
    Answers(u8),
    Requests(Box<Requests>),
    Frames(Box<Frames>),
    Messages(Messages),
    /// STUN and TURN.
    Stun(Box<StunStream>),
    /// The place in the stream is lost: only a segment that starts with a ClientHello or a
    /// whole request line is read.
    Adrift,
    /// Nothing will come from this side.
    Deaf,
}

impl Default for Reader {
    fn default() -> Self {
        Self::Undecided(SmallVec::new())
    }
}

impl Reader {
    /// Whether a message has begun whose end is missing.
    pub(super) fn is_unfinished(&self) -> bool {
        match self {
            Self::Hello(_) => true,
            Self::Requests(requests) => requests.is_within_head(),
            Self::Messages(messages) => messages.is_within_message(),
            Self::Frames(frames) => frames.is_within_request(),
            Self::Prelude(prelude) => prelude.is_unfinished(),
            // The beginning of a request line.
            Self::Undecided(first) => first.contains(&b' ') && http::may_start(first),
            Self::Flight(_)
            | Self::Answers(_)
            | Self::Dialog(_)
            | Self::Stun(_)
            | Self::Adrift
            | Self::Deaf => false,
        }
    }

    /// Whether a certificate may come from this side.
    pub(super) fn may_certify(&self) -> bool {
        matches!(self, Self::Undecided(_) | Self::Flight(_) | Self::Answers(_))
    }

    /// Steps over octets that nobody saw; whether the place afterwards is known, or does not
    /// matter.
    pub(super) fn skip(&mut self, octets: u64) -> bool {
        match self {
            Self::Requests(requests) => requests.skip(octets),
            Self::Frames(frames) => frames.skip(octets),
            Self::Stun(stream) => {
                stream.skip(octets);
                true
            }
            Self::Answers(_) | Self::Deaf | Self::Adrift => true,
            Self::Undecided(_)
            | Self::Prelude(_)
            | Self::Dialog(_)
            | Self::Hello(_)
            | Self::Flight(_)
            | Self::Messages(_) => false,
        }
    }

    /// Octets in use.
    pub(super) fn held(&self) -> usize {
        match self {
            Self::Hello(records) => records.held(),
            Self::Flight(flight) => flight.held(),
            Self::Requests(requests) => requests.held() + size_of::<Requests>(),
            Self::Messages(messages) => messages.held(),
            Self::Frames(frames) => frames.held() + size_of::<Frames>(),
            Self::Stun(stream) => stream.held() + size_of::<StunStream>(),
            Self::Prelude(prelude) => prelude.held(),
            Self::Dialog(dialog) => dialog.held() + size_of::<Dialog>(),
            Self::Undecided(first) if first.spilled() => first.capacity(),
            Self::Undecided(_) | Self::Answers(_) | Self::Adrift | Self::Deaf => 0,
        }
    }
}
