//! Octets by column of time.

use std::collections::HashMap;

use crate::ledger::{FlowPlace, Watched};
use crate::source::CaptureTime;

/// The octets of each lane in `columns` columns between two moments. Flows that stand in no
/// lane are left out; so are sums whose flows are not known any more. A slot that reaches over
/// several columns is spread over them evenly.
pub(super) fn series(
    watched: &Watched,
    lanes: &HashMap<FlowPlace, usize>,
    count: usize,
    (from, to): (CaptureTime, CaptureTime),
    columns: usize,
) -> Vec<Vec<u64>> {
    let mut octets = vec![vec![0_u64; columns]; count];
    let width = to.since(from).max(1);
    let column = |time: CaptureTime| {
        let at = u128::from(time.since(from)) * columns as u128 / u128::from(width);
        usize::try_from(at).unwrap_or(usize::MAX).min(columns.saturating_sub(1))
    };
    if columns == 0 {
        return octets;
    }
    for slot in watched.slots.iter().filter(|slot| slot.end() > from && slot.start <= to) {
        let (first, last) = (column(slot.start), column(CaptureTime(slot.end().0 - 1).min(to)));
        let parts = (last - first + 1) as u64;
        for row in slot.rows.iter() {
            let Some(lane) = lanes.get(&row.flow).and_then(|lane| octets.get_mut(*lane)) else {
                continue;
            };
            let sum = row.counts[0].octets + row.counts[1].octets;
            for cell in &mut lane[first..=last] {
                *cell += sum / parts;
            }
            lane[first] += sum % parts;
        }
    }
    octets
}
