//! Tables against numbers that were counted again.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use super::super::Recount;
use super::super::tables::{FLOWS, Facts, Kind, Known, TableSummary, numbers, shown_cells};
use super::finding::{Verification, finding};
use super::structure::Bag;

/// Which rows are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// Those that the bundle's captures give.
    Tagged,
    /// All of them, from the captures that were read.
    All,
    /// From the same those that no tag and no name changes.
    Nameless,
}

/// Compares one table with what was counted again.
pub(super) fn table(
    bag: &Bag,
    kind: Kind,
    facts: &Facts<'_>,
    rows: Rows,
    summary: Option<&TableSummary>,
    verification: &mut Verification,
) {
    let file = kind.file_name();
    let name = format!("data/tables/{file}");
    let Ok(opened) = bag.open(&name) else {
        verification.wrong(finding("verify-table-missing").with("table", file));
        return;
    };
    let mut reader = ReaderBuilder::new().has_headers(false).from_reader(BufReader::new(opened));
    let mut records = reader.records();
    let header = records.next().and_then(Result::ok).unwrap_or_default();
    let expected = kind.header().into_iter().chain(["recount"]);
    if !header.iter().eq(expected) {
        verification.wrong(finding("verify-table-header").with("table", file));
        return;
    }
    let compared = |recount| match rows {
        Rows::All => true,
        Rows::Tagged => recount == Recount::Tagged,
        Rows::Nameless => recount == Recount::Original,
    };
    let mut known = Known::of(kind, facts, compared);
    let listed: HashSet<&str> =
        summary.iter().flat_map(|s| &s.differ).map(String::as_str).collect();
    let alone: HashSet<&str> =
        summary.iter().flat_map(|s| &s.only_recounted).map(String::as_str).collect();
    let more = summary.is_some_and(|summary| summary.more_differ > 0);
    let mut found = Found::default();
    for (line, record) in (2..).zip(records) {
        let Ok(record) = record else {
            found.wrong.push(format!("{file}, {line}"));
            break;
        };
        found.row(&record, line, &mut known, (kind, rows), |key| more || listed.contains(key));
    }
    let mut left = known.left();
    let Found { wrong, held, mut unlike } = found;
    if rows == Rows::Tagged {
        // The record says so of rows that the captures as they were did not give.
        let all = left.len();
        left.retain(|key| !more && !alone.contains(key.as_str()));
        unlike += (all - left.len()) as u64;
    }
    let left = left.into_iter().map(|key| format!("{file}: {key}"));
    let is_right = wrong.is_empty() && left.len() == 0;
    verification.wrong_ones("verify-row", "row", wrong);
    verification.wrong_ones("verify-row-missing", "row", left);
    if is_right && held > 0 {
        verification
            .holds_that(finding("verify-table-holds").with("table", file).count("rows", held));
    }
    if unlike > 0 {
        let said = finding("verify-rows-unlike").with("table", file).count("rows", unlike);
        verification.unchecked(said);
    }
}

/// What tells the rows on tagged flows of a table apart, for people, in order.
pub(super) fn keys(bag: &Bag, kind: Kind) -> Vec<String> {
    let opened = bag.open(&format!("data/tables/{}", kind.file_name()));
    let Ok(opened) = opened else { return Vec::new() };
    let reader = ReaderBuilder::new().from_reader(BufReader::new(opened));
    let mut keys = Vec::new();
    for record in reader.into_records().map_while(Result::ok) {
        let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
        if cells.pop().as_deref() == Some(Recount::Tagged.word()) {
            keys.push(shown_cells(kind, &cells));
        }
    }
    keys.sort_unstable();
    keys
}

/// What comparing a table's rows gave.
#[derive(Debug, Default)]
struct Found {
    wrong: Vec<String>,
    held: u64,
    /// Rows of tagged flows that the bundle's captures do not give, as the record says.
    unlike: u64,
}

impl Found {
    fn row(
        &mut self,
        record: &StringRecord,
        line: u64,
        known: &mut Known,
        (kind, rows): (Kind, Rows),
        is_listed: impl Fn(&str) -> bool,
    ) {
        let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
        let mark = cells.pop().unwrap_or_default();
        let key = shown_cells(kind, &cells);
        let row = || format!("{}, {line}: {key}", kind.file_name());
        if mark != Recount::Tagged.word() && mark != Recount::Original.word() {
            self.wrong.push(row());
            return;
        }
        let is_tagged = mark == Recount::Tagged.word();
        match known.take(&cells) {
            Some(counted) if rows != Rows::Tagged => {
                let same = counted == numbers(kind, &cells);
                self.tell(same, row);
            }
            Some(counted) if is_tagged => self.tell(counted == numbers(kind, &cells), row),
            // Marked `original` although it is about tagged flows: only where the record says
            // that its numbers are others, and they are.
            Some(counted) if is_listed(&key) && counted != numbers(kind, &cells) => {
                self.unlike += 1;
            }
            Some(_) => self.wrong.push(row()),
            // Whether the bundle's captures give it was said already.
            None if rows == Rows::Nameless => {}
            None if is_tagged || rows == Rows::All => self.wrong.push(row()),
            None if is_listed(&key) => {
                self.unlike += 1;
            }
            None => {}
        }
    }

    fn tell(&mut self, same: bool, row: impl Fn() -> String) {
        if same {
            self.held += 1;
        } else {
            self.wrong.push(row());
        }
    }
}

/// Octets of a line at most.
const LONGEST_LINE: u64 = 1 << 20;

/// Compares the table of flows, line by line, with the one that was written while the bundle's
/// captures were counted again.
pub(super) fn flows(bag: &Bag, again: &Path, verification: &mut Verification) {
    let name = format!("data/tables/{FLOWS}");
    let (Ok(stored), Ok(again)) = (bag.open(&name), File::open(again)) else {
        verification.wrong(finding("verify-table-missing").with("table", FLOWS));
        return;
    };
    let (mut stored, mut again) = (BufReader::new(stored), BufReader::new(again));
    let (mut one, mut other) = (Vec::new(), Vec::new());
    let (mut wrong, mut more, mut held) = (Vec::new(), 0, 0);
    for line in 1_u64.. {
        let (Ok(()), Ok(())) = (next(&mut stored, &mut one), next(&mut again, &mut other)) else {
            wrong.push(format!("{FLOWS}, {line}"));
            break;
        };
        if one.is_empty() && other.is_empty() {
            break;
        }
        if one == other {
            held += u64::from(line > 1);
        } else if wrong.len() < 20 {
            wrong.push(format!("{FLOWS}, {line}"));
        } else {
            more += 1;
        }
    }
    if wrong.is_empty() {
        verification
            .holds_that(finding("verify-table-holds").with("table", FLOWS).count("rows", held));
    }
    verification.wrong_ones("verify-row", "row", wrong);
    if more > 0 {
        verification.wrong(finding("verify-more").count("more", more));
    }
}

/// The next line, with its end; empty at the end.
fn next(reader: &mut dyn BufRead, line: &mut Vec<u8>) -> std::io::Result<()> {
    line.clear();
    reader.take(LONGEST_LINE).read_until(b'\n', line)?;
    Ok(())
}
