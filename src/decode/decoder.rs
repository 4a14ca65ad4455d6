//! The decoder: link type by link type, innermost IP header.

use super::{DecodeError, Decoded, Transport};
use crate::source::Frame;

/// Decodes the frames of one stream; holds the fragments that wait for their datagram.
#[derive(Debug, Default)]
pub struct Decoder {}

/// A datagram put together from its fragments: the transport header and its payload.
#[derive(Clone, Copy, Debug)]
pub struct Reassembled<'a> {
    /// The transport header.
    pub transport: Transport,
    /// The transport payload.
    pub payload: &'a [u8],
}

impl Decoder {
    /// Forgets the datagrams that the previous batch completed.
    pub fn start_batch(&mut self) {}

    /// The innermost IP packet of `frame`, or why there is none.
    pub fn decode<'a>(&mut self, frame: &Frame<'a>) -> Decoded<'a> {
        Decoded::Undecodable(DecodeError::UnknownLinkType(frame.link.0))
    }

    /// The datagram that a packet of this batch completed
    /// ([`Packet::reassembled`](super::Packet::reassembled)).
    pub fn reassembled(&self, _index: u16) -> Option<Reassembled<'_>> {
        None
    }

    /// Fragments that found no place in the bounded table.
    pub fn bound_hits(&self) -> u64 {
        0
    }
}
