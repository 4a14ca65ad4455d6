//! Which of several threads takes what two hosts exchange.

use std::net::IpAddr;

/// A number for two hosts, the same in both directions; modulo the number of threads, it is the
/// thread that takes their frames. The kernel computes the same of a frame's outer addresses (see
/// `live::bpf`).
pub fn share_of_hosts(one: IpAddr, other: IpAddr) -> u32 {
    mix(sum(one).wrapping_add(sum(other)))
}

/// Neighbouring addresses must not come in turns: the upper half of a product by an odd number
/// near 2³² divided by the golden ratio (Knuth, The Art of Computer Programming 3, §6.4).
pub(super) const FACTOR: u32 = 0x9e37_79b1;
/// Bits of the product that are left away.
pub(super) const SHIFT: u32 = 16;

/// One of several threads that share the frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which of them, from 0.
    pub index: usize,
    /// How many there are.
    pub count: usize,
}

impl Share {
    /// The thread that takes what two hosts exchange.
    pub fn owner(self, one: IpAddr, other: IpAddr) -> usize {
        share_of_hosts(one, other) as usize % self.count.max(1)
    }

    /// Whether that is this one.
    pub fn has(self, one: IpAddr, other: IpAddr) -> bool {
        self.owner(one, other) == self.index
    }
}

fn mix(sum: u32) -> u32 {
    sum.wrapping_mul(FACTOR) >> SHIFT
}

fn sum(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(address) => address.to_bits(),
        IpAddr::V6(address) => {
            let bits = address.to_bits();
            // The words, of which only the lower 32 bits are left.
            #[expect(clippy::cast_possible_truncation, reason = "four words of 32 bits")]
            let word = |place: u32| (bits >> (32 * place)) as u32;
            (0..4).map(word).fold(0, u32::wrapping_add)
        }
    }
}
