//! Where live frames come from.

use std::time::Duration;

use super::Happening;
use crate::source::{Batch, CaptureAccount, Relayed, StreamRelay};

/// What came of waiting for frames.
#[derive(Debug)]
pub enum Came<'a> {
    /// Frames, at least one.
    Batch(Batch<'a>),
    /// None came within the time.
    Idle,
    /// None came, but something is to be said; others go on.
    Happened(Happening),
    /// No more frames will come.
    Ended,
}

/// Frames as they come, from a stream or from interfaces.
pub trait LiveFrames {
    /// The next frames, if some come within `timeout`.
    fn next_batch(&mut self, timeout: Duration) -> Came<'_>;
    /// What was read so far: of just the frames that were handed out.
    fn accounts(&self) -> &[CaptureAccount];
    /// Brings the losses in the accounts up to date.
    fn look_at_losses(&mut self) {}
    /// Whether the frames are dated by a clock that runs while none come: then silence ends
    /// flows. A stream tells the time by its frames alone, so that a pause in a pipe changes
    /// nothing.
    fn clock_runs(&self) -> bool;
}

impl LiveFrames for StreamRelay {
    fn next_batch(&mut self, timeout: Duration) -> Came<'_> {
        match Self::next_batch(self, timeout) {
            Relayed::Batch(batch) => Came::Batch(batch),
            Relayed::Idle => Came::Idle,
            Relayed::Ended => Came::Ended,
        }
    }

    fn accounts(&self) -> &[CaptureAccount] {
        Self::accounts(self)
    }

    fn clock_runs(&self) -> bool {
        false
    }
}
