//! `vigie verify`: whether a bundle holds, in plain language.

use std::env;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;

use super::args::{CommonArguments, EXIT_STATUS, SandboxArguments};
use super::config::Defaults;
use super::outcome::{Outcome, Refusal};
use super::plan::cores;
use super::{sandbox, screen};
use crate::evidence::private_folder;
use crate::evidence::verify::{Verdict, Verification, VerifyOptions, verify};
use crate::language::Language;
use crate::privilege;

/// `vigie verify`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct VerifyArguments {
    /// The folder or the .zip that vigie report wrote
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    /// The captures that were read, to count the rest again, too
    #[arg(long, value_name = "CAPTURE", num_args = 1..)]
    original: Vec<PathBuf>,
    /// Allowed signers that you trust (ssh-keygen(1)); those in the bundle may have been replaced
    #[arg(long, value_name = "FILE")]
    signers: Option<PathBuf>,
    /// Language of what is said: en, fr or de [default: that of the locale]
    #[arg(long, value_name = "LANG", value_parser = screen::language)]
    lang: Option<Language>,
    #[command(flatten)]
    sandbox: SandboxArguments,
}

/// Octets of a list of signers at most.
const LARGEST: u64 = 1 << 20;

/// Checks a bundle and says what was found.
pub(super) fn run(
    typed: &VerifyArguments,
    common: &CommonArguments,
    out: &mut dyn Write,
) -> Result<Outcome, Refusal> {
    let defaults = Defaults::load(common).map_err(Refusal::impossible)?;
    let language = screen::or_environment(typed.lang, &defaults);
    let signers = typed.signers.as_deref().map(read).transpose().map_err(Refusal::impossible)?;
    for path in [&typed.bundle].into_iter().chain(&typed.original) {
        let found = path.metadata().with_context(|| path.display().to_string());
        found.map_err(Refusal::impossible)?;
    }
    // Through `sudo` it has to be the user's, who alone is left below.
    let make = || private_folder("vigie-verify-", &env::temp_dir());
    let scratch = sandbox::as_later_user(typed.sandbox, make)?;
    let scratch = scratch.context("no room for what is unpacked").map_err(Refusal::impossible)?;
    let mut read = typed.original.clone();
    read.push(typed.bundle.clone());
    let rights = privilege::Plan {
        read,
        write: vec![scratch.path().to_owned()],
        remove_folders: scratch.path().parent().map(Into::into).into_iter().collect(),
        ..privilege::Plan::default()
    };
    sandbox::enforce(&rights, typed.sandbox, sandbox::Lacks::ToWhoAsks)?;
    let options = VerifyOptions {
        originals: &typed.original,
        signers: signers.as_deref(),
        scratch: scratch.path(),
        version: env!("CARGO_PKG_VERSION"),
        jobs: cores(),
    };
    let verification = verify(&typed.bundle, &options).map_err(Refusal::impossible)?;
    write(&verification, language, out)?;
    Ok(if verification.holds() { Outcome::Done } else { Outcome::DoesNotHold })
}

/// What was found, first what does not hold; the verdict last.
fn write(verification: &Verification, language: Language, out: &mut dyn Write) -> io::Result<()> {
    let heads = [
        (Verdict::DoesNotHold, "verify-does-not-hold"),
        (Verdict::Holds, "verify-holds"),
        (Verdict::NotChecked, "verify-not-checked"),
    ];
    for (verdict, head) in heads {
        let mut findings = verification.findings().iter().filter(|f| f.verdict == verdict);
        let Some(first) = findings.next() else { continue };
        writeln!(out, "{}", language.say(head))?;
        for finding in [first].into_iter().chain(findings) {
            writeln!(out, "  - {}", finding.text(language))?;
        }
    }
    let broken = verification.findings().iter().filter(|f| f.verdict == Verdict::DoesNotHold);
    match broken.count() as u64 {
        0 => writeln!(out, "{}", language.say("verify-verdict-holds")),
        broken => {
            let said = language.say_with("verify-verdict-broken", &[("findings", broken.into())]);
            writeln!(out, "{said}")
        }
    }
}

/// A list of signers.
fn read(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let read = file.take(LARGEST + 1).read_to_string(&mut text);
    read.with_context(|| path.display().to_string())?;
    if text.len() as u64 > LARGEST {
        return Err(anyhow!("{}: larger than a list of signers is", path.display()));
    }
    Ok(text)
}
