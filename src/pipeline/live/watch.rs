//! Who watches a live capture: gives it the time and requests, takes snapshots and markers.

use std::io;
use std::sync::mpsc::Sender;
use std::time::Duration;

use super::{Happening, MarkerRefused};
use crate::ledger::{Marker, Snapshot};
#[cfg(doc)]
use crate::pipeline::FrameSink;
use crate::pipeline::KeptFile;
use crate::source::CaptureTime;

/// What somebody wants of a capture that goes on.
#[derive(Debug)]
pub enum Request {
    /// End now; what was read is kept.
    Stop,
    /// A snapshot for [`LiveWatch::asked`].
    Show,
    /// Close the files that are written, and open them again.
    Reopen,
    /// Set a marker. The answer is the marker, or why there is none.
    Mark(String, Sender<Result<Marker, MarkerRefused>>),
    /// Tell which files hold the frames so far: [`FrameSink::kept`].
    Files(Sender<Result<Vec<KeptFile>, String>>),
}

/// Watches a live capture. Called on the capturing thread: what it does must not take long.
pub trait LiveWatch {
    /// A clock that only goes on, from any origin.
    fn now(&self) -> Duration;
    /// What is wanted, one after the other; `None` when nothing is.
    fn request(&mut self) -> Option<Request>;
    /// A snapshot that was due. `time` is the capture clock; `None` before the first frame.
    fn snapshot(&mut self, snapshot: &Snapshot, time: Option<CaptureTime>) -> io::Result<()>;
    /// A snapshot that was asked for.
    fn asked(&mut self, snapshot: &Snapshot, time: Option<CaptureTime>) -> io::Result<()>;
    /// A marker was set.
    fn marker(&mut self, marker: &Marker) -> io::Result<()>;
    /// Something happened to the sources, or to what is written.
    fn said(&mut self, what: &Happening);
    /// Frames were counted.
    fn counted(&mut self) -> io::Result<()>;
    /// Nothing has come for a moment: what was written can go out.
    fn quiet(&mut self) -> io::Result<()>;
}
