//! Who sent it: one line a client, split by what its flows are tagged with.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::balance::heading;
use super::colour::Style;
use super::label::label;
use super::number::{count, counted};
use super::table::{Align, Table};
use super::view::{CLIENTS, View};
use crate::ledger::{DimensionValue, RollupRow};

/// Clients shown; the rest are one line.
const SHOWN: usize = 10;

/// Flows by what they are tagged with; the three are never mixed up.
#[derive(Clone, Debug, Default)]
pub(super) struct Split {
    /// Categories that accuse.
    pub(super) accusing: RollupRow,
    /// Categories that do not.
    pub(super) operation: RollupRow,
    /// No tag.
    pub(super) untagged: RollupRow,
}

impl Split {
    /// Adds flows of one category, or untagged ones.
    pub(super) fn add(&mut self, category: &DimensionValue, row: &RollupRow) {
        let part = match category {
            DimensionValue::Category(category) if category.accuses() => &mut self.accusing,
            DimensionValue::Category(_) => &mut self.operation,
            _ => &mut self.untagged,
        };
        part.merge(row);
    }

    /// Adds another client's flows.
    fn merge(&mut self, other: &Self) {
        self.accusing.merge(&other.accusing);
        self.operation.merge(&other.operation);
        self.untagged.merge(&other.untagged);
    }

    /// What lines are ordered by: octets sent to what accuses, then all octets sent.
    fn weight(&self) -> (u64, u64) {
        let [accusing, operation, untagged] = self.sent();
        (accusing, accusing + operation + untagged)
    }

    /// Octets sent: to what accuses, to operation, untagged.
    fn sent(&self) -> [u64; 3] {
        [&self.accusing, &self.operation, &self.untagged].map(|row| row.counts.up.octets)
    }
}

/// The clients and what each of them sent.
pub(super) fn clients(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut clients: Vec<(String, Split)> = by_client(view).into_iter().collect();
    if clients.is_empty() {
        return Ok(());
    }
    clients.sort_by_key(|(_, split)| Reverse(split.weight()));
    let mut headings = vec![
        ("", Align::Left),
        ("telemetry etc.", Align::Right),
        ("operation", Align::Right),
        ("not tagged", Align::Right),
    ];
    if !view.is_narrow() {
        headings.push(("flows", Align::Right));
    }
    let mut table = Table::new(&headings);
    let (shown, rest) = clients.split_at(SHOWN.min(clients.len()));
    for (name, split) in shown {
        table.row(Style::Plain, 1, cells(view, name.clone(), split));
    }
    if !rest.is_empty() {
        let mut all = Split::default();
        for (_, split) in rest {
            all.merge(split);
        }
        let name = format!("+ {}", counted(rest.len() as u64, "more client"));
        table.row(Style::Dim, 1, cells(view, name, &all));
    }
    heading(view, out, "Clients (who opened the flows), and what they sent")?;
    table.write(out, view.palette, view.width)
}

/// One client's cells.
fn cells(view: &View<'_>, name: String, split: &Split) -> Vec<String> {
    let mut cells = vec![name];
    cells.extend(split.sent().map(|octets| view.octets(octets)));
    if !view.is_narrow() {
        cells.push(count(split.accusing.flows + split.operation.flows + split.untagged.flows));
    }
    cells
}

/// The clients by address, with the name of the device where there is one.
fn by_client(view: &View<'_>) -> BTreeMap<String, Split> {
    let mut clients: BTreeMap<String, Split> = BTreeMap::new();
    let rows = view.rollup(&CLIENTS).map_or(&[][..], |rollup| &rollup.rows);
    for (values, sums) in rows {
        let [client, device, category, _] = values.as_slice() else { continue };
        let name = match device {
            DimensionValue::NoDevice => label(view, client),
            device => format!("{} ({})", label(view, client), label(view, device)),
        };
        clients.entry(name).or_default().add(category, sums);
    }
    clients
}
