//! Where a worker keeps what clients resolved: of its own, or shared with other threads.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::name::{AnswerTable, DnsAnswer, DnsPublicName, HostName, Resolution};
use crate::source::CaptureTime;

/// The answers that a worker asks.
#[expect(clippy::large_enum_variant, reason = "there is one for each worker")]
#[derive(Debug)]
pub(super) enum Answers {
    /// A table of its own.
    Own(AnswerTable),
    /// One table of several workers. It is asked when a flow begins and when one has a name, never
    /// for a packet. Whoever made it counts how often it was full.
    Shared(Arc<Mutex<AnswerTable>>),
}

impl Answers {
    /// See [`AnswerTable::insert`].
    pub(super) fn insert(&mut self, client: IpAddr, answer: &DnsAnswer, at: CaptureTime) {
        match self {
            Self::Own(table) => table.insert(client, answer, at),
            Self::Shared(table) => locked(table).insert(client, answer, at),
        }
    }

    /// See [`AnswerTable::insert_public_name`].
    pub(super) fn insert_public_name(
        &mut self,
        client: IpAddr,
        public: &DnsPublicName,
        at: CaptureTime,
    ) {
        match self {
            Self::Own(table) => table.insert_public_name(client, public, at),
            Self::Shared(table) => locked(table).insert_public_name(client, public, at),
        }
    }

    /// See [`AnswerTable::resolve`].
    pub(super) fn resolve(
        &self,
        client: IpAddr,
        server: IpAddr,
        at: CaptureTime,
    ) -> Option<Resolution> {
        match self {
            Self::Own(table) => table.resolve(client, server, at),
            Self::Shared(table) => locked(table).resolve(client, server, at),
        }
    }

    /// See [`AnswerTable::is_outer_name`].
    pub(super) fn is_outer_name(&self, client: IpAddr, name: &HostName, at: CaptureTime) -> bool {
        match self {
            Self::Own(table) => table.is_outer_name(client, name, at),
            Self::Shared(table) => locked(table).is_outer_name(client, name, at),
        }
    }

    /// How often a table of its own was full.
    pub(super) fn hits(&self) -> u64 {
        match self {
            Self::Own(table) => table.hits(),
            Self::Shared(_) => 0,
        }
    }
}

/// The table; a thread that failed while it held it left it whole, since each method does one
/// thing.
pub(super) fn locked(table: &Mutex<AnswerTable>) -> MutexGuard<'_, AnswerTable> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}
