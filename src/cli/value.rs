//! Values of options, written the same on the command line and in the configuration file.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroUsize;
use std::time::Duration;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use jiff::civil::DateTime;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::suggestion::hint;
use crate::export::{Rotation, parse_dimensions};
use crate::filter::Filter;
use crate::ledger::Dimension;
use crate::pipeline::IdleLimits;
use crate::source::CaptureTime;

/// A network in CIDR form, or one address.
pub(super) fn home_net(text: &str) -> Result<IpNet, String> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(IpNet::from(address));
    }
    let net: IpNet = text
        .parse()
        .map_err(|_| "not a network; write it as 192.0.2.0/24 or 2001:db8::/32".to_owned())?;
    Ok(net.trunc())
}

/// How many, from 1.
pub(super) fn number(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| format!("`{text}` is not a whole number from 1"))
}

/// Capture threads: from 1, as many as a machine of a lab has processors at most.
pub(super) fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let threads = text.parse().ok().filter(|threads: &NonZeroUsize| threads.get() <= 64);
    threads.ok_or_else(|| format!("`{text}` is not a whole number from 1 to 64"))
}

/// The home nets that were typed, else those of the configuration, else the private ranges.
pub(super) fn home_nets(typed: &[IpNet], configured: &[IpNet]) -> Vec<IpNet> {
    let stated = [typed, configured].into_iter().find(|nets| !nets.is_empty());
    stated.map_or_else(default_home_nets, <[IpNet]>::to_vec)
}

/// Private and link-local ranges: RFC 1918 §3, RFC 3927 §2.1, RFC 4193 §3.1, RFC 4291 §2.5.6.
fn default_home_nets() -> Vec<IpNet> {
    let v4 = [([10, 0, 0, 0], 8), ([172, 16, 0, 0], 12), ([192, 168, 0, 0], 16)]
        .into_iter()
        .chain([([169, 254, 0, 0], 16)])
        .filter_map(|(octets, length)| Ipv4Net::new(Ipv4Addr::from(octets), length).ok())
        .map(IpNet::V4);
    let v6 = [(0xfc00, 7), (0xfe80, 10)]
        .into_iter()
        .filter_map(|(head, length)| {
            Ipv6Net::new(Ipv6Addr::new(head, 0, 0, 0, 0, 0, 0, 0), length).ok()
        })
        .map(IpNet::V6);
    v4.chain(v6).collect()
}

/// Dimensions, separated by commas.
pub(super) fn dimensions(text: &str) -> Result<Vec<Dimension>, String> {
    parse_dimensions(text).map_err(|e| e.to_string())
}

/// A filter expression; the message states the character where it is wrong, from 1.
pub(super) fn filter(text: &str) -> Result<Filter, String> {
    Filter::parse(text).map_err(|e| format!("character {}: {}", e.at + 1, e.message))
}

/// Idle limits: one duration for all flows, or `tcp=…,other=…,closed=…`, what is not named
/// keeping its default.
pub(super) fn idle(text: &str) -> Result<IdleLimits, String> {
    let mut limits = IdleLimits::default();
    if !text.contains('=') {
        let all = duration(text)?;
        return Ok(IdleLimits { other: all, tcp: all, closed: limits.closed.min(all) });
    }
    for part in text.split(',') {
        let (name, value) =
            part.split_once('=').ok_or_else(|| format!("`{part}` has no `=`; write tcp=1h"))?;
        let place = match name.trim() {
            "tcp" => &mut limits.tcp,
            "other" => &mut limits.other,
            "closed" => &mut limits.closed,
            unknown => {
                let hint = hint(unknown, ["tcp", "other", "closed"]);
                return Err(format!("`{unknown}` is not one of tcp, other, closed{hint}"));
            }
        };
        *place = duration(value.trim())?;
    }
    Ok(limits)
}

/// A duration with its unit: 90s, 5m, 1h30m.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is not a duration; write it as 90s, 5m or 1h");
    let duration: SignedDuration = text.parse().map_err(|_| wrong())?;
    let duration = Duration::try_from(duration).map_err(|_| wrong())?;
    if duration.is_zero() {
        return Err("the limit must be longer than nothing".to_owned());
    }
    Ok(duration)
}

/// Octets with their unit: 500kB, 100MB, 1GiB.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is not a size; write it as 500kB, 100MB or 1GiB");
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let factor = match unit.trim_start() {
        "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "TiB" => 1 << 40,
        _ => return Err(wrong()),
    };
    number.checked_mul(factor).filter(|n| *n > 0).ok_or_else(wrong)
}

/// A size or a duration, after which the next file begins.
pub(super) fn rotation(text: &str) -> Result<Rotation, String> {
    let size = size(text).map(Rotation::Octets);
    size.or_else(|_| duration(text).map(Rotation::After))
        .map_err(|_| format!("`{text}` is neither a size nor a duration; write it as 100MB or 1h"))
}

/// A time zone by its IANA name, as an offset from UTC, or `local`.
pub(super) fn zone(text: &str) -> Result<TimeZone, String> {
    match text {
        "UTC" | "utc" | "Z" => Ok(TimeZone::UTC),
        "local" => Ok(TimeZone::system()),
        _ => DateTimeParser::new().parse_time_zone(text).map_err(|_| {
            format!(
                "`{text}` is not a time zone known here; write Europe/Paris, +01:00, local or UTC"
            )
        }),
    }
}

/// A time: RFC 3339, or a date or date and time in `zone`. A date means its first moment.
pub(super) fn time(text: &str, zone: &TimeZone) -> Result<CaptureTime, String> {
    let timestamp = match text.parse::<Timestamp>() {
        Ok(timestamp) => timestamp,
        Err(_) => text
            .parse::<DateTime>()
            .ok()
            .and_then(|civil| civil.to_zoned(zone.clone()).ok())
            .map(|zoned| zoned.timestamp())
            .ok_or_else(|| {
                format!("`{text}` is not a time; write 2026-01-31, 2026-01-31T08:00 or 2026-01-31T08:00:00Z")
            })?,
    };
    i64::try_from(timestamp.as_nanosecond())
        .map(CaptureTime)
        .map_err(|_| format!("`{text}` lies outside the years 1678 to 2261"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_net_is_a_network_or_one_address_without_host_bits() {
        assert_eq!(home_net("192.0.2.7/24").unwrap().to_string(), "192.0.2.0/24");
        assert_eq!(home_net("192.0.2.7").unwrap().to_string(), "192.0.2.7/32");
        assert_eq!(home_net("2001:db8::/32").unwrap().to_string(), "2001:db8::/32");
        assert!(home_net("192.0.2.0/33").is_err());
        assert!(home_net("office").is_err());
    }

    #[test]
    fn private_and_link_local_ranges_are_home_by_default() {
        let nets: Vec<String> = default_home_nets().iter().map(ToString::to_string).collect();
        assert_eq!(
            nets,
            [
                "10.0.0.0/8",
                "172.16.0.0/12",
                "192.168.0.0/16",
                "169.254.0.0/16",
                "fc00::/7",
                "fe80::/10"
            ]
        );
    }

    #[test]
    fn dimensions_are_read_in_the_order_given() {
        assert_eq!(dimensions("vendor, client").unwrap(), [Dimension::Vendor, Dimension::Client]);
        assert!(dimensions("vendor,").is_err());
    }

    #[test]
    fn one_idle_limit_is_for_all_flows_and_named_ones_keep_the_other_defaults() {
        let minutes = |m: u64| Duration::from_secs(60 * m);
        let all = idle("10m").unwrap();
        assert_eq!((all.tcp, all.other, all.closed), (minutes(10), minutes(10), minutes(1)));
        let short = idle("30s").unwrap();
        assert_eq!(short.closed, Duration::from_secs(30));
        let named = idle("tcp=2h, closed=10s").unwrap();
        assert_eq!((named.tcp, named.other), (minutes(120), minutes(5)));
        assert_eq!(named.closed, Duration::from_secs(10));
    }

    #[test]
    fn a_wrong_idle_limit_says_how_to_write_it() {
        assert!(idle("5").unwrap_err().contains("5m"));
        assert!(idle("-5m").is_err());
        assert!(idle("0s").is_err());
        assert_eq!(
            idle("tpc=1h").unwrap_err(),
            "`tpc` is not one of tcp, other, closed; did you mean `tcp`?"
        );
        assert!(idle("tcp=1h,5m").unwrap_err().contains("no `=`"));
    }

    #[test]
    fn files_rotate_by_size_or_time() {
        assert_eq!(rotation("100MB"), Ok(Rotation::Octets(100_000_000)));
        assert_eq!(rotation("2GiB"), Ok(Rotation::Octets(2 << 30)));
        assert_eq!(rotation("1h"), Ok(Rotation::After(Duration::from_hours(1))));
        for wrong in ["100", "0MB", "MB", "99999999999TB", "1 fortnight"] {
            assert!(rotation(wrong).unwrap_err().contains("100MB or 1h"), "{wrong}");
        }
    }

    #[test]
    fn a_time_is_read_in_the_zone_unless_it_states_its_own() {
        let paris = zone("+01:00").unwrap();
        let at = |text: &str, zone: &TimeZone| time(text, zone).unwrap().0 / 1_000_000_000;
        assert_eq!(at("2026-01-01T08:00:00Z", &paris), 1_767_254_400);
        assert_eq!(at("2026-01-01T08:00", &paris), 1_767_250_800);
        assert_eq!(at("2026-01-01", &TimeZone::UTC), 1_767_225_600);
        assert!(time("yesterday", &paris).unwrap_err().contains("2026-01-31T08:00"));
        assert!(time("9000-01-01", &paris).unwrap_err().contains("outside"));
    }

    #[test]
    fn a_zone_is_a_name_or_an_offset() {
        assert_eq!(zone("UTC").unwrap(), TimeZone::UTC);
        assert!(zone("+05:30").is_ok());
        assert!(zone("Mars/Olympus").unwrap_err().contains("not a time zone"));
    }
}
