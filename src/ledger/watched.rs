//! What a Snapshot holds for those who watch: the flows themselves, and what each counted when.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::history::{Slot, joined};
use super::{BothWays, Count, FlowRecord, Quantity, Snapshot, Totals};
use crate::flow::Side;
use crate::name::Without;
use crate::signature::SignatureId;
use crate::source::CaptureTime;

/// Which flow: no two flows of a run begin with the same frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlowPlace {
    /// Index of the capture in the run.
    pub capture: u32,
    /// Number of the flow's first frame in it.
    pub first_frame: u64,
}

/// A flow that is watched.
#[derive(Clone, Debug)]
pub struct WatchedFlow {
    /// Everything that is known of it.
    pub record: Arc<FlowRecord>,
    /// Its client's side of the key, by which slots count.
    pub client: Side,
    /// Whether it goes on.
    pub live: bool,
}

impl WatchedFlow {
    /// Which flow it is.
    pub fn place(&self) -> FlowPlace {
        FlowPlace { capture: self.record.capture, first_frame: self.record.first_frame }
    }

    /// What a slot's row says, seen from the client.
    pub fn oriented(&self, counts: [Count; 2]) -> BothWays<Count> {
        super::cell::oriented(counts, self.client)
    }
}

/// Sums over flows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlowSums {
    /// Frames and octets.
    pub quantity: Quantity,
    /// Totals.
    pub totals: Totals,
    /// By primary signature; untagged ones under `None`.
    pub by_signature: BTreeMap<Option<SignatureId>, (u64, BothWays<Count>)>,
}

impl FlowSums {
    /// Adds a flow.
    pub fn add(&mut self, flow: &FlowRecord) {
        let octets = flow.counts.octets();
        self.quantity.add(Quantity { frames: flow.counts.frames(), octets });
        self.totals.flows += 1;
        match flow.unnamed {
            None => self.totals.named += octets,
            Some(cause) => {
                let place = Without::ALL.iter().position(|c| *c == cause).unwrap_or(0);
                self.totals.unnamed[place] += octets;
            }
        }
        let primary = flow.primary().map(|tag| tag.signature);
        if primary.is_some() {
            self.totals.tagged += octets;
        }
        let row = self.by_signature.entry(primary).or_default();
        row.0 += 1;
        row.1.add(flow.counts);
    }
}

impl FlowSums {
    /// Adds other sums.
    pub(super) fn merge(&mut self, other: &Self) {
        self.quantity.add(other.quantity);
        self.totals.merge(&other.totals);
        for (signature, (flows, counts)) in &other.by_signature {
            let row = self.by_signature.entry(*signature).or_default();
            row.0 += flows;
            row.1.add(*counts);
        }
    }
}

/// Flows and their history.
#[derive(Clone, Debug, Default)]
pub struct Watched {
    /// Live flows and the ended ones that are kept, ordered by their places.
    pub flows: Vec<WatchedFlow>,
    /// Ended flows that are no longer kept one by one.
    pub older: FlowSums,
    /// What flows counted when, oldest first. Slots of several streams may overlap where their
    /// widths differ.
    pub slots: Vec<Slot>,
    /// The capture clock.
    pub now: CaptureTime,
}

impl Watched {
    /// The flow at a place.
    pub fn flow(&self, place: FlowPlace) -> Option<&WatchedFlow> {
        let found = self.flows.binary_search_by_key(&place, WatchedFlow::place).ok()?;
        self.flows.get(found)
    }

    /// The same flows and slots with other records.
    #[must_use]
    pub fn map(&self, mut record: impl FnMut(&WatchedFlow) -> Option<WatchedFlow>) -> Self {
        Self { flows: self.flows.iter().filter_map(&mut record).collect(), ..self.clone() }
    }

    /// What slots counted that is no longer kept by flow.
    pub fn rest(&self) -> Count {
        let mut rest = Count::default();
        self.slots.iter().for_each(|slot| rest.add(slot.rest));
        rest
    }

    /// Sums over all flows, the older ones included.
    pub fn sums(&self) -> FlowSums {
        let mut sums = self.older.clone();
        self.flows.iter().for_each(|flow| sums.add(&flow.record));
        sums
    }

    /// Earliest frame and latest of the flows that are kept.
    pub fn span(&self) -> Option<(CaptureTime, CaptureTime)> {
        let first = self.flows.iter().map(|flow| flow.record.first).min()?;
        let last = self.flows.iter().map(|flow| flow.record.last).max()?;
        Some((first, last))
    }
}

/// Puts the slots of several streams in order; those of the same span become one.
pub(super) fn in_order(mut slots: Vec<Slot>) -> Vec<Slot> {
    slots.sort_by_key(|slot| (slot.start, slot.width));
    let mut ordered: Vec<Slot> = Vec::with_capacity(slots.len());
    for slot in slots {
        match ordered.last_mut() {
            Some(last) if (last.start, last.width) == (slot.start, slot.width) => {
                *last = joined(last, &slot);
            }
            _ => ordered.push(slot),
        }
    }
    ordered
}

impl Snapshot {
    /// The same ledger with what is watched replaced: its sums follow from the flows.
    #[must_use]
    pub fn with_watched(&self, watched: Watched) -> Self {
        let sums = watched.sums();
        let mut snapshot = Self { rollups: Vec::new(), ..self.clone() };
        snapshot.totals = sums.totals;
        snapshot.by_signature = sums.by_signature;
        snapshot.shown_flows = sums.totals.flows;
        snapshot.balance.in_flows = sums.quantity;
        snapshot.watched = Some(Arc::new(watched));
        snapshot
    }
}
