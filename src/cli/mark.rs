//! `vigie mark`: a note in a live capture that is running.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::args::EXIT_STATUS;
use super::outcome::{Outcome, Refusal};

/// `vigie mark`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct MarkArguments {
    /// What happens at this moment, in one line: "diagnostic data set to required"
    #[arg(value_name = "TEXT")]
    pub(super) text: String,
    /// The process number of the instance; needed when several are running
    #[arg(long, value_name = "PID", conflicts_with = "socket")]
    pub(super) pid: Option<u32>,
    /// The instance's socket, where it is not in the usual place
    #[arg(long, value_name = "PATH")]
    pub(super) socket: Option<PathBuf>,
}

/// Sets the marker and says where it stands.
#[cfg(unix)]
pub(super) fn run(typed: &MarkArguments, out: &mut dyn Write) -> Result<Outcome, Refusal> {
    use anyhow::anyhow;

    use super::cause::in_words;
    use super::control;
    let socket = match &typed.socket {
        Some(socket) => socket.clone(),
        None => the_instance(typed.pid)?.socket,
    };
    let answer = control::mark(&socket, &typed.text).map_err(|error| {
        let socket = socket.display();
        Refusal::impossible(anyhow!("mark: {socket}: {}", in_words(&error)))
    })?;
    let stated = answer.map_err(|why| Refusal::impossible(anyhow!("mark: {why}")))?;
    let (time, frames) = stated.split_once(' ').unwrap_or((&stated, "0"));
    match time {
        "-" => writeln!(out, "marker set before the first frame")?,
        time => writeln!(out, "marker set at {time}, after {frames} frames")?,
    }
    Ok(Outcome::Done)
}

/// The one instance that is meant.
#[cfg(unix)]
fn the_instance(pid: Option<u32>) -> Result<super::control::Instance, Refusal> {
    use anyhow::anyhow;
    let running = super::control::instances();
    let numbers = || {
        let numbers: Vec<String> = running.iter().map(|i| i.pid.to_string()).collect();
        numbers.join(", ")
    };
    let refuse = |message: String| Err(Refusal::impossible(anyhow!(message)));
    match (pid, running.as_slice()) {
        (_, []) => {
            refuse("mark: no live capture of yours is running; start one: vigie live".into())
        }
        (None, [one]) => Ok(one.clone()),
        (None, _) => {
            refuse(format!("mark: several are running; choose one with --pid: {}", numbers()))
        }
        (Some(pid), _) => match running.iter().find(|instance| instance.pid == pid) {
            Some(instance) => Ok(instance.clone()),
            None => refuse(format!(
                "mark: no live capture has the number {pid}; there are: {}",
                numbers()
            )),
        },
    }
}

/// Sets the marker.
#[cfg(not(unix))]
pub(super) fn run(_: &MarkArguments, _: &mut dyn Write) -> Result<Outcome, Refusal> {
    Err(Refusal::impossible(anyhow::anyhow!("mark: this system has no such sockets")))
}
