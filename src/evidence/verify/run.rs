//! All checks, in order.

use std::path::{Path, PathBuf};

use super::super::record::{LARGEST, Record, SCHEMA};
use super::super::recount::{Recounted, Recounting};
use super::super::tables::{FLOWS, Kind};
use super::finding::{Verification, finding};
use super::numbers::{self, Rows};
use super::pages::Pages;
use super::structure::{Bag, Unverifiable};
use super::unpack::{Bounds, unpack};
use super::{original, seal, stated};
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
    /// Captures that are counted side by side.
    pub jobs: usize,
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
    Ok(verification)
}

/// Counts everything again, and compares what is said with it.
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
    let recounted = tagged(bag, &record, &database, options, verification);
    let differs = record.tables.iter().any(|table| table.differing() > 0);
    let used = recounted.as_ref().filter(|_| !differs).map(|recounted| {
        let used = recounted.tagged.signatures.iter();
        used.map(|id| database.signature(*id).id.clone()).collect()
    });
    stated::stated(bag, &record, used, verification);
    let original = if options.originals.is_empty() {
        let originals = record.tables.iter().map(|table| table.original);
        let rows = originals.fold(0, u64::saturating_add);
        verification.unchecked(finding("verify-no-original").count("rows", rows));
        None
    } else {
        let VerifyOptions { originals, jobs, .. } = *options;
        original::original(bag, &record, &database, originals, jobs, verification)?
    };
    if let Some(counted) = &original {
        stated::of_originals(&record, counted, verification);
    }
    if record.vigie != options.version {
        verification.unchecked(finding("verify-pages-version").with("made", &record.vigie));
        return Ok(());
    }
    stated::shipped(bag, &record, verification);
    let Some(case) = record.case.case(record.option("tz")) else {
        verification.unchecked(finding("verify-pages-zone").with("zone", &record.case.zone));
        return Ok(());
    };
    stated::info(bag, &record, &case, verification);
    if let Some(recounted) = &recounted {
        let (case, database, original) = (&case, &database, original.as_ref());
        let signer = seal::signer(bag);
        let signer = signer.as_ref();
        let pages = Pages { bag, record: &record, case, database, recounted, original, signer };
        pages.check(verification);
    }
    Ok(())
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
) -> Option<Recounted> {
    let names: Vec<_> = record.bundle_captures.iter().map(|c| c.file.clone()).collect();
    let there = |name: &String| bag.files.contains_key(&format!("data/capture/{name}"));
    let missing: Vec<_> = names.iter().filter(|name| !there(name)).cloned().collect();
    if !missing.is_empty() {
        verification.wrong_ones("verify-capture-missing", "file", missing);
        return None;
    }
    let flows = options.scratch.join(FLOWS);
    let folder = bag.root.join("data/capture");
    let recounting = Recounting {
        folder: &folder,
        names: &names,
        counting: &record.counting,
        database,
        digits: record.digits,
        jobs: options.jobs,
        run: &Run::default(),
    };
    let recounted = match recounting.count(&flows) {
        Ok(recounted) => recounted,
        Err(error) => {
            verification.wrong(finding("verify-recount").with("why", error.to_string()));
            return None;
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
    Some(recounted)
}

#[cfg(test)]
#[path = "run/tests.rs"]
mod tests;
