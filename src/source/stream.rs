//! A stream: the captures of a plan, read as one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::capture::{CaptureReader, Opening};
use super::merge::Merge;
use super::window::Window;
use super::{Batch, CaptureAccount, Input, Reading, StreamPlan};

/// What is to be done while reading.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Whether the SHA-256 of every input goes into its account.
    pub hash: bool,
    /// Set by another thread to end the reading, also while it waits for a pipe that is silent.
    pub stop: Arc<AtomicBool>,
}

/// Reads the captures of one stream. They are opened one by one, when their turn comes.
#[derive(Debug)]
pub struct StreamReader<'a> {
    captures: Captures<'a>,
    order: Order,
}

/// The captures of a stream, and what is known of each.
#[derive(Debug)]
pub(super) struct Captures<'a> {
    inputs: Vec<Input>,
    accounts: Vec<CaptureAccount>,
    first: u32,
    options: ReadOptions,
    octets_read: &'a AtomicU64,
}

#[derive(Debug)]
enum Order {
    InTurn { next: usize, reader: Option<Box<CaptureReader>> },
    ByTime(Merge),
}

impl<'a> StreamReader<'a> {
    /// Prepares to read `plan`, whose first capture has the index `first_capture` in the run.
    /// Nothing is opened before the first batch is asked for. `octets_read` grows by the octets
    /// of input that were read, as they lie on disk.
    pub fn open(
        plan: &StreamPlan,
        first_capture: u32,
        options: ReadOptions,
        octets_read: &'a AtomicU64,
    ) -> Self {
        let inputs = plan.captures.clone();
        let accounts = (first_capture..)
            .zip(&inputs)
            .map(|(index, i)| CaptureAccount {
                index,
                path: i.to_string(),
                part: i.part(),
                ..Default::default()
            })
            .collect();
        let order = match plan.reading {
            Reading::InTurn => Order::InTurn { next: 0, reader: None },
            Reading::ByTime => Order::ByTime(Merge::new(inputs.len())),
        };
        let captures = Captures { inputs, accounts, first: first_capture, options, octets_read };
        Self { captures, order }
    }

    /// The next frames, all of which were there already or came with one read; `None` at the end
    /// of the last capture.
    pub fn next_batch(&mut self) -> Option<Batch<'_>> {
        match &mut self.order {
            Order::InTurn { next, reader } => {
                if !self.captures.fill(next, reader) {
                    return None;
                }
                reader.as_ref().map(|r| r.batch())
            }
            Order::ByTime(merge) => merge.next_batch(&mut self.captures),
        }
    }

    /// What was read of each capture so far, in the order of the plan.
    pub fn accounts(&self) -> &[CaptureAccount] {
        &self.captures.accounts
    }

    /// What was read of each capture, in the order of the plan.
    pub fn into_accounts(self) -> Vec<CaptureAccount> {
        self.captures.accounts
    }
}

impl Captures<'_> {
    /// Opens a capture; a failure goes into its account.
    pub(super) fn open(&mut self, index: usize, window: usize) -> Option<Box<CaptureReader>> {
        let (input, account) = (self.inputs.get(index)?, self.accounts.get_mut(index)?);
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        let capture = self.first.saturating_add(number);
        let opening = Opening { capture, window, options: self.options.clone() };
        match CaptureReader::open(input, opening, account, self.octets_read) {
            Ok(reader) => Some(Box::new(reader)),
            Err(error) => {
                account.failed = Some(error);
                None
            }
        }
    }

    /// Reads the next frames of a capture; `false` at its end.
    pub(super) fn refill(&mut self, index: usize, reader: &mut CaptureReader) -> bool {
        let account = self.accounts.get_mut(index);
        account.is_some_and(|account| reader.fill(account, self.octets_read))
    }

    /// Reads the next frames of the present capture, or of those after it.
    fn fill(&mut self, next: &mut usize, reader: &mut Option<Box<CaptureReader>>) -> bool {
        loop {
            if let Some(present) = reader
                && self.refill(*next - 1, present)
            {
                return true;
            }
            if *next == self.inputs.len() || self.options.stop.load(Ordering::Relaxed) {
                return false;
            }
            *reader = self.open(*next, Window::BLOCK);
            *next += 1;
        }
    }

    pub(super) fn inputs(&self) -> &[Input] {
        &self.inputs
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;
    use std::sync::atomic::Ordering;

    use super::super::testing::{PcapForm, Sample, compress};
    use super::super::{CaptureTime, Compression, OpenError};
    use super::*;

    fn at(seconds: i64) -> Sample {
        let time = CaptureTime(seconds * 1_000_000_000);
        Sample { time, wire_len: 3, octets: seconds.to_be_bytes()[5..].to_vec() }
    }

    /// Writes a capture for each list of times.
    fn captures(folder: &tempfile::TempDir, times: &[&[i64]]) -> Vec<Input> {
        let write = |(number, times): (usize, &&[i64])| {
            let path: PathBuf = folder.path().join(format!("{number}.pcap"));
            let file = PcapForm::USUAL.file(&times.iter().map(|t| at(*t)).collect::<Vec<_>>());
            fs::write(&path, compress(&file, Compression::Lz4)).unwrap();
            Input::File(path)
        };
        times.iter().enumerate().map(write).collect()
    }

    /// Capture, number and time in seconds of each frame, and the accounts.
    fn read(captures: Vec<Input>, reading: Reading) -> (Vec<(u32, u64, i64)>, Vec<CaptureAccount>) {
        let (plan, octets_read) = (StreamPlan { captures, reading }, AtomicU64::new(0));
        let options = ReadOptions { hash: true, ..ReadOptions::default() };
        let mut reader = StreamReader::open(&plan, 10, options, &octets_read);
        let mut frames = Vec::new();
        while let Some(batch) = reader.next_batch() {
            assert!(!batch.is_empty() && batch.len() <= Batch::FRAMES);
            for frame in batch.frames() {
                let seconds = frame.time.0 / 1_000_000_000;
                assert_eq!(frame.captured, at(seconds).octets);
                frames.push((frame.capture, frame.number, seconds));
            }
        }
        assert!(reader.next_batch().is_none());
        if let Some(size) = plan.size_hint() {
            assert_eq!(octets_read.load(Ordering::Relaxed), size);
        }
        (frames, reader.into_accounts())
    }

    #[test]
    fn in_turn_gives_one_capture_after_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let inputs = captures(&folder, &[&[5, 6], &[], &[1]]);
        let (frames, accounts) = read(inputs, Reading::InTurn);
        assert_eq!(frames, [(10, 1, 5), (10, 2, 6), (12, 1, 1)]);
        assert_eq!(accounts.iter().map(|a| a.frames).collect::<Vec<_>>(), [2, 0, 1]);
        assert!(accounts.iter().all(|a| !a.is_damaged() && a.sha256.is_some()));
    }

    #[test]
    fn by_time_gives_the_earliest_and_of_equals_the_earlier_capture() {
        let folder = tempfile::tempdir().unwrap();
        let inputs = captures(&folder, &[&[3, 5, 4, 9], &[1, 3, 5], &[], &[5, 8]]);
        let (frames, accounts) = read(inputs, Reading::ByTime);
        let expected = [
            (11, 1, 1),
            (10, 1, 3),
            (11, 2, 3),
            (10, 2, 5),
            (10, 3, 4),
            (11, 3, 5),
            (13, 1, 5),
            (13, 2, 8),
            (10, 4, 9),
        ];
        assert_eq!(frames, expected);
        assert_eq!(accounts.iter().map(|a| a.frames).collect::<Vec<_>>(), [4, 3, 0, 2]);
    }

    #[test]
    fn by_time_keeps_every_frame_over_many_batches() {
        let folder = tempfile::tempdir().unwrap();
        let times: Vec<Vec<i64>> =
            (0..5).map(|c| (0..1000).map(|n| 1000 + n * (c + 1) % 777 + n).collect()).collect();
        let slices: Vec<&[i64]> = times.iter().map(Vec::as_slice).collect();
        let (frames, _) = read(captures(&folder, &slices), Reading::ByTime);
        for (index, times) in times.iter().enumerate() {
            let capture = 10 + u32::try_from(index).unwrap();
            let own: Vec<_> = frames.iter().filter(|f| f.0 == capture).map(|f| f.2).collect();
            assert_eq!(&own, times);
        }
    }

    #[test]
    fn a_capture_that_cannot_be_opened_says_so_and_the_others_go_on() {
        for reading in [Reading::InTurn, Reading::ByTime] {
            let folder = tempfile::tempdir().unwrap();
            let mut inputs = captures(&folder, &[&[1], &[2]]);
            inputs.insert(1, Input::File(folder.path().join("gone.pcap")));
            let (frames, accounts) = read(inputs, reading);
            assert_eq!(frames, [(10, 1, 1), (12, 1, 2)]);
            assert_eq!(accounts[1].failed, Some(OpenError::NotFound));
            assert!(accounts[1].path.ends_with("gone.pcap"));
        }
    }
}
