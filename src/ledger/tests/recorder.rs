use std::collections::HashMap;

use super::sample::{FlowSample, NONE, at, database};
use crate::flow::{FlowFlags, Orientation, OrientedBy};
use crate::ledger::{Count, Devices, Recorder};
use crate::name::{Via, Without};

#[test]
fn the_client_side_decides_what_is_up_and_no_number_moves_when_it_changes() {
    let database = database();
    for (client, server) in
        [("10.0.0.1:50000", "192.0.2.1:443"), ("192.0.2.1:50000", "10.0.0.1:443")]
    {
        let cell = FlowSample { client, server, ..FlowSample::default() }.cell();
        cell.up(at(1), 100);
        cell.up(at(2), 100);
        cell.down(at(3), 60);
        let record = cell.record(&database);
        assert_eq!(record.counts.up, Count { frames: 2, octets: 200, payload: 100 });
        assert_eq!(record.counts.down, Count { frames: 1, octets: 60, payload: 30 });
        let text = |e: crate::flow::Endpoint| format!("{}:{}", e.ip, e.port);
        assert_eq!((text(record.client), text(record.server)), (client.into(), server.into()));
        assert_eq!((record.first, record.last), (at(1), at(3)));
        let turned = Orientation { client: cell.client.other(), by: OrientedBy::Hello };
        cell.cell.labels(|labels| labels.orientation = turned);
        let after = cell.record(&database);
        assert_eq!((after.counts.up, after.counts.down), (record.counts.down, record.counts.up));
        assert_eq!((after.client, after.server), (record.server, record.client));
        assert_eq!(after.oriented_by, OrientedBy::Hello);
    }
}

#[test]
fn a_flow_with_frames_of_one_side_only_is_flagged_whichever_side_it_is() {
    let database = database();
    let one_sided =
        |cell: &super::sample::Cell| cell.record(&database).flags.has(FlowFlags::ONE_SIDED);
    let cell = FlowSample::default().cell();
    cell.up(at(0), 60);
    assert!(one_sided(&cell));
    cell.down(at(1), 60);
    assert!(!one_sided(&cell));
    let cell = FlowSample::default().cell();
    cell.down(at(0), 60);
    assert!(one_sided(&cell));
}

#[test]
fn frames_that_arrive_late_still_are_the_first_or_not_the_last() {
    let database = database();
    let cell = FlowSample::default().cell();
    for seconds in [5, 9, 2, 7] {
        cell.up(at(seconds), 60);
    }
    let record = cell.record(&database);
    assert_eq!((record.first, record.last), (at(2), at(9)));
}

#[test]
fn a_device_is_named_by_the_client_s_address_before_its_mac() {
    let database = database();
    let cell = FlowSample::default().cell().both_ways();
    let client = cell.client as usize;
    cell.cell.labels(|labels| {
        let found = labels.found_mut();
        found.rare_mut().devices[client] = Some("by MAC".into());
        found.rare_mut().devices[1 - client] = Some("the router".into());
    });
    let named = |addresses: &[(&str, &str)]| {
        let by_address: HashMap<_, Box<str>> =
            addresses.iter().map(|(a, name)| (a.parse().unwrap(), (*name).into())).collect();
        let devices = Devices { by_address, by_mac: HashMap::from([([2; 6], "any".into())]) };
        let recorder = Recorder { database: &database, devices: &devices, assignments: &NONE };
        recorder.live(&cell.cell, at(1)).device
    };
    assert_eq!(named(&[]).as_deref(), Some("by MAC"));
    assert_eq!(named(&[("10.0.0.1", "by address")]).as_deref(), Some("by address"));
    assert_eq!(named(&[("192.0.2.1", "the server")]).as_deref(), Some("by MAC"));
}

#[test]
fn a_cause_stands_only_where_no_name_can_be_a_basis() {
    let database = database();
    let cell = FlowSample::default().cell().both_ways();
    cell.cell.labels(|labels| labels.without = Without::NoSni);
    assert_eq!(cell.record(&database).unnamed, Some(Without::NoSni));
    cell.name(&database, Via::DnsQuery, "asked.example.net", at(0));
    assert_eq!(cell.record(&database).unnamed, Some(Without::NoSni));
    cell.name(&database, Via::Dns, "resolved.example.net", at(1));
    let record = cell.record(&database);
    assert_eq!(record.unnamed, None);
    assert_eq!(record.best_name().map(|o| o.name.as_str()), Some("resolved.example.net"));
}

#[test]
fn the_best_name_is_the_first_that_the_client_sent_else_the_resolved_one() {
    let database = database();
    let cell = FlowSample::default().cell().both_ways();
    for (via, name) in [
        (Via::Dns, "resolved.example.net"),
        (Via::HttpHost, "first.example.net"),
        (Via::HttpHost, "second.example.net"),
    ] {
        cell.name(&database, via, name, at(0));
    }
    let record = cell.record(&database);
    assert_eq!(record.best_name().map(|o| o.name.as_str()), Some("first.example.net"));
}

#[test]
fn a_flow_that_ended_has_the_record_that_it_had_alive() {
    let (database, devices) = (database(), Devices::default());
    let cell = FlowSample::default().cell().both_ways();
    cell.name(&database, Via::TlsSni, "a.example.org", at(0));
    cell.cell.labels(|labels| labels.found_mut().alpn.push("h2".into()));
    let recorder = Recorder { database: &database, devices: &devices, assignments: &NONE };
    let alive = recorder.live(&cell.cell, at(9));
    assert_eq!(format!("{:?}", recorder.ended(&cell.cell, at(9))), format!("{alive:?}"));
}
