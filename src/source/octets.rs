//! The octets of a capture as they come: from the disk or a pipe, plain or unpacked.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::compressed::Unpacker;
use super::from_start::FromStart;
use super::hash::Hasher;
use super::window::Window;
use super::{Compression, DamageKind, Input, OpenError, ReadOptions, silence};

/// An input's octets as they lie on disk.
pub(super) struct Raw {
    source: Box<dyn Read + Send>,
    hasher: Option<Hasher>,
}

impl std::fmt::Debug for Raw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Raw").field("hasher", &self.hasher).finish_non_exhaustive()
    }
}

impl Raw {
    /// Opens the input; its octets are hashed as they are read, where that is wanted.
    pub(super) fn open(input: &Input, options: &ReadOptions) -> Result<Self, OpenError> {
        let source = match input {
            Input::Stdin => silence::stdin(&options.stop)?,
            Input::File(path) => silence::file(path, &options.stop)?,
            Input::Open(_, file) => Box::new(FromStart::of(file)),
            Input::Part(_, file, octets) => Box::new(FromStart::of(file).take(*octets)),
        };
        Ok(Self::new(source, options.hash)?)
    }

    /// The octets that `source` gives.
    pub(super) fn new(source: Box<dyn Read + Send>, hash: bool) -> io::Result<Self> {
        let hasher = hash.then(Hasher::start).transpose()?;
        Ok(Self { source, hasher })
    }

    /// SHA-256 of the whole input, of which the rest is read first.
    pub(super) fn finish(mut self, octets_read: &AtomicU64) -> Option<[u8; 32]> {
        self.hasher.as_ref()?;
        let mut block = vec![0; Window::BLOCK];
        loop {
            match self.read(&mut block) {
                Ok(0) => break,
                Ok(n) => _ = octets_read.fetch_add(n as u64, Ordering::Relaxed),
                // No hash is better than one of a part.
                Err(_) => return None,
            }
        }
        self.hasher?.finish()
    }
}

impl Read for Raw {
    /// One call of the system's read, repeated only when a signal interrupts it.
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = loop {
            match self.source.read(into) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        if let (Some(hasher), Some(octets)) = (&mut self.hasher, into.get(..n)) {
            hasher.update(octets);
        }
        Ok(n)
    }
}

/// The octets that a format reader sees.
#[derive(Debug)]
pub(super) struct Octets {
    supply: Supply,
    /// Why reading ended before the end.
    failure: Option<io::Error>,
    stop: Arc<AtomicBool>,
}

#[derive(Debug)]
enum Supply {
    Plain(Raw),
    Unpacked(Unpacker),
    Finished,
}

/// What is known once all octets were read.
#[derive(Debug, Default)]
pub(super) struct Finished {
    pub(super) sha256: Option<[u8; 32]>,
    pub(super) damage: Option<DamageKind>,
}

impl Octets {
    /// Octets that need no unpacking.
    pub(super) fn plain(raw: Raw, stop: Arc<AtomicBool>) -> Self {
        Self { supply: Supply::Plain(raw), failure: None, stop }
    }

    /// The same input unpacked, of which `first` was read already.
    pub(super) fn unpack(
        self,
        compression: Compression,
        first: Vec<u8>,
    ) -> Result<Self, OpenError> {
        let supply = match self.supply {
            Supply::Plain(raw) => Supply::Unpacked(Unpacker::start(compression, first, raw)?),
            other => other,
        };
        Ok(Self { supply, ..self })
    }

    /// Reads until `needed` octets are unread in the window, or there are no more. A failure
    /// ends the window; [`Octets::failure`] says why.
    pub(super) fn ensure(&mut self, window: &mut Window, needed: usize, octets_read: &AtomicU64) {
        while window.rest().len() < needed && !window.ended() {
            let supply = &mut self.supply;
            if let Err(error) = window.refill(|room| supply.read(room, octets_read)) {
                self.failure = Some(error);
            }
        }
    }

    /// Whether reading ended because the run was stopped: that says nothing about the capture.
    pub(super) fn was_stopped(&self) -> bool {
        self.failure.is_some() && self.stop.load(Ordering::Relaxed)
    }

    /// Why reading ended before the end, once; as damage and as the reason not to open.
    pub(super) fn failure(&mut self) -> Option<(DamageKind, OpenError)> {
        let kind = self.failure.take()?.kind();
        Some(match &self.supply {
            Supply::Unpacked(unpacker) => {
                let compression = unpacker.compression();
                let damage = DamageKind::Compressed { compression, kind };
                (damage, OpenError::Compressed { compression, kind })
            }
            _ => (DamageKind::ReadFailed { kind }, io::Error::from(kind).into()),
        })
    }

    /// Ends the reading; gives the hash of the whole input and what followed its end.
    pub(super) fn finish(&mut self, octets_read: &AtomicU64) -> Finished {
        match std::mem::replace(&mut self.supply, Supply::Finished) {
            Supply::Plain(raw) => Finished { sha256: raw.finish(octets_read), damage: None },
            Supply::Unpacked(unpacker) => unpacker.finish(octets_read),
            Supply::Finished => Finished::default(),
        }
    }
}

impl Supply {
    fn read(&mut self, into: &mut [u8], octets_read: &AtomicU64) -> io::Result<usize> {
        match self {
            Self::Plain(raw) => {
                let n = raw.read(into)?;
                octets_read.fetch_add(n as u64, Ordering::Relaxed);
                Ok(n)
            }
            Self::Unpacked(unpacker) => unpacker.read(into, octets_read),
            Self::Finished => Ok(0),
        }
    }
}
