//! The table of tagged flows, written while the bundle's captures are counted again.

use std::collections::BTreeMap;
use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};

use super::super::{Recount, Remarks};
use super::writer::cause;
use crate::export::{SUM_COLUMNS, csv_text, rfc3339};
use crate::filter::protocol_word;
use crate::ledger::FlowRecord;
use crate::name::{HostName, Via};
use crate::signature::Database;

/// Columns before the sums.
const COLUMNS: [&str; 17] = [
    "capture",
    "first_frame",
    "proto",
    "client",
    "client_port",
    "server",
    "server_port",
    "oriented_by",
    "signature",
    "basis",
    "matched",
    "grade",
    "also",
    "name",
    "via",
    "server_name",
    "flags",
];

/// Flows with one server name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::evidence) struct SniSums {
    pub(in crate::evidence) flows: u64,
    pub(in crate::evidence) frames: u64,
    pub(in crate::evidence) octets: u64,
}

/// Writes the tagged flows of one stream and sums what is remarkable about them.
#[derive(Debug)]
pub(in crate::evidence) struct FlowRows<W: Write> {
    table: Writer<W>,
    digits: u8,
    pub(in crate::evidence) sums: FlowSums,
}

/// What is summed over the rows of the table.
#[derive(Debug, Default)]
pub(in crate::evidence) struct FlowSums {
    pub(in crate::evidence) rows: u64,
    pub(in crate::evidence) remarks: Remarks,
    pub(in crate::evidence) server_names: BTreeMap<HostName, SniSums>,
}

impl FlowSums {
    /// Adds those of another stream.
    pub(in crate::evidence) fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        self.remarks.merge(&other.remarks);
        for (name, theirs) in other.server_names {
            let mine = self.server_names.entry(name).or_default();
            mine.flows += theirs.flows;
            mine.frames += theirs.frames;
            mine.octets += theirs.octets;
        }
    }
}

/// The line above the rows.
pub(in crate::evidence) fn flows_header() -> io::Result<Vec<u8>> {
    let mut table = table(Vec::new());
    let sums = SUM_COLUMNS.iter().filter(|column| **column != "flows");
    table.write_record(COLUMNS.iter().chain(sums).chain(&["recount"])).map_err(cause)?;
    table.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn table<W: Write>(writer: W) -> Writer<W> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(writer)
}

impl<W: Write> FlowRows<W> {
    /// Rows without a header.
    pub(in crate::evidence) fn new(writer: W, digits: u8) -> Self {
        Self { table: table(writer), digits, sums: FlowSums::default() }
    }

    /// A flow that began in the capture of this name; one without a tag is passed over.
    pub(in crate::evidence) fn flow(
        &mut self,
        capture: &str,
        flow: &FlowRecord,
        database: &Database,
    ) -> io::Result<()> {
        let Some(tag) = flow.primary() else { return Ok(()) };
        self.sums.remarks.count(flow);
        self.sums.rows += 1;
        let sent = flow.names.iter().find(|o| matches!(o.via, Via::TlsSni | Via::QuicSni));
        if let Some(sent) = sent {
            let sums = self.sums.server_names.entry(sent.name.clone()).or_default();
            sums.flows += 1;
            sums.frames += flow.counts.frames();
            sums.octets += flow.counts.octets();
        }
        let port = |port: u16| if flow.has_ports() { port.to_string() } else { String::new() };
        let best = flow.best_name();
        let also: Vec<_> =
            flow.tags.iter().skip(1).map(|tag| &*database.signature(tag.signature).id).collect();
        let flags: Vec<_> = flow.flags.words().collect();
        let text = |text: &str| csv_text(text).into_owned();
        let cells: [String; COLUMNS.len()] = [
            text(capture),
            flow.first_frame.to_string(),
            text(&protocol_word(flow.protocol)),
            flow.client.ip.to_string(),
            port(flow.client.port),
            flow.server.ip.to_string(),
            port(flow.server.port),
            flow.oriented_by.word().to_owned(),
            text(&database.signature(tag.signature).id),
            tag.basis.word().to_owned(),
            text(&tag.matched),
            tag.grade.word().to_owned(),
            text(&also.join(" ")),
            text(best.map_or("", |best| best.name.as_str())),
            best.map_or("", |best| best.via.word()).to_owned(),
            text(sent.map_or("", |sent| sent.name.as_str())),
            flags.join(" "),
        ];
        let (up, down) = (flow.counts.up, flow.counts.down);
        let sums = [up.frames, up.octets, up.payload, down.frames, down.octets, down.payload];
        let times = [flow.first, flow.last].map(|time| rfc3339(time, self.digits).to_string());
        let sums = sums.map(|number| number.to_string());
        let row = cells.iter().chain(&sums).chain(&times);
        let row = row.map(String::as_str).chain([Recount::Tagged.word()]);
        self.table.write_record(row).map_err(cause)
    }

    /// Ends the stream: gives the writer back, and the sums.
    pub(in crate::evidence) fn finish(self) -> io::Result<(W, FlowSums)> {
        let writer = self.table.into_inner().map_err(csv::IntoInnerError::into_error)?;
        Ok((writer, self.sums))
    }
}
