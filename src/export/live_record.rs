//! NDJSON records of a capture that goes on, schema `vigie/1`. Field order is output order.

use std::io::{self, Write};

use serde::Serialize;

use super::ndjson::write_line;
use super::summary_record::Summary;
use super::time::Dated;
use crate::ledger::{Marker, Snapshot};
use crate::signature::Database;
use crate::source::CaptureTime;

/// Decimal digits of times that are no frame's: the finest there are.
pub(super) const DIGITS: u8 = 9;

/// Writes the record of a snapshot: the summary so far, with the capture clock.
pub fn write_snapshot<W: Write>(
    writer: W,
    snapshot: &Snapshot,
    time: Option<CaptureTime>,
    database: &Database,
) -> io::Result<()> {
    let record = SnapshotRecord {
        r#type: "snapshot",
        time: time.map(|time| Dated { time, digits: DIGITS }),
        dropped: snapshot.dropped(),
        summary: Summary::part(snapshot, database),
    };
    write_line(writer, &record)
}

/// Writes the record of a marker.
pub fn write_marker<W: Write>(writer: W, marker: &Marker) -> io::Result<()> {
    write_line(writer, &MarkerRecord { r#type: Some("marker"), ..MarkerRecord::part(marker) })
}

/// `{"type":"snapshot",…}`.
#[derive(Serialize)]
struct SnapshotRecord<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<Dated>,
    dropped: Option<u64>,
    #[serde(flatten)]
    summary: Summary<'a>,
}

/// `{"type":"marker",…}`; in the summary without `type`.
#[derive(Serialize)]
pub(super) struct MarkerRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<Dated>,
    after_frames: u64,
    text: &'a str,
}

impl<'a> MarkerRecord<'a> {
    pub(super) fn part(marker: &'a Marker) -> Self {
        Self {
            r#type: None,
            time: marker.time.map(|time| Dated { time, digits: DIGITS }),
            after_frames: marker.after_frames,
            text: &marker.text,
        }
    }
}
