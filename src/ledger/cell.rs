//! One flow's cell: its counters and its labels.

use super::counter::SideCounter;
use super::label::Labels;
use super::sync::{Arc, AtomicI64, Mutex, Relaxed};
use super::{BothWays, Count};
use crate::flow::{FlowId, FlowKey, Scope, Side, prefetch};
use crate::source::{CaptureTime, Frame};

/// Where and when a flow began.
#[derive(Clone, Copy, Debug)]
pub struct Beginning {
    /// Number of the flow in its stream.
    pub id: FlowId,
    /// Index of the capture in the run.
    pub capture: u32,
    /// Number of the first frame in it.
    pub first_frame: u64,
    /// Time of the first frame.
    pub time: CaptureTime,
    /// Decimal digits that the capture's clock resolves.
    pub digits: u8,
}

impl Beginning {
    /// A flow that begins with `frame`.
    pub fn of(id: FlowId, frame: &Frame<'_>) -> Self {
        Self {
            id,
            capture: frame.capture,
            first_frame: frame.number,
            time: frame.time,
            digits: frame.digits,
        }
    }
}

/// A flow's counters and labels, shared by the capture thread, which alone counts, and the
/// collector, which alone sums.
///
/// What counting touches comes first, in two cache lines or three.
#[derive(Debug)]
#[repr(C)]
pub struct FlowCell {
    key: FlowKey,
    /// Time of the earliest counted frame; `NOT_COUNTED` before.
    first: AtomicI64,
    counters: [SideCounter; 2],
    last: AtomicI64,
    beginning: Beginning,
    /// VLANs and network; `None` where there are none.
    scope: Option<Box<Scope>>,
    labels: Mutex<Labels>,
}

/// `first` and `last` of a cell that has counted nothing: any time is earlier and later.
const NOT_COUNTED: (i64, i64) = (i64::MAX, i64::MIN);

impl FlowCell {
    /// A cell that has counted nothing.
    pub fn new(key: FlowKey, beginning: Beginning, scope: Scope, labels: Labels) -> Arc<Self> {
        let scope = (scope != Scope::default()).then(|| Box::new(scope));
        Arc::new(Self {
            key,
            counters: Default::default(),
            first: AtomicI64::new(NOT_COUNTED.0),
            last: AtomicI64::new(NOT_COUNTED.1),
            beginning,
            scope,
            labels: Mutex::new(labels),
        })
    }

    /// Counts a frame. Called once a frame, by the flow's capture thread alone.
    #[inline]
    pub fn count(&self, sender: Side, time: CaptureTime, wire_len: u32, payload: u32) {
        self.counters[sender as usize].count(wire_len, payload);
        if time.0 < self.first.load(Relaxed) {
            self.first.store(time.0, Relaxed);
        }
        if time.0 > self.last.load(Relaxed) {
            self.last.store(time.0, Relaxed);
        }
    }

    /// Asks for the cache lines that [`FlowCell::count`] will touch.
    #[inline]
    pub fn prefetch(&self) {
        prefetch(&self.key);
        prefetch(&self.counters[0]);
        prefetch(&self.last);
    }

    /// The flow's key.
    pub fn key(&self) -> &FlowKey {
        &self.key
    }

    /// Where and when the flow began.
    pub fn beginning(&self) -> &Beginning {
        &self.beginning
    }

    /// VLANs and network.
    pub fn scope(&self) -> Scope {
        self.scope.as_deref().cloned().unwrap_or_default()
    }

    /// Reads or changes the labels. Called when a flow starts, is named or ends, and by the
    /// collector; never per frame.
    pub fn labels<R>(&self, with: impl FnOnce(&mut Labels) -> R) -> R {
        // A thread that panicked while it held the lock left labels that are still labels.
        let mut labels = self.labels.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        with(&mut labels)
    }

    /// What each side has sent, by side of the key.
    pub fn counts(&self) -> [Count; 2] {
        [self.counters[0].read(), self.counters[1].read()]
    }

    /// Times of the earliest and latest counted frame; the flow's beginning if none was.
    pub fn times(&self) -> (CaptureTime, CaptureTime) {
        match (self.first.load(Relaxed), self.last.load(Relaxed)) {
            // While the first frame is being counted only one of the two may be there.
            (first, last) if first > last => (self.beginning.time, self.beginning.time),
            (first, last) => (CaptureTime(first), CaptureTime(last)),
        }
    }
}

/// What the sides have sent, as seen from the client's.
pub(crate) fn oriented(counts: [Count; 2], client: Side) -> BothWays<Count> {
    let [low, high] = counts;
    match client {
        Side::Low => BothWays { up: low, down: high },
        Side::High => BothWays { up: high, down: low },
    }
}
