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

#[cfg(test)]
mod tests {
    use super::super::Compression;
    use super::super::order::ByteOrder;
    use super::super::testing::{Blocks, PcapForm, compress};
    use super::*;

    fn folder(files: &[(&str, Vec<u8>)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, octets) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, octets).unwrap();
        }
        folder
    }

    /// Paths below the folder, stream by stream.
    fn shown(plan: &Plan, folder: &Path) -> Vec<String> {
        let prefix = format!("{}/", folder.display());
        let joined = |s: &StreamPlan| {
            s.captures.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        plan.streams.iter().map(|s| joined(s).replace(&prefix, "")).collect()
    }

    #[test]
    fn directories_are_walked_by_name_and_only_content_makes_a_capture() {
        let pcap = PcapForm::USUAL.header();
        let folder = folder(&[
            ("b/notes.pcap", b"no capture\n".to_vec()),
            ("b/x.txt", compress(&pcap, Compression::Gzip)),
            ("a.pcap", pcap.clone()),
            ("c/d/e", Blocks(ByteOrder::Big).file(&[])),
            ("c/cut.pcap", pcap[..9].to_vec()),
            ("c/archive.gz", compress(b"a text", Compression::Gzip)),
            ("c/empty", Vec::new()),
        ]);
        let plan = plan_streams(&[folder.path().to_path_buf()], false);
        assert_eq!(shown(&plan, folder.path()), ["a.pcap", "b/x.txt", "c/cut.pcap", "c/d/e"]);
        let skipped: Vec<_> =
            plan.skipped.iter().map(|p| p.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(skipped, ["notes.pcap", "archive.gz", "empty"]);
        assert_eq!(plan.errors, []);
    }

    #[test]
    fn joined_captures_are_one_stream_in_the_order_given() {
        let pcap = PcapForm::USUAL.header();
        let folder = folder(&[("b.pcap", pcap.clone()), ("a.pcap", pcap)]);
        let paths = ["b.pcap", "a.pcap"].map(|n| folder.path().join(n));
        let plan = plan_streams(&paths, true);
        assert_eq!(shown(&plan, folder.path()), ["b.pcap a.pcap"]);
        assert_eq!(plan.streams[0].reading, Reading::ByTime);
        assert_eq!(plan.streams[0].size_hint(), Some(48));
        let plan = plan_streams(&["-".into()], false);
        assert_eq!(plan.streams[0].captures, [Input::Stdin]);
        assert_eq!(plan.streams[0].size_hint(), None);
    }

    #[test]
    fn what_cannot_be_read_is_said_and_the_rest_goes_on() {
        let folder = folder(&[("a.pcap", PcapForm::USUAL.header()), ("none/a.txt", vec![b'x'; 9])]);
        let paths = ["missing.pcap", "none", "a.pcap"].map(|n| folder.path().join(n));
        let plan = plan_streams(&paths, false);
        assert_eq!(shown(&plan, folder.path()), ["a.pcap"]);
        let said: Vec<_> = plan.errors.iter().map(ToString::to_string).collect();
        let missing = "missing.pcap: no such file or directory; check the path";
        assert!(said[0].ends_with(missing), "{}", said[0]);
        let none = "none: no capture in this directory (files looked at: 1); give one that holds pcap or pcapng files, plain or compressed";
        assert!(said[1].ends_with(none), "{}", said[1]);
    }

    #[cfg(unix)]
    #[test]
    fn links_to_directories_are_not_followed() {
        let folder = folder(&[("d/a.pcap", PcapForm::USUAL.header())]);
        std::os::unix::fs::symlink(folder.path(), folder.path().join("d/circle")).unwrap();
        let link = folder.path().join("d/link.pcap");
        std::os::unix::fs::symlink(folder.path().join("d/a.pcap"), link).unwrap();
        let plan = plan_streams(&[folder.path().to_path_buf()], false);
        assert_eq!(shown(&plan, folder.path()), ["d/a.pcap", "d/link.pcap"]);
    }
}
