//! Tables that are no roll-ups.

use super::super::{Material, Recount, Remarks, Tally};
use super::kind::{Facts, Line};
use crate::export::{csv_text, rfc3339};
use crate::flow::{FlowFlags, OrientedBy};
use crate::ledger::{DimensionValue, Quantity};
use crate::name::Without;

/// Columns of the timeline.
pub(super) const TIMELINE: [&str; 8] = [
    "from",
    "category",
    "up_packets",
    "up_bytes",
    "up_payload",
    "down_packets",
    "down_bytes",
    "down_payload",
];

fn line<const N: usize>(recount: Recount, cells: [String; N]) -> Line {
    Line { cells: cells.into(), recount }
}

pub(super) fn timeline(facts: &Facts<'_>) -> Vec<Line> {
    let Some(timeline) = facts.timeline else { return Vec::new() };
    let rows = timeline.rows.iter().map(|row| {
        let (up, down) = (row.counts.up, row.counts.down);
        let numbers = [up.frames, up.octets, up.payload, down.frames, down.octets, down.payload];
        let from = rfc3339(timeline.time(row.slot), 0).to_string();
        let mut cells = vec![from, row.category.word().to_owned()];
        cells.extend(numbers.map(|number| number.to_string()));
        Line { cells, recount: Recount::Tagged }
    });
    rows.collect()
}

/// Where every frame went. What is tagged is a part of what is in flows.
pub(super) fn balance(facts: &Facts<'_>) -> Vec<Line> {
    let balance = &facts.snapshot.balance;
    let part = |recount, name: &str, flows: Option<u64>, quantity: Quantity| {
        let flows = flows.map(|flows| flows.to_string()).unwrap_or_default();
        let Quantity { frames, octets } = quantity;
        line(recount, [name.to_owned(), flows, frames.to_string(), octets.to_string()])
    };
    let original = |name: &str, quantity| part(Recount::Original, name, None, quantity);
    let (tagged_flows, tagged) = tagged(facts);
    let mut lines = vec![
        original("read", balance.read),
        part(Recount::Original, "in flows", Some(facts.snapshot.totals.flows), balance.in_flows),
        part(Recount::Tagged, "in tagged flows", Some(tagged_flows), tagged),
        original("not IP", balance.not_ip),
        original("undecodable", balance.undecodable),
        original("outside --from and --to", balance.outside),
        original("copies", balance.duplicates),
    ];
    for (reason, quantity) in &balance.undecodable_by {
        lines.push(original(&format!("undecodable: {}", csv_text(reason)), *quantity));
    }
    lines
}

/// Flows, frames and octets with a tag, as far as the filter lets them through.
fn tagged(facts: &Facts<'_>) -> (u64, Quantity) {
    let mut rollups = facts.snapshot.rollups.iter();
    let systems = rollups.find(|rollup| rollup.dimensions == Material::SYSTEMS);
    let mut sum = (0, Quantity::default());
    let Some(systems) = systems else { return sum };
    systems.each(|values, row| {
        if !values.contains(&DimensionValue::Untagged) {
            sum.0 += row.flows;
            let (frames, octets) = (row.counts.frames(), row.counts.octets());
            sum.1.add(Quantity { frames, octets });
        }
    });
    sum
}

/// Octets of flows without a name, by cause.
pub(super) fn unnamed(facts: &Facts<'_>) -> Vec<Line> {
    let totals = &facts.snapshot.totals;
    let named = ("(named)", totals.named);
    let causes = Without::ALL.into_iter().map(Without::word).zip(totals.unnamed);
    let rows = std::iter::once(named).chain(causes);
    rows.map(|(word, octets)| line(Recount::Original, [word.to_owned(), octets.to_string()]))
        .collect()
}

/// What is remarkable about flows: all of them, and the tagged ones.
pub(super) fn remarks(facts: &Facts<'_>) -> Vec<Line> {
    let all = facts.all.map(|all| remarks_of(Recount::Original, "all", all));
    let tagged = remarks_of(Recount::Tagged, "tagged", facts.tagged);
    all.into_iter().flatten().chain(tagged).collect()
}

fn remarks_of(recount: Recount, scope: &str, remarks: &Remarks) -> Vec<Line> {
    let row = |remark: &str, tally: Tally| {
        let cells = [scope, remark].map(str::to_owned);
        let cells = cells.into_iter().chain([tally.flows, tally.octets].map(|n| n.to_string()));
        Line { cells: cells.collect(), recount }
    };
    let mut lines = vec![
        row("total", remarks.total),
        row("http/2 or http/3 offered", remarks.multiplexed),
        row("tag rests on the client's word", remarks.claimed),
        row("began before the capture", remarks.midstream),
    ];
    for (flag, word) in FlowFlags::WORDS {
        let mut line = row(&format!("flag {word}"), remarks.flagged(flag));
        // The bundle holds DNS answers only where a tag rests on them: whether other names led
        // to an address is not to be seen in it.
        if flag == FlowFlags::DNS_AMBIGUOUS {
            line.recount = Recount::Original;
        }
        lines.push(line);
    }
    for rule in OrientedBy::ALL {
        lines.push(row(&format!("oriented by {}", rule.word()), remarks.oriented_by(rule)));
    }
    lines
}

/// Flows of the bundle's captures by the server name that the client sent.
pub(super) fn server_names(facts: &Facts<'_>) -> Vec<Line> {
    let rows = facts.server_names.iter().map(|(name, sums)| {
        let name = csv_text(name.as_str()).into_owned();
        let numbers = [sums.flows, sums.frames, sums.octets].map(|number| number.to_string());
        let [flows, frames, octets] = numbers;
        line(Recount::Tagged, [name, flows, frames, octets])
    });
    rows.collect()
}
