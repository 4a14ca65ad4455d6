//! Where records and lines go while the capture goes on.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use super::args::LiveFormat;
use crate::cli::text::snapshot_line;
use crate::export::{escape, rfc3339, write_capture, write_flow, write_marker, write_snapshot};
use crate::ledger::{FlowRecord, Marker, Snapshot};
use crate::pipeline::StreamOutput;
use crate::signature::Database;
use crate::source::{CaptureAccount, CaptureTime};

/// Standard output, shared by the pipeline, which gives flows, and the watch, which gives the
/// rest; both are called on one thread.
pub(super) struct LiveOutput<'a, 'o> {
    out: Rc<RefCell<&'o mut (dyn Write + 'o)>>,
    format: LiveFormat,
    database: &'a Database,
}

impl Clone for LiveOutput<'_, '_> {
    fn clone(&self) -> Self {
        Self { out: Rc::clone(&self.out), ..*self }
    }
}

impl<'a, 'o> LiveOutput<'a, 'o> {
    pub(super) fn new(
        out: &'o mut (dyn Write + 'o),
        format: LiveFormat,
        database: &'a Database,
    ) -> Self {
        Self { out: Rc::new(RefCell::new(out)), format, database }
    }

    pub(super) fn snapshot(
        &self,
        snapshot: &Snapshot,
        time: Option<CaptureTime>,
    ) -> io::Result<()> {
        let mut out = self.out.borrow_mut();
        match self.format {
            LiveFormat::Ndjson => write_snapshot(&mut **out, snapshot, time, self.database)?,
            LiveFormat::Text => writeln!(out, "{}", snapshot_line(snapshot, time))?,
        }
        out.flush()
    }

    pub(super) fn marker(&self, marker: &Marker) -> io::Result<()> {
        let mut out = self.out.borrow_mut();
        match self.format {
            LiveFormat::Ndjson => write_marker(&mut **out, marker)?,
            LiveFormat::Text => {
                let time = marker.time.map(|time| rfc3339(time, 0).to_string());
                let time = time.unwrap_or_else(|| "before the first frame".to_owned());
                writeln!(out, "{time}  marker: {}", escape(&marker.text))?;
            }
        }
        out.flush()
    }

    pub(super) fn flush(&self) -> io::Result<()> {
        self.out.borrow_mut().flush()
    }
}

impl StreamOutput for LiveOutput<'_, '_> {
    fn flow(&mut self, flow: &FlowRecord) -> io::Result<()> {
        match self.format {
            LiveFormat::Ndjson => write_flow(&mut **self.out.borrow_mut(), flow, self.database),
            LiveFormat::Text => Ok(()),
        }
    }

    fn end(self, first_capture: u32, captures: &[CaptureAccount]) -> io::Result<()> {
        let mut out = self.out.borrow_mut();
        if self.format == LiveFormat::Text {
            return Ok(());
        }
        (first_capture..)
            .zip(captures)
            .try_for_each(|(id, capture)| write_capture(&mut **out, id, capture))
    }
}
