//! Time on the screen: replay, time cursor, zoom, markers.

use std::time::Duration;

use super::App;
use crate::source::CaptureTime;
use crate::tui::feed::Status;
use crate::tui::view::timeline;

impl App<'_> {
    /// Lets time pass.
    pub(in crate::tui) fn tick(&mut self, now: Duration) {
        self.now = now;
        if self.notice.as_ref().is_some_and(|(_, until)| *until <= now) {
            self.notice = None;
        }
        let Some((speed, last)) = self.replay else { return };
        let Some((first, end)) = self.sheet.span.filter(|_| !self.paused) else {
            self.replay = Some((speed, now));
            return;
        };
        let passed = now.saturating_sub(last).mul_f64(speed.min(1e9));
        let nanoseconds = u64::try_from(passed.as_nanos()).unwrap_or(u64::MAX);
        let moment = self.order.moment.unwrap_or(first).plus(nanoseconds);
        self.replay = Some((speed, now));
        self.order.moment = Some(moment);
        if moment >= end {
            self.order.moment = None;
            self.replay = None;
            self.note(self.say("replay-done"));
        }
    }

    /// Moves the time cursor by a column of the timeline.
    pub(super) fn move_cursor(&mut self, columns: i64) {
        let (Some((first, last)), Some((from, to))) = (self.sheet.span, self.sheet.window) else {
            return;
        };
        let count = timeline::columns(self.area.width).max(1) as u64;
        let step = (to.since(from) / count).max(1_000_000_000);
        let step = i64::try_from(step).unwrap_or(i64::MAX).saturating_mul(columns);
        let moment = self.order.moment.unwrap_or(last);
        let moment = CaptureTime(moment.0.saturating_add(step)).max(first);
        self.replay = None;
        self.order.moment = (moment < last).then_some(moment);
    }

    /// Shows half or twice as much time.
    pub(super) fn zoom(&mut self, by: i8) {
        let Some((first, last)) = self.sheet.span else { return };
        let whole = last.since(first);
        let shown = self.order.window.unwrap_or(whole);
        let wanted = if by > 0 { shown.saturating_mul(2) } else { (shown / 2).max(2_000_000_000) };
        self.order.window = (wanted < whole).then_some(wanted);
    }

    pub(super) fn next_marker(&mut self, status: &Status) {
        let Some((_, last)) = self.sheet.span else { return };
        let moment = self.order.moment;
        let next = status.markers.iter().find(|m| moment.is_some_and(|moment| m.time > moment));
        let Some(marker) = next.or_else(|| status.markers.first()) else {
            self.note(self.say("no-markers"));
            return;
        };
        self.order.moment = (marker.time < last).then_some(marker.time);
        self.note(format!("▼ {}", marker.label));
    }
}
