//! Who sent it: one line a client, split by what its flows are tagged with.

use std::io::{self, Write};

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::balance::heading;
use super::colour::Style;
use super::label::label;
use super::number::{count, counted};
use super::table::{Align, Table};
use super::view::{CLIENTS, View};
use crate::ledger::{DimensionValue, RollupRow};

/// Clients shown; the rest are one line.
const SHOWN: usize = 10;

/// What one client sent, or all of them, to one kind of system.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sent {
    /// Octets up.
    pub(super) octets: u64,
    /// Flows.
    pub(super) flows: u64,
}

/// Flows by what they are tagged with; the three are never mixed up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Split {
    /// Categories that accuse.
    pub(super) accusing: Sent,
    /// Categories that do not.
    pub(super) operation: Sent,
    /// No tag.
    pub(super) untagged: Sent,
}

impl Split {
    /// Adds flows of one category, or untagged ones.
    pub(super) fn add(&mut self, category: &DimensionValue, row: &RollupRow) {
        let part = match category {
            DimensionValue::Category(category) if category.accuses() => &mut self.accusing,
            DimensionValue::Category(_) => &mut self.operation,
            _ => &mut self.untagged,
        };
        part.add(Sent { octets: row.counts.up.octets, flows: row.flows });
    }

    /// Adds another client's flows.
    fn merge(&mut self, other: &Self) {
        self.accusing.add(other.accusing);
        self.operation.add(other.operation);
        self.untagged.add(other.untagged);
    }

    /// What lines are ordered by: octets sent to what accuses, then all octets sent.
    fn weight(&self) -> (u64, u64) {
        let [accusing, operation, untagged] = self.sent();
        (accusing, accusing + operation + untagged)
    }

    /// Octets sent: to what accuses, to operation, untagged.
    fn sent(&self) -> [u64; 3] {
        [self.accusing, self.operation, self.untagged].map(|part| part.octets)
    }
}

impl Sent {
    fn add(&mut self, other: Self) {
        self.octets += other.octets;
        self.flows += other.flows;
    }
}

/// A client's address and device, as the roll-up has them.
type Client = (DimensionValue, DimensionValue);

/// The clients and what each of them sent.
pub(super) fn clients(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut clients: Vec<(Client, Split)> = by_client(view).into_iter().collect();
    if clients.is_empty() {
        return Ok(());
    }
    // Of many clients only the largest are put in order.
    let order = |a: &(Client, Split), b: &(Client, Split)| {
        b.1.weight().cmp(&a.1.weight()).then_with(|| a.0.cmp(&b.0))
    };
    if clients.len() > SHOWN {
        clients.select_nth_unstable_by(SHOWN, order);
    }
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
    let most = SHOWN.min(clients.len());
    let (shown, rest) = clients.split_at_mut(most);
    shown.sort_unstable_by(order);
    for (client, split) in shown {
        table.row(Style::Plain, 1, cells(view, name(view, client), split));
    }
    if !rest.is_empty() {
        let mut all = Split::default();
        for (_, split) in &*rest {
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

/// A client by its address, with the name of the device where there is one.
fn name(view: &View<'_>, (client, device): &Client) -> String {
    match device {
        DimensionValue::NoDevice => label(view, client),
        device => format!("{} ({})", label(view, client), label(view, device)),
    }
}

/// What each client sent.
fn by_client(view: &View<'_>) -> HashMap<Client, Split, RandomState> {
    let Some(rollup) = view.rollup(&CLIENTS) else { return HashMap::default() };
    let mut clients = HashMap::with_capacity_and_hasher(rollup.len(), RandomState::default());
    rollup.each(|values, sums| {
        let [client, device, category, _] = values else { return };
        let split: &mut Split = clients.entry((client.clone(), device.clone())).or_default();
        split.add(category, sums);
    });
    clients
}
