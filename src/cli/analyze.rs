//! `vigie analyze`: the pipeline over captures, then the output that was asked for.

use std::fs::File;
use std::io::{self, Write};
use std::mem;

use super::args::Format;
use super::interrupt::Interrupt;
use super::outcome::{Outcome, Refusal};
use super::plan::AnalyzePlan;
use super::progress::beside;
use super::text::{View, write_summary};
use super::{sandbox, signatures, warning, width};
use crate::export::{NdjsonOutput, write_csv, write_json};
use crate::ledger::Snapshot;
use crate::pipeline::{self, Discard, Output, Run};
use crate::privilege;
use crate::source::{CaptureAccount, Plan, StreamPlan};

/// Reads what the plan says and writes it to `out`. What needs rights is opened first, then they
/// are given up; no octet of a capture is looked at before.
pub(super) fn run(mut plan: AnalyzePlan, out: &mut (dyn Write + Send)) -> Result<Outcome, Refusal> {
    let interrupt = Interrupt::listen().map_err(Refusal::impossible)?;
    let spool = spool(&plan);
    let rights =
        privilege::Plan { read: plan.counting.found.reached().to_vec(), ..Default::default() };
    sandbox::enforce(&rights, plan.counting.sandbox, sandbox::Lacks::ToWhoAsks)?;
    let captures = mem::take(&mut plan.counting.found).plan(plan.counting.join);
    warning::of_plan(&captures);
    if captures.streams.is_empty() {
        return Ok(Outcome::NothingDone);
    }
    tracing::debug!(
        "reading {} streams, {} at a time, with {} signatures",
        captures.streams.len(),
        plan.counting.options.jobs,
        plan.counting.database.signatures().len()
    );
    let streams = &captures.streams;
    let snapshot = match plan.format {
        Format::Ndjson => ndjson(&plan, streams, spool, &interrupt, out)?,
        Format::Text | Format::Json | Format::Csv => read(&plan, streams, &interrupt, &Discard)?,
    };
    let stale_days = signatures::stale_days_for(&plan.counting.database, &snapshot.captures);
    warning::of_snapshot(&snapshot, interrupt.was_asked(), stale_days);
    let outcome = outcome(&captures, &snapshot, &interrupt);
    if outcome != Outcome::NothingDone {
        write(&plan, &snapshot, interrupt.was_asked(), stale_days, out)?;
    }
    Ok(outcome)
}

/// The file for flows that wait for their turn, where any may: it cannot be made later. Whether
/// it is needed is not known yet, so that no disk for it is no fault.
fn spool(plan: &AnalyzePlan) -> Option<File> {
    let may_wait = plan.format == Format::Ndjson
        && plan.counting.options.jobs > 1
        && plan.counting.found.most_captures() > 1;
    may_wait.then(tempfile::tempfile).and_then(Result::ok)
}

/// Reads the captures, watched from beside.
fn read<O: Output>(
    plan: &AnalyzePlan,
    streams: &[StreamPlan],
    interrupt: &Interrupt,
    output: &O,
) -> io::Result<Snapshot> {
    let run = Run::default();
    let size = StreamPlan::size_of_all(streams);
    beside(&run, interrupt, size, plan.progress, || {
        pipeline::run(streams, &plan.counting.options, &plan.counting.database, output, &run)
    })
}

/// Reads the captures and writes every flow as it ends.
fn ndjson(
    plan: &AnalyzePlan,
    streams: &[StreamPlan],
    spool: Option<File>,
    interrupt: &Interrupt,
    out: &mut (dyn Write + Send),
) -> io::Result<Snapshot> {
    let output = NdjsonOutput::with_file(out, &plan.counting.database, spool);
    let snapshot = read(plan, streams, interrupt, &output)?;
    output.finish(&snapshot)?;
    Ok(snapshot)
}

/// Writes what is known only at the end.
fn write(
    plan: &AnalyzePlan,
    snapshot: &Snapshot,
    interrupted: bool,
    stale_days: Option<u32>,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let by = plan.by.first().and_then(|dimensions| {
        snapshot.rollups.iter().find(|rollup| rollup.dimensions == *dimensions)
    });
    match plan.format {
        Format::Text => {
            let view = View {
                snapshot,
                database: &plan.counting.database,
                zone: &plan.counting.zone,
                precision: plan.precision,
                width: width::of_stdout(),
                palette: plan.palette,
                filter: plan.counting.filter.as_deref(),
                by: &plan.by,
                interrupted,
                stale_days,
            };
            write_summary(&view, out)
        }
        Format::Json => write_json(out, snapshot, &plan.counting.database, by),
        // The flows went before, the summary with the last of them.
        Format::Ndjson => Ok(()),
        Format::Csv => {
            by.map_or(Ok(()), |by| write_csv(out, by, snapshot, &plan.counting.database))
        }
    }
}

/// How it went.
fn outcome(planned: &Plan, snapshot: &Snapshot, interrupt: &Interrupt) -> Outcome {
    let captures = &snapshot.captures;
    if !interrupt.was_asked() && captures.iter().all(|capture| capture.failed.is_some()) {
        return Outcome::NothingDone;
    }
    let whole = planned.errors.is_empty()
        && !captures.iter().any(CaptureAccount::is_damaged)
        && !interrupt.was_asked()
        && snapshot.balance.holds();
    if whole { Outcome::Done } else { Outcome::Incomplete }
}
