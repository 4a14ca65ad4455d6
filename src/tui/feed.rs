//! The screen's door: who gives it snapshots.

use std::sync::Arc;

use super::bundle::{BundleRefused, BundleWish, BundleWritten};
use super::frames::{FramesRefused, FramesWritten};
use crate::ledger::{FlowPlace, Snapshot};
use crate::source::CaptureTime;

/// Gives snapshots and how the capture is doing. Asked a few times a second, from two threads;
/// must answer at once.
pub trait Feed: Sync {
    /// The newest snapshot that is there, with its flows ([`Snapshot::watched`]). The same
    /// handle as before where nothing changed.
    fn latest(&self) -> Arc<Snapshot>;
    /// How the capture is doing.
    fn status(&self) -> Status;
    /// Whether what feeds it came to grief, so that the screen has to end at once.
    fn is_broken(&self) -> bool {
        false
    }
    /// Keeps a marker. Says why not, where it cannot.
    fn mark(&self, marker: Marker) -> Result<(), String>;
    /// Keeps a marker before the first frame. None where nobody could tell its time.
    fn mark_early(&self, _label: String) -> Option<Result<(), String>> {
        None
    }
    /// Begins to write the frames of a flow into a new capture, beside the screen.
    fn write_frames(&self, _flow: FlowPlace) -> Result<(), FramesRefused> {
        Err(FramesRefused::NotKept)
    }
    /// What came of it: told once.
    fn frames_written(&self) -> Option<FramesWritten> {
        None
    }
    /// Begins to make a bundle of evidence of what was read, beside the screen.
    fn write_bundle(&self, _wish: BundleWish) -> Result<(), BundleRefused> {
        Err(BundleRefused::NotKept)
    }
    /// What came of it: told once.
    fn bundle_written(&self) -> Option<BundleWritten> {
        None
    }
}

/// A moment that somebody wanted to find again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// When, on the capture clock.
    pub time: CaptureTime,
    /// What it is.
    pub label: String,
}

/// How the capture is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// What is read: files or an interface.
    pub source: String,
    /// What is happening.
    pub state: CaptureState,
    /// Frames that the kernel or the interface lost, where that is known.
    pub drops: Option<u64>,
    /// What keeps vigie in bounds, where something does: in the words of the caller.
    pub sandbox: Option<String>,
    /// Markers, by time.
    pub markers: Vec<Marker>,
    /// Part of the input that was read, in per cent, where the size is known.
    pub progress: Option<u8>,
    /// How much of a bundle's work is done, in per cent, while one is being made.
    pub bundle: Option<u8>,
}

/// What is happening.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CaptureState {
    /// Captures are being read.
    #[default]
    Reading,
    /// Everything was read.
    Ended,
    /// An interface is watched.
    Live,
    /// It went wrong; why.
    Failed(String),
}
