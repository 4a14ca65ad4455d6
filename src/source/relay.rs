//! A stream that is read on a thread of its own, so that whoever takes its frames may wait a
//! bounded time for them: a pipe can be silent for hours, and snapshots are due all the same.

use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::{Batch, CaptureAccount, FrameRecord, ReadOptions, StreamPlan, StreamReader};

/// Batches that wait between the two threads: with frames of the usual size about 2 MiB.
const BATCHES_KEPT: usize = 8;

/// What came of waiting for frames.
#[derive(Debug)]
pub enum Relayed<'a> {
    /// Frames, at least one; valid until the next call.
    Batch(Batch<'a>),
    /// None came within the time.
    Idle,
    /// The stream is at its end.
    Ended,
}

/// The frames of a stream as they come.
///
/// The accounts are those of the frames that were handed out, not of those that wait: so the
/// balance can be compared at any moment.
#[derive(Debug)]
pub struct StreamRelay {
    filled: Receiver<Copied>,
    emptied: Sender<Copied>,
    present: Copied,
    accounts: Vec<CaptureAccount>,
    reader: Option<JoinHandle<()>>,
}

/// One batch, copied out of the reader's window.
#[derive(Debug, Default)]
struct Copied {
    octets: Vec<u8>,
    records: Vec<FrameRecord>,
    counts: Vec<Counts>,
    /// The whole accounts, where more than the counts has changed.
    accounts: Option<Vec<CaptureAccount>>,
}

impl StreamRelay {
    /// Starts to read `plan` on a thread. To end it early, set `options.stop`.
    pub fn start(plan: StreamPlan, options: ReadOptions) -> std::io::Result<Self> {
        let (fill, filled) = sync_channel(BATCHES_KEPT);
        let (emptied, empty) = channel();
        let read = move || {
            let octets_read = AtomicU64::new(0);
            let mut reader = StreamReader::open(&plan, 0, options, &octets_read);
            let mut told = Vec::new();
            relay(&mut reader, &mut told, &fill, &empty);
            // What only the end tells: damage at the end, the hash.
            let accounts = Some(reader.into_accounts());
            let _ = fill.send(Copied { accounts, ..Copied::default() });
        };
        let reader = Builder::new().name("reader".to_owned()).spawn(read)?;
        let (present, accounts) = (Copied::default(), Vec::new());
        Ok(Self { filled, emptied, present, accounts, reader: Some(reader) })
    }

    /// The next frames, if some come within `timeout`.
    pub fn next_batch(&mut self, timeout: Duration) -> Relayed<'_> {
        match self.filled.recv_timeout(timeout) {
            Ok(next) => {
                let last = std::mem::replace(&mut self.present, next);
                // The reader may have ended: then nobody wants the room.
                let _ = self.emptied.send(last);
                self.take_accounts();
                if self.present.records.is_empty() {
                    return self.end();
                }
                Relayed::Batch(Batch::new(&self.present.octets, &self.present.records))
            }
            Err(RecvTimeoutError::Timeout) => Relayed::Idle,
            Err(RecvTimeoutError::Disconnected) => self.end(),
        }
    }

    /// The accounts of what was handed out so far.
    pub fn accounts(&self) -> &[CaptureAccount] {
        &self.accounts
    }

    fn take_accounts(&mut self) {
        if let Some(accounts) = self.present.accounts.take() {
            self.accounts = accounts;
            return;
        }
        for (account, counts) in self.accounts.iter_mut().zip(&self.present.counts) {
            counts.put(account);
        }
    }

    fn end(&mut self) -> Relayed<'_> {
        if let Some(reader) = self.reader.take() {
            // A panic of the reader was reported by its thread; what it sent is kept.
            let _ = reader.join();
        }
        Relayed::Ended
    }
}

/// Hands every batch over, until the stream ends or nobody listens any more.
fn relay(
    reader: &mut StreamReader<'_>,
    told: &mut Vec<Notes>,
    fill: &SyncSender<Copied>,
    empty: &Receiver<Copied>,
) {
    loop {
        let mut next = empty.try_recv().unwrap_or_default();
        next.octets.clear();
        next.records.clear();
        next.counts.clear();
        let Some(batch) = reader.next_batch() else { return };
        batch.copy_to(&mut next.octets, &mut next.records);
        let accounts = reader.accounts();
        next.counts.extend(accounts.iter().map(Counts::of));
        let notes: Vec<Notes> = accounts.iter().map(Notes::of).collect();
        if notes != *told {
            next.accounts = Some(accounts.to_vec());
            *told = notes;
        }
        if fill.send(next).is_err() {
            return;
        }
    }
}

/// What changes with every frame.
#[derive(Clone, Copy, Debug)]
struct Counts {
    frames: u64,
    octets: u64,
    captured: u64,
    overlong: u64,
    first: Option<super::CaptureTime>,
    last: Option<super::CaptureTime>,
}

impl Counts {
    fn of(account: &CaptureAccount) -> Self {
        let CaptureAccount { frames, octets, captured, overlong, first, last, .. } = *account;
        Self { frames, octets, captured, overlong, first, last }
    }

    fn put(self, account: &mut CaptureAccount) {
        let Self { frames, octets, captured, overlong, first, last } = self;
        (account.frames, account.octets, account.captured) = (frames, octets, captured);
        (account.overlong, account.first, account.last) = (overlong, first, last);
    }
}

/// What changes seldom: how much of it there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Notes([u64; 8]);

impl Notes {
    fn of(account: &CaptureAccount) -> Self {
        Self([
            account.interfaces.len() as u64,
            account.dropped().map_or(0, |n| n.saturating_add(1)),
            account.damage.len() as u64 + account.more_damage,
            account.comments.len() as u64 + account.more_comments,
            account.unknown_blocks.iter().map(|u| u.count).sum(),
            account.more_unknown,
            u64::from(account.failed.is_some()),
            u64::from(account.sha256.is_some()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::testing::{PcapForm, Sample};
    use super::super::{CaptureTime, Input, Reading};
    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    fn start(samples: &[Sample], cut: usize) -> (tempfile::TempDir, StreamRelay) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pcap");
        let file = PcapForm::USUAL.file(samples);
        fs::write(&path, &file[..file.len() - cut]).unwrap();
        let plan = StreamPlan { captures: vec![Input::File(path)], reading: Reading::InTurn };
        (folder, StreamRelay::start(plan, ReadOptions::default()).unwrap())
    }

    fn samples(count: u32) -> Vec<Sample> {
        (0..count)
            .map(|n| Sample {
                time: CaptureTime(i64::from(n) * 1_000_000_000),
                wire_len: n + 60,
                octets: n.to_be_bytes().repeat(15),
            })
            .collect()
    }

    #[test]
    fn every_frame_is_handed_out_with_an_account_of_just_these() {
        let (_folder, mut relay) = start(&samples(1000), 0);
        let mut seen = 0_u32;
        let mut octets = 0;
        while let Relayed::Batch(batch) = relay.next_batch(LONG) {
            for frame in batch.frames() {
                assert_eq!(frame.captured, seen.to_be_bytes().repeat(15));
                assert_eq!(frame.wire_len, seen + 60);
                octets += u64::from(frame.wire_len);
                seen += 1;
            }
            let account = &relay.accounts()[0];
            assert_eq!((account.frames, account.octets), (u64::from(seen), octets));
        }
        assert_eq!(seen, 1000);
        assert!(matches!(relay.next_batch(LONG), Relayed::Ended));
    }

    #[test]
    fn damage_at_the_end_is_in_the_last_account() {
        let (_folder, mut relay) = start(&samples(3), 5);
        while let Relayed::Batch(_) = relay.next_batch(LONG) {}
        assert_eq!(relay.accounts()[0].frames, 2);
        assert_eq!(relay.accounts()[0].damage.len(), 1);
    }
}
