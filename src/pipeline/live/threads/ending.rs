//! When several threads end: at one time of the capture's clock.

use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use crate::pipeline::Session;
use crate::pipeline::live::session::nanoseconds;
use crate::source::CaptureTime;

/// The end that a session has, by the clock of the capture.
#[derive(Debug)]
pub(super) struct End {
    until: Option<CaptureTime>,
    duration: Option<Duration>,
    /// The time of the frame that was read first, of all threads.
    first: AtomicI64,
}

impl End {
    pub(super) fn of(session: &Session) -> Self {
        let first = AtomicI64::new(i64::MIN);
        Self { until: session.until, duration: session.duration, first }
    }

    /// The time before which frames count, when one of `time` is about to.
    pub(super) fn at(&self, time: CaptureTime) -> Option<CaptureTime> {
        // The value says all there is: nothing else is read because of it.
        let before = self.first.compare_exchange(i64::MIN, time.0, Relaxed, Relaxed);
        let first = CaptureTime(before.err().unwrap_or(time.0));
        let duration = self.duration.map(|duration| first.plus(nanoseconds(duration)));
        [self.until, duration].into_iter().flatten().min()
    }

    /// The time of the first frame.
    pub(super) fn first(&self) -> Option<CaptureTime> {
        Some(self.first.load(Relaxed)).filter(|first| *first != i64::MIN).map(CaptureTime)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_counts_from_the_frame_that_any_thread_read_first() {
        let duration = Some(Duration::from_secs(1));
        let end = End::of(&Session { duration, ..Session::default() });
        assert_eq!(end.first(), None);
        assert_eq!(end.at(CaptureTime(500)), Some(CaptureTime(1_000_000_500)));
        assert_eq!(end.at(CaptureTime(100)), Some(CaptureTime(1_000_000_500)));
        assert_eq!(end.first(), Some(CaptureTime(500)));
        let until = Some(CaptureTime(700));
        let end = End::of(&Session { duration, until, ..Session::default() });
        assert_eq!(end.at(CaptureTime(500)), until);
        assert_eq!(End::of(&Session::default()).at(CaptureTime(500)), None);
    }
}
