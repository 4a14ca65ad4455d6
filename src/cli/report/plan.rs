//! What was typed after `vigie report`, checked and resolved.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use jiff::civil::Date;
use jiff::{Timestamp, Zoned};

use super::args::ReportArguments;
use super::recorded::{self, NamedFiles, Recorded};
use super::{host, passphrase};
use crate::cli::args::CommonArguments;
use crate::cli::config::Defaults;
use crate::cli::outcome::Refusal;
use crate::cli::plan::CountingPlan;
use crate::cli::screen;
use crate::evidence::bundle;
use crate::evidence::pseudonym::{MaskedNames, PseudonymKey};
use crate::evidence::screens::ScreensWanted;
use crate::evidence::seal::{Agent, Sealer, Unlock};
use crate::evidence::{Case, GatherFault, Host, Material};
use crate::ledger::{Dimension, Mask};

/// What `vigie report` is to do.
#[derive(Debug)]
pub(in crate::cli) struct ReportPlan {
    /// What to read, and how to count it.
    pub(super) counting: CountingPlan,
    /// The folder to make.
    pub(super) out: PathBuf,
    /// Whether the bundle is made as one file, too.
    pub(super) zip: bool,
    /// Who seals it.
    pub(super) sealer: Option<Sealer>,
    /// What it is about.
    pub(super) case: Case,
    /// Screens of the terminal in it.
    pub(super) screens: ScreensWanted,
    /// Until when it may be kept.
    pub(super) retention: Option<Date>,
    /// The machine, where it is recorded.
    pub(super) host: Option<Host>,
    /// How it is counted, as the record states it.
    pub(super) recorded: Recorded,
    /// The key of pseudonyms, where clients get some.
    pub(super) pseudonyms: Option<PseudonymKey>,
    /// Which host names get pseudonyms, too.
    pub(super) masked: MaskedNames,
    /// Whether progress may be shown.
    pub(super) progress: bool,
}

impl ReportPlan {
    /// Checks and resolves. What needs no file is checked first.
    pub(in crate::cli) fn resolve(
        typed: ReportArguments,
        common: &CommonArguments,
    ) -> Result<Self, Refusal> {
        check_given(&typed.captures)?;
        check_out(&typed.out, typed.zip)?;
        check_masked(&typed)?;
        let defaults = Defaults::load(common).map_err(Refusal::impossible)?;
        let language = screen::or_environment(typed.lang, &defaults);
        let named = NamedFiles {
            signatures: &typed.counting.signatures,
            devices: typed.counting.devices.as_ref(),
            dns_log: &typed.counting.dns_log,
            registers: &typed.counting.registers,
        };
        let files = recorded::files(named, &defaults);
        let mut counting = CountingPlan::resolve(&typed.captures, typed.counting, &defaults)?;
        counting.options.rollups = Material::ROLLUPS.map(<[Dimension]>::to_vec).to_vec();
        counting.options.hash = true;
        let passphrase = typed.passphrase_file.as_deref().map(|path| {
            let read = passphrase::of_file(path).with_context(|| path.display().to_string());
            read.map_err(Refusal::impossible)
        });
        let passphrase = passphrase.transpose()?;
        let sealer = typed.sign.as_deref().map(|key| {
            let unlock = || passphrase.map_or_else(|| passphrase::ask(key), Unlock::With);
            Sealer::load(key, typed.identity.as_deref(), unlock, agent())
                .map_err(Refusal::impossible)
        });
        let pseudonyms = typed.pseudonymize.as_deref().map(PseudonymKey::load);
        let host = typed.record_host.then(host::of_this_machine).transpose()?;
        let recorded = Recorded {
            join: counting.join,
            filter: counting.filter.clone(),
            home_nets: counting.home_nets.clone(),
            files,
            own_domains: Vec::new(),
        };
        let of_file = if typed.pseudonymize.is_some() { &defaults.mask_domain[..] } else { &[] };
        let domains = [of_file, &typed.mask_domain].concat();
        let zone = counting.zone.clone();
        let today = || Zoned::new(Timestamp::now(), zone.clone()).date();
        Ok(Self {
            case: Case {
                title: typed.title,
                author: typed.author,
                case: typed.case,
                question: typed.question,
                date: typed.date.unwrap_or_else(today),
                language,
                zone: zone.clone(),
            },
            counting,
            out: typed.out,
            zip: typed.zip,
            sealer: sealer.transpose()?,
            screens: ScreensWanted {
                views: typed.screens.0,
                mask: typed.mask.unwrap_or(Mask::Clients),
                filter: None,
            },
            retention: typed.retention,
            host,
            recorded,
            pseudonyms: pseudonyms.transpose().map_err(Refusal::impossible)?,
            masked: MaskedNames { tenants: typed.mask_tenants, domains },
            progress: !common.quiet && common.verbose == 0,
        })
    }
}

/// Refuses a command line without captures, and standard input: the captures are read twice.
fn check_given(captures: &[PathBuf]) -> Result<(), Refusal> {
    if captures.is_empty() {
        let message = "report: no capture given; name files or folders of them";
        return Err(Refusal::usage(anyhow!(message)));
    }
    if captures.iter().any(|path| path == Path::new("-")) {
        let fault = GatherFault::OnlyOnce { path: "-".to_owned() };
        return Err(Refusal::usage(anyhow!(fault)));
    }
    Ok(())
}

/// Refuses a place where something stands already, before captures of an hour are read.
fn check_out(out: &Path, zip: bool) -> Result<(), Refusal> {
    if out.file_name().is_none() {
        let message = format!("--out: {} names no folder to make", out.display());
        return Err(Refusal::usage(anyhow!(message)));
    }
    bundle::check_free(out, zip).map_err(Refusal::impossible)?;
    let parent = super::run::folder_of(out);
    if !parent.is_dir() {
        let message = format!("{}: there is no such folder; make it first", parent.display());
        return Err(Refusal::impossible(anyhow!(message)));
    }
    Ok(())
}

/// Refuses masked names without a key: their pseudonyms are made with it.
fn check_masked(typed: &ReportArguments) -> Result<(), Refusal> {
    if !typed.mask_domain.is_empty() && typed.pseudonymize.is_none() {
        let message = "--mask-domain: names' pseudonyms are made with a key; add --pseudonymize \
                       KEYFILE, which gives clients pseudonyms, too (nothing was read or written)";
        return Err(Refusal::usage(anyhow!(message)));
    }
    if typed.mask_tenants && typed.pseudonymize.is_none() {
        let message = "--mask-tenants: tenants' pseudonyms are made with a key; add --pseudonymize \
                       KEYFILE, which gives clients pseudonyms, too (nothing was read or written)";
        return Err(Refusal::usage(anyhow!(message)));
    }
    Ok(())
}

/// The agent that holds keys, where there is one.
fn agent() -> Option<Agent> {
    let socket = env::var_os("SSH_AUTH_SOCK").filter(|socket| !socket.is_empty())?;
    Agent::connect(Path::new(&socket)).ok()
}
