//! What the desk gives back: a view's rows, in order, and what stands above them.

use std::sync::Arc;

use super::order::{RowKey, View};
use crate::ledger::{BothWays, Count, FlowRecord, Snapshot, WatchedFlow};
use crate::signature::{Category, Grade};
use crate::source::CaptureTime;

/// Sums of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) counts: BothWays<Count>,
    pub(super) flows: u64,
    pub(super) first: CaptureTime,
    pub(super) last: CaptureTime,
    /// The strongest grade in it.
    pub(super) grade: Option<Grade>,
}

impl Sums {
    /// Adds a flow.
    pub(super) fn add(&mut self, flow: &FlowRecord) {
        if self.flows == 0 {
            (self.first, self.last) = (flow.first, flow.last);
        }
        self.first = self.first.min(flow.first);
        self.last = self.last.max(flow.last);
        self.counts.add(flow.counts);
        self.flows += 1;
        let grade = flow.primary().map(|tag| tag.grade);
        self.grade = match (self.grade, grade) {
            (Some(mine), Some(theirs)) => Some(mine.min(theirs)),
            (mine, theirs) => mine.or(theirs),
        };
    }
}

/// A row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) key: RowKey,
    pub(super) sums: Sums,
    /// The flow, where the row is one.
    pub(super) flow: Option<WatchedFlow>,
    /// How far it is indented.
    pub(super) depth: u8,
    /// Octets by column of time, where the view draws them.
    pub(super) series: Vec<u64>,
    /// Names of vendors, where the row is a category.
    pub(super) vendors: Vec<String>,
}

/// The sentence above the overview, in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Headline {
    pub(super) category: Category,
    pub(super) vendors: Vec<String>,
    pub(super) up: u64,
    pub(super) flows: u64,
    pub(super) grade: Grade,
}

/// What a view shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    /// The ledger as the mask and the moment leave it.
    pub(super) snapshot: Arc<Snapshot>,
    /// What was ordered: while it differs from what is wanted, rows are of another view.
    pub(super) view: View,
    pub(super) rows: Vec<Row>,
    /// Sums over the flows that the filter and the drills let through.
    pub(super) shown: Sums,
    /// Octets of them with a name, and with a tag.
    pub(super) named: u64,
    pub(super) tagged: u64,
    pub(super) headline: Option<Headline>,
    /// First and last moment of the capture, whatever is shown.
    pub(super) span: Option<(CaptureTime, CaptureTime)>,
    /// First and last moment of the columns of time.
    pub(super) window: Option<(CaptureTime, CaptureTime)>,
    /// Octets of the largest row.
    pub(super) largest: u64,
}

impl Sheet {
    /// The place of a row.
    pub(super) fn place(&self, key: &RowKey) -> Option<usize> {
        self.rows.iter().position(|row| row.key == *key)
    }
}
