//! Files that the screen writes: the owner's alone, and never over one that is there.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Files of one name with several endings that are looked for at most.
const TRIES: usize = 1_000;

/// Writes files `vigie-NAME.ENDING` into `folder`, all with the first number behind the name
/// that none of them has yet. Gives the first one's name.
pub(super) fn write(folder: &Path, name: &str, parts: &[(&str, &[u8])]) -> io::Result<PathBuf> {
    for number in 1..=TRIES {
        let path = |ending: &str| folder.join(format!("vigie-{name}-{number}.{ending}"));
        if parts.iter().any(|(ending, _)| path(ending).exists()) {
            continue;
        }
        for (ending, octets) in parts {
            create(&path(ending))?.write_all(octets)?;
        }
        let first = parts.first().map_or("", |(ending, _)| ending);
        return Ok(path(first));
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
