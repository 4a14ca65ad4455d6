//! `vigie live` with the terminal's screen: the order of things.
//!
//! Frames are counted on the first thread, whose source they are bound to; the screen and the
//! watcher that sums for it have threads of their own, so that no frame waits for them.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Instant;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

use super::opening::{OpenSource, Opened};
use super::run::{outcome, report};
use super::screen_feed::{ScreenFeed, ScreenWatch};
use super::{LivePlan, duties};
use crate::cli::bundles::Bundles;
use crate::cli::outcome::{Outcome, Refusal};
use crate::cli::sandbox::{self, Lacks};
use crate::cli::{log, screen, signatures, warning};
use crate::export::{CaptureWriter, escape};
use crate::ledger::{Recorder, Watch};
use crate::pipeline::{Counting, Discard, Ended, FrameSink, LiveEnd, run_live};
use crate::source::{ReadOptions, StreamRelay};
use crate::tui::{self, Feed, OnPanic, Settings};

/// Counts what comes and shows it, until the user leaves.
pub(super) fn run(
    plan: &LivePlan,
    settings: &Settings,
    out: &mut (dyn Write + Send),
) -> Result<Outcome, Refusal> {
    if plan.duties {
        sandbox::as_later_user(plan.sandbox, duties::say_once)?;
    }
    // Before anything is opened: the screen takes them over only when it is there, and a file that
    // is written must be finished whenever they come.
    let asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGINT, SIGHUP] {
        flag::register(signal, Arc::clone(&asked)).map_err(Refusal::impossible)?;
    }
    // Asks for a summary elsewhere; here it is on the screen, and must not end the program.
    #[cfg(unix)]
    flag::register(signal_hook::consts::SIGUSR1, Arc::new(AtomicBool::new(false)))
        .map_err(Refusal::impossible)?;
    let opened = Opened::open(plan)?;
    tui::prepare().map_err(Refusal::impossible)?;
    let (rights, writable) = opened.rights(plan)?;
    let state = sandbox::enforce(&rights, plan.sandbox, Lacks::ToAll)?;
    let sandbox = screen::sandbox(state.as_ref(), settings.language);
    let Opened { frames, control: socket } = opened;
    let writer = plan.write.clone().map(CaptureWriter::open).transpose();
    let mut writer = writer.map_err(Refusal::impossible)?;
    let (requests, control) = channel();
    if let Some(socket) = &socket
        && let Err(error) = socket.serve(requests.clone())
    {
        tracing::warn!("markers cannot be set: {error}");
    }
    let again = plan.again();
    let beside = writable.then(|| PathBuf::from("."));
    let bundles = Bundles::new(&again, &plan.database, &plan.recorded, beside);
    let mut feed = ScreenFeed::new(plan.source.name(), settings.language, requests)
        .within(sandbox)
        .ended_by(asked);
    if writer.is_some() {
        feed = feed.with_bundles(&bundles);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let mut watch = ScreenWatch::new(&feed, control, Arc::clone(&stop), plan.source.is_endless());
    let mut sink = writer.as_mut();
    let held = log::Hold::new();
    let (went, shown) = show(plan, settings, (&feed, &bundles), |counting| {
        let taker = sink.as_deref_mut().map(|writer| writer as &mut dyn FrameSink);
        let went = match frames {
            OpenSource::Stream(stream) => {
                let read = ReadOptions { hash: false, stop };
                StreamRelay::start(stream, read).and_then(|mut frames| {
                    run_live(&mut frames, counting, Discard, taker, &mut watch)
                })
            }
            #[cfg(target_os = "linux")]
            OpenSource::Interfaces(mut frames) => {
                run_live(&mut *frames, counting, Discard, taker, &mut watch)
            }
            // The plan refuses it.
            #[cfg(target_os = "linux")]
            OpenSource::Threads(_) => Err(io::Error::other("several threads have no screen")),
        };
        if let Some(writer) = sink {
            feed.written(writer.kept());
        }
        went
    });
    drop(held);
    drop(socket);
    let failed = watch.failed;
    let is_written = writer.map(CaptureWriter::written).as_ref().is_none_or(report);
    let LiveEnd { snapshot, ended } = went?;
    let by_signal = shown.as_ref().is_ok_and(|shown| shown.by_signal);
    // Who leaves by a key has seen what they wanted: no end is too early. Of a signal that is
    // known only where there is no other end.
    let meant = !by_signal || (plan.source.is_endless() && !plan.session.has_limit());
    let interrupted = ended == Ended::Asked && !meant;
    warning::of_snapshot(&snapshot, interrupted, signatures::stale_days(&plan.database));
    let shown = shown?;
    writeln!(out, "{}", shown.summary_of(&feed.latest(), &plan.database, settings))?;
    for text in &shown.said {
        writeln!(out, "{text}")?;
    }
    // What came of a key that was typed just before the end.
    if let Some(made) = bundles.done() {
        writeln!(out, "{}", escape(&made.text(settings.language)))?;
    }
    let nothing_came = snapshot.balance.read.frames == 0 && ended == Ended::Asked;
    if nothing_came && !by_signal && is_written && !failed {
        // Left before the writer of a FIFO came: nothing was asked for that is lacking.
        return Ok(Outcome::Done);
    }
    Ok(outcome(&snapshot, interrupted, is_written && !failed))
}

/// Counts on this thread, with the screen on another; gives how both went.
fn show(
    plan: &LivePlan,
    settings: &Settings,
    (feed, bundles): (&ScreenFeed<'_>, &Bundles<'_>),
    count: impl FnOnce(Counting<'_>) -> io::Result<LiveEnd>,
) -> (io::Result<LiveEnd>, io::Result<tui::Ended>) {
    let watched = Arc::new(Watch::new(Watch::MANY));
    let recorder = Recorder {
        database: &plan.database,
        devices: &plan.options.devices,
        assignments: &plan.options.assignments,
    };
    thread::scope(|scope| {
        let over = Arc::clone(&watched);
        scope.spawn(move || {
            let _guard = OnPanic(|| feed.give_up());
            feed.watch_over(&over, recorder);
        });
        scope.spawn(move || {
            let _guard = OnPanic(|| feed.give_up());
            bundles.work();
        });
        let screen = scope.spawn(move || {
            let _leave = Leave(feed, bundles);
            let started = Instant::now();
            tui::run(feed, &plan.database, settings.clone(), &|| started.elapsed())
        });
        let _guard = OnPanic(|| feed.give_up());
        let went = count(Counting {
            options: &plan.options,
            session: plan.session,
            database: &plan.database,
            shown: Some(&watched),
        });
        feed.end(went.as_ref().err().map(ToString::to_string));
        let shown = screen.join();
        // A panic of the screen is the program's: nothing of it may pass as a result.
        (went, shown.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// Ends the counting when the screen is gone, also by a panic.
struct Leave<'a>(&'a ScreenFeed<'a>, &'a Bundles<'a>);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.left.store(true, Relaxed);
        self.1.leave();
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::language::Language;

    #[test]
    fn a_panic_of_what_feeds_the_screen_takes_it_away() {
        let feed = ScreenFeed::new("eth0".to_owned(), Language::English, channel().0);
        drop(OnPanic(|| feed.give_up()));
        assert!(!feed.is_broken());
        let went = catch_unwind(AssertUnwindSafe(|| {
            let _guard = OnPanic(|| feed.give_up());
            panic!("on purpose");
        }));
        assert!(went.is_err() && feed.is_broken());
    }

    #[test]
    fn a_screen_that_is_gone_ends_the_counting() {
        let feed = ScreenFeed::new("eth0".to_owned(), Language::English, channel().0);
        let (options, database, recorded) = Default::default();
        let bundles = Bundles::new(&options, &database, &recorded, None);
        let went = catch_unwind(AssertUnwindSafe(|| {
            let _leave = Leave(&feed, &bundles);
            panic!("on purpose");
        }));
        assert!(went.is_err() && feed.left.load(Relaxed));
    }
}
