//! Both passes, then the bundle.

use std::io::Write;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};

use super::plan::ReportPlan;
use crate::cli::interrupt::Interrupt;
use crate::cli::outcome::{Outcome, Refusal};
use crate::cli::progress::beside;
use crate::cli::{sandbox, signatures, warning};
use crate::evidence::bundle::{self, Bundle, BundleError, BundleOptions};
use crate::evidence::pseudonym::Tenants;
use crate::evidence::{FirstPass, GatherFault, Gathered, Scratch};
use crate::ledger::{Recorder, Watch, Watcher};
use crate::pipeline::Run;
use crate::privilege;
use crate::source::{CaptureAccount, Plan, StreamPlan};

/// Makes the bundle and says what it is. What needs rights is opened first, then they are given
/// up; no octet of a capture is looked at before.
pub(in crate::cli) fn run(mut plan: ReportPlan, out: &mut dyn Write) -> Result<Outcome, Refusal> {
    let interrupt = Interrupt::listen().map_err(Refusal::impossible)?;
    let parent = folder_of(&plan.out);
    // Through `sudo` it has to be the user's, who alone is left below.
    let make = || {
        warning::of_left(&Scratch::sweep(&parent));
        Scratch::make(&parent)
    };
    let scratch = sandbox::as_later_user(plan.counting.sandbox, make)?
        .with_context(|| format!("{}: nothing can be written there", parent.display()))
        .map_err(Refusal::impossible)?;
    let rights = privilege::Plan {
        read: plan.counting.found.reached().to_vec(),
        write: vec![parent],
        // An agent is asked over a socket that is open already.
        serves: plan.sealer.is_some(),
        ..privilege::Plan::default()
    };
    sandbox::enforce(&rights, plan.counting.sandbox, sandbox::Lacks::ToWhoAsks)?;
    let captures = mem::take(&mut plan.counting.found).plan(plan.counting.join);
    warning::of_plan(&captures);
    let streams = &captures.streams;
    if streams.is_empty() {
        return Ok(Outcome::NothingDone);
    }
    let Some(mut gathered) = gather(&mut plan, streams, &interrupt, scratch.path())? else {
        tracing::error!("interrupted; nothing was written");
        return Ok(Outcome::Incomplete);
    };
    warning::of_snapshot(&gathered.snapshot, false, gathered.stale_days);
    let read = &gathered.snapshot.captures;
    if read.iter().all(|capture| capture.failed.is_some()) {
        return Ok(Outcome::NothingDone);
    }
    if let Some(key) = &plan.pseudonyms {
        let database = &plan.counting.database;
        let mistakable = gathered.mistakable(key);
        gathered
            .pseudonymize(key, &plan.masked, database, scratch.path())
            .map_err(Refusal::impossible)?;
        if mistakable > 0 {
            tracing::warn!(
                "--pseudonymize: by this key {mistakable} pseudonyms are addresses of clients, too: whoever knows these could take one client for another; another key avoids that, unless clients fill their networks"
            );
        }
        if !plan.masked.is_none() {
            let tenants = Tenants::masking(key, &plan.masked);
            plan.screens.rename(|host| tenants.hide(host));
        }
    }
    let run = Run::default();
    let options = BundleOptions {
        sealer: plan.sealer.as_ref(),
        zip: plan.zip,
        retention: plan.retention,
        screens: Some(&plan.screens),
        jobs: plan.counting.options.jobs,
        run: Some(&run),
    };
    let material = gathered.material(&plan.counting.database);
    let size = gathered.recount_size(scratch.path());
    let bundle = beside(&run, &interrupt, size, plan.progress, || {
        bundle::write(&material, &plan.case, scratch.path(), &plan.out, &options)
    });
    let bundle = match bundle {
        Err(BundleError::Stopped) => {
            tracing::error!("interrupted; nothing was written");
            return Ok(Outcome::Incomplete);
        }
        bundle => bundle.map_err(Refusal::impossible)?,
    };
    say(&bundle, &gathered, out)?;
    Ok(outcome(&captures, &gathered, &bundle))
}

/// Reads the captures twice; `None` where somebody ended it.
fn gather(
    plan: &mut ReportPlan,
    streams: &[StreamPlan],
    interrupt: &Interrupt,
    folder: &Path,
) -> Result<Option<Gathered>, Refusal> {
    FirstPass::check(streams).map_err(refusal)?;
    let size = StreamPlan::size_of_all(streams);
    let (options, database) = (&mut plan.counting.options, &plan.counting.database);
    // Screens show flows one by one.
    let watch = (!plan.screens.views.is_empty())
        .then(|| Arc::new(Watch::shared(Watch::FEW, streams.len())));
    let run = Run { watch: watch.clone(), ..Run::default() };
    let first = beside(&run, interrupt, size, plan.progress, || {
        FirstPass::read(streams, options, database, &run)
    });
    let mut first = first.map_err(refusal)?;
    if let Some(watch) = watch {
        let recorder =
            Recorder { database, devices: &options.devices, assignments: &options.assignments };
        first.snapshot.watched = Watcher::new(watch, recorder).snapshot().watched;
    }
    if interrupt.was_asked() {
        return Ok(None);
    }
    let stale_days = signatures::stale_days_for(database, &first.snapshot.captures);
    let counting = plan.recorded.counting(options);
    let resolved = plan.recorded.options(options, &plan.case.zone);
    // Sums and hashes are known.
    options.rollups.clear();
    options.hash = false;
    let run = Run::default();
    let again = beside(&run, interrupt, size, plan.progress, || {
        first.again(streams, options, database, &run, folder)
    });
    if interrupt.was_asked() {
        return Ok(None);
    }
    Ok(Some(Gathered {
        counting,
        options: resolved,
        host: plan.host.take(),
        stale_days,
        ..again.map_err(refusal)?
    }))
}

fn refusal(fault: GatherFault) -> Refusal {
    match fault {
        GatherFault::Output(error) => error.into(),
        fault => Refusal::impossible(anyhow!(fault)),
    }
}

/// The folder in which another one stands.
pub(super) fn folder_of(out: &Path) -> PathBuf {
    match out.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// What was made, and what to do with it.
fn say(bundle: &Bundle, gathered: &Gathered, out: &mut dyn Write) -> Result<(), Refusal> {
    let folder = bundle.folder.display();
    writeln!(
        out,
        "{folder}: {} tagged flows, {} octets of evidence",
        gathered.tagged.total.flows, bundle.octets
    )?;
    if let Some(zip) = &bundle.zip {
        writeln!(out, "{}: the same as one file", zip.display())?;
    }
    writeln!(out, "to check it: vigie verify {folder}, or without vigie: {folder}/data/CHECK.txt")?;
    if bundle.differing > 0 {
        tracing::warn!(
            "{} rows on tagged flows cannot be counted again from the bundle's own captures: they \
             are marked `original`, and data/record.json lists them",
            bundle.differing
        );
    }
    Ok(())
}

/// How it went.
fn outcome(planned: &Plan, gathered: &Gathered, bundle: &Bundle) -> Outcome {
    let snapshot = &gathered.snapshot;
    let whole = planned.errors.is_empty()
        && !snapshot.captures.iter().any(CaptureAccount::is_damaged)
        && snapshot.balance.holds()
        && bundle.lost == 0;
    if whole { Outcome::Done } else { Outcome::Incomplete }
}
