//! The captures that were read, counted once more.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use csv::ReaderBuilder;

use super::super::pseudonym::{Pseudonyms, Tenants};
use super::super::record::Record;
use super::super::tables::{Facts, Kind, Known};
use super::super::{Material, Recount, Remarks};
use super::finding::{Verification, finding};
use super::numbers::{Rows, keys, table};
use super::structure::Bag;
use crate::ledger::{DimensionValue, FlowRecord, Snapshot};
use crate::name::HostName;
use crate::pipeline::{self, DuplicateUse, Options, Output, Run, StreamOutput};
use crate::signature::Database;
use crate::source::{self, CaptureAccount, Input, StreamPlan};

/// What the captures that were read give.
#[derive(Debug)]
pub(super) struct Counted {
    /// The ledger; its captures stand in the order of the record, under its names.
    pub(super) snapshot: Snapshot,
    /// Remarks on all flows, and on tagged ones.
    pub(super) all: Remarks,
    pub(super) tagged: Remarks,
}

/// Hashes the captures that somebody gave, counts them as the record says, and compares every
/// table with the result. Gives what was counted where names are those that the bundle has.
pub(super) fn original(
    bag: &Bag,
    record: &Record,
    database: &Database,
    given: &[PathBuf],
    jobs: usize,
    verification: &mut Verification,
) -> io::Result<Option<Counted>> {
    let Some(inputs) = in_order(record, given, verification) else { return Ok(None) };
    let has_log = record.options.iter().any(|o| o.name == "dns-log" && !o.value.is_empty());
    let Ok(options) = record.counting.options(&Material::ROLLUPS) else {
        verification.wrong(finding("verify-record"));
        return Ok(None);
    };
    let duplicates =
        if record.counting.dedup { DuplicateUse::SetAside } else { DuplicateUse::Count };
    let max_flows = record.counting.max_flows;
    let of_tagged = Material::OF_TAGGED.map(<[_]>::to_vec).to_vec();
    let options = Options { hash: true, of_tagged, duplicates, max_flows, jobs, ..options };
    let streams = planned(&inputs, record.counting.join);
    let remarks = Mutex::default();
    let mut snapshot =
        pipeline::run(&streams, &options, database, &Remarked(&remarks), &Run::default())?;
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
    if record.privacy.pseudonymized && has_keys(bag, Kind::Clients, &facts) {
        verification.wrong(finding("verify-pseudonyms-none"));
    }
    if record.privacy.tenants_masked
        && let Some(name) = tenant_named(bag, &snapshot)
    {
        verification.wrong(finding("verify-tenants-none").with("name", name.to_string()));
    }
    let home_nets = &record.counting.home_nets;
    let turned = record.privacy.pseudonymized && !Pseudonyms::stay(home_nets);
    if has_log || turned {
        // Names that only the log gave decide which flows are tagged, home networks who is client.
        for kind in [Kind::Balance, Kind::Captures] {
            table(bag, kind, &facts, Rows::Nameless, None, verification);
        }
        if has_log {
            verification.unchecked(finding("verify-original-log"));
        }
        if turned {
            verification.unchecked(finding("verify-original-home"));
        }
        return Ok(None);
    }
    for kind in Kind::ALL {
        if compared(kind, record) {
            table(bag, kind, &facts, Rows::All, None, verification);
        }
    }
    let privacy = &record.privacy;
    if privacy.pseudonymized {
        verification.unchecked(finding("verify-original-pseudonyms"));
    }
    if privacy.masks_names() {
        verification.unchecked(finding("verify-original-tenants"));
    }
    if privacy.pseudonymized || privacy.masks_names() {
        return Ok(None);
    }
    let captures = std::mem::take(&mut snapshot.captures);
    snapshot.captures = as_recorded(captures, record);
    Ok(Some(Counted { snapshot, all, tagged }))
}

/// The captures in the order of the record, under the names that they had.
fn as_recorded(mut captures: Vec<CaptureAccount>, record: &Record) -> Vec<CaptureAccount> {
    let mut ordered = Vec::new();
    for of in &record.captures {
        let text = |field: &str| of.get(field).and_then(|v| v.as_str()).unwrap_or_default();
        let hash = |account: &CaptureAccount| {
            account.sha256.map(|hash| super::super::hash::hex(&hash)).unwrap_or_default()
        };
        let found = captures.iter().position(|account| hash(account) == text("sha256"));
        if let Some(at) = found {
            let account = captures.remove(at);
            ordered.push(CaptureAccount { path: text("path").to_owned(), ..account });
        }
    }
    ordered.append(&mut captures);
    ordered
}

/// A name of a tenant in the captures that stands in the bundle as it is.
fn tenant_named(bag: &Bag, snapshot: &Snapshot) -> Option<HostName> {
    let opened = bag.open(&format!("data/tables/{}", Kind::Names.file_name())).ok()?;
    let rows = ReaderBuilder::new().from_reader(BufReader::new(opened)).into_records();
    let names = rows.map_while(Result::ok).filter_map(|row| row.get(1).map(str::to_owned));
    let in_table: HashSet<String> = names.collect();
    let tenants = Tenants::unkeyed();
    let mut found = None;
    for rollup in snapshot.rollups.iter().filter(|of| of.dimensions == Material::NAMES) {
        rollup.each(|values, _| {
            let mut names = values.iter().filter_map(|value| match value {
                DimensionValue::Name(name) => Some(name),
                _ => None,
            });
            if found.is_none() {
                let is_one =
                    |name: &&HostName| in_table.contains(name.as_str()) && tenants.is_in(name);
                found = names.find(is_one).cloned();
            }
        });
    }
    found
}

/// Whether the table has the very rows on tagged flows that the captures give, whatever their
/// numbers: then nothing in it is a pseudonym.
fn has_keys(bag: &Bag, kind: Kind, facts: &Facts<'_>) -> bool {
    let known = Known::of(kind, facts, |recount| recount == Recount::Tagged);
    let counted = known.left();
    !counted.is_empty() && counted == keys(bag, kind)
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
        Kind::Endpoints => !record.privacy.pseudonymized && !record.privacy.masks_names(),
        Kind::Names => !record.privacy.masks_names(),
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
