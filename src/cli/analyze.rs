//! `vigie analyze`: the pipeline over captures, then the output that was asked for.

use std::io::{self, Write};

use super::args::Format;
use super::interrupt::Interrupt;
use super::outcome::{Outcome, Refusal};
use super::plan::AnalyzePlan;
use super::progress::beside;
use super::text::{View, write_summary};
use super::{signatures, warning, width};
use crate::export::{NdjsonOutput, write_csv, write_json};
use crate::ledger::Snapshot;
use crate::pipeline::{self, Discard, Output, Run};
use crate::source::{CaptureAccount, StreamPlan};

/// Reads what the plan says and writes it to `out`.
pub(super) fn run(plan: &AnalyzePlan, out: &mut (dyn Write + Send)) -> Result<Outcome, Refusal> {
    warning::of_plan(&plan.captures);
    if plan.captures.streams.is_empty() {
        return Ok(Outcome::NothingDone);
    }
    let interrupt = Interrupt::listen().map_err(Refusal::impossible)?;
    tracing::debug!(
        "reading {} streams, {} at a time, with {} signatures",
        plan.captures.streams.len(),
        plan.options.jobs,
        plan.database.signatures().len()
    );
    let snapshot = match plan.format {
        Format::Ndjson => ndjson(plan, &interrupt, out)?,
        Format::Text | Format::Json | Format::Csv => read(plan, &interrupt, &Discard)?,
    };
    let stale_days = signatures::stale_days_for(&plan.database, &snapshot.captures);
    warning::of_snapshot(&snapshot, interrupt.was_asked(), stale_days);
    let outcome = outcome(plan, &snapshot, &interrupt);
    if outcome != Outcome::NothingDone {
        write(plan, &snapshot, interrupt.was_asked(), stale_days, out)?;
    }
    Ok(outcome)
}

/// Reads the captures, watched from beside.
fn read<O: Output>(plan: &AnalyzePlan, interrupt: &Interrupt, output: &O) -> io::Result<Snapshot> {
    let run = Run::default();
    let streams = &plan.captures.streams;
    let size = streams
        .iter()
        .map(StreamPlan::size_hint)
        .try_fold(0_u64, |sum, size| sum.checked_add(size?));
    beside(&run, interrupt, size, plan.progress, || {
        pipeline::run(streams, &plan.options, &plan.database, output, &run)
    })
}

/// Reads the captures and writes every flow as it ends.
fn ndjson(
    plan: &AnalyzePlan,
    interrupt: &Interrupt,
    out: &mut (dyn Write + Send),
) -> io::Result<Snapshot> {
    let output = NdjsonOutput::new(out, &plan.database);
    let snapshot = read(plan, interrupt, &output)?;
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
                database: &plan.database,
                zone: &plan.zone,
                precision: plan.precision,
                width: width::of_stdout(),
                palette: plan.palette,
                filter: plan.filter.as_deref(),
                by: &plan.by,
                interrupted,
                stale_days,
            };
            write_summary(&view, out)
        }
        Format::Json => write_json(out, snapshot, &plan.database, by),
        // The flows went before, the summary with the last of them.
        Format::Ndjson => Ok(()),
        Format::Csv => by.map_or(Ok(()), |by| write_csv(out, by, snapshot, &plan.database)),
    }
}

/// How it went.
fn outcome(plan: &AnalyzePlan, snapshot: &Snapshot, interrupt: &Interrupt) -> Outcome {
    let captures = &snapshot.captures;
    if !interrupt.was_asked() && captures.iter().all(|capture| capture.failed.is_some()) {
        return Outcome::NothingDone;
    }
    let whole = plan.captures.errors.is_empty()
        && !captures.iter().any(CaptureAccount::is_damaged)
        && !interrupt.was_asked()
        && snapshot.balance.holds();
    if whole { Outcome::Done } else { Outcome::Incomplete }
}
