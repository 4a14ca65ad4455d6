//! Which captures form which stream.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::OpenError;

/// One capture to be read.
#[derive(Clone, Debug)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// A regular file that is open already, because it may not be opened later.
    Open(PathBuf, Arc<File>),
    /// The first octets of a regular file that is still being written, and open already.
    Part(PathBuf, Arc<File>, u64),
}

impl Input {
    /// The path of a file, as it was given.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdin => None,
            Self::File(path) | Self::Open(path, _) | Self::Part(path, ..) => Some(path),
        }
    }

    /// Whether it can be read more than once.
    pub fn is_regular(&self) -> bool {
        match self {
            Self::Stdin => false,
            Self::File(path) => path.is_file(),
            Self::Open(..) | Self::Part(..) => true,
        }
    }

    /// How many octets of it are read, where the file goes on behind them.
    pub(super) fn part(&self) -> Option<u64> {
        match self {
            Self::Part(_, _, octets) => Some(*octets),
            Self::Stdin | Self::File(_) | Self::Open(..) => None,
        }
    }

    fn size(&self) -> Option<u64> {
        let metadata = match self {
            Self::Stdin => return None,
            Self::File(path) => path.metadata(),
            Self::Open(_, file) => file.metadata(),
            Self::Part(_, _, octets) => return Some(*octets),
        };
        metadata.ok().filter(std::fs::Metadata::is_file).map(|m| m.len())
    }
}

impl PartialEq for Input {
    /// Whether both are the same path, open or not.
    fn eq(&self, other: &Self) -> bool {
        self.path() == other.path()
    }
}

impl Eq for Input {}

impl fmt::Display for Input {
    /// The path as it was given; `-` for standard input.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path() {
            None => f.write_str("-"),
            Some(path) => path.display().fmt(f),
        }
    }
}

/// Captures that are read as one: flow table, DNS answers and clock belong to a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamPlan {
    /// The captures; their order is that of the frames where `reading` is `InTurn`.
    pub captures: Vec<Input>,
    /// How they are joined.
    pub reading: Reading,
}

impl StreamPlan {
    /// Octets of all captures together, as they lie on disk; `None` where that is not known.
    pub fn size_hint(&self) -> Option<u64> {
        Self::size_of_all(std::slice::from_ref(self))
    }

    /// The same of several streams.
    pub fn size_of_all(streams: &[Self]) -> Option<u64> {
        let captures = streams.iter().flat_map(|stream| &stream.captures);
        captures.map(Input::size).try_fold(0_u64, |sum, size| sum.checked_add(size?))
    }
}

/// How the captures of a stream are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// One after the other.
    InTurn,
    /// Frame by frame in the order of time.
    ByTime,
}

/// What the command line's captures are to be read as.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The streams, in the order in which their first captures were given.
    pub streams: Vec<StreamPlan>,
    /// Files in directories that are no captures, in the order in which they were found.
    pub skipped: Vec<PathBuf>,
    /// What was given and cannot be read; the streams are worth reading nevertheless.
    pub errors: Vec<PlanError>,
}

/// Why something that was given is in no stream.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A file or directory that cannot be opened.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// As given, or as found in a directory.
        path: PathBuf,
        /// Why.
        reason: OpenError,
    },
    /// A directory in which nothing is a capture.
    #[error(
        "{}: no capture in this directory (files looked at: {files}); give one that holds pcap or pcapng files, plain or compressed",
        path.display()
    )]
    NoCaptures {
        /// The directory as given.
        path: PathBuf,
        /// Files that were looked at, in subdirectories too.
        files: usize,
    },
}
