//! What one of several threads cannot know yet: whether another has still to read a DNS answer
//! that came before.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::resumed::Pending;
use crate::ledger::FlowCell;
use crate::name::HostName;
use crate::source::CaptureTime;

/// Questions to the shared table that are asked again once every thread has come by their moment,
/// and the flows that ended behind them, in the order in which they came.
///
/// The table answers as of a moment, so what comes between changes nothing: the last answer is
/// the one that a single thread would have had. A flow is summed only when all questions before
/// its end were answered; then, too, it is known what it leaves to the flow that goes on. If that
/// one has begun, it comes behind in the queue, and gets it there.
#[derive(Debug)]
pub(super) struct Unsettled {
    queue: VecDeque<(Moment, Later)>,
    /// What the clock of the machine said when the present frames had been read.
    pub(super) now: Duration,
    /// Questions that were answered before their time.
    pub(super) hurried: u64,
}

/// When a question was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Answers up to this time count.
    pub(super) time: CaptureTime,
    /// A clock of the machine that only goes on, when the frame had been read.
    pub(super) now: Duration,
}

/// What is done later.
#[derive(Debug)]
pub(super) enum Later {
    /// The name that led to a flow which has begun, and what another left to it.
    Begun(Arc<FlowCell>, Option<Arc<Pending>>),
    /// Whether what a hello with ECH names is only the outer name.
    Hello { cell: Arc<FlowCell>, client: IpAddr, names: Box<[HostName]>, time: CaptureTime },
    /// A flow that ended at this time leaves what it has to leave, and is summed.
    Ended(Arc<FlowCell>, CaptureTime, Option<Arc<Pending>>),
}

impl Unsettled {
    /// What waits at most; some 90 octets each. Beyond that the oldest is answered at once.
    pub(super) const LIMIT: usize = 262_144;

    pub(super) fn new() -> Self {
        Self { queue: VecDeque::new(), now: Duration::ZERO, hurried: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Puts something off that rests on answers up to `time`.
    pub(super) fn put_off(&mut self, time: CaptureTime, later: Later) {
        self.queue.push_back((Moment { time, now: self.now }, later));
    }

    /// What comes next, where it is due: by its moment, for want of room, or because it rests on
    /// nothing but what came before.
    pub(super) fn next(&mut self, is_passed: impl FnOnce(Moment) -> bool) -> Option<Later> {
        let (moment, later) = self.queue.front()?;
        if !matches!(later, Later::Ended(..)) && !is_passed(*moment) {
            if self.queue.len() <= Self::LIMIT {
                return None;
            }
            self.hurried += 1;
        }
        self.queue.pop_front().map(|(_, later)| later)
    }
}
