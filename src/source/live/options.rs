//! What a live capture is unless asked for otherwise.

use std::time::Duration;

use super::{Backend, LiveOptions};

impl LiveOptions {
    /// Octets of a large ring's block.
    const LARGEST_BLOCK: usize = 1 << 20;
    /// Blocks of a small ring. While one is read the kernel has the others to fill: with two of
    /// them half of the ring would be out of its reach, and be lost when the reader sleeps.
    const BLOCKS: usize = 16;
    /// What the kernel puts in front of the frames of a block and of each frame, at most, with the
    /// room that is asked for in front of it.
    const IN_FRONT: usize = 512;
    /// Octets of the largest frame that a machine makes: 65,535 of IP, and link headers.
    const LARGEST_FRAME: usize = 65_535 + 64;
    /// Octets of a ring, unless asked for otherwise: 0.2 s of a full gigabit line.
    pub const RING_OCTETS: usize = 32 << 20;
    /// How long frames wait for their block to fill, unless asked for otherwise.
    pub const BLOCK_TIMEOUT: Duration = Duration::from_millis(50);

    /// Octets of a ring's block: a sixteenth of the ring as a power of two, at most 1 MiB, and
    /// not less than 64 KiB or than the largest frame that is to be kept needs.
    pub fn block_octets(&self) -> usize {
        let whole = |snaplen: u32| usize::try_from(snaplen).unwrap_or(usize::MAX);
        let frame = self.snaplen.map_or(Self::LARGEST_FRAME, whole).min(Self::LARGEST_FRAME);
        let least = (frame + Self::IN_FRONT).next_power_of_two().max(1 << 16);
        let share = (self.ring_octets / Self::BLOCKS).clamp(1, Self::LARGEST_BLOCK);
        (1 << share.ilog2()).max(least)
    }
}

impl Default for LiveOptions {
    /// No interface yet; whole frames of this station, on one thread, through a ring of
    /// [`LiveOptions::RING_OCTETS`].
    fn default() -> Self {
        Self {
            interfaces: Vec::new(),
            promiscuous: false,
            snaplen: None,
            ring_octets: Self::RING_OCTETS,
            block_timeout: Self::BLOCK_TIMEOUT,
            filter: None,
            fanout_threads: 1,
            backend: Backend::default(),
            netns: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(ring_octets: usize, snaplen: Option<u32>) -> usize {
        LiveOptions { snaplen, ring_octets, ..LiveOptions::default() }.block_octets()
    }

    #[test]
    fn a_block_is_a_sixteenth_of_its_ring_and_holds_the_largest_frame() {
        let kib = 1 << 10;
        for (ring, expected) in [(1, 128), (2 << 10, 128), (4 << 10, 256), (5 << 10, 256)] {
            assert_eq!(block(ring * kib, None), expected * kib, "{ring} KiB");
        }
        for (ring, expected) in [(16 << 10, 1024), (32 << 10, 1024), (1 << 20, 1024)] {
            assert_eq!(block(ring * kib, None), expected * kib, "{ring} KiB");
        }
        assert_eq!(block(usize::MAX, Some(u32::MAX)), 1024 * kib);
        assert_eq!(block(0, None), 128 * kib);
    }

    #[test]
    fn cut_frames_allow_smaller_blocks() {
        assert_eq!(block(1 << 20, Some(96)), 1 << 16);
        assert_eq!(block(1 << 20, Some(65_000)), 1 << 16);
        assert_eq!(block(1 << 20, Some(65_535)), 1 << 17);
    }
}
