use proptest::prelude::*;

use super::sample::{FlowSample, Ledger, all, at, database, flows};
use crate::ledger::{Dimension, FlowRecord, Quantity, Snapshot};
use crate::name::{Via, Without};

const BY_HOUR: [Dimension; 3] = [Dimension::Name, Dimension::Server, Dimension::Hour];
const BY_NAME: [Dimension; 2] = [Dimension::Registrable, Dimension::Host];

fn text(snapshot: &Snapshot) -> String {
    format!("{snapshot:#?}")
}

#[test]
fn a_flow_is_seen_once_before_and_after_its_end() {
    let database = database();
    let mut ledger = Ledger::new(&database, &[vec![Dimension::Signature]], &all);
    let (a, b) = (
        FlowSample { id: 1, ..FlowSample::default() }.cell().both_ways(),
        FlowSample { id: 2, ..FlowSample::default() }.cell().both_ways(),
    );
    a.name(&database, Via::TlsSni, "a.example.org", at(0));
    ledger.enter(&a);
    ledger.enter(&b);
    let before = ledger.snapshot();
    assert_eq!(before.balance.in_flows, Quantity { frames: 4, octets: 600 });
    assert_eq!((before.totals.flows, before.totals.named, before.totals.tagged), (2, 300, 300));
    let record = ledger.end(&a).expect("it is shown");
    assert_eq!(record.primary().map(|t| t.signature), database.by_id("a"));
    assert_eq!(text(&ledger.snapshot()), text(&before));
    ledger.end(&b);
    assert_eq!(text(&ledger.snapshot()), text(&before));
    assert_eq!(text(&ledger.collector.finish(at(9))), text(&before));
}

#[test]
fn octets_counted_after_one_snapshot_are_in_the_next() {
    let database = database();
    let ledger = Ledger::new(&database, &[], &all);
    let cell = FlowSample::default().cell();
    ledger.enter(&cell);
    for seconds in 1..=5 {
        cell.up(at(seconds), 60);
        let octets = u64::try_from(seconds).unwrap() * 60;
        assert_eq!(ledger.snapshot().balance.in_flows.octets, octets);
    }
}

#[test]
fn a_flow_that_counted_no_frame_is_none() {
    let database = database();
    let mut ledger = Ledger::new(&database, &[vec![Dimension::Name]], &all);
    let cell = FlowSample::default().cell();
    cell.name(&database, Via::TlsSni, "a.example.org", at(0));
    ledger.enter(&cell);
    assert_eq!(text(&ledger.snapshot()), text(&empty()));
    assert!(ledger.end(&cell).is_none());
    assert_eq!(text(&ledger.snapshot()), text(&empty()));
}

/// A snapshot of nothing, rolled up by name.
fn empty() -> Snapshot {
    let rollup = crate::ledger::Rollup::of(vec![Dimension::Name], Vec::new());
    Snapshot { rollups: vec![rollup], ..Snapshot::default() }
}

#[test]
fn the_filter_decides_what_is_shown_and_never_what_is_counted() {
    let database = database();
    let admits = |flow: &FlowRecord| flow.server.port == 443;
    let by = [vec![Dimension::Port]];
    let (mut shown, mut whole) =
        (Ledger::new(&database, &by, &admits), Ledger::new(&database, &by, &all));
    for (id, server) in [(1, "192.0.2.1:443"), (2, "192.0.2.1:80")] {
        let sample = FlowSample { id, server, ..FlowSample::default() };
        let cells = [sample.cell().both_ways(), sample.cell().both_ways()];
        cells[0].name(&database, Via::HttpHost, "a.example.org", at(0));
        cells[1].name(&database, Via::HttpHost, "a.example.org", at(0));
        shown.enter(&cells[0]);
        whole.enter(&cells[1]);
        if id == 2 {
            assert!(shown.end(&cells[0]).is_none(), "it does not pass the filter");
            assert!(whole.end(&cells[1]).is_some());
        }
    }
    let (shown, whole) = (shown.snapshot(), whole.snapshot());
    assert_eq!((shown.shown_flows, whole.shown_flows), (1, 2));
    assert_eq!((shown.rollups[0].len(), whole.rollups[0].len()), (1, 2));
    assert_eq!(shown.balance, whole.balance);
    assert_eq!(shown.totals, whole.totals);
    assert_eq!(shown.by_signature, whole.by_signature);
}

#[test]
fn every_cause_has_its_own_sum() {
    let database = database();
    let mut ledger = Ledger::new(&database, &[], &all);
    for (id, cause) in (1..).zip(Without::ALL) {
        let cell = FlowSample { id, ..FlowSample::default() }.cell();
        cell.up(at(0), 1 << id);
        cell.cell.labels(|labels| labels.without = cause);
        ledger.enter(&cell);
        ledger.end(&cell);
    }
    let expected: Vec<u64> = (1..=8).map(|id| 1 << id).collect();
    assert_eq!(ledger.snapshot().totals.unnamed[..], expected);
}

proptest! {
    #[test]
    fn snapshots_do_not_depend_on_which_flows_have_ended(
        flows in flows(12),
        order in prop::collection::vec(any::<prop::sample::Index>(), 12),
    ) {
        let database = database();
        let by = [BY_HOUR.to_vec(), BY_NAME.to_vec()];
        let mut ledger = Ledger::new(&database, &by, &all);
        ledger.collector.tell_time(at(0));
        let mut live: Vec<_> =
            (1..).zip(&flows).map(|(id, flow)| (flow.cell(id, &database), flow)).collect();
        for (cell, flow) in &live {
            ledger.enter(cell);
            flow.count(cell);
        }
        let whole = ledger.snapshot();
        let frames: usize = flows.iter().map(|f| f.frames.len()).sum();
        prop_assert_eq!(whole.balance.in_flows.frames, frames as u64);
        let causes: u64 = whole.totals.unnamed.iter().sum();
        prop_assert_eq!(whole.totals.named + causes, whole.balance.in_flows.octets);
        let rows: u64 = whole.by_signature.values().map(|(_, counts)| counts.octets()).sum();
        prop_assert_eq!(rows, whole.balance.in_flows.octets);
        for rollup in &whole.rollups {
            let rows: u64 = rollup.listed().iter().map(|(_, row)| row.counts.octets()).sum();
            prop_assert_eq!(rows, whole.balance.in_flows.octets);
        }
        for index in order {
            if live.is_empty() {
                break;
            }
            let (cell, _) = live.swap_remove(index.index(live.len()));
            ledger.end(&cell);
            prop_assert_eq!(text(&ledger.snapshot()), text(&whole));
        }
        prop_assert_eq!(text(&ledger.collector.finish(at(9))), text(&whole));
    }
}
