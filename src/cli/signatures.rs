//! The signatures in force, and their age.

use std::path::PathBuf;

use anyhow::anyhow;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::args::SignatureArguments;
use super::config::Defaults;
use super::outcome::Refusal;
use crate::signature::Database;

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
