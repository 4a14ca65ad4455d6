use std::sync::Arc;

use super::sample::{Cell, FlowSample, Ledger, NONE, all, at, database};
use crate::ledger::{
    Devices, Mask, Pseudonyms, Recorder, Snapshot, Watch, Watched, Watcher, mask, masked_client,
    masked_server, replay,
};
use crate::name::Via;

fn watched(snapshot: &Snapshot) -> &Watched {
    snapshot.watched.as_deref().expect("somebody watches")
}

/// Octets of a flow in the slots, by side.
fn in_slots(snapshot: &Snapshot, first_frame: u64) -> u64 {
    let rows = watched(snapshot).slots.iter().flat_map(|slot| slot.rows.iter());
    rows.filter(|row| row.flow.first_frame == first_frame)
        .map(|row| row.counts[0].octets + row.counts[1].octets)
        .sum()
}

/// Two flows; the first ends, the second goes on in a later second.
fn two_flows(ledger: &mut Ledger<'_>, database: &crate::signature::Database) -> [Cell; 2] {
    let a = FlowSample { id: 1, ..FlowSample::default() }.cell();
    let b = FlowSample { id: 2, client: "10.0.0.2:50000", ..FlowSample::default() }.cell();
    ledger.collector.tell_time(at(0));
    ledger.enter(&a);
    ledger.enter(&b);
    a.up(at(0), 100);
    a.down(at(0), 200);
    a.name(database, Via::TlsSni, "a.example.org", at(0));
    b.up(at(0), 60);
    ledger.end(&a);
    ledger.collector.tell_time(at(3));
    b.down(at(3), 40);
    [a, b]
}

#[test]
fn a_watcher_sees_live_and_ended_flows_once_each_and_when_they_counted() {
    let database = database();
    let devices = Devices::default();
    let watch = Arc::new(Watch::new(Watch::FEW));
    let mut watcher = Watcher::new(
        Arc::clone(&watch),
        Recorder { database: &database, devices: &devices, assignments: &NONE },
    );
    assert!(watched(&watcher.snapshot()).flows.is_empty());
    let mut ledger = Ledger::new(&database, &[], &all).watched(&watch);
    let cells = two_flows(&mut ledger, &database);
    assert!(watch.has_ended_flows());
    let during = watcher.snapshot();
    assert!(!watch.has_ended_flows(), "the snapshot holds them");
    assert_eq!(watched(&during).flows.len(), 2);
    assert_eq!(during.totals, ledger.snapshot().totals);
    assert_eq!(during.by_signature, ledger.snapshot().by_signature);
    assert_eq!((in_slots(&during, 1), in_slots(&during, 2)), (300, 100));
    assert_eq!(watched(&during).flows.iter().filter(|flow| flow.live).count(), 1);
    ledger.end(&cells[1]);
    assert!(watch.has_ended_flows());
    let after = watcher.snapshot();
    assert_eq!(after.totals, during.totals);
    assert_eq!(watched(&after).slots, watched(&during).slots);
}

#[test]
fn flows_beyond_the_bound_stay_in_the_sums() {
    let database = database();
    let devices = Devices::default();
    let watch = Arc::new(Watch::new(Watch::FEW));
    let recorder = Recorder { database: &database, devices: &devices, assignments: &NONE };
    let mut watcher = Watcher::keeping(Arc::clone(&watch), recorder, 2);
    let mut ledger = Ledger::new(&database, &[], &all).watched(&watch);
    for id in 1..=5 {
        let cell = FlowSample { id, ..FlowSample::default() }.cell().both_ways();
        ledger.enter(&cell);
        ledger.end(&cell);
    }
    let snapshot = watcher.snapshot();
    assert_eq!(watched(&snapshot).flows.len(), 2);
    assert_eq!(watched(&snapshot).older.totals.flows, 3);
    assert_eq!(snapshot.totals.flows, 5);
    assert_eq!(snapshot.balance.in_flows.octets, 5 * 300);
}

#[test]
fn each_stream_keeps_its_part_and_nothing_is_lost_from_the_sums() {
    let database = database();
    let devices = Devices::default();
    let watch = Arc::new(Watch::keeping(Watch::FEW, (2, 3)));
    let recorder = Recorder { database: &database, devices: &devices, assignments: &NONE };
    let mut watcher = Watcher::new(Arc::clone(&watch), recorder);
    let mut ledger = Ledger::new(&database, &[], &all).watched(&watch);
    ledger.collector.tell_time(at(0));
    for id in 1..=9 {
        let cell = FlowSample { id, ..FlowSample::default() }.cell().both_ways();
        ledger.enter(&cell);
        ledger.end(&cell);
    }
    // Nobody has looked until now.
    let snapshot = watcher.snapshot();
    let seen = watched(&snapshot);
    assert_eq!(seen.flows.len(), 2);
    assert_eq!(seen.older.totals.flows, 7);
    assert_eq!((snapshot.totals.flows, snapshot.balance.in_flows.octets), (9, 9 * 300));
    let rows: usize = seen.slots.iter().map(|slot| slot.rows.len()).sum();
    assert!(rows <= 3 + 3, "{rows} rows");
    assert!(seen.rest().octets > 0);
    let in_rows: u64 = (1..=9).map(|id| in_slots(&snapshot, id)).sum();
    assert_eq!(in_rows + seen.rest().octets, 9 * 300);
}

#[test]
fn all_streams_together_keep_no_more_than_one() {
    for streams in [0, 1, 2, 10, 1_000] {
        let (flows, rows) = Watch::shared(Watch::FEW, streams).kept();
        assert!(flows * streams.max(1) <= Watcher::FLOWS_KEPT && flows > 0, "{streams}");
        assert!(rows * streams.max(1) <= 2 << 20 && rows > 0, "{streams}");
    }
}

#[test]
fn the_ledger_of_a_moment_holds_what_was_counted_and_named_before() {
    let database = database();
    let devices = Devices::default();
    let watch = Arc::new(Watch::new(Watch::FEW));
    let recorder = Recorder { database: &database, devices: &devices, assignments: &NONE };
    let mut watcher = Watcher::new(Arc::clone(&watch), recorder);
    let mut ledger = Ledger::new(&database, &[], &all).watched(&watch);
    let cells = two_flows(&mut ledger, &database);
    cells[1].name(&database, Via::TlsSni, "a.example.org", at(3));
    let now = watcher.snapshot();
    assert_eq!(now.totals.tagged, 400);
    let then = replay(&now, at(1));
    assert_eq!((then.balance.in_flows.octets, then.totals.flows), (360, 2));
    assert_eq!(then.totals.tagged, 300, "the second flow had shown no name yet");
    assert_eq!(replay(&now, at(3)).totals, now.totals);
    assert_eq!(replay(&now, at(-5)).totals.flows, 0);
}

#[test]
fn a_mask_leaves_amounts_and_purposes_and_keeps_its_numbers() {
    let database = database();
    let devices = Devices::default();
    let watch = Arc::new(Watch::new(Watch::FEW));
    let recorder = Recorder { database: &database, devices: &devices, assignments: &NONE };
    let mut watcher = Watcher::new(Arc::clone(&watch), recorder);
    let mut ledger = Ledger::new(&database, &[], &all).watched(&watch);
    let _cells = two_flows(&mut ledger, &database);
    let open = watcher.snapshot();
    let mut numbers = Pseudonyms::default();
    let masked = mask(&open, Mask::All, &mut numbers);
    assert_eq!(masked.by_signature, open.by_signature);
    let text = format!("{:?}", watched(&masked).flows);
    for hidden in ["10.0.0.1", "10.0.0.2", "192.0.2.1", "a.example.org"] {
        assert!(format!("{:?}", watched(&open).flows).contains(hidden));
        assert!(!text.contains(hidden), "{hidden} shows");
    }
    let clients = |s: &Snapshot| -> Vec<_> {
        watched(s).flows.iter().map(|f| masked_client(f.record.client.ip)).collect()
    };
    assert_eq!(clients(&masked), [Some(1), Some(2)]);
    assert_eq!(masked_server(watched(&masked).flows[0].record.server.ip), Some(1));
    assert_eq!(clients(&mask(&open, Mask::Clients, &mut numbers)), [Some(1), Some(2)]);
    assert_eq!(clients(&mask(&open, Mask::Hosts, &mut numbers)), [None, None]);
}
