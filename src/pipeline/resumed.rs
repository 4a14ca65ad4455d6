//! TCP flows that fell silent and may go on: they inherit names and orientation.

use std::collections::VecDeque;

use hashbrown::HashMap;

use crate::flow::{FlowFlags, FlowKey, Orientation};
use crate::ledger::Found;
use crate::source::CaptureTime;

/// What a silent flow leaves to its continuation.
#[derive(Debug)]
pub(super) struct Legacy {
    pub(super) orientation: Orientation,
    pub(super) found: Option<Box<Found>>,
    /// Those of [`Legacy::FLAGS`] that were set.
    pub(super) flags: FlowFlags,
    /// When the flow was last heard of.
    pub(super) last: CaptureTime,
}

impl Legacy {
    /// Flags that say what the names are worth: they go with them.
    pub(super) const FLAGS: FlowFlags = FlowFlags(FlowFlags::DNS_AMBIGUOUS.0 | FlowFlags::ECH.0);
}

/// Legacies by key, the oldest going first.
#[derive(Debug, Default)]
pub(super) struct Legacies {
    by_key: HashMap<FlowKey, Legacy, foldhash::quality::RandomState>,
    order: VecDeque<FlowKey>,
    /// Legacies that had to go before their time.
    pub(super) hits: u64,
}

impl Legacies {
    /// Silent flows that are remembered.
    const LIMIT: usize = 65_536;
    /// How long a silence may be: 24 h.
    const LONGEST: u64 = 24 * 3_600_000_000_000;

    /// Remembers a flow that fell silent.
    pub(super) fn leave(&mut self, key: FlowKey, legacy: Legacy) {
        let last = legacy.last;
        if self.by_key.insert(key, legacy).is_none() {
            self.order.push_back(key);
        }
        while self.by_key.len() > Self::LIMIT {
            let Some(oldest) = self.order.pop_front() else { break };
            if let Some(gone) = self.by_key.remove(&oldest)
                && last.since(gone.last) <= Self::LONGEST
            {
                self.hits += 1;
            }
        }
        // Keys of legacies that were taken stay in the order until their turn: drop them here.
        if self.order.len() > 2 * Self::LIMIT {
            let by_key = &self.by_key;
            self.order.retain(|key| by_key.contains_key(key));
        }
    }

    /// What an earlier flow of this key left, if the silence was not too long.
    pub(super) fn take(&mut self, key: &FlowKey, now: CaptureTime) -> Option<Legacy> {
        if self.by_key.is_empty() {
            return None;
        }
        let legacy = self.by_key.remove(key)?;
        (now.since(legacy.last) <= Self::LONGEST).then_some(legacy)
    }
}
