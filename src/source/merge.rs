//! Captures joined frame by frame, in the order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::capture::CaptureReader;
use super::stream::Captures;
use super::{Batch, CaptureTime, FrameRecord};

/// Takes the earliest of the captures' next frames; of frames of the same time, that of the
/// earlier capture. Each capture's own order is kept, even where its clock went back.
#[derive(Debug)]
pub(super) struct Merge {
    /// Captures by the time of their next frame.
    waiting: BinaryHeap<Reverse<(CaptureTime, usize)>>,
    open: Vec<Option<Opened>>,
    started: bool,
    octets: Vec<u8>,
    records: Vec<FrameRecord>,
}

/// A capture being read, and which of its records is next.
#[derive(Debug)]
struct Opened {
    reader: CaptureReader,
    next: usize,
}

impl Merge {
    /// Octets of a capture's window at first: many captures may be open at the same time.
    const WINDOW: usize = 128 << 10;
    /// A batch ends when it holds so many octets.
    const BATCH_OCTETS: usize = 1 << 20;

    pub(super) fn new(captures: usize) -> Self {
        Self {
            waiting: BinaryHeap::with_capacity(captures),
            open: Vec::new(),
            started: false,
            octets: Vec::new(),
            records: Vec::new(),
        }
    }

    pub(super) fn next_batch(&mut self, captures: &mut Captures<'_>) -> Option<Batch<'_>> {
        self.start(captures);
        self.octets.clear();
        self.records.clear();
        while self.records.len() < Batch::FRAMES && self.octets.len() < Self::BATCH_OCTETS {
            let Some(Reverse((_, index))) = self.waiting.pop() else { break };
            self.take(index, captures);
        }
        (!self.records.is_empty()).then(|| Batch::new(&self.octets, &self.records))
    }

    fn start(&mut self, captures: &mut Captures<'_>) {
        if self.started {
            return;
        }
        self.started = true;
        for index in 0..captures.inputs().len() {
            let mut opened =
                captures.open(index, Self::WINDOW).map(|reader| Opened { reader, next: 0 });
            if let Some(opened) = &mut opened {
                captures.refill(index, &mut opened.reader);
            }
            self.open.push(opened);
            self.wait(index);
        }
    }

    /// Puts a capture in the queue by its next frame, if it has one.
    fn wait(&mut self, index: usize) {
        let opened = self.open.get(index).and_then(Option::as_ref);
        if let Some(record) = opened.and_then(Opened::record) {
            self.waiting.push(Reverse((record.time, index)));
        }
    }

    /// Copies the next frame of a capture into the batch.
    fn take(&mut self, index: usize, captures: &mut Captures<'_>) {
        let Some(slot) = self.open.get_mut(index) else { return };
        let Some(opened) = slot else { return };
        if let Some(record) = opened.record() {
            let start = u32::try_from(self.octets.len()).unwrap_or(u32::MAX);
            self.octets.extend_from_slice(opened.reader.octets_of(record));
            self.records.push(FrameRecord { start, ..*record });
            opened.next += 1;
        }
        if opened.record().is_none() {
            opened.next = 0;
            if !captures.refill(index, &mut opened.reader) {
                *slot = None;
            }
        }
        self.wait(index);
    }
}

impl Opened {
    fn record(&self) -> Option<&FrameRecord> {
        self.reader.records().get(self.next)
    }
}
