//! What lies in a block of the ring: `struct tpacket_block_desc`, `struct tpacket3_hdr` and
//! `struct sockaddr_ll` of `linux/if_packet.h`, in the byte order of the machine.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::source::CaptureTime;

/// A frame in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::live) struct Packet {
    /// Where its link header starts in the block.
    pub(in crate::source::live) start: usize,
    /// Octets kept from `start` on.
    pub(in crate::source::live) captured_len: u32,
    /// Octets on the wire from `start` on.
    pub(in crate::source::live) wire_len: u32,
    /// When the kernel took it.
    pub(in crate::source::live) time: CaptureTime,
    /// Where its network header starts in the block.
    pub(in crate::source::live) network: usize,
    /// The tag that the interface took off: TPID and control information.
    pub(in crate::source::live) tag: Option<[u16; 2]>,
    /// The kernel's index of the interface.
    pub(in crate::source::live) interface: u32,
    /// The interface's `ARPHRD_` number.
    pub(in crate::source::live) hardware: u16,
    /// For whom it was: `PACKET_HOST` and so on.
    pub(in crate::source::live) kind: u8,
    /// The `EtherType`, of the link's own or as the kernel made it up.
    pub(in crate::source::live) protocol: u16,
}

impl Packet {
    /// `PACKET_OUTGOING`: the machine itself sent the frame.
    pub(in crate::source::live) const OUTGOING: u8 = 4;
}

/// A block that contradicts itself: this many of its frames cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::live) struct Broken {
    /// Frames that the block still claims to hold.
    pub(in crate::source::live) left: u32,
}

/// Goes from frame to frame through one block.
///
/// Every step moves `at` forward by at least [`HEADER`] octets, or ends the walk: a block gives at
/// most `block.len() / HEADER` frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Walk {
    /// Where the next frame's header starts.
    at: usize,
    /// Frames that are left.
    left: u32,
}

impl Walk {
    /// Before the first frame of a block.
    pub(super) fn new(block: &[u8]) -> Self {
        let left = word(block, FRAMES).unwrap_or(0);
        let at = word(block, FIRST).map_or(usize::MAX, |at| at as usize);
        Self { at, left }
    }

    /// Whether every frame was given.
    pub(super) fn is_over(&self) -> bool {
        self.left == 0
    }

    /// The next frame.
    pub(super) fn next(&mut self, block: &[u8]) -> Option<Result<Packet, Broken>> {
        if self.left == 0 {
            return None;
        }
        let Some((packet, next)) = packet(block, self.at) else {
            let left = std::mem::take(&mut self.left);
            return Some(Err(Broken { left }));
        };
        self.left -= 1;
        // A distance that leads nowhere is met at the next step, if there is one.
        let ahead = if next >= HEADER { next } else { usize::MAX };
        self.at = self.at.saturating_add(ahead);
        Some(Ok(packet))
    }
}

/// The frame whose header is at `at`, and the distance to the next header.
fn packet(block: &[u8], at: usize) -> Option<(Packet, usize)> {
    let rest = block.get(at..)?;
    let header: &[u8; HEADER] = rest.first_chunk()?;
    let word = |offset| word(header, offset);
    let half = |offset| half(header, offset);
    let [next, seconds, nanoseconds] = [word(0)?, word(4)?, word(8)?];
    let [captured_len, wire_len, status] = [word(12)?, word(16)?, word(20)?];
    let [link, network] = [usize::from(half(24)?), usize::from(half(26)?)];
    if link < HEADER || rest.len() < link.checked_add(captured_len as usize)? {
        return None;
    }
    let tag = (status & TAG_VALID != 0).then(|| {
        let protocol = half(36).filter(|tpid| status & TPID_VALID != 0 && *tpid != 0);
        let control = word(32).unwrap_or(0) & 0xffff;
        [protocol.unwrap_or(CUSTOMER_TAG), u16::try_from(control).unwrap_or(0)]
    });
    let packet = Packet {
        start: at + link,
        captured_len,
        wire_len,
        // Seconds are 32 bits: at most 4.3 × 10¹⁸ ns, which fits.
        time: CaptureTime(i64::from(seconds) * 1_000_000_000 + i64::from(nanoseconds)),
        network: at + network.max(link),
        tag,
        interface: word(ADDRESS + 4)?,
        hardware: half(ADDRESS + 8)?,
        kind: *header.get(ADDRESS + 10)?,
        protocol: u16::from_be(half(ADDRESS + 2)?),
    };
    Some((packet, next as usize))
}

fn word(octets: &[u8], at: usize) -> Option<u32> {
    octets.get(at..)?.first_chunk().copied().map(u32::from_ne_bytes)
}

fn half(octets: &[u8], at: usize) -> Option<u16> {
    octets.get(at..)?.first_chunk().copied().map(u16::from_ne_bytes)
}

/// Where `num_pkts` and `offset_to_first_pkt` stand in a block.
const FRAMES: usize = 12;
const FIRST: usize = 16;
/// `struct tpacket3_hdr`, then `struct sockaddr_ll`: `TPACKET3_HDRLEN`.
const ADDRESS: usize = 48;
pub(super) const HEADER: usize = ADDRESS + 20;
/// `TP_STATUS_VLAN_VALID`, `TP_STATUS_VLAN_TPID_VALID`.
const TAG_VALID: u32 = 1 << 4;
const TPID_VALID: u32 = 1 << 6;
const CUSTOMER_TAG: u16 = 0x8100;

/// Blocks as the kernel makes them.
#[cfg(test)]
pub(in crate::source::live) mod testing {
    use super::*;

    /// A frame for [`block`].
    #[derive(Clone, Debug)]
    pub(in crate::source::live) struct Sample {
        pub(in crate::source::live) octets: Vec<u8>,
        pub(in crate::source::live) wire_len: u32,
        pub(in crate::source::live) seconds: u32,
        pub(in crate::source::live) nanoseconds: u32,
        pub(in crate::source::live) tag: Option<[u16; 2]>,
        pub(in crate::source::live) interface: u32,
        pub(in crate::source::live) hardware: u16,
        pub(in crate::source::live) kind: u8,
        pub(in crate::source::live) link_len: usize,
        pub(in crate::source::live) protocol: u16,
    }

    impl Sample {
        /// A whole Ethernet frame, received on interface 2.
        pub(in crate::source::live) fn of(octets: &[u8]) -> Self {
            Self {
                octets: octets.to_vec(),
                wire_len: u32::try_from(octets.len()).unwrap(),
                seconds: 1_700_000_000,
                nanoseconds: 123_456_789,
                tag: None,
                interface: 2,
                hardware: 1,
                kind: 0,
                link_len: 14,
                protocol: 0x0800,
            }
        }
    }

    /// A block of `len` octets that holds `frames`, ready for the reader but for its status.
    pub(in crate::source::live) fn block(len: usize, frames: &[Sample]) -> Vec<u8> {
        let mut block = vec![0; len];
        let mut at = 48;
        put(&mut block, FRAMES, &u32::try_from(frames.len()).unwrap().to_ne_bytes());
        put(&mut block, FIRST, &48_u32.to_ne_bytes());
        for (index, frame) in frames.iter().enumerate() {
            let network = 112 + 16;
            let link = network - frame.link_len;
            let whole = (link + frame.octets.len()).next_multiple_of(16);
            let next = if index + 1 == frames.len() { 0 } else { u32::try_from(whole).unwrap() };
            let captured = u32::try_from(frame.octets.len()).unwrap();
            let status = 1 | frame.tag.map_or(0, |_| TAG_VALID | TPID_VALID);
            let words = [next, frame.seconds, frame.nanoseconds, captured, frame.wire_len, status];
            for (word, value) in words.iter().enumerate() {
                put(&mut block, at + word * 4, &value.to_ne_bytes());
            }
            put(&mut block, at + 24, &u16::try_from(link).unwrap().to_ne_bytes());
            put(&mut block, at + 26, &u16::try_from(network).unwrap().to_ne_bytes());
            if let Some([protocol, control]) = frame.tag {
                put(&mut block, at + 32, &u32::from(control).to_ne_bytes());
                put(&mut block, at + 36, &protocol.to_ne_bytes());
            }
            put(&mut block, at + ADDRESS + 2, &frame.protocol.to_be_bytes());
            put(&mut block, at + ADDRESS + 4, &frame.interface.to_ne_bytes());
            put(&mut block, at + ADDRESS + 8, &frame.hardware.to_ne_bytes());
            put(&mut block, at + ADDRESS + 10, &[frame.kind]);
            put(&mut block, at + link, &frame.octets);
            at += whole;
        }
        block
    }

    pub(in crate::source::live) fn put(block: &mut [u8], at: usize, octets: &[u8]) {
        block[at..at + octets.len()].copy_from_slice(octets);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::testing::{Sample, block, put};
    use super::*;

    fn read(block: &[u8]) -> (Vec<Packet>, Option<Broken>) {
        let (mut walk, mut packets) = (Walk::new(block), Vec::new());
        while let Some(step) = walk.next(block) {
            match step {
                Ok(packet) => packets.push(packet),
                Err(broken) => return (packets, Some(broken)),
            }
        }
        assert!(walk.is_over());
        (packets, None)
    }

    #[test]
    fn frames_come_in_order_with_their_octets_times_and_lengths() {
        let cut = Sample { wire_len: 1514, ..Sample::of(&[7; 96]) };
        let block = block(4096, &[Sample::of(&[1; 60]), cut, Sample::of(&[2; 14])]);
        let (packets, broken) = read(&block);
        assert_eq!(broken, None);
        let octets = |p: &Packet| block[p.start..p.start + p.captured_len as usize].to_vec();
        let all: Vec<_> = packets.iter().map(octets).collect();
        assert_eq!(all, [vec![1; 60], vec![7; 96], vec![2; 14]]);
        assert_eq!(packets.iter().map(|p| p.wire_len).collect::<Vec<_>>(), [60, 1514, 14]);
        assert_eq!(packets[0].time, CaptureTime(1_700_000_000_123_456_789));
        assert_eq!(packets[0].network - packets[0].start, 14);
        assert_eq!((packets[0].interface, packets[0].hardware, packets[0].protocol), (2, 1, 0x800));
    }

    #[test]
    fn the_largest_seconds_fit() {
        let late = Sample { seconds: u32::MAX, nanoseconds: 999_999_999, ..Sample::of(&[0; 14]) };
        assert_eq!(read(&block(512, &[late])).0[0].time, CaptureTime(4_294_967_295_999_999_999));
    }

    #[test]
    fn a_tag_comes_with_its_protocol_or_as_the_customers() {
        let tagged = Sample { tag: Some([0x88a8, 0x2005]), ..Sample::of(&[0; 60]) };
        let mut octets = block(512, &[tagged]);
        assert_eq!(read(&octets).0[0].tag, Some([0x88a8, 0x2005]));
        put(&mut octets, 48 + 20, &(1 | TAG_VALID).to_ne_bytes());
        assert_eq!(read(&octets).0[0].tag, Some([0x8100, 0x2005]));
        put(&mut octets, 48 + 20, &1_u32.to_ne_bytes());
        assert_eq!(read(&octets).0[0].tag, None);
    }

    #[test]
    fn an_empty_block_gives_nothing_and_a_block_of_no_octets_too() {
        assert_eq!(read(&block(512, &[])), (vec![], None));
        assert_eq!(read(&[]), (vec![], None));
    }

    #[test]
    fn what_leads_out_of_the_block_is_broken_and_says_how_much_is_lost() {
        let whole = block(1024, &[Sample::of(&[1; 60]), Sample::of(&[2; 60])]);
        let broken = |at: usize, value: u32| {
            let mut block = whole.clone();
            put(&mut block, at, &value.to_ne_bytes());
            read(&block)
        };
        // First frame's place; distance to the second; captured length; link header's place.
        assert_eq!(broken(FIRST, 1020), (vec![], Some(Broken { left: 2 })));
        assert_eq!(broken(48, 4000).1, Some(Broken { left: 1 }));
        assert_eq!(broken(48, 0).1, Some(Broken { left: 1 }), "two frames at one place");
        assert_eq!(broken(48, 8).1, Some(Broken { left: 1 }), "a frame inside another's header");
        assert_eq!(broken(48 + 12, 1 << 31), (vec![], Some(Broken { left: 2 })));
        assert_eq!(broken(48 + 24, 8), (vec![], Some(Broken { left: 2 })));
        assert_eq!(broken(FRAMES, 3).1, Some(Broken { left: 1 }));
    }

    proptest! {
        #[test]
        fn no_block_makes_it_panic_or_leave_the_block(
            mut octets in proptest::collection::vec(any::<u8>(), 0..600),
            frames in 0_u32..40, first in 0_u32..100,
            changes in proptest::collection::vec((0_usize..600, any::<u8>()), 0..8),
        ) {
            if let Some(head) = octets.get_mut(..20) {
                put(head, FRAMES, &frames.to_ne_bytes());
                put(head, FIRST, &first.to_ne_bytes());
            }
            let mut near = block(600, &[Sample::of(&[3; 40]), Sample::of(&[4; 90])]);
            for (at, value) in changes {
                near[at] = value;
            }
            for block in [octets, near] {
                let (packets, _) = read(&block);
                prop_assert!(packets.len() <= block.len() / HEADER);
                for packet in packets {
                    prop_assert!(packet.start + packet.captured_len as usize <= block.len());
                    prop_assert!(packet.network >= packet.start);
                }
            }
        }
    }
}
