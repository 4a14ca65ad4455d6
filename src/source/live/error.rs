//! Why a live capture cannot be opened, or goes on no more.

use std::io;
use std::path::PathBuf;

/// Why a live capture cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum LiveOpenError {
    /// No interface was named.
    #[error("no interface to capture from")]
    NoInterface,
    /// `any` beside others, or one named twice.
    #[error("{0}: named beside itself or beside any")]
    NamedTwice(String),
    /// There is none of this name.
    #[error("{0}: no such interface; vigie interfaces lists them")]
    NotFound(String),
    /// The kernel wants `CAP_NET_RAW`.
    #[error("{0}: no right to capture")]
    NoRight(String),
    /// The back end cannot do this here.
    #[error("{interface}: {why}")]
    Unsupported {
        /// The interface's name.
        interface: String,
        /// What cannot be done, in words.
        why: &'static str,
    },
    /// There is no memory for a ring of this size.
    #[error("{interface}: no memory for a ring of {octets} octets; ask for a smaller one")]
    RingTooLarge {
        /// The interface's name.
        interface: String,
        /// Octets of the ring.
        octets: usize,
    },
    /// The namespace cannot be entered.
    #[error("{}: this network namespace cannot be entered", path.display())]
    Namespace {
        /// The namespace's file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A system call failed.
    #[error("{interface}: {call} failed")]
    System {
        /// The interface's name.
        interface: String,
        /// The system call.
        call: &'static str,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}

/// Why a live capture goes on no more, in part or in whole.
#[derive(Debug, thiserror::Error)]
pub enum LiveFailure {
    /// A system call failed: this interface gives no more frames.
    #[error("{interface}: {call} failed; nothing more is read there")]
    System {
        /// The interface's name.
        interface: String,
        /// The system call.
        call: &'static str,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The kernel's ring contradicts itself: these frames were not read; reading goes on.
    #[error("{interface}: a block of the ring is broken; {frames} frames in it are lost")]
    Block {
        /// The interface's name.
        interface: String,
        /// Frames of the block that were not read.
        frames: u32,
    },
    /// Nothing is left to read from.
    #[error("no interface is left to capture from")]
    NothingLeft,
}
