//! What a capture says of the live session in which vigie wrote it: comments of its own, in words
//! that people read in other programs, too.

use std::fmt;

use jiff::Timestamp;

use super::CaptureTime;

/// Which file of which session a capture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionFile {
    /// What the clock of the capturing machine said when the session began.
    pub begun: CaptureTime,
    /// Number of this file.
    pub number: u64,
    /// Number of the session's first file: numbers go on after those of earlier sessions.
    pub first: u64,
}

/// What somebody noted while the session ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionMarker {
    /// The capture clock when it came; `None` before the first frame.
    pub time: Option<CaptureTime>,
    /// Frames of this capture before it.
    pub after_frames: u64,
    /// The text as written.
    pub text: String,
}

impl SessionFile {
    /// Reads the comment of a section; none where it is another one.
    pub(super) fn parse(comment: &str) -> Option<Self> {
        let rest = comment.strip_prefix(BEGUN)?;
        let (begun, rest) = rest.split_once(FILE)?;
        let (number, first) = rest.split_once(FIRST)?;
        let file =
            Self { begun: time(begun)?, number: number.parse().ok()?, first: first.parse().ok()? };
        (1..=file.number).contains(&file.first).then_some(file)
    }
}

impl fmt::Display for SessionFile {
    /// The comment from which it is read again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every time that fits is between the years 1677 and 2262.
        let begun = Timestamp::from_nanosecond(self.begun.0.into()).unwrap_or_default();
        write!(f, "{BEGUN}{begun}{FILE}{}{FIRST}{}", self.number, self.first)
    }
}

impl SessionMarker {
    /// Reads a comment behind `after_frames` frames; none where it is another one.
    pub(super) fn parse(comment: &str, after_frames: u64) -> Option<Self> {
        let rest = comment.strip_prefix(MARKER)?;
        if let Some(text) = rest.strip_prefix(": ") {
            return Some(Self { time: None, after_frames, text: text.to_owned() });
        }
        let (when, text) = rest.strip_prefix(' ')?.split_once(": ")?;
        Some(Self { time: Some(time(when)?), after_frames, text: text.to_owned() })
    }
}

fn time(text: &str) -> Option<CaptureTime> {
    let time: Timestamp = text.parse().ok()?;
    i64::try_from(time.as_nanosecond()).ok().map(CaptureTime)
}

const BEGUN: &str = "live session begun ";
const FILE: &str = "; file ";
const FIRST: &str = ", the first was ";
/// What a comment begins with that is a marker.
const MARKER: &str = "marker";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_a_session_is_read_as_it_is_written_and_nothing_else_is_one() {
        let file =
            SessionFile { begun: CaptureTime(1_767_600_000_123_456_789), number: 8, first: 7 };
        assert_eq!(
            file.to_string(),
            "live session begun 2026-01-05T08:00:00.123456789Z; file 8, the first was 7"
        );
        assert_eq!(SessionFile::parse(&file.to_string()), Some(file));
        for (from, to) in [("8,", "6,"), ("file 8", "file x"), ("2026", "20x6"), ("live", "alive")]
        {
            assert_eq!(SessionFile::parse(&file.to_string().replace(from, to)), None, "{to}");
        }
    }

    #[test]
    fn a_marker_is_read_with_and_without_a_time() {
        let read = |comment: &str| {
            SessionMarker::parse(comment, 3).map(|marker| (marker.time, marker.text))
        };
        let time = Some(CaptureTime(1_767_600_000_000_000_001));
        let text = || "Teams on: now".to_owned();
        let with = read("marker 2026-01-05T08:00:00.000000001Z: Teams on: now");
        assert_eq!(with, Some((time, text())));
        assert_eq!(read("marker: Teams on: now"), Some((None, text())));
        for other in ["markers: x", "marker soon: x", "a marker: x", "marker 2026-01-05T08:00:00Z"]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
