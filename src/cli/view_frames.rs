//! The frames of one flow, out of the captures once more: a second pass with the same pipeline,
//! beside the screen.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::cause::in_words;
use crate::export::{CaptureWriter, FileFault, Keeping, WriteOptions};
use crate::ledger::{FlowPlace, Marker};
use crate::pipeline::{self, Discard, FramePlace, FrameSink, Options, Output, Run};
use crate::signature::Database;
use crate::source::{CaptureAccount, CaptureTime, Frame, StreamPlan};
use crate::tui::{FramesRefused, FramesWritten};

/// Names that are tried for a file at most.
const TRIES: usize = 1_000;

/// Writes the frames of flows, one flow at a time, on a thread of its own.
#[derive(Debug)]
pub(super) struct ViewFrames<'a> {
    streams: &'a [StreamPlan],
    options: &'a Options,
    database: &'a Database,
    /// Where files are made.
    folder: PathBuf,
    /// Set to end early.
    run: Run,
    desk: Mutex<Desk>,
    posted: Condvar,
}

/// What is asked for, and what came of it.
#[derive(Debug, Default)]
struct Desk {
    state: Work,
    done: Option<FramesWritten>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Work {
    #[default]
    Nothing,
    /// The flow, and the frames that it counted.
    Asked(FlowPlace, u64),
    Begun,
    Over,
}

impl<'a> ViewFrames<'a> {
    /// `options` as the captures were first read with: only then a frame is of the same flow.
    pub(super) fn new(
        streams: &'a [StreamPlan],
        options: &'a Options,
        database: &'a Database,
        folder: PathBuf,
    ) -> Self {
        let (run, desk, posted) = Default::default();
        Self { streams, options, database, folder, run, desk, posted }
    }

    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for the frames of a flow that counted so many.
    pub(super) fn ask(&self, flow: FlowPlace, counted: u64) -> Result<(), FramesRefused> {
        let (stream, _) = self.stream(flow).ok_or(FramesRefused::Gone)?;
        if !stream.captures.iter().all(crate::source::Input::is_regular) {
            return Err(FramesRefused::OnlyOnce);
        }
        let mut desk = self.lock();
        match desk.state {
            Work::Nothing => desk.state = Work::Asked(flow, counted),
            Work::Asked(..) | Work::Begun => return Err(FramesRefused::Busy),
            Work::Over => return Err(FramesRefused::NotKept),
        }
        self.posted.notify_all();
        Ok(())
    }

    /// What came of it, once.
    pub(super) fn done(&self) -> Option<FramesWritten> {
        self.lock().done.take()
    }

    /// Ends the work, also what has begun.
    pub(super) fn leave(&self) {
        self.run.stop.store(true, Relaxed);
        self.lock().state = Work::Over;
        self.posted.notify_all();
    }

    /// The thread: waits for flows until [`leave`](Self::leave).
    pub(super) fn work(&self) {
        loop {
            let mut desk = self.lock();
            let (flow, counted) = loop {
                match desk.state {
                    Work::Asked(flow, counted) => break (flow, counted),
                    Work::Over => return,
                    Work::Nothing | Work::Begun => {
                        desk = self.posted.wait(desk).unwrap_or_else(PoisonError::into_inner);
                    }
                }
            };
            desk.state = Work::Begun;
            drop(desk);
            let written = self.write(flow, counted);
            let mut desk = self.lock();
            desk.done = Some(written);
            if desk.state == Work::Begun {
                desk.state = Work::Nothing;
            }
        }
    }

    /// The stream of a flow, and the place in it.
    fn stream(&self, flow: FlowPlace) -> Option<(&'a StreamPlan, FlowPlace)> {
        let mut before = 0;
        for stream in self.streams {
            let count = u32::try_from(stream.captures.len()).unwrap_or(u32::MAX);
            if let Some(capture) = flow.capture.checked_sub(before)
                && capture < count
            {
                return Some((stream, FlowPlace { capture, ..flow }));
            }
            before = before.saturating_add(count);
        }
        None
    }

    fn write(&self, flow: FlowPlace, counted: u64) -> FramesWritten {
        let nothing =
            |fault: String| FramesWritten { path: None, found: 0, counted, fault: Some(fault) };
        let Some((stream, flow)) = self.stream(flow) else {
            return nothing("its capture is unknown".to_owned());
        };
        let writer = match make(&self.folder) {
            Ok(writer) => writer,
            Err(fault) => return nothing(said(&fault)),
        };
        let output = FlowFrames { kept: Mutex::new(Kept { writer, flow }) };
        let read = pipeline::run(
            std::slice::from_ref(stream),
            self.options,
            self.database,
            &output,
            &self.run,
        );
        let kept = output.kept.into_inner().unwrap_or_else(PoisonError::into_inner);
        let written = kept.writer.written();
        let stopped = || self.run.stop.load(Relaxed).then(|| "it was ended early".to_owned());
        let failed = |snapshot: &crate::ledger::Snapshot| {
            snapshot
                .captures
                .iter()
                .find_map(|account| account.failed.as_ref().map(ToString::to_string))
        };
        let fault = match (written.fault, read) {
            (Some(fault), _) => Some(said(&fault)),
            (None, Err(error)) => Some(in_words(&error)),
            (None, Ok(snapshot)) => stopped().or_else(|| failed(&snapshot)),
        };
        FramesWritten { path: Some(written.path), found: written.frames, counted, fault }
    }
}

/// A new file in the folder, by the first number that none has yet.
fn make(folder: &Path) -> Result<CaptureWriter, FileFault> {
    let mut number = 1;
    loop {
        let made = CaptureWriter::open(WriteOptions {
            path: folder.join(format!("vigie-flow-{number}.pcapng")),
            keeping: Keeping::Full,
            rotation: None,
            keep: None,
            filter: None,
            started: CaptureTime::default(),
            is_session: false,
        });
        match made {
            Err(FileFault::Exists { .. }) if number < TRIES => number += 1,
            made => return made,
        }
    }
}

/// A fault with what the system said.
fn said(fault: &FileFault) -> String {
    let why = fault.cause().map(|cause| format!(": {}", in_words(cause))).unwrap_or_default();
    format!("{fault}{why}")
}

/// Keeps the frames of one flow.
#[derive(Debug)]
struct FlowFrames {
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Kept {
    writer: CaptureWriter,
    flow: FlowPlace,
}

impl FlowFrames {
    fn with(&self, take: impl FnOnce(&mut Kept)) {
        take(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Output for FlowFrames {
    type Stream = Discard;

    fn begin(&self, _stream: usize) -> Discard {
        Discard
    }

    fn wants_flows(&self) -> bool {
        false
    }

    fn sink(&self, _stream: usize) -> Option<Box<dyn FrameSink + '_>> {
        Some(Box::new(Tapped(self)))
    }
}

/// The sink of the one stream.
struct Tapped<'a>(&'a FlowFrames);

impl FrameSink for Tapped<'_> {
    fn sources(&mut self, accounts: &[CaptureAccount]) {
        self.0.with(|kept| kept.writer.sources(accounts));
    }

    fn frame(&mut self, frame: &Frame<'_>, place: FramePlace<'_>) {
        self.0.with(|kept| {
            let is_its = match &place {
                FramePlace::Flow(flow) => {
                    let beginning = flow.cell.beginning();
                    kept.flow
                        == FlowPlace {
                            capture: beginning.capture,
                            first_frame: beginning.first_frame,
                        }
                }
                FramePlace::NoFlow => false,
            };
            if is_its {
                kept.writer.frame(frame, place);
            } else {
                kept.writer.pass_over(frame);
            }
        });
    }

    fn marker(&mut self, _marker: &Marker) {}

    fn settle(&mut self) {}

    fn trouble(&mut self) -> Option<String> {
        None
    }

    fn reopen(&mut self) {}

    fn finish(&mut self, accounts: &[CaptureAccount]) {
        self.0.with(|kept| kept.writer.finish(accounts));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::HomeNet;
    use crate::ledger::{Assignments, Devices, Recorder, Snapshot, Watch, Watcher};
    use crate::source::{ReadOptions, StreamReader, plan_streams};
    use std::sync::Arc;
    use std::sync::atomic::AtomicU64;

    fn captures(names: &[&str]) -> Vec<StreamPlan> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps");
        let paths: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
        plan_streams(&paths, false).streams
    }

    fn options() -> Options {
        let home_net = HomeNet::new(vec!["10.0.0.0/8".parse().unwrap()]);
        Options { home_net, ..Options::default() }
    }

    fn watched(streams: &[StreamPlan], database: &Database) -> Snapshot {
        let watch = Arc::new(Watch::new(Watch::FEW));
        let run = Run { watch: Some(Arc::clone(&watch)), ..Run::default() };
        pipeline::run(streams, &options(), database, &Discard, &run).unwrap();
        let (devices, assignments) = (Devices::default(), Assignments::default());
        let recorder = Recorder { database, devices: &devices, assignments: &assignments };
        Watcher::new(watch, recorder).snapshot()
    }

    /// Time, octets on the wire, captured octets and name of the interface of each frame.
    fn frames(streams: &[StreamPlan]) -> Vec<(i64, u32, Vec<u8>, Option<String>)> {
        let mut found = Vec::new();
        for stream in streams {
            let octets = AtomicU64::new(0);
            let mut reader = StreamReader::open(stream, 0, ReadOptions::default(), &octets);
            let mut seen = Vec::new();
            while let Some(batch) = reader.next_batch() {
                let of = |f: Frame<'_>| (f.time.0, f.wire_len, f.captured.to_vec(), f.interface);
                seen.extend(batch.frames().map(of));
            }
            let accounts = reader.into_accounts();
            found.extend(seen.into_iter().map(|(time, len, octets, interface)| {
                let name = accounts[0].interfaces[interface as usize].name.clone();
                (time, len, octets, name)
            }));
        }
        found
    }

    #[test]
    fn every_flow_is_written_with_its_frames_and_no_others() {
        let database = Database::default();
        // The second capture's flows must be looked for in it.
        let streams = captures(&["car-hotspot.pcap", "office-hour.pcapng"]);
        let snapshot = watched(&streams, &database);
        let whole = frames(&streams);
        let folder = tempfile::tempdir().unwrap();
        let options = options();
        let work = ViewFrames::new(&streams, &options, &database, folder.path().into());
        let flows = &snapshot.watched.as_ref().unwrap().flows;
        assert!(flows.len() > 20);
        let mut names = std::collections::BTreeSet::new();
        for flow in flows {
            let counts = flow.record.counts;
            let written = work.write(flow.place(), counts.frames());
            assert_eq!((written.found, written.fault.clone()), (counts.frames(), None));
            let path = written.path.unwrap();
            assert!(names.insert(path.clone()), "{} was written twice", path.display());
            let its = frames(&plan_streams(&[path], false).streams);
            assert_eq!(its.len() as u64, counts.frames());
            assert_eq!(its.iter().map(|f| u64::from(f.1)).sum::<u64>(), counts.octets());
            assert!(its.iter().all(|frame| whole.contains(frame)), "a frame was changed");
        }
    }

    #[test]
    fn a_capture_that_changed_meanwhile_is_no_success() {
        let database = Database::default();
        let streams = captures(&["office-hour.pcapng"]);
        let snapshot = watched(&streams, &database);
        let flows = &snapshot.watched.as_ref().unwrap().flows;
        let flow = flows.iter().max_by_key(|flow| flow.record.counts.frames()).unwrap();
        let counted = flow.record.counts.frames();
        let folder = tempfile::tempdir().unwrap();
        let short = folder.path().join("short.pcapng");
        let capture = std::fs::read(streams[0].captures[0].path().unwrap()).unwrap();
        std::fs::write(&short, &capture[..capture.len() / 50]).unwrap();
        let cut = plan_streams(std::slice::from_ref(&short), false).streams;
        let options = options();
        let work = ViewFrames::new(&cut, &options, &database, folder.path().into());
        let written = work.write(flow.place(), counted);
        assert!(written.found < counted, "{written:?}");
        let text = written.text(crate::language::Language::English);
        assert!(text.contains("but the flow counted"), "{text}");
        std::fs::remove_file(&short).unwrap();
        let text = work.write(flow.place(), counted).text(crate::language::Language::English);
        assert!(text.contains("is not whole: 0 frames"), "{text}");
    }

    #[test]
    fn what_came_through_a_pipe_is_refused_and_a_second_flow_waits() {
        let database = Database::default();
        let stdin = plan_streams(&["-".into()], false).streams;
        let flow = FlowPlace { capture: 0, first_frame: 1 };
        let options = options();
        let once = ViewFrames::new(&stdin, &options, &database, ".".into());
        assert_eq!(once.ask(flow, 1), Err(FramesRefused::OnlyOnce));
        let streams = captures(&["office-hour.pcapng"]);
        let busy = ViewFrames::new(&streams, &options, &database, ".".into());
        assert_eq!(busy.ask(flow, 1), Ok(()));
        assert_eq!(busy.ask(flow, 1), Err(FramesRefused::Busy));
        let elsewhere = FlowPlace { capture: 1, first_frame: 1 };
        assert_eq!(busy.ask(elsewhere, 1), Err(FramesRefused::Gone));
        busy.leave();
        busy.work();
        assert_eq!(busy.done(), None, "after leaving nothing is written");
    }
}
