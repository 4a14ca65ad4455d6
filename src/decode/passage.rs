//! A datagram that was put together, on its way to another thread.

use super::Packet;
use super::fragment::Whole;

/// A tunnel's datagram that was put together by the thread of the tunnel's ends, on its way to
/// the thread of the hosts inside: the frame that completed it holds only its last octets. There
/// [`Decoder::resume`](super::Decoder::resume) goes on.
#[derive(Debug)]
pub struct Passage {
    /// What the frame says without what is inside.
    pub(super) packet: Packet<'static>,
    pub(super) whole: Whole,
}
