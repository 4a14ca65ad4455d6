//! All checks, in order.

use std::path::{Path, PathBuf};

use super::super::record::{LARGEST, Record, SCHEMA};
use super::super::recount::recount;
use super::super::tables::{FLOWS, Kind};
use super::finding::{Verification, finding};
use super::numbers::{self, Rows};
use super::structure::{Bag, Unverifiable};
use super::unpack::{Bounds, unpack};
use super::{original, seal};
use crate::pipeline::Run;
use crate::signature::Database;

/// How a bundle is checked.
#[derive(Clone, Copy, Debug)]
pub struct VerifyOptions<'a> {
    /// The captures that were read, where somebody has them.
    pub originals: &'a [PathBuf],
    /// A list of allowed signers that the reader trusts.
    pub signers: Option<&'a str>,
    /// A folder for what is unpacked and counted again; whoever made it removes it.
    pub scratch: &'a Path,
    /// Version of vigie that checks.
    pub version: &'a str,
}

/// Checks the bundle at `place`, a folder or a `.zip`.
pub fn verify(place: &Path, options: &VerifyOptions<'_>) -> Result<Verification, Unverifiable> {
    let unreadable = |source| Unverifiable::Unreadable { path: place.to_owned(), source };
    let mut verification = Verification::default();
    let root = if place.metadata().map_err(unreadable)?.is_dir() {
        place.to_owned()
    } else {
        let to = options.scratch.join("unpacked");
        let top = unpack(place, &to, Bounds::default());
        let refused = |source| Unverifiable::Archive { path: place.to_owned(), source };
        to.join(top.map_err(refused)?)
    };
    let bag = Bag::check(&root, place, &mut verification)?;
    seal::seal(&bag, options.signers, &mut verification);
    count(&bag, options, &mut verification).map_err(unreadable)?;
    verification.unchecked(finding("verify-words"));
    Ok(verification)
}

/// Counts everything again.
fn count(
    bag: &Bag,
    options: &VerifyOptions<'_>,
    verification: &mut Verification,
) -> std::io::Result<()> {
    let text = bag.text("data/record.json", LARGEST);
    let record: Option<Record> = text.ok().and_then(|text| serde_json::from_str(&text).ok());
    let Some(record) = record.filter(|record| record.schema == SCHEMA) else {
        verification.wrong(finding("verify-record"));
        return Ok(());
    };
    if record.vigie != options.version {
        let said = finding("verify-version").with("made", &record.vigie);
        verification.unchecked(said.with("now", options.version));
    }
    let Some(database) = database(bag, &record) else {
        verification.wrong(finding("verify-signatures"));
        return Ok(());
    };
    tagged(bag, &record, &database, options, verification);
    if options.originals.is_empty() {
        let originals = record.tables.iter().map(|table| table.original);
        let rows = originals.fold(0, u64::saturating_add);
        verification.unchecked(finding("verify-no-original").count("rows", rows));
        return Ok(());
    }
    let run = Run::default();
    original::original(bag, &record, &database, options.originals, &run, verification)
}

/// The signatures that the bundle holds.
fn database(bag: &Bag, record: &Record) -> Option<Database> {
    let mut texts = Vec::new();
    for id in &record.signatures.used {
        let name = format!("data/signatures/{id}.toml");
        texts.push((name.clone(), bag.text(&name, 1 << 20).ok()?));
    }
    let texts: Vec<_> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Database::of_texts(&texts).ok()
}

/// Counts the bundle's own captures, and compares every `tagged` row.
fn tagged(
    bag: &Bag,
    record: &Record,
    database: &Database,
    options: &VerifyOptions<'_>,
    verification: &mut Verification,
) {
    let names: Vec<_> = record.bundle_captures.iter().map(|c| c.file.clone()).collect();
    let there = |name: &String| bag.files.contains_key(&format!("data/capture/{name}"));
    let missing: Vec<_> = names.iter().filter(|name| !there(name)).cloned().collect();
    if !missing.is_empty() {
        verification.wrong_ones("verify-capture-missing", "file", missing);
        return;
    }
    let flows = options.scratch.join(FLOWS);
    let folder = bag.root.join("data/capture");
    let recounted = recount(&folder, &names, &record.counting, database, record.digits, &flows);
    let recounted = match recounted {
        Ok(recounted) => recounted,
        Err(error) => {
            verification.wrong(finding("verify-recount").with("why", error.to_string()));
            return;
        }
    };
    let damaged = recounted.snapshot.captures.iter().filter(|capture| capture.is_damaged());
    let damaged: Vec<_> = damaged.map(|capture| capture.path.clone()).collect();
    verification.wrong_ones("verify-capture-damaged", "file", damaged);
    numbers::flows(bag, &flows, verification);
    let facts = recounted.facts(database, record.digits);
    for kind in Kind::ALL {
        let summary = record.tables.iter().find(|table| table.file == kind.file_name());
        numbers::table(bag, kind, &facts, Rows::Tagged, summary, verification);
    }
}

#[cfg(test)]
#[path = "run/tests.rs"]
mod tests;
