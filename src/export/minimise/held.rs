//! A frame that waits to be written.

use crate::source::{CaptureTime, Frame};

/// A frame as far as it is kept.
#[derive(Clone, Debug)]
pub(in crate::export) struct Held {
    pub(in crate::export) capture: u32,
    pub(in crate::export) interface: u32,
    pub(in crate::export) time: CaptureTime,
    pub(in crate::export) wire_len: u32,
    pub(in crate::export) kept: Box<[u8]>,
    pub(in crate::export) comment: Option<&'static str>,
}

impl Held {
    /// The frame as it was captured.
    pub(in crate::export) fn whole(frame: &Frame<'_>) -> Self {
        Self::of(frame, frame.captured.into(), None)
    }

    pub(super) fn of(frame: &Frame<'_>, kept: Box<[u8]>, comment: Option<&'static str>) -> Self {
        Self {
            capture: frame.capture,
            interface: frame.interface,
            time: frame.time,
            wire_len: frame.wire_len,
            kept,
            comment,
        }
    }

    /// Octets that it takes in a file, and about as many in memory.
    pub(in crate::export) fn octets(&self) -> u64 {
        self.kept.len() as u64 + 80
    }
}
