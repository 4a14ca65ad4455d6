//! What reads the octets of one direction.

use arrayvec::ArrayVec;

use super::messages::Messages;
use super::protocol::ENOUGH;
use crate::name::http::Requests;
use crate::name::tls::record::HelloRecords;
use crate::name::tls::server_flight::ServerFlight;

/// What reads the octets.
#[derive(Debug)]
pub(super) enum Reader {
    /// The first octets, before they tell the protocol.
    Undecided(ArrayVec<u8, ENOUGH>),
    Hello(HelloRecords),
    Flight(ServerFlight),
    Requests(Box<Requests>),
    Messages(Messages),
    /// The place in the stream is lost: only a segment that starts with a ClientHello or a
    /// whole request line is read.
    Adrift,
    /// Nothing will come from this side.
    Deaf,
}

impl Default for Reader {
    fn default() -> Self {
        Self::Undecided(ArrayVec::new())
    }
}

impl Reader {
    /// Whether a message has begun whose end is missing.
    pub(super) fn is_unfinished(&self) -> bool {
        match self {
            Self::Hello(_) => true,
            Self::Requests(requests) => requests.is_within_head(),
            Self::Messages(messages) => messages.is_within_message(),
            Self::Flight(_) | Self::Undecided(_) | Self::Adrift | Self::Deaf => false,
        }
    }

    /// Whether a certificate may come from this side.
    pub(super) fn may_certify(&self) -> bool {
        matches!(self, Self::Undecided(_) | Self::Flight(_))
    }

    /// Steps over octets that nobody saw; whether the place afterwards is known, or does not
    /// matter.
    pub(super) fn skip(&mut self, octets: u64) -> bool {
        match self {
            Self::Requests(requests) => requests.skip(octets),
            Self::Deaf | Self::Adrift => true,
            Self::Undecided(_) | Self::Hello(_) | Self::Flight(_) | Self::Messages(_) => false,
        }
    }

    /// Octets in use.
    pub(super) fn held(&self) -> usize {
        match self {
            Self::Hello(records) => records.held(),
            Self::Flight(flight) => flight.held(),
            Self::Requests(requests) => requests.held() + size_of::<Requests>(),
            Self::Messages(messages) => messages.held(),
            Self::Undecided(_) | Self::Adrift | Self::Deaf => 0,
        }
    }
}
