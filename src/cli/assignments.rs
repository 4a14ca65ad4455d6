//! The files of `--geoip`, `--asn` and `--oui`: read as a whole, before rights are given up.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;
use jiff::Timestamp;

use super::cause::in_words;
use super::config::Defaults;
use super::outcome::Refusal;
use crate::ledger::{AddressFile, AssignmentFile, Assignments, Assigns, HardwareFile};

/// The heading of these options.
const REGISTERS: &str = "Registers";
/// Octets that a file of addresses may have; the largest on offer have some 1.5 GB.
const MOST_ADDRESSES: u64 = 2 << 30;
/// Octets that a list of hardware may have; IEEE's has 6 MB.
const MOST_HARDWARE: u64 = 64 << 20;

/// Which files say to whom addresses are assigned.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct AssignmentArguments {
    /// State each server's country from this file (.mmdb): where its address is registered, which
    /// is not where data ends
    #[arg(long, help_heading = REGISTERS, value_name = "FILE")]
    pub(super) geoip: Option<PathBuf>,
    /// State each server's network and its owner from this file (.mmdb)
    #[arg(long, help_heading = REGISTERS, value_name = "FILE")]
    pub(super) asn: Option<PathBuf>,
    /// State the maker of each client's network hardware: oui.txt or oui.csv of IEEE, or manuf of
    /// Wireshark
    #[arg(long, help_heading = REGISTERS, value_name = "FILE")]
    pub(super) oui: Option<PathBuf>,
}

/// Reads the files; what was typed wins over the configuration.
pub(super) fn load(
    typed: &AssignmentArguments,
    defaults: &Defaults,
) -> Result<Assignments, Refusal> {
    read(typed, defaults).map_err(Refusal::impossible)
}

fn read(typed: &AssignmentArguments, defaults: &Defaults) -> anyhow::Result<Assignments> {
    let mut all = Assignments::default();
    for (path, assigns) in [
        (typed.geoip.as_ref().or(defaults.geoip.as_ref()), Assigns::Country),
        (typed.asn.as_ref().or(defaults.asn.as_ref()), Assigns::Network),
    ] {
        let Some(path) = path else { continue };
        let (octets, _) = octets(path, MOST_ADDRESSES)?;
        let file = AddressFile::of(octets, assigns);
        let file = file.with_context(|| path.display().to_string())?;
        all.files.push(AssignmentFile {
            assigns,
            path: path.display().to_string(),
            kind: file.kind(),
            date: file.date(),
            damaged: false,
        });
        match assigns {
            Assigns::Network => all.networks = Some(file),
            _ => all.countries = Some(file),
        }
    }
    if let Some(path) = typed.oui.as_ref().or(defaults.oui.as_ref()) {
        let (octets, changed) = octets(path, MOST_HARDWARE)?;
        let file = HardwareFile::of(&octets).with_context(|| path.display().to_string())?;
        tracing::debug!("{}: {} prefixes", path.display(), file.len());
        all.files.push(AssignmentFile {
            assigns: Assigns::Hardware,
            path: path.display().to_string(),
            kind: String::new(),
            date: changed,
            damaged: false,
        });
        all.hardware = Some(file);
    }
    Ok(all)
}

/// A file's octets, and the day on which it was last changed, YYYY-MM-DD.
fn octets(path: &Path, most: u64) -> anyhow::Result<(Vec<u8>, String)> {
    let unreadable =
        |e: std::io::Error| anyhow!("{}: cannot be read: {}", path.display(), in_words(&e));
    let file = File::open(path).map_err(unreadable)?;
    let meta = file.metadata().map_err(unreadable)?;
    let room = usize::try_from(meta.len().min(most)).unwrap_or_default();
    let mut octets = Vec::with_capacity(room);
    let read = file.take(most + 1).read_to_end(&mut octets).map_err(unreadable)?;
    if read as u64 > most {
        return Err(anyhow!("{}: larger than {most} octets", path.display()));
    }
    let changed = meta.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
    let changed = changed.map(|time| time.strftime("%Y-%m-%d").to_string());
    Ok((octets, changed.unwrap_or_default()))
}
