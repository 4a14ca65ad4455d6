//! The only thing that the hot path adds to.

use super::Count;
use super::sync::{AtomicU64, Relaxed, own};

/// What one side of a flow has sent. One thread writes, any may read.
#[derive(Debug, Default)]
pub(crate) struct SideCounter {
    frames: AtomicU64,
    octets: AtomicU64,
    payload: AtomicU64,
}

impl SideCounter {
    /// Counts one frame: octets on the wire (not captured octets), and of transport payload.
    pub(crate) fn count(&self, wire_len: u32, payload: u32) {
        add(&self.frames, 1);
        add(&self.octets, u64::from(wire_len));
        add(&self.payload, u64::from(payload));
    }

    /// What has been counted. While the capture thread counts, the three may be of different
    /// moments; each is one that really was.
    pub(crate) fn read(&self) -> Count {
        Count {
            frames: self.frames.load(Relaxed),
            octets: self.octets.load(Relaxed),
            payload: self.payload.load(Relaxed),
        }
    }
}

/// A flow belongs to one capture thread, so load and store lose nothing, and cost a fifth of a
/// locked addition. Relaxed: a reader needs each counter whole, not in order with others;
/// totals are sums of what one Snapshot read, so they always add up.
fn add(counter: &AtomicU64, n: u64) {
    counter.store(own(counter).wrapping_add(n), Relaxed);
}
