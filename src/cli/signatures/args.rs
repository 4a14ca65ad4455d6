//! What was typed after `vigie signatures`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::select::Selection;
use crate::cli::args::{EXIT_STATUS, SignatureArguments};

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

/// Forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For people
    Text,
    /// One JSON record a line
    Ndjson,
}
