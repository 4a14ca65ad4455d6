//! How long a live capture goes on, and what is due meanwhile.

use std::time::Duration;

use crate::ledger::Watch;
use crate::pipeline::Options;
use crate::signature::Database;
use crate::source::{Batch, CaptureTime};

/// When a live capture ends, and how often it is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Session {
    /// Ends so long after the first frame.
    pub duration: Option<Duration>,
    /// Ends before the first frame at or after this.
    pub until: Option<CaptureTime>,
    /// Ends after so many frames.
    pub count: Option<u64>,
    /// Between two snapshots.
    pub every: Option<Duration>,
    /// What the clock of the capturing machine said at the start: stands in for the capture
    /// clock until the first frame comes.
    pub started: CaptureTime,
}

/// What a live capture is counted with.
#[derive(Clone, Copy, Debug)]
pub struct Counting<'a> {
    /// How it is counted.
    pub options: &'a Options,
    /// How long, and what is due meanwhile.
    pub session: Session,
    /// The signatures in force.
    pub database: &'a Database,
    /// Who watches flows while they count, where somebody does.
    pub shown: Option<&'a Watch>,
}

/// Why a live capture ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// No more frames will come.
    Stream,
    /// A limit of the [`Session`] was reached.
    Limit,
    /// Somebody asked for it.
    Asked,
}

/// What is due at a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Snapshot,
    End,
}

/// A session that goes on.
#[derive(Debug)]
pub(super) struct Schedule {
    session: Session,
    left: Option<u64>,
    /// The capture time before which frames count.
    end: Option<CaptureTime>,
    /// When the next snapshot is due.
    next: Option<CaptureTime>,
    /// Before the first frame: how long after the start the last snapshot was.
    shown: Duration,
}

impl Session {
    /// Whether it ends by itself, as long as frames come.
    pub fn has_limit(&self) -> bool {
        self.duration.is_some() || self.until.is_some() || self.count.is_some()
    }
}

impl Schedule {
    pub(super) fn new(session: Session) -> Self {
        Self { session, left: session.count, end: session.until, next: None, shown: Duration::ZERO }
    }

    /// How many frames of `batch` come before something is due, and what.
    pub(super) fn due(&mut self, batch: Batch<'_>) -> (usize, Option<Due>) {
        let most = self.left.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX));
        for (index, frame) in batch.frames().enumerate() {
            self.begin(frame.time);
            if index >= most || self.end.is_some_and(|end| frame.time >= end) {
                return (index, Some(Due::End));
            }
            if self.is_due(frame.time) {
                return (index, Some(Due::Snapshot));
            }
        }
        let whole = batch.len() >= most;
        (batch.len(), whole.then_some(Due::End))
    }

    /// Tells that so many frames were counted.
    pub(super) fn counted(&mut self, frames: usize) {
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(frames as u64);
        }
    }

    /// What is due while no frame comes: `passed` since the last one, at which the capture clock
    /// was `clock`; or since the start.
    pub(super) fn idle(&self, clock: Option<CaptureTime>, passed: Duration) -> Option<Due> {
        let now = clock.unwrap_or(self.session.started).plus(nanoseconds(passed));
        let over = match (clock, self.session.duration) {
            (None, Some(duration)) => passed >= duration,
            _ => false,
        };
        if over || self.end.is_some_and(|end| now >= end) {
            return Some(Due::End);
        }
        let due = match (self.next, self.session.every) {
            (Some(_), _) => self.is_due(now),
            (None, Some(every)) => passed >= self.shown.saturating_add(every),
            (None, None) => false,
        };
        due.then_some(Due::Snapshot)
    }

    /// Tells that a snapshot was taken at `time`: the next is due at the next whole step.
    pub(super) fn taken(&mut self, time: CaptureTime) {
        let (Some(next), Some(every)) = (self.next, self.session.every) else { return };
        let step = nanoseconds(every).max(1);
        // A clock that was set back by more than a step begins anew.
        if next.since(time) > step {
            self.next = Some(time.plus(step));
            return;
        }
        let steps = time.since(next) / step + 1;
        self.next = Some(next.plus(steps.saturating_mul(step)));
    }

    /// How long can be waited, at most `most`, without missing what is due.
    pub(super) fn step(&self, most: Duration) -> Duration {
        self.session.every.map_or(most, |every| every.min(most)).max(Duration::from_millis(1))
    }

    /// Tells that one was taken so long after the start, before the first frame.
    pub(super) fn taken_early(&mut self, passed: Duration) {
        self.shown = passed;
    }

    /// Tells the time of the first frame; what follows from it is fixed once.
    pub(super) fn begin(&mut self, first: CaptureTime) {
        if self.next.is_none() && self.session.every.is_some() {
            self.next = self.session.every.map(|every| first.plus(nanoseconds(every)));
        }
        if let Some(duration) = self.session.duration.take() {
            let end = first.plus(nanoseconds(duration));
            self.end = Some(self.end.map_or(end, |until| until.min(end)));
        }
    }

    /// A clock set back by more than a step makes one due, too: it would be silent till then.
    fn is_due(&self, time: CaptureTime) -> bool {
        let (Some(next), Some(every)) = (self.next, self.session.every) else { return false };
        time >= next || next.since(time) > nanoseconds(every).saturating_add(BACK)
    }
}

/// Frames may come out of order by so much: a minute, in nanoseconds.
const BACK: u64 = 60_000_000_000;

pub(super) fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Dated, FrameRecord, LinkType};

    fn record(second: i64) -> FrameRecord {
        FrameRecord {
            capture: 0,
            interface: 0,
            number: 1,
            time: CaptureTime(second * 1_000_000_000),
            link: LinkType(1),
            wire_len: 60,
            start: 0,
            captured_len: 0,
            dated: Dated::Recorded,
            digits: 9,
            copy: false,
        }
    }

    /// The seconds at which something was due.
    fn dues(session: Session, seconds: &[i64]) -> Vec<(i64, Due)> {
        let mut schedule = Schedule::new(session);
        let records: Vec<_> = seconds.iter().map(|s| record(*s)).collect();
        let mut rest = Batch::new(&[], &records);
        let mut said = Vec::new();
        loop {
            let (head, due) = schedule.due(rest);
            schedule.counted(head);
            let (_, tail) = rest.split_at(head);
            let Some(due) = due else { return said };
            let at = tail.frames().next().map_or(-1, |f| f.time.0 / 1_000_000_000);
            said.push((at, due));
            if due == Due::End {
                return said;
            }
            schedule.taken(CaptureTime(at * 1_000_000_000));
            rest = tail;
        }
    }

    #[test]
    fn snapshots_come_at_whole_steps_and_none_for_steps_without_frames() {
        let session = Session { every: Some(Duration::from_secs(10)), ..Session::default() };
        let said = dues(session, &[100, 101, 110, 119, 120, 175, 176, 180]);
        let at: Vec<i64> = said.iter().map(|(at, _)| *at).collect();
        assert_eq!(at, [110, 120, 175, 180]);
    }

    #[test]
    fn a_clock_set_back_goes_on_giving_snapshots() {
        let session = Session { every: Some(Duration::from_secs(10)), ..Session::default() };
        let said = dues(session, &[7200, 7201, 3600, 3601, 3609, 3610, 3615, 3620]);
        let at: Vec<i64> = said.iter().map(|(at, _)| *at).collect();
        assert_eq!(at, [3600, 3610, 3620]);
    }

    #[test]
    fn each_limit_ends_before_the_frame_that_is_too_many() {
        let by = |session| dues(session, &[5, 6, 7, 8]).last().copied();
        assert_eq!(by(Session { count: Some(2), ..Session::default() }), Some((7, Due::End)));
        assert_eq!(by(Session { count: Some(4), ..Session::default() }), Some((-1, Due::End)));
        assert_eq!(
            by(Session { duration: Some(Duration::from_secs(2)), ..Session::default() }),
            Some((7, Due::End))
        );
        let until = Some(CaptureTime(6_000_000_000));
        assert_eq!(by(Session { until, ..Session::default() }), Some((6, Due::End)));
        assert_eq!(by(Session::default()), None);
    }

    #[test]
    fn silence_ends_what_was_to_end() {
        let mut schedule =
            Schedule::new(Session { duration: Some(Duration::from_mins(1)), ..Session::default() });
        assert_eq!(schedule.idle(None, Duration::from_secs(59)), None);
        assert_eq!(schedule.idle(None, Duration::from_mins(1)), Some(Due::End));
        schedule.taken_early(Duration::from_secs(59));
        assert_eq!(schedule.idle(None, Duration::from_mins(1)), Some(Due::End));
        schedule.due(Batch::new(&[], &[record(1000)]));
        let clock = Some(CaptureTime(1030 * 1_000_000_000));
        assert_eq!(schedule.idle(clock, Duration::from_secs(29)), None);
        assert_eq!(schedule.idle(clock, Duration::from_secs(30)), Some(Due::End));
    }
}
