//! The folder in which a bundle is made, beside its place: it is gone at the end, and where a run
//! was killed, the next one that works there removes it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::bag::private_folder;

/// How such folders are called.
const PREFIX: &str = ".vigie-report-";

/// A folder for its owner alone, held by whoever works in it. Dropped, it leaves nothing.
// Captures lie in it before clients have pseudonyms: nobody looks for them there.
#[derive(Debug)]
pub struct Scratch {
    folder: tempfile::TempDir,
    /// Locked as long as somebody works in it; the system ends that whatever becomes of the run.
    _held: Option<File>,
}

impl Scratch {
    /// Makes one in `parent`.
    pub fn make(parent: &Path) -> io::Result<Self> {
        // So that nobody takes it for one that is not held before it is.
        let _making = held(parent, Wait::Long);
        let folder = private_folder(PREFIX, parent)?;
        let held = held(folder.path(), Wait::Not);
        Ok(Self { folder, _held: held })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Removes those in `parent` that runs left which were killed, and gives them.
    pub fn sweep(parent: &Path) -> Vec<PathBuf> {
        let Some(_sweeping) = held(parent, Wait::Not) else { return Vec::new() };
        let entries = fs::read_dir(parent).into_iter().flatten().filter_map(Result::ok);
        let left = entries.filter(|entry| {
            let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
            is_ours && entry.file_type().is_ok_and(|kind| kind.is_dir())
        });
        let left = left.map(|entry| entry.path());
        left.filter(|path| held(path, Wait::Not).is_some() && fs::remove_dir_all(path).is_ok())
            .collect()
    }
}

/// Whether to wait for somebody else who holds a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    Long,
    Not,
}

/// A folder that is held; none where somebody else does, or where the system cannot do it.
fn held(folder: &Path, wait: Wait) -> Option<File> {
    let file = File::open(folder).ok()?;
    let locked = match wait {
        Wait::Long => file.lock().is_ok(),
        Wait::Not => file.try_lock().is_ok(),
    };
    locked.then_some(file)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_holds_is_removed_and_nothing_else() {
        let around = tempfile::tempdir().unwrap();
        let held = Scratch::make(around.path()).unwrap();
        let left = around.path().join(format!("{PREFIX}abcdef"));
        fs::create_dir_all(left.join("data")).unwrap();
        fs::write(left.join("data/tagged.pcapng"), "x").unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("kept"), "x").unwrap();
        let link = around.path().join(format!("{PREFIX}link"));
        std::os::unix::fs::symlink(elsewhere.path(), &link).unwrap();
        let file = around.path().join(format!("{PREFIX}file"));
        fs::write(&file, "x").unwrap();
        fs::create_dir(around.path().join("other")).unwrap();

        assert_eq!(Scratch::sweep(around.path()), [left]);
        assert!(held.path().is_dir() && link.exists() && file.exists());
        assert!(elsewhere.path().join("kept").exists());
        assert!(Scratch::sweep(around.path()).is_empty());
        let path = held.path().to_owned();
        drop(held);
        assert!(!path.exists() && around.path().join("other").exists());
    }
}
