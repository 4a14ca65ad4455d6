//! The decoder: link type by link type, innermost IP header.

use super::fragment::FragmentTable;
use super::walk::Walk;
use super::{Decoded, Ordinary, Packet, Passage, Subframes, Transport};
use crate::source::{CaptureTime, Frame, Share};

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
    /// The decoder of one of several threads: it holds the fragments of its own hosts alone,
    /// wherever they were read, and until [`Decoder::expire`] says that all threads have come by.
    pub fn sharing(share: Share) -> Self {
        Self { fragments: FragmentTable::of(share) }
    }

    /// Forgets fragments that waited for too long at `now`, by which all threads have come.
    pub fn expire(&mut self, now: CaptureTime) {
        self.fragments.expire(now);
    }

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

    /// The datagram that the frame decoded last completed, where its packet is another thread's
    /// to count: it goes there with the frame.
    pub fn take_passage(&mut self) -> Option<Box<Passage>> {
        self.fragments.take_passage()
    }

    /// The packet of a frame of this time that came with a datagram from another thread. It
    /// takes the place of [`Decoder::decode`].
    pub fn resume(&mut self, passage: Passage, time: CaptureTime) -> Packet<'static> {
        Walk::resume(passage, &mut self.fragments, time)
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
