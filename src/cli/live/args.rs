//! What was typed after `vigie live`.

use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use ipnet::IpNet;
use jiff::tz::TimeZone;

use crate::cli::args::{COUNTING, EXIT_STATUS, SandboxArguments, SignatureArguments};
use crate::cli::assignments::AssignmentArguments;
use crate::cli::{screen, value};
use crate::export::Rotation;
use crate::language::Language;
use crate::ledger::Mask;
use crate::pipeline::IdleLimits;
use crate::tui::Ground;

/// The heading of options about interfaces.
const CAPTURING: &str = "Capturing";
/// The heading of options that say when the capture ends.
const ENDING: &str = "Ending";
/// The heading of options about the terminal's screen.
const SCREEN: &str = "Screen";
/// The heading of options about files.
const WRITING: &str = "Writing";

/// `vigie live`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that was typed or not")]
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(in crate::cli) struct LiveArguments {
    /// Capture from this interface, or from any; may be given several times
    #[arg(short, long, value_name = "IFACE", conflicts_with = "read")]
    pub(super) interface: Vec<String>,
    /// Read a capture that is being written: - for standard input, or a FIFO
    #[arg(short, long, value_name = "FILE")]
    pub(super) read: Option<PathBuf>,
    /// Run without the terminal screen
    #[arg(long)]
    pub(super) headless: bool,
    /// Hide clients, hosts or all on the screen; p turns it on and off [default: none]
    #[arg(long, help_heading = SCREEN, value_name = "WHAT", value_parser = screen::mask)]
    pub(super) mask: Option<Mask>,
    /// What pictures hide at least, besides what the screen does: none, clients, hosts or all
    /// [default: clients]
    #[arg(long, help_heading = SCREEN, value_name = "WHAT", value_parser = screen::mask)]
    pub(super) picture_mask: Option<Mask>,
    /// Language of the screen: en, fr or de [default: that of the locale]
    #[arg(long, help_heading = SCREEN, value_name = "LANG", value_parser = screen::language)]
    pub(super) lang: Option<Language>,
    /// Colours for a dark or a light ground [default: dark]
    #[arg(long, help_heading = SCREEN, value_name = "GROUND", value_parser = screen::ground)]
    pub(super) theme: Option<Ground>,
    /// Leave the mouse to the terminal
    #[arg(long, help_heading = SCREEN)]
    pub(super) no_mouse: bool,
    /// Form of the output
    #[arg(short, long, value_enum, default_value_t = LiveFormat::Text)]
    pub(super) format: LiveFormat,
    /// Give a snapshot so often: a record in NDJSON, a line in text
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(super) every: Option<Duration>,
    /// Show only flows for which this is true; the balance still speaks of the whole
    #[arg(long, value_name = "EXPR")]
    pub(super) filter: Option<String>,
    /// Sum by these dimensions in the summary
    #[arg(long, value_name = "DIM[,DIM…]")]
    pub(super) by: Vec<String>,
    /// Time zone of --until, and of times in text [default: UTC]
    #[arg(long, value_name = "ZONE", value_parser = value::zone)]
    pub(super) tz: Option<TimeZone>,
    /// Show exact octets and seconds in text instead of rounded ones
    #[arg(long)]
    pub(super) exact: bool,
    /// Take frames for other stations, too
    #[arg(short, long, help_heading = CAPTURING, requires = "interface")]
    pub(super) promiscuous: bool,
    /// Take only frames that pass this filter, in tcpdump's words, for example `port 53`; the
    /// others appear in no count
    #[arg(long, help_heading = CAPTURING, requires = "interface", value_name = "EXPR")]
    pub(super) capture_filter: Option<String>,
    /// Keep so many octets of each frame [default: whole frames]
    #[arg(long, help_heading = CAPTURING, requires = "interface", value_name = "N")]
    pub(super) snaplen: Option<NonZeroU32>,
    /// Memory of an interface's ring [default: 32MiB]
    #[arg(long, help_heading = CAPTURING, requires = "interface", value_name = "SIZE", value_parser = value::size)]
    pub(super) ring: Option<u64>,
    /// Capture and count on so many threads, what two hosts exchange on one of them; each has a
    /// ring of its own. Only without the screen, --write, --count and --backend pnet [default: 1]
    #[arg(long, help_heading = CAPTURING, requires = "interface", value_name = "N", value_parser = value::threads)]
    pub(super) threads: Option<NonZeroUsize>,
    /// How frames are taken from the kernel
    #[arg(long, help_heading = CAPTURING, requires = "interface", value_enum, default_value_t = LiveBackend::Ring)]
    pub(super) backend: LiveBackend,
    /// Capture in this network namespace: /run/netns/NAME or /proc/PID/ns/net
    #[arg(long, help_heading = CAPTURING, requires = "interface", value_name = "PATH")]
    pub(super) netns: Option<PathBuf>,
    /// End so long after the first frame, by the capture's clock
    #[arg(long, help_heading = ENDING, value_name = "TIME", value_parser = value::duration)]
    pub(super) duration: Option<Duration>,
    /// End before the first frame at or after this time: RFC 3339, or a date and time in --tz
    #[arg(long, help_heading = ENDING, value_name = "TIME")]
    pub(super) until: Option<String>,
    /// End after so many frames
    #[arg(long, help_heading = ENDING, value_name = "N")]
    pub(super) count: Option<NonZeroU64>,
    /// Write the frames to this file (pcapng), of their payload only what names a flow
    #[arg(long, help_heading = WRITING, value_name = "FILE")]
    pub(super) write: Option<PathBuf>,
    /// Write only frames of flows with a tag
    #[arg(long, help_heading = WRITING, requires = "write")]
    pub(super) minimise: bool,
    /// Write whole frames with all of their payload
    #[arg(long, help_heading = WRITING, requires = "write", conflicts_with = "minimise")]
    pub(super) full_payload: bool,
    /// Begin a new file after so many octets (100MB) or so long (1h)
    #[arg(long, help_heading = WRITING, requires = "write", value_name = "SIZE|TIME", value_parser = value::rotation)]
    pub(super) rotate: Option<Rotation>,
    /// Keep so many files; the oldest are removed
    #[arg(long, help_heading = WRITING, requires = "rotate", value_name = "N", value_parser = value::number)]
    pub(super) keep: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(super) signatures: SignatureArguments,
    /// Addresses in this network are clients where nothing better tells [default: private and
    /// link-local ranges]
    #[arg(long, help_heading = COUNTING, value_name = "CIDR", value_parser = value::home_net)]
    pub(super) home_net: Vec<IpNet>,
    /// Names for client addresses and MACs (TOML: [[device]] with name, addresses, macs)
    #[arg(long, help_heading = COUNTING, value_name = "FILE")]
    pub(super) devices: Option<PathBuf>,
    /// Silence that ends a flow: 10m for all, or tcp=1h,other=5m,closed=1m (the defaults)
    #[arg(long, help_heading = COUNTING, value_name = "LIMITS", value_parser = value::idle)]
    pub(super) idle: Option<IdleLimits>,
    /// Flows that differ only in their VLAN ids are one
    #[arg(long, help_heading = COUNTING)]
    pub(super) ignore_vlan: bool,
    /// Keep at most this many flows at a time; more are ended early [default: 500000]
    #[arg(long, help_heading = COUNTING, value_name = "N", value_parser = value::number)]
    pub(super) max_flows: Option<NonZeroUsize>,
    /// Tell at most this many rows apart in each table; more flows count under (other)
    /// [default: 100000]
    #[arg(long, help_heading = COUNTING, value_name = "N", value_parser = value::number)]
    pub(super) max_rows: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(super) registers: AssignmentArguments,
    #[command(flatten)]
    pub(super) sandbox: SandboxArguments,
}

/// How frames are taken from the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum LiveBackend {
    /// A ring in shared memory (Linux)
    Ring,
    /// pnet's data link, one system call a frame
    Pnet,
}

/// Forms of output while a capture goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum LiveFormat {
    /// A summary at the end, for people
    Text,
    /// One JSON record a line: flows as they end, snapshots, markers, captures, summary
    Ndjson,
}
