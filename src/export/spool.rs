//! Streams run side by side, their output comes one after the other.
//!
//! The stream whose turn it is writes straight through. The others' octets wait: in memory as
//! long as all that waits is at most [`MEMORY`], beyond that in one anonymous temporary file
//! for the run. What is written does not depend on who was faster.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Octets of all waiting streams together that are kept in memory.
pub(crate) const MEMORY: usize = 8 << 20;

/// Octets that a waiting stream gathers before it hands them over: these are beside [`MEMORY`],
/// once for each stream that runs.
const CHUNK: usize = 64 << 10;

/// The one writer of several streams, which are numbered from 0 in the order of output.
#[derive(Debug)]
pub(crate) struct Spool<W> {
    /// The stream that writes through. Changed only with `waiting` locked, and only by the end
    /// of that stream: who sees its own number keeps the turn until it ends.
    turn: AtomicUsize,
    writer: Mutex<W>,
    waiting: Mutex<Waiting>,
}

/// What is to be written when its turn comes.
#[derive(Debug)]
struct Waiting {
    /// Streams that ended before their turn.
    ended: BTreeMap<usize, Vec<Piece>>,
    /// Octets in [`Piece::Memory`]; at most `limit`.
    used: usize,
    limit: usize,
    file: Option<File>,
    /// Octets in the file so far: it only grows.
    written: u64,
}

/// A part of a stream's output.
#[derive(Debug)]
enum Piece {
    Memory(Vec<u8>),
    File { offset: u64, octets: u64 },
}

impl<W: Write> Spool<W> {
    /// A spool in front of `writer` that keeps up to `limit` octets in memory, and more in `file`,
    /// which is empty, and nobody else's; without one, it makes its own when it needs to.
    pub(crate) fn new(writer: W, limit: usize, file: Option<File>) -> Arc<Self> {
        let waiting = Waiting { ended: BTreeMap::new(), used: 0, limit, file, written: 0 };
        Arc::new(Self {
            turn: AtomicUsize::new(0),
            writer: Mutex::new(writer),
            waiting: Mutex::new(waiting),
        })
    }

    /// The output of stream `index`.
    pub(crate) fn lane(self: &Arc<Self>, index: usize) -> Lane<W> {
        Lane { spool: Arc::clone(self), index, pieces: Vec::new(), chunk: Vec::new() }
    }

    /// Writes what ended streams left behind one that never ended, then what `last` writes, and
    /// flushes. To be called when every lane is gone.
    pub(crate) fn finish(&self, last: impl FnOnce(&mut W) -> io::Result<()>) -> io::Result<()> {
        let left = std::mem::take(&mut self.waiting().ended);
        left.into_values().try_for_each(|pieces| self.copy(pieces))?;
        let mut writer = self.writer();
        last(&mut writer)?;
        writer.flush()
    }

    fn writer(&self) -> MutexGuard<'_, W> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes pieces that waited. Only for the stream whose turn it is, or in its name.
    fn copy(&self, pieces: Vec<Piece>) -> io::Result<()> {
        let mut writer = self.writer();
        for piece in pieces {
            match piece {
                Piece::Memory(octets) => {
                    writer.write_all(&octets)?;
                    self.waiting().used -= octets.len();
                }
                Piece::File { offset, octets } => self.copy_file(&mut *writer, offset, octets)?,
            }
        }
        Ok(())
    }

    /// Writes a part of the file, a chunk at a time, so that waiting streams can go on.
    fn copy_file(&self, writer: &mut W, mut offset: u64, mut octets: u64) -> io::Result<()> {
        let mut chunk = Vec::with_capacity(CHUNK);
        while octets > 0 {
            let step = octets.min(CHUNK as u64);
            chunk.clear();
            self.waiting().read(offset, step, &mut chunk)?;
            writer.write_all(&chunk)?;
            offset += step;
            octets -= step;
        }
        Ok(())
    }
}

impl Waiting {
    /// Keeps octets for later.
    fn keep(&mut self, octets: Vec<u8>, pieces: &mut Vec<Piece>) -> io::Result<()> {
        if octets.is_empty() {
            return Ok(());
        }
        if self.used + octets.len() <= self.limit {
            self.used += octets.len();
            pieces.push(Piece::Memory(octets));
            return Ok(());
        }
        let offset = self.append(&octets)?;
        let added = octets.len() as u64;
        match pieces.last_mut() {
            Some(Piece::File { offset: start, octets }) if *start + *octets == offset => {
                *octets += added;
            }
            _ => pieces.push(Piece::File { offset, octets: added }),
        }
        Ok(())
    }

    /// Writes octets behind the others in the file, and says where.
    fn append(&mut self, octets: &[u8]) -> io::Result<u64> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        let offset = self.written;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(octets)?;
        self.written += octets.len() as u64;
        Ok(offset)
    }

    /// Appends a part of the file to `out`.
    fn read(&mut self, offset: u64, octets: u64, out: &mut Vec<u8>) -> io::Result<()> {
        let file = self.file.as_mut().ok_or(io::ErrorKind::NotFound)?;
        file.seek(SeekFrom::Start(offset))?;
        if file.take(octets).read_to_end(out)? as u64 == octets {
            Ok(())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

/// The output of one stream.
#[derive(Debug)]
pub(crate) struct Lane<W> {
    spool: Arc<Spool<W>>,
    index: usize,
    /// What waits; empty from the first write at the stream's turn on.
    pieces: Vec<Piece>,
    /// The end of what waits, not yet in `pieces`.
    chunk: Vec<u8>,
}

impl<W: Write> Lane<W> {
    /// Writes one record, or keeps it until the stream's turn.
    pub(crate) fn record(&mut self, record: &[u8]) -> io::Result<()> {
        if self.has_turn() {
            self.catch_up()?;
            return self.spool.writer().write_all(record);
        }
        self.chunk.extend_from_slice(record);
        if self.chunk.len() >= CHUNK { self.hand_over() } else { Ok(()) }
    }

    /// The stream's end: the turn goes on, past streams that ended already.
    pub(crate) fn end(mut self) -> io::Result<()> {
        if !self.has_turn() {
            self.hand_over()?;
            let mut waiting = self.spool.waiting();
            // Asked again: the turn may have come since, but not while the lock is held.
            if self.spool.turn.load(Ordering::Acquire) != self.index {
                waiting.ended.insert(self.index, std::mem::take(&mut self.pieces));
                return Ok(());
            }
        }
        self.catch_up()?;
        while let Some(pieces) = self.pass_on() {
            self.spool.copy(pieces)?;
        }
        Ok(())
    }

    fn has_turn(&self) -> bool {
        self.spool.turn.load(Ordering::Acquire) == self.index
    }

    /// Moves the gathered octets to those that wait.
    fn hand_over(&mut self) -> io::Result<()> {
        let chunk = std::mem::take(&mut self.chunk);
        self.spool.waiting().keep(chunk, &mut self.pieces)
    }

    /// Writes what waited, once the turn has come.
    fn catch_up(&mut self) -> io::Result<()> {
        if !self.pieces.is_empty() {
            self.spool.copy(std::mem::take(&mut self.pieces))?;
        }
        if self.chunk.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::take(&mut self.chunk);
        self.spool.writer().write_all(&chunk)
    }

    /// Gives the turn to the next stream, and what it left if it has ended.
    fn pass_on(&self) -> Option<Vec<Piece>> {
        let mut waiting = self.spool.waiting();
        let next = self.spool.turn.fetch_add(1, Ordering::AcqRel) + 1;
        waiting.ended.remove(&next)
    }
}

impl<W: Write> Write for Lane<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.record(octets).map(|()| octets.len())
    }

    /// What waits for its turn cannot go out before.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[path = "spool/tests.rs"]
mod tests;
