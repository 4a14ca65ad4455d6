//! From what the command line gives to streams: files, directories, standard input.

use std::fs::{self, File, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::capture::{CaptureReader, is_capture};
use super::rotation;
use super::{Input, OpenError, Plan, PlanError, Reading, StreamPlan};

/// Plans the reading of `paths`: [`find`], then [`Found::plan`].
pub fn plan_streams(paths: &[PathBuf], join: bool) -> Plan {
    find(paths, 0).plan(join)
}

/// Looks for what is at `paths`, in the order given, without reading a single octet of it: `-`
/// is standard input; directories are walked in the order of names, without following links to
/// directories. The first `keep_open` files stay open, for whoever may not open them later.
pub fn find(paths: &[PathBuf], keep_open: usize) -> Found {
    let mut found = Found { steps: Vec::new(), reached: Vec::new(), keep_open };
    for path in paths {
        found.add(path);
    }
    found
}

/// What is at the paths that were given, before anything is known of its content.
#[derive(Debug, Default)]
pub struct Found {
    steps: Vec<Step>,
    reached: Vec<PathBuf>,
    /// Files that may still be kept open.
    keep_open: usize,
}

/// What was come across.
#[derive(Debug)]
enum Step {
    /// Standard input, or a file that was given.
    Given(Input),
    /// A file in a directory, perhaps a capture.
    Candidate(Input),
    /// In a directory, and no file.
    Passed(PathBuf),
    Failed(PlanError),
    /// A directory that was given.
    Begin,
    /// Its end.
    End(PathBuf),
}

impl Found {
    /// Files, and directories with all in them, that [`Found::plan`] and the streams open.
    pub fn reached(&self) -> &[PathBuf] {
        &self.reached
    }

    /// Captures at most: standard input and files.
    pub fn most_captures(&self) -> usize {
        let is_file = |step: &&Step| matches!(step, Step::Given(_) | Step::Candidate(_));
        self.steps.iter().filter(is_file).count()
    }

    /// Looks into the files: what is in a directory and no capture by its content is skipped;
    /// rotated files become one stream, read in the order of time. With `join`, everything
    /// becomes one stream, frame by frame in the order of time.
    pub fn plan(self, join: bool) -> Plan {
        let mut plan = Plan::default();
        let mut inputs = Vec::new();
        let (mut files, mut captures, mut errors) = (0, 0, 0);
        for step in self.steps {
            match step {
                Step::Given(input) => inputs.push(input),
                Step::Candidate(input) => {
                    files += 1;
                    look_into(input, &mut inputs, &mut plan);
                }
                Step::Passed(path) => plan.skipped.push(path),
                Step::Failed(error) => plan.errors.push(error),
                Step::Begin => {
                    (files, captures, errors) = (0, inputs.len(), plan.errors.len());
                }
                Step::End(path) => {
                    if (inputs.len(), plan.errors.len()) == (captures, errors) {
                        plan.errors.push(PlanError::NoCaptures { path, files });
                    }
                }
            }
        }
        plan.streams = match join {
            true if inputs.is_empty() => Vec::new(),
            true => vec![StreamPlan { captures: inputs, reading: Reading::ByTime }],
            false => rotation::streams(inputs, CaptureReader::first_time),
        };
        plan
    }

    fn add(&mut self, path: &Path) {
        if path.as_os_str() == "-" {
            self.steps.push(Step::Given(Input::Stdin));
            return;
        }
        match self.open(path) {
            Ok(Given::Directory) => self.add_directory(path),
            Ok(Given::File(input)) => self.steps.push(Step::Given(input)),
            Err(error) => self.steps.push(Step::Failed(unreadable(path, error))),
        }
        self.reached.push(path.to_path_buf());
    }

    /// What is at `path`, and whether it may be read. A named pipe is not opened: that would
    /// wait for its writer, and lose what it wrote.
    fn open(&mut self, path: &Path) -> io::Result<Given> {
        let metadata = fs::metadata(path)?;
        if metadata.is_dir() {
            return Ok(Given::Directory);
        }
        if !metadata.is_file() {
            return Ok(Given::File(Input::File(path.to_path_buf())));
        }
        Ok(Given::File(self.keep(path, File::open(path)?)))
    }

    /// Keeps a file open, if more may be.
    fn keep(&mut self, path: &Path, file: File) -> Input {
        if self.keep_open == 0 {
            return Input::File(path.to_path_buf());
        }
        self.keep_open -= 1;
        Input::Open(path.to_path_buf(), Arc::new(file))
    }

    fn add_directory(&mut self, top: &Path) {
        self.steps.push(Step::Begin);
        // Directories still to be entered and files still to be looked at, the next one last.
        let mut left = vec![(top.to_path_buf(), Kind::Directory)];
        while let Some((path, kind)) = left.pop() {
            let step = match kind {
                Kind::Directory => match entries(&path) {
                    Ok(entries) => {
                        left.extend(entries.into_iter().rev());
                        continue;
                    }
                    Err(error) => Step::Failed(unreadable(&path, error)),
                },
                Kind::File => self.candidate(path),
                Kind::Link => {
                    // It may lead to where no other path does.
                    self.reached.push(path.clone());
                    self.candidate(path)
                }
                Kind::Other => Step::Passed(path),
            };
            self.steps.push(step);
        }
        self.steps.push(Step::End(top.to_path_buf()));
    }

    fn candidate(&mut self, path: PathBuf) -> Step {
        if self.keep_open == 0 {
            return Step::Candidate(Input::File(path));
        }
        match File::open(&path) {
            Ok(file) => Step::Candidate(self.keep(&path, file)),
            // Whoever looks into it says why.
            Err(_) => Step::Candidate(Input::File(path)),
        }
    }
}

enum Given {
    File(Input),
    Directory,
}

/// Takes a file of a directory for a capture, or not.
fn look_into(input: Input, inputs: &mut Vec<Input>, plan: &mut Plan) {
    let Some(path) = input.path().map(Path::to_path_buf) else { return };
    match is_capture(&input) {
        Ok(true) => inputs.push(input),
        Ok(false) => plan.skipped.push(path),
        Err(reason) => plan.errors.push(PlanError::Unreadable { path, reason }),
    }
}

fn unreadable(path: &Path, error: io::Error) -> PlanError {
    PlanError::Unreadable { path: path.to_path_buf(), reason: OpenError::from(error) }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Directory,
    File,
    /// A link to a file.
    Link,
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
        _ if of.is_symlink() && path.is_file() => Kind::Link,
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

    #[cfg(unix)]
    #[test]
    fn finding_names_what_will_be_opened_and_looks_into_nothing() {
        let folder = folder(&[
            ("d/a.pcap", PcapForm::USUAL.header()),
            ("elsewhere/b.pcap", PcapForm::USUAL.header()),
        ]);
        let at = |name: &str| folder.path().join(name);
        std::os::unix::fs::symlink(at("elsewhere/b.pcap"), at("d/link")).unwrap();
        let found = find(&[at("d"), at("missing"), "-".into()], 0);
        assert_eq!(found.reached(), [at("d/link"), at("d"), at("missing")]);
        assert_eq!(found.most_captures(), 3);
        // What it holds is not known yet.
        fs::write(at("d/a.pcap"), "no capture").unwrap();
        assert_eq!(found.plan(false).skipped, [at("d/a.pcap")]);
    }

    #[test]
    fn files_that_are_kept_open_are_read_though_they_are_gone() {
        let files =
            [("d/a.pcap", PcapForm::USUAL.header()), ("d/b.pcap", PcapForm::USUAL.header())];
        let folder = folder(&files);
        let given = [folder.path().join("d")];
        let open = find(&given, 2);
        let half = find(&given, 1);
        fs::remove_dir_all(folder.path().join("d")).unwrap();
        assert_eq!(open.plan(false).streams.len(), 2);
        let plan = half.plan(false);
        assert_eq!((plan.streams.len(), plan.errors.len()), (1, 1));
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
