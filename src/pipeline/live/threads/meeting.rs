//! How far each thread has come.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64};
use std::time::Duration;

use crate::pipeline::unsettled::Moment;
use crate::source::CaptureTime;

/// How far each thread has come, told by itself, read by all.
///
/// A thread tells that it hands a frame over before it tells the time of that frame or a later
/// one; the receiver tells that it took a frame when all that it says is in the ledger. So once
/// all threads are beyond a time, and then have taken what had been sent until then, and again what
/// had been sent until that moment (a frame may be handed on once), every answer up to that time
/// is in the table.
#[derive(Debug)]
pub(super) struct Meeting {
    parts: Box<[Progress]>,
}

#[derive(Debug)]
struct Progress {
    /// The time of the frame that was counted last, and how many were read.
    heard: AtomicI64,
    frames: AtomicU64,
    /// The last moment from which on no frame waited, in nanoseconds of the machine's clock.
    drained: AtomicU64,
    /// Whether it reads no more.
    is_done: AtomicBool,
    /// Frames that were handed to it.
    sent: AtomicU64,
    /// Those of them that it has counted.
    taken: AtomicU64,
}

/// How far all had come at one moment.
#[derive(Debug)]
pub(super) struct Look {
    /// By thread: the time up to which it has counted, and the moment up to which.
    passed: Box<[(CaptureTime, Duration)]>,
    /// By thread: frames that had been handed to it.
    sent: Box<[u64]>,
    /// Whether that includes what was handed on meanwhile.
    is_second: bool,
}

/// How long a frame may lie in a block that the kernel fills, three times over; and how late a
/// frame of another interface of the same thread may be. Nanoseconds.
const LATE: u64 = 150_000_000;
/// How far behind a thread is that has seen the capture's clock set back, not frames out of order:
/// a minute, in nanoseconds.
const FAR: u64 = 60_000_000_000;
/// What no ring holds at a rate at which it is never found empty.
const LONG: Duration = Duration::from_secs(30);
/// Frames that may wait with one thread before the others read no more.
const CROWD: u64 = 4_096;

impl Meeting {
    pub(super) fn new(parts: usize) -> Self {
        let progress = || Progress {
            heard: AtomicI64::new(i64::MIN),
            frames: AtomicU64::new(0),
            drained: AtomicU64::new(0),
            is_done: AtomicBool::new(false),
            sent: AtomicU64::new(0),
            taken: AtomicU64::new(0),
        };
        Self { parts: std::iter::repeat_with(progress).take(parts).collect() }
    }

    pub(super) fn count(&self) -> usize {
        self.parts.len()
    }

    /// Tells that so many frames were counted, the last of this time.
    pub(super) fn heard(&self, part: usize, frames: usize, time: CaptureTime) {
        self.tell(part, |part| {
            part.frames.fetch_add(frames as u64, Relaxed);
            part.heard.store(time.0, Release);
        });
    }

    /// Frames that all have read.
    pub(super) fn frames(&self) -> u64 {
        self.parts.iter().map(|part| part.frames.load(Relaxed)).sum()
    }

    /// Tells that from `moment` on no frame waited.
    pub(super) fn drained(&self, part: usize, moment: Duration) {
        let moment = u64::try_from(moment.as_nanos()).unwrap_or(u64::MAX);
        self.tell(part, |part| part.drained.store(moment, Release));
    }

    /// Tells that it reads no more.
    pub(super) fn done(&self, part: usize) {
        self.tell(part, |part| part.is_done.store(true, Release));
    }

    /// Tells that it takes nothing more, whatever is sent.
    pub(super) fn gone(&self, part: usize) {
        self.done(part);
        self.tell(part, |part| part.taken.store(u64::MAX, Release));
    }

    /// Tells that a frame is on its way to `part`.
    pub(super) fn sent(&self, part: usize) {
        self.tell(part, |part| _ = part.sent.fetch_add(1, Release));
    }

    /// Tells that so many of them were counted.
    pub(super) fn taken(&self, part: usize, frames: u64) {
        self.tell(part, |part| _ = part.taken.fetch_add(frames, Release));
    }

    /// Whether somebody has more to take than may wait.
    pub(super) fn is_crowded(&self) -> bool {
        let waits = |p: &Progress| p.sent.load(Acquire).saturating_sub(p.taken.load(Acquire));
        self.parts.iter().any(|part| waits(part) > CROWD)
    }

    /// Whether nobody reads, and all that was handed over was counted.
    pub(super) fn is_over(&self) -> bool {
        let is_taken = |part: &Progress| part.taken.load(Acquire) >= part.sent.load(Acquire);
        // First who is done: nobody hands over what it reads then. Once all of that is taken,
        // nothing is handed on either, and the second look sees all that is sent.
        self.parts.iter().all(|part| part.is_done.load(Acquire))
            && self.parts.iter().all(is_taken)
            && self.parts.iter().all(is_taken)
    }

    /// The time of the newest frame that was counted.
    pub(super) fn newest(&self) -> Option<CaptureTime> {
        let newest = self.parts.iter().map(|part| part.heard.load(Acquire)).max();
        newest.filter(|time| *time != i64::MIN).map(CaptureTime)
    }

    /// How far all have come.
    pub(super) fn look(&self) -> Look {
        let passed = |part: &Progress| {
            if part.is_done.load(Acquire) {
                return (CaptureTime(i64::MAX), Duration::MAX);
            }
            let heard = part.heard.load(Acquire).saturating_sub_unsigned(LATE);
            let drained = part.drained.load(Acquire).saturating_sub(LATE);
            (CaptureTime(heard), Duration::from_nanos(drained))
        };
        // First how far they have come, then what they had sent by then.
        let passed = self.parts.iter().map(passed).collect();
        Look { passed, sent: self.all_sent(), is_second: false }
    }

    /// Whether all that had been handed over at `look` was counted, by whoever it was handed on
    /// to.
    pub(super) fn has_caught_up(&self, look: &mut Look) -> bool {
        let is_taken = |look: &Look| {
            let mut both = self.parts.iter().zip(&look.sent);
            both.all(|(part, sent)| part.taken.load(Acquire) >= *sent)
        };
        if !is_taken(look) {
            return false;
        }
        if !look.is_second {
            (look.sent, look.is_second) = (self.all_sent(), true);
        }
        is_taken(look)
    }

    fn all_sent(&self) -> Box<[u64]> {
        self.parts.iter().map(|part| part.sent.load(Acquire)).collect()
    }

    fn tell(&self, part: usize, what: impl FnOnce(&Progress)) {
        if let Some(part) = self.parts.get(part) {
            what(part);
        }
    }
}

impl Look {
    /// Whether all had counted the frames up to this moment; `now` is what the machine's clock
    /// says. Where the capture's clock was set back, by an hour say, it will not come by the moment
    /// for so long, and neither may a busy thread find its sockets empty: then a while is enough.
    pub(super) fn is_passed(&self, moment: Moment, now: Duration) -> bool {
        let is_long_ago = now.saturating_sub(moment.now) > LONG;
        self.passed.iter().all(|(time, drained)| {
            let is_set_back = || time.plus(FAR) < moment.time;
            *time > moment.time || *drained > moment.now || (is_long_ago && is_set_back())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;
    const NOW: Duration = Duration::from_secs(2);

    fn moment(time: i64, now: u64) -> Moment {
        Moment { time: CaptureTime(time * SECOND), now: Duration::from_secs(now) }
    }

    #[test]
    fn a_moment_is_passed_when_every_thread_is_beyond_it_or_had_nothing_to_read() {
        let meeting = Meeting::new(2);
        meeting.heard(0, 1, CaptureTime(11 * SECOND));
        assert!(!meeting.look().is_passed(moment(10, 1), NOW), "the other has read nothing");
        meeting.heard(1, 1, CaptureTime(10 * SECOND + 150_000_000));
        assert!(!meeting.look().is_passed(moment(10, 1), NOW), "within what may be late");
        meeting.heard(1, 1, CaptureTime(10 * SECOND + 150_000_001));
        assert!(meeting.look().is_passed(moment(10, 1), NOW));
        assert!(!meeting.look().is_passed(moment(11, 1), NOW));
        meeting.drained(1, Duration::from_millis(1_151));
        assert!(!meeting.look().is_passed(moment(11, 1), NOW), "the first is not beyond it");
        meeting.heard(0, 1, CaptureTime(12 * SECOND));
        assert!(meeting.look().is_passed(moment(11, 1), NOW));
        meeting.done(1);
        assert!(meeting.look().is_passed(moment(11, 99), NOW));
    }

    #[test]
    fn a_moment_before_the_clock_was_set_back_is_passed_after_a_while() {
        let meeting = Meeting::new(2);
        let [soon, late] = [31, 32].map(Duration::from_secs);
        meeting.heard(0, 1, CaptureTime(4_000 * SECOND));
        meeting.heard(1, 1, CaptureTime(4_000 * SECOND));
        let moment = moment(4_000, 1);
        assert!(!meeting.look().is_passed(moment, late), "a minute behind at most");
        meeting.heard(0, 1, CaptureTime(400 * SECOND));
        assert!(!meeting.look().is_passed(moment, late), "the other has not seen it");
        meeting.heard(1, 1, CaptureTime(401 * SECOND));
        assert!(!meeting.look().is_passed(moment, soon), "it may only lag");
        assert!(meeting.look().is_passed(moment, late));
    }

    #[test]
    fn what_was_handed_over_is_waited_for() {
        let meeting = Meeting::new(2);
        meeting.sent(1);
        let mut look = meeting.look();
        assert!(!meeting.has_caught_up(&mut look));
        // It hands on what it takes.
        meeting.sent(0);
        meeting.taken(1, 1);
        assert!(!meeting.has_caught_up(&mut look));
        meeting.sent(1);
        meeting.taken(0, 1);
        assert!(meeting.has_caught_up(&mut look), "what came afterwards is of no interest");
        meeting.done(0);
        meeting.done(1);
        assert!(!meeting.is_over());
        meeting.gone(1);
        assert!(meeting.is_over());
    }
}
