//! Days and times in a language's form.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::Language;
use crate::source::CaptureTime;

/// Months in the language's own words.
const MONTHS: [[&str; 12]; 3] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
];

impl Language {
    /// A day in words: `27 November 2026`, `1er mars 2026`, `27. November 2026`.
    pub fn day(self, date: Date) -> String {
        let place = usize::try_from(date.month() - 1).unwrap_or(0);
        let of = |language: usize| MONTHS[language].get(place).copied().unwrap_or("");
        let (day, year) = (date.day(), date.year());
        match self {
            Self::English => format!("{day} {} {year}", of(0)),
            Self::French if day == 1 => format!("1er {} {year}", of(1)),
            Self::French => format!("{day} {} {year}", of(1)),
            Self::German => format!("{day}. {} {year}", of(2)),
        }
    }

    /// A day in digits. English readers disagree about the order of day and month, so that
    /// theirs is ISO 8601's.
    fn day_in_digits(self, at: &Zoned) -> String {
        let (year, month, day) = (at.year(), at.month(), at.day());
        match self {
            Self::English => format!("{year:04}-{month:02}-{day:02}"),
            Self::French => format!("{day:02}/{month:02}/{year:04}"),
            Self::German => format!("{day:02}.{month:02}.{year:04}"),
        }
    }

    /// Day and time to the second, in `zone`.
    pub fn moment(self, time: CaptureTime, zone: &TimeZone) -> String {
        let at = zoned(time, zone);
        format!("{} {}", self.day_in_digits(&at), clock(&at))
    }

    /// The time of the day alone, to the second, in `zone`.
    pub fn clock(self, time: CaptureTime, zone: &TimeZone) -> String {
        clock(&zoned(time, zone))
    }

    /// The span from one time to another in two lines: the day and both times of it, else the
    /// one moment and the other.
    pub fn span(self, first: CaptureTime, last: CaptureTime, zone: &TimeZone) -> [String; 2] {
        let (from, to) = (zoned(first, zone), zoned(last, zone));
        if from.date() == to.date() {
            [self.day_in_digits(&from), format!("{}–{}", clock(&from), clock(&to))]
        } else {
            [format!("{} –", self.moment(first, zone)), self.moment(last, zone)]
        }
    }
}

/// The offset from UTC that holds in `zone` at a time: `+01:00`.
pub fn offset(time: CaptureTime, zone: &TimeZone) -> String {
    let seconds = zoned(time, zone).offset().seconds();
    let sign = if seconds < 0 { '−' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

fn clock(at: &Zoned) -> String {
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

fn zoned(time: CaptureTime, zone: &TimeZone) -> Zoned {
    // Every time that fits 64 bits of nanoseconds lies in the years that a Timestamp has.
    let at = Timestamp::from_nanosecond(i128::from(time.0)).unwrap_or_default();
    at.to_zoned(zone.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: CaptureTime = CaptureTime(1_772_366_400_000_000_000);

    #[test]
    fn days_and_times_are_written_as_the_language_writes_them() {
        let date = jiff::civil::date(2026, 3, 1);
        assert_eq!(Language::English.day(date), "1 March 2026");
        assert_eq!(Language::French.day(date), "1er mars 2026");
        assert_eq!(Language::German.day(date), "1. März 2026");
        let paris = TimeZone::get("Europe/Paris").unwrap();
        assert_eq!(Language::English.moment(NOON, &paris), "2026-03-01 13:00:00");
        assert_eq!(Language::French.moment(NOON, &TimeZone::UTC), "01/03/2026 12:00:00");
        assert_eq!(Language::German.moment(NOON, &TimeZone::UTC), "01.03.2026 12:00:00");
        assert_eq!(offset(NOON, &paris), "+01:00");
    }

    #[test]
    fn a_span_says_its_day_once_and_no_time_panics() {
        let later = NOON.plus(61_000_000_000);
        assert_eq!(
            Language::German.span(NOON, later, &TimeZone::UTC),
            ["01.03.2026", "12:00:00–12:01:01"]
        );
        let next = NOON.plus(86_400_000_000_000);
        assert!(Language::French.span(NOON, next, &TimeZone::UTC)[1].contains("02/03/2026"));
        for time in [i64::MIN, i64::MAX] {
            Language::English.moment(CaptureTime(time), &TimeZone::UTC);
        }
    }
}
