//! A bundle of evidence, made beside the screen: what is asked for, what is refused, and what came
//! of it.

use std::path::PathBuf;

use jiff::tz::TimeZone;

use crate::language::{Argument, Language};
use crate::ledger::Mask;
use crate::source::CaptureTime;

/// What a bundle is to be made of: what the screen shows, as far as a bundle knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct BundleWish {
    /// The filter as written.
    pub filter: Option<String>,
    /// The moment at which the ledger is shown; none: its end. Frames at that moment belong to it.
    pub moment: Option<CaptureTime>,
    /// What the screen hides.
    pub mask: Mask,
    /// The language of the screen.
    pub language: Language,
    /// The zone of its times.
    pub zone: TimeZone,
    /// Whether the screen shows only a part that was entered, which a bundle cannot say.
    pub entered: bool,
}

impl BundleWish {
    /// What is said when the work begins.
    pub(super) fn begun(&self) -> String {
        let mut parts = vec![self.language.say("bundle-begun")];
        if self.mask.hides_hosts() {
            parts.push(self.language.say("bundle-names-hosts"));
        }
        if self.entered {
            parts.push(self.language.say("bundle-of-all"));
        }
        parts.join("; ")
    }
}

/// Why no bundle is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BundleRefused {
    /// Nothing of the session is kept in a file.
    NotKept,
    /// The captures are still being read.
    Reading,
    /// A capture came through a pipe or standard input: it cannot be read again.
    OnlyOnce,
    /// One is being made.
    Busy,
    /// Nothing can be written where vigie runs.
    NotWritable,
    /// The session's files cannot be read back; why.
    NotReadable(String),
}

impl BundleRefused {
    /// Says it.
    pub(super) fn text(&self, language: Language) -> String {
        match self {
            Self::NotKept => language.say("bundle-not-kept"),
            Self::Reading => language.say("bundle-reading"),
            Self::OnlyOnce => language.say("bundle-only-once"),
            Self::Busy => language.say("bundle-busy"),
            Self::NotWritable => language.say("bundle-not-writable"),
            Self::NotReadable(why) => {
                language.say_with("bundle-failed", &[("why", why.as_str().into())])
            }
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BundleWritten {
    /// It is there.
    Made {
        /// The folder.
        folder: PathBuf,
        /// Tagged flows in it.
        flows: u64,
        /// Where the key of its pseudonyms is, where clients have some.
        key: Option<PathBuf>,
        /// Whether captures were damaged or frames are missing from it: it says where.
        incomplete: bool,
    },
    /// Nothing of it is left; why.
    Failed(String),
}

impl BundleWritten {
    /// Says it in one sentence, or two.
    pub fn text(&self, language: Language) -> String {
        let (folder, flows, key, incomplete) = match self {
            Self::Failed(why) => {
                return language.say_with("bundle-failed", &[("why", why.as_str().into())]);
            }
            Self::Made { folder, flows, key, incomplete } => (folder, *flows, key, *incomplete),
        };
        let mut arguments: Vec<(&'static str, Argument<'_>)> =
            vec![("path", folder.display().to_string().into()), ("flows", flows.into())];
        let mut parts = vec![match key {
            None => language.say_with("bundle-written", &arguments),
            Some(key) => {
                arguments.push(("key", key.display().to_string().into()));
                language.say_with("bundle-written-pseudonyms", &arguments)
            }
        }];
        if incomplete {
            parts.push(language.say("bundle-incomplete"));
        }
        parts.join("; ")
    }
}
