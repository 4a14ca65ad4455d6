//! Interface description blocks, and the clock of each interface.
#![warn(clippy::indexing_slicing)]

use super::option::{COMMENT, Options};
use crate::source::account::text;
use crate::source::order::{ByteOrder, Cursor};
use crate::source::sink::Sink;
use crate::source::{CaptureAccount, CaptureTime, DamageKind, Interface, LinkType};

/// What packet blocks need of their interface.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declared {
    pub(super) link: LinkType,
    pub(super) snaplen: u32,
    pub(super) clock: Clock,
    /// Frames lost, by the latest statistics: by the interface, by the operating system.
    pub(super) losses: [Option<u64>; 2],
}

/// How an interface counts time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    scale: Scale,
    /// Seconds to add (`if_tsoffset`).
    offset: i64,
}

/// Nanoseconds in a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    /// So many.
    Times(u64),
    /// One for 10 to the power of this many ticks.
    Divided(u8),
    /// 2 to the power of this many ticks make a second.
    Binary(u8),
}

impl Clock {
    /// Microseconds since 1970: the clock where nothing is stated.
    const DEFAULT: Self = Self { scale: Scale::Times(1000), offset: 0 };

    /// The time of `ticks`; `Err` with the nearest one that fits.
    #[inline]
    pub(super) fn time(self, ticks: u64) -> Result<CaptureTime, CaptureTime> {
        if let Self { scale: Scale::Times(times), offset: 0 } = self
            && let Some(time) = ticks.checked_mul(times).and_then(|t| i64::try_from(t).ok())
        {
            return Ok(CaptureTime(time));
        }
        self.time_of_any(ticks)
    }

    fn time_of_any(self, ticks: u64) -> Result<CaptureTime, CaptureTime> {
        let ticks = i128::from(ticks);
        // At most 2⁶⁴ · 10⁹ < 2⁹⁴: nothing here overflows.
        let nanoseconds = match self.scale {
            Scale::Times(times) => ticks * i128::from(times),
            Scale::Divided(power) => 10_i128.checked_pow(power.into()).map_or(0, |by| ticks / by),
            Scale::Binary(power) => (ticks * 1_000_000_000) >> power.min(127),
        };
        let time = nanoseconds + i128::from(self.offset) * 1_000_000_000;
        let nearest = if time < 0 { i64::MIN } else { i64::MAX };
        i64::try_from(time).map(CaptureTime).map_err(|_| CaptureTime(nearest))
    }
}

impl Scale {
    /// What `if_tsresol` states: a negative power of 10, or of 2 where the upper bit is set.
    fn of(resolution: u8) -> (Self, u8) {
        let power = resolution & 0x7f;
        if resolution & 0x80 != 0 {
            // A binary digit is 0.30103 decimal ones.
            let digits = (u32::from(power) * 30_103).div_ceil(100_000).min(9);
            return (Self::Binary(power), u8::try_from(digits).unwrap_or(9));
        }
        match 9_u32.checked_sub(power.into()) {
            Some(up) => (Self::Times(10_u64.pow(up)), power),
            None => (Self::Divided(power - 9), 9),
        }
    }
}

/// Reads an interface description block's contents; the damage found is noted at `offset`.
pub(super) fn read(
    contents: &[u8],
    order: ByteOrder,
    offset: u64,
    sink: &mut Sink<'_>,
) -> Option<(Declared, Interface)> {
    let mut cursor = Cursor::new(contents, order);
    let mut fields = || Some((cursor.u16()?, cursor.u16()?, cursor.u32()?));
    let Some((link, _reserved, snaplen)) = fields() else {
        let left = contents.len() as u64;
        sink.damage(offset, DamageKind::BlockContents { block: 1, needed: 8, left });
        return None;
    };
    let link = LinkType(link.into());
    let mut interface = Interface {
        name: None,
        link,
        snaplen,
        digits: 6,
        fcs_len: None,
        dropped: None,
        filter: None,
    };
    let mut clock = Clock::DEFAULT;
    for option in Options::new(cursor.rest(), order) {
        match option {
            Ok((NAME, name)) => interface.name = Some(text(name, CaptureAccount::NAME_OCTETS)),
            Ok((RESOLUTION, [resolution, ..])) => {
                (clock.scale, interface.digits) = Scale::of(*resolution);
            }
            Ok((OFFSET, seconds)) => {
                let seconds = Cursor::new(seconds, order).u64();
                clock.offset = seconds.unwrap_or_default().cast_signed();
            }
            // Code 0 says that it is text (§4.2).
            Ok((FILTER, [0, filter @ ..])) => {
                interface.filter = Some(text(filter, CaptureAccount::FILTER_OCTETS));
            }
            Ok((FCS_LEN, [octets, ..])) => interface.fcs_len = Some(*octets),
            Ok((COMMENT, comment)) => sink.account.comment(None, comment),
            Ok(_) => {}
            Err(damage) => sink.damage(offset, damage),
        }
    }
    Some((Declared { link, snaplen, clock, losses: [None; 2] }, interface))
}

const NAME: u16 = 2;
const RESOLUTION: u16 = 9;
const FILTER: u16 = 11;
const FCS_LEN: u16 = 13;
const OFFSET: u16 = 14;

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(resolution: u8, offset: i64) -> Clock {
        Clock { scale: Scale::of(resolution).0, offset }
    }

    #[test]
    fn ticks_of_every_resolution_become_nanoseconds() {
        assert_eq!(clock(6, 0).time(1_000_001), Ok(CaptureTime(1_000_001_000)));
        assert_eq!(clock(9, 0).time(7), Ok(CaptureTime(7)));
        assert_eq!(clock(0, 0).time(3), Ok(CaptureTime(3_000_000_000)));
        assert_eq!(clock(12, 0).time(7_999), Ok(CaptureTime(7)));
        assert_eq!(clock(127, 0).time(u64::MAX), Ok(CaptureTime(0)));
        assert_eq!(clock(0x8a, 0).time(1024 + 512), Ok(CaptureTime(1_500_000_000)));
        assert_eq!(clock(0xff, 0).time(u64::MAX), Ok(CaptureTime(0)));
    }

    #[test]
    fn the_offset_is_added_in_seconds_before_and_after_1970() {
        assert_eq!(clock(6, 10).time(5), Ok(CaptureTime(10_000_005_000)));
        assert_eq!(clock(6, -10).time(5), Ok(CaptureTime(-9_999_995_000)));
    }

    #[test]
    fn times_that_do_not_fit_give_the_nearest() {
        assert_eq!(clock(0, 0).time(u64::MAX), Err(CaptureTime(i64::MAX)));
        assert_eq!(clock(6, i64::MIN).time(0), Err(CaptureTime(i64::MIN)));
    }

    #[test]
    fn binary_resolutions_count_the_decimal_digits_they_need() {
        assert_eq!(Scale::of(0x8a).1, 4);
        assert_eq!(Scale::of(0x80).1, 0);
        assert_eq!(Scale::of(0xc0).1, 9);
    }
}
