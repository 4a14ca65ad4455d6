//! An archive, unpacked within bounds.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::manifest::is_inside;

/// What an archive may unpack to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Files.
    pub(super) entries: usize,
    /// Octets of all together.
    pub(super) octets: u64,
    /// How many times as large as in the archive a file of more than a mebibyte may be. Tables
    /// and captures of a bundle come to less than a tenth of that.
    pub(super) ratio: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { entries: 20_000, octets: 64 << 30, ratio: 250 }
    }
}

/// Why an archive is not unpacked.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// It cannot be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is none.
    #[error("not a ZIP archive that can be read: {0}")]
    NotZip(ZipError),
    /// It holds more files than a bundle has.
    #[error("{files} files in the archive, more than the {most} a bundle may have")]
    Entries {
        /// How many.
        files: usize,
        /// The bound.
        most: usize,
    },
    /// Two files share octets of the archive, or a name.
    #[error("files in the archive overlap or share a name: it was not made by an honest program")]
    Overlaps,
    /// A file's path leads out.
    #[error("the archive holds `{}`, a path that leads out of it", crate::export::escape(.0))]
    Outside(String),
    /// A file is a link, or something else that is no file.
    #[error("the archive holds `{}`, which is no plain file", crate::export::escape(.0))]
    NotAFile(String),
    /// A file is too large for what it takes in the archive.
    #[error("`{}` would unpack to more than {most} octets: refused", crate::export::escape(name))]
    TooLarge {
        /// Which file.
        name: String,
        /// The bound that it would break.
        most: u64,
    },
    /// Not everything lies in one folder.
    #[error("the files of the archive do not lie in one folder (RFC 8493 section 4)")]
    NoFolder,
}

/// Unpacks into the folder `to`; gives the name of the one folder that everything lies in.
pub(super) fn unpack(archive: &Path, to: &Path, bounds: Bounds) -> Result<String, UnpackError> {
    let file = BufReader::new(File::open(archive)?);
    let mut archive = ZipArchive::new(file).map_err(not_zip)?;
    if archive.len() > bounds.entries {
        return Err(UnpackError::Entries { files: archive.len(), most: bounds.entries });
    }
    if archive.has_duplicate_names() || archive.has_overlapping_entries().map_err(not_zip)? {
        return Err(UnpackError::Overlaps);
    }
    let (mut top, mut left) = (None, bounds.octets);
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).map_err(not_zip)?;
        let name = entry.name().map_err(not_zip)?.into_owned();
        let path = name.strip_suffix('/').filter(|_| entry.is_dir()).unwrap_or(&name).to_owned();
        if !is_inside(&path) {
            return Err(UnpackError::Outside(name));
        }
        let first = path.split('/').next().unwrap_or_default();
        if top.get_or_insert_with(|| first.to_owned()) != first {
            return Err(UnpackError::NoFolder);
        }
        if entry.is_dir() {
            continue;
        }
        let plain = entry.unix_mode().is_none_or(|mode| matches!(mode & 0o170_000, 0 | 0o100_000));
        if !entry.is_file() || entry.is_symlink() || !plain || !path.contains('/') {
            return Err(UnpackError::NotAFile(name));
        }
        let by_ratio = entry.compressed_size().saturating_mul(bounds.ratio).max(1 << 20);
        let most = left.min(by_ratio);
        left -= put(&mut entry, &to.join(&path), most, &name)?;
    }
    top.ok_or(UnpackError::NoFolder)
}

/// Writes one file, of at most `most` octets; gives how many it has.
fn put(source: &mut dyn Read, path: &Path, most: u64, name: &str) -> Result<u64, UnpackError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let written = io::copy(&mut source.take(most.saturating_add(1)), &mut file)?;
    if written > most {
        return Err(UnpackError::TooLarge { name: name.to_owned(), most });
    }
    Ok(written)
}

fn not_zip(error: ZipError) -> UnpackError {
    match error {
        ZipError::Io(error) => UnpackError::Io(error),
        error => UnpackError::NotZip(error),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(folder: &Path, files: &[(&str, &[u8])]) -> std::path::PathBuf {
        let path = folder.join("a.zip");
        let mut writer = ZipWriter::new(File::create(&path).unwrap());
        for (name, octets) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(octets).unwrap();
        }
        writer.finish().unwrap();
        path
    }

    fn of(files: &[(&str, &[u8])], bounds: Bounds) -> Result<String, String> {
        let around = tempfile::tempdir().unwrap();
        let to = around.path().join("to");
        let path = archive(around.path(), files);
        let done = unpack(&path, &to, bounds).map_err(|error| error.to_string());
        let outside: Vec<_> = fs::read_dir(around.path()).unwrap().collect();
        assert!(outside.len() <= 2, "{outside:?}");
        done
    }

    #[test]
    fn an_archive_of_one_folder_is_unpacked() {
        assert_eq!(of(&[("b/a.txt", b"a"), ("b/c/d.txt", b"d")], Bounds::default()).unwrap(), "b");
    }

    #[test]
    fn what_leads_out_or_is_spread_is_refused() {
        let refused = |name: &str| of(&[(name, b"x")], Bounds::default()).unwrap_err();
        assert!(refused("../evil").contains("leads out"), "{}", refused("../evil"));
        assert!(refused("b/../../evil").contains("leads out"));
        assert!(refused("/tmp/evil").contains("leads out"));
        assert!(refused("plain").contains("no plain file"));
        let two = of(&[("a/x", b"x"), ("b/x", b"x")], Bounds::default());
        assert!(two.unwrap_err().contains("one folder"));
    }

    #[test]
    fn a_link_is_refused() {
        let around = tempfile::tempdir().unwrap();
        let path = around.path().join("a.zip");
        let mut writer = ZipWriter::new(File::create(&path).unwrap());
        writer.add_symlink("b/link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        writer.finish().unwrap();
        let refused = unpack(&path, &around.path().join("to"), Bounds::default()).unwrap_err();
        assert!(matches!(refused, UnpackError::NotAFile(_)), "{refused}");
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        let zeros = vec![0; 40 << 20];
        let bomb = of(&[("b/bomb", &zeros)], Bounds::default()).unwrap_err();
        assert!(bomb.contains("would unpack to more"), "{bomb}");
        let small = Bounds { octets: 10, ..Bounds::default() };
        assert!(of(&[("b/a", &[1; 6]), ("b/b", &[2; 6])], small).unwrap_err().contains("unpack"));
        let few = Bounds { entries: 1, ..Bounds::default() };
        assert!(of(&[("b/a", b""), ("b/b", b"")], few).unwrap_err().contains("2 files"));
    }

    #[test]
    fn no_cut_of_an_archive_does_harm() {
        let around = tempfile::tempdir().unwrap();
        let path = archive(around.path(), &[("b/a.txt", b"some text"), ("b/b.txt", b"more")]);
        let octets = fs::read(&path).unwrap();
        for len in 0..octets.len() {
            fs::write(&path, &octets[..len]).unwrap();
            assert!(
                unpack(&path, &around.path().join(len.to_string()), Bounds::default()).is_err()
            );
        }
    }
}
