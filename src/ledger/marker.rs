//! What somebody noted while the capture ran.

use crate::source::CaptureTime;

/// A note at a point of a live capture: "diagnostic data set to required".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marker {
    /// The capture clock when it came; `None` before the first frame.
    pub time: Option<CaptureTime>,
    /// Frames that had been read by then.
    pub after_frames: u64,
    /// The text as written.
    pub text: Box<str>,
}

impl Marker {
    /// Octets of a marker's text; longer ones are refused.
    pub const LONGEST_TEXT: usize = 1024;
    /// Markers of a run; further ones are refused, and whoever sets them is told.
    pub const MOST_KEPT: usize = 10_000;
}
