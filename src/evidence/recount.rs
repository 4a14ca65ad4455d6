//! Counts the bundle's own captures again.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::chosen::{self, Choice, Choosing};
use super::gather::SecondPass;
use super::tables::{Facts, FlowRows, SniSums};
use super::{Counting, GatherFault, Material, Remarks, Timeline};
use crate::filter::FilterError;
use crate::ledger::{FlowRecord, Snapshot};
use crate::name::HostName;
use crate::pipeline::{self, Output, Ports, Run, StreamOutput};
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
    pub(super) server_names: std::collections::BTreeMap<HostName, SniSums>,
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
}

/// Counts the captures of these names in `folder`, each a stream of its own, and writes their
/// tagged flows to `flows`.
pub(super) fn recount(
    folder: &Path,
    names: &[String],
    counting: &Counting,
    database: &Database,
    digits: u8,
    flows: &Path,
) -> Result<Recounted, RecountError> {
    let fault = |source| RecountError::Flows { path: flows.to_owned(), source };
    let mut options = counting.options(&Material::ROLLUPS)?;
    let file = File::create(flows).map_err(fault)?;
    let rows = FlowRows::begin(BufWriter::new(file), digits).map_err(fault)?;
    let rows = Mutex::new(rows);
    let choosing = Choosing::new(names.len(), database);
    let output = Collect { rows: &rows, names, database, choosing: &choosing };
    let stream = |name: &String| StreamPlan {
        captures: vec![Input::File(folder.join(name))],
        reading: Reading::InTurn,
    };
    let streams: Vec<_> = names.iter().map(stream).collect();
    let mut snapshot =
        pipeline::run(&streams, &options, database, &output, &Run::default()).map_err(fault)?;
    let scratch = flows.parent().unwrap_or_else(|| Path::new("."));
    options.rollups.clear();
    let second = SecondPass {
        streams: &streams,
        options: &options,
        database,
        run: &Run::default(),
        folder: scratch,
    };
    let timeline = timeline(second, &snapshot, &choosing.finish())?;
    for (account, name) in snapshot.captures.iter_mut().zip(names) {
        account.path.clone_from(name);
    }
    let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
    rows.finish().map_err(fault)?;
    Ok(Recounted {
        snapshot,
        tagged: std::mem::take(&mut rows.remarks),
        flows: rows.rows,
        timeline,
        server_names: std::mem::take(&mut rows.server_names),
    })
}

/// Counts the tagged flows' frames by time, as it was done when the bundle was made: in a second
/// pass, which writes a capture that nobody needs, in a folder within the given one that goes again.
fn timeline(
    second: SecondPass<'_>,
    first: &Snapshot,
    choice: &Choice,
) -> Result<Timeline, RecountError> {
    let unwritable = |source| RecountError::Flows { path: second.folder.to_owned(), source };
    let folder = tempfile::Builder::new().prefix(".again-").tempdir_in(second.folder);
    let folder = folder.map_err(unwritable)?;
    Ok(SecondPass { folder: folder.path(), ..second }.read(first, choice)?.0)
}

type Rows = Mutex<FlowRows<BufWriter<File>>>;

/// Writes the flows of every stream; one stream is read after the other.
#[derive(Clone, Copy)]
struct Collect<'a> {
    rows: &'a Rows,
    names: &'a [String],
    database: &'a Database,
    choosing: &'a Choosing<'a>,
}

/// The flows of one stream.
struct Part<'a> {
    of: Collect<'a>,
    stream: usize,
    choosing: chosen::Part<'a>,
}

impl<'a> Output for Collect<'a> {
    type Stream = Part<'a>;

    fn begin(&self, stream: usize) -> Part<'a> {
        Part { of: *self, stream, choosing: self.choosing.begin(stream) }
    }
}

impl StreamOutput for Part<'_> {
    fn flow(&mut self, flow: &FlowRecord) -> io::Result<()> {
        let name = self.of.names.get(self.stream).map_or("", String::as_str);
        let mut rows = self.of.rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.flow(name, flow, self.of.database)?;
        self.choosing.flow(flow)
    }

    fn answered_at(&mut self, ports: &Ports) {
        self.choosing.answered_at(ports);
    }

    fn end(self, first_capture: u32, captures: &[CaptureAccount]) -> io::Result<()> {
        self.choosing.end(first_capture, captures)
    }
}
