//! Signature files: where they are, and their text.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::{Fault, LoadError};

/// A file, with its name for messages.
#[derive(Debug)]
pub(super) struct SignatureFile<'a> {
    pub(super) name: String,
    pub(super) text: Cow<'a, str>,
}

/// The database that vigie comes with, compiled in.
static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/signatures");

/// Octets of one file.
const LARGEST_FILE: u64 = 64 << 20;
/// Files of one folder, the folders in it included.
const MOST_FILES: usize = 10_000;
/// Folders in folders.
const DEEPEST: usize = 8;

/// The files that vigie comes with, by name.
pub(super) fn shipped() -> Result<Vec<SignatureFile<'static>>, LoadError> {
    let mut files = Vec::new();
    let mut folders = vec![&SHIPPED];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files().filter(|f| f.path().extension().is_some_and(|e| e == "toml")) {
            let name = format!("signatures/{}", file.path().display());
            let text = text(&name, file.contents().into())?;
            files.push(SignatureFile { name, text });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// The `.toml` files below a folder, by name; hidden ones are left out. A path of a file gives
/// that file.
pub(super) fn below(path: &Path) -> Result<Vec<SignatureFile<'static>>, LoadError> {
    let mut paths = Vec::new();
    walk(path, &mut paths)?;
    if paths.is_empty() {
        return Err(whole(&shown(path), Fault::NoFiles));
    }
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn walk(top: &Path, found: &mut Vec<PathBuf>) -> Result<(), LoadError> {
    let metadata = fs::metadata(top).map_err(|e| whole(&shown(top), Fault::Unreadable(e)))?;
    if !metadata.is_dir() {
        found.push(top.to_owned());
        return Ok(());
    }
    let mut folders = vec![(top.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let unreadable = |e: io::Error| whole(&shown(&folder), Fault::Unreadable(e));
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let hidden = path.file_name().is_some_and(|n| n.as_encoded_bytes().starts_with(b"."));
            if hidden {
                continue;
            }
            if path.is_dir() {
                if depth == DEEPEST {
                    let fault = Fault::TooMany { what: "folders in folders", limit: DEEPEST };
                    return Err(whole(&shown(&path), fault));
                }
                folders.push((path, depth + 1));
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                if found.len() == MOST_FILES {
                    let fault = Fault::TooMany { what: "files", limit: MOST_FILES };
                    return Err(whole(&shown(top), fault));
                }
                found.push(path);
            }
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<SignatureFile<'static>, LoadError> {
    let name = shown(path);
    let unreadable = |e: io::Error| whole(&name, Fault::Unreadable(e));
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(unreadable(io::Error::other("not a regular file")));
    }
    let mut octets = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(LARGEST_FILE + 1).read_to_end(&mut octets).map_err(unreadable)?;
    if octets.len() as u64 > LARGEST_FILE {
        return Err(whole(&name, Fault::TooLarge { limit: LARGEST_FILE }));
    }
    let text = text(&name, Cow::Owned(octets))?;
    Ok(SignatureFile { name, text })
}

fn text<'a>(name: &str, octets: Cow<'a, [u8]>) -> Result<Cow<'a, str>, LoadError> {
    let text = match octets {
        Cow::Borrowed(octets) => std::str::from_utf8(octets).map(Cow::Borrowed),
        Cow::Owned(octets) => String::from_utf8(octets).map(Cow::Owned).map_err(|e| e.utf8_error()),
    };
    text.map_err(|_| whole(name, Fault::NotUtf8))
}

/// A fault of a whole file or folder.
pub(super) fn whole(name: &str, fault: Fault) -> LoadError {
    LoadError { file: name.to_owned(), place: None, field: None, fault: fault.into() }
}

/// A path as a message shows it: nothing that a terminal would obey.
fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    if text.chars().any(char::is_control) { text.escape_debug().to_string() } else { text }
}
