//! The frames of one flow, written beside the screen: what is refused, and what came of it.

use std::path::PathBuf;

use crate::language::{Argument, Language};

/// Why the frames of a flow cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FramesRefused {
    /// They are not there: nothing holds the frames.
    NotKept,
    /// The captures are still being read.
    Reading,
    /// The flow's capture came through a pipe or standard input: it cannot be read again.
    OnlyOnce,
    /// Frames of another flow are being written.
    Busy,
    /// The flow is no longer kept one by one.
    Gone,
}

impl FramesRefused {
    /// The key of its message.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::NotKept => "no-frames",
            Self::Reading => "frames-reading",
            Self::OnlyOnce => "frames-only-once",
            Self::Busy => "frames-busy",
            Self::Gone => "flow-gone",
        }
    }
}

/// What came of writing the frames of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FramesWritten {
    /// The capture that was made; `None` where it could not even be opened.
    pub path: Option<PathBuf>,
    /// Frames in it.
    pub found: u64,
    /// Frames that the flow counted.
    pub counted: u64,
    /// Why there are no more, where something went wrong.
    pub fault: Option<String>,
}

impl FramesWritten {
    /// Says it in one sentence.
    pub fn text(&self, language: Language) -> String {
        let path = self.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let arguments: [(&'static str, Argument<'_>); 4] = [
            ("path", path.into()),
            ("found", self.found.into()),
            ("counted", self.counted.into()),
            ("why", self.fault.clone().unwrap_or_default().into()),
        ];
        let key = match (&self.path, &self.fault) {
            (None, _) => "not-written",
            (Some(_), Some(_)) => "frames-ended",
            (Some(_), None) if self.found == self.counted => "frames-written",
            (Some(_), None) => "frames-differ",
        };
        language.say_with(key, &arguments)
    }
}
