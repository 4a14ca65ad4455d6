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
use crate::source::CaptureAccount;
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
    warn_if_stale(&database);
    Ok(database)
}

/// Warns when signatures are stale.
pub(super) fn warn_if_stale(database: &Database) {
    if let Some(days) = stale_days(database) {
        tracing::warn!("the signatures are {days} days old; newer hosts are not in them");
    }
}

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
    stale_on(database, Timestamp::now())
}

/// Days from the signatures' date to the newest frame, where they are stale for it; today counts
/// where there are no frames. What matters is whether hosts can be newer than the signatures, and
/// the same captures give the same output on any day.
pub(super) fn stale_days_for(database: &Database, captures: &[CaptureAccount]) -> Option<u32> {
    let newest = captures.iter().filter_map(|capture| capture.last).max();
    let newest = newest.and_then(|last| Timestamp::from_nanosecond(i128::from(last.0)).ok());
    stale_on(database, newest.unwrap_or_else(Timestamp::now))
}

fn stale_on(database: &Database, time: Timestamp) -> Option<u32> {
    database.stale_days(time.to_zoned(TimeZone::UTC).date())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::CaptureTime;

    #[test]
    fn signatures_are_stale_for_frames_that_are_much_newer() {
        let database = Database::shipped();
        let days = |time: &str| {
            let time: Timestamp = time.parse().unwrap();
            let last = Some(CaptureTime(i64::try_from(time.as_nanosecond()).unwrap()));
            let newer = CaptureAccount { last, ..CaptureAccount::default() };
            let older = CaptureAccount { last: Some(CaptureTime(0)), ..CaptureAccount::default() };
            stale_days_for(&database, &[newer, older])
        };
        assert_eq!(days("2021-01-01T00:00:00Z"), None);
        assert!(days("2099-01-01T00:00:00Z").is_some_and(|days| days > 20_000));
        let date = database.date();
        assert_eq!(days(&format!("{}-28T00:00:00Z", &date[..7])), None);
        assert_eq!(stale_days_for(&database, &[]), stale_days(&database));
    }
}
