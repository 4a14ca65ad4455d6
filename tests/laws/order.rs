//! In which order flows come out, and how they and their frames are numbered.

use std::collections::BTreeMap;

use proptest::prelude::*;
use vigie::flow::Endpoint;
use vigie::ledger::FlowRecord;

use crate::analysis::{analyze, options, stream};
use crate::record::{Record, pcap, pcaps, read};
use crate::traffic::{Mixture, conversations, records};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn flows_come_as_their_ends_are_known_and_are_numbered_as_they_began(
        first in conversations(Mixture::Ethernet, 16),
        second in conversations(Mixture::Ethernet, 16),
        jobs in 1..4_usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let captures = [first, second];
        let streams = captures.iter().enumerate().map(|(number, conversations)| {
            let path = folder.path().join(number.to_string());
            std::fs::write(&path, pcap(&records(conversations))).unwrap();
            stream(&path)
        });
        let streams: Vec<_> = streams.collect();
        let (_, flows) = analyze(&streams, &vigie::pipeline::Options { jobs, ..options() });
        prop_assert!(flows.is_sorted_by_key(|f| f.capture), "stream after stream");
        for capture in 0..2 {
            let of: Vec<_> = flows.iter().filter(|f| f.capture == capture).collect();
            check(&of);
        }
    }
}

fn check(flows: &[&FlowRecord]) {
    assert!(flows.is_sorted_by_key(|f| (f.ended, f.first_frame)), "by end, then by first frame");
    assert!(flows.iter().all(|f| f.last <= f.ended), "no end is known before the last frame");
    let mut by_id: Vec<_> = flows.iter().map(|f| (f.id.0, f.first_frame)).collect();
    by_id.sort_unstable();
    assert!(by_id.iter().map(|(id, _)| *id).eq(1..=flows.len() as u64), "numbered without a gap");
    assert!(by_id.is_sorted_by(|a, b| a.1 < b.1), "in the order of their first frames");
}

/// Number, time and ends of a flow's first frame, as a reader of its own sees the capture.
#[test]
fn first_frames_are_numbered_as_wireshark_counts() {
    for name in ["office-hour.pcapng", "hard-cases.pcapng", "car-hotspot.pcap"] {
        let path = pcaps().join(name);
        let records = read(&std::fs::read(&path).unwrap());
        let (_, flows) = analyze(&[stream(&path)], &options());
        let mut first: BTreeMap<(u8, [Endpoint; 2]), usize> = BTreeMap::new();
        for (index, record) in records.iter().enumerate() {
            if let Some(key) = key(record) {
                first.entry(key).or_insert(index + 1);
            }
        }
        assert!(first.len() > 40, "{name}: {} 5-tuples", first.len());
        let mut told: BTreeMap<(u8, [Endpoint; 2]), usize> = BTreeMap::new();
        for flow in &flows {
            let number = usize::try_from(flow.first_frame).unwrap();
            let time = records[number - 1].time;
            assert_eq!(flow.first.0, time, "{name}: frame {number}");
            if flow.has_ports() {
                let mut ends = [flow.client, flow.server];
                ends.sort_unstable();
                let earliest = told.entry((flow.protocol.0, ends)).or_insert(number);
                *earliest = number.min(*earliest);
            }
        }
        assert_eq!(told, first, "{name}");
    }
}

/// Protocol and sorted ends of an Ethernet frame with TCP or UDP, as etherparse sees it.
fn key(record: &Record) -> Option<(u8, [Endpoint; 2])> {
    let sliced = etherparse::SlicedPacket::from_ethernet(&record.octets).ok()?;
    let (source, destination) = match sliced.net? {
        etherparse::NetSlice::Ipv4(ip) => {
            (ip.header().source_addr().into(), ip.header().destination_addr().into())
        }
        etherparse::NetSlice::Ipv6(ip) => {
            (ip.header().source_addr().into(), ip.header().destination_addr().into())
        }
        etherparse::NetSlice::Arp(_) => return None,
    };
    let (protocol, from, to) = match sliced.transport? {
        etherparse::TransportSlice::Tcp(tcp) => (6, tcp.source_port(), tcp.destination_port()),
        etherparse::TransportSlice::Udp(udp) => (17, udp.source_port(), udp.destination_port()),
        _ => return None,
    };
    let mut ends = [Endpoint { ip: source, port: from }, Endpoint { ip: destination, port: to }];
    ends.sort_unstable();
    Some((protocol, ends))
}
