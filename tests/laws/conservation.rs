//! Every frame read is accounted once, whatever the capture and the options.

use std::collections::BTreeMap;
use std::time::Duration;

use etherparse::{IpNumber, LaxNetSlice, LaxSlicedPacket};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use vigie::export::NdjsonOutput;
use vigie::filter::{Context, Filter};
use vigie::ledger::{BothWays, Count, Dimension, DimensionValue, FlowRecord, Quantity, Snapshot};
use vigie::name::Without;
use vigie::pipeline::{DuplicateUse, IdleLimits, Options, Run, VlanUse, run};
use vigie::signature::SignatureId;
use vigie::source::CaptureTime;

use crate::analysis::{ROLLUPS, analyze, analyze_octets, database, options, stream};
use crate::random::Random;
use crate::record::{Record, pcap, pcapng, pcaps, read};
use crate::traffic::{Mixture, conversations, records};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_frame_of_any_capture_is_accounted_once_under_any_options(
        conversations in conversations(Mixture::Any, 24),
        choice in choice(),
    ) {
        let records = records(&conversations);
        check(&pcapng(&records), &records, &choice.options(&records));
    }

    #[test]
    fn frames_out_of_order_are_accounted_once(
        conversations in conversations(Mixture::Ethernet, 16),
        choice in choice(),
        seed: u64,
    ) {
        let mut records = records(&conversations);
        shuffle(&mut records, seed);
        check(&pcap(&records), &records, &choice.options(&records));
    }

    #[test]
    fn frames_of_the_own_captures_changed_at_random_are_accounted_once(
        capture in prop::sample::select(vec!["office-hour.pcapng", "hard-cases.pcapng", "car-hotspot.pcap", "nothing-tagged.pcap"]),
        choice in choice(),
        seed: u64,
    ) {
        let mut records = read(&std::fs::read(pcaps().join(capture)).unwrap());
        for record in &mut records {
            record.time = record.time / 1000 * 1000;
        }
        prop_assert!(records.len() > 400, "{} frames", records.len());
        change(&mut records, seed);
        check(&pcapng(&records), &records, &choice.options(&records));
    }

    #[test]
    fn the_hours_of_flows_are_those_of_their_frames(
        conversations in conversations(Mixture::Flows, 16),
    ) {
        let records = records(&conversations);
        let (snapshot, _) = analyze_octets(&pcap(&records), &options());
        prop_assert_eq!(snapshot.balance.in_flows.frames, records.len() as u64);
        let mut hours: BTreeMap<i64, u64> = BTreeMap::new();
        for record in &records {
            *hours.entry(record.time / HOUR * HOUR).or_default() += u64::from(record.wire_len);
        }
        let rows = snapshot.rollups[0].listed();
        let rows = rows.iter().map(|(values, row)| match values.as_slice() {
            [DimensionValue::Hour(hour)] => (hour.0, row.counts.octets()),
            other => panic!("not an hour: {other:?}"),
        });
        prop_assert_eq!(rows.collect::<BTreeMap<_, _>>(), hours);
    }
}

/// The mixture has what the laws are about; a generator that loses it would make them idle.
#[test]
fn the_generated_captures_hold_everything_that_is_counted_apart() {
    let mut seen = [0_u64; 8];
    let mut runner = TestRunner::deterministic();
    let conversations = prop::collection::vec(conversations(Mixture::Any, 24), 10);
    let trees = conversations.new_tree(&mut runner).unwrap().current();
    for conversations in trees {
        let (snapshot, flows) = analyze_octets(&pcapng(&records(&conversations)), &options());
        let balance = &snapshot.balance;
        let tagged = |signature| snapshot.by_signature.keys().any(|s| s.is_some() == signature);
        let hours = &snapshot.rollups[0];
        let counts = [
            balance.in_flows.frames,
            balance.not_ip.frames,
            balance.undecodable.frames,
            snapshot.totals.named,
            u64::from(tagged(true)),
            u64::from(tagged(false)),
            u64::from(hours.len() > 1),
            u64::from(flows.iter().any(|f| !f.vlans.is_empty())),
        ];
        for (sum, count) in seen.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
}

/// The records that the project's captures hold, unchanged, all in flows or not IP.
#[test]
fn the_own_captures_are_accounted_frame_by_frame() {
    for entry in std::fs::read_dir(pcaps()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "pcap" && e != "pcapng") {
            continue;
        }
        let octets = std::fs::read(&path).unwrap();
        let records = read(&octets);
        check(&octets, &records, &options());
        let (snapshot, _) = analyze(&[stream(&path)], &options());
        assert_eq!(snapshot.balance.undecodable, Quantity::default(), "{}", path.display());
    }
}

const HOUR: i64 = 3_600_000_000_000;

/// What is chosen of the options that move frames from one heading to another, end flows early or
/// hide them.
#[derive(Clone, Copy, Debug)]
struct Choice {
    /// Thousandths of the time between the first and the last frame.
    from: Option<i64>,
    to: Option<i64>,
    max_flows: Option<usize>,
    filter: Option<&'static str>,
    idle: Option<[u64; 3]>,
    vlans: VlanUse,
    duplicates: DuplicateUse,
}

fn choice() -> impl Strategy<Value = Choice> {
    let time = || prop::option::weighted(0.3, 0..1001_i64);
    let filters = vec![
        "proto = udp",
        "category = telemetry or bytes > 1kB",
        "not name ~ microsoft",
        "client = 10.0.0.0/8 and up > 0",
        "flag = one-sided",
    ];
    let max_flows = prop::option::weighted(0.3, 1..20_usize);
    let filter = prop::option::weighted(0.5, prop::sample::select(filters));
    let idle = prop::option::weighted(0.3, prop::array::uniform3(1..4_000_u64));
    let vlans = prop::sample::select(vec![VlanUse::Distinguish, VlanUse::Ignore]);
    let duplicates = prop::sample::select(vec![DuplicateUse::Count, DuplicateUse::SetAside]);
    (time(), time(), max_flows, filter, idle, vlans, duplicates).prop_map(
        |(from, to, max_flows, filter, idle, vlans, duplicates)| Choice {
            from,
            to,
            max_flows,
            filter,
            idle,
            vlans,
            duplicates,
        },
    )
}

impl Choice {
    fn options(self, records: &[Record]) -> Options {
        let times = || records.iter().map(|r| r.time);
        let (first, last) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
        let at = |share: i64| CaptureTime(first + (last - first) / 1000 * share);
        let idle = self.idle.map(|limits| limits.map(Duration::from_secs));
        Options {
            from: self.from.map(at),
            to: self.to.map(at),
            max_flows: self.max_flows,
            filter: self.filter.map(|text| Filter::parse(text).unwrap()),
            idle: idle.map_or_else(IdleLimits::default, |[other, tcp, closed]| IdleLimits {
                other,
                tcp,
                closed,
            }),
            vlans: self.vlans,
            duplicates: self.duplicates,
            ..options()
        }
    }
}

fn shuffle(records: &mut [Record], seed: u64) {
    let mut random = Random::new(seed);
    for last in (1..records.len()).rev() {
        // Mostly neighbours, as on several queues; now and then across the whole capture.
        let far = if random.below(8) == 0 { last } else { last.min(3) };
        records.swap(last, last - random.below(far + 1));
    }
}

/// Changes frames as no network would: octets, lengths, order, link types, copies.
fn change(records: &mut Vec<Record>, seed: u64) {
    let mut random = Random::new(seed);
    for _ in 0..200 {
        let at = random.below(records.len());
        let record = &mut records[at];
        let place = random.below(record.octets.len());
        match random.below(8) {
            0 => record.octets[place] ^= 1 << random.below(8),
            1 => record.octets[place] = *random.of(&[0, 1, 0x7f, 0x80, 0xff]),
            2 => record.octets.truncate(place.max(1)),
            3 => {
                record.wire_len =
                    record.wire_len.saturating_add(*random.of(&[1, 100_000, u32::MAX]));
            }
            4 => record.link = *random.of(&[0, 1, 9, 12, 101, 105, 113, 127, 147, 239, 276]),
            5 => record.octets.extend_from_within(place..),
            6 => {
                let other = random.below(records.len());
                records.swap(at, other);
            }
            _ => {
                let copy = records[at].clone();
                records.insert(random.below(records.len()), copy);
            }
        }
    }
    for record in records {
        // Longer on the wire than captured, as it must be.
        record.wire_len = record.wire_len.max(u32::try_from(record.octets.len()).unwrap());
    }
}

/// Checks the laws of one capture, whose records the test has counted itself.
fn check(file: &[u8], records: &[Record], options: &Options) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("capture");
    std::fs::write(&path, file).unwrap();
    let streams = [stream(&path)];
    let (snapshot, shown) = analyze(&streams, options);
    check_balance(&snapshot, records, options);
    check_rollups(&snapshot, &shown);

    let everything = Options { filter: None, rollups: Vec::new(), ..copy(options) };
    let (whole, flows) = analyze(&streams, &everything);
    assert_eq!(whole.balance, snapshot.balance, "a filter changes no balance");
    assert_eq!(whole.totals, snapshot.totals, "a filter changes no total");
    assert_eq!(whole.by_signature, snapshot.by_signature);
    check_flows(&whole, &flows);
    let admits = |flow: &&FlowRecord| {
        options.filter.as_ref().is_none_or(|f| f.admits(flow, Context { database: database() }))
    };
    let admitted: Vec<_> = flows.iter().filter(admits).map(|f| f.id).collect();
    assert_eq!(shown.iter().map(|f| f.id).collect::<Vec<_>>(), admitted);
    check_ndjson(&streams, &everything, &whole);
}

fn copy(options: &Options) -> Options {
    Options {
        home_net: options.home_net.clone(),
        devices: options.devices.clone(),
        assignments: std::sync::Arc::default(),
        filter: options.filter.clone(),
        rollups: options.rollups.clone(),
        of_tagged: options.of_tagged.clone(),
        dns_log: std::sync::Arc::default(),
        ..*options
    }
}

/// Frames and octets against the test's own count.
fn check_balance(snapshot: &Snapshot, records: &[Record], options: &Options) {
    let balance = &snapshot.balance;
    let is_outside = |record: &&Record| {
        options.from.is_some_and(|from| record.time < from.0)
            || options.to.is_some_and(|to| record.time >= to.0)
    };
    assert_eq!(balance.read, quantity(records), "read and written");
    assert_eq!(balance.accounted(), balance.read, "accounted and read");
    assert!(balance.holds());
    assert_eq!(balance.outside, quantity(records.iter().filter(is_outside)), "outside");
    match options.duplicates {
        DuplicateUse::Count => assert_eq!(balance.duplicates, Quantity::default()),
        DuplicateUse::SetAside => {
            let twice = (0..records.len()).filter(|at| is_repeated(&records[..=*at]));
            let twice = twice.map(|at| &records[at]).filter(|record| !is_outside(record));
            assert!(balance.duplicates.frames >= twice.count() as u64, "copies to the octet");
        }
    }
    let mut reasons = Quantity::default();
    balance.undecodable_by.values().for_each(|q| reasons.add(*q));
    assert_eq!(reasons, balance.undecodable, "undecodable by reason");
    let without: u64 = snapshot.totals.unnamed.iter().sum();
    assert_eq!(snapshot.totals.named + without, balance.in_flows.octets, "named and causes");
    let mut all = (0, BothWays::default());
    let mut tagged = 0;
    for (signature, (flows, counts)) in &snapshot.by_signature {
        all.0 += flows;
        all.1.add(*counts);
        tagged += if signature.is_some() { counts.octets() } else { 0 };
    }
    assert_eq!(all.0, snapshot.totals.flows, "flows by signature");
    assert_eq!(total(all.1), balance.in_flows, "counts by signature");
    assert_eq!(tagged, snapshot.totals.tagged, "octets by signature");
}

/// Whether the last of these is the same to the octet as one of the 128 before, within 20 ms, and
/// none that a sender may send twice.
fn is_repeated(records: &[Record]) -> bool {
    let Some((last, before)) = records.split_last() else { return false };
    !may_be_sent_twice(last)
        && before.iter().rev().take(128).any(|record| {
            (record.time - last.time).abs() <= 20_000_000
                && (&record.octets, record.wire_len, record.link)
                    == (&last.octets, last.wire_len, last.link)
        })
}

/// Resets without payload and datagrams to groups: only IPv4's identification tells them apart.
fn may_be_sent_twice(record: &Record) -> bool {
    let Ok(packet) = LaxSlicedPacket::from_ethernet(&record.octets) else { return false };
    let is_to_group = match &packet.net {
        Some(LaxNetSlice::Ipv4(ip)) if ip.header().identification() != 0 => return false,
        Some(LaxNetSlice::Ipv4(ip)) => ip.header().destination_addr().is_multicast(),
        Some(LaxNetSlice::Ipv6(ip)) => ip.header().destination_addr().is_multicast(),
        _ => return false,
    };
    // Headers may be cut: what is there of them decides.
    let Some(ip) = packet.ip_payload() else { return false };
    match (ip.ip_number, ip.payload) {
        (IpNumber::UDP, _) => is_to_group,
        (IpNumber::TCP, payload) => {
            let (Some(offset), Some(flags)) = (payload.get(12), payload.get(13)) else {
                return false;
            };
            flags & 4 != 0 && payload.len() <= usize::from(offset >> 4) * 4
        }
        _ => false,
    }
}

fn quantity<'a>(records: impl IntoIterator<Item = &'a Record>) -> Quantity {
    let mut sum = Quantity::default();
    records.into_iter().for_each(|record| sum.count(record.wire_len));
    sum
}

fn total(counts: BothWays<Count>) -> Quantity {
    Quantity { frames: counts.frames(), octets: counts.octets() }
}

/// Every roll-up is the sum over the flows that were shown.
fn check_rollups(snapshot: &Snapshot, shown: &[FlowRecord]) {
    assert_eq!(snapshot.shown_flows, shown.len() as u64);
    let mut sum = BothWays::default();
    for flow in shown {
        sum.add(flow.counts);
    }
    assert_eq!(snapshot.rollups.len(), ROLLUPS.len());
    for rollup in &snapshot.rollups {
        let (mut counts, mut flows) = (BothWays::default(), 0);
        for (_, row) in &rollup.listed() {
            counts.add(row.counts);
            flows += row.flows;
            assert!(row.first <= row.last);
        }
        assert_eq!(counts, sum, "by {:?}", rollup.dimensions);
        // A flow stands in the row of every hour in which it did something.
        let by_hour = rollup.dimensions.contains(&Dimension::Hour);
        assert!(flows == snapshot.shown_flows || by_hour && flows > snapshot.shown_flows);
    }
}

/// All flows, summed up here, are what the ledger says of them.
fn check_flows(snapshot: &Snapshot, flows: &[FlowRecord]) {
    let mut by_signature: BTreeMap<Option<SignatureId>, (u64, BothWays<Count>)> = BTreeMap::new();
    let (mut named, mut unnamed) = (0, BTreeMap::<Without, u64>::new());
    for flow in flows {
        let octets = flow.counts.octets();
        let row = by_signature.entry(flow.primary().map(|t| t.signature)).or_default();
        row.0 += 1;
        row.1.add(flow.counts);
        match flow.unnamed {
            None => named += octets,
            Some(cause) => *unnamed.entry(cause).or_default() += octets,
        }
        let is_named = flow.names.iter().any(|o| o.via.is_basis());
        assert_eq!(is_named, flow.unnamed.is_none(), "{flow:?}");
    }
    assert_eq!(by_signature, snapshot.by_signature);
    assert_eq!(named, snapshot.totals.named);
    let causes = Without::ALL.map(|cause| unnamed.get(&cause).copied().unwrap_or_default());
    assert_eq!(causes, snapshot.totals.unnamed);
}

/// The NDJSON flow records add up to the summary record.
fn check_ndjson(streams: &[vigie::source::StreamPlan], options: &Options, snapshot: &Snapshot) {
    let mut written = Vec::new();
    let output = NdjsonOutput::new(&mut written, database());
    let again = run(streams, options, database(), &output, &Run::default()).unwrap();
    output.finish(&again).unwrap();
    let (mut flows, mut frames, mut bytes, mut tagged) = (0_u64, 0, 0, 0);
    let mut summary = Value::Null;
    for line in written.split(|o| *o == b'\n').filter(|line| !line.is_empty()) {
        let record: Value = serde_json::from_slice(line).unwrap();
        if record["type"] == "flow" {
            let sum = |field: &str| amount(&record["up"][field]) + amount(&record["down"][field]);
            flows += 1;
            frames += sum("packets");
            bytes += sum("bytes");
            let tags = record["tags"].as_array().unwrap();
            let primary = tags.iter().filter(|t| t["primary"] == true).count();
            assert_eq!(primary, usize::from(!tags.is_empty()), "exactly one primary tag");
            tagged += if primary == 1 { sum("bytes") } else { 0 };
        }
        summary = record;
    }
    assert_eq!(summary["type"], "summary");
    assert_eq!(amount(&summary["flows"]), flows);
    assert_eq!(amount(&summary["in_flows"]["frames"]), frames);
    assert_eq!(amount(&summary["in_flows"]["bytes"]), bytes);
    assert_eq!(amount(&summary["tagged_bytes"]), tagged);
    assert_eq!(amount(&summary["frames"]), snapshot.balance.read.frames);
    assert_eq!(amount(&summary["bytes"]), snapshot.balance.read.octets);
}

fn amount(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("not an amount: {value}"))
}
