//! Who seals a bundle: the key, its passphrase, the agent.

use std::env;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use super::outcome::Refusal;
use crate::evidence::seal::{Agent, Sealer, Unlock};

/// Options that say who seals.
#[derive(Debug, Args)]
pub(super) struct SealArguments {
    /// Seal the bundle with this SSH key (ssh-ed25519); with FILE.pub, the agent seals
    #[arg(long, value_name = "FILE", help_heading = SEAL)]
    sign: Option<PathBuf>,
    /// In whose name, one word [default: the key's comment]
    #[arg(long, value_name = "NAME", help_heading = SEAL, requires = "sign")]
    signer_name: Option<String>,
    /// The first line of this file opens the key, where a passphrase protects it [default: ask on
    /// the terminal]
    #[arg(long, value_name = "FILE", help_heading = SEAL, requires = "sign")]
    passphrase_file: Option<PathBuf>,
}

/// The heading of these options.
const SEAL: &str = "Seal";
/// Octets of a passphrase at most.
const LONGEST: u64 = 4096;

/// Who seals, where somebody does. To be called before rights are given up: it reads files, asks
/// on the terminal, and connects to the agent.
pub(super) fn sealer(typed: &SealArguments) -> Result<Option<Sealer>, Refusal> {
    let Some(path) = &typed.sign else { return Ok(None) };
    let mut told = match &typed.passphrase_file {
        Some(file) => Some(first_line(file).map_err(Refusal::impossible)?),
        None => None,
    };
    let unlock = || match told.take().or_else(|| ask(path)) {
        Some(passphrase) => Unlock::With(passphrase),
        None => Unlock::Nothing,
    };
    let sealer = Sealer::load(path, typed.signer_name.as_deref(), unlock, agent());
    sealer.map(Some).map_err(Refusal::impossible)
}

/// The agent of the environment, where there is one.
#[cfg(unix)]
fn agent() -> Option<Agent> {
    let socket = env::var_os("SSH_AUTH_SOCK")?;
    let connected = Agent::connect(Path::new(&socket));
    connected.inspect_err(|error| tracing::info!("SSH_AUTH_SOCK: {error}")).ok()
}

#[cfg(not(unix))]
fn agent() -> Option<Agent> {
    None
}

/// The first line of a file, without its end.
fn first_line(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let read = file.take(LONGEST).read_to_string(&mut text);
    read.with_context(|| path.display().to_string())?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Asks on the terminal, without showing what is typed; none where there is no terminal.
#[cfg(unix)]
fn ask(path: &Path) -> Option<String> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

    let mut terminal = File::options().read(true).write(true).open("/dev/tty").ok()?;
    let before = tcgetattr(&terminal).ok()?;
    write!(terminal, "{}: passphrase: ", crate::export::escape(&path.display().to_string()))
        .ok()?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&terminal, OptionalActions::Flush, &silent).ok()?;
    let line = read_line(&mut terminal);
    // Were the terminal gone, nobody would see it.
    let _ = tcsetattr(&terminal, OptionalActions::Flush, &before);
    let _ = writeln!(terminal);
    line.ok()
}

#[cfg(not(unix))]
fn ask(_path: &Path) -> Option<String> {
    None
}

/// Up to the end of the line.
fn read_line(terminal: &mut dyn Read) -> io::Result<String> {
    let mut octets = Vec::new();
    for octet in terminal.take(LONGEST).bytes() {
        match octet? {
            b'\n' => break,
            octet => octets.push(octet),
        }
    }
    String::from_utf8(octets).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_is_the_first_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("passphrase");
        std::fs::write(&path, "correct horse\nmore").unwrap();
        assert_eq!(first_line(&path).unwrap(), "correct horse");
        assert_eq!(read_line(&mut &b"typed\nmore"[..]).unwrap(), "typed");
        assert_eq!(read_line(&mut &b"no end"[..]).unwrap(), "no end");
        assert!(first_line(&folder.path().join("none")).is_err());
    }
}
