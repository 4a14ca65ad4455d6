//! The signatures in force, and their age.

use std::path::PathBuf;

use anyhow::anyhow;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::args::SignatureArguments;
use super::config::Defaults;
use super::outcome::Refusal;
use crate::signature::Database;

/// Days after which signatures are stale and every output warns.
const FRESH_DAYS: i32 = 180;

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
pub(super) fn stale_days(database: &Database) -> Option<u64> {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    stale_on(database.date(), today)
}

/// Days from `date` (YYYY-MM, taken as its first day, or YYYY-MM-DD) to `today`, where they are
/// more than [`FRESH_DAYS`].
fn stale_on(date: &str, today: Date) -> Option<u64> {
    let day: Date = date.parse().or_else(|_| format!("{date}-01").parse()).ok()?;
    let age = today.since(day).ok()?.get_days();
    (age > FRESH_DAYS).then(|| u64::try_from(age).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_stale_after_half_a_year() {
        let today: Date = "2026-11-24".parse().unwrap();
        assert_eq!(stale_on("2026-11", today), None);
        assert_eq!(stale_on("2026-05-28", today), None);
        assert_eq!(stale_on("2026-05-27", today), Some(181));
        assert_eq!(stale_on("2025-11", today), Some(388));
        assert_eq!(stale_on("2027-01", today), None);
        assert_eq!(stale_on("", today), None);
    }
}
