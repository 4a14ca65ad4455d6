//! What `vigie live` is to do, checked and resolved.

use std::io::{self, IsTerminal};
#[cfg(target_os = "linux")]
use std::num::NonZeroU32;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;
use jiff::Timestamp;
use jiff::tz::TimeZone;

#[cfg(target_os = "linux")]
use super::args::LiveBackend;
use super::args::{LiveArguments, LiveFormat};
use crate::cli::args::{ColorChoice, CommonArguments, Format, SandboxArguments};
use crate::cli::config::Defaults;
use crate::cli::outcome::Refusal;
use crate::cli::report::{NamedFiles, Recorded, files};
use crate::cli::screen::Look;
use crate::cli::text::{Palette, Precision};
use crate::cli::{assignments, devices, plan, signatures, value};
use crate::export::{Keep, Keeping, WriteOptions};
use crate::flow::HomeNet;
use crate::ledger::Dimension;
use crate::pipeline::{Options, Session, VlanUse};
use crate::signature::Database;
#[cfg(target_os = "linux")]
use crate::source::live::{Backend, BpfProgram, InterfaceChoice, LiveOptions};
use crate::source::{CaptureTime, Input, Reading, StreamPlan};
use crate::tui::Settings;

/// Live flows at a time unless told otherwise: with names about 250 MB.
const FLOWS_KEPT: usize = 500_000;
/// Rows of each roll-up unless told otherwise: about 20 MB.
const ROWS_KEPT: usize = 100_000;

/// What `vigie live` is to do.
#[derive(Debug)]
pub(in crate::cli) struct LivePlan {
    /// What is read.
    pub(super) source: Source,
    /// When it ends, and how often it is looked at.
    pub(super) session: Session,
    /// What is written, if anything is.
    pub(super) write: Option<WriteOptions>,
    /// How it is counted.
    pub(super) options: Options,
    /// What a bundle's record states of that.
    pub(super) recorded: Recorded,
    /// Flows kept at a time when files of the session are read again: as many as there are,
    /// unless somebody said otherwise.
    pub(super) flows_again: Option<usize>,
    /// The signatures in force.
    pub(super) database: Database,
    /// The form of the output.
    pub(super) format: LiveFormat,
    /// The tables asked for.
    pub(super) by: Vec<Vec<Dimension>>,
    /// The filter as written.
    pub(super) filter: Option<String>,
    /// The zone of times in text.
    pub(super) zone: TimeZone,
    /// How exact text is.
    pub(super) precision: Precision,
    /// Colours of text.
    pub(super) palette: Palette,
    /// Whether the duties of whoever captures are said on first use.
    pub(super) duties: bool,
    /// How rights are given up.
    pub(super) sandbox: SandboxArguments,
    /// How the screen looks, where there is one.
    pub(super) screen: Option<Settings>,
}

/// What is read.
#[derive(Debug)]
pub(super) enum Source {
    /// A capture that is being written.
    Stream(StreamPlan),
    /// Interfaces.
    #[cfg(target_os = "linux")]
    Interfaces(LiveOptions),
}

impl Source {
    /// What the screen calls it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Stream(stream) => {
                let paths = stream.captures.iter().map(|input| match input.path() {
                    Some(path) => path.display().to_string(),
                    None => "-".to_owned(),
                });
                paths.collect::<Vec<_>>().join(", ")
            }
            #[cfg(target_os = "linux")]
            Self::Interfaces(options) => {
                let names = options.interfaces.iter().map(|choice| match choice {
                    InterfaceChoice::Any => "any",
                    InterfaceChoice::Name(name) => name,
                });
                names.collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// Whether it has no end of its own.
    pub(super) fn is_endless(&self) -> bool {
        !matches!(self, Self::Stream(_))
    }
}

impl LivePlan {
    /// Checks and resolves. What needs no file is checked first.
    pub(in crate::cli) fn resolve(
        typed: &LiveArguments,
        common: &CommonArguments,
    ) -> Result<Self, Refusal> {
        let source = source(typed)?;
        let on_screen = !typed.headless && io::stdout().is_terminal();
        if on_screen {
            screen_can_be(typed)?;
        }
        let defaults = Defaults::load(common).map_err(Refusal::impossible)?;
        let by = by(typed, &defaults)?;
        let zone = typed.tz.clone().or_else(|| defaults.tz.clone()).unwrap_or(TimeZone::UTC);
        let started = now();
        let session = session(typed, &zone, started)?;
        let text = typed.filter.as_ref().or(defaults.filter.as_ref());
        let mut filter = text.map(|text| plan::filter(text)).transpose()?;
        let color = common.color.or(defaults.color).unwrap_or(ColorChoice::Auto);
        let screen = on_screen.then(|| {
            // The screen filters what it shows, and can be told another filter.
            let filter = text.cloned().zip(filter.take());
            let look = Look {
                mask: typed.mask,
                picture_mask: typed.picture_mask,
                lang: typed.lang,
                theme: typed.theme,
            };
            let look = look.settings(&defaults, color, filter, zone.clone());
            Settings { mouse: !typed.no_mouse, can_hash: false, ..look }
        });
        let database = signatures::load(&typed.signatures, &defaults)?;
        let devices = devices::chosen(typed.devices.as_deref(), &defaults)?;
        let named = NamedFiles {
            signatures: &typed.signatures,
            devices: typed.devices.as_ref(),
            dns_log: &[],
            registers: &typed.registers,
        };
        let files = files(named, &defaults);
        let assignments = Arc::new(assignments::load(&typed.registers, &defaults)?);
        let home_net = value::home_nets(&typed.home_net, &defaults.home_net);
        let ignore_vlan = typed.ignore_vlan || defaults.ignore_vlan;
        let exact = typed.exact || defaults.exact;
        let most = |typed: Option<NonZeroUsize>, default: Option<NonZeroUsize>, usual| {
            Some(typed.or(default).map_or(usual, NonZeroUsize::get))
        };
        let tables = match typed.format {
            LiveFormat::Text => Format::Text,
            LiveFormat::Ndjson => Format::Ndjson,
        };
        Ok(Self {
            source,
            session,
            write: write(typed, started),
            recorded: Recorded {
                home_nets: home_net.clone(),
                files,
                own_domains: defaults.mask_domain.clone(),
                ..Recorded::default()
            },
            flows_again: typed.max_flows.or(defaults.max_flows).map(NonZeroUsize::get),
            options: Options {
                home_net: HomeNet::new(home_net),
                devices,
                assignments,
                idle: typed.idle.or(defaults.idle).unwrap_or_default(),
                vlans: if ignore_vlan { VlanUse::Ignore } else { VlanUse::Distinguish },
                max_flows: most(typed.max_flows, defaults.max_flows, FLOWS_KEPT),
                max_rows: most(typed.max_rows, defaults.max_rows, ROWS_KEPT),
                rollups: plan::rollups(tables, &by),
                filter,
                ..Options::default()
            },
            database,
            format: typed.format,
            by,
            filter: text.cloned(),
            zone,
            precision: if exact { Precision::Exact } else { Precision::Rounded },
            palette: Palette::of(color),
            duties: defaults.duties_notice.unwrap_or(true) && !common.quiet,
            sandbox: typed.sandbox,
            screen,
        })
    }
}

impl LivePlan {
    /// How files of the session are counted when they are read again, as a report would.
    pub(super) fn again(&self) -> Options {
        Options {
            max_flows: self.flows_again,
            max_rows: None,
            filter: None,
            ..self.options.clone()
        }
    }
}

/// Whether what was typed fits a screen.
fn screen_can_be(typed: &LiveArguments) -> Result<(), Refusal> {
    if typed.format != LiveFormat::Text {
        let message = "live: the screen shows no records; give --headless, or send the output on";
        return Err(Refusal::usage(anyhow!(message)));
    }
    if !io::stdin().is_terminal() {
        let message = "live: standard input is no terminal, so the screen would have no keys; \
                       give --headless, or read a FIFO";
        return Err(Refusal::usage(anyhow!(message)));
    }
    if typed.threads.is_some_and(|threads| threads.get() > 1) {
        let message = "live: --threads: the screen follows one thread that counts; give \
                       --headless, or leave out --threads";
        return Err(Refusal::usage(anyhow!(message)));
    }
    if typed.every.is_some() || !typed.by.is_empty() || typed.exact {
        tracing::warn!("--every, --by and --exact have no effect on the screen");
    }
    Ok(())
}

fn source(typed: &LiveArguments) -> Result<Source, Refusal> {
    let input = match &typed.read {
        Some(path) if path == Path::new("-") => Some(Input::Stdin),
        Some(path) => Some(Input::File(path.clone())),
        None => None,
    };
    if let Some(input) = input {
        let captures = vec![input];
        return Ok(Source::Stream(StreamPlan { captures, reading: Reading::InTurn }));
    }
    if typed.interface.is_empty() {
        let message = "live: nothing to read; give -i IFACE, -r - for standard input, or -r FIFO";
        return Err(Refusal::usage(anyhow!(message)));
    }
    interfaces(typed)
}

#[cfg(not(target_os = "linux"))]
fn interfaces(_: &LiveArguments) -> Result<Source, Refusal> {
    let message = "live: capture from interfaces is for Linux alone so far; there is -r";
    Err(Refusal::impossible(anyhow!(message)))
}

#[cfg(target_os = "linux")]
fn interfaces(typed: &LiveArguments) -> Result<Source, Refusal> {
    let threads = typed.threads.map_or(1, NonZeroUsize::get);
    if threads > 1 {
        refuse_with_threads(typed)?;
    }
    let filter = typed.capture_filter.as_deref().map(BpfProgram::compile).transpose();
    let filter = filter.map_err(|e| Refusal::usage(anyhow!("--capture-filter: {e}")))?;
    let choice = |name: &String| match name.as_str() {
        "any" => InterfaceChoice::Any,
        name => InterfaceChoice::Name(name.to_owned()),
    };
    let ring = typed.ring.map(|octets| usize::try_from(octets).unwrap_or(usize::MAX));
    Ok(Source::Interfaces(LiveOptions {
        interfaces: typed.interface.iter().map(choice).collect(),
        promiscuous: typed.promiscuous,
        snaplen: typed.snaplen.map(NonZeroU32::get),
        ring_octets: ring.unwrap_or(LiveOptions::RING_OCTETS),
        filter,
        backend: match typed.backend {
            LiveBackend::Ring => Backend::Ring,
            LiveBackend::Pnet => Backend::Pnet,
        },
        netns: typed.netns.clone(),
        fanout_threads: threads,
        ..LiveOptions::default()
    }))
}

/// What needs the frames in one order, which several threads do not have.
#[cfg(target_os = "linux")]
fn refuse_with_threads(typed: &LiveArguments) -> Result<(), Refusal> {
    let why = if typed.write.is_some() {
        "--write needs the frames in the order of their times, and several threads have no common \
         one; leave out --threads, or write with dumpcap beside vigie"
    } else if typed.count.is_some() {
        "--count: which frames are the first is not known across threads; leave out --threads, or \
         end by --duration or --until"
    } else if typed.backend == LiveBackend::Pnet {
        "--backend pnet dates frames when they are read, so that threads cannot tell which came \
         first, a DNS answer or the flow that rests on it; leave out --threads, or the back end"
    } else {
        return Ok(());
    };
    Err(Refusal::usage(anyhow!("live: --threads: {why}")))
}

/// The tables of the summary, each once.
fn by(typed: &LiveArguments, defaults: &Defaults) -> Result<Vec<Vec<Dimension>>, Refusal> {
    let mut tables: Vec<Vec<Dimension>> = Vec::new();
    if typed.format == LiveFormat::Ndjson {
        if !typed.by.is_empty() {
            tracing::warn!("--by has no effect on ndjson, which lists flows");
        }
        return Ok(tables);
    }
    for text in if typed.by.is_empty() { &defaults.by } else { &typed.by } {
        let dimensions = value::dimensions(text)
            .map_err(|message| Refusal::usage(anyhow!("--by: {message}")))?;
        if !tables.contains(&dimensions) {
            tables.push(dimensions);
        }
    }
    Ok(tables)
}

fn session(
    typed: &LiveArguments,
    zone: &TimeZone,
    started: CaptureTime,
) -> Result<Session, Refusal> {
    let until = typed.until.as_deref().map(|text| value::time(text, zone)).transpose();
    let until = until.map_err(|message| Refusal::usage(anyhow!("--until: {message}")))?;
    Ok(Session {
        duration: typed.duration,
        until,
        count: typed.count.map(NonZeroU64::get),
        every: typed.every,
        started,
    })
}

fn write(typed: &LiveArguments, started: CaptureTime) -> Option<WriteOptions> {
    let keeping = match (typed.full_payload, typed.minimise) {
        (true, _) => Keeping::Full,
        (false, true) => Keeping::Tagged,
        (false, false) => Keeping::Headers,
    };
    Some(WriteOptions {
        path: typed.write.clone()?,
        keeping,
        rotation: typed.rotate,
        keep: typed.keep.map(Keep),
        filter: typed.capture_filter.clone(),
        started,
        is_session: true,
    })
}

/// What the machine's clock says.
pub(super) fn now() -> CaptureTime {
    CaptureTime(i64::try_from(Timestamp::now().as_nanosecond()).unwrap_or(i64::MAX))
}
