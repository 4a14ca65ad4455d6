//! Query logs of a network's own resolver: what clients resolved, where the capture cannot see it
//! (encrypted DNS, a capture behind the resolver).
//!
//! Two forms are read: `AdGuard` Home's `querylog.json` (one JSON object a line) and the log text
//! of dnsmasq with `log-queries`, which is Pi-hole's, too.

mod adguard;
mod dnsmasq;

use std::io::{self, BufRead, Read};
use std::net::IpAddr;

use foldhash::quality::RandomState;
use hashbrown::HashMap;
use jiff::tz::TimeZone;

use super::answers::{LIFETIME, LOOKED_AT, Resolution, SECOND, says_nothing};
use crate::name::HostName;
use crate::source::CaptureTime;

/// The answers of query logs: (client, server address) → names that were asked, and when.
///
/// Every list is in the order of time once [`DnsLog::settle`] was called.
#[derive(Debug, Default)]
pub struct DnsLog {
    answers: HashMap<(IpAddr, IpAddr), Vec<Logged>, RandomState>,
    kept: usize,
}

/// One answer of a log.
#[derive(Debug)]
struct Logged {
    at: CaptureTime,
    until: CaptureTime,
    name: HostName,
    chain: Box<[HostName]>,
}

/// How the times of lines are to be read that state no zone or no year.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The zone of the resolver's clock.
    pub zone: TimeZone,
    /// The year of the first line.
    pub year: Option<i16>,
}

/// Why a log cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DnsLogError {
    /// The file cannot be read further.
    #[error("line {line}: cannot be read: {source}")]
    Unreadable {
        /// From 1.
        line: u64,
        /// Why.
        source: io::Error,
    },
    /// A line is longer than [`DnsLog::LONGEST_LINE`].
    #[error("line {line}: longer than {} octets", DnsLog::LONGEST_LINE)]
    TooLong {
        /// From 1.
        line: u64,
    },
    /// A line is not what it should be.
    #[error("line {line}: {what}")]
    Wrong {
        /// From 1.
        line: u64,
        /// What is wrong.
        what: LogFault,
    },
    /// There are more answers than [`DnsLog::MOST_ANSWERS`].
    #[error(
        "line {line}: more than {} answers; cut the log to the time of the capture",
        DnsLog::MOST_ANSWERS
    )]
    TooMany {
        /// From 1.
        line: u64,
    },
    /// No line is a resolver's.
    #[error("neither a query log of AdGuard Home nor of dnsmasq (Pi-hole) with log-queries")]
    Unknown,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogFault {
    /// No JSON object with the fields of `AdGuard` Home.
    #[error("not an entry of AdGuard Home's query log (T, IP and Answer)")]
    Entry,
    /// The time.
    #[error("its time cannot be read")]
    Time,
    /// The time has no year, and none was given.
    #[error("its time has no year; add --dns-log-year YEAR")]
    NoYear,
    /// The client's address.
    #[error("the client is no address")]
    Client,
    /// The answer.
    #[error("the answer is no DNS message in base64")]
    Answer,
}

/// What a reader gives to be kept.
struct Told<'a> {
    client: IpAddr,
    address: IpAddr,
    at: CaptureTime,
    ttl: u32,
    name: &'a HostName,
    chain: &'a [HostName],
}

impl DnsLog {
    /// Octets of a line at most: an answer of 64 KiB in base64, and the fields around it.
    pub const LONGEST_LINE: usize = 256 << 10;
    /// Answers of all logs at most, about 150 octets each.
    pub const MOST_ANSWERS: usize = 4 << 20;

    /// Whether there is no answer.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// Takes the answers of one log. A last line without an end may be one that is being written:
    /// it is left out.
    ///
    /// # Errors
    ///
    /// Stops at the first line that cannot be read; what stood before it stays.
    pub fn read(&mut self, log: impl BufRead, calendar: &Calendar) -> Result<(), DnsLogError> {
        let mut lines = Lines { log, line: Vec::new(), number: 0 };
        let mut dnsmasq = dnsmasq::Reader::new(calendar);
        let mut form = None;
        while let Some((number, line)) = lines.next()? {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let is_json = *form.get_or_insert_with(|| line.trim_ascii_start().starts_with(b"{"));
            let mut keep = |told: Told<'_>| self.keep(&told);
            let read = if is_json {
                adguard::entry(line, &mut keep)
            } else {
                dnsmasq.line(line, &mut keep)
            };
            read.map_err(|what| DnsLogError::Wrong { line: number, what })?;
            if self.kept > Self::MOST_ANSWERS {
                return Err(DnsLogError::TooMany { line: number });
            }
        }
        if form != Some(true) && !dnsmasq.is_a_log() {
            return Err(DnsLogError::Unknown);
        }
        self.settle();
        Ok(())
    }

    fn keep(&mut self, told: &Told<'_>) {
        if says_nothing(told.name, told.address) || told.address.is_unspecified() {
            return;
        }
        let until = told.at.plus(u64::from(told.ttl.max(LIFETIME)) * SECOND);
        let logged =
            Logged { at: told.at, until, name: told.name.clone(), chain: told.chain.into() };
        self.answers.entry((told.client, told.address)).or_default().push(logged);
        self.kept += 1;
    }

    /// Puts every list in the order of time; lines of the same time keep theirs.
    fn settle(&mut self) {
        for list in self.answers.values_mut() {
            list.sort_by_key(|logged| logged.at);
        }
    }

    /// The most recent name by which `client` got the address of `server` before `at`, by the
    /// rules of [`AnswerTable::resolve`](super::AnswerTable::resolve).
    pub fn resolve(&self, client: IpAddr, server: IpAddr, at: CaptureTime) -> Option<Resolution> {
        let list = self.answers.get(&(client, server))?;
        let before = list.get(..list.partition_point(|logged| logged.at <= at))?;
        let mut valid = before.iter().rev().take(LOOKED_AT).filter(|logged| at <= logged.until);
        let best = valid.next()?;
        Some(Resolution {
            name: best.name.clone(),
            chain: best.chain.clone(),
            time: best.at,
            ambiguous: valid.any(|logged| logged.name != best.name),
        })
    }
}

/// The lines of a log, each in bounds.
struct Lines<R> {
    log: R,
    line: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// The next line that has an end, with its number from 1.
    fn next(&mut self) -> Result<Option<(u64, &[u8])>, DnsLogError> {
        self.line.clear();
        self.number += 1;
        let line = self.number;
        let most = DnsLog::LONGEST_LINE as u64 + 1;
        let mut part = (&mut self.log).take(most);
        let read = part.read_until(b'\n', &mut self.line);
        read.map_err(|source| DnsLogError::Unreadable { line, source })?;
        match self.line.last() {
            Some(b'\n') => Ok(Some((line, &self.line))),
            Some(_) if self.line.len() > DnsLog::LONGEST_LINE => Err(DnsLogError::TooLong { line }),
            _ => Ok(None),
        }
    }
}

/// What was said last: by the capture or by a log. Names that differ make it ambiguous.
pub fn newest_resolution(
    seen: Option<Resolution>,
    logged: Option<Resolution>,
) -> Option<Resolution> {
    let (Some(seen), Some(logged)) = (&seen, &logged) else { return seen.or(logged) };
    let differ = seen.name != logged.name;
    let mut best = if logged.time > seen.time { logged.clone() } else { seen.clone() };
    best.ambiguous = seen.ambiguous || logged.ambiguous || differ;
    Some(best)
}

#[cfg(test)]
mod tests;
