//! `vigie view`: captures on the terminal's screen, from the first frames on.

use std::io::{self, IsTerminal, Write};
use std::mem;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::anyhow;
use clap::Args;
use ipnet::IpNet;
use jiff::tz::TimeZone;

use super::args::{ColorChoice, CommonArguments, SandboxArguments, SignatureArguments};
use super::assignments::{self, AssignmentArguments};
use super::bundles::Bundles;
use super::config::Defaults;
use super::outcome::{Outcome, Refusal};
use super::report::{NamedFiles, Recorded, files};
use super::screen::Look;
use super::view_beside::{Leaving, beside};
use super::view_feed::ViewFeed;
use super::view_frames::ViewFrames;
use super::{devices, plan, sandbox, screen, signatures, value, warning};
use crate::export::escape;
use crate::flow::HomeNet;
use crate::language::Language;
use crate::ledger::{Mask, Recorder, Watch, Watcher};
use crate::pipeline::{self, Discard, IdleLimits, Options, Run, VlanUse};
use crate::privilege::{self, State};
use crate::signature::Database;
use crate::source::{self, StreamPlan};
use crate::tui::{self, Ground, Settings, Status};

/// `vigie view`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that was typed or not")]
#[derive(Debug, Args)]
#[command(after_help = "Keys: ? help, / filter, Enter open, P picture, E evidence, q quit.")]
pub(super) struct ViewArguments {
    /// Captures (pcap or pcapng; plain, gzip, zstd or lz4), folders of them, or - for standard
    /// input
    #[arg(value_name = "CAPTURE", required = true)]
    captures: Vec<PathBuf>,
    /// Show only flows for which this is true; / changes it
    #[arg(long, value_name = "EXPR")]
    filter: Option<String>,
    /// Hide clients, hosts or all; p turns it on and off [default: none]
    #[arg(long, value_name = "WHAT", value_parser = screen::mask)]
    mask: Option<Mask>,
    /// What pictures hide at least, besides what the screen does: none, clients, hosts or all
    /// [default: clients]
    #[arg(long, value_name = "WHAT", value_parser = screen::mask)]
    picture_mask: Option<Mask>,
    /// Language of the screen: en, fr or de [default: that of the locale]
    #[arg(long, value_name = "LANG", value_parser = screen::language)]
    lang: Option<Language>,
    /// Colours for a dark or a light ground [default: dark]
    #[arg(long, value_name = "GROUND", value_parser = screen::ground)]
    theme: Option<Ground>,
    /// Replay from the start, this many capture seconds in a second
    #[arg(long, value_name = "FACTOR", value_parser = speed)]
    speed: Option<f64>,
    /// Print lines instead of the screen: for screen readers and logs
    #[arg(long)]
    plain: bool,
    /// Leave the mouse to the terminal
    #[arg(long)]
    no_mouse: bool,
    /// Time zone of times: a name such as Europe/Paris, or +01:00 [default: UTC]
    #[arg(long, value_name = "ZONE", value_parser = value::zone)]
    tz: Option<TimeZone>,
    #[command(flatten)]
    signatures: SignatureArguments,
    /// Addresses in this network are clients where nothing better tells
    #[arg(long, value_name = "CIDR", value_parser = value::home_net)]
    home_net: Vec<IpNet>,
    /// Names for client addresses and MACs (TOML)
    #[arg(long, value_name = "FILE")]
    devices: Option<PathBuf>,
    /// Read all captures as one, in the order of time
    #[arg(long)]
    join: bool,
    /// Read this many streams side by side [default: processor cores]
    #[arg(long, value_name = "N", value_parser = value::number)]
    jobs: Option<NonZeroUsize>,
    /// Silence that ends a flow: 10m for all, or tcp=1h,other=5m,closed=1m
    #[arg(long, value_name = "LIMITS", value_parser = value::idle)]
    idle: Option<IdleLimits>,
    /// State the SHA-256 of every input under pictures
    #[arg(long)]
    hash: bool,
    #[command(flatten)]
    registers: AssignmentArguments,
    #[command(flatten)]
    sandbox: SandboxArguments,
}

fn speed(text: &str) -> Result<f64, String> {
    let wrong = || format!("`{text}` is not a speed; write it as 1, 10 or 0.5");
    let speed: f64 = text.parse().map_err(|_| wrong())?;
    if speed.is_finite() && speed > 0.0 { Ok(speed) } else { Err(wrong()) }
}

/// What the screen is to show.
struct ViewPlan {
    found: source::Found,
    join: bool,
    sandbox: SandboxArguments,
    options: Options,
    recorded: Recorded,
    database: Database,
    settings: Settings,
    plain: bool,
}

/// Shows the captures.
pub(super) fn run(
    typed: ViewArguments,
    common: &CommonArguments,
    out: &mut (dyn Write + Send),
) -> Result<Outcome, Refusal> {
    if !typed.plain && !io::stdout().is_terminal() {
        let message = "view: no terminal to draw on; use --plain for lines, or vigie analyze";
        return Err(Refusal::usage(anyhow!(message)));
    }
    let mut plan = resolve(typed, common)?;
    let (state, writable) = give_up(&plan)?;
    let captures = mem::take(&mut plan.found).plan(plan.join);
    warning::of_plan(&captures);
    let streams = &captures.streams;
    if streams.is_empty() {
        return Ok(Outcome::NothingDone);
    }
    let watch = Arc::new(Watch::new(Watch::FEW));
    let run = Run { watch: Some(Arc::clone(&watch)), ..Run::default() };
    let size = StreamPlan::size_of_all(streams);
    let frames = ViewFrames::new(streams, &plan.options, &plan.database, ".".into());
    let folder = writable.then(|| PathBuf::from("."));
    let bundles = Bundles::new(&plan.options, &plan.database, &plan.recorded, folder);
    let sandbox = Some(screen::sandbox(state.as_ref(), plan.settings.language));
    let status = Status { source: source_of(streams), sandbox, ..Status::default() };
    let feed = ViewFeed::new(&run, (&frames, &bundles, streams), status, size);
    let recorder = Recorder {
        database: &plan.database,
        devices: &plan.options.devices,
        assignments: &plan.options.assignments,
    };
    let read = || pipeline::run(streams, &plan.options, &plan.database, &Discard, &run);
    let screen = || {
        let _leaving = Leaving(&frames, &bundles, &run);
        let started = Instant::now();
        tui::run(&feed, &plan.database, plan.settings.clone(), &|| started.elapsed())
    };
    let watcher = Watcher::new(watch, recorder);
    let shown = || if plan.plain { Ok(None) } else { screen().map(Some) };
    let (snapshot, shown) = beside(&feed, (&frames, &bundles), watcher, read, shown)?;
    if plan.plain {
        tui::plain(&feed, &plan.database, &plan.settings, out)?;
    }
    if let Some(shown) = shown {
        writeln!(out, "{}", shown.summary)?;
        for text in &shown.said {
            writeln!(out, "{text}")?;
        }
    }
    // What came of a key that was typed just before the end.
    if let Some(written) = frames.done() {
        writeln!(out, "{}", escape(&written.text(plan.settings.language)))?;
    }
    if let Some(made) = bundles.done() {
        writeln!(out, "{}", escape(&made.text(plan.settings.language)))?;
    }
    let stale_days = signatures::stale_days(&plan.database);
    warning::of_snapshot(&snapshot, false, stale_days);
    if snapshot.captures.iter().all(|capture| capture.failed.is_some()) {
        return Ok(Outcome::NothingDone);
    }
    let whole = captures.errors.is_empty()
        && !snapshot.captures.iter().any(source::CaptureAccount::is_damaged)
        && snapshot.balance.holds();
    Ok(if whole { Outcome::Done } else { Outcome::Incomplete })
}

/// Gives up rights as `analyze` does, before the first octet of a capture is looked at: captures
/// can be read, and files be made in the present folder where that may be written to; nothing is
/// left of the network. Gives what is in force, and whether files can be made.
fn give_up(plan: &ViewPlan) -> Result<(Option<State>, bool), Refusal> {
    let screen = !plan.plain;
    if screen {
        tui::prepare()?;
    }
    let folder = PathBuf::from(".");
    let is_used = screen && sandbox::may_write(plan.sandbox, &folder)?;
    let rights = privilege::Plan {
        read: plan.found.reached().to_vec(),
        write: if is_used { vec![folder] } else { Vec::new() },
        screen,
        ..privilege::Plan::default()
    };
    Ok((sandbox::enforce(&rights, plan.sandbox, sandbox::Lacks::ToWhoAsks)?, is_used))
}

/// What the screen calls the input.
fn source_of(streams: &[StreamPlan]) -> String {
    let mut inputs = streams.iter().flat_map(|stream| &stream.captures);
    let name = |input: &source::Input| match input {
        source::Input::File(path)
        | source::Input::Open(path, _)
        | source::Input::Part(path, ..) => {
            path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
        }
        source::Input::Stdin => "-".to_owned(),
    };
    let first = inputs.next().map(name).unwrap_or_default();
    match inputs.count() {
        0 => first,
        more => format!("{first} + {more}"),
    }
}

fn resolve(typed: ViewArguments, common: &CommonArguments) -> Result<ViewPlan, Refusal> {
    if typed.captures.iter().filter(|path| *path == Path::new("-")).count() > 1 {
        return Err(Refusal::usage(anyhow!("view: standard input (-) can be read only once")));
    }
    let defaults = Defaults::load(common).map_err(Refusal::impossible)?;
    let text = typed.filter.as_ref().or(defaults.filter.as_ref());
    let named = |text: &String| -> Result<_, Refusal> { Ok((text.clone(), plan::filter(text)?)) };
    let filter = text.map(named).transpose()?;
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
    let color = common.color.or(defaults.color).unwrap_or(ColorChoice::Auto);
    let zone = typed.tz.or_else(|| defaults.tz.clone()).unwrap_or(TimeZone::UTC);
    let (mask, picture_mask, lang, theme) =
        (typed.mask, typed.picture_mask, typed.lang, typed.theme);
    let look = Look { mask, picture_mask, lang, theme };
    let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    Ok(ViewPlan {
        found: source::find(&typed.captures, sandbox::keep_open(typed.sandbox)),
        join: typed.join || defaults.join,
        recorded: Recorded {
            join: typed.join || defaults.join,
            filter: None,
            home_nets: home_net.clone(),
            files,
            own_domains: defaults.mask_domain.clone(),
        },
        sandbox: typed.sandbox,
        options: Options {
            home_net: HomeNet::new(home_net),
            devices,
            assignments,
            idle: typed.idle.or(defaults.idle).unwrap_or_default(),
            vlans: if defaults.ignore_vlan { VlanUse::Ignore } else { VlanUse::Distinguish },
            max_flows: defaults.max_flows.map(NonZeroUsize::get),
            hash: typed.hash || defaults.hash,
            jobs: typed.jobs.or(defaults.jobs).map_or_else(cores, NonZeroUsize::get),
            ..Options::default()
        },
        database,
        settings: Settings {
            speed: typed.speed,
            mouse: !typed.no_mouse,
            ..look.settings(&defaults, color, filter, zone)
        },
        plain: typed.plain,
    })
}
