//! The files of `--dns-log`.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use anyhow::anyhow;

use super::cause::in_words;
use crate::name::{Calendar, DnsLog};

/// Reads all of them; the first fault is the answer, with the file and line.
pub(super) fn load(paths: &[PathBuf], calendar: &Calendar) -> anyhow::Result<DnsLog> {
    let mut log = DnsLog::default();
    for path in paths {
        let file = File::open(path)
            .map_err(|e| anyhow!("{}: cannot be read: {}", path.display(), in_words(&e)))?;
        log.read(BufReader::new(file), calendar)
            .map_err(|error| anyhow!("{}: {error}", path.display()))?;
    }
    Ok(log)
}
