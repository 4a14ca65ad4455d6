//! What a summary is drawn from, and how.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::colour::Palette;
use super::number::{self, Precision};
use crate::ledger::{Dimension, Rollup, Snapshot};
use crate::signature::Database;
use crate::source::CaptureTime;

/// What a summary is drawn from, and how.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct View<'a> {
    /// The numbers.
    pub(in crate::cli) snapshot: &'a Snapshot,
    /// The signatures that the numbers refer to.
    pub(in crate::cli) database: &'a Database,
    /// The zone of all times shown.
    pub(in crate::cli) zone: &'a TimeZone,
    /// How exact amounts and times are.
    pub(in crate::cli) precision: Precision,
    /// Characters of a line.
    pub(in crate::cli) width: usize,
    /// Colours.
    pub(in crate::cli) palette: Palette,
    /// The expression that selected what is shown.
    pub(in crate::cli) filter: Option<&'a str>,
    /// Tables to show instead of purposes and other servers.
    pub(in crate::cli) by: &'a [Vec<Dimension>],
    /// Whether the user ended the reading early.
    pub(in crate::cli) interrupted: bool,
    /// Days since the date of the signatures, where they are stale.
    pub(in crate::cli) stale_days: Option<u32>,
}

/// Dimensions of the roll-up from which purposes and other servers are drawn.
pub(in crate::cli) const PURPOSES: [Dimension; 5] = [
    Dimension::Signature,
    Dimension::Registrable,
    Dimension::Host,
    Dimension::Basis,
    Dimension::Grade,
];

/// Dimensions of the roll-up from which the headline and the clients are drawn.
pub(in crate::cli) const CLIENTS: [Dimension; 4] =
    [Dimension::Client, Dimension::Device, Dimension::Category, Dimension::Grade];

impl<'a> View<'a> {
    /// The roll-up by exactly these dimensions.
    pub(super) fn rollup(&self, dimensions: &[Dimension]) -> Option<&'a Rollup> {
        self.snapshot.rollups.iter().find(|rollup| rollup.dimensions == dimensions)
    }

    /// An amount of octets.
    pub(super) fn octets(&self, amount: u64) -> String {
        number::octets(amount, self.precision)
    }

    /// Date and time to the second, with the zone.
    pub(super) fn moment(&self, time: CaptureTime) -> String {
        self.zoned(time).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
    }

    /// When something was first and last seen: in full where there is room, else as exactly as
    /// the captures' span leaves readable.
    pub(super) fn seen(&self, first: CaptureTime, last: CaptureTime) -> String {
        let (first, last) = (self.zoned(first), self.zoned(last));
        let full = self.precision == Precision::Exact || self.width >= WIDE;
        let time = if full { "%H:%M:%S" } else { "%H:%M" };
        let date = if self.one_year() { "%m-%d" } else { "%Y-%m-%d" };
        let from_to = |format: &str, between: &str| {
            let (first, last) = (first.strftime(format), last.strftime(format));
            let (first, last) = (first.to_string(), last.to_string());
            // Whoever wants seconds is shown both, also where they are equal.
            if !full && first == last { first } else { first + between + &last }
        };
        if self.one_day() {
            return from_to(time, "-");
        }
        match (full, self.one_year(), first.date() == last.date()) {
            (true, _, true) | (false, true, true) => {
                format!("{} {}", first.strftime(date), from_to(time, "-"))
            }
            (true, _, false) => from_to(&format!("{date} {time}"), " to "),
            (false, true, false) => from_to("%m-%d", " to "),
            (false, false, true) => first.strftime("%Y-%m-%d").to_string(),
            (false, false, false) => from_to("%Y-%m", " to "),
        }
    }

    /// Whether there is no room for first and last seen.
    pub(super) fn is_narrow(&self) -> bool {
        self.width < NARROW
    }

    /// Earliest and latest frame of all captures.
    pub(super) fn span(&self) -> Option<(CaptureTime, CaptureTime)> {
        let captures = &self.snapshot.captures;
        let first = captures.iter().filter_map(|c| c.first).min()?;
        let last = captures.iter().filter_map(|c| c.last).max()?;
        Some((first, last))
    }

    /// Whether all frames are of one day, so that dates need not be repeated.
    fn one_day(&self) -> bool {
        self.span().is_none_or(|(a, b)| self.zoned(a).date() == self.zoned(b).date())
    }

    /// Whether all frames are of one year.
    fn one_year(&self) -> bool {
        self.span().is_none_or(|(a, b)| self.zoned(a).year() == self.zoned(b).year())
    }

    /// The time in the zone shown.
    pub(super) fn zoned(&self, time: CaptureTime) -> Zoned {
        // Every i64 of nanoseconds is a Timestamp; the default is for the type only.
        let timestamp = Timestamp::from_nanosecond(i128::from(time.0)).unwrap_or_default();
        timestamp.to_zoned(self.zone.clone())
    }
}

/// Lines of this many characters have room for seconds.
const WIDE: usize = 100;

/// Lines of fewer characters have no room for all columns.
const NARROW: usize = 60;
