//! Dates as sources give them: a year, a month or a day.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::source::CaptureTime;

/// The last day that a date of YYYY, YYYY-MM or YYYY-MM-DD can mean; `None` when it is none.
pub(super) fn last_day(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let year = number(parts.next()?, 4)?;
    let month = parts.next().map(|m| number(m, 2)).map_or(Some(None), |m| m.map(Some))?;
    let day = parts.next().map(|d| number(d, 2)).map_or(Some(None), |d| d.map(Some))?;
    if parts.next().is_some() {
        return None;
    }
    let narrow = |n: i16| i8::try_from(n).ok();
    match (month, day) {
        (None, _) => Date::new(year, 12, 31).ok(),
        (Some(month), None) => Some(Date::new(year, narrow(month)?, 1).ok()?.last_of_month()),
        (Some(month), Some(day)) => Date::new(year, narrow(month)?, narrow(day)?).ok(),
    }
}

/// Whether the text is YYYY or YYYY-MM.
pub(super) fn is_month_or_year(text: &str) -> bool {
    text.len() <= "YYYY-MM".len() && last_day(text).is_some()
}

/// Whether the period that `date` means ended before `time` (UTC). `false` for what is no date.
pub(super) fn ended_before(date: &str, time: CaptureTime) -> bool {
    let Some(day) = last_day(date).and_then(|day| day.tomorrow().ok()) else { return false };
    let Ok(start) = day.to_zoned(TimeZone::UTC) else { return false };
    start.timestamp().as_nanosecond() <= i128::from(time.0)
}

/// Days from the last day that `date` can mean to `today`; 0 when that day is still to come, so
/// that an age is never overstated. `None` when there is no date.
pub(super) fn age_days(date: &str, today: Date) -> Option<u32> {
    let age = today.since(last_day(date)?).ok()?.get_days();
    Some(u32::try_from(age).unwrap_or(0))
}

fn number(digits: &str, width: usize) -> Option<i16> {
    let plain = digits.len() == width && digits.bytes().all(|b| b.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_date_means_its_last_day() {
        assert_eq!(last_day("2024"), Some(date(2024, 12, 31)));
        assert_eq!(last_day("2024-02"), Some(date(2024, 2, 29)));
        assert_eq!(last_day("2024-02-03"), Some(date(2024, 2, 3)));
        for text in ["", "24", "2024-13", "2024-2", "2023-02-29", "2024-01-01-01", "+024", "2024-"]
        {
            assert_eq!(last_day(text), None, "{text}");
        }
        assert!(is_month_or_year("2024-02") && !is_month_or_year("2024-02-03"));
    }

    #[test]
    fn an_age_counts_from_the_last_day_that_is_meant() {
        assert_eq!(age_days("2026-08", date(2026, 11, 24)), Some(85));
        assert_eq!(age_days("2026-11", date(2026, 11, 24)), Some(0));
        assert_eq!(age_days("2025-12-24", date(2026, 1, 1)), Some(8));
        assert_eq!(age_days("soon", date(2026, 1, 1)), None);
    }

    #[test]
    fn a_month_ends_with_its_last_nanosecond() {
        // 2021-07-01T00:00:00Z
        let july = 1_625_097_600_000_000_000;
        assert!(ended_before("2021-06", CaptureTime(july)));
        assert!(!ended_before("2021-06", CaptureTime(july - 1)));
        assert!(!ended_before("2021", CaptureTime(july)));
    }
}
