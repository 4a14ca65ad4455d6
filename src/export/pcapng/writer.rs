//! Frames into a capture file, as they are counted.

use std::fs::File;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Packet;
use super::block::{self, Interface, Statistics};
use super::file::{BlockFile, FileFault};
use super::parts::{Keep, Parts, Rotation};
use crate::export::minimise::{Cutter, Held, Minimiser};
use crate::export::{rfc3339, time::nanoseconds};
use crate::ledger::Marker;
use crate::pipeline::{FramePlace, FrameSink, KeptFile};
use crate::source::{CaptureAccount, CaptureTime, Frame, LinkType, SessionFile};

/// What is kept of the frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// Every frame, of its payload only what names a flow.
    Headers,
    /// Only frames of tagged flows, and the DNS answers that a tag rests on; of their payload
    /// only what names a flow.
    Tagged,
    /// Every frame that is given, of its payload only what names a flow; whoever gives them gives
    /// only those of tagged flows and the DNS answers that a tag rests on.
    Chosen,
    /// Every frame as it was captured.
    Full,
}

/// How a capture is to be written.
#[derive(Clone, Debug)]
pub struct WriteOptions {
    /// The file, or the name from which those of its parts are made.
    pub path: PathBuf,
    /// What is kept.
    pub keeping: Keeping,
    /// When the next part begins.
    pub rotation: Option<Rotation>,
    /// How many parts are kept.
    pub keep: Option<Keep>,
    /// The capture filter, for the record.
    pub filter: Option<String>,
    /// What the clock says: for the name of the first part.
    pub started: CaptureTime,
    /// Whether it is the capture of a live session, which the files then say.
    pub is_session: bool,
}

impl WriteOptions {
    /// The folder in which files are made and removed.
    pub fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        }
    }
}

/// What was written, and why no more.
#[derive(Debug)]
pub struct Written {
    /// The last file.
    pub path: PathBuf,
    /// Frames in all files.
    pub frames: u64,
    /// Files.
    pub files: u64,
    /// Octets of frames that were kept.
    pub kept: u64,
    /// Frames in which octets were overwritten.
    pub overwritten: u64,
    /// Why writing ended early.
    pub fault: Option<FileFault>,
    /// Frames of tagged flows that had come before the tag and found no room to wait.
    pub lost: u64,
    /// A file that should have been removed and could not be.
    pub left_behind: Option<(PathBuf, std::io::Error)>,
}

/// Writes frames as they are counted.
#[derive(Debug)]
pub struct CaptureWriter {
    options: WriteOptions,
    file: BlockFile,
    parts: Option<Parts>,
    kept: Kept,
    /// What the sources are called, as far as they were told.
    interfaces: Vec<Declared>,
    /// Frames of an interface that the sources have not told yet, and those after them.
    early: Vec<Held>,
    /// Markers that wait for the next frame, as comments.
    comments: Vec<String>,
    /// Time of the file's first frame.
    begun: Option<CaptureTime>,
    /// Frames in the files before this one, and how many files there were.
    before: (u64, u64),
    /// Octets of frames in all files, and frames in which some were overwritten.
    octets: u64,
    overwritten: u64,
    /// Whether the last word is said.
    finished: bool,
    fault: Option<FileFault>,
    /// Whether the fault was told.
    told: bool,
    left_behind: Option<(PathBuf, std::io::Error)>,
}

/// Who says what is kept.
#[derive(Debug)]
enum Kept {
    Full,
    Headers(Box<Cutter>),
    Tagged(Box<Minimiser>),
}

/// An interface of the sources: its number in the file is its place in the list.
#[derive(Debug)]
struct Declared {
    capture: u32,
    interface: u32,
    as_written: Interface,
    /// Losses that the sources state, and how many of them earlier files have stated.
    dropped: Option<u64>,
    stated: u64,
    /// Frames in this file, and the times of the first and last.
    received: u64,
    first: Option<CaptureTime>,
    last: CaptureTime,
}

impl CaptureWriter {
    /// Makes the first file.
    pub fn open(options: WriteOptions) -> Result<Self, FileFault> {
        let mut parts = None;
        let path = if options.rotation.is_some() {
            let of = Parts::of(&options.path, options.keep);
            let fault = |source| FileFault::Open { path: options.path.clone(), source };
            parts.insert(of.map_err(fault)?).next(options.started)
        } else {
            options.path.clone()
        };
        let kept = match options.keeping {
            Keeping::Full => Kept::Full,
            Keeping::Headers | Keeping::Chosen => Kept::Headers(Box::default()),
            Keeping::Tagged => Kept::Tagged(Box::default()),
        };
        let mut writer = Self {
            file: BlockFile::make(&path)?,
            options,
            parts,
            kept,
            interfaces: Vec::new(),
            early: Vec::new(),
            comments: Vec::new(),
            begun: None,
            before: (0, 1),
            octets: 0,
            overwritten: 0,
            finished: false,
            fault: None,
            told: false,
            left_behind: None,
        };
        writer.begin();
        writer.file.write()?;
        writer.prune();
        Ok(writer)
    }

    /// What was written so far.
    pub fn written(self) -> Written {
        Written {
            path: self.file.path().to_owned(),
            frames: self.before.0 + self.file.frames,
            files: self.before.1,
            kept: self.octets,
            overwritten: self.overwritten,
            fault: self.fault,
            lost: match &self.kept {
                Kept::Tagged(minimiser) => minimiser.lost(),
                Kept::Full | Kept::Headers(_) => 0,
            },
            left_behind: self.left_behind,
        }
    }

    /// Counts a frame of an interface that is not to be written.
    pub fn pass_over(&mut self, frame: &Frame<'_>) {
        self.count(frame);
    }

    /// The head of a file or section: who wrote it, what was kept, the interfaces.
    fn begin(&mut self) {
        let session = self.options.is_session.then(|| self.number().to_string());
        let comments: &[&str] = match self.options.keeping {
            Keeping::Full => &[],
            Keeping::Headers => &[CUT],
            Keeping::Tagged => &[CUT, ONLY_TAGGED, EARLIER],
            Keeping::Chosen => &[CUT, ONLY_TAGGED],
        };
        let comments = comments.iter().map(|c| (*c).to_owned());
        let comments: Vec<String> = session.into_iter().chain(comments).collect();
        block::section(&mut self.file.out, &comments);
        for declared in &mut self.interfaces {
            (declared.received, declared.first) = (0, None);
            let filter = self.options.filter.as_deref();
            block::interface(&mut self.file.out, &declared.as_written, filter);
        }
    }

    /// Which file of the session the present one is.
    fn number(&self) -> SessionFile {
        let (number, first) = match &self.parts {
            Some(parts) => (parts.number(), parts.first()),
            None => (self.before.1, 1),
        };
        SessionFile { begun: self.options.started, number, first }
    }

    /// Says what is known of each interface at the end of a file; markers that no frame followed
    /// go with the first.
    fn conclude(&mut self) {
        self.state_losses();
        for declared in &mut self.interfaces {
            declared.stated = declared.dropped.unwrap_or(declared.stated);
        }
    }

    /// Says it so far: whoever reads on takes the later word.
    fn state_losses(&mut self) {
        let mut comments = mem::take(&mut self.comments);
        for (index, declared) in (0..).zip(&self.interfaces) {
            let new = declared.dropped.map(|all| all.saturating_sub(declared.stated));
            if new.is_none() && comments.is_empty() && declared.received == 0 {
                continue;
            }
            let stated = Statistics {
                interface: index,
                first: declared.first.unwrap_or(declared.last),
                last: declared.last,
                received: declared.received,
                dropped: new,
            };
            let comments = mem::take(&mut comments);
            let comments = comments.iter().map(String::as_str);
            block::statistics(&mut self.file.out, stated, comments);
        }
        self.comments = comments;
    }

    /// Does what may fail; after the first failure nothing is written any more.
    fn attempt(&mut self, write: impl FnOnce(&mut Self) -> Result<(), FileFault>) {
        if self.fault.is_none() {
            self.fault = write(self).err();
        }
    }

    fn rotate(&mut self, time: CaptureTime) -> Result<(), FileFault> {
        self.conclude();
        self.file.sync()?;
        let path = match &mut self.parts {
            Some(parts) => parts.next(time),
            None => self.options.path.clone(),
        };
        let next = BlockFile::make(&path)?;
        self.before.0 += self.file.frames;
        self.before.1 += 1;
        self.file = next;
        self.begun = None;
        self.begin();
        self.prune();
        self.file.write()
    }

    fn prune(&mut self) {
        let failed = self.parts.as_mut().and_then(Parts::prune);
        if self.left_behind.is_none() {
            self.left_behind = failed;
        }
    }

    /// Whether the frame belongs into the next file.
    fn is_full(&self, frame: &Held) -> bool {
        match self.options.rotation {
            None => false,
            // A file holds at least one frame, or there would be no end of files.
            Some(Rotation::Octets(most)) => {
                self.file.frames > 0 && self.file.octets() + frame.octets() > most
            }
            Some(Rotation::After(time)) => {
                self.begun.is_some_and(|begun| frame.time.since(begun) >= nanoseconds(time))
            }
        }
    }

    fn put(&mut self, frame: &Held) -> Result<(), FileFault> {
        let Some(index) = self.index(frame.capture, frame.interface) else { return Ok(()) };
        if self.is_full(frame) {
            self.rotate(frame.time)?;
        }
        self.begun.get_or_insert(frame.time);
        let comments = mem::take(&mut self.comments);
        let comments = comments.iter().map(String::as_str).chain(frame.comment);
        let Held { time, wire_len, kept, .. } = frame;
        let packet = Packet { time: *time, wire_len: *wire_len, kept };
        block::packet(&mut self.file.out, index, packet, comments);
        self.file.frames += 1;
        self.octets += kept.len() as u64;
        self.overwritten += u64::from(frame.comment.is_some());
        self.file.relieve()
    }

    fn index(&self, capture: u32, interface: u32) -> Option<u32> {
        let at = self
            .interfaces
            .iter()
            .position(|d| (d.capture, d.interface) == (capture, interface))?;
        u32::try_from(at).ok()
    }

    /// Writes the frame, or keeps it until the sources have told its interface.
    fn take(&mut self, frame: Held) {
        if !self.early.is_empty() || self.index(frame.capture, frame.interface).is_none() {
            self.early.push(frame);
            return;
        }
        self.attempt(|writer| writer.put(&frame));
    }

    /// Counts a frame of an interface, whether it is written or not.
    fn count(&mut self, frame: &Frame<'_>) {
        let known =
            |d: &&mut Declared| (d.capture, d.interface) == (frame.capture, frame.interface);
        if let Some(declared) = self.interfaces.iter_mut().find(known) {
            declared.received += 1;
            declared.first.get_or_insert(frame.time);
            declared.last = declared.last.max(frame.time);
        }
    }
}

impl FrameSink for CaptureWriter {
    fn sources(&mut self, accounts: &[CaptureAccount]) {
        for account in accounts {
            for (number, interface) in (0..).zip(&account.interfaces) {
                match self.index(account.index, number) {
                    Some(index) => {
                        if let Some(declared) = self.interfaces.get_mut(index as usize) {
                            declared.dropped = interface.dropped;
                        }
                    }
                    None => self.declare(account.index, number, interface),
                }
            }
        }
        for frame in mem::take(&mut self.early) {
            self.attempt(|writer| writer.put(&frame));
        }
    }

    fn frame(&mut self, frame: &Frame<'_>, place: FramePlace<'_>) {
        if self.fault.is_some() {
            return;
        }
        self.count(frame);
        match &mut self.kept {
            Kept::Full => self.take(Held::whole(frame)),
            Kept::Headers(cutter) => {
                let held = cutter.cut(frame, &place);
                self.take(held);
            }
            Kept::Tagged(minimiser) => {
                for held in minimiser.take(frame, &place) {
                    self.take(held);
                }
            }
        }
    }

    fn marker(&mut self, marker: &Marker) {
        let time = marker.time.map(|time| format!(" {}", rfc3339(time, 9))).unwrap_or_default();
        self.comments.push(format!("marker{time}: {}", marker.text));
    }

    fn settle(&mut self) {
        self.attempt(|writer| writer.file.write());
    }

    fn trouble(&mut self) -> Option<String> {
        if mem::replace(&mut self.told, self.fault.is_some()) {
            return None;
        }
        let fault = self.fault.as_ref()?;
        let why = fault.cause().map(|cause| format!(": {cause}")).unwrap_or_default();
        Some(format!("{fault}{why}"))
    }

    fn reopen(&mut self) {
        let last = self.interfaces.iter().map(|d| d.last).max().unwrap_or(self.options.started);
        self.attempt(|writer| {
            if writer.parts.is_some() || !writer.file.is_in_place() {
                return writer.rotate(last);
            }
            // Nobody moved the file: a new section goes on in it.
            writer.conclude();
            writer.file.sync()?;
            writer.begin();
            writer.file.write()
        });
    }

    fn finish(&mut self, accounts: &[CaptureAccount]) {
        self.sources(accounts);
        self.attempt(|writer| {
            writer.conclude();
            writer.file.sync()
        });
        self.finished = true;
    }

    fn kept(&mut self) -> Result<Vec<KeptFile>, String> {
        if !self.finished {
            self.attempt(|writer| {
                writer.state_losses();
                writer.file.write()
            });
        }
        if let Some(fault) = &self.fault {
            return Err(fault.to_string());
        }
        let earlier = self.parts.as_ref().map(Parts::earlier).unwrap_or_default();
        let mut kept: Vec<_> = earlier.into_iter().map(|path| (path, None)).collect();
        let so_far = (!self.finished).then(|| self.file.octets());
        kept.push((self.file.path().to_owned(), so_far));
        kept.into_iter().map(|(path, octets)| kept_file(path, octets)).collect()
    }
}

impl CaptureWriter {
    fn declare(&mut self, capture: u32, number: u32, interface: &crate::source::Interface) {
        let as_written = Interface {
            name: interface.name.clone(),
            link: LinkType(interface.link.0),
            snaplen: interface.snaplen,
        };
        if self.fault.is_none() {
            let filter = self.options.filter.as_deref();
            block::interface(&mut self.file.out, &as_written, filter);
        }
        self.interfaces.push(Declared {
            capture,
            interface: number,
            as_written,
            dropped: interface.dropped,
            stated: 0,
            received: self
                .early
                .iter()
                .filter(|f| (f.capture, f.interface) == (capture, number))
                .count() as u64,
            first: None,
            last: CaptureTime::default(),
        });
    }
}

/// A file that can be read again, opened while it is there.
fn kept_file(path: PathBuf, octets: Option<u64>) -> Result<KeptFile, String> {
    let said = |error: std::io::Error| format!("{}: cannot be read: {error}", path.display());
    // A pipe would wait for its writer, and gives nothing twice.
    if !path.metadata().map_err(said)?.is_file() {
        return Err(format!("{}: no regular file, so it cannot be read again", path.display()));
    }
    let file = File::open(&path).map_err(said)?;
    Ok(KeptFile { path, file: Arc::new(file), octets })
}

/// What a reader of a cut file must know.
const CUT: &str = "payload was cut off save for what names a flow (TLS, QUIC and DTLS hellos, \
DNS answers; of HTTP requests method and host, every other octet overwritten with x, checksums \
left as they were); original lengths are kept";
/// What a reader of a minimised file must know.
pub const ONLY_TAGGED: &str =
    "only frames of flows with a tag, and the DNS answers that a tag rests on";
/// What is not in the order of time.
const EARLIER: &str = "frames before a tag was known are written behind later ones";

#[cfg(test)]
#[path = "writer/tests.rs"]
mod tests;
