//! What was typed after `vigie signatures`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::select::{self, Selection};
use crate::cli::args::{EXIT_STATUS, SignatureArguments};
use crate::cli::suggestion::hint;
use crate::signature::{Category, ListForm};

/// `vigie signatures`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(in crate::cli) struct SignaturesArguments {
    #[command(subcommand)]
    pub(super) command: SignaturesCommand,
}

/// The commands about signatures.
#[derive(Debug, Subcommand)]
pub(super) enum SignaturesCommand {
    /// List the signatures in force, one a line
    List(ListArguments),
    /// Show signatures in full, as they stand in a file
    Show(ShowArguments),
    /// Check signatures: sources, fields, ties, look-alikes, claims that are too wide
    Check(CheckArguments),
    /// Say what can be answered about each system of the works council's leaflet (Markdown)
    Coverage(CoverageArguments),
    /// Turn other people's lists of hosts into signatures.
    #[command(
        about = "Turn lists of hosts into signatures: hosts files, names, Adblock, AdGuard, Pi-hole \
                 and dnsmasq lists; Microsoft 365 endpoints, trackers of Disconnect and DuckDuckGo \
                 (JSON)"
    )]
    Import(ImportArguments),
    /// Write signatures as lists or rules for other programs
    Export(ExportArguments),
}

/// `vigie signatures list`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct ListArguments {
    #[command(flatten)]
    pub(super) selection: Selection,
    /// Form of the output
    #[arg(short, long, value_enum, default_value_t = Form::Text)]
    pub(super) format: Form,
    #[command(flatten)]
    pub(super) signatures: SignatureArguments,
}

/// `vigie signatures show`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct ShowArguments {
    /// Ids of signatures, as `list` gives them
    #[arg(value_name = "ID", required = true)]
    pub(super) ids: Vec<String>,
    /// Form of the output: text is TOML
    #[arg(short, long, value_enum, default_value_t = Form::Text)]
    pub(super) format: Form,
    #[command(flatten)]
    pub(super) signatures: SignatureArguments,
}

/// `vigie signatures check`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct CheckArguments {
    /// Folders (*.toml) or files, checked as one and against the shipped signatures [default: the
    /// shipped ones alone]
    #[arg(value_name = "DIR")]
    pub(super) paths: Vec<PathBuf>,
    /// Form of the output
    #[arg(short, long, value_enum, default_value_t = Form::Text)]
    pub(super) format: Form,
}

/// `vigie signatures coverage`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct CoverageArguments {
    #[command(flatten)]
    pub(super) signatures: SignatureArguments,
}

/// `vigie signatures import`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct ImportArguments {
    /// Lists, or - for standard input
    #[arg(value_name = "FILE", required = true)]
    pub(super) lists: Vec<PathBuf>,
    /// What the hosts are for; needed where the list does not say it
    #[arg(long, value_name = "WORD", value_parser = select::category)]
    pub(super) category: Option<Category>,
    /// Whose hosts they are [default: as the list says]
    #[arg(long, value_name = "NAME")]
    pub(super) vendor: Option<String>,
    /// Beginning of the ids [default: the file's name]
    #[arg(long, value_name = "ID")]
    pub(super) id: Option<String>,
    /// The list's title, as the source is cited [default: the file's name]
    #[arg(long, value_name = "TEXT")]
    pub(super) title: Option<String>,
    /// Who publishes the list
    #[arg(long, value_name = "NAME")]
    pub(super) publisher: Option<String>,
    /// Where the list is found [default: the file]
    #[arg(long = "ref", value_name = "TEXT")]
    pub(super) reference: Option<String>,
    /// Of when the list is: YYYY, YYYY-MM or YYYY-MM-DD [default: as the list's head says]
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
    /// Write a new file for each list into this folder instead of standard output
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
}

/// `vigie signatures export`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct ExportArguments {
    /// Form: names, hosts, adblock, pihole, dnsmasq, suricata, zeek, wireshark or nftables
    #[arg(value_name = "FORM", value_parser = form)]
    pub(super) form: ListForm,
    #[command(flatten)]
    pub(super) selection: Selection,
    #[command(flatten)]
    pub(super) signatures: SignatureArguments,
}

fn form(word: &str) -> Result<ListForm, String> {
    ListForm::ALL.into_iter().find(|form| form.word() == word).ok_or_else(|| {
        let all = ListForm::ALL.map(ListForm::word);
        format!("`{word}` is no form{}; there are: {}", hint(word, all), all.join(", "))
    })
}

/// Forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For people
    Text,
    /// One JSON record a line
    Ndjson,
}
