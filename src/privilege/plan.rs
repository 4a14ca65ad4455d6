//! What the rest of a run still needs.

use std::path::PathBuf;

use super::State;

/// The number of an open descriptor.
pub type Descriptor = i32;

/// What the rest of a run still needs; everything else is given up. What is open stays usable:
/// standard input and output, files, sockets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files, and folders with all that is in them, that may be opened for reading.
    pub read: Vec<PathBuf>,
    /// Folders in which files may be made, read, written, removed and renamed, from one folder
    /// within to another, too. Without any, no file at all can be opened for writing. Each must be
    /// writable for the user that the run goes on as: [`Unenforceable::NotWritable`].
    pub write: Vec<PathBuf>,
    /// Folders in which files may be removed, and nothing else done.
    pub remove: Vec<PathBuf>,
    /// Folders in which empty folders may be removed, and nothing else done: that of a folder of
    /// [`Plan::write`] which is to go at the end.
    pub remove_folders: Vec<PathBuf>,
    /// Open packet sockets, which receive and never send: nothing can be written to them any more,
    /// nor to a duplicate, which cannot be made. They can be bound to another interface, and
    /// asked for losses and for what became of their interface (packet(7)).
    pub receive_only: Vec<Descriptor>,
    /// Those of [`Plan::receive_only`] whose filter of frames can be replaced (socket(7),
    /// `SO_ATTACH_FILTER`): sockets that share an interface's frames cannot be bound again when
    /// it comes back, but get a filter for its new number.
    pub refilter: Vec<Descriptor>,
    /// Whether connections to an open, listening Unix socket are accepted and answered.
    pub serves: bool,
    /// Whether a terminal is drawn on and asked for keys. What tells of a new size, an open pair
    /// of sockets, must be there already: none can be made.
    pub screen: bool,
}

/// Why a plan could not be enforced at all. What the system lacks is no such reason, but a
/// [`Lack`](super::Lack).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unenforceable {
    /// Rights belong to threads: those that run already would keep theirs.
    #[error("rights can be given up only before other threads start; {0} run")]
    Threads(u32),
    /// A folder of [`Plan::write`] would be of no use.
    #[error(
        "{}: user {uid} may not write here, and vigie goes on as that user; \
         choose a folder of that user's, or change its owner",
        path.display()
    )]
    NotWritable {
        /// The folder.
        path: PathBuf,
        /// The user that the run goes on as.
        uid: u32,
    },
}

impl Plan {
    /// Gives up what is not in the plan, for good. To be called once, when everything is open
    /// and before other threads start.
    ///
    /// In this order: the bounding set; the user of `sudo` instead of root; all other sets of
    /// capabilities, and new rights by running programs; files and network by Landlock; system
    /// calls by seccomp. A layer that the system lacks is left out and stands in
    /// [`State::lacks`].
    #[cfg(target_os = "linux")]
    pub fn enforce(&self) -> Result<State, Unenforceable> {
        super::lock::enforce(self)
    }

    /// Nothing can be given up: everything stands in [`State::lacks`].
    #[cfg(not(target_os = "linux"))]
    pub fn enforce(&self) -> Result<State, Unenforceable> {
        Ok(State::of_other_systems())
    }
}
