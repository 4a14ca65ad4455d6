//! What was typed, and nothing more: defaults and checks that need files are in `plan`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use ipnet::IpNet;
use jiff::tz::TimeZone;

use super::assignments::AssignmentArguments;
use super::live::LiveArguments;
use super::mark::MarkArguments;
use super::screen;
use super::signatures::SignaturesArguments;
use super::value;
use crate::language::Language;
use crate::pipeline::IdleLimits;

/// Who is this machine talking to, for what purpose, and how much does it send?
///
/// vigie reads packet captures, names every flow, tags flows that go to workplace-analytics,
/// telemetry and connected-car endpoints with cited signatures, and counts every octet once. It
/// sends nothing itself.
#[derive(Debug, Parser)]
#[command(name = "vigie", version, max_term_width = 100, after_help = EXIT_STATUS)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) common: CommonArguments,
}

/// Exit statuses, under the help of the program and of its commands.
pub(super) const EXIT_STATUS: &str = "Exit status: 0 done; 1 nothing could be done; 2 wrong usage; \
3 done, but incomplete (damaged or unreadable input, interrupted); 4 a check did not hold.";

/// The heading of options that every command has.
const COMMON: &str = "Options of every command";
/// The heading of options that choose signatures.
const SIGNATURES: &str = "Signatures";
/// The heading of options about rights.
const SECURITY: &str = "Security";
/// The heading of options that say what is counted, and how.
pub(super) const COUNTING: &str = "Counting";

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say who the machines in captures talked to, for what purpose, and how much they sent
    Analyze(Box<AnalyzeArguments>),
    /// Say the same of traffic as it comes, from interfaces or a pipe, and write it to files
    Live(Box<LiveArguments>),
    /// Set a marker in a live capture that is running
    Mark(MarkArguments),
    /// Show captures in the terminal: categories, flows, hosts, a timeline; ? shows the keys
    View(Box<super::view::ViewArguments>),
    /// Make a bundle of evidence that others can check without vigie
    Report(Box<super::report::ReportArguments>),
    /// Check a bundle of evidence: hashes, seal, and every number counted again
    Verify(super::verify::VerifyArguments),
    /// Say whose a pseudonym of a bundle is, with the key that it was made with
    Reveal(super::reveal::RevealArguments),
    /// Say which signature applies to a host, address or URL, and why
    Explain(ExplainArguments),
    /// List, show, check, import and export signatures, and say what they can answer
    Signatures(Box<SignaturesArguments>),
    /// Say what can be captured here and what right is missing, or what rights are given up
    Interfaces(InterfacesArguments),
    /// Print a completion script for a shell
    Completions(CompletionArguments),
    /// Print the manual page of vigie or of one of its commands (roff)
    Man(ManArguments),
}

/// Options of every command.
#[derive(Debug, Args)]
pub(super) struct CommonArguments {
    /// Read defaults from this file instead of the usual place
    #[arg(long, global = true, help_heading = COMMON, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long, global = true, help_heading = COMMON)]
    pub(super) no_config: bool,
    /// When colours are used.
    #[arg(
        long,
        global = true,
        help_heading = COMMON,
        value_name = "WHEN",
        value_enum,
        hide_possible_values = true,
        help = "Use colours: auto, always or never [default: auto, which obeys NO_COLOR]"
    )]
    pub(super) color: Option<ColorChoice>,
    /// Print no warnings and no progress, only errors
    #[arg(short, long, global = true, help_heading = COMMON, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Say more about what is done; twice for still more
    #[arg(short, long, global = true, help_heading = COMMON, action = ArgAction::Count)]
    pub(super) verbose: u8,
}

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Which signatures are used.
#[derive(Debug, Args)]
pub(super) struct SignatureArguments {
    /// Add the signatures in this folder (*.toml) or file to the shipped ones; the same id replaces
    #[arg(long, help_heading = SIGNATURES, value_name = "DIR")]
    pub(super) signatures: Vec<PathBuf>,
    /// Use only the signatures of --signatures, not the shipped ones
    #[arg(long, help_heading = SIGNATURES)]
    pub(super) only_signatures: bool,
}

/// How rights are given up.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(super) struct SandboxArguments {
    /// Fail where the system lacks a layer of the sandbox, instead of going on without
    #[arg(long, help_heading = SECURITY, conflicts_with = "no_sandbox")]
    pub(super) require_sandbox: bool,
    /// Give up no rights before captures are parsed: to look for faults in vigie itself
    #[arg(long, help_heading = SECURITY)]
    pub(super) no_sandbox: bool,
}

/// `vigie analyze`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct AnalyzeArguments {
    #[command(flatten)]
    pub(super) input: InputArguments,
    /// Form of the output
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Sum by these dimensions: signature, product, vendor, category, basis, grade, name, host,
    /// registrable, via, client, device, app, oui, server, country, network-owner, port, proto,
    /// capture, hour; in text, repeat it for more tables
    #[arg(long, value_name = "DIM[,DIM…]")]
    pub(super) by: Vec<String>,
    /// Show exact octets and seconds in text instead of rounded ones
    #[arg(long)]
    pub(super) exact: bool,
    /// State the SHA-256 of every input
    #[arg(long, help_heading = COUNTING)]
    pub(super) hash: bool,
    #[command(flatten)]
    pub(super) counting: CountingArguments,
}

/// What is read.
#[derive(Debug, Args)]
pub(super) struct InputArguments {
    /// Captures (pcap or pcapng; plain, gzip, zstd or lz4), folders of them, or - for standard
    /// input
    #[arg(value_name = "CAPTURE")]
    pub(super) captures: Vec<PathBuf>,
}

/// How captures that have ended are counted.
#[derive(Debug, Args)]
pub(super) struct CountingArguments {
    /// Show only flows for which this is true, for example `category = telemetry and up > 1MB`;
    /// the balance still speaks of the whole
    #[arg(long, value_name = "EXPR")]
    pub(super) filter: Option<String>,
    /// Time zone of --from and --to, and of times in text: a name such as Europe/Paris, or +01:00
    /// [default: UTC]
    #[arg(long, value_name = "ZONE", value_parser = value::zone)]
    pub(super) tz: Option<TimeZone>,
    #[command(flatten)]
    pub(super) signatures: SignatureArguments,
    /// Addresses in this network are clients where nothing better tells [default: private and
    /// link-local ranges]
    #[arg(long, help_heading = COUNTING, value_name = "CIDR", value_parser = value::home_net)]
    pub(super) home_net: Vec<IpNet>,
    /// Names for client addresses and MACs (TOML: [[device]] with name, addresses, macs)
    #[arg(long, help_heading = COUNTING, value_name = "FILE")]
    pub(super) devices: Option<PathBuf>,
    /// The query logs of a resolver.
    #[arg(
        long,
        help_heading = COUNTING,
        value_name = "FILE",
        help = "What the network's resolver logged: querylog.json of AdGuard Home, or the log of \
                dnsmasq or Pi-hole (log-queries); names flows as DNS answers in a capture do"
    )]
    pub(super) dns_log: Vec<PathBuf>,
    /// Year of the first line of logs whose times have none; their clock is in --tz
    #[arg(long, help_heading = COUNTING, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1970..=2261))]
    pub(super) dns_log_year: Option<i16>,
    /// Count frames at or after this time: RFC 3339, or a date or date and time in --tz
    #[arg(long, help_heading = COUNTING, value_name = "TIME")]
    pub(super) from: Option<String>,
    /// Count frames before this time
    #[arg(long, help_heading = COUNTING, value_name = "TIME")]
    pub(super) to: Option<String>,
    /// Read all captures as one, in the order of time
    #[arg(long, help_heading = COUNTING)]
    pub(super) join: bool,
    /// Read this many streams side by side [default: processor cores]
    #[arg(long, help_heading = COUNTING, value_name = "N", value_parser = value::number)]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Silence that ends a flow: 10m for all, or tcp=1h,other=5m,closed=1m (the defaults)
    #[arg(long, help_heading = COUNTING, value_name = "LIMITS", value_parser = value::idle)]
    pub(super) idle: Option<IdleLimits>,
    /// Flows that differ only in their VLAN ids are one
    #[arg(long, help_heading = COUNTING)]
    pub(super) ignore_vlan: bool,
    /// Count copies of frames apart, under duplicates: of one of the 128 frames before, at most
    /// 20 ms away (mirror ports, pktmon)
    #[arg(long, help_heading = COUNTING)]
    pub(super) dedup: bool,
    /// Keep at most this many flows at a time in each stream; more are ended early
    #[arg(long, help_heading = COUNTING, value_name = "N", value_parser = value::number)]
    pub(super) max_flows: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(super) registers: AssignmentArguments,
    #[command(flatten)]
    pub(super) sandbox: SandboxArguments,
}

/// Forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A summary for people
    Text,
    /// One document
    Json,
    /// One JSON record a line: flows, captures, summary
    Ndjson,
    /// The table of --by
    Csv,
}

/// `vigie explain`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct ExplainArguments {
    /// Host names, addresses (192.0.2.1, 192.0.2.1:443), URLs, or @FILE for those in a file
    #[arg(value_name = "HOST|ADDRESS|URL|@FILE", required_unless_present = "file")]
    pub(super) queries: Vec<String>,
    /// Explain every line of this file, too; # begins a comment, - is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) file: Vec<PathBuf>,
    /// Form of the output
    #[arg(short, long, value_enum, default_value_t = ExplainFormat::Text)]
    pub(super) format: ExplainFormat,
    /// Language of the text: en, fr or de [default: that of the locale]
    #[arg(long, value_name = "LANG", value_parser = screen::language)]
    pub(super) lang: Option<Language>,
    #[command(flatten)]
    pub(super) signatures: SignatureArguments,
}

/// Forms of an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExplainFormat {
    /// For people
    Text,
    /// One JSON record a line
    Ndjson,
}

/// `vigie interfaces`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct InterfacesArguments {
    /// Say instead what rights vigie has given up when it parses captures
    #[arg(long)]
    pub(super) security: bool,
    #[command(flatten)]
    pub(super) sandbox: SandboxArguments,
}

/// `vigie completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionArguments {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: Shell,
}

/// `vigie man`.
#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// The command whose page is wanted
    pub(super) command: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn options_common_to_all_commands_may_follow_the_command() {
        let typed = Arguments::parse_from(["vigie", "analyze", "a.pcap", "-q", "--color", "never"]);
        assert!(typed.common.quiet);
        assert_eq!(typed.common.color, Some(ColorChoice::Never));
    }
}
