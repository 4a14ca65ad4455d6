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
    table.write_record(words.chain(COLUMNS)).map_err(cause)?;
    for (values, sums) in rollup.ordered() {
        for value in values {
            table.write_field(&*cell(&labels.text(value))).map_err(cause)?;
        }
        write_sums(&mut table, sums, digits).map_err(cause)?;
        table.write_field(&*cell(database.date())).map_err(cause)?;
        table.write_record(None::<&[u8]>).map_err(cause)?;
    }
    table.flush()
}

/// The columns behind the dimensions.
pub(super) const COLUMNS: [&str; 10] = [
    "up_packets",
    "up_bytes",
    "up_payload",
    "down_packets",
    "down_bytes",
    "down_payload",
    "flows",
    "first",
    "last",
    "signatures_date",
];

/// The sums of a row.
fn write_sums<W: Write>(
    table: &mut csv::Writer<W>,
    sums: &RollupRow,
    digits: u8,
) -> csv::Result<()> {
    let (up, down) = (sums.counts.up, sums.counts.down);
    let numbers =
        [up.frames, up.octets, up.payload, down.frames, down.octets, down.payload, sums.flows];
    for number in numbers {
        table.write_field(number.to_string())?;
    }
    table.write_field(&*rfc3339(sums.first, digits))?;
    table.write_field(&*rfc3339(sums.last, digits))
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
