//! Tables of roll-ups.

use super::super::Recount;
use super::kind::{Facts, Line};
use crate::export::{Labels, csv_text, dimension_word, rfc3339};
use crate::ledger::{Dimension, DimensionValue, RollupRow};

/// The columns behind the dimensions: those of `vigie analyze --format csv`.
pub(super) const SUMS: [&str; 9] = [
    "up_packets",
    "up_bytes",
    "up_payload",
    "down_packets",
    "down_bytes",
    "down_payload",
    "flows",
    "first",
    "last",
];

/// The columns of a roll-up by these dimensions.
pub(super) fn header(dimensions: &[Dimension]) -> Vec<&'static str> {
    dimensions.iter().map(|dimension| dimension_word(*dimension)).chain(SUMS).collect()
}

/// The rows of the roll-up by `dimensions`, their values in the order of `columns`. A row of
/// untagged flows is `original`.
pub(super) fn lines(
    facts: &Facts<'_>,
    dimensions: &[Dimension],
    columns: &[Dimension],
) -> Vec<Line> {
    let labels = Labels { database: facts.database, captures: &facts.snapshot.captures };
    let mut rollups = facts.snapshot.rollups.iter();
    let Some(rollup) = rollups.find(|rollup| rollup.dimensions == dimensions) else {
        return Vec::new();
    };
    let line = |(values, sums): &(Vec<DimensionValue>, RollupRow)| {
        let place = |column: &Dimension| dimensions.iter().position(|d| d == column);
        let value = |column| place(column).and_then(|at| values.get(at));
        let text = |value| csv_text(&labels.text(value)).into_owned();
        let mut cells: Vec<_> = columns.iter().filter_map(value).map(text).collect();
        cells.extend(of_sums(sums, facts.digits));
        let untagged = values.contains(&DimensionValue::Untagged);
        Line { cells, recount: if untagged { Recount::Original } else { Recount::Tagged } }
    };
    rollup.ordered().into_iter().map(line).collect()
}

/// The cells of [`SUMS`].
fn of_sums(sums: &RollupRow, digits: u8) -> impl Iterator<Item = String> {
    let (up, down) = (sums.counts.up, sums.counts.down);
    let numbers =
        [up.frames, up.octets, up.payload, down.frames, down.octets, down.payload, sums.flows];
    let times = [sums.first, sums.last].map(|time| rfc3339(time, digits).to_string());
    numbers.map(|number| number.to_string()).into_iter().chain(times)
}
