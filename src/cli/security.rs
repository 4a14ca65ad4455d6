//! `vigie interfaces --security`: what is in force when captures are parsed.

use std::fs::File;
use std::io::{self, Write};
use std::net::UdpSocket;
use std::process::Command;

use super::args::SandboxArguments;
use super::outcome::Refusal;
use super::sandbox::{self, Lacks};
use crate::privilege::Plan;

/// Gives up the rights that `analyze` gives up for captures from standard input, then writes
/// what the kernel says of it, and what comes of trying.
pub(super) fn run(typed: SandboxArguments, out: &mut dyn Write) -> Result<(), Refusal> {
    let state = sandbox::enforce(&Plan::default(), typed, Lacks::ToWhoAsks)?;
    match state {
        Some(state) => write!(out, "{state}")?,
        None => writeln!(out, "No rights were given up: --no-sandbox")?,
    }
    writeln!(out, "Tried")?;
    for (what, result) in attempts() {
        match result {
            Ok(()) => writeln!(out, "  {what:<22} POSSIBLE")?,
            Err(error) => {
                writeln!(out, "  {what:<22} refused: {}", super::cause::in_words(&error))?;
            }
        }
    }
    Ok(())
}

/// What a parser that was taken over would try. None of it leaves a trace where it succeeds: the
/// file is only opened, the socket has no peer.
fn attempts() -> [(&'static str, io::Result<()>); 3] {
    [
        ("opening a file", File::open("/etc/passwd").map(drop)),
        ("making a socket", UdpSocket::bind("127.0.0.1:0").map(drop)),
        (
            "running a program",
            Command::new("/bin/true").spawn().and_then(|mut child| child.wait()).map(drop),
        ),
    ]
}
