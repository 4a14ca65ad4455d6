//! dnsmasq's log text (`log-queries`, `log-queries=extra`), which is Pi-hole's `pihole.log`.
//!
//! ```text
//! Nov 27 05:46:22 dnsmasq[123]: query[A] www.example.org from 192.168.1.2
//! Nov 27 05:46:22 dnsmasq[123]: reply www.example.org is <CNAME>
//! Nov 27 05:46:22 dnsmasq[123]: reply edge.example is 192.0.2.1
//! Nov 27 05:46:22 dnsmasq[123]: 7 192.168.1.2/5353 reply edge.example is 192.0.2.1
//! ```
//!
//! The last form, `extra`, says whom an answer is for; otherwise it is for whoever asked for the
//! name within a minute before.

use std::net::IpAddr;

use foldhash::quality::RandomState;
use hashbrown::HashMap;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::super::answers::SECOND;
use super::{Calendar, LogFault, Told};
use crate::name::HostName;
use crate::source::CaptureTime;

/// Reads line after line.
pub(super) struct Reader {
    zone: TimeZone,
    year: Option<i16>,
    /// The month of the line before: January after December is the next year.
    month: i8,
    lines: u64,
    asked: HashMap<HostName, Vec<(IpAddr, CaptureTime)>, RandomState>,
    alias: Option<Alias>,
}

/// An answer that began with a CNAME; its next lines have other names.
struct Alias {
    /// The query's number in `extra`.
    query: Option<u64>,
    asked: HostName,
    chain: Vec<HostName>,
}

/// Names that wait for their answer.
const MOST_ASKED: usize = 65_536;
/// How long they wait.
const PATIENCE: u64 = 60 * SECOND;

/// What a line says, without time and program.
enum Line<'a> {
    Query { name: &'a str, client: &'a str },
    Answer { name: &'a str, value: &'a str },
    Other,
}

impl Reader {
    pub(super) fn new(calendar: &Calendar) -> Self {
        Self {
            zone: calendar.zone.clone(),
            year: calendar.year,
            month: 0,
            lines: 0,
            asked: HashMap::default(),
            alias: None,
        }
    }

    /// Whether a line of dnsmasq's was among those that were read.
    pub(super) fn is_a_log(&self) -> bool {
        self.lines > 0
    }

    /// Reads a line; those of other programs are passed over.
    pub(super) fn line(
        &mut self,
        line: &[u8],
        keep: &mut dyn FnMut(Told<'_>),
    ) -> Result<(), LogFault> {
        let line = String::from_utf8_lossy(line);
        let Some((before, rest)) = line.split_once("dnsmasq[") else { return Ok(()) };
        let Some((_, text)) = rest.split_once("]: ") else { return Ok(()) };
        self.lines += 1;
        let (extra, text) = extra(text.trim());
        let said = said(text);
        if let Line::Other = said {
            self.alias = None;
            return Ok(());
        }
        let at = self.time(before)?;
        match said {
            Line::Query { name, client } => {
                self.alias = None;
                let client = client.parse().map_err(|_| LogFault::Client)?;
                if let Ok(name) = HostName::from_wire(name.as_bytes()) {
                    self.ask(name, client, at);
                }
            }
            Line::Answer { name, value } => self.answer(name, value, extra, at, keep),
            Line::Other => {}
        }
        Ok(())
    }

    fn ask(&mut self, name: HostName, client: IpAddr, at: CaptureTime) {
        if self.asked.len() >= MOST_ASKED {
            self.asked.retain(|_, who| who.iter().any(|(_, t)| at.since(*t) <= PATIENCE));
            if self.asked.len() >= MOST_ASKED {
                self.asked.clear();
            }
        }
        let who = self.asked.entry(name).or_default();
        who.retain(|(other, t)| *other != client && at.since(*t) <= PATIENCE);
        who.push((client, at));
    }

    fn answer(
        &mut self,
        name: &str,
        value: &str,
        extra: Option<(u64, IpAddr)>,
        at: CaptureTime,
        keep: &mut dyn FnMut(Told<'_>),
    ) {
        let Ok(name) = HostName::from_wire(name.as_bytes()) else {
            self.alias = None;
            return;
        };
        let query = extra.map(|(number, _)| number);
        // Without numbers, a name that somebody asked for is taken for that, not for an alias.
        let alias = self.alias.take().filter(|alias| {
            alias.query == query && (query.is_some() || !self.asked.contains_key(&name))
        });
        let (asked, chain) = match alias {
            Some(Alias { asked, mut chain, .. }) => {
                if asked != name && chain.last() != Some(&name) && chain.len() < MOST_LINKS {
                    chain.push(name);
                }
                (asked, chain)
            }
            None => (name, Vec::new()),
        };
        if let Ok(address) = value.parse::<IpAddr>() {
            let mut told = |client| {
                keep(Told { client, address, at, ttl: 0, name: &asked, chain: &chain });
            };
            if let Some((_, client)) = extra {
                told(client);
            } else {
                let who = self.asked.get(&asked).map(Vec::as_slice).unwrap_or_default();
                let waiting = who.iter().filter(|(_, t)| at.since(*t) <= PATIENCE);
                waiting.for_each(|(client, _)| told(*client));
            }
        } else if value != "<CNAME>" {
            return;
        }
        if !chain.is_empty() || value == "<CNAME>" {
            self.alias = Some(Alias { query, asked, chain });
        }
    }

    /// The time in front of a line: RFC 3339, or syslog's without year and zone.
    fn time(&mut self, before: &str) -> Result<CaptureTime, LogFault> {
        let mut words = before.split_ascii_whitespace();
        let first = words.next().ok_or(LogFault::Time)?;
        let timestamp = if first.starts_with(|c: char| c.is_ascii_digit()) {
            first.parse::<Timestamp>().map_err(|_| LogFault::Time)?
        } else {
            let day = words.next().ok_or(LogFault::Time)?;
            let clock = words.next().ok_or(LogFault::Time)?;
            self.without_year(first, day, clock)?.timestamp()
        };
        i64::try_from(timestamp.as_nanosecond()).map(CaptureTime).map_err(|_| LogFault::Time)
    }

    fn without_year(&mut self, month: &str, day: &str, clock: &str) -> Result<Zoned, LogFault> {
        let month = MONTHS.iter().position(|known| *known == month).ok_or(LogFault::Time)?;
        let month = i8::try_from(month + 1).map_err(|_| LogFault::Time)?;
        let year = self.year.ok_or(LogFault::NoYear)?;
        let year = if self.month == 12 && month == 1 { year + 1 } else { year };
        let text = format!("{year:04}-{month:02}-{day:0>2}T{clock}");
        let civil: DateTime = text.parse().map_err(|_| LogFault::Time)?;
        let zoned = civil.to_zoned(self.zone.clone()).map_err(|_| LogFault::Time)?;
        (self.year, self.month) = (Some(year), month);
        Ok(zoned)
    }
}

/// CNAME links that are kept of an answer.
const MOST_LINKS: usize = 16;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Number and client of a query in front of a line, and what follows them.
fn extra(text: &str) -> (Option<(u64, IpAddr)>, &str) {
    let read = || {
        let (number, rest) = text.split_once(' ')?;
        let (client, rest) = rest.split_once(' ')?;
        let (client, _port) = client.rsplit_once('/')?;
        Some(((number.parse().ok()?, client.parse().ok()?), rest))
    };
    read().map_or((None, text), |(extra, rest)| (Some(extra), rest))
}

/// What a line says. An answer comes from another resolver, the cache, the configuration, a hosts
/// file or DHCP.
fn said(text: &str) -> Line<'_> {
    let Some((kind, rest)) = text.split_once(' ') else { return Line::Other };
    if kind.starts_with("query[") {
        return match rest.split_once(" from ") {
            Some((name, client)) => Line::Query { name, client },
            None => Line::Other,
        };
    }
    let answers = matches!(kind, "reply" | "cached" | "cached-stale" | "config" | "DHCP")
        || kind.starts_with('/');
    match rest.split_once(" is ") {
        Some((name, value)) if answers => Line::Answer { name, value: value.trim() },
        _ => Line::Other,
    }
}
