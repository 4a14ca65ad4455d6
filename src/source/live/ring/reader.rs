//! From block to block.

use std::io;
use std::os::fd::AsFd;

use super::block::Broken;
use super::block::Walk;
use super::mapping::Mapping;
use super::{Packet, PacketSocket, RingShape};

/// A packet socket with its ring.
#[derive(Debug)]
pub(in crate::source::live) struct Ring {
    socket: PacketSocket,
    blocks: Blocks,
}

/// The ring's memory, and how far it was read.
#[derive(Debug)]
struct Blocks {
    mapping: Mapping,
    /// The block that is read, or comes next.
    at: usize,
    /// How far it was read, once it was begun.
    walk: Option<Walk>,
}

/// What came of reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::source::live) struct RingFill {
    /// Frames that were given.
    pub(in crate::source::live) frames: usize,
    /// The block ended too early.
    pub(in crate::source::live) broken: Option<Broken>,
}

impl Ring {
    /// Makes and maps the ring of a socket that is not bound yet.
    pub(in crate::source::live) fn new(socket: PacketSocket, shape: RingShape) -> io::Result<Self> {
        socket.ring(shape)?;
        let (len, blocks) = (shape.block_len as usize, shape.blocks as usize);
        let mapping = Mapping::new(socket.as_fd(), len, blocks)?;
        Ok(Self { socket, blocks: Blocks { mapping, at: 0, walk: None } })
    }

    /// The socket.
    pub(in crate::source::live) fn socket(&self) -> &PacketSocket {
        &self.socket
    }

    /// Whether there may be something to read without waiting.
    #[inline]
    pub(in crate::source::live) fn is_ready(&self) -> bool {
        self.blocks.is_ready()
    }

    /// Gives the next frames of one block to `take`, until it says `false`. The block stays ours
    /// until the next call.
    pub(in crate::source::live) fn fill(
        &mut self,
        mut take: impl FnMut(&PacketSocket, &mut [u8], &Packet) -> bool,
    ) -> RingFill {
        let Self { socket, blocks } = self;
        blocks.fill(|block, packet| take(socket, block, packet))
    }

    /// Hands a block back that was read whole: what was given of it is no longer valid. To be
    /// done before waiting, since the kernel takes a block that is ours for something to read.
    pub(in crate::source::live) fn release(&mut self) {
        self.blocks.release();
    }

    /// The block that the frames of the last [`Ring::fill`] lie in.
    pub(in crate::source::live) fn octets(&self) -> &[u8] {
        self.blocks.octets()
    }
}

impl Blocks {
    #[inline]
    fn is_ready(&self) -> bool {
        match self.walk {
            Some(walk) if walk.is_over() => self.mapping.is_ours(self.after()),
            Some(_) => true,
            None => self.mapping.is_ours(self.at),
        }
    }

    fn after(&self) -> usize {
        (self.at + 1) % self.mapping.blocks()
    }

    fn fill(&mut self, mut take: impl FnMut(&mut [u8], &Packet) -> bool) -> RingFill {
        // A block without frames is passed over; the kernel makes none, so once round is plenty.
        for _ in 0..=self.mapping.blocks() {
            self.release();
            let Some(block) = self.mapping.block_mut(self.at) else { break };
            let walk = self.walk.get_or_insert_with(|| Walk::new(block));
            let mut fill = RingFill::default();
            while let Some(step) = walk.next(block) {
                match step {
                    Ok(packet) => {
                        fill.frames += 1;
                        if !take(block, &packet) {
                            return fill;
                        }
                    }
                    Err(broken) => fill.broken = Some(broken),
                }
            }
            if fill != RingFill::default() {
                return fill;
            }
        }
        RingFill::default()
    }

    fn release(&mut self) {
        if self.walk.is_some_and(|walk| walk.is_over()) {
            self.mapping.release(self.at);
            self.at = self.after();
            self.walk = None;
        }
    }

    fn octets(&self) -> &[u8] {
        self.mapping.block(self.at).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::testing::{Sample, block};
    use super::super::mapping::testing::{Kernel, ring};
    use super::*;

    const LEN: usize = 4096;

    fn blocks(count: usize) -> (Blocks, Kernel) {
        let (mapping, kernel) = ring(LEN, count);
        (Blocks { mapping, at: 0, walk: None }, kernel)
    }

    /// The first octets of the frames that come, at most `most` at once.
    fn read(blocks: &mut Blocks, most: usize) -> Vec<u8> {
        let mut firsts = Vec::new();
        blocks.fill(|block, packet| {
            firsts.push(block[packet.start]);
            firsts.len() < most
        });
        firsts
    }

    fn frames(numbers: &[u8]) -> Vec<u8> {
        block(LEN, &numbers.iter().map(|n| Sample::of(&[*n; 60])).collect::<Vec<_>>())
    }

    #[test]
    fn a_block_is_given_in_parts_and_goes_back_after_the_last() {
        let (mut ours, mut kernel) = blocks(2);
        assert!(!ours.is_ready());
        assert!(kernel.retire(&frames(&[1, 2, 3])));
        assert!(ours.is_ready());
        assert_eq!(read(&mut ours, 2), [1, 2]);
        assert!(ours.is_ready());
        assert_eq!(read(&mut ours, 2), [3]);
        assert!(ours.mapping.is_ours(0), "what was given is still borrowed");
        assert!(!ours.is_ready());
        assert!(read(&mut ours, 2).is_empty());
        assert!(!ours.mapping.is_ours(0), "then it is the kernel's");
    }

    #[test]
    fn the_ring_goes_round_and_nothing_is_lost_or_seen_twice() {
        let (mut ours, mut kernel) = blocks(3);
        let mut seen = Vec::new();
        for number in 0..50 {
            assert!(kernel.retire(&frames(&[number, number])));
            seen.extend(read(&mut ours, 64));
        }
        let all: Vec<u8> = (0..50).flat_map(|n| [n, n]).collect();
        assert_eq!(seen, all);
    }

    #[test]
    fn a_block_without_frames_is_passed_over() {
        let (mut ours, mut kernel) = blocks(3);
        assert!(kernel.retire(&frames(&[])) && kernel.retire(&frames(&[])));
        assert!(kernel.retire(&frames(&[9])));
        assert_eq!(read(&mut ours, 64), [9]);
        let (mut ours, mut kernel) = blocks(2);
        assert!(kernel.retire(&frames(&[])) && kernel.retire(&frames(&[])));
        assert!(read(&mut ours, 64).is_empty());
        assert!(kernel.retire(&frames(&[4])), "both went back");
    }

    #[test]
    fn a_broken_block_gives_what_lies_before_and_the_ring_goes_on() {
        let (mut ours, mut kernel) = blocks(2);
        let mut broken = frames(&[1, 2, 3]);
        broken[12..16].copy_from_slice(&7_u32.to_ne_bytes());
        assert!(kernel.retire(&broken) && kernel.retire(&frames(&[5])));
        let fill = ours.fill(|_, _| true);
        assert_eq!(fill, RingFill { frames: 3, broken: Some(Broken { left: 4 }) });
        assert_eq!(read(&mut ours, 64), [5]);
    }

    /// The race for a block's status: a thread fills while this one reads. A reader that looks
    /// too early sees the octets of an earlier round, which the numbers give away.
    #[test]
    fn a_kernel_that_fills_while_we_read_loses_nothing() {
        const ROUNDS: u16 = 20_000;
        let (mut ours, mut kernel) = blocks(3);
        let number_of = |b: &[u8], at: usize| u16::from_be_bytes([b[at], b[at + 1]]);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                for number in 0..ROUNDS {
                    let [high, low] = number.to_be_bytes();
                    let filled: Vec<u8> = [high, low].repeat(500);
                    let full = block(LEN, &[Sample::of(&filled), Sample::of(&filled)]);
                    while !kernel.retire(&full) {
                        std::thread::yield_now();
                    }
                }
            });
            for expected in 0..ROUNDS {
                let mut frames = 0;
                while frames == 0 {
                    ours.fill(|block, packet| {
                        frames += 1;
                        for at in (packet.start..packet.start + 1000).step_by(2) {
                            assert_eq!(number_of(block, at), expected);
                        }
                        true
                    });
                    std::thread::yield_now();
                }
                assert_eq!(frames, 2);
            }
        });
    }
}
