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
    /// The captures in the order of the plan.
    captures: Vec<State>,
    octets: Vec<u8>,
    records: Vec<FrameRecord>,
}

/// How far a capture is.
#[derive(Debug)]
enum State {
    /// Not opened, or, when it waits with its first frame's time, closed again after a look:
    /// only captures that overlap in time are open together.
    Unopened,
    Open(Opened),
    Ended,
}

/// A capture being read, and which of its records is next.
#[derive(Debug)]
struct Opened {
    reader: Box<CaptureReader>,
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
            captures: Vec::with_capacity(captures),
            octets: Vec::new(),
            records: Vec::new(),
        }
    }

    /// The next frames, copied together; `None` at the end of all captures.
    pub(super) fn next_batch(&mut self, captures: &mut Captures<'_>) -> Option<Batch<'_>> {
        self.start(captures);
        self.octets.clear();
        self.records.clear();
        while self.records.len() < Batch::FRAMES && self.octets.len() < Self::BATCH_OCTETS {
            let Some(Reverse((_, index))) = self.waiting.pop() else { break };
            self.advance(index, captures);
        }
        (!self.records.is_empty()).then(|| Batch::new(&self.octets, &self.records))
    }

    /// Looks at every capture's first frame, once.
    fn start(&mut self, captures: &Captures<'_>) {
        let seen = self.captures.len();
        for (index, input) in captures.inputs().iter().enumerate().skip(seen) {
            let time = match input {
                input if input.is_regular() => CaptureReader::first_time(input),
                // A pipe can be read only once. So it is opened at the start of time, as is
                // what has no frames or cannot be opened, so that its account says so.
                _ => None,
            };
            self.captures.push(State::Unopened);
            self.waiting.push(Reverse((time.unwrap_or(CaptureTime(i64::MIN)), index)));
        }
    }

    /// Goes one step further with a capture whose turn it is: opens it, or takes its next frame.
    fn advance(&mut self, index: usize, captures: &mut Captures<'_>) {
        let Some(state) = self.captures.get_mut(index) else { return };
        match state {
            State::Unopened => match captures.open(index, Self::WINDOW) {
                Some(reader) => *state = State::Open(Opened { reader, next: 0 }),
                None => *state = State::Ended,
            },
            State::Open(opened) => {
                if let Some(record) = opened.record() {
                    let start = u32::try_from(self.octets.len()).unwrap_or(u32::MAX);
                    self.octets.extend_from_slice(opened.reader.octets_of(record));
                    self.records.push(FrameRecord { start, ..*record });
                    opened.next += 1;
                }
            }
            State::Ended => {}
        }
        self.wait(index, captures);
    }

    /// Puts a capture in the queue by its next frame, or ends it.
    fn wait(&mut self, index: usize, captures: &mut Captures<'_>) {
        let Some(state) = self.captures.get_mut(index) else { return };
        let State::Open(opened) = state else { return };
        if opened.record().is_none() {
            opened.next = 0;
            captures.refill(index, &mut opened.reader);
        }
        match opened.record() {
            Some(record) => self.waiting.push(Reverse((record.time, index))),
            None => *state = State::Ended,
        }
    }
}

impl Opened {
    fn record(&self) -> Option<&FrameRecord> {
        self.reader.records().get(self.next)
    }
}
