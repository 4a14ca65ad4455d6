//! Tables on disk.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use csv::{Terminator, WriterBuilder};
use serde::{Deserialize, Serialize};

use super::super::Recount;
use super::kind::{Facts, Kind, Line};

/// How many rows a table has, as the record states it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::evidence) struct TableSummary {
    /// Its file in `tables/`.
    pub(in crate::evidence) file: String,
    /// Rows that can be recounted from the bundle's captures.
    pub(in crate::evidence) tagged: u64,
    /// Rows that need the captures that were read.
    pub(in crate::evidence) original: u64,
    /// Of the latter, those that are about tagged flows, but of which the bundle's captures gave
    /// other numbers: the cells that tell them apart. At most [`TableSummary::DIFFERING`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::evidence) differ: Vec<String>,
    /// Rows that the table has not and only the bundle's captures give, since what would have
    /// hidden a name was cut off. As many at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::evidence) only_recounted: Vec<String>,
    /// Rows of either kind beyond these.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(in crate::evidence) more_differ: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl TableSummary {
    /// Rows named one by one; the rest is counted.
    const DIFFERING: usize = 100;

    /// Rows of tagged flows that the bundle's captures do not give, or give alone.
    pub(in crate::evidence) fn differing(&self) -> u64 {
        let named = self.differ.len() + self.only_recounted.len();
        self.more_differ.saturating_add(named as u64)
    }
}

/// Rows by what tells them apart.
#[derive(Debug)]
pub(in crate::evidence) struct Known {
    kind: Kind,
    rows: HashMap<String, String>,
}

/// Stands between cells that are looked up: no cell holds it, since tables hold no control
/// character.
const BETWEEN: &str = "\u{1f}";

impl Known {
    /// The rows that a recount gave, as far as they are wanted.
    pub(in crate::evidence) fn of(
        kind: Kind,
        facts: &Facts<'_>,
        wanted: impl Fn(Recount) -> bool,
    ) -> Self {
        let lines = kind.lines(facts).into_iter().filter(|line| wanted(line.recount));
        let rows = lines.map(|line| (key(kind, &line.cells), numbers(kind, &line.cells)));
        Self { kind, rows: rows.collect() }
    }

    /// Whether there is such a row with the same numbers.
    fn gives(&self, cells: &[String]) -> bool {
        self.rows.get(&key(self.kind, cells)) == Some(&numbers(self.kind, cells))
    }

    /// Takes the row with these cells before its numbers out, and gives the numbers.
    pub(in crate::evidence) fn take(&mut self, cells: &[String]) -> Option<String> {
        self.rows.remove(&key(self.kind, cells))
    }

    /// The rows that nobody took, in order.
    pub(in crate::evidence) fn left(self) -> Vec<String> {
        let mut left: Vec<_> = self.rows.into_keys().map(|key| shown(&key)).collect();
        left.sort_unstable();
        left
    }
}

/// What tells a row apart.
fn key(kind: Kind, cells: &[String]) -> String {
    cells.get(..kind.shape().0).unwrap_or(cells).join(BETWEEN)
}

/// The cells that a recount gives again.
pub(in crate::evidence) fn numbers(kind: Kind, cells: &[String]) -> String {
    let (keys, remarks) = kind.shape();
    cells.get(keys + remarks..).unwrap_or_default().join(BETWEEN)
}

/// What tells a row apart, for people.
pub(in crate::evidence) fn shown_cells(kind: Kind, cells: &[String]) -> String {
    shown(&key(kind, cells))
}

fn shown(key: &str) -> String {
    key.replace(BETWEEN, ", ")
}

/// Writes a table. A row that claims to be `tagged` but that the recount does not give is
/// `original`.
pub(in crate::evidence) fn write<W: Write>(
    writer: W,
    kind: Kind,
    facts: &Facts<'_>,
    recounted: &Known,
) -> io::Result<TableSummary> {
    let mut table = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(writer);
    let header = kind.header();
    table.write_record(header.iter().chain(&["recount"])).map_err(cause)?;
    let file = kind.file_name().to_owned();
    let mut summary = TableSummary { file, ..TableSummary::default() };
    let name = |list: &mut Vec<String>, row: &str, more: &mut u64| {
        if list.len() < TableSummary::DIFFERING {
            list.push(shown(row));
        } else {
            *more += 1;
        }
    };
    let mut left: HashSet<&str> = recounted.rows.keys().map(String::as_str).collect();
    for Line { cells, recount } in kind.lines(facts) {
        left.remove(key(kind, &cells).as_str());
        let recount = match recount {
            Recount::Tagged if !recounted.gives(&cells) => {
                name(&mut summary.differ, &key(kind, &cells), &mut summary.more_differ);
                Recount::Original
            }
            recount => recount,
        };
        match recount {
            Recount::Tagged => summary.tagged += 1,
            Recount::Original => summary.original += 1,
        }
        let row = cells.iter().map(String::as_str).chain([recount.word()]);
        table.write_record(row).map_err(cause)?;
    }
    // What was cut off hid that these names are nobody's, so that the recount has rows of its own.
    let mut left: Vec<&str> = left.into_iter().collect();
    left.sort_unstable();
    for row in left {
        name(&mut summary.only_recounted, row, &mut summary.more_differ);
    }
    table.flush()?;
    Ok(summary)
}

/// The writer's own error, with its kind.
pub(super) fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
