//! The frame of every block: type, length, contents, length again.
#![warn(clippy::indexing_slicing)]

use crate::source::order::{ByteOrder, Cursor};

/// Section header; reads the same in both byte orders.
pub(super) const SECTION: u32 = 0x0a0d_0d0a;
pub(super) const INTERFACE: u32 = 1;
/// The obsolete packet block.
pub(super) const PACKET: u32 = 2;
pub(super) const SIMPLE: u32 = 3;
pub(super) const STATISTICS: u32 = 5;
pub(super) const ENHANCED: u32 = 6;

/// Octets of a block that are believed whatever the snaplen.
pub(super) const BLOCK_MOST: u32 = 16 << 20;
/// Octets of a packet block beyond its captured octets: header and options.
pub(super) const AROUND_PACKET: u32 = 1 << 16;

/// Whether the type is one that vigie reads or passes over knowingly: name resolution, IRIG and
/// ARINC, systemd journal, decryption secrets, Sysdig's, custom and Wireshark's own blocks hold
/// no frames.
pub(super) fn is_known(block: u32) -> bool {
    matches!(
        block,
        SECTION
            | 1..=10
            | 0x0000_0101..=0x0000_0102
            | 0x0000_0201..=0x0000_0224
            | 0x0000_0bad
            | 0x4000_0bad
            | 0x8000_0001
    )
}

/// Type and length of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) block: u32,
    pub(super) len: u32,
    /// The order of the block: a section header brings its own.
    pub(super) order: ByteOrder,
}

/// What the start of a block says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Head(Head),
    /// So many octets must be there.
    Short(usize),
    /// A section header without a byte order.
    NoOrder,
}

impl Start {
    /// Reads the start of a block in a section of the given order.
    #[inline]
    pub(super) fn of(octets: &[u8], order: ByteOrder) -> Self {
        let mut cursor = Cursor::new(octets, order);
        let (Some(block), Some(len)) = (cursor.u32(), cursor.u32()) else { return Self::Short(8) };
        if block != SECTION {
            return Self::Head(Head { block, len, order });
        }
        let Some((magic, _)) = cursor.rest().split_first_chunk() else { return Self::Short(12) };
        match byte_order(*magic) {
            Some(own) => {
                let len = if own == order { len } else { len.swap_bytes() };
                Self::Head(Head { block, len, order: own })
            }
            None => Self::NoOrder,
        }
    }
}

impl Head {
    /// Octets that a block of this type has at least.
    #[inline]
    pub(super) fn smallest(self) -> u32 {
        if self.block == SECTION { 28 } else { 12 }
    }

    /// Whether a block of a section may have this length, when blocks have `most` at most.
    #[inline]
    pub(super) fn is_plausible(self, most: u32) -> bool {
        (self.smallest()..=most).contains(&self.len) && self.len.is_multiple_of(4)
    }

    /// The contents and the length at the end of a whole block.
    #[inline]
    pub(super) fn split(self, block: &[u8]) -> Option<(&[u8], u32)> {
        let (rest, trailer) = block.split_last_chunk()?;
        Some((rest.get(8..)?, self.order.u32(*trailer)))
    }
}

/// The order that a byte-order magic states.
fn byte_order(magic: [u8; 4]) -> Option<ByteOrder> {
    match magic {
        [0x4d, 0x3c, 0x2b, 0x1a] => Some(ByteOrder::Little),
        [0x1a, 0x2b, 0x3c, 0x4d] => Some(ByteOrder::Big),
        _ => None,
    }
}
