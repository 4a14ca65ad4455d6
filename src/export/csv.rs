//! A roll-up as a table: RFC 4180, one header line.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{Terminator, WriterBuilder};

use super::capture_record::digits;
use super::dimension::{Labels, dimension_word};
use super::escape::escape;
use super::time::rfc3339;
use crate::ledger::{Rollup, RollupRow, Snapshot};
use crate::signature::Database;

/// Writes the rows of `rollup`, one of the snapshot's. Text is escaped for terminals; a cell
/// that a spreadsheet would read as a formula starts with an apostrophe. Every row ends with the
/// date of the signatures, so that a row that is copied elsewhere still says of when its tag is.
pub fn write_csv<W: Write>(
    writer: W,
    rollup: &Rollup,
    snapshot: &Snapshot,
    database: &Database,
) -> io::Result<()> {
    let labels = Labels { database, captures: &snapshot.captures };
    let digits = digits(&snapshot.captures);
    let mut table = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(writer);
    let words = rollup.dimensions.iter().map(|dimension| dimension_word(*dimension));
    table.write_record(words.chain(SUM_COLUMNS).chain([SIGNATURES_DATE])).map_err(cause)?;
    for (values, sums) in rollup.ordered() {
        for value in &values {
            table.write_field(&*cell(&labels.text(value))).map_err(cause)?;
        }
        for sum in sum_cells(&sums, digits) {
            table.write_field(sum).map_err(cause)?;
        }
        table.write_field(&*cell(database.date())).map_err(cause)?;
        table.write_record(None::<&[u8]>).map_err(cause)?;
    }
    table.flush()
}

/// The last column.
pub(super) const SIGNATURES_DATE: &str = "signatures_date";

/// The columns of a row's sums.
pub const SUM_COLUMNS: [&str; 9] = [
    "up_packets",
    "up_bytes",
    "up_payload",
    "down_packets",
    "down_bytes",
    "down_payload",
    "flows",
    "first",
    "last",
];

/// The cells of [`SUM_COLUMNS`]; times with so many decimal digits of a second.
pub fn sum_cells(sums: &RollupRow, digits: u8) -> impl Iterator<Item = String> {
    let (up, down) = (sums.counts.up, sums.counts.down);
    let numbers =
        [up.frames, up.octets, up.payload, down.frames, down.octets, down.payload, sums.flows];
    let times = [sums.first, sums.last].map(|time| rfc3339(time, digits).to_string());
    numbers.map(|number| number.to_string()).into_iter().chain(times)
}

/// Text made safe for terminals and spreadsheets.
pub fn cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{}", escape(text)))
    } else {
        escape(text)
    }
}

/// The writer's own error, with its kind: a closed pipe stays one.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
