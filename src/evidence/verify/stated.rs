//! What `record.json` and `bag-info.txt` state, against the rest of the bundle.

use std::collections::{BTreeSet, HashSet};
use std::io::BufReader;

use csv::{ReaderBuilder, StringRecord};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::bundle;
use super::super::record::{Record, moment};
use super::super::tables::{Kind, TableSummary, shown_cells};
use super::super::{Case, Recount};
use super::finding::{Verification, finding};
use super::original::Counted;
use super::structure::Bag;
use crate::export::{csv_text, rfc3339, write_capture};
use crate::ledger::Marker;
use crate::signature::Database;

/// Options that name files, and those that only go with them, in the order of the record.
pub(super) const OF_FILES: [&str; 7] =
    ["signatures", "devices", "dns-log", "geoip", "asn", "oui", "only-signatures"];

/// Statements that do not agree with the rest, by their place.
#[derive(Debug, Default)]
struct Wrong(Vec<String>);

impl Wrong {
    /// Notes the place of a statement unless it agrees.
    fn unless(&mut self, agrees: bool, place: impl FnOnce() -> String) {
        if !agrees {
            self.0.push(place());
        }
    }
}

/// Compares what is stated twice, and what follows from other files. `used` are the signatures
/// that the tags of the bundle's captures name, where these give what the tables say.
pub(super) fn stated(
    bag: &Bag,
    record: &Record,
    used: Option<BTreeSet<String>>,
    verification: &mut Verification,
) {
    let mut wrong = Wrong::default();
    options(record, &mut wrong);
    captures(bag, record, &mut wrong);
    bundle_captures(bag, record, &mut wrong);
    tables(bag, record, &mut wrong);
    signatures(bag, record, used, &mut wrong);
    if wrong.0.is_empty() {
        verification.holds_that(finding("verify-stated-holds"));
    }
    verification.wrong_ones("verify-stated", "what", wrong.0);
    verification.unchecked(finding("verify-stated-only"));
}

/// Options against what the counting rests on.
fn options(record: &Record, wrong: &mut Wrong) {
    let tz = record.option("tz");
    let Some(case) = record.case.case(tz) else { return };
    let stated = record.counting.stated(&case.zone);
    let (counted, of_files) = record.options.split_at(stated.len().min(record.options.len()));
    let agree = counted.len() == stated.len()
        && counted
            .iter()
            .zip(&stated)
            .all(|(one, other)| one.name == other.name && one.value == other.value);
    wrong.unless(agree, || "record.json, options: counting".to_owned());
    for option in of_files {
        wrong.unless(OF_FILES.contains(&option.name.as_str()), || {
            format!("record.json, options: {}", option.name)
        });
    }
}

/// The captures that were read, against their table.
fn captures(bag: &Bag, record: &Record, wrong: &mut Wrong) {
    let rows = rows(bag, Kind::Captures.file_name(), record.captures.len());
    wrong.unless(rows.len() == record.captures.len(), || "record.json, captures".to_owned());
    for (at, (capture, row)) in (1..).zip(record.captures.iter().zip(&rows)) {
        let text = |field: &str| capture.get(field).and_then(|v| v.as_str()).unwrap_or_default();
        let number = |field: &str| {
            capture
                .get(field)
                .and_then(serde_json::Value::as_u64)
                .map_or_else(String::new, |n| n.to_string())
        };
        let list = |field: &str| {
            capture.get(field).and_then(|v| v.as_array()).map_or(&[][..], Vec::as_slice)
        };
        let names: Vec<_> =
            list("interfaces").iter().filter_map(|i| i.get("name")?.as_str()).collect();
        let time = |field: &str| {
            moment(text(field))
                .map(|time| rfc3339(time, record.digits).to_string())
                .unwrap_or_default()
        };
        let more = capture.get("more_damage").and_then(serde_json::Value::as_u64).unwrap_or(0);
        let places = (list("damage").len() as u64).saturating_add(more).to_string();
        let failed = capture.get("error").and_then(|v| v.as_str());
        let damage = failed.map_or(places, |failed| csv_text(failed).into_owned());
        let expected = [
            (0, text("sha256").to_owned()),
            (1, csv_text(text("path")).into_owned()),
            (2, csv_text(&names.join(" ")).into_owned()),
            (3, number("frames")),
            (4, number("bytes")),
            (6, time("first")),
            (7, time("last")),
            (8, number("dropped")),
            (9, damage),
        ];
        let heads = Kind::Captures.header();
        for (column, expected) in expected {
            wrong.unless(row.get(column) == Some(&expected), || {
                let head = heads.get(column).copied().unwrap_or_default();
                format!("record.json, captures, {at}: {head}")
            });
        }
    }
}

/// The captures in the bundle, against their table and the files that are there.
fn bundle_captures(bag: &Bag, record: &Record, wrong: &mut Wrong) {
    let rows = rows(bag, Kind::TaggedCaptures.file_name(), record.bundle_captures.len());
    let stated = record.bundle_captures.iter();
    let agree = rows.len() == record.bundle_captures.len()
        && stated.zip(&rows).all(|(capture, row)| {
            row.get(0) == Some(&*capture.file)
                && row.get(1) == Some(&*capture.stream.to_string())
                && row.get(7) == Some(&*capture.lost.to_string())
        });
    wrong.unless(agree, || "record.json, bundle_captures".to_owned());
    let known: BTreeSet<_> = record.bundle_captures.iter().map(|c| c.file.as_str()).collect();
    for file in bag.files.keys().filter_map(|name| name.strip_prefix("data/capture/")) {
        wrong.unless(known.contains(file), || format!("data/capture/{file}"));
    }
}

/// How many rows tables have, by how they can be counted again, and which are listed as other.
fn tables(bag: &Bag, record: &Record, wrong: &mut Wrong) {
    for summary in &record.tables {
        let TableSummary { file, tagged, original, differ, only_recounted, .. } = summary;
        let kind = Kind::ALL.into_iter().find(|kind| kind.file_name() == file);
        let mut listed: HashSet<&str> = differ.iter().map(String::as_str).collect();
        // The table has none of these.
        let alone: HashSet<&str> = only_recounted.iter().map(String::as_str).collect();
        let (mut marked, mut is_there) = ((0, 0), false);
        each_row(bag, file, |row| {
            let mut cells: Vec<String> = row.iter().map(str::to_owned).collect();
            let mark = cells.pop();
            if let Some(kind) = kind.filter(|_| !alone.is_empty()) {
                is_there |= alone.contains(&*shown_cells(kind, &cells));
            }
            match mark {
                Some(mark) if mark == Recount::Tagged.word() => marked.0 += 1,
                _ => {
                    marked.1 += 1;
                    if let Some(kind) = kind.filter(|_| !listed.is_empty()) {
                        listed.remove(&*shown_cells(kind, &cells));
                    }
                }
            }
        });
        let agree = marked == (*tagged, *original) && listed.is_empty() && !is_there;
        wrong.unless(agree, || format!("record.json, tables: {file}"));
    }
    let known: BTreeSet<_> = record.tables.iter().map(|table| table.file.as_str()).collect();
    for file in bag.files.keys().filter_map(|name| name.strip_prefix("data/tables/")) {
        wrong.unless(known.contains(file), || format!("data/tables/{file}"));
    }
}

/// The signatures that are there, and those that tags name.
fn signatures(bag: &Bag, record: &Record, used: Option<BTreeSet<String>>, wrong: &mut Wrong) {
    let stated: BTreeSet<_> = record.signatures.used.iter().cloned().collect();
    let there = bag.files.keys().filter_map(|name| {
        Some(name.strip_prefix("data/signatures/")?.strip_suffix(".toml")?.to_owned())
    });
    wrong.unless(there.collect::<BTreeSet<_>>() == stated, || "data/signatures".to_owned());
    wrong.unless(used.is_none_or(|used| used == stated), || {
        "record.json, signatures: used".to_owned()
    });
}

/// `bag-info.txt` against the record; `Retention-Until` stands there alone.
pub(super) fn info(bag: &Bag, record: &Record, case: &Case, verification: &mut Verification) {
    let text = bag.text("bag-info.txt", 1 << 20).unwrap_or_default();
    let value = |label: &str| text.lines().find_map(|line| line.strip_prefix(label));
    let payload = bag.files.iter().filter(|(name, _)| name.starts_with("data/"));
    let payload = payload.fold((0, 0), |(octets, files), (_, size)| (octets + size, files + 1));
    let retention = value("Retention-Until: ").unwrap_or_default();
    if text != bundle::info(&record.vigie, case, payload, retention) {
        verification.wrong(finding("verify-stated").with("what", "bag-info.txt"));
    }
}

/// Signatures against those that this vigie ships, where the bundle was made with no others.
pub(super) fn shipped(bag: &Bag, record: &Record, verification: &mut Verification) {
    let own = record.options.iter().any(|o| o.name == "signatures" || o.name == "only-signatures");
    if own {
        verification.unchecked(finding("verify-signatures-own"));
        return;
    }
    let shipped = Database::shipped();
    let mut wrong = Wrong::default();
    let stated = &record.signatures;
    let number = shipped.signatures().len() as u64;
    wrong.unless((&*stated.date, stated.in_force) == (shipped.date(), number), || {
        "record.json, signatures: date, in_force".to_owned()
    });
    let newest = record.captures.iter().filter_map(|c| moment(c.get("last")?.as_str()?)).max();
    let day = newest.and_then(|newest| Timestamp::from_nanosecond(newest.0.into()).ok());
    let day = day.map(|time| time.to_zoned(TimeZone::UTC).date());
    let stale = day.and_then(|day| shipped.stale_days(day));
    wrong.unless(newest.is_none() || stale == record.stale_days, || {
        "record.json, stale_days".to_owned()
    });
    for id in &stated.used {
        let file = format!("data/signatures/{id}.toml");
        let text = shipped.by_id(id).map(|id| shipped.signature(id).to_string());
        wrong.unless(text == bag.text(&file, 1 << 20).ok(), || file);
    }
    if wrong.0.is_empty() {
        verification.holds_that(finding("verify-signatures-shipped"));
    }
    verification.wrong_ones("verify-signatures-other", "what", wrong.0);
}

/// What the record states of the captures that were read, against what they give.
pub(super) fn of_originals(record: &Record, counted: &Counted, verification: &mut Verification) {
    let mut wrong = Wrong::default();
    let snapshot = &counted.snapshot;
    for (at, (stated, account)) in (0..).zip(record.captures.iter().zip(&snapshot.captures)) {
        let mut line = Vec::new();
        let read = write_capture(&mut line, at, account).is_ok();
        let given: Option<serde_json::Value> = serde_json::from_slice(&line).ok();
        wrong.unless(read && given.as_ref() == Some(stated), || {
            format!("record.json, captures, {}", u64::from(at) + 1)
        });
    }
    let markers = Marker::of_sessions(&snapshot.captures);
    let same = record.has_markers(&markers);
    wrong.unless(same, || "record.json, markers".to_owned());
    wrong.unless(record.has_bounds(&snapshot.bounds), || "record.json, bounds".to_owned());
    let sampled = (snapshot.sampled.looked, snapshot.sampled.copies);
    wrong.unless((record.copies.looked, record.copies.copies) == sampled, || {
        "record.json, copies".to_owned()
    });
    if wrong.0.is_empty() {
        verification.holds_that(finding("verify-stated-originals-hold"));
    }
    verification.wrong_ones("verify-stated-originals", "what", wrong.0);
}

/// Does something with each row of a table, as far as they can be read.
fn each_row(bag: &Bag, file: &str, mut with: impl FnMut(&StringRecord)) {
    let Ok(opened) = bag.open(&format!("data/tables/{file}")) else { return };
    let mut reader = ReaderBuilder::new().from_reader(BufReader::new(opened));
    let mut row = StringRecord::new();
    while matches!(reader.read_record(&mut row), Ok(true)) {
        with(&row);
    }
}

/// The first rows of a table, one more than `most` of them.
fn rows(bag: &Bag, file: &str, most: usize) -> Vec<StringRecord> {
    let mut rows = Vec::new();
    each_row(bag, file, |row| {
        if rows.len() <= most {
            rows.push(row.clone());
        }
    });
    rows
}
