//! Between the pipeline and everybody who wants something of it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use super::output::LiveOutput;
use super::signals::Signals;
use crate::cli::cause::without_code;
use crate::ledger::{Marker, Snapshot};
use crate::pipeline::{Happening, LiveWatch, Request};
use crate::source::CaptureTime;

/// How long a record may wait in a buffer while frames come without a pause.
const FRESH: Duration = Duration::from_secs(1);

/// Gives the pipeline time and requests, and takes what it says.
pub(super) struct Watch<'a, 'o> {
    output: LiveOutput<'a, 'o>,
    signals: &'a Signals,
    control: Receiver<Request>,
    /// Ends the reading of a stream.
    stop: Arc<AtomicBool>,
    summary: &'a dyn Fn(&Snapshot),
    origin: Instant,
    flushed: Duration,
    stopped: bool,
    /// Whether something failed that makes the result incomplete.
    pub(super) failed: bool,
}

impl<'a, 'o> Watch<'a, 'o> {
    /// `summary` prints a summary for people.
    pub(super) fn new(
        output: LiveOutput<'a, 'o>,
        signals: &'a Signals,
        control: Receiver<Request>,
        stop: Arc<AtomicBool>,
        summary: &'a dyn Fn(&Snapshot),
    ) -> Self {
        Self {
            output,
            signals,
            control,
            stop,
            summary,
            origin: Instant::now(),
            flushed: Duration::ZERO,
            stopped: false,
            failed: false,
        }
    }
}

impl Watch<'_, '_> {
    /// The clock of [`LiveWatch::now`], for other threads.
    #[cfg(target_os = "linux")]
    pub(super) fn clock(&self) -> impl Fn() -> Duration + Sync + use<> {
        let origin = self.origin;
        move || origin.elapsed()
    }
}

impl LiveWatch for Watch<'_, '_> {
    fn now(&self) -> Duration {
        self.origin.elapsed()
    }

    fn request(&mut self) -> Option<Request> {
        if self.signals.interrupt.was_asked() && !self.stopped {
            self.stopped = true;
            self.stop.store(true, Ordering::Relaxed);
            return Some(Request::Stop);
        }
        if self.signals.wants_reopening() {
            return Some(Request::Reopen);
        }
        if self.signals.wants_summary() {
            return Some(Request::Show);
        }
        self.control.try_recv().ok()
    }

    fn snapshot(&mut self, snapshot: &Snapshot, time: Option<CaptureTime>) -> io::Result<()> {
        self.flushed = self.now();
        self.output.snapshot(snapshot, time)
    }

    fn asked(&mut self, snapshot: &Snapshot, _: Option<CaptureTime>) -> io::Result<()> {
        (self.summary)(snapshot);
        Ok(())
    }

    fn marker(&mut self, marker: &Marker) -> io::Result<()> {
        self.output.marker(marker)
    }

    fn said(&mut self, what: &Happening) {
        self.failed |= what.is_failure();
        let text = without_code(&what.to_string());
        if what.is_failure() {
            tracing::error!("{text}");
        } else {
            tracing::warn!("{text}");
        }
    }

    fn quiet(&mut self) -> io::Result<()> {
        self.flushed = self.now();
        self.output.flush()
    }

    fn counted(&mut self) -> io::Result<()> {
        if self.now().saturating_sub(self.flushed) < FRESH { Ok(()) } else { self.quiet() }
    }
}
