//! The signatures in force and their age; `vigie signatures`.

mod args;
mod check;
mod export;
mod import;
mod list;
mod select;
mod show;

use std::path::PathBuf;

use std::io::Write;

use anyhow::anyhow;
use jiff::Timestamp;
use jiff::tz::TimeZone;

pub(super) use args::SignaturesArguments;

use super::args::{CommonArguments, SignatureArguments};
use super::config::Defaults;
use super::outcome::{Outcome, Refusal};
use crate::signature::Database;
use args::SignaturesCommand;

/// Runs one of the commands about signatures.
pub(super) fn run(
    typed: SignaturesArguments,
    common: &CommonArguments,
    out: &mut dyn Write,
) -> Result<Outcome, Refusal> {
    match typed.command {
        SignaturesCommand::List(typed) => list::run(&typed, common, out),
        SignaturesCommand::Show(typed) => show::run(&typed, common, out),
        SignaturesCommand::Check(typed) => check::run(&typed, out),
        SignaturesCommand::Coverage(typed) => {
            in_force(&typed.signatures, common)?.write_coverage(out)?;
            Ok(Outcome::Done)
        }
        SignaturesCommand::Import(typed) => import::run(&typed, out),
        SignaturesCommand::Export(typed) => export::run(&typed, common, out),
    }
}

/// Loads the signatures that were asked for, and warns when they are stale.
fn in_force(typed: &SignatureArguments, common: &CommonArguments) -> Result<Database, Refusal> {
    let defaults = Defaults::load(common).map_err(Refusal::impossible)?;
    let database = load(typed, &defaults)?;
    if let Some(days) = stale_days(&database) {
        tracing::warn!("the signatures are {days} days old; newer hosts are not in them");
    }
    Ok(database)
}

/// Days after which signatures are stale and every output warns.
const FRESH_DAYS: u32 = 180;

/// Loads the signatures that were asked for.
pub(super) fn load(typed: &SignatureArguments, defaults: &Defaults) -> Result<Database, Refusal> {
    let folders: &[PathBuf] =
        if typed.signatures.is_empty() { &defaults.signatures } else { &typed.signatures };
    let only = typed.only_signatures || defaults.only_signatures;
    if only && folders.is_empty() {
        let message = "--only-signatures: no signatures are left; name some with --signatures DIR";
        return Err(Refusal::usage(anyhow!(message)));
    }
    Database::load(!only, folders).map_err(Refusal::impossible)
}

/// Days since the signatures' date, where they are stale today.
pub(super) fn stale_days(database: &Database) -> Option<u32> {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    database.age_days(today).filter(|age| *age > FRESH_DAYS)
}
