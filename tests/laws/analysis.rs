//! Running the pipeline over captures on disk.

use std::io;
use std::path::Path;
use std::sync::{LazyLock, Mutex};

use vigie::flow::HomeNet;
use vigie::ledger::{Dimension, FlowRecord, Snapshot};
use vigie::pipeline::{Options, Output, Run, StreamOutput, run};
use vigie::signature::Database;
use vigie::source::{CaptureAccount, Input, Reading, StreamPlan};

/// The shipped signatures.
pub(crate) fn database() -> &'static Database {
    static DATABASE: LazyLock<Database> = LazyLock::new(Database::shipped);
    &DATABASE
}

/// What the command line does without options, with the roll-ups that the laws look at.
pub(crate) fn options() -> Options {
    let home = ["10.0.0.0/8", "fd00::/8"].map(|net| net.parse().expect("a network"));
    Options {
        home_net: HomeNet::new(home.to_vec()),
        rollups: ROLLUPS.iter().map(|dimensions| dimensions.to_vec()).collect(),
        ..Options::default()
    }
}

/// Every dimension stands in one of them.
pub(crate) const ROLLUPS: [&[Dimension]; 6] = [
    &[Dimension::Hour],
    &[Dimension::Client, Dimension::Hour],
    &[
        Dimension::Signature,
        Dimension::Registrable,
        Dimension::Host,
        Dimension::Basis,
        Dimension::Grade,
    ],
    &[Dimension::Vendor, Dimension::Product, Dimension::Category],
    &[Dimension::Name, Dimension::Via, Dimension::Server],
    &[
        Dimension::Client,
        Dimension::Device,
        Dimension::Port,
        Dimension::Protocol,
        Dimension::Capture,
    ],
];

/// A stream of one file.
pub(crate) fn stream(path: &Path) -> StreamPlan {
    StreamPlan { captures: vec![Input::File(path.to_path_buf())], reading: Reading::InTurn }
}

/// The ledger and the flows that were shown, stream by stream in the order given.
pub(crate) fn analyze(streams: &[StreamPlan], options: &Options) -> (Snapshot, Vec<FlowRecord>) {
    let flows = Flows::default();
    let snapshot = run(streams, options, database(), &&flows, &Run::default());
    let mut flows = flows.0.into_inner().expect("no thread has panicked");
    flows.sort_by_key(|(stream, _)| *stream);
    let flows = flows.into_iter().flat_map(|(_, flows)| flows).collect();
    (snapshot.expect("the output takes all"), flows)
}

/// The same of a file with these octets.
pub(crate) fn analyze_octets(octets: &[u8], options: &Options) -> (Snapshot, Vec<FlowRecord>) {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), octets).expect("written");
    analyze(&[stream(file.path())], options)
}

/// The flows of each stream, as they came.
#[derive(Debug, Default)]
struct Flows(Mutex<Vec<(usize, Vec<FlowRecord>)>>);

struct OfStream<'a> {
    whole: &'a Flows,
    stream: usize,
    flows: Vec<FlowRecord>,
}

impl<'a> Output for &'a Flows {
    type Stream = OfStream<'a>;

    fn begin(&self, stream: usize) -> OfStream<'a> {
        OfStream { whole: self, stream, flows: Vec::new() }
    }
}

impl StreamOutput for OfStream<'_> {
    fn flow(&mut self, flow: &FlowRecord) -> io::Result<()> {
        self.flows.push(flow.clone());
        Ok(())
    }

    fn end(self, _first_capture: u32, _captures: &[CaptureAccount]) -> io::Result<()> {
        let mut flows = self.whole.0.lock().expect("no thread has panicked");
        flows.push((self.stream, self.flows));
        Ok(())
    }
}
