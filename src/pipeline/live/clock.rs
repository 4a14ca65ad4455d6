//! The clock that tells silence: it goes on where the capture's own clock was set back.

use crate::source::CaptureTime;

/// How frame times become the clock of silence, which never goes back.
///
/// In a capture that has ended, the clock is the newest frame's time, whatever comes. Live, a
/// clock that was set back by an hour would then stand still for an hour: nothing would end, and
/// the table would only grow. So the difference is added to all that follows once many frames in
/// a row are late by more than a minute. A clock that is set forward needs nothing: flows end as
/// they would after so long a silence.
#[derive(Debug, Default)]
pub(in crate::pipeline) struct Steps {
    /// Nanoseconds from frame time to the clock of silence.
    ahead: u64,
    /// Frames in a row that were late by more than [`LATE`].
    late: u32,
    follows: bool,
    /// Whether the clock was set back since that was last asked.
    was_set: bool,
}

/// Frames that come out of order are not so late: a minute, in nanoseconds.
const LATE: u64 = 60_000_000_000;
/// So many late frames in a row are a clock that was set, not a stray frame.
const IN_A_ROW: u32 = 32;

impl Steps {
    /// Steps of a live capture: a clock that was set back is followed.
    pub(super) fn following() -> Self {
        Self { follows: true, ..Self::default() }
    }

    /// The clock of silence at a frame of this time; `clock` is what it was before.
    #[inline]
    pub(in crate::pipeline) fn now(
        &mut self,
        clock: Option<CaptureTime>,
        time: CaptureTime,
    ) -> CaptureTime {
        let time = self.silence(time);
        match clock {
            Some(clock) if time < clock => self.behind(clock, time),
            _ => {
                self.late = 0;
                time
            }
        }
    }

    /// What the clock of silence would say at this time of the capture's own.
    #[inline]
    pub(in crate::pipeline) fn silence(&self, time: CaptureTime) -> CaptureTime {
        time.plus(self.ahead)
    }

    /// What the capture's own clock says when the clock of silence says `now`.
    #[inline]
    pub(in crate::pipeline) fn shown(&self, now: CaptureTime) -> CaptureTime {
        CaptureTime(now.0.saturating_sub_unsigned(self.ahead))
    }

    /// Whether the capture's clock was set back; once for each time.
    #[inline]
    pub(in crate::pipeline) fn take_set(&mut self) -> bool {
        std::mem::take(&mut self.was_set)
    }

    fn behind(&mut self, clock: CaptureTime, time: CaptureTime) -> CaptureTime {
        let behind = clock.since(time);
        if !self.follows || behind <= LATE {
            return clock;
        }
        self.late += 1;
        if self.late >= IN_A_ROW {
            self.late = 0;
            self.ahead = self.ahead.saturating_add(behind);
            self.was_set = true;
        }
        clock
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000_000;

    fn run(steps: &mut Steps, clock: &mut Option<CaptureTime>, times: impl Iterator<Item = i64>) {
        for time in times {
            let now = steps.now(*clock, CaptureTime(time));
            assert!(clock.is_none_or(|clock| now >= clock), "it never goes back");
            *clock = Some(now);
        }
    }

    #[test]
    fn a_clock_that_was_set_back_goes_on_and_what_is_shown_is_frame_time() {
        let (mut steps, mut clock) = (Steps::following(), None);
        run(&mut steps, &mut clock, (0..100).map(|s| 5 * HOUR + s));
        run(&mut steps, &mut clock, (0..100).map(|s| 4 * HOUR + s));
        let shown = steps.shown(clock.unwrap());
        assert_eq!(shown, CaptureTime(4 * HOUR + 99));
        run(&mut steps, &mut clock, (0..9).map(|s| 4 * HOUR + 200 + s));
        assert_eq!(steps.shown(clock.unwrap()), CaptureTime(4 * HOUR + 208));
    }

    #[test]
    fn a_stray_frame_and_an_offline_capture_leave_the_clock() {
        let (mut steps, mut clock) = (Steps::following(), None);
        let stray = (0..100).map(|n| if n % 10 == 0 { HOUR } else { 5 * HOUR + n });
        run(&mut steps, &mut clock, stray);
        assert_eq!(clock, Some(CaptureTime(5 * HOUR + 99)));
        let (mut steps, mut clock) = (Steps::default(), None);
        run(&mut steps, &mut clock, std::iter::once(5 * HOUR).chain(0..1000));
        assert_eq!(clock, Some(CaptureTime(5 * HOUR)));
    }

    #[test]
    fn one_frame_from_the_far_future_does_not_stop_the_clock() {
        let (mut steps, mut clock) = (Steps::following(), None);
        run(&mut steps, &mut clock, [0, 1, 90_000 * HOUR].into_iter());
        run(&mut steps, &mut clock, (0..50).map(|s| s * 1_000_000_000));
        let before = clock.unwrap();
        run(&mut steps, &mut clock, std::iter::once(60_000_000_000));
        assert!(clock.unwrap() > before);
    }
}
