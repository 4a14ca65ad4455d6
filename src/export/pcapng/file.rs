//! The file that blocks go to, whole.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Octets of blocks that are gathered before they are written.
const GATHERED: usize = 64 << 10;

/// Why a capture can be written no more.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// There is one already.
    #[error(
        "{}: there is such a file already, and vigie overwrites none; name another, or let --rotate number them",
        path.display()
    )]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be made or opened.
    #[error("{}: cannot be written", path.display())]
    Open {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It was open, and writing failed.
    #[error("{}: cannot be written on after {frames} frames", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Frames in it that are whole.
        frames: u64,
        /// Why.
        source: io::Error,
    },
}

impl FileFault {
    /// What the system said.
    pub fn cause(&self) -> Option<&io::Error> {
        match self {
            Self::Exists { .. } => None,
            Self::Open { source, .. } | Self::Write { source, .. } => Some(source),
        }
    }
}

/// A file of whole blocks.
///
/// `out` holds whole blocks only; `len` octets of the file are whole blocks. Files are for their
/// owner alone: 0600.
#[derive(Debug)]
pub(super) struct BlockFile {
    file: File,
    path: PathBuf,
    pub(super) out: Vec<u8>,
    len: u64,
    /// Frames in the file and in `out`.
    pub(super) frames: u64,
}

impl BlockFile {
    /// Makes the file; there must be none.
    pub(super) fn make(path: &Path) -> Result<Self, FileFault> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => FileFault::Exists { path: path.to_owned() },
            _ => FileFault::Open { path: path.to_owned(), source },
        })?;
        let path = path.to_owned();
        Ok(Self { file, path, out: Vec::new(), len: 0, frames: 0 })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Octets of the file once everything is written.
    pub(super) fn octets(&self) -> u64 {
        self.len + self.out.len() as u64
    }

    /// Writes, if enough blocks were gathered.
    pub(super) fn relieve(&mut self) -> Result<(), FileFault> {
        if self.out.len() < GATHERED { Ok(()) } else { self.write() }
    }

    /// Writes what was gathered. What fails in the middle of a block is taken back, so that the
    /// file ends with a whole one.
    pub(super) fn write(&mut self) -> Result<(), FileFault> {
        if self.out.is_empty() {
            return Ok(());
        }
        if let Err(source) = self.file.write_all(&self.out) {
            return Err(self.give_up(source));
        }
        self.len += self.out.len() as u64;
        self.out.clear();
        Ok(())
    }

    /// Writes, and waits until the disk has it.
    pub(super) fn sync(&mut self) -> Result<(), FileFault> {
        self.write()?;
        let result = self.file.sync_all();
        // A pipe or a device cannot be synchronised, and need not be.
        match result {
            Err(source) if source.kind() != io::ErrorKind::InvalidInput => {
                Err(FileFault::Write { path: self.path.clone(), frames: self.frames, source })
            }
            _ => Ok(()),
        }
    }

    /// Whether the path still leads to this file, or somebody moved or removed it.
    #[cfg(unix)]
    pub(super) fn is_in_place(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        let here = self.file.metadata().map(|m| (m.dev(), m.ino()));
        let there = self.path.metadata().map(|m| (m.dev(), m.ino()));
        matches!((here, there), (Ok(here), Ok(there)) if here == there)
    }

    /// Whether the path still leads to this file.
    #[cfg(not(unix))]
    pub(super) fn is_in_place(&self) -> bool {
        self.path.exists()
    }

    /// Ends the file after its last whole block.
    fn give_up(&mut self, source: io::Error) -> FileFault {
        let written = self.file.metadata().map_or(self.len, |m| m.len());
        let fitting = usize::try_from(written.saturating_sub(self.len)).unwrap_or(0);
        let (whole, frames) = whole_blocks(&self.out, fitting);
        let lost = frames_of(&self.out) - frames;
        self.frames = self.frames.saturating_sub(lost);
        self.len += whole as u64;
        // If even this fails, the reader of the file says where it is cut.
        let _ = self.file.set_len(self.len);
        self.out.clear();
        FileFault::Write { path: self.path.clone(), frames: self.frames, source }
    }
}

/// How many octets of the first `fitting` are whole blocks, and the frames among them.
fn whole_blocks(octets: &[u8], fitting: usize) -> (usize, u64) {
    let (mut at, mut frames) = (0, 0);
    while let Some((kind, len)) = head(&octets[at..])
        && at + len <= fitting
    {
        frames += u64::from(kind == PACKET);
        at += len;
    }
    (at, frames)
}

fn frames_of(octets: &[u8]) -> u64 {
    whole_blocks(octets, octets.len()).1
}

/// Type and length of the block at the start.
fn head(octets: &[u8]) -> Option<(u32, usize)> {
    let number = |at: usize| {
        let four = octets.get(at..at + 4)?;
        Some(u32::from_le_bytes(four.try_into().ok()?))
    };
    let len = usize::try_from(number(4)?).ok()?;
    (len >= 12).then_some((number(0)?, len))
}

/// Enhanced packet block.
const PACKET: u32 = 6;
