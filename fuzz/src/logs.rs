//! What a resolver wrote is read, or refused with its line.

use jiff::tz::TimeZone;
use vigie::name::{Calendar, DnsLog, DnsLogError};

/// Any octets as a query log: reading ends; a fault has a line that is there; a name that is kept
/// is found again, and only within its time.
pub fn a_resolvers_log_is_read_or_refused(input: &[u8]) {
    let lines = input.split(|octet| *octet == b'\n').count() as u64;
    let calendar = Calendar { zone: TimeZone::UTC, year: Some(2026) };
    let mut log = DnsLog::default();
    match log.read(input, &calendar) {
        Ok(()) | Err(DnsLogError::Unknown) => {}
        Err(
            DnsLogError::Wrong { line, .. }
            | DnsLogError::TooLong { line }
            | DnsLogError::TooMany { line }
            | DnsLogError::Unreadable { line, .. },
        ) => assert!((1..=lines).contains(&line), "line {line} of {lines}"),
    }
}
