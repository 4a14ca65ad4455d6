//! Further subframes of an aggregate (A-MSDU, IEEE 802.11 clause 9.3.2.2): headers of the frame's own
//! flow stay in their places, so that its packets are found and counted again.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::ops::Range;

use crate::pipeline::FurtherPacket;

/// What is kept of a frame: everything else is zeros, and nothing stays behind the last of it.
pub(super) struct Aggregate<'f> {
    frame: &'f [u8],
    kept: Vec<u8>,
}

impl<'f> Aggregate<'f> {
    /// Keeps the frame up to here.
    pub(super) fn begin(frame: &'f [u8], head: &[u8]) -> Self {
        Self { frame, kept: head.to_vec() }
    }

    /// The payload of a packet behind the first, where it is of the flow; its headers, and of
    /// subframes before it their lengths, are kept.
    pub(super) fn packet(&mut self, packet: &FurtherPacket) -> Option<Range<usize>> {
        let payload = packet.payload.clone().filter(|_| packet.is_of_flow)?;
        let mut at = packet.from;
        for _ in 0..SUBFRAMES {
            let [.., a, b] = *self.frame.get(at..)?.first_chunk::<HEADER>()?;
            let len = HEADER + usize::from(u16::from_be_bytes([a, b]));
            let content = at + HEADER;
            if payload.start <= at + len {
                self.keep(at..payload.start);
                return Some(payload);
            }
            self.keep(at..content);
            at += len.next_multiple_of(4);
        }
        None
    }

    /// Keeps octets at their place.
    pub(super) fn put(&mut self, at: usize, octets: &[u8]) {
        if at >= self.kept.len() && !octets.is_empty() {
            self.kept.resize(at, 0);
            self.kept.extend_from_slice(octets);
        }
    }

    /// The octets that are left of the frame.
    pub(super) fn end(self) -> Vec<u8> {
        self.kept
    }

    fn keep(&mut self, place: Range<usize>) {
        let start = place.start;
        if let Some(octets) = self.frame.get(place) {
            self.put(start, octets);
        }
    }
}

/// Octets of a subframe's header: addresses and length.
const HEADER: usize = 14;
/// Subframes of an aggregate that the decoder looks at between two with IP.
const SUBFRAMES: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Transport;

    /// A subframe with this content, filled up.
    fn subframe(content: &[u8]) -> Vec<u8> {
        let len = u16::try_from(content.len()).unwrap().to_be_bytes();
        let mut octets = [&[3; 12][..], &len, content].concat();
        octets.resize(octets.len().next_multiple_of(4), 0xee);
        octets
    }

    #[test]
    fn headers_of_the_flow_stay_and_nothing_of_others_but_their_lengths() {
        let first = [&b"head"[..], b"payload."].concat();
        let (other, own) = (subframe(b"a neighbour's"), subframe(b"headerssecret"));
        let frame = [&first[..], &other, &own, &subframe(b"behind")].concat();
        let from = first.len();
        let start = from + other.len() + HEADER + b"headers".len();
        let packet = |is_of_flow| FurtherPacket {
            is_of_flow,
            transport: Transport::Udp,
            from,
            payload: Some(start..start + 6),
        };
        let mut kept = Aggregate::begin(&frame, b"headpay");
        assert_eq!(kept.packet(&packet(false)), None);
        assert_eq!(kept.packet(&packet(true)), Some(start..start + 6));
        kept.put(start, b"sec");
        let kept = kept.end();
        let expected = [
            b"headpay\0\0\0\0\0",
            &other[..HEADER],
            &vec![0; other.len() - HEADER],
            &own[..HEADER],
            b"headerssec",
        ];
        assert_eq!(kept, expected.concat());
        // A frame that was cut keeps what there is.
        let cut = &frame[..from + other.len() + 5];
        let mut kept = Aggregate::begin(cut, b"head");
        assert_eq!(kept.packet(&packet(true)), None);
        kept.end();
    }
}
