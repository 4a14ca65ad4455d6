//! Ledgers of parts that hold all frames of their clients add up to the ledger of the whole.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;
use vigie::ledger::Snapshot;
use vigie::pipeline::Options;

use crate::analysis::{analyze, analyze_octets, options, stream};
use crate::random::Random;
use crate::record::{Record, pcap, pcapng, pcaps, read};
use crate::traffic::{Mixture, conversations, frames};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn parts_by_client_add_up_to_the_whole(
        conversations in conversations(Mixture::Any, 32),
        parts in prop::collection::vec(0..4_u8, 5),
        filter in prop::option::of(Just("category = telemetry or proto = udp")),
        jobs in 1..5_usize,
        seed: u64,
    ) {
        let frames = frames(&conversations);
        let part_of = |client: u8| parts[usize::from(client)];
        let filter = filter.map(|text| vigie::filter::Filter::parse(text).unwrap());
        let options = Options { filter, jobs, ..options() };
        check(&frames, part_of, pcapng, &options, seed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn parts_of_an_office_hour_by_client_add_up_to_it(
        parts in prop::collection::vec(0..4_usize, 8),
        seed: u64,
    ) {
        let records = read(&std::fs::read(pcaps().join("office-hour.pcapng")).unwrap());
        let clients = clients(&records);
        prop_assert!(clients.len() >= 3 && clients.len() <= 8, "{:?}", clients);
        let frames: Vec<_> =
            records.into_iter().map(|record| (client(&record, &clients), record)).collect();
        check(&frames, |client| parts[client], pcap, &options(), seed);
    }
}

/// The stations of a switch but the one that talks to all others: the server.
fn clients(records: &[Record]) -> Vec<[u8; 6]> {
    let mut frames: BTreeMap<[u8; 6], usize> = BTreeMap::new();
    for record in records {
        *frames.entry(source(record)).or_default() += 1;
    }
    let server = frames.iter().max_by_key(|(_, count)| **count).map(|(mac, _)| *mac);
    frames.into_keys().filter(|mac| Some(*mac) != server).collect()
}

/// Which client sent the frame or is to get it; those of the server to everybody go with the
/// first.
fn client(record: &Record, clients: &[[u8; 6]]) -> usize {
    let ends = [source(record), *record.octets.first_chunk().unwrap()];
    clients.iter().position(|mac| ends.contains(mac)).unwrap_or_default()
}

fn source(record: &Record) -> [u8; 6] {
    *record.octets[6..].first_chunk().unwrap()
}

/// Splits, analyses part by part and all parts as streams of one run, merges in any order and
/// grouping, compares.
fn check<C: Copy, P: Ord + Copy>(
    frames: &[(C, Record)],
    part_of: impl Fn(C) -> P,
    write: impl Fn(&[Record]) -> Vec<u8>,
    options: &Options,
    seed: u64,
) {
    let mut parts: BTreeMap<P, Vec<Record>> = BTreeMap::new();
    for (client, record) in frames {
        parts.entry(part_of(*client)).or_default().push(record.clone());
    }
    let all: Vec<_> = frames.iter().map(|(_, record)| record.clone()).collect();
    let (whole, flows) = analyze_octets(&write(&all), options);

    let folder = tempfile::tempdir().unwrap();
    let file = |(number, records): (usize, &Vec<Record>)| -> PathBuf {
        let path = folder.path().join(number.to_string());
        std::fs::write(&path, write(records)).unwrap();
        path
    };
    let streams: Vec<_> = parts.values().enumerate().map(file).map(|p| stream(&p)).collect();
    let ledgers = streams.iter().map(|s| analyze(std::slice::from_ref(s), options).0);
    compare(&merged(ledgers.collect(), seed), &whole);

    // In one run the captures have numbers of their own, so the roll-up by capture differs.
    let (mut together, of_streams) = analyze(&streams, options);
    together.rollups.pop();
    let mut but_captures = whole;
    but_captures.rollups.pop();
    compare(&together, &but_captures);
    assert_eq!(of_streams.len(), flows.len());
}

/// Merges two of the ledgers, whichever, until one is left.
fn merged(mut ledgers: Vec<Snapshot>, seed: u64) -> Snapshot {
    let mut random = Random::new(seed);
    while ledgers.len() > 1 {
        let other = ledgers.swap_remove(random.below(ledgers.len()));
        let at = random.below(ledgers.len());
        ledgers[at].merge(&other);
    }
    ledgers.remove(0)
}

fn compare(parts: &Snapshot, whole: &Snapshot) {
    assert!(whole.balance.holds());
    assert_eq!(parts.balance, whole.balance);
    assert_eq!(parts.totals, whole.totals);
    assert_eq!(parts.by_signature, whole.by_signature);
    assert_eq!(parts.shown_flows, whole.shown_flows);
    assert_eq!(parts.bounds, whole.bounds);
    assert_eq!(parts.rollups.len(), whole.rollups.len());
    for (part, whole) in parts.rollups.iter().zip(&whole.rollups) {
        assert_eq!(part.dimensions, whole.dimensions);
        assert_eq!(part.ordered(), whole.ordered(), "by {:?}", whole.dimensions);
    }
}
