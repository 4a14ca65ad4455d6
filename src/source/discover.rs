//! From what the command line gives to streams: files, directories, standard input.

use std::fs::{self, File, FileType};
use std::io;
use std::path::{Path, PathBuf};

use super::capture::{CaptureReader, is_capture};
use super::rotation;
use super::{Input, OpenError, Plan, PlanError, Reading, StreamPlan};

/// Plans the reading of `paths`, in the order given: `-` is standard input; directories are
/// walked in the order of names, without following links to directories, and what is no capture
/// by its content is skipped; rotated files become one stream, read in the order of time. With
/// `join`, everything becomes one stream, frame by frame in the order of time.
pub fn plan_streams(paths: &[PathBuf], join: bool) -> Plan {
    let mut plan = Plan::default();
    let mut inputs = Vec::new();
    for path in paths {
        add(path, &mut inputs, &mut plan);
    }
    plan.streams = match join {
        true if inputs.is_empty() => Vec::new(),
        true => vec![StreamPlan { captures: inputs, reading: Reading::ByTime }],
        false => rotation::streams(inputs, CaptureReader::first_time),
    };
    plan
}

fn add(path: &Path, inputs: &mut Vec<Input>, plan: &mut Plan) {
    if path.as_os_str() == "-" {
        inputs.push(Input::Stdin);
        return;
    }
    match open(path) {
        Ok(Given::Directory) => add_directory(path, inputs, plan),
        Ok(Given::File) => inputs.push(Input::File(path.to_path_buf())),
        Err(error) => plan.errors.push(unreadable(path, error)),
    }
}

enum Given {
    File,
    Directory,
}

/// What is at `path`, and whether it may be read. A named pipe is not opened: that would wait
/// for its writer, and lose what it wrote.
fn open(path: &Path) -> io::Result<Given> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Ok(Given::Directory);
    }
    if metadata.is_file() {
        File::open(path)?;
    }
    Ok(Given::File)
}

fn unreadable(path: &Path, error: io::Error) -> PlanError {
    PlanError::Unreadable { path: path.to_path_buf(), reason: OpenError::from(error) }
}

fn add_directory(path: &Path, inputs: &mut Vec<Input>, plan: &mut Plan) {
    let (captures, errors) = (inputs.len(), plan.errors.len());
    let mut files = 0;
    // Directories still to be entered and files still to be looked at, the next one last.
    let mut found = vec![(path.to_path_buf(), Kind::Directory)];
    while let Some((path, kind)) = found.pop() {
        match kind {
            Kind::Directory => match entries(&path) {
                Ok(entries) => found.extend(entries.into_iter().rev()),
                Err(error) => plan.errors.push(unreadable(&path, error)),
            },
            Kind::File => {
                files += 1;
                match is_capture(&path) {
                    Ok(true) => inputs.push(Input::File(path)),
                    Ok(false) => plan.skipped.push(path),
                    Err(reason) => plan.errors.push(PlanError::Unreadable { path, reason }),
                }
            }
            Kind::Other => plan.skipped.push(path),
        }
    }
    if inputs.len() == captures && plan.errors.len() == errors {
        plan.errors.push(PlanError::NoCaptures { path: path.to_path_buf(), files });
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Directory,
    File,
    /// A link to a directory, which could lead in circles, or a pipe, which could block.
    Other,
}

/// What a directory holds, by name.
fn entries(path: &Path) -> io::Result<Vec<(PathBuf, Kind)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let path = entry.path();
        let kind = kind(&path, entry.file_type()?);
        entries.push((path, kind));
    }
    entries.sort_by(|(a, _), (b, _)| a.file_name().cmp(&b.file_name()));
    Ok(entries)
}

fn kind(path: &Path, of: FileType) -> Kind {
    match of {
        _ if of.is_dir() => Kind::Directory,
        _ if of.is_file() => Kind::File,
        // A link that leads nowhere is as good as no file.
        _ if of.is_symlink() && path.is_file() => Kind::File,
        _ => Kind::Other,
    }
}
