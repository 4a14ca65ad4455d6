//! What a live capture is unless asked for otherwise.

use std::time::Duration;

use super::{Backend, LiveOptions};

impl LiveOptions {
    /// Octets of a ring's block: no frame is larger (65,535 octets and headers), many fit.
    pub const BLOCK_OCTETS: usize = 1 << 20;
    /// Octets of a ring, unless asked for otherwise: 0.2 s of a full gigabit line.
    pub const RING_OCTETS: usize = 32 << 20;
    /// How long frames wait for their block to fill, unless asked for otherwise.
    pub const BLOCK_TIMEOUT: Duration = Duration::from_millis(50);
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
