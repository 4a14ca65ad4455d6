//! What holds for any octets: nothing panics, everything is accounted, outputs are well formed.

use std::fs::File;
use std::io::{self, Seek, Write};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use tempfile::NamedTempFile;
use vigie::export::{NdjsonOutput, NdjsonStream, write_csv, write_json};
use vigie::ledger::{Dimension, FlowRecord, Quantity, Snapshot};
use vigie::name::HostName;
use vigie::pipeline::{Options, Output, Run, StreamOutput, run};
use vigie::signature::Database;
use vigie::source::{CaptureAccount, Input, Reading, StreamPlan};

/// A file that holds one capture after the other, in memory where the system allows it.
#[derive(Debug)]
pub(crate) struct Place(NamedTempFile);

impl Place {
    pub(crate) fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let file =
            if memory.is_dir() { NamedTempFile::new_in(memory) } else { NamedTempFile::new() };
        Self(file.expect("a temporary file"))
    }

    /// Puts a capture where the last one was.
    pub(crate) fn hold(&mut self, octets: &[u8]) -> &Path {
        let file: &mut File = self.0.as_file_mut();
        file.set_len(0).expect("it can be emptied");
        file.rewind().expect("it can be rewound");
        file.write_all(octets).expect("room for a capture");
        self.0.path()
    }
}

/// What a run saw, so that it can say that it was not idle.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) captures: u64,
    /// Captures of which something could be read.
    pub(crate) opened: u64,
    pub(crate) damaged: u64,
    pub(crate) frames: u64,
    pub(crate) flows: u64,
    pub(crate) names: u64,
    pub(crate) tagged: u64,
}

impl Seen {
    pub(crate) fn add(&mut self, other: &Self) {
        self.captures += other.captures;
        self.opened += other.opened;
        self.damaged += other.damaged;
        self.frames += other.frames;
        self.flows += other.flows;
        self.names += other.names;
        self.tagged += other.tagged;
    }
}

/// Analyses a capture of `len` octets and checks the laws; panics where one does not hold.
pub(crate) fn check(path: &Path, len: usize) -> Seen {
    let plan =
        StreamPlan { captures: vec![Input::File(path.to_path_buf())], reading: Reading::InTurn };
    let mut written = Vec::new();
    let seen = Arc::default();
    let output =
        Watched { ndjson: NdjsonOutput::new(&mut written, database()), seen: Arc::clone(&seen) };
    let progress = Run::default();
    let snapshot = run(&[plan], options(), database(), &output, &progress).expect("it takes all");
    output.ndjson.finish(&snapshot).expect("a vector takes all");
    let (in_flows, names) = *seen.lock().expect("nothing has panicked");

    let account = &snapshot.captures[0];
    check_balance(&snapshot, account, in_flows);
    check_account(account, len);
    check_lines(&written, &snapshot);
    check_tables(&snapshot);
    Seen {
        captures: 1,
        opened: u64::from(account.failed.is_none()),
        damaged: u64::from(account.is_damaged()),
        frames: account.frames,
        flows: snapshot.totals.flows,
        names,
        tagged: snapshot.totals.tagged,
    }
}

fn check_balance(snapshot: &Snapshot, account: &CaptureAccount, in_flows: Quantity) {
    let (balance, totals) = (&snapshot.balance, &snapshot.totals);
    assert!(balance.holds(), "read {:?}, accounted {:?}", balance.read, balance.accounted());
    let read = Quantity { frames: account.frames, octets: account.octets };
    assert_eq!(balance.read, read, "the balance and the source's account");
    assert_eq!(balance.in_flows, in_flows, "the ledger and the flows that were given out");
    let octets = totals.named + totals.unnamed.iter().sum::<u64>();
    assert_eq!(octets, balance.in_flows.octets, "named and causes");
    let (mut flows, mut sum) = (0, Quantity::default());
    for (count, counts) in snapshot.by_signature.values() {
        flows += count;
        sum.add(Quantity { frames: counts.frames(), octets: counts.octets() });
    }
    assert_eq!((flows, sum), (totals.flows, balance.in_flows), "all signatures");
    for rollup in &snapshot.rollups {
        let octets: u64 = rollup.listed().iter().map(|(_, row)| row.counts.octets()).sum();
        assert_eq!(octets, balance.in_flows.octets, "by {:?}", rollup.dimensions);
    }
}

/// The account is possible for a capture of this length; packed ones may hold more.
fn check_account(account: &CaptureAccount, len: usize) {
    let captured = account.captured + account.frames;
    // One octet of gzip can be a thousand, of zstd far more.
    assert!(captured <= (len as u64) << 20, "{captured} octets from {len}");
    assert_eq!(account.first.is_some(), account.frames > 0);
    assert!(account.first <= account.last);
    if account.failed.is_some() {
        assert_eq!(account.frames, 0, "a capture that does not open gives no frame");
    }
    assert!(account.damage.len() <= CaptureAccount::DAMAGE_KEPT);
    assert!(account.damage.iter().all(|d| d.frame <= account.frames + 1));
}

/// Every line is one JSON record of a known type; nothing of the wire stands in it raw.
fn check_lines(written: &[u8], snapshot: &Snapshot) {
    let text = str::from_utf8(written).expect("NDJSON is UTF-8");
    let is_raw = |c: char| c.is_control() && c != '\n';
    assert!(!text.contains(is_raw), "a control character in {text:?}");
    let (mut flows, mut others) = (0, Vec::new());
    for line in text.lines() {
        let record: Record<'_> = serde_json::from_str(line).expect("a line is a JSON record");
        match record.kind {
            "flow" => flows += 1,
            other => others.push(other),
        }
    }
    assert_eq!(flows, snapshot.totals.flows, "flow records");
    assert_eq!(others, ["capture", "summary"]);
}

/// Reads over everything but the type, so that the whole line is checked.
#[derive(serde::Deserialize)]
struct Record<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
}

/// The other forms of output hold the same.
fn check_tables(snapshot: &Snapshot) {
    let rollup = &snapshot.rollups[0];
    let mut document = Vec::new();
    write_json(&mut document, snapshot, database(), Some(rollup)).expect("a vector takes all");
    serde_json::from_slice::<serde::de::IgnoredAny>(&document).expect("one JSON document");
    let mut table = Vec::new();
    write_csv(&mut table, rollup, snapshot, database()).expect("a vector takes all");
    let rows: Result<Vec<_>, _> =
        csv::Reader::from_reader(table.as_slice()).into_records().collect();
    assert_eq!(rows.expect("rows of one length").len(), rollup.len());
}

/// Frames and octets of the flows that were given out, and their names.
type FromFlows = (Quantity, u64);

/// NDJSON, with an eye on every flow.
struct Watched<'d, 'w> {
    ndjson: NdjsonOutput<'d, &'w mut Vec<u8>>,
    seen: Arc<Mutex<FromFlows>>,
}

struct WatchedStream<'d, 'w> {
    ndjson: NdjsonStream<'d, &'w mut Vec<u8>>,
    whole: Arc<Mutex<FromFlows>>,
    seen: FromFlows,
}

impl<'d, 'w> Output for Watched<'d, 'w> {
    type Stream = WatchedStream<'d, 'w>;

    fn begin(&self, stream: usize) -> Self::Stream {
        let whole = Arc::clone(&self.seen);
        WatchedStream { ndjson: self.ndjson.begin(stream), whole, seen: FromFlows::default() }
    }
}

impl StreamOutput for WatchedStream<'_, '_> {
    fn flow(&mut self, flow: &FlowRecord) -> io::Result<()> {
        let counts = Quantity { frames: flow.counts.frames(), octets: flow.counts.octets() };
        self.seen.0.add(counts);
        for name in flow.names.iter().flat_map(|o| o.chain.iter().chain([&o.name])) {
            let again = HostName::from_wire(name.as_str().as_bytes());
            assert_eq!(again.as_ref(), Ok(name), "not a host name in the one form");
            self.seen.1 += 1;
        }
        self.ndjson.flow(flow)
    }

    fn end(self, first_capture: u32, captures: &[CaptureAccount]) -> io::Result<()> {
        *self.whole.lock().expect("nothing has panicked") = self.seen;
        self.ndjson.end(first_capture, captures)
    }
}

fn database() -> &'static Database {
    static DATABASE: LazyLock<Database> = LazyLock::new(Database::shipped);
    &DATABASE
}

fn options() -> &'static Options {
    static OPTIONS: LazyLock<Options> = LazyLock::new(|| Options {
        rollups: vec![
            vec![Dimension::Signature, Dimension::Host, Dimension::Port, Dimension::Hour],
            vec![Dimension::Registrable, Dimension::Via],
        ],
        ..Options::default()
    });
    &OPTIONS
}
