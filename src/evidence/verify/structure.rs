//! The bag: which files there are, and whether they are what the manifests say.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::super::bag::{DECLARATION, MANIFEST, TAG_MANIFEST, read_bounded};
use super::super::hash;
use super::super::seal::SIGNATURE;
use super::finding::{Verification, finding};
use super::manifest::Manifest;
use super::unpack::UnpackError;

/// Why nothing could be checked.
#[derive(Debug, thiserror::Error)]
pub enum Unverifiable {
    /// It cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is no bag.
    #[error("{}: no bundle: it has no bagit.txt; give the folder or the .zip that vigie report wrote", .0.display())]
    NotABag(PathBuf),
    /// The archive is refused.
    #[error("{}: {source}", path.display())]
    Archive {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: UnpackError,
    },
    /// It holds more than a bundle does.
    #[error("{}: more than {most} files, or folders more than {deep} deep: no bundle of vigie's", path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
        /// The bound of files.
        most: usize,
        /// The bound of depth.
        deep: usize,
    },
}

/// Files of a bag at most.
const MOST_FILES: usize = 20_000;
/// Folders within folders at most.
const DEEPEST: usize = 16;
/// Octets of a manifest at most.
const LARGEST_MANIFEST: u64 = 16 << 20;

/// Files of the folder by path; what is no file is told and left out.
fn walk(
    root: &Path,
    verification: &mut Verification,
) -> Result<BTreeMap<String, u64>, Unverifiable> {
    let mut files = BTreeMap::new();
    let mut folders = vec![(root.to_owned(), String::new(), 0)];
    let too_many =
        || Unverifiable::TooMany { path: root.to_owned(), most: MOST_FILES, deep: DEEPEST };
    let mut seen = 0;
    while let Some((folder, name, depth)) = folders.pop() {
        let fault = |source| Unverifiable::Unreadable { path: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            seen += 1;
            if seen > MOST_FILES {
                return Err(too_many());
            }
            let part = entry.file_name().to_string_lossy().into_owned();
            let path = if name.is_empty() { part } else { format!("{name}/{part}") };
            let kind = entry.file_type().map_err(fault)?;
            if kind.is_dir() {
                if depth + 1 >= DEEPEST {
                    return Err(too_many());
                }
                folders.push((entry.path(), path, depth + 1));
            } else if kind.is_file() {
                files.insert(path, entry.metadata().map_err(fault)?.len());
            } else {
                verification.wrong(finding("verify-no-file").with("file", path));
            }
        }
    }
    Ok(files)
}

/// A bag whose files were looked at.
#[derive(Debug)]
pub(super) struct Bag {
    pub(super) root: PathBuf,
    /// Files that are there, with their octets.
    pub(super) files: BTreeMap<String, u64>,
}

impl Bag {
    /// Looks at a folder, and checks which files there are and what is in them.
    pub(super) fn check(
        root: &Path,
        shown: &Path,
        verification: &mut Verification,
    ) -> Result<Self, Unverifiable> {
        let files = walk(root, verification)?;
        let bag = Self { root: root.to_owned(), files };
        if !bag.files.contains_key("bagit.txt") {
            return Err(Unverifiable::NotABag(shown.to_owned()));
        }
        let before = verification.findings().len();
        if bag.text("bagit.txt", 1 << 10).as_deref() != Ok(DECLARATION) {
            verification.wrong(finding("verify-declaration"));
        }
        let payload = bag.manifest(MANIFEST, verification);
        let tags = bag.manifest(TAG_MANIFEST, verification);
        bag.compare(&payload, &tags, verification);
        let listed = payload.hashes.iter().chain(&tags.hashes);
        let changed = listed.filter(|(name, hash)| {
            bag.files.contains_key(*name) && bag.hash(name).as_ref() != Ok(*hash)
        });
        let changed: Vec<_> = changed.map(|(name, _)| name.clone()).collect();
        verification.wrong_ones("verify-changed", "file", changed);
        bag.oxum(&payload, verification);
        if verification.findings().len() == before {
            let number = payload.hashes.len() + tags.hashes.len();
            verification.holds_that(finding("verify-files-hold").count("files", number as u64));
        }
        Ok(bag)
    }

    /// Opens a file of the bag.
    pub(super) fn open(&self, name: &str) -> io::Result<File> {
        if !self.files.contains_key(name) {
            return Err(io::ErrorKind::NotFound.into());
        }
        File::open(self.root.join(name))
    }

    /// A small file of text.
    pub(super) fn text(&self, name: &str, most: u64) -> Result<String, String> {
        let octets = self.open(name).and_then(|mut file| read_bounded(&mut file, most));
        let octets = octets.map_err(|error| error.to_string())?;
        String::from_utf8(octets).map_err(|error| error.to_string())
    }

    fn hash(&self, name: &str) -> Result<String, String> {
        let hashed = self.open(name).and_then(|mut file| hash::of_reader(&mut file));
        hashed.map(|(hash, _)| hash).map_err(|error| error.to_string())
    }

    fn manifest(&self, name: &str, verification: &mut Verification) -> Manifest {
        let Ok(text) = self.text(name, LARGEST_MANIFEST) else {
            verification.wrong(finding("verify-missing").with("file", name));
            return Manifest::default();
        };
        let manifest = Manifest::of(&text);
        let lines = manifest.unreadable.iter().map(|line| format!("{name}: {line}"));
        verification.wrong_ones("verify-line", "line", lines);
        manifest
    }

    /// Files that are missing, and those that nobody listed.
    fn compare(&self, payload: &Manifest, tags: &Manifest, verification: &mut Verification) {
        let listed = payload.hashes.keys().chain(tags.hashes.keys());
        let missing: Vec<_> = listed.filter(|n| !self.files.contains_key(*n)).cloned().collect();
        verification.wrong_ones("verify-missing", "file", missing);
        let is_listed = |name: &String| {
            if name.starts_with("data/") {
                payload.hashes.contains_key(name)
            } else {
                // These two seal the others, and cannot list themselves.
                name == TAG_MANIFEST || name == SIGNATURE || tags.hashes.contains_key(name)
            }
        };
        let added: Vec<_> = self.files.keys().filter(|name| !is_listed(name)).cloned().collect();
        verification.wrong_ones("verify-added", "file", added);
        let misplaced = payload.hashes.keys().filter(|name| !name.starts_with("data/"));
        let misplaced = misplaced.chain(tags.hashes.keys().filter(|n| n.starts_with("data/")));
        let misplaced: Vec<_> = misplaced.cloned().collect();
        verification.wrong_ones("verify-misplaced", "file", misplaced);
        for tag in ["bagit.txt", "bag-info.txt", MANIFEST] {
            if !tags.hashes.contains_key(tag) && self.files.contains_key(tag) {
                verification.wrong(finding("verify-unlisted").with("file", tag));
            }
        }
    }

    /// Octets and number of the payload's files, as bag-info.txt states them (RFC 8493 §2.2.2).
    fn oxum(&self, payload: &Manifest, verification: &mut Verification) {
        let info = self.text("bag-info.txt", 1 << 20).unwrap_or_default();
        let stated = info.lines().find_map(|line| line.strip_prefix("Payload-Oxum: "));
        let of = |name: &String| self.files.get(name).copied().unwrap_or(0);
        let octets = payload.hashes.keys().map(of).fold(0, u64::saturating_add);
        let there = format!("{octets}.{}", payload.hashes.len());
        if stated != Some(there.as_str()) {
            let stated = stated.unwrap_or("-");
            verification.wrong(finding("verify-oxum").with("stated", stated).with("there", there));
        }
    }
}
