//! The names of the files of one capture, and how many of them are kept.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::export::rfc3339;
use crate::source::CaptureTime;

/// When the next file begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// Before a frame with which the file would be longer than so many octets.
    Octets(u64),
    /// Before a frame so long after the file's first.
    After(Duration),
}

/// How many files of a capture are kept: the oldest are removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep(pub std::num::NonZeroUsize);

/// The parts of a capture: `name_00001_20260101120000.pcapng` and so on, as dumpcap names them.
#[derive(Debug)]
pub(super) struct Parts {
    folder: PathBuf,
    stem: String,
    ending: String,
    number: u64,
    /// Number of the first part of this run.
    first: u64,
    keep: Option<Keep>,
    /// Files of this capture, oldest first, those of earlier runs included.
    there: VecDeque<PathBuf>,
}

impl Parts {
    /// Parts of the capture `path`: numbers go on after those that are there.
    pub(super) fn of(path: &Path, keep: Option<Keep>) -> io::Result<Self> {
        let text = |part: Option<&std::ffi::OsStr>| {
            part.map(|p| p.to_string_lossy().into_owned()).unwrap_or_default()
        };
        let folder = match path.parent() {
            Some(parent) if parent != Path::new("") => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        let (stem, ending) = (text(path.file_stem()), text(path.extension()));
        let mut parts =
            Self { folder, stem, ending, number: 0, first: 0, keep, there: VecDeque::new() };
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&parts.folder)? {
            let path = entry?.path();
            if let Some(number) = path.file_name().and_then(|n| parts.number_of(n.to_str()?)) {
                found.push((number, path));
            }
        }
        found.sort();
        parts.number = found.last().map_or(0, |(number, _)| *number);
        parts.first = parts.number + 1;
        parts.there = found.into_iter().map(|(_, path)| path).collect();
        Ok(parts)
    }

    /// Number of the present part.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Number of the first part of this run.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// The parts of this run before the present one that are still kept, oldest first.
    pub(super) fn earlier(&self) -> Vec<PathBuf> {
        let of_run = usize::try_from(self.number + 1 - self.first).unwrap_or(usize::MAX);
        let kept = self.there.iter().rev().take(of_run).skip(1);
        let mut earlier: Vec<PathBuf> = kept.cloned().collect();
        earlier.reverse();
        earlier
    }

    /// The path of the next part, begun at `time`.
    pub(super) fn next(&mut self, time: CaptureTime) -> PathBuf {
        self.number += 1;
        let date: String = rfc3339(time, 0).chars().filter(char::is_ascii_digit).collect();
        let ending =
            if self.ending.is_empty() { String::new() } else { format!(".{}", self.ending) };
        let path = self.folder.join(format!("{}_{:05}_{date}{ending}", self.stem, self.number));
        self.there.push_back(path.clone());
        path
    }

    /// Removes the oldest files beyond those that are kept. Gives what could not be removed.
    pub(super) fn prune(&mut self) -> Option<(PathBuf, io::Error)> {
        let Keep(keep) = self.keep?;
        while self.there.len() > keep.get() {
            let oldest = self.there.pop_front()?;
            match std::fs::remove_file(&oldest) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Some((oldest, error));
                }
                _ => {}
            }
        }
        None
    }

    /// The number of a part of this capture.
    fn number_of(&self, name: &str) -> Option<u64> {
        let rest = name.strip_prefix(&self.stem)?.strip_prefix('_')?;
        let rest = match self.ending.as_str() {
            "" => rest,
            ending => rest.strip_suffix(ending)?.strip_suffix('.')?,
        };
        let (number, date) = rest.split_once('_')?;
        let digits = |text: &str| text.bytes().all(|o| o.is_ascii_digit());
        let is_part = digits(number) && number.len() >= 5 && digits(date) && date.len() == 14;
        is_part.then(|| number.parse().ok())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_and_only_parts_of_the_same_capture_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let others = ["a_00001_2026.pcapng", "b_00001_20260101000000.pcapng", "a.pcapng"];
        let earlier = ["a_00007_20260101000000.pcapng", "a_00003_20260101000000.pcapng"];
        for name in others.iter().chain(&earlier) {
            std::fs::write(folder.path().join(name), b"x").unwrap();
        }
        let keep = std::num::NonZeroUsize::new(2).map(Keep);
        let mut parts = Parts::of(&folder.path().join("a.pcapng"), keep).unwrap();
        let path = parts.next(CaptureTime(1_767_600_000_000_000_000));
        assert_eq!(path.file_name().unwrap(), "a_00008_20260105080000.pcapng");
        std::fs::write(&path, b"x").unwrap();
        assert_eq!((parts.number(), parts.first(), parts.earlier().len()), (8, 8, 0));
        assert!(parts.prune().is_none());
        let mut left: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        let mut expected = vec!["a_00007_20260101000000.pcapng", "a_00008_20260105080000.pcapng"];
        expected.extend(others);
        expected.sort_unstable();
        assert_eq!(left, expected);
    }
}
