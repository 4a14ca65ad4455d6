//! What was typed and what the configuration says, checked and resolved.

use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::anyhow;
use ipnet::IpNet;
use jiff::tz::TimeZone;

use super::args::{
    AnalyzeArguments, ColorChoice, CommonArguments, CountingArguments, Format, SandboxArguments,
};
use super::config::Defaults;
use super::outcome::Refusal;
use super::text::{CLIENTS, PURPOSES, Palette, Precision};
use super::{assignments, devices, dns_log, sandbox, signatures, value};
use crate::filter::Filter;
use crate::flow::HomeNet;
use crate::ledger::Dimension;
use crate::name::Calendar;
use crate::pipeline::{DuplicateUse, Options, VlanUse};
use crate::signature::Database;
use crate::source::{self, CaptureTime};

/// What `vigie analyze` is to do.
#[derive(Debug)]
pub(super) struct AnalyzePlan {
    /// What to read, and how to count it.
    pub(super) counting: CountingPlan,
    /// The form of the output.
    pub(super) format: Format,
    /// The tables asked for.
    pub(super) by: Vec<Vec<Dimension>>,
    /// How exact text is.
    pub(super) precision: Precision,
    /// Colours of text.
    pub(super) palette: Palette,
    /// Whether progress may be shown.
    pub(super) progress: bool,
}

/// Captures that have ended, and how to count them.
#[derive(Debug)]
pub(super) struct CountingPlan {
    /// What to read: found, not looked into.
    pub(super) found: source::Found,
    /// Whether all captures are read as one.
    pub(super) join: bool,
    /// How rights are given up before.
    pub(super) sandbox: SandboxArguments,
    /// How to count it.
    pub(super) options: Options,
    /// The signatures in force.
    pub(super) database: Database,
    /// The home networks.
    pub(super) home_nets: Vec<IpNet>,
    /// The filter as written.
    pub(super) filter: Option<String>,
    /// The zone of times in text.
    pub(super) zone: TimeZone,
}

impl AnalyzePlan {
    /// Checks and resolves. What needs no file is checked first.
    pub(super) fn resolve(
        typed: AnalyzeArguments,
        common: &CommonArguments,
    ) -> Result<Self, Refusal> {
        check_captures("analyze", &typed.input.captures)?;
        let defaults = Defaults::load(common).map_err(Refusal::impossible)?;
        let by = by(&typed, &defaults)?;
        let exact = typed.exact || defaults.exact;
        let color = common.color.or(defaults.color).unwrap_or(ColorChoice::Auto);
        let mut counting = CountingPlan::resolve(&typed.input.captures, typed.counting, &defaults)?;
        counting.options.rollups = rollups(typed.format, &by);
        counting.options.hash = typed.hash || defaults.hash;
        Ok(Self {
            counting,
            format: typed.format,
            by,
            precision: if exact { Precision::Exact } else { Precision::Rounded },
            palette: Palette::of(color),
            progress: !common.quiet && common.verbose == 0,
        })
    }
}

impl CountingPlan {
    /// Checks and resolves; without roll-ups and hashes.
    pub(super) fn resolve(
        captures: &[PathBuf],
        typed: CountingArguments,
        defaults: &Defaults,
    ) -> Result<Self, Refusal> {
        let zone = typed.tz.or_else(|| defaults.tz.clone()).unwrap_or(TimeZone::UTC);
        let (from, to) = interval(typed.from.as_deref(), typed.to.as_deref(), &zone)?;
        let text = typed.filter.as_ref().or(defaults.filter.as_ref());
        let filter = text.map(|text| filter(text)).transpose()?;
        let database = signatures::load(&typed.signatures, defaults)?;
        let devices = devices::chosen(typed.devices.as_deref(), defaults)?;
        let assignments = Arc::new(assignments::load(&typed.registers, defaults)?);
        let calendar = Calendar { zone: zone.clone(), year: typed.dns_log_year };
        let dns_log = dns_log::load(&typed.dns_log, &calendar).map_err(Refusal::impossible)?;
        let dns_log = Arc::new(dns_log);
        let home_nets = value::home_nets(&typed.home_net, &defaults.home_net);
        let ignore_vlan = typed.ignore_vlan || defaults.ignore_vlan;
        Ok(Self {
            found: source::find(captures, sandbox::keep_open(typed.sandbox)),
            join: typed.join || defaults.join,
            sandbox: typed.sandbox,
            options: Options {
                home_net: HomeNet::new(home_nets.clone()),
                devices,
                assignments,
                from,
                to,
                idle: typed.idle.or(defaults.idle).unwrap_or_default(),
                vlans: if ignore_vlan { VlanUse::Ignore } else { VlanUse::Distinguish },
                dns_log,
                duplicates: if typed.dedup || defaults.dedup {
                    DuplicateUse::SetAside
                } else {
                    DuplicateUse::Count
                },
                max_flows: typed.max_flows.or(defaults.max_flows).map(NonZeroUsize::get),
                max_rows: None,
                rollups: Vec::new(),
                of_tagged: Vec::new(),
                filter,
                hash: false,
                jobs: typed.jobs.or(defaults.jobs).map_or_else(cores, NonZeroUsize::get),
            },
            database,
            home_nets,
            filter: text.cloned(),
            zone,
        })
    }
}

/// Refuses a command line without captures, and standard input twice.
pub(super) fn check_captures(command: &str, captures: &[PathBuf]) -> Result<(), Refusal> {
    if captures.is_empty() {
        let message = if io::stdin().is_terminal() {
            format!("{command}: no capture given; name files or folders, or - for standard input")
        } else {
            format!("{command}: no capture given; to read standard input, use -: vigie {command} -")
        };
        return Err(Refusal::usage(anyhow!(message)));
    }
    if captures.iter().filter(|path| *path == Path::new("-")).count() > 1 {
        return Err(Refusal::usage(anyhow!("{command}: standard input (-) can be read only once")));
    }
    Ok(())
}

/// The tables asked for, each once.
fn by(typed: &AnalyzeArguments, defaults: &Defaults) -> Result<Vec<Vec<Dimension>>, Refusal> {
    let texts = if typed.by.is_empty() { &defaults.by } else { &typed.by };
    let mut tables: Vec<Vec<Dimension>> = Vec::new();
    for text in texts {
        let dimensions = value::dimensions(text)
            .map_err(|message| Refusal::usage(anyhow!("--by: {message}")))?;
        if !tables.contains(&dimensions) {
            tables.push(dimensions);
        }
    }
    match (typed.format, tables.len()) {
        (Format::Csv, 0) => tables.push(vec![Dimension::Signature]),
        (Format::Csv | Format::Json, 2..) => {
            let message = "--by: this format holds one table; give --by once, or --format text";
            return Err(Refusal::usage(anyhow!(message)));
        }
        (Format::Ndjson, 1..) => {
            tracing::warn!("--by has no effect on ndjson, which lists flows; use json or csv");
            tables.clear();
        }
        _ => {}
    }
    Ok(tables)
}

/// The roll-ups that an output needs.
pub(super) fn rollups(format: Format, by: &[Vec<Dimension>]) -> Vec<Vec<Dimension>> {
    let mut rollups = by.to_vec();
    if format == Format::Text {
        let more: &[&[Dimension]] =
            if by.is_empty() { &[&PURPOSES, &CLIENTS] } else { &[&CLIENTS] };
        for dimensions in more {
            if !rollups.iter().any(|r| r == dimensions) {
                rollups.push(dimensions.to_vec());
            }
        }
    }
    rollups
}

/// The times between which frames count.
fn interval(
    from: Option<&str>,
    to: Option<&str>,
    zone: &TimeZone,
) -> Result<(Option<CaptureTime>, Option<CaptureTime>), Refusal> {
    let time = |option: &str, text: Option<&str>| {
        text.map(|text| value::time(text, zone))
            .transpose()
            .map_err(|message| Refusal::usage(anyhow!("{option}: {message}")))
    };
    let (from, to) = (time("--from", from)?, time("--to", to)?);
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        let message = "--to: the end must be later than --from; nothing would be counted";
        return Err(Refusal::usage(anyhow!(message)));
    }
    Ok((from, to))
}

/// The filter; a fault is shown under the expression.
pub(super) fn filter(text: &str) -> Result<Filter, Refusal> {
    Filter::parse(text).map_err(|error| {
        let place = error.at + 1;
        Refusal::usage(anyhow!("--filter: character {place}:\n{}", error.render(text)))
    })
}

/// Processor cores that may be used.
pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Arguments, Command};

    fn resolve(arguments: &[&str]) -> Result<AnalyzePlan, String> {
        let typed = ["vigie", "--no-config", "analyze"].iter().chain(arguments);
        let typed = Arguments::try_parse_from(typed).map_err(|e| e.to_string())?;
        let Some(Command::Analyze(analyze)) = typed.command else { panic!("another command") };
        AnalyzePlan::resolve(*analyze, &typed.common).map_err(|e| e.cause().to_string())
    }

    #[test]
    fn what_was_not_typed_has_the_stated_defaults() {
        let plan = resolve(&["Cargo.toml"]).unwrap();
        let home = |text: &str| plan.counting.options.home_net.contains(text.parse().unwrap());
        assert!(home("192.168.1.1") && home("fe80::1") && !home("192.0.2.1"));
        assert_eq!(plan.counting.options.idle.tcp.as_secs(), 3600);
        assert_eq!(plan.counting.options.vlans, VlanUse::Distinguish);
        assert_eq!(plan.counting.options.rollups, [PURPOSES.to_vec(), CLIENTS.to_vec()]);
        assert!(plan.counting.options.jobs > 0 && !plan.counting.options.hash);
        assert_eq!(plan.counting.zone, TimeZone::UTC);
    }

    #[test]
    fn a_home_net_replaces_the_default_ranges() {
        let plan = resolve(&["x", "--home-net", "198.51.100.0/24"]).unwrap();
        let home = |text: &str| plan.counting.options.home_net.contains(text.parse().unwrap());
        assert!(home("198.51.100.7") && !home("192.168.1.1"));
    }

    #[test]
    fn tables_are_made_once_each_and_csv_has_one() {
        let plan = resolve(&["x", "--by", "vendor,client", "--by", "vendor,client"]).unwrap();
        assert_eq!(plan.by, [[Dimension::Vendor, Dimension::Client]]);
        assert_eq!(plan.counting.options.rollups.len(), 2);
        let csv = resolve(&["x", "--format", "csv"]).unwrap();
        assert_eq!(csv.counting.options.rollups, [[Dimension::Signature]]);
        let two = resolve(&["x", "--format", "csv", "--by", "vendor", "--by", "client"]);
        assert!(two.unwrap_err().contains("holds one table"));
    }

    #[test]
    fn what_makes_no_sense_is_refused_before_any_file_is_read() {
        let refusal = |arguments: &[&str]| resolve(arguments).unwrap_err();
        assert!(refusal(&[]).contains("no capture given"));
        assert!(refusal(&["-", "-"]).contains("only once"));
        assert!(refusal(&["x", "--by", "catgory"]).contains("did you mean `category`?"));
        assert!(refusal(&["x", "--from", "soon"]).starts_with("--from: `soon` is not a time"));
        assert!(refusal(&["x", "--from", "2026-02-01", "--to", "2026-01-01"]).contains("later"));
        assert!(refusal(&["x", "--only-signatures"]).contains("--signatures DIR"));
        assert!(refusal(&["x", "--filter", "nmae = x"]).starts_with("--filter: character 1:"));
        assert!(refusal(&["x", "--jobs", "0"]).contains("--jobs"));
    }
}
