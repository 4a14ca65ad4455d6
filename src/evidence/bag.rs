//! A `BagIt` bag (RFC 8493) that is made beside its place and renamed into it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use super::hash;

/// The folder of the payload.
pub(super) const PAYLOAD: &str = "data";
/// `bagit.txt`, octet for octet (RFC 8493 §2.1.1).
pub(super) const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
/// The manifest of the payload.
pub(super) const MANIFEST: &str = "manifest-sha256.txt";
/// The manifest of everything beside the payload, the manifest included.
pub(super) const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";

/// A file of a bag that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct BagError {
    /// Which file.
    pub path: PathBuf,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// A bag that is being made. Dropped before [`Bag::publish`], it leaves nothing.
#[derive(Debug)]
pub(super) struct Bag {
    folder: tempfile::TempDir,
    place: PathBuf,
}

impl Bag {
    /// Begins a bag that is to stand at `place`, where nothing may be, in the folder `scratch` of
    /// the same file system.
    pub(super) fn begin(place: &Path, scratch: &Path) -> Result<Self, BagError> {
        let fault = |source| BagError { path: place.to_owned(), source };
        if fs::symlink_metadata(place).is_ok() {
            return Err(fault(io::ErrorKind::AlreadyExists.into()));
        }
        let folder = private_folder("bag-", scratch).map_err(fault)?;
        Ok(Self { folder, place: place.to_owned() })
    }

    /// Where a file of the bag is while the bag is made.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The path of a file of the bag, its folder made if need be.
    pub(super) fn room_for(&self, name: &str) -> Result<PathBuf, BagError> {
        let path = self.path(name);
        if let Some(folder) = path.parent() {
            make_folder(folder).map_err(|source| BagError { path: folder.to_owned(), source })?;
        }
        Ok(path)
    }

    /// Begins a file that is not there yet.
    pub(super) fn create(&self, name: &str) -> Result<BufWriter<File>, BagError> {
        let path = self.room_for(name)?;
        let file = new_file(&path).map_err(|source| BagError { path, source })?;
        Ok(BufWriter::new(file))
    }

    /// Writes a whole file.
    pub(super) fn put(&self, name: &str, octets: &[u8]) -> Result<(), BagError> {
        let mut file = self.create(name)?;
        let written = file.write_all(octets).and_then(|()| file.flush());
        written.map_err(|source| BagError { path: self.path(name), source })
    }

    /// Takes a file in: it is renamed, or copied where it lies on another file system.
    pub(super) fn take(&self, from: &Path, name: &str) -> Result<(), BagError> {
        let path = self.room_for(name)?;
        if fs::rename(from, &path).is_ok() {
            return Ok(());
        }
        let copied = File::open(from).and_then(|mut source| {
            let mut file = new_file(&path)?;
            io::copy(&mut source, &mut file).map(|_| ())
        });
        copied.map_err(|source| BagError { path: from.to_owned(), source })?;
        fs::remove_file(from).map_err(|source| BagError { path: from.to_owned(), source })
    }

    /// Files of the bag under `folder` (the whole bag where it is empty), sorted by path, which
    /// is given with `/` between its parts and relative to the bag.
    pub(super) fn files(&self, folder: &str) -> Result<Vec<String>, BagError> {
        let mut found = Vec::new();
        list(&self.path(folder), folder, &mut found)?;
        found.sort_unstable();
        Ok(found)
    }

    /// The lines of a manifest over these files (RFC 8493 §2.1.3), and their octets together.
    fn manifest(&self, files: &[String]) -> Result<(String, u64), BagError> {
        let (mut text, mut sum) = (String::new(), 0);
        for name in files {
            let path = self.path(name);
            let hashed = File::open(&path).and_then(|mut file| hash::of_reader(&mut file));
            let (hash, octets) = hashed.map_err(|source| BagError { path, source })?;
            text.extend([hash.as_str(), "  ", name, "\n"]);
            sum += octets;
        }
        Ok((text, sum))
    }

    /// Writes the payload's manifest; gives the octets and the number of its files.
    pub(super) fn close_payload(&self) -> Result<(u64, usize), BagError> {
        let files = self.files(PAYLOAD)?;
        let (manifest, octets) = self.manifest(&files)?;
        self.put(MANIFEST, manifest.as_bytes())?;
        Ok((octets, files.len()))
    }

    /// Writes the manifest of the files beside the payload, and gives it.
    pub(super) fn close_tags(&self) -> Result<String, BagError> {
        let inside = format!("{PAYLOAD}/");
        let mut files = self.files("")?;
        files.retain(|name| !name.starts_with(&inside));
        let (manifest, _) = self.manifest(&files)?;
        self.put(TAG_MANIFEST, manifest.as_bytes())?;
        Ok(manifest)
    }

    /// Puts the bag in its place, and gives that. What stands there already stays as it is.
    pub(super) fn publish(self) -> Result<PathBuf, BagError> {
        let Self { folder, place } = self;
        rename_anew(folder.path(), &place)
            .map_err(|source| BagError { path: place.clone(), source })?;
        // It is not there any more: nothing is left to be removed.
        let _ = folder.keep();
        Ok(place)
    }
}

/// Renames `from` to `to`, where nothing may be.
pub(super) fn rename_anew(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            // The file system cannot do it in one step.
            Err(Errno::INVAL | Errno::NOSYS) => {}
            done => return done.map_err(Into::into),
        }
    }
    if fs::symlink_metadata(to).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(from, to)
}

/// A folder for its owner alone, of a name that begins so, which goes again when it is dropped.
pub fn private_folder(prefix: &str, parent: &Path) -> io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o700));
    }
    builder.tempdir_in(parent)
}

/// Makes a folder for its owner alone, with those above it.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A new file for its owner alone.
pub(super) fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn list(folder: &Path, name: &str, found: &mut Vec<String>) -> Result<(), BagError> {
    let fault = |source| BagError { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let part = entry.file_name().to_string_lossy().into_owned();
        let name = if name.is_empty() { part } else { format!("{name}/{part}") };
        if entry.file_type().map_err(fault)?.is_dir() {
            list(&entry.path(), &name, found)?;
        } else {
            found.push(name);
        }
    }
    Ok(())
}

/// The whole of a small file.
pub(super) fn read_bounded(reader: &mut dyn Read, most: u64) -> io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    reader.take(most + 1).read_to_end(&mut octets)?;
    if octets.len() as u64 > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("over {most} octets")));
    }
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bag_is_there_whole_or_not_at_all_and_replaces_nothing() {
        let (around, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let place = around.path().join("bag");
        let bag = Bag::begin(&place, scratch.path()).unwrap();
        bag.put("data/b.txt", b"b").unwrap();
        bag.put("data/a/c.txt", b"cc").unwrap();
        assert!(bag.put("data/b.txt", b"again").is_err());
        assert!(!place.exists());
        drop(bag);
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 0);

        let bag = Bag::begin(&place, scratch.path()).unwrap();
        bag.put("data/b.txt", b"b").unwrap();
        bag.put("data/a/c.txt", b"cc").unwrap();
        bag.put("bagit.txt", DECLARATION.as_bytes()).unwrap();
        assert_eq!(bag.close_payload().unwrap(), (3, 2));
        let names = |text: &str| -> Vec<String> {
            text.lines().map(|line| line.split("  ").nth(1).unwrap().to_owned()).collect()
        };
        assert_eq!(names(&bag.close_tags().unwrap()), ["bagit.txt", MANIFEST]);
        assert_eq!(bag.publish().unwrap(), place);
        let manifest = fs::read_to_string(place.join(MANIFEST)).unwrap();
        assert_eq!(names(&manifest), ["data/a/c.txt", "data/b.txt"]);

        assert!(Bag::begin(&place, scratch.path()).is_err());
        let late = around.path().join("late");
        let bag = Bag::begin(&late, scratch.path()).unwrap();
        bag.put("data/b.txt", b"b").unwrap();
        fs::create_dir(&late).unwrap();
        assert_eq!(bag.publish().unwrap_err().source.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_dir(&late).unwrap().count(), 0);
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn files_and_folders_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let around = tempfile::tempdir().unwrap();
        let bag = Bag::begin(&around.path().join("bag"), around.path()).unwrap();
        bag.put("data/a/c.txt", b"cc").unwrap();
        let mode = |name: &str| fs::metadata(bag.path(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!([mode("data"), mode("data/a"), mode("data/a/c.txt")], [0o700, 0o700, 0o600]);
    }

    #[test]
    fn what_is_larger_than_allowed_is_not_read() {
        assert_eq!(read_bounded(&mut &b"abc"[..], 3).unwrap(), b"abc");
        assert!(read_bounded(&mut &b"abcd"[..], 3).is_err());
    }
}
