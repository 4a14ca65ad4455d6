//! A capture that is still going on: the same counting as for captures that have ended, with
//! snapshots in between, an end that may come at any time, and whoever wants each frame.
//!
//! Takes frames from [`LiveFrames`] and requests from [`LiveWatch`]. Gives ended flows to the
//! output, snapshots and markers to the watch, frames with their flows to a
//! [`FrameSink`](super::FrameSink), and the ledger's last word. What is due is due by the capture
//! clock; only while no frame comes, the watch's clock stands in for it.

mod clock;
mod frames;
mod happening;
#[cfg(target_os = "linux")]
mod interfaces;
mod run;
mod session;
mod tap;
mod threads;
mod watch;

pub use frames::{Came, LiveFrames};
pub use happening::{Happening, MarkerRefused};
pub use run::{LiveEnd, run_live};
pub use session::{Counting, Ended, Session};
pub use threads::run_live_threads;
pub use watch::{LiveWatch, Request};

pub(super) use clock::Steps;
pub(super) use tap::Tap;
pub(super) use threads::Threaded;
