//! From what was typed to the exit status.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::Parser;

use super::args::{Arguments, Command};
use super::outcome::{self, Outcome, Refusal};
use super::plan::AnalyzePlan;
use super::{analyze, completions, explain, log, man, welcome};
use crate::export::escape;

/// Runs the program and gives its exit status.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // If not even this can be written, the status still says it.
            let _ = error.print();
            return outcome::of_parser(&error);
        }
    };
    log::start(&arguments.common);
    let mut out = BufWriter::new(io::stdout());
    match dispatch(arguments, &mut out) {
        Ok(outcome) => outcome.into(),
        Err(refusal) => {
            report(&refusal);
            refusal.into()
        }
    }
}

/// Runs the command that was typed.
fn dispatch(arguments: Arguments, out: &mut BufWriter<io::Stdout>) -> Result<Outcome, Refusal> {
    let outcome = match arguments.command {
        None => welcome::write(out).map(|()| Outcome::Done)?,
        Some(Command::Completions(typed)) => {
            completions::write(&typed, out).map(|()| Outcome::Done)?
        }
        Some(Command::Man(typed)) => man::write(&typed, out).map(|()| Outcome::Done)?,
        Some(Command::Analyze(typed)) => {
            analyze::run(&AnalyzePlan::resolve(*typed, &arguments.common)?, out)?
        }
        Some(Command::Explain(typed)) => explain::run(&typed, &arguments.common, out)?,
    };
    out.flush()?;
    Ok(outcome)
}

/// Says on standard error why nothing was done.
fn report(refusal: &Refusal) {
    if refusal.is_closed_pipe() {
        return;
    }
    let mut message = String::new();
    for cause in refusal.cause().chain() {
        let cause = cause.to_string();
        // A cause whose text stands in the message already would only be said twice.
        if message.is_empty() {
            message = cause;
        } else if !message.contains(&cause) {
            message = format!("{message}: {cause}");
        }
    }
    for line in message.lines() {
        let _ = writeln!(io::stderr(), "{}", escape(&format!("vigie: {line}")));
    }
}
