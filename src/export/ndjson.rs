//! NDJSON, schema `vigie/1`: a record a line.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;

use super::capture_record::Capture;
use super::flow_record::Flow;
use super::json_text;
use super::spool::{Lane, MEMORY, Spool};
use super::summary_record::Summary;
use crate::ledger::{FlowRecord, Snapshot};
use crate::pipeline::{Output, StreamOutput};
use crate::signature::Database;
use crate::source::CaptureAccount;

/// Writes flows as they end, stream after stream in the order given, each stream's captures
/// behind its flows. Streams that wait for their turn use at most 8 MiB together, then a
/// temporary file.
#[derive(Debug)]
pub struct NdjsonOutput<'d, W> {
    spool: Arc<Spool<W>>,
    database: &'d Database,
}

impl<'d, W: Write> NdjsonOutput<'d, W> {
    /// An output to `writer`, which should have a buffer, for flows with tags of `database`.
    pub fn new(writer: W, database: &'d Database) -> Self {
        Self::with_file(writer, database, None)
    }

    /// The same with the temporary file, made before the right to make files was given up.
    pub fn with_file(writer: W, database: &'d Database, file: Option<File>) -> Self {
        Self { spool: Spool::new(writer, MEMORY, file), database }
    }

    /// Writes the summary behind everything else, and flushes. To be called when the pipeline
    /// has ended.
    pub fn finish(self, snapshot: &Snapshot) -> io::Result<()> {
        self.spool.finish(|writer| write_summary(writer, snapshot, self.database))
    }
}

impl<'d, W: Write + Send> Output for NdjsonOutput<'d, W> {
    type Stream = NdjsonStream<'d, W>;

    fn begin(&self, stream: usize) -> Self::Stream {
        NdjsonStream { lane: self.spool.lane(stream), database: self.database, line: Vec::new() }
    }
}

/// The records of one stream.
#[derive(Debug)]
pub struct NdjsonStream<'d, W> {
    lane: Lane<W>,
    database: &'d Database,
    /// Room for one record, kept from line to line.
    line: Vec<u8>,
}

impl<W: Write> StreamOutput for NdjsonStream<'_, W> {
    fn flow(&mut self, flow: &FlowRecord) -> io::Result<()> {
        self.line.clear();
        write_line(&mut self.line, &Flow::new(flow, self.database))?;
        self.lane.record(&self.line)
    }

    fn end(mut self, first_capture: u32, captures: &[CaptureAccount]) -> io::Result<()> {
        for (id, capture) in (first_capture..).zip(captures) {
            self.line.clear();
            write_line(&mut self.line, &Capture::record(id, capture))?;
            self.lane.record(&self.line)?;
        }
        self.lane.end()
    }
}

/// Writes the record of a flow.
pub fn write_flow<W: Write>(writer: W, flow: &FlowRecord, database: &Database) -> io::Result<()> {
    write_line(writer, &Flow::new(flow, database))
}

/// Writes the record of a capture, whose number in the run is `id`.
pub fn write_capture<W: Write>(writer: W, id: u32, capture: &CaptureAccount) -> io::Result<()> {
    write_line(writer, &Capture::record(id, capture))
}

/// Writes the summary record.
pub fn write_summary<W: Write>(
    writer: W,
    snapshot: &Snapshot,
    database: &Database,
) -> io::Result<()> {
    write_line(writer, &Summary::record(snapshot, database))
}

/// Writes one record and the end of its line.
pub(super) fn write_line<W: Write, T: serde::Serialize>(
    mut writer: W,
    record: &T,
) -> io::Result<()> {
    json_text::write(&mut writer, record)?;
    writer.write_all(b"\n")
}

#[cfg(test)]
#[path = "ndjson/tests.rs"]
mod tests;
