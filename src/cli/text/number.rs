//! Amounts as people read them.

/// How exact amounts are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Precision {
    /// Three digits and an SI unit.
    Rounded,
    /// Every octet.
    Exact,
}

/// An amount of octets: `999 B`, `12.3 kB`, or `12,345 B` where it is to be exact.
pub(in crate::cli) fn octets(amount: u64, precision: Precision) -> String {
    match precision {
        Precision::Exact => format!("{} B", count(amount)),
        Precision::Rounded => rounded(amount),
    }
}

/// SI units (powers of 1,000) above the octet.
const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];

/// Three significant digits; the unit is the first in which they are fewer than four.
fn rounded(amount: u64) -> String {
    if amount < 1000 {
        return format!("{amount} B");
    }
    let amount = u128::from(amount);
    let mut unit_octets = 1000_u128;
    for unit in UNITS {
        for (decimals, scale) in [(2, 100), (1, 10), (0, 1)] {
            let digits = (amount * scale * 2 + unit_octets) / (unit_octets * 2);
            if digits < 1000 {
                return match decimals {
                    0 => format!("{digits} {unit}"),
                    _ => format!("{}.{:0decimals$} {unit}", digits / scale, digits % scale),
                };
            }
        }
        unit_octets *= 1000;
    }
    // Unreachable: 2⁶⁴ octets are 18.4 EB.
    format!("{amount} B")
}

/// A number with its digits in groups of three: `12,345`.
pub(in crate::cli) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 flow`, `2 flows`: the number with its noun, whose plural has an `s`.
pub(in crate::cli) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", count(number))
}

/// A part of a whole in per cent, one decimal. What is not nothing is never shown as `0.0 %`,
/// and what is not all is never shown as `100.0 %`.
pub(in crate::cli) fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    let thousandths = (u128::from(part) * 2000 + u128::from(whole)) / (u128::from(whole) * 2);
    match thousandths {
        0 if part > 0 => "< 0.1 %".to_owned(),
        1000 if part < whole => "> 99.9 %".to_owned(),
        t => format!("{}.{} %", t / 10, t % 10),
    }
}

/// A duration of `nanoseconds` in its two largest units: `1 h 12 min`.
pub(in crate::cli) fn duration(nanoseconds: u64) -> String {
    let seconds = nanoseconds / 1_000_000_000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) if seconds < 10 => {
            format!("{}.{:03} s", seconds, nanoseconds / 1_000_000 % 1000)
        }
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, m) => format!("{m} min {} s", seconds % 60),
        (0, h, _) => format!("{h} h {} min", minutes % 60),
        (d, _, _) => format!("{} d {} h", count(d), hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_three_digits_and_the_unit_that_rounding_leads_to() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.00 kB"),
            (1005, "1.01 kB"),
            (9994, "9.99 kB"),
            (9995, "10.0 kB"),
            (99_949, "99.9 kB"),
            (99_950, "100 kB"),
            (999_499, "999 kB"),
            (999_500, "1.00 MB"),
            (3_400_000, "3.40 MB"),
            (12_345_678_901, "12.3 GB"),
            (u64::MAX, "18.4 EB"),
        ];
        for (amount, shown) in cases {
            assert_eq!(octets(amount, Precision::Rounded), shown, "{amount}");
        }
        assert_eq!(octets(12_345_678, Precision::Exact), "12,345,678 B");
    }

    #[test]
    fn digits_are_grouped_by_three_from_the_right() {
        let shown = [0, 999, 1000, 123_456, 1_234_567].map(count);
        assert_eq!(shown, ["0", "999", "1,000", "123,456", "1,234,567"]);
        assert_eq!((counted(1, "flow"), counted(0, "flow")), ("1 flow".into(), "0 flows".into()));
    }

    #[test]
    fn a_share_is_nothing_or_all_only_when_it_is() {
        assert_eq!(share(0, 10), "0.0 %");
        assert_eq!(share(10, 10), "100.0 %");
        assert_eq!(share(1, 3), "33.3 %");
        assert_eq!(share(1, 1_000_000), "< 0.1 %");
        assert_eq!(share(999_999, 1_000_000), "> 99.9 %");
        assert_eq!(share(0, 0), "-");
        assert_eq!(share(u64::MAX, u64::MAX), "100.0 %");
    }

    #[test]
    fn a_duration_shows_its_two_largest_units() {
        let s = |seconds: u64| duration(seconds * 1_000_000_000);
        assert_eq!(duration(1_234_567_890), "1.234 s");
        assert_eq!(
            [s(59), s(61), s(3661), s(90_000)],
            ["59 s", "1 min 1 s", "1 h 1 min", "1 d 1 h"]
        );
    }
}
