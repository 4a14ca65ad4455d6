//! What stands at the beginning of a stream, before another protocol or instead of one.

use super::{HostName, NotAHostName, Via};
use crate::flow::FlowFlags;

/// A message, or several, that one side says first: read whole or not at all.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::name) struct Opening {
    /// Its octets.
    pub(in crate::name) len: usize,
    /// What stood where a host name stands.
    pub(in crate::name) name: Option<(Result<HostName, NotAHostName>, Via)>,
    /// What it says of the flow.
    pub(in crate::name) flags: FlowFlags,
    /// What follows it.
    pub(in crate::name) then: Then,
}

/// What follows an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::name) enum Then {
    /// Another protocol, from its first octet on.
    Another,
    /// Nothing that vigie reads.
    Nothing,
}

impl Opening {
    /// One of `len` octets that says nothing but that another protocol follows.
    pub(in crate::name) fn before_another(len: usize) -> Self {
        Self { len, name: None, flags: FlowFlags::default(), then: Then::Another }
    }

    /// One of `len` octets after which nothing is read.
    pub(in crate::name) fn alone(len: usize) -> Self {
        Self { then: Then::Nothing, ..Self::before_another(len) }
    }

    /// The same, with what stood where a host name stands.
    pub(in crate::name) fn named(self, name: Result<HostName, NotAHostName>, via: Via) -> Self {
        Self { name: Some((name, via)), ..self }
    }

    /// The same, with flags.
    pub(in crate::name) fn flagged(self, flags: FlowFlags) -> Self {
        Self { flags, ..self }
    }
}
