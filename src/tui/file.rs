//! Files that the screen writes: the owner's alone, and never over one that is there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Files of one name with several endings that are looked for at most.
const TRIES: usize = 1_000;

/// Writes files `vigie-NAME.ENDING` into `folder`, all with the first number behind the name
/// that none of them has yet. Gives the first one's name. Half of them are not left behind.
pub(super) fn write(
    folder: &Path,
    name: &str,
    parts: &[(&str, &[u8])],
) -> Result<PathBuf, NotWritten> {
    for number in 1..=TRIES {
        let path = |ending: &str| folder.join(format!("vigie-{name}-{number}.{ending}"));
        if parts.iter().any(|(ending, _)| path(ending).exists()) {
            continue;
        }
        for (at, (ending, octets)) in parts.iter().enumerate() {
            let written = create(&path(ending)).and_then(|mut file| file.write_all(octets));
            if let Err(cause) = written {
                let made = parts.iter().take(at + 1).map(|(ending, _)| path(ending));
                // One that could not even be made is not there.
                let removed = made.filter(|path| path.exists()).map(fs::remove_file);
                // Every one is tried, also behind one that stays.
                let is_gone = removed.filter(Result::is_err).count() == 0;
                return Err(NotWritten { path: path(ending), cause, is_gone });
            }
        }
        let first = parts.first().map_or("", |(ending, _)| ending);
        return Ok(path(first));
    }
    let path = folder.join(format!("vigie-{name}-{TRIES}"));
    Err(NotWritten { path, cause: io::ErrorKind::AlreadyExists.into(), is_gone: true })
}

/// A file that was not written.
#[derive(Debug)]
pub(super) struct NotWritten {
    pub(super) path: PathBuf,
    pub(super) cause: io::Error,
    /// Whether nothing of it was left behind, nor of those that belong to it.
    pub(super) is_gone: bool,
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_parts_that_cannot_all_be_written_none_is_left() {
        let folder = tempfile::tempdir().unwrap();
        // The second one's name is too long for any file system.
        let long = "x".repeat(300);
        let parts: [(&str, &[u8]); 2] = [("png", b"whole"), (&long, b"never")];
        let fault = write(folder.path(), "overview", &parts).unwrap_err();
        assert!(fault.is_gone && fault.path.ends_with(format!("vigie-overview-1.{long}")));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let path = write(folder.path(), "overview", &parts[..1]).unwrap();
        assert_eq!(fs::read(path).unwrap(), b"whole");
        let next = write(folder.path(), "overview", &parts[..1]).unwrap();
        assert!(next.ends_with("vigie-overview-2.png"));
    }
}
