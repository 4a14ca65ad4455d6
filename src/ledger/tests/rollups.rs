use std::collections::BTreeMap;

use proptest::prelude::*;

use super::sample::{FlowSample, Ledger, SECOND, all, at, database, flows};
use crate::decode::Protocol;
use crate::ledger::{Dimension, DimensionValue, RollupRow, Snapshot};
use crate::name::{HostName, Via, Without};
use crate::signature::{Basis, Category, Database, Grade};

const EVERY: [Dimension; 21] = [
    Dimension::Signature,
    Dimension::Product,
    Dimension::Vendor,
    Dimension::Category,
    Dimension::Basis,
    Dimension::Grade,
    Dimension::Name,
    Dimension::Host,
    Dimension::Registrable,
    Dimension::Via,
    Dimension::Client,
    Dimension::Device,
    Dimension::App,
    Dimension::Country,
    Dimension::NetworkOwner,
    Dimension::Oui,
    Dimension::Server,
    Dimension::Port,
    Dimension::Protocol,
    Dimension::Capture,
    Dimension::Hour,
];

fn host(name: &str) -> DimensionValue {
    DimensionValue::Name(HostName::from_wire(name.as_bytes()).unwrap())
}

fn address(text: &str) -> DimensionValue {
    DimensionValue::Address(text.parse().unwrap())
}

/// What a flow to `deep.a.example.org` stands under.
fn of_named(dimension: Dimension, database: &Database) -> DimensionValue {
    match dimension {
        Dimension::Signature => DimensionValue::Signature(database.by_id("a").unwrap()),
        Dimension::Product => DimensionValue::Text("a product".into()),
        Dimension::Vendor => DimensionValue::Text("a vendor".into()),
        Dimension::Category => DimensionValue::Category(Category::Telemetry),
        Dimension::Basis => DimensionValue::Basis(Basis::Name),
        Dimension::Grade => DimensionValue::Grade(Grade::A),
        Dimension::Name | Dimension::Host => host("deep.a.example.org"),
        Dimension::Registrable => host("example.org"),
        Dimension::Via => DimensionValue::Via(Via::TlsSni),
        Dimension::Client => address("10.0.0.1"),
        Dimension::Device => DimensionValue::NoDevice,
        Dimension::App => DimensionValue::NoApp,
        Dimension::Country => DimensionValue::NoCountry,
        Dimension::NetworkOwner => DimensionValue::NoOwner,
        Dimension::Oui => DimensionValue::NoMaker,
        Dimension::Server => address("192.0.2.1"),
        Dimension::Port => DimensionValue::Port(6, Some(443)),
        Dimension::Protocol => DimensionValue::Protocol(6),
        Dimension::Capture => DimensionValue::Capture(3),
        Dimension::Hour => DimensionValue::Hour(at(0)),
    }
}

/// What a flow without a name stands under.
fn of_unnamed(dimension: Dimension) -> DimensionValue {
    match dimension {
        Dimension::Signature
        | Dimension::Product
        | Dimension::Vendor
        | Dimension::Category
        | Dimension::Basis
        | Dimension::Grade => DimensionValue::Untagged,
        Dimension::Name | Dimension::Registrable | Dimension::Via => {
            DimensionValue::Unnamed(Without::Midstream)
        }
        Dimension::Host | Dimension::Server => address("2001:db8::2"),
        Dimension::Client => address("2001:db8::1"),
        Dimension::Device => DimensionValue::NoDevice,
        Dimension::App => DimensionValue::NoApp,
        Dimension::Country => DimensionValue::NoCountry,
        Dimension::NetworkOwner => DimensionValue::NoOwner,
        Dimension::Oui => DimensionValue::NoMaker,
        Dimension::Port => DimensionValue::Port(17, Some(9999)),
        Dimension::Protocol => DimensionValue::Protocol(17),
        Dimension::Capture => DimensionValue::Capture(0),
        Dimension::Hour => DimensionValue::Hour(at(0)),
    }
}

#[test]
fn every_dimension_has_a_row_for_a_named_and_one_for_an_unnamed_flow() {
    let database = database();
    let by: Vec<_> = EVERY.map(|d| vec![d]).to_vec();
    let named = FlowSample { capture: 3, ..FlowSample::default() }.cell().both_ways();
    named.name(&database, Via::TlsSni, "deep.a.example.org", at(0));
    let ends = ("[2001:db8::1]:50000", "[2001:db8::2]:9999");
    let unnamed =
        FlowSample { id: 2, client: ends.0, server: ends.1, protocol: Protocol::UDP, capture: 0 };
    let unnamed = unnamed.cell();
    unnamed.up(at(1), 70);
    unnamed.cell.labels(|labels| labels.without = Without::Midstream);
    let mut ledger = Ledger::new(&database, &by, &all);
    ledger.collector.tell_time(at(0));
    ledger.enter(&named);
    ledger.enter(&unnamed);
    let snapshot = ledger.snapshot();
    for (dimension, rollup) in EVERY.into_iter().zip(&snapshot.rollups) {
        assert_eq!(rollup.dimensions, [dimension]);
        let mut expected = BTreeMap::<DimensionValue, (u64, u64)>::new();
        for (value, octets) in [(of_named(dimension, &database), 300), (of_unnamed(dimension), 70)]
        {
            let row = expected.entry(value).or_default();
            *row = (row.0 + 1, row.1 + octets);
        }
        let rows = rollup.ordered().into_iter();
        let rows: Vec<_> =
            rows.map(|(v, row)| (v[0].clone(), (row.flows, row.counts.octets()))).collect();
        assert_eq!(rows, expected.into_iter().collect::<Vec<_>>(), "{dimension:?}");
    }
}

#[test]
fn a_name_without_registrable_domain_stands_for_itself() {
    let database = database();
    let mut ledger = Ledger::new(&database, &[vec![Dimension::Registrable]], &all);
    for (id, name) in [(1, "printer"), (2, "co.uk"), (3, "www.example.co.uk")] {
        let cell = FlowSample { id, ..FlowSample::default() }.cell().both_ways();
        cell.name(&database, Via::HttpHost, name, at(0));
        ledger.enter(&cell);
        ledger.end(&cell);
    }
    let snapshot = ledger.snapshot();
    let rows = snapshot.rollups[0].ordered().into_iter();
    let rows: Vec<_> = rows.map(|(values, _)| values[0].clone()).collect();
    assert_eq!(rows, [host("co.uk"), host("example.co.uk"), host("printer")]);
}

#[test]
fn a_row_spans_from_its_earliest_to_its_latest_frame() {
    let database = database();
    let mut ledger = Ledger::new(&database, &[vec![Dimension::Server]], &all);
    for (id, first, last) in [(1, 50, 60), (2, 10, 55), (3, 20, 90)] {
        let cell = FlowSample { id, ..FlowSample::default() }.cell();
        cell.up(at(first), 60);
        cell.up(at(last), 60);
        ledger.enter(&cell);
        ledger.end(&cell);
    }
    let snapshot = ledger.snapshot();
    let (_, row) = &snapshot.rollups[0].listed()[0];
    assert_eq!((row.first, row.last, row.flows), (at(10), at(90), 3));
    assert_eq!(snapshot.rollups[0].len(), 1);
}

/// The sums as they are defined: each flow under its values.
fn by_definition(
    by: &[Dimension],
    records: &[crate::ledger::FlowRecord],
    database: &Database,
) -> Vec<(Vec<DimensionValue>, RollupRow)> {
    let mut rows = BTreeMap::<Vec<DimensionValue>, RollupRow>::new();
    for flow in records {
        let values = by.iter().map(|d| d.value(flow, at(0), database)).collect();
        let (first, last) = (flow.first, flow.last);
        let row = RollupRow { counts: flow.counts, flows: 1, first, last };
        rows.entry(values).or_default().merge(&row);
    }
    rows.into_iter().collect()
}

proptest! {
    #[test]
    fn rows_are_the_sums_of_the_flows_with_their_values(
        flows in flows(60),
        by in prop::collection::vec(prop::sample::select(EVERY[..16].to_vec()), 0..5),
    ) {
        let database = database();
        let mut ledger = Ledger::new(&database, std::slice::from_ref(&by), &all);
        let mut records = Vec::new();
        for (id, flow) in (1..).zip(&flows) {
            let cell = flow.cell(id, &database);
            flow.count(&cell);
            ledger.enter(&cell);
            records.extend(ledger.end(&cell));
        }
        let Snapshot { rollups, .. } = ledger.snapshot();
        let rows = rollups[0].ordered();
        prop_assert_eq!(rows, by_definition(&by, &records, &database));
    }

    #[test]
    fn beyond_the_bound_what_is_captured_counts_under_other(
        flows in flows(60),
        by in prop::collection::vec(prop::sample::select(EVERY[..16].to_vec()), 0..5),
        most in 0usize..50,
    ) {
        let database = database();
        let mut ledger = Ledger::new(&database, std::slice::from_ref(&by), &all).with_rows(most);
        let (mut rows, mut hits) = (BTreeMap::<Vec<_>, RollupRow>::new(), 0);
        for (id, flow) in (1..).zip(&flows) {
            let cell = flow.cell(id, &database);
            flow.count(&cell);
            ledger.enter(&cell);
            let Some(flow) = ledger.end(&cell) else { continue };
            let mut values: Vec<_> = by.iter().map(|d| d.value(&flow, at(0), &database)).collect();
            if rows.len() >= most && !rows.contains_key(&values) {
                hits += 1;
                let open = by.iter().zip(&mut values).filter(|(dimension, _)| dimension.is_open());
                open.for_each(|(_, value)| *value = DimensionValue::Other);
            }
            let (first, last) = (flow.first, flow.last);
            let row = RollupRow { counts: flow.counts, flows: 1, first, last };
            rows.entry(values).or_default().merge(&row);
        }
        let Snapshot { rollups, bounds, .. } = ledger.snapshot();
        let found = rollups[0].ordered();
        prop_assert_eq!(found, rows.into_iter().collect::<Vec<_>>());
        prop_assert_eq!(bounds.rows, hits);
    }

    #[test]
    fn the_hours_of_a_row_sum_to_the_row_without_hours(flows in flows(10)) {
        let database = database();
        let by = [vec![Dimension::Server], vec![Dimension::Server, Dimension::Hour]];
        let mut ledger = Ledger::new(&database, &by, &all);
        let cells: Vec<_> =
            (1..).zip(&flows).map(|(id, flow)| flow.cell(id, &database)).collect();
        let mut frames: Vec<_> = flows
            .iter()
            .zip(&cells)
            .flat_map(|(flow, cell)| flow.frames.iter().map(move |frame| (frame.1, cell, frame)))
            .collect();
        frames.sort_by_key(|(seconds, ..)| *seconds);
        for cell in &cells {
            ledger.enter(cell);
        }
        for (seconds, cell, &(is_up, _, wire_len)) in frames {
            ledger.collector.tell_time(at(seconds));
            if is_up { cell.up(at(seconds), wire_len) } else { cell.down(at(seconds), wire_len) }
        }
        let Snapshot { rollups, .. } = ledger.snapshot();
        let mut sums = BTreeMap::<DimensionValue, RollupRow>::new();
        for (values, row) in &rollups[1].listed() {
            let DimensionValue::Hour(start) = values[1] else { panic!("no hour") };
            prop_assert!(row.first >= start && row.last.0 < start.0 + 3600 * SECOND);
            sums.entry(values[0].clone()).or_default().merge(row);
        }
        prop_assert_eq!(sums.len(), rollups[0].len());
        for (values, row) in &rollups[0].listed() {
            prop_assert_eq!(sums[&values[0]].counts, row.counts);
            prop_assert_eq!((sums[&values[0]].first, sums[&values[0]].last), (row.first, row.last));
        }
    }
}
