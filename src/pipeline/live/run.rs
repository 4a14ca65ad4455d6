//! The live loop: frames as they come, on one thread.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use super::session::{Due, Schedule};
use super::{
    Came, Counting, Ended, Happening, LiveFrames, LiveWatch, MarkerRefused, Request, Steps, Tap,
    session,
};
use crate::filter::Context;
use crate::ledger::{Collector, FlowRecord, Marker, Quantity, Recorder, Registry, Snapshot};
use crate::name::{AnswerTable, Budget};
use crate::pipeline::answers::Answers;
use crate::pipeline::ending::Ending;
use crate::pipeline::naming::Naming;
use crate::pipeline::run::BUFFERED;
use crate::pipeline::worker::Worker;
use crate::pipeline::{FrameSink, StreamOutput};
use crate::source::{Batch, CaptureAccount, CaptureTime};

/// How long is waited for frames before requests are looked at again.
pub(super) const STEP: Duration = Duration::from_millis(200);
/// How long, after somebody asked for the end, frames are taken that had come before.
pub(super) const REST: Duration = Duration::from_secs(1);
/// For how long an interface's frames may still be in a block that the kernel fills: three times
/// its block timeout. Who asks for the end wants these, too.
pub(super) const SETTLE: Duration = Duration::from_millis(150);

/// How a live capture went.
#[derive(Debug)]
pub struct LiveEnd {
    /// The last word.
    pub snapshot: Snapshot,
    /// Why it ended.
    pub ended: Ended,
}

/// Counts the frames that come until the session's end, the frames' end, or somebody asks for it.
/// An error of the output or of the watch ends it; the sink is finished all the same.
pub fn run_live<F: LiveFrames, S: StreamOutput, W: LiveWatch>(
    frames: &mut F,
    counting: Counting<'_>,
    output: S,
    sink: Option<&mut dyn FrameSink>,
    watch: &mut W,
) -> io::Result<LiveEnd> {
    let Counting { options, session, database, shown } = counting;
    let context = Context { database };
    let admits = |flow: &FlowRecord| {
        options.filter.as_ref().is_none_or(|filter| filter.admits(flow, context))
    };
    let registry = Arc::new(Registry::default());
    let recorder =
        Recorder { database, devices: &options.devices, assignments: &options.assignments };
    let rows = options.max_rows.unwrap_or(usize::MAX);
    let collector = Collector::new(Arc::clone(&registry), recorder, &options.rollups, &admits)
        .watched(shown.map(|watch| watch.tap(0, &registry)));
    let answers = Answers::Own(AnswerTable::new(AnswerTable::LIMIT));
    let (devices, log) = (&options.devices, &options.dns_log);
    let hardware = options.assignments.hardware.as_ref();
    let naming = Naming { database, devices, hardware, answers, log, names_lost: 0 };
    let budget = Budget { used: 0, limit: BUFFERED, hits: 0 };
    let ending = Ending::new(collector.with_rows(rows), budget, output, true);
    let worker = Worker::new(options, registry, naming, ending);
    let mut tap = None;
    if let Some(sink) = sink {
        tap = Some(Tap::new(sink));
    }
    let mut live = Live {
        worker: worker.live(tap, Steps::following()),
        schedule: Schedule::new(session),
        markers: Vec::new(),
        read: Quantity::default(),
        left: Vec::new(),
        known: Vec::new(),
        looked: Duration::ZERO,
        heard: watch.now(),
        watch,
    };
    if frames.clock_runs() {
        live.worker.take_time();
    }
    let went = live.take_all(frames);
    let accounts = live.settled(frames);
    if let Some(tap) = live.worker.tap() {
        tap.sink().finish(&accounts);
        if let Some(trouble) = tap.sink().trouble() {
            live.watch.said(&Happening::Unwritten(trouble));
        }
    }
    let ended = went?;
    live.end(ended, accounts)
}

/// A capture that goes on.
struct Live<'a, 'w, S, W> {
    worker: Worker<'a, S>,
    schedule: Schedule,
    markers: Vec<Marker>,
    /// Frames that were handed to the worker, and their octets.
    read: Quantity,
    /// Frames that were read beyond the session's end: by capture, frames, octets on the wire
    /// and captured octets.
    left: Vec<(u32, [u64; 3])>,
    /// The sources' accounts, as of the last look at them.
    known: Vec<CaptureAccount>,
    looked: Duration,
    /// When the last frame came, by the watch's clock.
    heard: Duration,
    watch: &'w mut W,
}

impl<S: StreamOutput, W: LiveWatch> Live<'_, '_, S, W> {
    fn take_all<F: LiveFrames>(&mut self, frames: &mut F) -> io::Result<Ended> {
        let mut stopping: Option<Duration> = None;
        self.tell_sources(frames.accounts());
        loop {
            while let Some(request) = self.watch.request() {
                if self.answer(request, frames)? {
                    stopping.get_or_insert_with(|| self.watch.now());
                }
            }
            let wait = match stopping {
                Some(since) if frames.clock_runs() => {
                    (since + SETTLE).saturating_sub(self.watch.now())
                }
                _ => STEP,
            };
            match frames.next_batch(wait) {
                Came::Batch(batch) => {
                    self.heard = self.watch.now();
                    if self.batch(batch)? {
                        return Ok(Ended::Limit);
                    }
                }
                Came::Idle | Came::Ended if stopping.is_some() => return Ok(Ended::Asked),
                Came::Idle => {
                    if self.idle(frames)? {
                        return Ok(Ended::Limit);
                    }
                }
                Came::Happened(what) => self.watch.said(&what),
                Came::Ended => return Ok(Ended::Stream),
            }
            self.tell_sources(frames.accounts());
            self.look(frames);
            self.watch.counted()?;
            if self.worker.has_failed() {
                // The reason comes with the worker's end.
                return Ok(Ended::Asked);
            }
            let now = self.watch.now();
            if stopping.is_some_and(|since| now.saturating_sub(since) > REST) {
                return Ok(Ended::Asked);
            }
        }
    }

    /// Counts a batch, with what is due before one of its frames. Whether the session ended.
    fn batch(&mut self, batch: Batch<'_>) -> io::Result<bool> {
        let mut rest = batch;
        loop {
            let (count, due) = self.schedule.due(rest);
            let (head, tail) = rest.split_at(count);
            self.count(head);
            match due {
                None => return Ok(false),
                Some(Due::End) => {
                    self.leave(tail);
                    return Ok(true);
                }
                Some(Due::Snapshot) => {
                    // By the time of the frame that it comes before.
                    let time = tail.frames().next().map(|frame| frame.time);
                    let snapshot = self.snapshot();
                    self.publish(&snapshot, time)?;
                    rest = tail;
                }
            }
        }
    }

    fn count(&mut self, batch: Batch<'_>) {
        if batch.is_empty() {
            return;
        }
        self.read.frames += batch.len() as u64;
        self.read.octets += batch.frames().map(|f| u64::from(f.wire_len)).sum::<u64>();
        self.schedule.counted(batch.len());
        self.worker.batch(batch);
        self.worker.write_some();
    }

    /// Notes frames that came after the end, which the sources have counted.
    fn leave(&mut self, batch: Batch<'_>) {
        for frame in batch.frames() {
            let lens = [1, u64::from(frame.wire_len), frame.captured.len() as u64];
            match self.left.iter_mut().find(|(capture, _)| *capture == frame.capture) {
                Some((_, sums)) => sums.iter_mut().zip(lens).for_each(|(sum, len)| *sum += len),
                None => self.left.push((frame.capture, lens)),
            }
        }
    }

    /// What is due while no frame comes. Whether the session ended.
    fn idle<F: LiveFrames>(&mut self, frames: &mut F) -> io::Result<bool> {
        let passed = self.watch.now().saturating_sub(self.heard);
        let clock = self.worker.time();
        if let Some(tap) = self.worker.tap() {
            tap.sink().settle();
        }
        let due = self.schedule.idle(clock, passed);
        let now = clock.map(|clock| clock.plus(session::nanoseconds(passed)));
        if let Some(now) = now.filter(|_| frames.clock_runs()) {
            self.heard = self.watch.now();
            self.worker.pass(now);
        }
        self.worker.write_due();
        self.watch.quiet()?;
        match due {
            None => Ok(false),
            Some(Due::End) => Ok(true),
            Some(Due::Snapshot) => {
                frames.look_at_losses();
                let mut snapshot = self.snapshot();
                snapshot.captures = frames.accounts().to_vec();
                if now.is_none() {
                    self.schedule.taken_early(passed);
                }
                self.publish(&snapshot, now)?;
                Ok(false)
            }
        }
    }

    /// Does what was asked for; whether that is the end.
    fn answer<F: LiveFrames>(&mut self, request: Request, frames: &mut F) -> io::Result<bool> {
        match request {
            Request::Stop => return Ok(true),
            Request::Show => {
                frames.look_at_losses();
                let mut snapshot = self.snapshot();
                snapshot.captures = frames.accounts().to_vec();
                self.watch.asked(&snapshot, self.worker.time())?;
            }
            Request::Reopen => {
                if let Some(tap) = self.worker.tap() {
                    tap.sink().reopen();
                }
            }
            Request::Mark(text, answer) => self.mark(&text, &answer)?,
            Request::Files(answer) => {
                frames.look_at_losses();
                self.tell_sources(frames.accounts());
                let kept =
                    self.worker.tap().map_or_else(|| Ok(Vec::new()), |tap| tap.sink().kept());
                // Whoever asked may be gone.
                let _ = answer.send(kept);
            }
        }
        Ok(false)
    }

    fn mark(
        &mut self,
        text: &str,
        answer: &Sender<Result<Marker, MarkerRefused>>,
    ) -> io::Result<()> {
        let (time, after_frames) = (self.worker.time(), self.read.frames);
        let marker = Marker { time, after_frames, text: text.into() };
        // Whoever asked may be gone: the marker stands all the same.
        if let Err(why) = MarkerRefused::look_at(&marker, self.markers.len()) {
            let _ = answer.send(Err(why));
            return Ok(());
        }
        if let Some(tap) = self.worker.tap() {
            tap.sink().marker(&marker);
        }
        self.watch.marker(&marker)?;
        let _ = answer.send(Ok(marker.clone()));
        self.markers.push(marker);
        Ok(())
    }

    fn snapshot(&self) -> Snapshot {
        let mut snapshot = self.worker.snapshot();
        snapshot.balance.read = self.read;
        snapshot.captures.clone_from(&self.known);
        snapshot.markers.clone_from(&self.markers);
        snapshot
    }

    fn publish(&mut self, snapshot: &Snapshot, time: Option<CaptureTime>) -> io::Result<()> {
        if let Some(time) = time {
            self.schedule.taken(time);
        }
        self.watch.snapshot(snapshot, time)
    }

    /// Brings up to date what snapshots say of the sources, now and then.
    fn look<F: LiveFrames>(&mut self, frames: &mut F) {
        let now = self.watch.now();
        if self.known.is_empty() || now.saturating_sub(self.looked) >= STEP {
            self.looked = now;
            frames.look_at_losses();
            self.known = frames.accounts().to_vec();
        }
        if self.worker.is_watched() {
            self.worker.tell(&self.known);
        }
    }

    fn tell_sources(&mut self, accounts: &[CaptureAccount]) {
        if let Some(tap) = self.worker.tap() {
            tap.sink().sources(accounts);
            if let Some(trouble) = tap.sink().trouble() {
                self.watch.said(&Happening::Unwritten(trouble));
            }
        }
    }

    /// The sources' accounts of the frames that count.
    fn settled<F: LiveFrames>(&self, frames: &mut F) -> Vec<CaptureAccount> {
        frames.look_at_losses();
        let mut accounts = frames.accounts().to_vec();
        for (capture, [count, octets, captured]) in &self.left {
            let account = accounts.iter_mut().find(|account| account.index == *capture);
            let Some(account) = account else { continue };
            account.frames = account.frames.saturating_sub(*count);
            account.octets = account.octets.saturating_sub(*octets);
            account.captured = account.captured.saturating_sub(*captured);
            account.last = account.last.min(self.worker.time());
        }
        accounts
    }

    /// Ends every flow and gives the last word.
    fn end(self, ended: Ended, accounts: Vec<CaptureAccount>) -> io::Result<LiveEnd> {
        self.worker.tell(&accounts);
        let (mut snapshot, output) = self.worker.finish()?;
        snapshot.captures = accounts;
        snapshot.markers = self.markers;
        for account in &snapshot.captures {
            snapshot.balance.read.frames += account.frames;
            snapshot.balance.read.octets += account.octets;
        }
        output.end(0, &snapshot.captures)?;
        Ok(LiveEnd { snapshot, ended })
    }
}
