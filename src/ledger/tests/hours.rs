use super::sample::{Cell, FlowSample, Ledger, all, at, database};
use crate::ledger::{Dimension, DimensionValue, Snapshot};
use crate::name::Via;
use crate::source::CaptureTime;

const HOUR: i64 = 3600;

/// Hour, octets up and down, flows of each row.
fn rows(snapshot: &Snapshot) -> Vec<(i64, u64, u64, u64)> {
    let row = |(values, row): &(Vec<DimensionValue>, crate::ledger::RollupRow)| {
        let Some(DimensionValue::Hour(start)) = values.first() else { panic!("{values:?}") };
        let hour = (start.0 - at(0).0) / (HOUR * super::sample::SECOND);
        (hour, row.counts.up.octets, row.counts.down.octets, row.flows)
    };
    snapshot.rollups[0].listed().iter().map(row).collect()
}

/// A ledger by hour, and a flow in it.
fn ledger(database: &crate::signature::Database) -> (Ledger<'_>, Cell) {
    let ledger = Ledger::new(database, &[vec![Dimension::Hour, Dimension::Name]], &all);
    let cell = FlowSample::default().cell();
    ledger.enter(&cell);
    (ledger, cell)
}

/// A frame as the pipeline counts one: the clock first, which a late frame does not turn back.
fn frame(ledger: &mut Ledger<'_>, time: CaptureTime, count: impl Fn()) {
    ledger.collector.tell_time(time);
    count();
}

#[test]
fn a_flow_over_three_hours_counts_in_each_what_it_sent_there() {
    let database = database();
    let (mut ledger, cell) = ledger(&database);
    for (seconds, octets) in [(10, 1), (20, 2), (HOUR, 4), (3 * HOUR - 1, 8), (3 * HOUR, 16)] {
        frame(&mut ledger, at(seconds), || cell.up(at(seconds), octets));
    }
    frame(&mut ledger, at(3 * HOUR + 5), || cell.down(at(3 * HOUR + 5), 32));
    let expected = [(0, 3, 0, 1), (1, 4, 0, 1), (2, 8, 0, 1), (3, 16, 32, 1)];
    assert_eq!(rows(&ledger.snapshot()), expected);
    ledger.end(&cell);
    assert_eq!(rows(&ledger.snapshot()), expected);
}

#[test]
fn a_silent_hour_has_no_row() {
    let database = database();
    let (mut ledger, cell) = ledger(&database);
    for (seconds, octets) in [(10, 1), (5 * HOUR, 2)] {
        frame(&mut ledger, at(seconds), || cell.up(at(seconds), octets));
    }
    assert_eq!(rows(&ledger.snapshot()), [(0, 1, 0, 1), (5, 2, 0, 1)]);
}

#[test]
fn late_frames_count_in_the_current_hour() {
    let database = database();
    let (mut ledger, cell) = ledger(&database);
    for (seconds, octets) in [(10, 1), (HOUR + 10, 2), (20, 4), (2 * HOUR, 8)] {
        frame(&mut ledger, at(seconds), || cell.up(at(seconds), octets));
    }
    assert_eq!(rows(&ledger.snapshot()), [(0, 1, 0, 1), (1, 6, 0, 1), (2, 8, 0, 1)]);
}

#[test]
fn a_name_that_is_found_later_labels_the_earlier_hours() {
    let database = database();
    let (mut ledger, cell) = ledger(&database);
    frame(&mut ledger, at(0), || cell.up(at(0), 1));
    frame(&mut ledger, at(HOUR), || cell.up(at(HOUR), 2));
    cell.name(&database, Via::HttpHost, "a.example.org", at(HOUR));
    ledger.end(&cell);
    let snapshot = ledger.snapshot();
    assert_eq!(rows(&snapshot), [(0, 1, 0, 1), (1, 2, 0, 1)]);
    for (values, _) in &snapshot.rollups[0].listed() {
        assert!(
            matches!(&values[1], DimensionValue::Name(name) if name.as_str() == "a.example.org"),
            "{values:?}"
        );
    }
}

#[test]
fn a_flow_that_turns_around_has_its_earlier_hours_turned() {
    let database = database();
    let (mut ledger, cell) = ledger(&database);
    frame(&mut ledger, at(0), || cell.up(at(0), 1));
    frame(&mut ledger, at(HOUR), || cell.down(at(HOUR), 2));
    cell.cell.labels(|labels| labels.orientation.client = cell.client.other());
    assert_eq!(rows(&ledger.snapshot()), [(0, 0, 1, 1), (1, 2, 0, 1)]);
}

#[test]
fn a_flow_that_begins_later_leaves_the_hours_before_it_alone() {
    let database = database();
    let (mut ledger, first) = ledger(&database);
    frame(&mut ledger, at(0), || first.up(at(0), 1));
    ledger.collector.tell_time(at(HOUR));
    let second = FlowSample { id: 2, ..FlowSample::default() }.cell();
    ledger.enter(&second);
    second.up(at(HOUR), 2);
    ledger.end(&first);
    assert_eq!(rows(&ledger.snapshot()), [(0, 1, 0, 1), (1, 2, 0, 1)]);
}
