//! From what was typed to the exit status.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
#[cfg(unix)]
use std::sync::{Arc, atomic::AtomicBool};

use clap::Parser;

use super::args::{Arguments, Command};
use super::cause::with_causes;
use super::live::LivePlan;
use super::outcome::{self, Outcome, Refusal};
use super::plan::AnalyzePlan;
use super::report::{self, ReportPlan};
use super::{
    analyze, completions, explain, live, log, man, mark, reveal, security, signatures, verify,
    view, welcome,
};
use crate::export::escape;

/// Runs the program and gives its exit status.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return answer(&error),
    };
    log::start(&arguments.common);
    #[cfg(unix)]
    if let Err(refusal) = outlive_full_files() {
        return refuse(&refusal);
    }
    let mut out = BufWriter::new(io::stdout());
    match dispatch(arguments, &mut out) {
        Ok(outcome) => outcome.into(),
        Err(refusal) => refuse(&refusal),
    }
}

/// A file that may not grow further (`ulimit -f`) is a fault that is told, as a full disk is: the
/// signal alone would end the program without a word, and leave the screen as it is.
#[cfg(unix)]
fn outlive_full_files() -> Result<(), Refusal> {
    let nobody_asks = Arc::new(AtomicBool::new(false));
    let taken = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, nobody_asks);
    taken.map(drop).map_err(Refusal::impossible)
}

/// Runs the command that was typed.
fn dispatch(arguments: Arguments, out: &mut BufWriter<io::Stdout>) -> Result<Outcome, Refusal> {
    let outcome = match arguments.command {
        None => welcome::write(out).map(|()| Outcome::Done)?,
        Some(Command::Completions(typed)) => {
            completions::write(&typed, out).map(|()| Outcome::Done)?
        }
        Some(Command::Interfaces(typed)) if typed.security => {
            security::run(typed.sandbox, out).map(|()| Outcome::Done)?
        }
        #[cfg(target_os = "linux")]
        Some(Command::Interfaces(_)) => super::interfaces::write(out).map(|()| Outcome::Done)?,
        #[cfg(not(target_os = "linux"))]
        Some(Command::Interfaces(_)) => {
            let why = "interfaces: live capture is for Linux alone so far; there is --security";
            return Err(Refusal::impossible(anyhow::anyhow!(why)));
        }
        Some(Command::Man(typed)) => man::write(&typed, out).map(|()| Outcome::Done)?,
        Some(Command::Analyze(typed)) => {
            analyze::run(AnalyzePlan::resolve(*typed, &arguments.common)?, out)?
        }
        Some(Command::Live(typed)) => {
            live::run(&LivePlan::resolve(&typed, &arguments.common)?, out)?
        }
        Some(Command::Mark(typed)) => mark::run(&typed, out)?,
        Some(Command::View(typed)) => view::run(*typed, &arguments.common, out)?,
        Some(Command::Report(typed)) => {
            report::run(ReportPlan::resolve(*typed, &arguments.common)?, out)?
        }
        Some(Command::Verify(typed)) => verify::run(&typed, &arguments.common, out)?,
        Some(Command::Reveal(typed)) => reveal::run(&typed, out)?,
        Some(Command::Explain(typed)) => explain::run(&typed, &arguments.common, out)?,
        Some(Command::Signatures(typed)) => signatures::run(*typed, &arguments.common, out)?,
    };
    out.flush()?;
    Ok(outcome)
}

/// What the parser has to say: help and version on standard output, faults on standard error.
fn answer(said: &clap::Error) -> ExitCode {
    if !said.use_stderr() {
        return match said.print() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => refuse(&error.into()),
        };
    }
    let text = said.to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    // If not even this can be written, the status still says it.
    let _ = write!(io::stderr(), "vigie: {text}");
    outcome::of_parser()
}

/// Says why nothing was done, and gives the status.
fn refuse(refusal: &Refusal) -> ExitCode {
    report(refusal);
    refusal.into()
}

/// Says on standard error why nothing was done.
fn report(refusal: &Refusal) {
    if refusal.is_closed_pipe() {
        return;
    }
    for line in with_causes(refusal.cause()).lines() {
        let _ = writeln!(io::stderr(), "{}", escape(&format!("vigie: {line}")));
    }
}
