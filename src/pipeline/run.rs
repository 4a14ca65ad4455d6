//! All streams, side by side.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use super::answers::Answers;
use super::ending::Ending;
use super::naming::Naming;
use super::worker::Worker;
use super::{FrameSink, Options, Output, StreamOutput};
use crate::filter::Context;
use crate::ledger::{
    Collector, Dimension, FlowRecord, Marker, Recorder, Registry, Snapshot, Watch,
};
use crate::name::{AnswerTable, Budget};
use crate::signature::Database;
use crate::source::{ReadOptions, StreamPlan, StreamReader};

/// Octets of streams that the searches of one stream may keep together: 16 MiB.
pub(super) const BUFFERED: usize = 16 << 20;

/// What other threads may see and say while the pipeline runs.
#[derive(Debug, Default)]
pub struct Run {
    /// Octets of input read so far, as they lie on disk.
    pub octets: AtomicU64,
    /// Set to end early: what was read is kept.
    pub stop: Arc<AtomicBool>,
    /// Who watches; it costs memory for flows and their history.
    pub watch: Option<Arc<Watch>>,
}

/// Reads all streams and gives the ledger at the end. An error of the output ends the run.
pub fn run<O: Output>(
    streams: &[StreamPlan],
    options: &Options,
    database: &Database,
    output: &O,
    run: &Run,
) -> io::Result<Snapshot> {
    let next = AtomicUsize::new(0);
    let whole: Mutex<io::Result<Option<Snapshot>>> = Mutex::new(Ok(None));
    let work = || {
        loop {
            let index = next.fetch_add(1, Relaxed);
            let Some(plan) = streams.get(index) else { return };
            let before = streams.iter().take(index).map(|s| s.captures.len()).sum::<usize>();
            let first_capture = u32::try_from(before).unwrap_or(u32::MAX);
            let stream = Stream { plan, index, first_capture, options, database, run };
            let sink = output.sink(index);
            let part = stream.read(output.begin(index), output.wants_flows(), sink);
            let mut whole = whole.lock().unwrap_or_else(PoisonError::into_inner);
            match (&mut *whole, part) {
                (Ok(Some(whole)), Ok(part)) => whole.merge(&part),
                (Ok(none), Ok(part)) => *none = Some(part),
                (Ok(_), Err(error)) => {
                    run.stop.store(true, Relaxed);
                    *whole = Err(error);
                }
                (Err(_), _) => {}
            }
        }
    };
    let jobs = options.jobs.clamp(1, streams.len().max(1));
    if jobs == 1 {
        work();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(work);
            }
        });
    }
    let whole = whole.into_inner().unwrap_or_else(PoisonError::into_inner)?;
    let mut whole = whole.unwrap_or_default();
    whole.markers = Marker::of_sessions(&whole.captures);
    Ok(whole)
}

/// One stream, before it is read.
struct Stream<'a> {
    plan: &'a StreamPlan,
    index: usize,
    first_capture: u32,
    options: &'a Options,
    database: &'a Database,
    run: &'a Run,
}

impl Stream<'_> {
    fn read<S: StreamOutput>(
        &self,
        output: S,
        wants_flows: bool,
        mut sink: Option<Box<dyn FrameSink + '_>>,
    ) -> io::Result<Snapshot> {
        let Self { index, options, database, run, .. } = *self;
        let context = Context { database };
        let admits = |flow: &FlowRecord| {
            options.filter.as_ref().is_none_or(|filter| filter.admits(flow, context))
        };
        let by_hour = options.rollups.iter().flatten().any(|d| *d == Dimension::Hour);
        let is_read = by_hour || run.watch.is_some();
        let registry = if is_read { Registry::default() } else { Registry::unread() };
        let registry = Arc::new(registry);
        let recorder =
            Recorder { database, devices: &options.devices, assignments: &options.assignments };
        let collector = Collector::new(Arc::clone(&registry), recorder, &options.rollups, &admits)
            .watched(run.watch.as_ref().map(|watch| watch.tap(index, &registry)));
        let naming = Naming {
            database,
            devices: &options.devices,
            hardware: options.assignments.hardware.as_ref(),
            answers: Answers::Own(AnswerTable::new(AnswerTable::LIMIT)),
            log: &options.dns_log,
            names_lost: 0,
        };
        let budget = Budget { used: 0, limit: BUFFERED, hits: 0 };
        let ending = Ending::new(collector, budget, output, wants_flows);
        let mut worker = Worker::new(options, registry, naming, ending);
        if let Some(sink) = sink.as_deref_mut() {
            worker.give_frames_to(sink);
        }
        let read = ReadOptions { hash: options.hash, stop: Arc::clone(&run.stop) };
        let mut reader = StreamReader::open(self.plan, self.first_capture, read, &run.octets);
        while !run.stop.load(Relaxed) && !worker.has_failed() {
            let Some(batch) = reader.next_batch() else { break };
            worker.batch(batch);
            worker.tell_sources(reader.accounts());
            if worker.is_watched() {
                worker.tell(reader.accounts());
            }
        }
        worker.tell(reader.accounts());
        let (mut snapshot, output) = worker.finish()?;
        snapshot.captures = reader.into_accounts();
        if let Some(mut sink) = sink {
            sink.finish(&snapshot.captures);
        }
        for account in &snapshot.captures {
            snapshot.balance.read.frames += account.frames;
            snapshot.balance.read.octets += account.octets;
        }
        output.end(self.first_capture, &snapshot.captures)?;
        Ok(snapshot)
    }
}
