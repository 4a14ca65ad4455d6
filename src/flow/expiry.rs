//! Which flows have been silent for too long: a timing wheel on the capture clock.

use std::time::Duration;

use super::TcpState;
use crate::decode::Protocol;
use crate::source::CaptureTime;

/// When silence ends a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdleLimits {
    /// Flows of other protocols than TCP.
    pub other: Duration,
    /// TCP flows.
    pub tcp: Duration,
    /// TCP flows after a RST or both FINs.
    pub closed: Duration,
}

impl Default for IdleLimits {
    /// 5 min; TCP 1 h, once closed 1 min.
    fn default() -> Self {
        Self {
            other: Duration::from_mins(5),
            tcp: Duration::from_hours(1),
            closed: Duration::from_mins(1),
        }
    }
}

impl IdleLimits {
    /// The same in nanoseconds, for the hot path.
    pub(super) fn in_nanoseconds(&self) -> Limits {
        let nanoseconds = |limit: Duration| u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
        let [other, tcp, closed] = [self.other, self.tcp, self.closed].map(nanoseconds);
        Limits { other, tcp, closed, shortest: other.min(tcp).min(closed) }
    }

    fn longest(&self) -> Duration {
        self.other.max(self.tcp).max(self.closed)
    }
}

/// [`IdleLimits`] in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    other: u64,
    tcp: u64,
    closed: u64,
    /// No flow's limit is shorter.
    pub(super) shortest: u64,
}

impl Limits {
    /// The limit of a flow.
    #[inline]
    pub(super) fn of(self, protocol: Protocol, tcp: TcpState) -> u64 {
        match protocol {
            Protocol::TCP if tcp.is_closed() => self.closed,
            Protocol::TCP => self.tcp,
            _ => self.other,
        }
    }
}

/// An entry: a slot and its generation, so that an entry of a flow that has ended is known.
pub(super) type Armed = (u32, u32);

/// Slots by the tick in which they may be due. A slot is due or has been heard of since; then
/// it is armed again. Each flow has one entry, so work is linear in flows and their silences.
#[derive(Debug)]
pub(super) struct Wheel {
    buckets: Vec<Vec<Armed>>,
    /// Nanoseconds a tick.
    tick: u64,
    /// Ticks before this have been taken. `None` before the first frame.
    next: Option<i64>,
    /// When the tick `next` has passed; the earliest time there is before the first frame.
    ready: CaptureTime,
}

/// Ticks of one turn.
const BUCKETS: i64 = 4096;

impl Wheel {
    /// A wheel for these limits: no limit is longer than one turn.
    pub(super) fn new(limits: &IdleLimits) -> Self {
        let longest = u64::try_from(limits.longest().as_nanos()).unwrap_or(u64::MAX / 2);
        let tick = (longest / (BUCKETS.unsigned_abs() - 2) + 1).max(1_000_000_000);
        Self {
            buckets: (0..BUCKETS).map(|_| Vec::new()).collect(),
            tick,
            next: None,
            ready: CaptureTime(i64::MIN),
        }
    }

    /// Puts an entry where `deadline` falls; a deadline beyond one turn comes up once a turn.
    pub(super) fn arm(&mut self, entry: Armed, deadline: CaptureTime) {
        let tick = self.tick_of(deadline).max(self.next.unwrap_or(i64::MIN));
        self.bucket(tick).push(entry);
    }

    /// The time at which the next tick can be taken.
    #[inline]
    pub(super) fn next_tick(&self) -> CaptureTime {
        self.ready
    }

    /// The earliest time at which a flow may be due that has not been taken.
    pub(super) fn horizon(&self) -> CaptureTime {
        let tick = i64::try_from(self.tick).unwrap_or(i64::MAX);
        CaptureTime(self.next.map_or(i64::MIN, |next| next.saturating_mul(tick)))
    }

    /// Takes the entries of the next tick that lies wholly before `now`, into `due`.
    /// Gives false when there is none left.
    pub(super) fn take_tick(&mut self, now: CaptureTime, due: &mut Vec<Armed>) -> bool {
        let current = self.tick_of(now);
        let Some(next) = self.next else {
            self.pass_to(current);
            return false;
        };
        if next >= current {
            return false;
        }
        // After one whole turn every bucket has been taken: skip the rest of a long silence.
        let next = next.max(current - BUCKETS);
        due.append(self.bucket(next));
        self.pass_to(next + 1);
        true
    }

    fn pass_to(&mut self, next: i64) {
        let tick = i64::try_from(self.tick).unwrap_or(i64::MAX);
        self.next = Some(next);
        self.ready = CaptureTime(next.saturating_add(1).saturating_mul(tick));
    }

    /// Some entry that is due as early as any, for a table that must make room.
    pub(super) fn earliest(&mut self) -> Option<Armed> {
        let start = self.next.unwrap_or(0);
        (start..start + BUCKETS).find_map(|tick| self.bucket(tick).pop())
    }

    fn tick_of(&self, time: CaptureTime) -> i64 {
        time.0.div_euclid(i64::try_from(self.tick).unwrap_or(i64::MAX))
    }

    fn bucket(&mut self, tick: i64) -> &mut Vec<Armed> {
        let at = usize::try_from(tick.rem_euclid(BUCKETS)).unwrap_or(0);
        &mut self.buckets[at]
    }
}
