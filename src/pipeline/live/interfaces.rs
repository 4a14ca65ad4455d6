//! Frames of interfaces, as the live loop takes them.

use std::time::Duration;

use super::{Came, Happening, LiveFrames};
use crate::source::CaptureAccount;
use crate::source::live::{InterfaceChange, LiveEvent, LiveFailure, LiveSource};

impl LiveFrames for LiveSource {
    fn next_batch(&mut self, timeout: Duration) -> Came<'_> {
        match Self::next_batch(self, timeout) {
            LiveEvent::Batch(batch) => Came::Batch(batch),
            LiveEvent::Idle => Came::Idle,
            LiveEvent::InterfaceDown(InterfaceChange { name, removed: true, .. }) => {
                Came::Happened(Happening::Gone(name))
            }
            LiveEvent::InterfaceDown(InterfaceChange { name, .. }) => {
                Came::Happened(Happening::Down(name))
            }
            LiveEvent::InterfaceUp(InterfaceChange { name, .. }) => {
                Came::Happened(Happening::Back(name))
            }
            LiveEvent::Failed(LiveFailure::NothingLeft) => Came::Ended,
            LiveEvent::Failed(LiveFailure::System { interface, call, source }) => {
                let cause = source.to_string();
                Came::Happened(Happening::Failed { interface, call, cause })
            }
            LiveEvent::Failed(LiveFailure::Block { interface, frames }) => {
                Came::Happened(Happening::Block { interface, frames })
            }
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
