//! Times as text: RFC 3339, UTC.

use std::fmt;

use arrayvec::ArrayString;
use serde::{Serialize, Serializer};

use crate::source::CaptureTime;

/// Text of a time: `2026-01-01T08:00:00.000000000Z` at most.
pub type Rfc3339 = ArrayString<30>;

/// The time in UTC (RFC 3339 §5.6) with `digits` decimal digits of a second, 9 at most; what is
/// finer is cut off.
pub fn rfc3339(time: CaptureTime, digits: u8) -> Rfc3339 {
    let seconds = time.0.div_euclid(1_000_000_000);
    let nanoseconds = time.0.rem_euclid(1_000_000_000);
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let second_of_day = seconds.rem_euclid(86_400);
    let mut text = Rfc3339::new();
    push(&mut text, year, 4);
    text.push('-');
    push(&mut text, month, 2);
    text.push('-');
    push(&mut text, day, 2);
    text.push('T');
    push(&mut text, second_of_day / 3600, 2);
    text.push(':');
    push(&mut text, second_of_day / 60 % 60, 2);
    text.push(':');
    push(&mut text, second_of_day % 60, 2);
    let digits = u32::from(digits.min(9));
    if digits > 0 {
        text.push('.');
        push(&mut text, nanoseconds / 10_i64.pow(9 - digits), digits);
    }
    text.push('Z');
    text
}

/// A duration in nanoseconds, at most those that fit.
pub(super) fn nanoseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// The last `width` decimal digits of a number that is not negative.
fn push(text: &mut Rfc3339, number: i64, width: u32) {
    for place in (0..width).rev() {
        let digit = number / 10_i64.pow(place) % 10;
        text.push(char::from(b'0' + u8::try_from(digit).unwrap_or(0)));
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
///
/// Years are counted from March, so that the leap day is the last of its year; 400 years have
/// 146,097 days. A [`CaptureTime`] lies between the years 1677 and 2262.
fn civil(day: i64) -> (i64, i64, i64) {
    // Days from 0000-03-01 to 1970-01-01.
    let day = day + 719_468;
    let (era, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next, month, day_of_month)
}

/// A time with its precision, as records hold it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dated {
    pub(super) time: CaptureTime,
    pub(super) digits: u8,
}

impl Serialize for Dated {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&rfc3339(self.time, self.digits))
    }
}

impl fmt::Display for Dated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&rfc3339(self.time, self.digits))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same by jiff.
    fn by_jiff(time: i64, digits: u8) -> String {
        let timestamp = jiff::Timestamp::from_nanosecond(time.into()).unwrap();
        let civil = timestamp.to_zoned(jiff::tz::TimeZone::UTC).datetime();
        let whole = civil.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        let nanoseconds = format!("{:09}", time.rem_euclid(1_000_000_000));
        match usize::from(digits) {
            0 => format!("{whole}Z"),
            digits => format!("{whole}.{}Z", &nanoseconds[..digits]),
        }
    }

    #[test]
    fn the_ends_of_the_clock_and_leap_days_are_right() {
        let day = 86_400_000_000_000;
        for time in [i64::MIN, i64::MAX, 0, -1, 1, 951_782_400 * 1_000_000_000 + day] {
            for digits in 0..=9 {
                assert_eq!(&*rfc3339(CaptureTime(time), digits), by_jiff(time, digits));
            }
        }
        assert_eq!(&*rfc3339(CaptureTime(0), 200), "1970-01-01T00:00:00.000000000Z");
    }

    proptest! {
        #[test]
        fn any_time_reads_as_jiff_writes_it(time in any::<i64>(), digits in 0..=9_u8) {
            prop_assert_eq!(&*rfc3339(CaptureTime(time), digits), by_jiff(time, digits));
        }
    }
}
