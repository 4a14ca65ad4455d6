//! The live loop over several threads: who starts them, asks them, and adds up what they say.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::ending::End;
use super::handing::Threaded;
use super::meeting::Meeting;
use super::part::{Counts, Part};
use super::post::{Command, Post, Said, WAITING};
use crate::filter::Context;
use crate::ledger::{Collector, FlowRecord, Marker, Recorder, Registry, Snapshot};
use crate::name::{AnswerTable, Budget};
use crate::pipeline::answers::{Answers, locked};
use crate::pipeline::ending::Ending;
use crate::pipeline::live::run::STEP;
use crate::pipeline::live::session::{Due, Schedule, nanoseconds};
use crate::pipeline::live::{
    Counting, Ended, LiveEnd, LiveFrames, LiveWatch, MarkerRefused, Request, Steps,
};
use crate::pipeline::naming::Naming;
use crate::pipeline::run::BUFFERED;
use crate::pipeline::worker::Worker;
use crate::pipeline::{Options, StreamOutput};
use crate::signature::Database;
use crate::source::CaptureTime;

/// Counts the frames that come, each part of them on a thread of its own, until the session's
/// end, the frames' end, or somebody asks for it. The parts must be those of one capture, each
/// with what two hosts exchange as [`share_of_hosts`](crate::source::share_of_hosts) says; what
/// is in tunnels may be anywhere.
///
/// `clock` is a clock of the machine that only goes on. A session's `count` is not looked at:
/// which frames are the first is not known across threads. Nor is `shown`: nobody watches several
/// threads. Flows are written as they are known to have ended, in each thread's order. An error of the output or of the watch ends it.
pub fn run_live_threads<F, S, W>(
    parts: Vec<F>,
    counting: Counting<'_>,
    output: S,
    watch: &mut W,
    clock: &(dyn Fn() -> Duration + Sync),
) -> io::Result<LiveEnd>
where
    F: LiveFrames + Send,
    S: StreamOutput,
    W: LiveWatch,
{
    let Counting { options, session, database, shown: _ } = counting;
    let context = Context { database };
    let admits = |flow: &FlowRecord| {
        options.filter.as_ref().is_none_or(|filter| filter.admits(flow, context))
    };
    let meeting = Arc::new(Meeting::new(parts.len()));
    let answers = Arc::new(Mutex::new(AnswerTable::new(AnswerTable::LIMIT)));
    let end = End::of(&session);
    let (post, said) = sync_channel(WAITING);
    let (outboxes, inboxes): (Vec<_>, Vec<_>) = parts.iter().map(|_| channel()).unzip();
    let shared = Shared { options, database, admits: &admits, answers: &answers };
    let (mut snapshot, output, ended) = std::thread::scope(|scope| {
        let mut commands = Vec::new();
        for (index, (frames, inbox)) in parts.into_iter().zip(inboxes).enumerate() {
            let (command, commanded) = channel();
            commands.push(command);
            let place = Threaded::new(index, Arc::clone(&meeting), outboxes.clone());
            let (meeting, post, end) = (Arc::clone(&meeting), post.clone(), &end);
            let start = move || {
                let mut worker = shared.worker(place, post.clone());
                if frames.clock_runs() {
                    worker.take_time();
                }
                let count = Counts::default();
                let commands = commanded;
                Part { index, worker, meeting, inbox, commands, post, end, clock, count }
                    .run(frames);
            };
            std::thread::Builder::new().name(format!("part-{index}")).spawn_scoped(scope, start)?;
        }
        // Only the threads send: when they are gone, nothing more comes.
        drop((post, outboxes));
        let mut live = Live {
            parts: Parts { commands, last: Vec::new(), asked: None },
            schedule: Schedule::new(session),
            end: &end,
            meeting: &meeting,
            markers: Vec::new(),
            newest: None,
            heard: watch.now(),
            output,
            ended: None,
            watch,
        };
        live.parts.last.resize_with(live.parts.commands.len(), || None);
        // When this fails, `said` goes, and with it whatever the threads still have to say.
        let went = live.take_all(&said);
        drop(said);
        went?;
        let Live { parts, markers, output, ended, .. } = live;
        let mut whole = merged(parts.last.iter().flatten());
        whole.markers = markers;
        Ok::<_, io::Error>((whole, output, ended.unwrap_or(Ended::Stream)))
    })?;
    snapshot.bounds.dns_answers += locked(&answers).hits();
    output.end(0, &snapshot.captures)?;
    Ok(LiveEnd { snapshot, ended })
}

/// What all threads count with.
#[derive(Clone, Copy)]
struct Shared<'a> {
    options: &'a Options,
    database: &'a Database,
    admits: &'a (dyn Fn(&FlowRecord) -> bool + Sync),
    answers: &'a Arc<Mutex<AnswerTable>>,
}

impl<'a> Shared<'a> {
    fn worker(self, place: Threaded, post: std::sync::mpsc::SyncSender<Said>) -> Worker<'a, Post> {
        let Self { options, database, admits, answers } = self;
        let registry = Arc::new(Registry::default());
        let (devices, log) = (&options.devices, &options.dns_log);
        let recorder = Recorder { database, devices, assignments: &options.assignments };
        let rows = options.max_rows.unwrap_or(usize::MAX);
        let collector = Collector::new(Arc::clone(&registry), recorder, &options.rollups, admits);
        let answers = Answers::Shared(Arc::clone(answers));
        let hardware = options.assignments.hardware.as_ref();
        let naming = Naming { database, devices, hardware, answers, log, names_lost: 0 };
        let (threads, _) = place.place();
        let limit = BUFFERED / usize::try_from(threads).unwrap_or(1).max(1);
        let budget = Budget { used: 0, limit, hits: 0 };
        let ending = Ending::new(collector.with_rows(rows), budget, Post(post), true);
        let worker = Worker::new(options, registry, naming, ending);
        worker.live(None, Steps::following()).threaded(place)
    }
}

/// The threads, and what they were asked.
struct Parts {
    commands: Vec<Sender<Command>>,
    /// The last word of each that is over.
    last: Vec<Option<Box<Snapshot>>>,
    asked: Option<Asked>,
}

/// A snapshot that the threads were asked for.
struct Asked {
    /// Whether the schedule wants it, and whether somebody asked for a summary.
    is_due: bool,
    by_request: bool,
    parts: Vec<Option<Box<Snapshot>>>,
}

/// A capture that goes on.
struct Live<'a, S, W> {
    parts: Parts,
    schedule: Schedule,
    end: &'a End,
    meeting: &'a Meeting,
    markers: Vec<Marker>,
    /// The capture clock, and when it last went on, by the watch's clock.
    newest: Option<CaptureTime>,
    heard: Duration,
    output: S,
    /// Why it ends, once it does.
    ended: Option<Ended>,
    watch: &'a mut W,
}

impl<S: StreamOutput, W: LiveWatch> Live<'_, S, W> {
    /// Until all threads are over.
    fn take_all(&mut self, said: &Receiver<Said>) -> io::Result<()> {
        loop {
            while let Some(request) = self.watch.request() {
                self.answer(request)?;
            }
            match said.recv_timeout(self.schedule.step(STEP)) {
                Ok(first) => {
                    self.take(first)?;
                    // What has come meanwhile, before the clock is looked at again.
                    for next in said.try_iter().take(WAITING) {
                        self.take(next)?;
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.watch.quiet()?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            self.look();
            self.watch.counted()?;
        }
    }

    fn take(&mut self, said: Said) -> io::Result<()> {
        match said {
            Said::Flow(flow) => self.output.flow(&flow)?,
            Said::Happened(what) => self.watch.said(&what),
            Said::Part(index, part) => self.parts.put(index, part),
            // One that has nothing left to read leaves the others to theirs.
            Said::Reached(Ended::Stream) => {}
            Said::Reached(ended) => self.stop(ended),
            Said::Over(index, last) => {
                let last = last?;
                self.parts.put(index, last.clone());
                if let Some(place) = self.parts.last.get_mut(index) {
                    *place = Some(last);
                }
            }
        }
        let Some((asked, mut snapshot)) = self.parts.take_answer() else { return Ok(()) };
        snapshot.markers.clone_from(&self.markers);
        if asked.is_due {
            self.watch.snapshot(&snapshot, self.newest)?;
        }
        if asked.by_request {
            self.watch.asked(&snapshot, self.newest)?;
        }
        Ok(())
    }

    /// Looks at the clock, and whether something is due.
    fn look(&mut self) {
        let newest = self.meeting.newest();
        if newest != self.newest {
            (self.newest, self.heard) = (newest, self.watch.now());
        }
        if let Some(first) = self.end.first() {
            self.schedule.begin(first);
        }
        let passed = self.watch.now().saturating_sub(self.heard);
        match self.schedule.idle(self.newest, passed) {
            Some(Due::End) => self.stop(Ended::Limit),
            Some(Due::Snapshot) => {
                match self.newest {
                    Some(newest) => self.schedule.taken(newest.plus(nanoseconds(passed))),
                    None => self.schedule.taken_early(passed),
                }
                self.parts.ask(false);
            }
            None => {}
        }
    }

    fn answer(&mut self, request: Request) -> io::Result<()> {
        match request {
            Request::Stop => self.stop(Ended::Asked),
            Request::Show => self.parts.ask(true),
            // No file is written.
            // Several threads write no file.
            Request::Files(answer) => _ = answer.send(Ok(Vec::new())),
            Request::Reopen => {}
            Request::Mark(text, answer) => {
                let (time, after_frames) = (self.newest, self.meeting.frames());
                let marker = Marker { time, after_frames, text: text.into() };
                let taken = MarkerRefused::look_at(&marker, self.markers.len()).map(|()| marker);
                if let Ok(marker) = &taken {
                    self.watch.marker(marker)?;
                    self.markers.push(marker.clone());
                }
                // Whoever asked may be gone: the marker stands all the same.
                let _ = answer.send(taken);
            }
        }
        Ok(())
    }

    /// Lets all threads end, the first time that it is said.
    fn stop(&mut self, ended: Ended) {
        if self.ended.is_none() {
            self.ended = Some(ended);
            self.parts.tell(Command::Stop);
        }
    }
}

impl Parts {
    /// Asks all threads for their ledger. Who asks while others wait gets what these get.
    fn ask(&mut self, by_request: bool) {
        let asked = self.asked.get_or_insert_with(|| {
            self.commands.iter().for_each(|thread| _ = thread.send(Command::Show));
            Asked { is_due: false, by_request: false, parts: self.last.clone() }
        });
        asked.by_request |= by_request;
        asked.is_due |= !by_request;
    }

    fn put(&mut self, index: usize, part: Box<Snapshot>) {
        let place = self.asked.as_mut().and_then(|asked| asked.parts.get_mut(index));
        if let Some(place) = place {
            *place = Some(part);
        }
    }

    /// What was asked, and the ledger, once every thread has said its part.
    fn take_answer(&mut self) -> Option<(Asked, Snapshot)> {
        let asked = self.asked.take_if(|asked| asked.parts.iter().all(Option::is_some))?;
        let whole = merged(asked.parts.iter().flatten());
        Some((asked, whole))
    }

    fn tell(&self, command: Command) {
        for thread in &self.commands {
            // One that is over says so itself.
            let _ = thread.send(command);
        }
    }
}

fn merged<'s>(parts: impl Iterator<Item = &'s Box<Snapshot>>) -> Snapshot {
    let mut whole: Option<Snapshot> = None;
    for part in parts {
        match &mut whole {
            Some(whole) => whole.merge(part),
            None => whole = Some(Snapshot::clone(part)),
        }
    }
    whole.unwrap_or_default()
}
