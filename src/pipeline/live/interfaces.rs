//! Frames of interfaces, as the live loop takes them.

use std::time::Duration;

use super::{Came, LiveFrames};
use crate::source::CaptureAccount;
use crate::source::live::{InterfaceChange, LiveEvent, LiveFailure, LiveSource};

impl LiveFrames for LiveSource {
    fn next_batch(&mut self, timeout: Duration) -> Came<'_> {
        match Self::next_batch(self, timeout) {
            LiveEvent::Batch(batch) => Came::Batch(batch),
            LiveEvent::Idle => Came::Idle,
            LiveEvent::InterfaceDown(InterfaceChange { name, removed: true, .. }) => {
                Came::Failed(format!("{name}: the interface is gone; waiting for it to come back"))
            }
            LiveEvent::InterfaceDown(InterfaceChange { name, .. }) => {
                Came::Said(format!("{name}: the interface is down"))
            }
            LiveEvent::InterfaceUp(InterfaceChange { name, .. }) => {
                Came::Said(format!("{name}: the interface is there again"))
            }
            LiveEvent::Failed(LiveFailure::NothingLeft) => Came::Ended,
            LiveEvent::Failed(LiveFailure::System { interface, call, source }) => {
                let text = format!("{interface}: {call} failed: {source}");
                Came::Failed(text + "; nothing more is read there")
            }
            LiveEvent::Failed(failure) => Came::Failed(failure.to_string()),
        }
    }

    fn accounts(&self) -> &[CaptureAccount] {
        std::slice::from_ref(self.account())
    }

    fn look_at_losses(&mut self) {
        self.statistics();
    }

    fn clock_runs(&self) -> bool {
        true
    }
}
