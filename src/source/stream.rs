//! A stream: the captures of a plan, read as one.

use std::sync::atomic::AtomicU64;

use super::capture::{CaptureReader, Opening};
use super::merge::Merge;
use super::window::Window;
use super::{Batch, CaptureAccount, Input, Reading, StreamPlan};

/// What is to be done while reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Whether the SHA-256 of every input goes into its account.
    pub hash: bool,
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
            .map(|(index, i)| CaptureAccount { index, path: i.to_string(), ..Default::default() })
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
        let opening = Opening { capture, window, options: self.options };
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
            if *next == self.inputs.len() {
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
