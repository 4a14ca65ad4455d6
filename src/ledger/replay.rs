//! The ledger as it stood at a moment of the capture.

use std::collections::HashMap;
use std::sync::Arc;

use super::{BothWays, Count, FlowPlace, FlowSums, Snapshot, WatchedFlow};
use crate::flow::FlowFlags;
use crate::name::Without;
use crate::signature::Basis;
use crate::source::CaptureTime;

/// The Snapshot at `moment`: flows that had begun, with what they had counted and the names
/// they had shown. Exact to the slot that the moment is in: that slot counts as a whole. What
/// is known of flows that are no longer kept one by one has no history, so they are left out.
pub fn replay(snapshot: &Snapshot, moment: CaptureTime) -> Snapshot {
    let Some(watched) = &snapshot.watched else { return snapshot.clone() };
    let mut counts: HashMap<FlowPlace, [Count; 2]> = HashMap::new();
    for slot in watched.slots.iter().filter(|slot| slot.start <= moment) {
        for row in slot.rows.iter() {
            let sums = counts.entry(row.flow).or_default();
            for (sum, count) in sums.iter_mut().zip(row.counts) {
                sum.add(count);
            }
        }
    }
    let until = watched
        .slots
        .iter()
        .filter(|slot| slot.start <= moment)
        .map(super::history::Slot::end)
        .max()
        .unwrap_or(moment);
    let mut then = watched.map(|flow| {
        let counted = counts.get(&flow.place())?;
        Some(at(flow, flow.oriented(*counted), until))
    });
    then.older = FlowSums::default();
    then.now = moment.min(watched.now);
    snapshot.with_watched(then)
}

/// The flow with what it had counted and shown before `until`.
fn at(flow: &WatchedFlow, counts: BothWays<Count>, until: CaptureTime) -> WatchedFlow {
    if flow.record.last < until && counts == flow.record.counts {
        return WatchedFlow { live: flow.live, ..flow.clone() };
    }
    let mut record = (*flow.record).clone();
    record.counts = counts;
    record.last = record.last.min(CaptureTime(until.0.saturating_sub(1))).max(record.first);
    record.names.retain(|seen| seen.time < until);
    let is_named = record.names.iter().any(|seen| seen.via.is_basis());
    if !is_named {
        record.tags.retain(|tag| tag.basis == Basis::Network);
        record.unnamed.get_or_insert(Without::NoPayload);
    }
    if counts.up.frames == 0 || counts.down.frames == 0 {
        record.flags |= FlowFlags::ONE_SIDED;
    }
    WatchedFlow { record: Arc::new(record), client: flow.client, live: true }
}
