//! The kernel's ring of blocks (`AF_PACKET`, `TPACKET_V3`;
//! Linux `Documentation/networking/packet_mmap.rst`).
//!
//! `socket` and `mapping` hold what is unsafe: system calls and shared memory. `block` reads what
//! lies in a block, with every bound checked; `reader` goes from block to block.

mod block;
mod mapping;
mod reader;
mod socket;

pub(super) use block::Packet;
pub(super) use reader::Ring;
pub(super) use socket::{PacketSocket, RingShape};
