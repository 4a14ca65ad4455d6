//! Live capture: interfaces become [`Batch`](super::Batch)es of [`Frame`](super::Frame)s, as
//! files do.
//!
//! [`open`] needs the right to capture (`CAP_NET_RAW`; with [`LiveOptions::netns`] also
//! `CAP_SYS_ADMIN`). Everything after it needs none and starts no thread: rights are dropped and
//! the process is locked between [`open`] and the first [`LiveSource::next_batch`]. What the
//! kernel is still asked for afterwards: `poll`, `getsockopt`, `setsockopt`, `bind` and `ioctl`
//! (`SIOCGIFINDEX`, `SIOCGIFNAME`) on sockets that are open already; with [`Backend::Pnet`] also
//! `recvfrom` and `pselect6`. No socket is opened.
//!
//! Two back ends: a ring that the kernel fills in shared memory (`AF_PACKET`, `TPACKET_V3`), and
//! pnet's data link, which reads frame by frame, as a fallback. Both are for Linux alone so far:
//! opening, waiting and counting go through packet sockets.
//!
//! A frame that is seen twice (`lo` shows each frame on its way out and in; with several
//! interfaces a bridge's frame is seen on its ports, too) carries [`Frame::copy`](super::Frame),
//! and counts under `duplicates`.

use std::path::PathBuf;
use std::time::Duration;

use super::Batch;

mod bpf;
mod copies;
mod error;
mod intake;
mod interfaces;
mod known;
mod opening;
mod options;
mod pnet;
mod reader;
mod restore;
mod ring;
mod source;

pub use bpf::{BpfProgram, FilterError, Instruction};
pub use error::{LiveFailure, LiveOpenError};
pub use interfaces::{NetworkInterface, interfaces};
pub use opening::open;
pub use source::LiveSource;

/// What is to be captured, and how.
#[derive(Clone, Debug)]
pub struct LiveOptions {
    /// The interfaces, each once; at least one. [`InterfaceChoice::Any`] stands alone.
    pub interfaces: Vec<InterfaceChoice>,
    /// Whether frames for other stations are taken, too. Has no effect on
    /// [`InterfaceChoice::Any`]: the kernel offers it for single interfaces only.
    pub promiscuous: bool,
    /// Octets kept of each frame at most; `None` keeps whole frames.
    pub snaplen: Option<u32>,
    /// Octets of each ring; there is one for each interface and thread, with [`Backend::Pnet`] a
    /// socket's buffer. Rounded up to whole
    /// blocks of [`LiveOptions::block_octets`], at least two.
    pub ring_octets: usize,
    /// How long the kernel lets frames wait for their block to fill: the delay of a frame on a
    /// quiet line. Whole milliseconds.
    pub block_timeout: Duration,
    /// Frames that do not pass are never seen, and appear in no count.
    pub filter: Option<BpfProgram>,
    /// Capture threads among which the kernel distributes the flows; see [`LiveSource::split`].
    pub fanout_threads: usize,
    /// How frames are taken from the kernel.
    pub backend: Backend,
    /// A network namespace, as a file: `/run/netns/NAME` or `/proc/PID/ns/net`.
    pub netns: Option<PathBuf>,
}

/// An interface to capture from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum InterfaceChoice {
    /// One, by its name.
    Name(String),
    /// All there are, those that come later included.
    Any,
}

/// How frames are taken from the kernel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// `AF_PACKET` with a `TPACKET_V3` ring in shared memory: Linux.
    #[default]
    Ring,
    /// pnet's data link, frame by frame. Named interfaces only; the time is that of
    /// reading, and VLAN tags that the kernel has taken off are lost.
    Pnet,
}

/// What came of waiting for frames.
#[derive(Debug)]
pub enum LiveEvent<'a> {
    /// Frames, at least one; valid until the next call.
    Batch(Batch<'a>),
    /// None came within the time, or a signal interrupted the waiting.
    Idle,
    /// The interface was taken down or removed. Reading goes on: frames of others come as before,
    /// its own do once it is there again.
    InterfaceDown(InterfaceChange),
    /// It is there again, perhaps as a new interface of the same name.
    InterfaceUp(InterfaceChange),
    /// An interface can be read no more. Others can; when it was the last one, every further call
    /// gives [`LiveFailure::NothingLeft`].
    Failed(LiveFailure),
}

/// An interface whose state has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceChange {
    /// Its name.
    pub name: String,
    /// Its index in the account's interfaces, as in [`Frame::interface`](super::Frame).
    pub interface: u32,
    /// Whether it is gone (then it may come back with another kernel index) or only down.
    pub removed: bool,
}

/// What the kernel counted since the start, over all sockets of a [`LiveSource`].
///
/// Once everything that waits was read, `received` of an interface is the frames handed out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveStatistics {
    /// In the order of the account's interfaces; one for all with [`InterfaceChoice::Any`].
    pub sockets: Vec<SocketStatistics>,
}

/// What the kernel counted on one socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketStatistics {
    /// The interface's name; `any`.
    pub name: String,
    /// Frames that passed the filter and found room.
    pub received: u64,
    /// Frames that passed the filter and were lost, because the ring was full. `None` where the
    /// back end does not tell.
    pub dropped: Option<u64>,
    /// How often the ring was full.
    pub freezes: u64,
}
