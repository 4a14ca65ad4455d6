//! Counts the bundle's own captures again.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};

use super::bag::new_file;
use super::chosen::{self, Choosing};
use super::gather::SecondPass;
use super::tables::{Facts, FlowRows, FlowSums, SniSums, flows_header};
use super::{Counting, GatherFault, Material, Remarks, Timeline};
use crate::export::{Lane, SPOOL_MEMORY, Spool};
use crate::filter::FilterError;
use crate::ledger::{FlowRecord, Snapshot};
use crate::name::HostName;
use crate::pipeline::{self, Options, Output, Ports, Run, StreamOutput};
use crate::signature::Database;
use crate::source::{CaptureAccount, Input, Reading, StreamPlan};

/// What the bundle's captures give.
#[derive(Debug)]
pub(super) struct Recounted {
    /// The ledger; the captures' paths are their names in the bundle.
    pub(super) snapshot: Snapshot,
    /// Remarks on tagged flows.
    pub(super) tagged: Remarks,
    /// Tagged flows.
    pub(super) flows: u64,
    /// Octets of tagged flows by category and time.
    pub(super) timeline: Timeline,
    /// Flows by server name.
    pub(super) server_names: BTreeMap<HostName, SniSums>,
}

impl Recounted {
    /// What tables are made of.
    pub(super) fn facts<'a>(&'a self, database: &'a Database, digits: u8) -> Facts<'a> {
        Facts {
            snapshot: &self.snapshot,
            database,
            all: None,
            tagged: &self.tagged,
            timeline: Some(&self.timeline),
            bundle: &self.snapshot.captures,
            captures: &[],
            server_names: &self.server_names,
            digits,
        }
    }
}

/// Why captures could not be counted.
#[derive(Debug, thiserror::Error)]
pub enum RecountError {
    /// The recorded filter is none.
    #[error("the recorded filter cannot be read: {0}")]
    Filter(#[from] FilterError),
    /// The frames could not be counted by time.
    #[error(transparent)]
    Timeline(#[from] GatherFault),
    /// The table of flows could not be written.
    #[error("{}: {source}", path.display())]
    Flows {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Somebody ended it.
    #[error("ended before all was counted")]
    Stopped,
}

/// Captures of a bundle that are to be counted again, each as a stream of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recounting<'a> {
    /// Where they are.
    pub(super) folder: &'a Path,
    pub(super) names: &'a [String],
    pub(super) counting: &'a Counting,
    pub(super) database: &'a Database,
    /// Decimal digits of a second in times.
    pub(super) digits: u8,
    /// Captures that are read side by side.
    pub(super) jobs: usize,
    pub(super) run: &'a Run,
}

impl Recounting<'_> {
    /// Counts them, and writes their tagged flows to `flows`, capture by capture in the order of
    /// the names.
    pub(super) fn count(&self, flows: &Path) -> Result<Recounted, RecountError> {
        let Self { folder, names, counting, database, digits, jobs, run } = *self;
        let fault = |source| RecountError::Flows { path: flows.to_owned(), source };
        let mut options = Options { jobs, ..counting.options(&Material::ROLLUPS)? };
        let spool = spool(flows).map_err(fault)?;
        let sums = Mutex::default();
        let choosing = Choosing::new(names.len(), database);
        let output =
            Collect { spool: &spool, sums: &sums, names, database, digits, choosing: &choosing };
        let stream = |name: &String| StreamPlan {
            captures: vec![Input::File(folder.join(name))],
            reading: Reading::InTurn,
        };
        let streams: Vec<_> = names.iter().map(stream).collect();
        let mut snapshot =
            pipeline::run(&streams, &options, database, &output, run).map_err(fault)?;
        spool.finish(|_| Ok(())).map_err(fault)?;
        if run.stop.load(Relaxed) {
            return Err(RecountError::Stopped);
        }
        options.rollups.clear();
        let second =
            SecondPass { streams: &streams, options: &options, database, run, folder: None };
        let timeline = second.read(&snapshot, &choosing.finish())?.0;
        for (account, name) in snapshot.captures.iter_mut().zip(names) {
            account.path.clone_from(name);
        }
        let FlowSums { rows, remarks, server_names } =
            sums.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(Recounted { snapshot, tagged: remarks, flows: rows, timeline, server_names })
    }
}

type Table = BufWriter<File>;

/// The file of the table with its header; what waits for its turn lies beside it, without a name.
fn spool(flows: &Path) -> io::Result<Arc<Spool<Table>>> {
    let waiting = tempfile::tempfile_in(flows.parent().unwrap_or_else(|| Path::new(".")))?;
    let mut table = BufWriter::new(new_file(flows)?);
    table.write_all(&flows_header()?)?;
    Ok(Spool::new(table, SPOOL_MEMORY, Some(waiting)))
}

/// Writes the flows of every stream; streams are read side by side.
#[derive(Clone, Copy, Debug)]
struct Collect<'a> {
    spool: &'a Arc<Spool<Table>>,
    sums: &'a Mutex<FlowSums>,
    names: &'a [String],
    database: &'a Database,
    digits: u8,
    choosing: &'a Choosing<'a>,
}

/// The flows of one stream.
struct Part<'a> {
    of: Collect<'a>,
    stream: usize,
    rows: FlowRows<Lane<Table>>,
    choosing: chosen::Part<'a>,
}

impl<'a> Output for Collect<'a> {
    type Stream = Part<'a>;

    fn begin(&self, stream: usize) -> Part<'a> {
        let rows = FlowRows::new(self.spool.lane(stream), self.digits);
        Part { of: *self, stream, rows, choosing: self.choosing.begin(stream) }
    }
}

impl StreamOutput for Part<'_> {
    fn flow(&mut self, flow: &FlowRecord) -> io::Result<()> {
        let name = self.of.names.get(self.stream).map_or("", String::as_str);
        self.rows.flow(name, flow, self.of.database)?;
        self.choosing.flow(flow)
    }

    fn answered_at(&mut self, ports: &Ports) {
        self.choosing.answered_at(ports);
    }

    fn end(self, first_capture: u32, captures: &[CaptureAccount]) -> io::Result<()> {
        let (lane, sums) = self.rows.finish()?;
        lane.end()?;
        self.of.sums.lock().unwrap_or_else(PoisonError::into_inner).merge(sums);
        self.choosing.end(first_capture, captures)
    }
}
