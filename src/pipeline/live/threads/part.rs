//! One of several threads: what it reads, counts and says.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError};
use std::time::Duration;

use super::ending::End;
use super::handing::Handed;
use super::meeting::{Look, Meeting};
use super::post::{Command, Post, Said};
use crate::ledger::{Quantity, Snapshot};
use crate::pipeline::Ended;
use crate::pipeline::live::run::{REST, SETTLE};
use crate::pipeline::live::session::nanoseconds;
use crate::pipeline::live::{Came, LiveFrames};
use crate::pipeline::worker::Worker;
use crate::source::{Batch, CaptureAccount};

/// How long is waited for frames before others are looked at.
const STEP: Duration = Duration::from_millis(50);
/// The same while others hand frames over, and while one of them has too many.
const BRIEF: Duration = Duration::from_millis(1);

/// One of several threads.
pub(super) struct Part<'a> {
    pub(super) index: usize,
    pub(super) worker: Worker<'a, Post>,
    pub(super) meeting: Arc<Meeting>,
    pub(super) inbox: Receiver<Handed>,
    pub(super) commands: Receiver<Command>,
    pub(super) post: SyncSender<Said>,
    pub(super) end: &'a End,
    /// A clock of the machine that only goes on.
    pub(super) clock: &'a (dyn Fn() -> Duration + Sync),
    pub(super) count: Counts,
}

/// What a thread keeps account of beside its ledger.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Frames that it read, and those that others handed over.
    read: Quantity,
    received: Quantity,
    /// Frames that it read beyond the end: their number, octets on the wire, captured octets.
    left: [u64; 3],
    /// When the last frame came.
    heard: Duration,
    /// How far all had come, while not all that was handed over till then is counted.
    look: Option<Look>,
}

/// Tells the others when a thread is gone, whatever the reason.
struct Leaving(Arc<Meeting>, usize);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.gone(self.1);
    }
}

impl Part<'_> {
    /// Reads to the end, and says all that there is to say.
    pub(super) fn run<F: LiveFrames>(mut self, mut frames: F) {
        let leaving = Leaving(Arc::clone(&self.meeting), self.index);
        let (index, post) = (self.index, self.post.clone());
        let ended = self.read_all(&mut frames);
        self.say(Said::Reached(ended));
        self.meeting.done(index);
        // What others hand over is this thread's to count, however long they read.
        while !self.meeting.is_over() {
            if !self.receive() {
                std::thread::sleep(BRIEF);
            }
            self.settle();
        }
        // Once by how far all had come when it was last looked, once by the end of all.
        self.settle();
        self.settle();
        let accounts = self.accounts(&mut frames);
        // Silence is told by the same clock for all.
        if let Some(newest) = self.meeting.newest() {
            self.worker.come_to(newest);
        }
        let last = self.worker.finish().map(|(mut snapshot, _)| {
            snapshot.captures = accounts;
            for account in &snapshot.captures {
                snapshot.balance.read.frames += account.frames;
                snapshot.balance.read.octets += account.octets;
            }
            Box::new(snapshot)
        });
        drop(leaving);
        // Who started this may have failed: then nobody wants to know.
        let _ = post.send(Said::Over(index, last));
    }

    fn read_all<F: LiveFrames>(&mut self, frames: &mut F) -> Ended {
        let mut stopping: Option<Duration> = None;
        self.count.heard = (self.clock)();
        loop {
            loop {
                match self.commands.try_recv() {
                    Ok(Command::Show) => self.show(frames),
                    // Who could say more is gone: an output has failed.
                    Ok(Command::Stop) | Err(TryRecvError::Disconnected) => {
                        stopping.get_or_insert_with(self.clock);
                        break;
                    }
                    Err(TryRecvError::Empty) => break,
                }
            }
            let has_received = self.receive();
            self.settle();
            self.worker.write_some();
            let now = (self.clock)();
            let is_late = stopping.is_some_and(|since| now.saturating_sub(since) > REST);
            if is_late || self.worker.has_failed() {
                return Ended::Asked;
            }
            if self.meeting.is_crowded() {
                std::thread::sleep(BRIEF);
                continue;
            }
            let wait = match stopping {
                Some(since) if frames.clock_runs() => (since + SETTLE).saturating_sub(now),
                _ if has_received => BRIEF,
                _ => STEP,
            };
            match frames.next_batch(wait) {
                Came::Batch(batch) => {
                    if self.batch(batch) {
                        return Ended::Limit;
                    }
                }
                Came::Idle | Came::Ended if stopping.is_some() => return Ended::Asked,
                Came::Idle => {
                    // When it was called, and found nothing.
                    self.meeting.drained(self.index, now);
                    self.idle(frames.clock_runs());
                }
                Came::Happened(what) => self.say(Said::Happened(what)),
                Came::Ended => return Ended::Stream,
            }
        }
    }

    /// Counts a batch. Whether the session ended before one of its frames.
    fn batch(&mut self, batch: Batch<'_>) -> bool {
        self.count.heard = (self.clock)();
        let end = batch.frames().next().and_then(|first| self.end.at(first.time));
        let is_over = |time| end.is_some_and(|end| time >= end);
        let before = batch.frames().take_while(|frame| !is_over(frame.time)).count();
        let (head, tail) = batch.split_at(before);
        for frame in head.frames() {
            self.count.read.count(frame.wire_len);
        }
        // What others handed over meanwhile came before.
        self.receive();
        if let Some(last) = head.frames().last() {
            self.worker.at_moment(self.count.heard);
            self.worker.batch(head);
            self.meeting.heard(self.index, head.len(), last.time);
        }
        for frame in tail.frames() {
            let lens = [1, u64::from(frame.wire_len), frame.captured.len() as u64];
            self.count.left.iter_mut().zip(lens).for_each(|(sum, len)| *sum += len);
        }
        !tail.is_empty()
    }

    /// Counts what others handed over; whether there was any.
    fn receive(&mut self) -> bool {
        let mut taken = 0;
        while let Ok(Handed { octets, record, passage }) = self.inbox.try_recv() {
            self.worker.at_moment((self.clock)());
            self.count.received.count(record.wire_len);
            self.worker.receive(Batch::new(&octets, &[record]), passage);
            self.meeting.taken(self.index, 1);
            taken += 1;
            if taken == Batch::FRAMES {
                break;
            }
        }
        taken > 0
    }

    /// Does what waited until all had come by.
    fn settle(&mut self) {
        let now = (self.clock)();
        let Self { worker, meeting, count, .. } = self;
        let mut look = count.look.take().unwrap_or_else(|| meeting.look());
        if meeting.has_caught_up(&mut look) {
            worker.settle(now, |moment| look.is_passed(moment, now));
        } else {
            worker.settle(now, |_| false);
            count.look = Some(look);
        }
    }

    /// What is due while no frame comes.
    fn idle(&mut self, clock_runs: bool) {
        let now = (self.clock)();
        if let Some(time) = self.worker.time().filter(|_| clock_runs) {
            let passed = now.saturating_sub(self.count.heard);
            self.count.heard = now;
            self.worker.pass(time.plus(nanoseconds(passed)));
        }
        self.worker.write_due();
    }

    /// Gives the ledger at this moment.
    fn show<F: LiveFrames>(&mut self, frames: &mut F) {
        frames.look_at_losses();
        let mut snapshot: Snapshot = self.worker.snapshot();
        // What it counted itself: what is on its way between two threads is in no part.
        let handed = self.worker.handed();
        let Counts { read, received, .. } = self.count;
        let mine = |read: u64, received: u64, handed: u64| (read + received).saturating_sub(handed);
        snapshot.balance.read = Quantity {
            frames: mine(read.frames, received.frames, handed.frames),
            octets: mine(read.octets, received.octets, handed.octets),
        };
        snapshot.captures = frames.accounts().to_vec();
        self.say(Said::Part(self.index, Box::new(snapshot)));
    }

    /// The accounts of the frames that count.
    fn accounts<F: LiveFrames>(&self, frames: &mut F) -> Vec<CaptureAccount> {
        frames.look_at_losses();
        let mut accounts = frames.accounts().to_vec();
        let [count, octets, captured] = self.count.left;
        for account in accounts.iter_mut().filter(|_| count > 0) {
            account.frames = account.frames.saturating_sub(count);
            account.octets = account.octets.saturating_sub(octets);
            account.captured = account.captured.saturating_sub(captured);
            account.last = account.last.min(self.worker.time());
        }
        accounts
    }

    /// Says something; nobody may be there to hear it, which the next flow finds out.
    fn say(&self, said: Said) {
        let _ = self.post.send(said);
    }
}
