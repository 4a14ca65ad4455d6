//! What somebody noted while the capture ran.

use crate::source::{CaptureAccount, CaptureTime};

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

    /// Those that captures of live sessions hold, by time; each with the frames before it in its
    /// capture and in all captures that were given before that.
    pub fn of_sessions(captures: &[CaptureAccount]) -> Vec<Self> {
        let mut before = 0_u64;
        let mut markers = Vec::new();
        for capture in captures {
            markers.extend(capture.markers.iter().map(|marker| Self {
                time: marker.time,
                after_frames: before.saturating_add(marker.after_frames),
                text: marker.text.as_str().into(),
            }));
            before = before.saturating_add(capture.frames);
        }
        // At one moment, in the order in which they were set.
        markers.sort_by_key(|marker| (marker.time, marker.after_frames));
        markers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SessionMarker;

    #[test]
    fn markers_of_sessions_come_by_time_with_the_frames_of_all_captures_before_them() {
        let marker = |at: i64, text: &str| SessionMarker {
            time: Some(CaptureTime(at)),
            after_frames: 1,
            text: text.to_owned(),
        };
        let capture = |markers: Vec<SessionMarker>| CaptureAccount {
            frames: 10,
            markers,
            ..CaptureAccount::default()
        };
        let captures = [
            capture(vec![marker(9, "late")]),
            capture(Vec::new()),
            capture(vec![marker(5, "early")]),
        ];
        let found = Marker::of_sessions(&captures);
        let found: Vec<_> = found.iter().map(|m| (m.after_frames, &*m.text)).collect();
        assert_eq!(found, [(21, "early"), (1, "late")]);
    }
}
