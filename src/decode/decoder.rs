//! The decoder: link type by link type, innermost IP header.

use super::fragment::FragmentTable;
use super::walk::Walk;
use super::{Decoded, Ordinary, Packet, Subframes, Transport};
use crate::source::Frame;

/// Decodes the frames of one stream; holds the fragments that wait for their datagram.
#[derive(Debug, Default)]
pub struct Decoder {
    fragments: FragmentTable,
}

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
    pub fn start_batch(&mut self) {
        self.fragments.start_batch();
    }

    /// The innermost IP packet of `frame`, or why there is none.
    pub fn decode<'a>(&mut self, frame: &Frame<'a>) -> Decoded<'a> {
        match Ordinary::read(frame) {
            Some(ordinary) => Decoded::Packet(ordinary.packet(frame)),
            None => self.unusual(frame),
        }
    }

    /// The same as [`Decoder::decode`] layer by layer: for frames that [`Ordinary::read`] leaves.
    #[inline(never)]
    pub fn unusual<'a>(&mut self, frame: &Frame<'a>) -> Decoded<'a> {
        Walk::frame(frame, &mut self.fragments)
    }

    /// The next packet of an aggregate ([`Packet::further`]) of `frame`, the frame that it was read
    /// from. It is a part of that frame, which was counted already.
    pub fn subframe<'a>(&mut self, frame: &Frame<'a>, further: Subframes) -> Option<Packet<'a>> {
        Walk::subframe(frame, further, &mut self.fragments)
    }

    /// The datagram that a packet of this batch completed
    /// ([`Packet::reassembled`](super::Packet::reassembled)).
    pub fn reassembled(&self, index: u16) -> Option<Reassembled<'_>> {
        self.fragments.whole(index)
    }

    /// Datagrams that were refused since their fragments overlap.
    pub fn overlaps(&self) -> u64 {
        self.fragments.overlaps()
    }

    /// Fragments that found no place in the bounded table.
    pub fn bound_hits(&self) -> u64 {
        self.fragments.bound_hits()
    }
}
