//! Numbers in a language's form.

use super::Language;

/// The amounts of a unit, by the thousand: SI, on top of the octet.
const UNITS: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];

impl Language {
    /// The sign before decimals.
    fn decimal_sign(self) -> char {
        match self {
            Self::English => '.',
            Self::French | Self::German => ',',
        }
    }

    /// What stands between groups of three digits.
    fn group_sign(self) -> char {
        match self {
            Self::English => ',',
            // U+00A0, which every terminal's font has, for the narrow one of the norm.
            Self::French => '\u{a0}',
            Self::German => '.',
        }
    }

    /// The unit's letter: French counts in octets.
    fn octet(self) -> char {
        if self == Self::French { 'o' } else { 'B' }
    }

    /// A whole number, its digits in groups of three.
    pub fn count(self, number: u64) -> String {
        let digits = number.to_string();
        let mut grouped = String::with_capacity(digits.len() * 2);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push(self.group_sign());
            }
            grouped.push(digit);
        }
        grouped
    }

    /// An amount of octets: three digits and an SI unit (powers of 1,000).
    pub fn octets(self, amount: u64) -> String {
        let (digits, unit) = self.three_digits(u128::from(amount));
        format!("{digits} {unit}{}", self.octet())
    }

    /// Octets in a second.
    pub fn rate(self, octets: u64, nanoseconds: u64) -> String {
        let nanoseconds = u128::from(nanoseconds.max(1));
        let rate = u128::from(octets) * 1_000_000_000 / nanoseconds;
        let (digits, unit) = self.three_digits(rate);
        format!("{digits} {unit}{}/s", self.octet())
    }

    fn three_digits(self, amount: u128) -> (String, &'static str) {
        let mut unit_octets = 1_u128;
        for unit in UNITS {
            for (decimals, scale) in [(2_usize, 100_u128), (1, 10), (0, 1)] {
                if unit.is_empty() && decimals > 0 {
                    continue;
                }
                let digits = (amount * scale * 2 + unit_octets) / (unit_octets * 2);
                if digits < 1000 {
                    let whole = digits / scale;
                    let text = if decimals == 0 {
                        whole.to_string()
                    } else {
                        let sign = self.decimal_sign();
                        format!("{whole}{sign}{:0decimals$}", digits % scale)
                    };
                    return (text, unit);
                }
            }
            unit_octets *= 1000;
        }
        (amount.to_string(), "")
    }

    /// A part of a whole in per cent. What is not nothing is never shown as 0, and what is not
    /// all never as 100; `-` where there is no whole.
    pub fn share(self, part: u64, whole: u64) -> String {
        if whole == 0 {
            return "-".to_owned();
        }
        let hundredths = (u128::from(part) * 200 + u128::from(whole)) / (u128::from(whole) * 2);
        match hundredths {
            0 if part > 0 => "< 1 %".to_owned(),
            100 if part < whole => "> 99 %".to_owned(),
            share => format!("{share} %"),
        }
    }

    /// A duration in its two largest units.
    pub fn duration(self, nanoseconds: u64) -> String {
        let seconds = nanoseconds / 1_000_000_000;
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
        let day = if self == Self::French { "j" } else { "d" };
        match (days, hours, minutes) {
            (0, 0, 0) if seconds < 10 => {
                let tenths = nanoseconds / 100_000_000 % 10;
                format!("{seconds}{}{tenths} s", self.decimal_sign())
            }
            (0, 0, 0) => format!("{seconds} s"),
            (0, 0, m) => format!("{m} min {} s", seconds % 60),
            (0, h, _) => format!("{h} h {} min", minutes % 60),
            (d, _, _) => format!("{} {day} {} h", self.count(d), hours % 24),
        }
    }
}
