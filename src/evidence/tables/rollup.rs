//! Tables of roll-ups.

use hashbrown::HashMap;

use super::super::Recount;
use super::kind::{Facts, Line};
use crate::export::{Labels, SUM_COLUMNS, csv_text, dimension_word, sum_cells};
use crate::ledger::{Dimension, DimensionValue, RollupRow};

/// The columns of a roll-up by these dimensions.
pub(super) fn header(dimensions: &[Dimension]) -> Vec<&'static str> {
    dimensions.iter().map(|dimension| dimension_word(*dimension)).chain(SUM_COLUMNS).collect()
}

/// The rows of the roll-up by `dimensions`, their values in the order of `columns`. A row of
/// untagged flows is `original`; a flow without a name has an empty one, a server of which no
/// register tells has an empty place.
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
    let text = |value: &DimensionValue| match value {
        DimensionValue::Unnamed(_) | DimensionValue::NoCountry | DimensionValue::NoOwner => {
            String::new()
        }
        value => csv_text(&labels.text(value)).into_owned(),
    };
    // Why there is no name is another question where payload was cut off: rows that differ in
    // nothing else are one.
    let mut rows: Vec<(Vec<String>, RollupRow, Recount)> = Vec::new();
    let mut places: HashMap<Vec<String>, usize> = HashMap::new();
    for (values, sums) in rollup.ordered() {
        let place = |column: &Dimension| dimensions.iter().position(|d| d == column);
        let value = |column| place(column).and_then(|at| values.get(at));
        let cells: Vec<_> = columns.iter().filter_map(value).map(text).collect();
        let same = places.get(&cells).and_then(|at| rows.get_mut(*at));
        if let Some((_, row, _)) = same {
            row.merge(&sums);
            continue;
        }
        let untagged = values.contains(&DimensionValue::Untagged);
        let recount = if untagged { Recount::Original } else { Recount::Tagged };
        places.insert(cells.clone(), rows.len());
        rows.push((cells, sums, recount));
    }
    let line = |(mut cells, sums, recount): (Vec<String>, RollupRow, Recount)| {
        cells.extend(sum_cells(&sums, facts.digits));
        Line { cells, recount }
    };
    rows.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::evidence::{Material, Remarks};
    use crate::ledger::{Rollup, Snapshot};
    use crate::name::Without;
    use crate::signature::{Basis, Database, Grade};

    #[test]
    fn flows_without_a_name_are_one_row_whatever_the_cause() {
        let database = Database::shipped();
        let signature = database.by_id("ms-teams-media").unwrap();
        let row = |cause, flows| {
            let values = vec![
                DimensionValue::Signature(signature),
                DimensionValue::Unnamed(cause),
                DimensionValue::Unnamed(cause),
                DimensionValue::Basis(Basis::Network),
                DimensionValue::Grade(Grade::D),
            ];
            (values, RollupRow { flows, ..RollupRow::default() })
        };
        let rollup = |rows| Snapshot {
            rollups: vec![Rollup::of(Material::NAMES.to_vec(), rows)],
            ..Snapshot::default()
        };
        let text = |snapshot: &Snapshot| {
            let facts = Facts {
                snapshot,
                database: &database,
                all: None,
                tagged: &Remarks::default(),
                timeline: None,
                bundle: &[],
                captures: &[],
                server_names: &BTreeMap::new(),
                digits: 6,
            };
            let lines = lines(&facts, &Material::NAMES, &Material::NAMES);
            lines.into_iter().map(|line| line.cells).collect::<Vec<_>>()
        };
        let original = rollup(vec![row(Without::NoSni, 2), row(Without::UnknownProtocol, 3)]);
        let cut = rollup(vec![row(Without::Cut, 5)]);
        assert_eq!(text(&original), text(&cut));
        assert_eq!(text(&cut)[0][..5], ["ms-teams-media", "", "", "network", "D"]);
    }
}
