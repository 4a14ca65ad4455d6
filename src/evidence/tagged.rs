//! Pass 2: the frames of tagged flows, cut, into the bundle's captures.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::TaggedCapture;
use super::chosen::{Chosen, FirstFrame};
use super::timeline;
use crate::export::{CaptureWriter, FileFault, Keeping, WriteOptions};
use crate::flow::Side;
use crate::ledger::{BothWays, Count, Marker, Quantity};
use crate::pipeline::{Discard, FlowFrame, FramePlace, FrameSink, Options, Output, Selection};
use crate::source::{CaptureAccount, CaptureTime, Frame};

/// What pass 2 writes and counts.
#[derive(Debug)]
pub(super) struct Writing<'a> {
    folder: Option<&'a Path>,
    chosen: &'a [Chosen],
    timeline: timeline::Counting,
    selects: bool,
    window: (Option<CaptureTime>, Option<CaptureTime>),
    done: Mutex<Vec<Written>>,
}

/// What came of one stream.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) capture: TaggedCapture,
    pub(super) timeline: timeline::Counting,
    /// What was counted of the tagged flows.
    pub(super) counted: Quantity,
    pub(super) fault: Option<FileFault>,
}

impl<'a> Writing<'a> {
    /// Writes into `folder`, which is there; only counts without one. `selects` says whether other flows than the tagged
    /// ones are passed over.
    pub(super) fn new(
        folder: Option<&'a Path>,
        chosen: &'a [Chosen],
        timeline: timeline::Counting,
        options: &Options,
        selects: bool,
    ) -> Self {
        let window = (options.from, options.to);
        Self { folder, chosen, timeline, selects, window, done: Mutex::default() }
    }

    /// What was written, in the order of the streams.
    pub(super) fn finish(self) -> Vec<Written> {
        let mut done = self.done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|written| written.capture.stream);
        done
    }

    fn path(&self, stream: usize) -> Option<PathBuf> {
        Some(self.folder?.join(file_name(stream, self.chosen.len())))
    }
}

/// The name of the capture of one of so many streams.
fn file_name(stream: usize, streams: usize) -> String {
    if streams == 1 { "tagged.pcapng".to_owned() } else { format!("tagged-{}.pcapng", stream + 1) }
}

impl Output for Writing<'_> {
    type Stream = Discard;

    fn begin(&self, _stream: usize) -> Discard {
        Discard
    }

    fn wants_flows(&self) -> bool {
        false
    }

    fn selection(&self, stream: usize) -> Option<&Selection> {
        self.chosen.get(stream).filter(|_| self.selects).map(|chosen| &chosen.selection)
    }

    fn sink(&self, stream: usize) -> Option<Box<dyn FrameSink + '_>> {
        let chosen = self.chosen.get(stream).filter(|chosen| !chosen.flows.is_empty())?;
        let open = |path| {
            CaptureWriter::open(WriteOptions {
                path,
                keeping: Keeping::Chosen,
                rotation: None,
                keep: None,
                filter: None,
                started: CaptureTime::default(),
                is_session: false,
            })
        };
        let (writer, fault) = match self.path(stream).map(open).transpose() {
            Ok(writer) => (writer, None),
            Err(fault) => (None, Some(fault)),
        };
        let file_name = file_name(stream, self.chosen.len());
        Some(Box::new(Taking {
            of: self,
            chosen,
            writer,
            fault,
            capture: TaggedCapture { file_name, stream, ..TaggedCapture::default() },
            timeline: self.timeline.clone(),
            counted: Quantity::default(),
        }))
    }
}

/// Takes the frames of one stream.
struct Taking<'a> {
    of: &'a Writing<'a>,
    chosen: &'a Chosen,
    writer: Option<CaptureWriter>,
    fault: Option<FileFault>,
    capture: TaggedCapture,
    timeline: timeline::Counting,
    counted: Quantity,
}

impl Taking<'_> {
    /// Whether the frame goes into the bundle; it is counted then.
    fn takes(&mut self, frame: &Frame<'_>, flow: &FlowFrame<'_>) -> bool {
        let Some(of) = self.chosen.flows.get(&FirstFrame::of(flow.cell.beginning())) else {
            let rests = flow.answers.iter().any(|answer| self.chosen.answers.contains(answer));
            self.capture.answers += u64::from(rests);
            return rests;
        };
        self.capture.frames += 1;
        self.capture.octets += u64::from(frame.wire_len);
        let (from, to) = self.of.window;
        if from.is_none_or(|from| frame.time >= from) && to.is_none_or(|to| frame.time < to) {
            self.counted.count(frame.wire_len);
            let payload = u64::from(flow.payload_wire_len);
            let count = Count { frames: 1, octets: frame.wire_len.into(), payload };
            let client = if flow.cell.key().endpoint(Side::Low) == of.client {
                Side::Low
            } else {
                Side::High
            };
            let counts = if flow.sender == client {
                BothWays { up: count, down: Count::default() }
            } else {
                BothWays { up: Count::default(), down: count }
            };
            self.timeline.add(frame.time, of.category, counts);
        }
        true
    }
}

impl FrameSink for Taking<'_> {
    fn sources(&mut self, accounts: &[CaptureAccount]) {
        if let Some(writer) = &mut self.writer {
            writer.sources(accounts);
        }
    }

    fn frame(&mut self, frame: &Frame<'_>, place: FramePlace<'_>) {
        let takes = match &place {
            FramePlace::Flow(flow) => self.takes(frame, flow),
            FramePlace::NoFlow => false,
        };
        self.capture.captured += if takes { frame.captured.len() as u64 } else { 0 };
        match &mut self.writer {
            Some(writer) if takes => writer.frame(frame, place),
            Some(writer) => writer.pass_over(frame),
            None => {}
        }
    }

    fn marker(&mut self, marker: &Marker) {
        if let Some(writer) = &mut self.writer {
            writer.marker(marker);
        }
    }

    fn settle(&mut self) {}

    fn trouble(&mut self) -> Option<String> {
        None
    }

    fn reopen(&mut self) {}

    fn finish(&mut self, accounts: &[CaptureAccount]) {
        let mut capture = std::mem::take(&mut self.capture);
        let mut fault = self.fault.take();
        if let Some(mut writer) = self.writer.take() {
            writer.finish(accounts);
            let written = writer.written();
            capture.kept = written.kept;
            capture.overwritten = written.overwritten;
            capture.lost = (capture.frames + capture.answers).saturating_sub(written.frames);
            fault = fault.or(written.fault);
        }
        let (timeline, counted) = (self.timeline.clone(), self.counted);
        let mut done = self.of.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.push(Written { capture, timeline, counted, fault });
    }
}
