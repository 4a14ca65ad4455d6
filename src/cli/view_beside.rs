//! The threads of `vigie view` beside its screen: one reads, one sums, two write.

use std::io;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use super::bundles::Bundles;
use super::view_feed::ViewFeed;
use super::view_frames::ViewFrames;
use crate::ledger::{Snapshot, Watcher};
use crate::pipeline::Run;
use crate::tui::OnPanic;

/// Between two snapshots while captures are read.
const PACE: Duration = Duration::from_millis(250);

/// Reads, sums and writes frames on threads of their own, beside what is `shown` on this one.
/// A panic of any of them takes the screen away and is then the program's: nothing of it may pass
/// as a result.
pub(super) fn beside<T>(
    feed: &ViewFeed<'_>,
    (frames, bundles): (&ViewFrames<'_>, &Bundles<'_>),
    watcher: Watcher<'_>,
    read: impl FnOnce() -> io::Result<Snapshot> + Send,
    shown: impl FnOnce() -> io::Result<T>,
) -> io::Result<(Snapshot, T)> {
    let done = &AtomicBool::new(false);
    let named = |name: &str| thread::Builder::new().name(name.to_owned());
    let guard = || OnPanic(|| feed.give_up());
    thread::scope(|scope| {
        let reading = named("reading").spawn_scoped(scope, move || {
            let _done = Done(done);
            let _guard = guard();
            read()
        });
        let writing = named("frames").spawn_scoped(scope, move || {
            let _guard = guard();
            frames.work();
        });
        let bundling = named("bundles").spawn_scoped(scope, move || {
            let _guard = guard();
            bundles.work();
        });
        let watching = named("watching").spawn_scoped(scope, move || {
            let _guard = guard();
            watch_over(watcher, feed, done);
        });
        let shown = shown();
        frames.leave();
        bundles.leave();
        let read = joined(reading?);
        joined(watching?);
        joined(writing?);
        joined(bundling?);
        Ok((read?, shown?))
    })
}

/// What a thread gave; its panic goes on in this one.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

/// Says that nothing more is read, also after a panic: whoever sums would wait for ever.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

/// Ends reading and writing with the screen, also when it panics.
pub(super) struct Leaving<'a>(
    pub(super) &'a ViewFrames<'a>,
    pub(super) &'a Bundles<'a>,
    pub(super) &'a Run,
);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.leave();
        self.1.leave();
        self.2.stop.store(true, Relaxed);
    }
}

/// Gives the screen snapshots until everything is read, and the last one after that.
fn watch_over(mut watcher: Watcher<'_>, feed: &ViewFeed<'_>, done: &AtomicBool) {
    loop {
        let last = done.load(Relaxed);
        let started = Instant::now();
        feed.show(watcher.snapshot());
        if last {
            break feed.end();
        }
        // Never more than a third of the time, however much there is to sum.
        let pause = PACE.max(started.elapsed() * 2);
        let until = Instant::now() + pause;
        while !done.load(Relaxed) && Instant::now() < until {
            thread::sleep(Duration::from_millis(10).min(pause));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use std::sync::Arc;

    use super::*;
    use crate::cli::report::Recorded;
    use crate::ledger::{Recorder, Watch};
    use crate::pipeline::Options;
    use crate::signature::Database;
    use crate::tui::{self, Feed as _, Status};

    /// How a screen sees that `reading` went, and how all of it ended.
    fn seen(read: impl FnOnce() -> io::Result<Snapshot> + Send) -> (bool, thread::Result<bool>) {
        let (database, options) = (Database::default(), Options::default());
        let run = Run::default();
        let frames = ViewFrames::new(&[], &options, &database, ".".into());
        let counted = Recorded::default();
        let bundles = Bundles::new(&options, &database, &counted, None);
        let both = (&frames, &bundles);
        let feed = ViewFeed::new(&run, (both.0, both.1, &[]), Status::default(), None);
        let recorder = Recorder {
            database: &database,
            devices: &options.devices,
            assignments: &options.assignments,
        };
        let watcher = Watcher::new(Arc::new(Watch::new(Watch::FEW)), recorder);
        let until_the_end = || {
            let until = Instant::now() + Duration::from_mins(1);
            let ended = || feed.status().state == tui::CaptureState::Ended;
            while !feed.is_broken() && !ended() && Instant::now() < until {
                thread::sleep(Duration::from_millis(5));
            }
            Ok(feed.is_broken())
        };
        let went = catch_unwind(AssertUnwindSafe(|| {
            beside(&feed, both, watcher, read, until_the_end).expect("no fault").1
        }));
        (feed.is_broken(), went)
    }

    #[test]
    fn a_panic_of_what_reads_takes_the_screen_away_and_ends_the_program() {
        let (is_broken, went) = seen(|| panic!("on purpose"));
        assert!(is_broken);
        let panic = went.expect_err("it goes on");
        assert_eq!(panic.downcast_ref(), Some(&"on purpose"));
        let (is_broken, went) = seen(|| Ok(Snapshot::default()));
        assert!(!is_broken && !went.expect("no panic"));
    }
}
