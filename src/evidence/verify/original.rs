//! The captures that were read, counted once more.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::super::record::Record;
use super::super::tables::{Facts, Kind};
use super::super::{Material, Remarks};
use super::finding::{Verification, finding};
use super::numbers::{Rows, table};
use super::structure::Bag;
use crate::ledger::{DimensionValue, FlowRecord};
use crate::pipeline::{self, DuplicateUse, Options, Output, Run, StreamOutput};
use crate::signature::Database;
use crate::source::{self, CaptureAccount, Input, StreamPlan};

/// Hashes the captures that somebody gave, counts them as the record says, and compares every
/// table with the result.
pub(super) fn original(
    bag: &Bag,
    record: &Record,
    database: &Database,
    given: &[PathBuf],
    run: &Run,
    verification: &mut Verification,
) -> io::Result<()> {
    let Some(inputs) = in_order(record, given, verification) else { return Ok(()) };
    let has_log = record.options.iter().any(|o| o.name == "dns-log" && !o.value.is_empty());
    let Ok(options) = record.counting.options(&Material::ROLLUPS) else {
        verification.wrong(finding("verify-record"));
        return Ok(());
    };
    let duplicates =
        if record.counting.dedup { DuplicateUse::SetAside } else { DuplicateUse::Count };
    let max_flows = record.counting.max_flows;
    let options = Options { hash: true, duplicates, max_flows, ..options };
    let streams = planned(&inputs, record.counting.join);
    let remarks = Mutex::default();
    let mut snapshot = pipeline::run(&streams, &options, database, &Remarked(&remarks), run)?;
    for rollup in &mut snapshot.rollups {
        if [&Material::NAMES[..], &Material::ENDPOINTS].contains(&&rollup.dimensions[..]) {
            rollup.rows.retain(|(values, _)| !values.contains(&DimensionValue::Untagged));
        }
    }
    let (all, tagged) = remarks.into_inner().unwrap_or_else(PoisonError::into_inner);
    let none = std::collections::BTreeMap::new();
    let facts = Facts {
        snapshot: &snapshot,
        database,
        all: Some(&all),
        tagged: &tagged,
        timeline: None,
        bundle: &[],
        captures: &[],
        server_names: &none,
        digits: record.digits,
    };
    if has_log {
        // Names that only the log gave decide which flows are tagged.
        for kind in [Kind::Balance, Kind::Captures] {
            table(bag, kind, &facts, Rows::Nameless, None, verification);
        }
        verification.unchecked(finding("verify-original-log"));
        return Ok(());
    }
    for kind in Kind::ALL {
        if compared(kind, record) {
            table(bag, kind, &facts, Rows::All, None, verification);
        }
    }
    if record.privacy.pseudonymized {
        verification.unchecked(finding("verify-original-pseudonyms"));
    }
    if record.privacy.tenants_masked {
        verification.unchecked(finding("verify-original-tenants"));
    }
    Ok(())
}

/// The captures as they were read: of a file that was still being written, its beginning.
fn planned(inputs: &[Input], join: bool) -> Vec<StreamPlan> {
    let paths: Vec<PathBuf> = inputs.iter().filter_map(|i| Some(i.path()?.to_owned())).collect();
    let mut streams = source::plan_streams(&paths, join).streams;
    for capture in streams.iter_mut().flat_map(|stream| &mut stream.captures) {
        if let Some(part) = inputs.iter().find(|input| *input == capture) {
            capture.clone_from(part);
        }
    }
    streams
}

/// The hash of the beginning of a file, and that beginning as an input.
fn part_of(path: &Path, octets: u64) -> io::Result<(String, Input)> {
    let file = Arc::new(File::open(path)?);
    let (hash, _) = super::super::hash::of_reader(&mut (&*file).take(octets))?;
    Ok((hash, Input::Part(path.to_owned(), file, octets)))
}

/// Whether the captures give this table: pseudonyms and masks are not in them.
fn compared(kind: Kind, record: &Record) -> bool {
    match kind {
        Kind::Timeline | Kind::TaggedCaptures | Kind::ServerNames => false,
        Kind::Clients => !record.privacy.pseudonymized,
        Kind::Endpoints => !record.privacy.pseudonymized && !record.privacy.tenants_masked,
        Kind::Names => !record.privacy.tenants_masked,
        _ => true,
    }
}

/// The given captures in the order of the record; none where one is missing or another.
fn in_order(
    record: &Record,
    given: &[PathBuf],
    verification: &mut Verification,
) -> Option<Vec<Input>> {
    let mut hashed = Vec::new();
    for path in given {
        let hash = File::open(path).and_then(|mut file| super::super::hash::of_reader(&mut file));
        match hash {
            Ok((hash, _)) => hashed.push((hash, path)),
            Err(error) => {
                let said = finding("verify-original-unreadable").with("capture", shown(path));
                verification.unchecked(said.with("why", error.to_string()));
            }
        }
    }
    let mut inputs = Vec::new();
    let mut whole = true;
    for capture in &record.captures {
        let text = |field: &str| capture.get(field).and_then(|v| v.as_str()).unwrap_or_default();
        let part = capture.get("octets_read").and_then(serde_json::Value::as_u64);
        let input = |(hash, path): &(String, &PathBuf)| {
            let is_whole = hash == text("sha256");
            let of_part = || part_of(path, part?).ok().filter(|(hash, _)| hash == text("sha256"));
            if is_whole { Some(Input::File((*path).clone())) } else { Some(of_part()?.1) }
        };
        let found = hashed.iter().enumerate().find_map(|(at, file)| Some((at, input(file)?)));
        if let Some((place, input)) = found {
            let (_, path) = hashed.remove(place);
            verification.holds_that(finding("verify-original-holds").with("capture", shown(path)));
            inputs.push(input);
        } else {
            whole = false;
            let said = finding("verify-original-missing").with("capture", text("path"));
            verification.unchecked(said);
        }
    }
    for (_, path) in &hashed {
        whole = false;
        verification.wrong(finding("verify-original-other").with("capture", shown(path)));
    }
    whole.then_some(inputs)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Counts remarks on all flows, and on tagged ones.
struct Remarked<'a>(&'a Mutex<(Remarks, Remarks)>);

/// Those of one stream.
struct Part<'a> {
    whole: &'a Mutex<(Remarks, Remarks)>,
    all: Remarks,
    tagged: Remarks,
}

impl<'a> Output for Remarked<'a> {
    type Stream = Part<'a>;

    fn begin(&self, _stream: usize) -> Part<'a> {
        Part { whole: self.0, all: Remarks::default(), tagged: Remarks::default() }
    }
}

impl StreamOutput for Part<'_> {
    fn flow(&mut self, flow: &FlowRecord) -> io::Result<()> {
        self.all.count(flow);
        if flow.primary().is_some() {
            self.tagged.count(flow);
        }
        Ok(())
    }

    fn end(self, _first_capture: u32, _captures: &[CaptureAccount]) -> io::Result<()> {
        let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        whole.0.merge(&self.all);
        whole.1.merge(&self.tagged);
        Ok(())
    }
}
