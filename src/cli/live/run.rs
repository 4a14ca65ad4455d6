//! `vigie live`: the order of things.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, channel};

use super::args::LiveFormat;
use super::aside::written_aside;
use super::opening::{OpenSource, Opened};
use super::output::LiveOutput;
use super::signals::Signals;
use super::watch::Watch;
use super::{LivePlan, duties, on_screen};
use crate::cli::outcome::{Outcome, Refusal};
use crate::cli::sandbox::{self, Lacks};
use crate::cli::text::{View, write_summary};
use crate::cli::{signatures, warning, width};
use crate::export::{CaptureWriter, Written, write_summary as write_summary_record};
use crate::ledger::Snapshot;
#[cfg(target_os = "linux")]
use crate::pipeline::run_live_threads;
use crate::pipeline::{Counting, Ended, FrameSink, LiveEnd, Request, run_live};
use crate::source::{CaptureAccount, ReadOptions, StreamRelay};

/// Counts what comes, until it is told to end, and writes it to `out`.
pub(in crate::cli) fn run(
    plan: &LivePlan,
    out: &mut (dyn Write + Send),
) -> Result<Outcome, Refusal> {
    if let Some(settings) = &plan.screen {
        return on_screen::run(plan, settings, out);
    }
    if plan.duties {
        sandbox::as_later_user(plan.sandbox, duties::say_once)?;
    }
    let signals = Signals::listen().map_err(Refusal::impossible)?;
    // What needs a right is opened; then rights are given up, before a thread is started, a file is
    // made and the first octet is parsed.
    let opened = Opened::open(plan)?;
    let (rights, _) = opened.rights(plan)?;
    sandbox::enforce(&rights, plan.sandbox, Lacks::ToAll)?;
    let Opened { frames, control: socket } = opened;
    let writer = plan.write.clone().map(CaptureWriter::open).transpose();
    let writer = writer.map_err(Refusal::impossible)?;
    let (requests, control) = channel();
    if let Some(socket) = &socket
        && let Err(error) = socket.serve(requests)
    {
        tracing::warn!("markers cannot be set: {error}");
    }
    let stale_days = signatures::stale_days(&plan.database);
    let (went, written, failed) = count(plan, &signals, (writer, frames), control, out);
    drop(socket);
    let LiveEnd { snapshot, ended } = went?;
    // Of interfaces without a limit, a signal is the end that was meant.
    let meant = plan.source.is_endless() && !plan.session.has_limit();
    let interrupted = ended == Ended::Asked && !meant;
    warning::of_snapshot(&snapshot, interrupted, stale_days);
    let is_written = written.as_ref().is_none_or(report);
    let outcome = outcome(&snapshot, interrupted, is_written && !failed);
    if outcome != Outcome::NothingDone {
        write(plan, &snapshot, interrupted, stale_days, out)?;
    }
    Ok(outcome)
}

/// Counts; gives how it went, what was written, and whether a source failed.
fn count(
    plan: &LivePlan,
    signals: &Signals,
    (mut writer, frames): (Option<CaptureWriter>, OpenSource),
    control: Receiver<Request>,
    out: &mut (dyn Write + Send),
) -> (io::Result<LiveEnd>, Option<Written>, bool) {
    let sink = writer.as_mut().map(|writer| writer as &mut dyn FrameSink);
    let went = written_aside(out, |out| count_to(plan, signals, frames, control, sink, out));
    let (went, failed) = match went {
        Ok(((went, failed), written)) => (went.and_then(|end| written.map(|()| end)), failed),
        Err(error) => (Err(error), true),
    };
    (went, writer.map(CaptureWriter::written), failed)
}

/// The same with an output that nobody waits for.
fn count_to(
    plan: &LivePlan,
    signals: &Signals,
    frames: OpenSource,
    control: Receiver<Request>,
    sink: Option<&mut dyn FrameSink>,
    out: &mut dyn Write,
) -> (io::Result<LiveEnd>, bool) {
    let stop = Arc::new(AtomicBool::new(false));
    let output = LiveOutput::new(out, plan.format, &plan.database);
    let summary = |snapshot: &Snapshot| show(plan, snapshot);
    let mut watch = Watch::new(output.clone(), signals, control, Arc::clone(&stop), &summary);
    let counting = Counting {
        options: &plan.options,
        session: plan.session,
        database: &plan.database,
        shown: None,
    };
    let went = match frames {
        OpenSource::Stream(stream) => {
            let read = ReadOptions { hash: false, stop };
            StreamRelay::start(stream, read)
                .and_then(|mut frames| run_live(&mut frames, counting, output, sink, &mut watch))
        }
        #[cfg(target_os = "linux")]
        OpenSource::Interfaces(mut frames) => {
            run_live(&mut *frames, counting, output, sink, &mut watch)
        }
        #[cfg(target_os = "linux")]
        OpenSource::Threads(parts) => {
            let clock = watch.clock();
            run_live_threads(parts, counting, output, &mut watch, &clock)
        }
    };
    (went, watch.failed)
}

/// Prints a summary so far on standard error.
fn show(plan: &LivePlan, snapshot: &Snapshot) {
    let mut text = Vec::new();
    let view = view(plan, snapshot, false, signatures::stale_days(&plan.database));
    // Memory can always be written; standard error may be gone, which is nobody's fault.
    let _ = write_summary(&view, &mut text).and_then(|()| io::stderr().write_all(&text));
}

fn view<'a>(
    plan: &'a LivePlan,
    snapshot: &'a Snapshot,
    interrupted: bool,
    stale_days: Option<u32>,
) -> View<'a> {
    View {
        snapshot,
        database: &plan.database,
        zone: &plan.zone,
        precision: plan.precision,
        width: width::of_stdout(),
        palette: plan.palette,
        filter: plan.filter.as_deref(),
        by: &plan.by,
        interrupted,
        stale_days,
    }
}

/// Writes what is known only at the end.
fn write(
    plan: &LivePlan,
    snapshot: &Snapshot,
    interrupted: bool,
    stale_days: Option<u32>,
    out: &mut dyn Write,
) -> io::Result<()> {
    match plan.format {
        LiveFormat::Text => write_summary(&view(plan, snapshot, interrupted, stale_days), out),
        LiveFormat::Ndjson => write_summary_record(out, snapshot, &plan.database),
    }
}

/// Says what is to be said about the files; whether they hold everything that they should.
pub(super) fn report(written: &Written) -> bool {
    let Written { path, frames, files, fault, lost, left_behind, .. } = written;
    if let Some((path, error)) = left_behind {
        tracing::warn!("{}: cannot be removed: {error}", path.display());
    }
    if *lost > 0 {
        tracing::warn!(
            "{}: {lost} frames of tagged flows had come before the tag and found no room to wait",
            path.display()
        );
    }
    if fault.is_none() {
        tracing::info!("{}: {frames} frames in {files} files", path.display());
    }
    // The fault itself was said when it happened.
    fault.is_none()
}

/// How it went.
pub(super) fn outcome(snapshot: &Snapshot, interrupted: bool, is_whole: bool) -> Outcome {
    let captures = &snapshot.captures;
    if !interrupted && captures.iter().all(|capture| capture.failed.is_some()) {
        return Outcome::NothingDone;
    }
    let whole = is_whole
        && !interrupted
        && !captures.iter().any(CaptureAccount::is_damaged)
        && captures.iter().filter_map(CaptureAccount::dropped).all(|lost| lost == 0)
        && snapshot.balance.holds();
    if whole { Outcome::Done } else { Outcome::Incomplete }
}
