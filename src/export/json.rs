//! One JSON document: the summary, the captures, and the rows of a roll-up.

use std::io::{self, Write};

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::capture_record::{Capture, SCHEMA, digits};
use super::dimension::{Labels, dimension_word};
use super::flow_record::Amount;
use super::json_text;
use super::summary_record::Summary;
use super::time::Dated;
use crate::ledger::{DimensionValue, Rollup, RollupRow, Snapshot};
use crate::signature::Database;

/// Writes the document on one line; `by` is the roll-up of `--by`, one of the snapshot's.
pub fn write_json<W: Write>(
    mut writer: W,
    snapshot: &Snapshot,
    database: &Database,
    by: Option<&Rollup>,
) -> io::Result<()> {
    let labels = Labels { database, captures: &snapshot.captures };
    let document = Document {
        schema: SCHEMA,
        summary: Summary::part(snapshot, database),
        captures: (0..).zip(&snapshot.captures).map(|(id, c)| Capture::part(id, c)).collect(),
        by: by.map(|rollup| Rows { rollup, labels, digits: digits(&snapshot.captures) }),
    };
    json_text::write(&mut writer, &document)?;
    writer.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    #[serde(flatten)]
    summary: Summary<'a>,
    captures: Vec<Capture<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Rows<'a>>,
}

/// The rows of a roll-up.
struct Rows<'a> {
    rollup: &'a Rollup,
    labels: Labels<'a>,
    digits: u8,
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.rollup.len()))?;
        for (values, sums) in self.rollup.ordered() {
            rows.serialize_element(&Row { rows: self, values: &values, sums: &sums })?;
        }
        rows.end()
    }
}

/// One row: the dimensions' words as keys, then the sums.
struct Row<'a> {
    rows: &'a Rows<'a>,
    values: &'a [DimensionValue],
    sums: &'a RollupRow,
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (dimension, value) in self.rows.rollup.dimensions.iter().zip(self.values) {
            map.serialize_entry(dimension_word(*dimension), &self.rows.labels.value(value))?;
        }
        // Once a row: every dimension that tells names apart gives the same cause.
        if let Some(cause) = self.values.iter().find_map(cause) {
            map.serialize_entry("unnamed", cause)?;
        }
        if self.values.contains(&DimensionValue::Other) {
            map.serialize_entry("other", &true)?;
        }
        let dated = |time| Dated { time, digits: self.rows.digits };
        map.serialize_entry("up", &Amount::from(self.sums.counts.up))?;
        map.serialize_entry("down", &Amount::from(self.sums.counts.down))?;
        map.serialize_entry("flows", &self.sums.flows)?;
        map.serialize_entry("first", &dated(self.sums.first))?;
        map.serialize_entry("last", &dated(self.sums.last))?;
        map.end()
    }
}

/// Why there is no name, where that is the value.
fn cause(value: &DimensionValue) -> Option<&'static str> {
    match value {
        DimensionValue::Unnamed(cause) => Some(cause.word()),
        _ => None,
    }
}
