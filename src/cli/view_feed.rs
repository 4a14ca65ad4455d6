//! What `vigie view` gives the screen: captures that are being read.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::bundles::Bundles;
use super::view_frames::ViewFrames;
use crate::ledger::{FlowPlace, Snapshot};
use crate::pipeline::Run;
use crate::source::StreamPlan;
use crate::tui::{
    BundleRefused, BundleWish, BundleWritten, CaptureState, Feed, FramesRefused, FramesWritten,
    Marker, Status,
};

/// Captures that are being read, for the screen.
#[derive(Debug)]
pub(super) struct ViewFeed<'a> {
    run: &'a Run,
    /// Who writes the frames of flows.
    frames: &'a ViewFrames<'a>,
    /// Who makes bundles, and of what.
    bundles: &'a Bundles<'a>,
    streams: &'a [StreamPlan],
    /// Octets of the input, where they are known.
    size: Option<u64>,
    state: Mutex<State>,
    /// Set when what reads, sums or writes came to grief.
    broken: AtomicBool,
}

#[derive(Debug)]
struct State {
    snapshot: Arc<Snapshot>,
    status: Status,
    /// Markers that were set on the screen.
    own: Vec<Marker>,
}

impl State {
    /// All markers by time: those set here, and those that sessions left in the captures.
    fn mark(&mut self) {
        let captures = &self.snapshot.captures;
        let markers = captures.iter().flat_map(|capture| {
            capture.markers.iter().filter_map(|marker| {
                // One before the first frame stands at that frame.
                let time = marker.time.or(capture.first)?;
                Some(Marker { time, label: marker.text.clone() })
            })
        });
        self.status.markers = markers.chain(self.own.iter().cloned()).collect();
        self.status.markers.sort_by_key(|marker| marker.time);
    }
}

impl<'a> ViewFeed<'a> {
    /// Nothing is read yet; `beside` is who writes frames and bundles, and of which streams.
    pub(super) fn new(
        run: &'a Run,
        beside: (&'a ViewFrames<'a>, &'a Bundles<'a>, &'a [StreamPlan]),
        status: Status,
        size: Option<u64>,
    ) -> Self {
        let (frames, bundles, streams) = beside;
        let state = Mutex::new(State { snapshot: Arc::default(), status, own: Vec::new() });
        Self { run, frames, bundles, streams, size, state, broken: AtomicBool::new(false) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows a newer snapshot.
    pub(super) fn show(&self, snapshot: Snapshot) {
        let mut state = self.lock();
        state.status.drops = drops(&snapshot);
        state.snapshot = Arc::new(snapshot);
        state.mark();
    }

    /// Says that everything was read.
    pub(super) fn end(&self) {
        self.lock().status.state = CaptureState::Ended;
    }

    /// Says that nothing more comes, since a thread came to grief.
    pub(super) fn give_up(&self) {
        self.broken.store(true, Relaxed);
    }
}

/// Frames lost by the interfaces of all captures, where at least one states it.
fn drops(snapshot: &Snapshot) -> Option<u64> {
    let interfaces = snapshot.captures.iter().flat_map(|capture| &capture.interfaces);
    interfaces.filter_map(|interface| interface.dropped).reduce(|a, b| a + b)
}

impl Feed for ViewFeed<'_> {
    fn latest(&self) -> Arc<Snapshot> {
        Arc::clone(&self.lock().snapshot)
    }

    fn status(&self) -> Status {
        let mut status = self.lock().status.clone();
        if status.state == CaptureState::Reading {
            let read = self.run.octets.load(Relaxed);
            status.progress = self
                .size
                .filter(|size| *size > 0)
                .map(|size| u8::try_from(read.saturating_mul(100) / size).unwrap_or(100).min(100));
        }
        status.bundle = self.bundles.progress();
        status
    }

    fn is_broken(&self) -> bool {
        self.broken.load(Relaxed)
    }

    fn mark(&self, marker: Marker) -> Result<(), String> {
        let mut state = self.lock();
        state.own.push(marker);
        state.mark();
        Ok(())
    }

    fn write_frames(&self, flow: FlowPlace) -> Result<(), FramesRefused> {
        let counted = {
            let state = self.lock();
            if state.status.state == CaptureState::Reading {
                return Err(FramesRefused::Reading);
            }
            let watched = state.snapshot.watched.as_ref();
            let flow = watched.and_then(|watched| watched.flow(flow)).ok_or(FramesRefused::Gone)?;
            flow.record.counts.frames()
        };
        self.frames.ask(flow, counted)
    }

    fn frames_written(&self) -> Option<FramesWritten> {
        self.frames.done()
    }

    fn write_bundle(&self, wish: BundleWish) -> Result<(), BundleRefused> {
        self.bundles.may_ask(self.streams)?;
        if self.lock().status.state == CaptureState::Reading {
            return Err(BundleRefused::Reading);
        }
        self.bundles.ask(wish, self.streams.to_vec())
    }

    fn bundle_written(&self) -> Option<BundleWritten> {
        self.bundles.done()
    }
}
