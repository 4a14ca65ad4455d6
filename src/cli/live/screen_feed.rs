//! What `vigie live` gives the screen, and what it takes from it.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::plan::now;
use super::troubles::{Troubles, refusal};
use crate::cli::bundles::Bundles;
use crate::cli::cause::without_code;
use crate::language::Language;
use crate::ledger::{self, Recorder, Snapshot, Watcher};
use crate::pipeline::{Happening, KeptFile, LiveWatch, Request};
use crate::source::{CaptureTime, Input, Reading, StreamPlan};
use crate::tui::{BundleRefused, BundleWish, BundleWritten, CaptureState, Feed, Marker, Status};

/// Between two snapshots.
const PACE: Duration = Duration::from_millis(250);
/// Snapshots after something came: the sources' accounts are told up to two behind the flows.
const SETTLED: u32 = 3;
/// How long the screen waits for the answer about a marker: longer than the loop's step.
const ANSWER: Duration = Duration::from_secs(1);

/// A capture that goes on, for the screen.
#[derive(Debug)]
pub(super) struct ScreenFeed<'a> {
    language: Language,
    /// Who makes bundles of what is written, where something is.
    bundles: Option<&'a Bundles<'a>>,
    state: Mutex<State>,
    requests: Sender<Request>,
    /// Set when the screen is gone.
    pub(super) left: AtomicBool,
    /// Set when the counting has ended.
    counted: AtomicBool,
    /// Set when frames came that no snapshot shows yet.
    news: AtomicBool,
    /// Set when what counts or sums came to grief.
    broken: AtomicBool,
    /// Set by a signal that asks for the end, also before there is a screen.
    asked: Arc<AtomicBool>,
}

#[derive(Debug)]
struct State {
    snapshot: Arc<Snapshot>,
    status: Status,
    /// Markers that were set before the first frame of a stream, whose clock nobody knew.
    early: Vec<String>,
    /// The files that were written, once nothing is any more.
    files: Option<Result<Vec<KeptFile>, String>>,
}

impl<'a> ScreenFeed<'a> {
    /// Nothing has come yet of `source`.
    pub(super) fn new(source: String, language: Language, requests: Sender<Request>) -> Self {
        let status = Status { source, state: CaptureState::Live, ..Status::default() };
        Self {
            language,
            bundles: None,
            state: Mutex::new(State {
                snapshot: Arc::default(),
                status,
                early: Vec::new(),
                files: None,
            }),
            requests,
            left: AtomicBool::new(false),
            counted: AtomicBool::new(false),
            news: AtomicBool::new(false),
            broken: AtomicBool::new(false),
            asked: Arc::default(),
        }
    }

    /// The same, and what signals set that ask for the end.
    pub(super) fn ended_by(self, asked: Arc<AtomicBool>) -> Self {
        Self { asked, ..self }
    }

    /// The same, and what keeps vigie in bounds.
    pub(super) fn within(self, sandbox: String) -> Self {
        self.lock().status.sandbox = Some(sandbox);
        self
    }

    /// The same, and who makes bundles of what is written.
    pub(super) fn with_bundles(self, bundles: &'a Bundles<'a>) -> Self {
        Self { bundles: Some(bundles), ..self }
    }

    /// Says which files were written: nothing more will be.
    pub(super) fn written(&self, files: Result<Vec<KeptFile>, String>) {
        self.lock().files = Some(files);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that the counting has ended, or what went wrong.
    pub(super) fn end(&self, failed: Option<String>) {
        let mut state = self.lock();
        if !matches!(state.status.state, CaptureState::Failed(_)) {
            state.status.state = failed.map_or(CaptureState::Ended, CaptureState::Failed);
        }
        drop(state);
        self.counted.store(true, Relaxed);
    }

    /// Says that nothing more comes, since a thread came to grief.
    pub(super) fn give_up(&self) {
        self.broken.store(true, Relaxed);
        self.counted.store(true, Relaxed);
    }

    /// Gives the screen snapshots until the counting has ended, and the last one after that.
    pub(super) fn watch_over(&self, watch: &Arc<ledger::Watch>, recorder: Recorder<'_>) {
        let mut watcher = Watcher::new(Arc::clone(watch), recorder);
        let mut owed = 1;
        loop {
            let last = self.counted.load(Relaxed);
            let started = Instant::now();
            // A flow also ends by silence. The screen works nothing out for the same handle.
            if self.news.swap(false, Relaxed) || watch.has_ended_flows() || last {
                owed = SETTLED;
            }
            if owed > 0 {
                owed -= 1;
                self.show(watcher.snapshot());
            }
            if last {
                return;
            }
            // Never more than a third of the time, however much there is to sum.
            let until = Instant::now() + PACE.max(started.elapsed() * 2);
            while !self.counted.load(Relaxed) && Instant::now() < until {
                thread::sleep(Duration::from_millis(50));
            }
        }
    }

    fn show(&self, snapshot: Snapshot) {
        let mut state = self.lock();
        state.status.drops = snapshot.dropped();
        let first = snapshot.watched.as_ref().and_then(|watched| watched.span());
        if let Some((first, _)) = first {
            for label in std::mem::take(&mut state.early) {
                state.place(Marker { time: first, label });
            }
        }
        state.snapshot = Arc::new(snapshot);
    }
}

impl State {
    fn place(&mut self, marker: Marker) {
        self.status.markers.push(marker);
        self.status.markers.sort_by_key(|marker| marker.time);
    }
}

impl Feed for ScreenFeed<'_> {
    fn latest(&self) -> Arc<Snapshot> {
        Arc::clone(&self.lock().snapshot)
    }

    fn status(&self) -> Status {
        let mut status = self.lock().status.clone();
        status.bundle = self.bundles.and_then(Bundles::progress);
        status
    }

    /// A signal that came before the screen could take it ends it, too.
    fn is_broken(&self) -> bool {
        self.broken.load(Relaxed) || self.asked.load(Relaxed)
    }

    /// The capture keeps it, at the time that its own clock shows.
    fn mark(&self, marker: Marker) -> Result<(), String> {
        self.request_mark(marker.label)
    }

    fn mark_early(&self, label: String) -> Option<Result<(), String>> {
        Some(self.request_mark(label))
    }

    fn write_bundle(&self, wish: BundleWish) -> Result<(), BundleRefused> {
        let bundles = self.bundles.ok_or(BundleRefused::NotKept)?;
        bundles.may_ask(&[])?;
        let files = self.files().map_err(|why| BundleRefused::NotReadable(without_code(&why)))?;
        let captures = files.into_iter().map(|kept| match kept.octets {
            Some(octets) => Input::Part(kept.path, kept.file, octets),
            None => Input::Open(kept.path, kept.file),
        });
        // Files of one session are one stream, as they are when they are given to a report.
        let stream = StreamPlan { captures: captures.collect(), reading: Reading::InTurn };
        bundles.ask(wish, vec![stream])
    }

    fn bundle_written(&self) -> Option<BundleWritten> {
        self.bundles.and_then(Bundles::done)
    }
}

impl ScreenFeed<'_> {
    /// The files that hold the frames so far.
    fn files(&self) -> Result<Vec<KeptFile>, String> {
        if let Some(files) = &self.lock().files {
            return files.clone();
        }
        let (answer, answered) = channel();
        let gone = || self.language.say("bundle-no-answer");
        self.requests.send(Request::Files(answer)).map_err(|_| gone())?;
        answered.recv_timeout(ANSWER).map_err(|_| gone())?
    }

    fn request_mark(&self, label: String) -> Result<(), String> {
        let (answer, answered) = channel();
        let gone = || self.language.say("mark-ended");
        self.requests.send(Request::Mark(label, answer)).map_err(|_| gone())?;
        let set = answered.recv_timeout(ANSWER).map_err(|_| gone())?;
        set.map(|_| ()).map_err(|refused| refusal(self.language, refused))
    }
}

/// Between the pipeline and the screen.
#[derive(Debug)]
pub(super) struct ScreenWatch<'a> {
    feed: &'a ScreenFeed<'a>,
    control: Receiver<Request>,
    /// Ends the reading of a stream.
    stop: Arc<AtomicBool>,
    origin: Instant,
    /// The clock of frames that are still to come, where it can be read: that of this machine.
    clock: Option<fn() -> CaptureTime>,
    /// Whether nothing came in this round.
    silent: bool,
    stopped: bool,
    troubles: Troubles,
    /// Whether something failed that makes the result incomplete.
    pub(super) failed: bool,
}

impl<'a> ScreenWatch<'a> {
    /// Takes requests from `control`; with `is_now`, frames bear the time of this machine.
    pub(super) fn new(
        feed: &'a ScreenFeed<'a>,
        control: Receiver<Request>,
        stop: Arc<AtomicBool>,
        is_now: bool,
    ) -> Self {
        let (origin, stopped, silent, failed) = (Instant::now(), false, false, false);
        let clock = is_now.then_some(now as fn() -> CaptureTime);
        let troubles = Troubles::default();
        Self { feed, control, stop, origin, clock, silent, stopped, troubles, failed }
    }
}

impl LiveWatch for ScreenWatch<'_> {
    fn now(&self) -> Duration {
        self.origin.elapsed()
    }

    fn request(&mut self) -> Option<Request> {
        if self.feed.left.load(Relaxed) && !self.stopped {
            self.stopped = true;
            self.stop.store(true, Relaxed);
            return Some(Request::Stop);
        }
        self.control.try_recv().ok()
    }

    fn snapshot(&mut self, _: &Snapshot, _: Option<CaptureTime>) -> io::Result<()> {
        Ok(())
    }

    fn asked(&mut self, _: &Snapshot, _: Option<CaptureTime>) -> io::Result<()> {
        Ok(())
    }

    fn marker(&mut self, marker: &ledger::Marker) -> io::Result<()> {
        let label = marker.text.to_string();
        let mut state = self.feed.lock();
        // Before the first frame: by the clock that will give that its time.
        match marker.time.or_else(|| self.clock.map(|clock| clock())) {
            Some(time) => state.place(Marker { time, label }),
            None => state.early.push(label),
        }
        Ok(())
    }

    fn said(&mut self, what: &Happening) {
        self.failed |= what.is_failure();
        self.troubles.take(what);
        let mut state = self.feed.lock();
        let is_over = state.status.state == CaptureState::Ended;
        if !is_over || what.is_failure() {
            state.status.state = self.troubles.state(self.feed.language);
        }
        drop(state);
        let text = without_code(&what.to_string());
        if what.is_failure() {
            tracing::error!("{text}");
        } else {
            tracing::warn!("{text}");
        }
    }

    fn quiet(&mut self) -> io::Result<()> {
        self.silent = true;
        Ok(())
    }

    fn counted(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.silent) {
            self.feed.news.store(true, Relaxed);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Assignments, Devices, Watch};
    use crate::signature::Database;
    use crate::tui::OnPanic;

    /// The snapshot that stays; panics where there is always another one.
    fn settled(feed: &ScreenFeed<'_>) -> Arc<Snapshot> {
        let until = Instant::now() + Duration::from_mins(1);
        while Instant::now() < until {
            let before = feed.latest();
            thread::sleep(PACE * 3);
            if Arc::ptr_eq(&before, &feed.latest()) {
                return before;
            }
        }
        panic!("there is always another snapshot");
    }

    #[test]
    fn no_snapshot_is_made_while_nothing_comes() {
        let (database, devices, assignments) =
            (Database::default(), Devices::default(), Assignments::default());
        let recorder =
            Recorder { database: &database, devices: &devices, assignments: &assignments };
        let feed = ScreenFeed::new("eth0".to_owned(), Language::English, channel().0);
        let watch = Arc::new(Watch::new(Watch::MANY));
        thread::scope(|scope| {
            let _guard = OnPanic(|| feed.give_up());
            scope.spawn(|| feed.watch_over(&watch, recorder));
            let first = settled(&feed);
            feed.news.store(true, Relaxed);
            let second = settled(&feed);
            assert!(!Arc::ptr_eq(&first, &second), "what came is in no snapshot");
            feed.end(None);
            let until = Instant::now() + Duration::from_mins(1);
            while Arc::ptr_eq(&second, &feed.latest()) {
                assert!(Instant::now() < until, "the end is in no snapshot");
                thread::sleep(Duration::from_millis(10));
            }
        });
    }
}
