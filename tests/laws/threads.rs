//! The ledger of several threads is that of one, however far one of them lags behind.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use vigie::ledger::{Count, Dimension, FlowRecord, Marker, Snapshot};
use vigie::name::Via;
use vigie::pipeline::{
    Came, Counting, Happening, LiveFrames, LiveWatch, Options, Request, Session, StreamOutput,
    run_live, run_live_threads,
};
use vigie::source::{
    Batch, CaptureAccount, CaptureTime, Dated, FrameRecord, LinkType, share_of_hosts,
};

use crate::analysis::{database, options};
use crate::random::Random;
use crate::record::{ETHERNET, Record, pcaps, read};
use crate::traffic::{Mixture, conversations, frames};

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn the_ledger_of_several_threads_is_that_of_one(
        conversations in conversations(Mixture::Ethernet, 24),
        threads in 2_usize..5,
        ahead in prop::sample::select(vec![1, 16, usize::MAX]),
        tunneled: u8,
        seed: u64,
    ) {
        // All that a client exchanges takes one way, through a tunnel of its own or none.
        let way = |(client, record): (u8, Record)| {
            let inside = (tunneled >> client & 1 == 1).then(|| in_vxlan(&record, client));
            inside.flatten().unwrap_or(record)
        };
        let records: Vec<Record> = frames(&conversations).into_iter().map(way).collect();
        same(&counted_by_one(&records), &counted(&records, threads, by_outer, ahead, seed));
    }
}

/// Two hosts of one thread, and a frame between others of it, half an hour later, in a tunnel
/// that another thread reads, which is far ahead.
#[test]
fn a_thread_that_is_far_ahead_ends_no_flow_of_another() {
    for vlans in [0, 1] {
        let ends = |up: bool| if up { [1, 2] } else { [2, 1] };
        let [query, response, later] = [(true, 0), (false, 1), (true, 1_800_000)]
            .map(|(up, time)| datagram(ends(up), vlans, time));
        let owner = by_outer(&query, 2);
        let tunnel = |end| in_vxlan(&later, end).expect("room for it");
        let other = (0..=255).map(tunnel).find(|frame| by_outer(frame, 2) != owner);
        let tunnel = other.expect("a tunnel that the other thread reads");
        let one = counted_by_one(&[query.clone(), response.clone(), tunnel.clone()]);
        assert!(one.flows.values().all(|flow| flow.flows == 1));
        same(&one, &counted(&[query, tunnel, response], 2, by_outer, 1, 0));
    }
}

/// What a thread that lags hands over belongs to the flow that its owner has kept for it.
#[test]
fn a_thread_that_lags_behind_hands_over_to_a_flow_that_still_is() {
    let parts = [0, 200_000, 400_000].map(|time| datagram([1, 2], 0, time));
    let owner = by_outer(&parts[0], 2);
    let mut others = (3..=255).map(|host| datagram([1, host], 0, 900_000));
    let own = others.find(|frame| by_outer(frame, 2) == owner).expect("hosts of the same thread");
    let tunnel = |frame, end| in_vxlan(frame, end).expect("room for it");
    let is_others = |end: &u8| by_outer(&tunnel(&parts[0], *end), 2) != owner;
    let end = (0..=255).find(is_others).expect("a tunnel that the other thread reads");
    let [a, b, c] = parts.each_ref().map(|frame| tunnel(frame, end));
    let first = Record { time: a.time, ..own.clone() };
    let one = counted_by_one(&[first.clone(), a.clone(), b.clone(), c.clone(), own.clone()]);
    same(&one, &counted(&[first, a, own, b, c], 2, by_outer, 1, 0));
}

/// The two parts of a datagram, and a part of another half an hour later that is handed over.
#[test]
fn a_thread_that_is_far_ahead_parts_no_datagram_of_another() {
    let part = |place: u16, time| {
        let mut frame = datagram([1, 2], 0, time);
        frame.octets[18..20].copy_from_slice(&[9, 9]);
        frame.octets[20..22].copy_from_slice(&place.to_be_bytes());
        frame
    };
    // More follows behind the first 8 of 12 octets; then the rest of them.
    let [first, second, later] = [part(0x2000, 0), part(1, 47), part(0x2000, 1_800_000)];
    let owner = by_outer(&first, 2);
    let tunnel = |end| in_vxlan(&later, end).expect("room for it");
    let other = (0..=255).map(tunnel).find(|frame| by_outer(frame, 2) != owner);
    let tunnel = other.expect("a tunnel that the other thread reads");
    let one = counted_by_one(&[first.clone(), second.clone(), tunnel.clone()]);
    same(&one, &counted(&[first, tunnel, second], 2, by_outer, 1, 0));
}

/// Fragments that others hand over are of datagrams that this thread alone puts together, also
/// where the parts of one come through tunnels that two threads read.
#[test]
fn a_datagram_whose_parts_take_two_ways_is_one() {
    let parts = parts_of(&datagram([1, 2], 0, 0), 8);
    for ends in [[0, 1], [1, 0], [0, 0], [1, 1]] {
        let records: Vec<Record> =
            std::iter::zip(&parts, ends).map(|(part, way)| by_way(part, way)).collect();
        let one = counted_by_one(&records);
        assert_eq!(one.flows.len(), 1);
        same(&one, &counted(&records, 2, by_outer, 1, 0));
    }
}

/// What is in a tunnel is known when the last fragment of the datagram around it has come, which
/// the thread of the tunnel's ends alone puts together.
#[test]
fn what_is_in_a_tunnel_in_fragments_goes_to_its_own_thread() {
    for inside in [datagram([1, 2], 0, 0), datagram([2, 1], 1, 0)] {
        for way in 0..2 {
            let parts = parts_of(&by_way(&inside, way), 24);
            let whole = Record { time: inside.time + 1_000_000, ..inside.clone() };
            let records = [&parts[..], &[whole]].concat();
            let one = counted_by_one(&records);
            same(&one, &counted(&records, 2, by_outer, 1, 0));
        }
    }
}

/// Frames that the kernel gives to one thread all, as it does with those that a program sends
/// with a VLAN tag: whole ones and fragments are of one flow.
#[test]
fn a_flow_whose_frames_come_to_the_wrong_thread_is_counted_once() {
    for host in 2..20 {
        let whole = datagram([1, host], 0, 0);
        let later = datagram([1, host], 0, 2);
        let records = [std::slice::from_ref(&whole), &parts_of(&whole, 8)[..], &[later]].concat();
        let one = counted_by_one(&records);
        assert_eq!(one.flows.len(), 1);
        same(&one, &counted(&records, 2, |_, _| 0, 1, 0));
    }
}

#[test]
fn silent_flows_end_while_the_capture_goes_on() {
    // One every ten minutes, twice the limit.
    let frame = |n: u8| datagram([n, n.wrapping_add(1)], 0, i64::from(n) * 600_000);
    let records: Vec<Record> = (0..200).map(frame).collect();
    assert!((0..2).all(|part| records.iter().filter(|r| by_outer(r, 2) == part).count() > 50));
    let one = counted_by_one(&records);
    let options = Options { max_flows: Some(64), ..options() };
    let many = threaded(shared_out(&records, 2, by_outer, 1, 0), &options);
    assert_eq!(many.snapshot.bounds.flows, 0, "flows had to go for want of room");
    same(&one, &many);
}

#[test]
fn names_that_another_thread_resolved_are_found_however_late_it_reads_them() {
    for capture in ["office-hour.pcapng", "car-hotspot.pcap", "hard-cases.pcapng"] {
        let records = own(capture);
        let one = counted_by_one(&records);
        let is_resolved = |f: &&Flow| f.names.iter().any(|(_, via)| *via == Via::Dns);
        let by_dns = one.flows.values().filter(is_resolved).count();
        assert!(by_dns > 3, "{capture}: {by_dns} flows are named by DNS");
        for threads in [2, 3] {
            for last in 0..threads {
                let (many, used) = lagging(&records, threads, last);
                assert!(used > 1, "{capture}: all frames came to one thread");
                same(&one, &many);
            }
        }
    }
}

#[test]
fn a_flow_whose_frames_take_several_ways_through_tunnels_is_counted_once() {
    let records: Vec<Record> = own("office-hour.pcapng").iter().filter_map(in_any_vxlan).collect();
    assert!(records.len() > 400, "{} frames", records.len());
    let one = counted_by_one(&records);
    assert!(one.flows.values().filter(|flow| !flow.names.is_empty()).count() > 10);
    for seed in 0..4 {
        same(&one, &counted(&records, 3, by_outer, 1, seed));
    }
}

/// Frames come all the time, so that no thread finds that it has read everything; the machine's
/// clock goes fast here.
#[test]
fn a_clock_that_is_set_back_holds_up_no_flow() {
    const BEFORE: usize = 400;
    let frame = |n: usize| {
        let hosts = [n / 200 + 1, n % 200 + 20].map(|host| u8::try_from(host).unwrap());
        let time = i64::try_from(n).unwrap() * 1_000;
        datagram(hosts, 0, if n < BEFORE { time } else { time - 3_600_000 })
    };
    let records: Vec<Record> = (0..6 * BEFORE).map(frame).collect();
    let parts = shared_out(&records, 2, by_outer, 1, 0);
    let turn = Arc::clone(&parts[0].turn);
    let (options, start) = (options(), Instant::now());
    let flows = Flows { turn: Some(turn), ..Flows::default() };
    let (watch, clock) = (&mut Watch::new(), || start.elapsed() * 10_000);
    let went = run_live_threads(parts, counting(&options), flows.clone(), watch, &clock);
    let snapshot = went.expect("counted").snapshot;
    assert!(snapshot.balance.holds());
    assert_eq!(snapshot.balance.in_flows.frames, records.len() as u64);
    let (set, written) = (records[BEFORE].time, flows.written.lock().unwrap());
    let flows = flows.kept.lock().unwrap();
    assert_eq!(flows.len(), records.len());
    let is_after = |flow: &FlowRecord| flow.first_frame > BEFORE as u64 && flow.first.0 >= set;
    let in_time = |(flow, turn): &(&FlowRecord, &usize)| is_after(flow) && **turn < records.len();
    let count = std::iter::zip(flows.iter(), written.iter()).filter(in_time).count();
    assert!(count > BEFORE, "{count} flows were written before the last frame came");
}

#[test]
fn all_threads_end_when_nobody_hears_them_any_more() {
    let records = own("office-hour.pcapng");
    let (options, watch) = (options(), &mut Watch { gone: true, ..Watch::new() });
    let turn = Arc::new(AtomicUsize::new(0));
    let part = |part: usize| {
        let mine = records.iter().enumerate().filter(|(_, r)| by_outer(r, 2) == part);
        Frames { is_endless: true, ..Frames::of(part, mine, &turn, usize::MAX) }
    };
    let start = Instant::now();
    let clock = || start.elapsed();
    let parts = vec![part(0), part(1)];
    let went = run_live_threads(parts, counting(&options), Flows::default(), watch, &clock);
    assert_eq!(went.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
}

/// So many cases of a law about threads, which seldom fails where it does: more with
/// `PROPTEST_CASES`.
pub(crate) fn cases(usual: u32) -> ProptestConfig {
    let more = std::env::var("PROPTEST_CASES").ok().map(|n| n.parse().expect("a number of cases"));
    ProptestConfig::with_cases(more.unwrap_or(usual))
}

/// What is compared.
pub(crate) struct Ledger {
    snapshot: Snapshot,
    flows: BTreeMap<String, Flow>,
}

/// A 5-tuple's flows.
#[derive(Debug, Default, PartialEq)]
struct Flow {
    flows: u64,
    counts: [Count; 2],
    names: BTreeSet<(String, Via)>,
    flags: u32,
    clients: BTreeSet<String>,
    /// When each began, was heard of last, and ended.
    times: BTreeSet<[CaptureTime; 3]>,
}

pub(crate) fn same(one: &Ledger, many: &Ledger) {
    for (tuple, flow) in &one.flows {
        assert_eq!(Some(flow), many.flows.get(tuple), "{tuple}");
    }
    assert_eq!(one.flows.len(), many.flows.len());
    assert!(many.snapshot.balance.holds(), "{:?}", many.snapshot.balance);
    assert_eq!(one.snapshot.balance, many.snapshot.balance);
    assert_eq!(one.snapshot.totals, many.snapshot.totals);
    assert_eq!(one.snapshot.by_signature, many.snapshot.by_signature);
    assert_eq!(one.snapshot.shown_flows, many.snapshot.shown_flows);
    for (one, many) in one.snapshot.rollups.iter().zip(&many.snapshot.rollups) {
        // Each thread is a capture of its own.
        if !one.dimensions.contains(&Dimension::Capture) {
            assert_eq!(one.ordered(), many.ordered());
        }
    }
    assert_eq!(one.snapshot.bounds, many.snapshot.bounds);
}

fn own(capture: &str) -> Vec<Record> {
    read(&std::fs::read(pcaps().join(Path::new(capture))).expect("an own capture"))
}

/// A datagram over Ethernet between two of a few hosts, so many milliseconds after the first.
fn datagram(hosts: [u8; 2], vlans: usize, time: i64) -> Record {
    let mut octets =
        [&[2; 12][..], &[0x81, 0, 0, 7].repeat(vlans), &[8, 0, 0x45, 0, 0, 32]].concat();
    octets.extend([0, 0, 0, 0, 64, 17, 0, 0]);
    octets.extend(hosts.map(|host| [192, 0, 2, host]).as_flattened());
    let port = |host: u8| [39, host];
    octets.extend([port(hosts[0]), port(hosts[1]), [0, 12], [0; 2], [1; 2], [1; 2]].as_flattened());
    let wire_len = u32::try_from(octets.len()).unwrap();
    let time = 1_767_603_540_000_000_000 + time * 1_000_000;
    Record { time, link: ETHERNET, wire_len, octets }
}

/// The two fragments of an IPv4 packet without options or tags, the first with so many octets of
/// payload, a millisecond apart.
fn parts_of(record: &Record, first: usize) -> [Record; 2] {
    let part = |place: u16, payload: &[u8], time: i64| {
        let mut octets = [&record.octets[..34], payload].concat();
        let len = u16::try_from(20 + payload.len()).unwrap();
        octets[16..18].copy_from_slice(&len.to_be_bytes());
        octets[18..20].copy_from_slice(&[9, 9]);
        octets[20..22].copy_from_slice(&place.to_be_bytes());
        let wire_len = u32::try_from(octets.len()).unwrap();
        Record { time: record.time + time, wire_len, octets, ..record.clone() }
    };
    let (head, rest) = record.octets[34..].split_at(first);
    let place = u16::try_from(first / 8).unwrap();
    [part(0x2000, head, 0), part(place, rest, 1_000_000)]
}

/// A frame in a tunnel that this one of two threads reads.
fn by_way(record: &Record, thread: usize) -> Record {
    let mut tunnels = (0..=255).filter_map(|end| in_vxlan(record, end));
    tunnels.find(|frame| by_outer(frame, 2) == thread).expect("a tunnel for each thread")
}

/// An Ethernet frame in VXLAN, between ends that change from frame to frame.
fn in_any_vxlan(record: &Record) -> Option<Record> {
    in_vxlan(record, record.octets.iter().fold(0, |sum: u8, octet| sum.wrapping_mul(31) ^ octet))
}

/// An Ethernet frame in VXLAN, the last octet of whose second address is `end`.
fn in_vxlan(record: &Record, end: u8) -> Option<Record> {
    if record.wire_len as usize != record.octets.len() || record.octets.len() > 1_400 {
        return None;
    }
    let len = |more: usize| u16::try_from(record.octets.len() + more).map(u16::to_be_bytes).ok();
    let mut octets =
        [&[2; 12][..], &[8, 0, 0x45, 0], &len(36)?, &[0, 7, 0, 0, 64, 17, 0, 0]].concat();
    octets.extend([172, 16, 0, 1, 172, 16, 1, end]);
    octets.extend([&[0xc0, end, 0x12, 0xb5][..], &len(16)?, &[0, 0]].concat());
    octets.extend([8, 0, 0, 0, 0, 0, 9, 0]);
    octets.extend(&record.octets);
    let wire_len = u32::try_from(octets.len()).ok()?;
    Some(Record { wire_len, octets, ..record.clone() })
}

/// The thread that the kernel gives a frame to: by its outermost addresses.
pub(crate) fn by_outer(record: &Record, threads: usize) -> usize {
    let mut rest = record.octets.get(12..).unwrap_or_default();
    for _ in 0..2 {
        if let [0x81, 0, _, _, behind @ ..] | [0x88, 0xa8, _, _, behind @ ..] = rest {
            rest = behind;
        }
    }
    let share = match rest {
        [8, 0, packet @ ..] => packet.get(12..20).map(|a| {
            let v4 = |at: usize| <[u8; 4]>::try_from(&a[at..at + 4]).unwrap();
            share_of_hosts(v4(0).into(), v4(4).into())
        }),
        [0x86, 0xdd, packet @ ..] => packet.get(8..40).map(|a| {
            let v6 = |at: usize| <[u8; 16]>::try_from(&a[at..at + 16]).unwrap();
            share_of_hosts(v6(0).into(), v6(16).into())
        }),
        _ => None,
    };
    share.unwrap_or(0) as usize % threads
}

pub(crate) fn counted_by_one(records: &[Record]) -> Ledger {
    let (options, watch) = (options(), &mut Watch::new());
    let mut frames = Frames::of(0, records.iter().enumerate(), &Arc::default(), usize::MAX);
    let flows = Flows::default();
    let went = run_live(&mut frames, counting(&options), flows.clone(), None, watch);
    flows.ledger(went.expect("counted").snapshot)
}

/// Counted by threads that run ahead of each other by so many frames at most.
pub(crate) fn counted(
    records: &[Record],
    threads: usize,
    of: fn(&Record, usize) -> usize,
    ahead: usize,
    seed: u64,
) -> Ledger {
    threaded(shared_out(records, threads, of, ahead, seed), &options())
}

fn shared_out(
    records: &[Record],
    threads: usize,
    of: fn(&Record, usize) -> usize,
    ahead: usize,
    seed: u64,
) -> Vec<Frames> {
    let turn = Arc::new(AtomicUsize::new(0));
    let mut random = Random::new(seed);
    let part = |part: usize| {
        let mine = records.iter().enumerate().filter(|(_, record)| of(record, threads) == part);
        let mut frames = Frames::of(part, mine, &turn, ahead);
        frames.batch = 1 + random.below(8);
        frames
    };
    (0..threads).map(part).collect()
}

/// Counted by threads of which one begins only when the others are at their end; and how many
/// have frames.
pub(crate) fn lagging(records: &[Record], threads: usize, last: usize) -> (Ledger, usize) {
    let turn = Arc::new(AtomicUsize::new(0));
    let part = |part: usize| {
        let mine = records.iter().enumerate().filter(|(_, r)| by_outer(r, threads) == part);
        Frames::of(part, mine, &turn, usize::MAX)
    };
    let mut parts: Vec<Frames> = (0..threads).map(part).collect();
    let others = records.len() - parts[last].left.len();
    parts[last].not_before = others;
    let used = parts.iter().filter(|part| !part.left.is_empty()).count();
    (threaded(parts, &options()), used)
}

fn threaded(parts: Vec<Frames>, options: &Options) -> Ledger {
    let watch = &mut Watch::new();
    let flows = Flows::default();
    let start = Instant::now();
    let clock = || start.elapsed();
    let went = run_live_threads(parts, counting(options), flows.clone(), watch, &clock);
    flows.ledger(went.expect("counted").snapshot)
}

fn counting(options: &Options) -> Counting<'_> {
    Counting { options, session: Session::default(), database: database(), shown: None }
}

/// The frames of one thread, from memory.
struct Frames {
    left: std::collections::VecDeque<(usize, FrameRecord, Vec<u8>)>,
    octets: Vec<u8>,
    records: Vec<FrameRecord>,
    account: CaptureAccount,
    /// Frames that all threads have given.
    turn: Arc<AtomicUsize>,
    /// How many frames before its turn one may be given.
    ahead: usize,
    /// Frames that must have been given before the first.
    not_before: usize,
    batch: usize,
    /// Whether nothing comes after the last frame, instead of the end.
    is_endless: bool,
}

impl Frames {
    fn of<'r>(
        part: usize,
        records: impl Iterator<Item = (usize, &'r Record)>,
        turn: &Arc<AtomicUsize>,
        ahead: usize,
    ) -> Self {
        let capture = u32::try_from(part).unwrap();
        let frame = |(place, record): (usize, &Record)| {
            let frame = FrameRecord {
                capture,
                interface: 0,
                number: place as u64 + 1,
                time: CaptureTime(record.time),
                link: LinkType(u32::from(record.link)),
                wire_len: record.wire_len,
                start: 0,
                captured_len: u32::try_from(record.octets.len()).unwrap(),
                dated: Dated::Recorded,
                digits: 9,
                copy: false,
            };
            (place, frame, record.octets.clone())
        };
        Self {
            left: records.map(frame).collect(),
            octets: Vec::new(),
            records: Vec::new(),
            account: CaptureAccount { index: capture, ..CaptureAccount::default() },
            turn: Arc::clone(turn),
            ahead,
            not_before: 0,
            batch: Batch::FRAMES,
            is_endless: false,
        }
    }
}

impl LiveFrames for Frames {
    fn next_batch(&mut self, _: Duration) -> Came<'_> {
        // The frames before were counted when the next are asked for.
        self.turn.fetch_add(self.records.len(), SeqCst);
        self.octets.clear();
        self.records.clear();
        let Some((place, ..)) = self.left.front() else {
            return if self.is_endless { Came::Idle } else { Came::Ended };
        };
        while place.saturating_sub(self.turn.load(SeqCst)) >= self.ahead
            || self.turn.load(SeqCst) < self.not_before
        {
            std::thread::yield_now();
        }
        let most = if self.ahead == 1 { 1 } else { self.batch };
        for (_, mut record, octets) in self.left.drain(..most.min(self.left.len())) {
            record.start = u32::try_from(self.octets.len()).unwrap();
            self.octets.extend(octets);
            self.records.push(record);
            self.account.frames += 1;
            self.account.octets += u64::from(record.wire_len);
        }
        Came::Batch(Batch::new(&self.octets, &self.records))
    }

    fn accounts(&self) -> &[CaptureAccount] {
        std::slice::from_ref(&self.account)
    }

    fn clock_runs(&self) -> bool {
        false
    }
}

/// Keeps the flows, and how many frames all threads had given when each was written.
#[derive(Clone, Default)]
struct Flows {
    kept: Arc<Mutex<Vec<FlowRecord>>>,
    written: Arc<Mutex<Vec<usize>>>,
    turn: Option<Arc<AtomicUsize>>,
}

impl StreamOutput for Flows {
    fn flow(&mut self, flow: &FlowRecord) -> io::Result<()> {
        self.kept.lock().unwrap().push(flow.clone());
        let given = self.turn.as_ref().map_or(0, |turn| turn.load(SeqCst));
        self.written.lock().unwrap().push(given);
        Ok(())
    }

    fn end(self, _: u32, _: &[CaptureAccount]) -> io::Result<()> {
        Ok(())
    }
}

impl Ledger {
    /// Whether any octet has a tag.
    pub(crate) fn is_tagged(&self) -> bool {
        self.snapshot.totals.tagged > 0
    }
}

impl Flows {
    fn ledger(&self, snapshot: Snapshot) -> Ledger {
        let mut flows: BTreeMap<String, Flow> = BTreeMap::new();
        for record in self.kept.lock().unwrap().iter() {
            let FlowRecord { client, server, protocol, vlans, vni, .. } = record;
            let mut ends = [(client, 0), (server, 1)];
            ends.sort_by_key(|(end, _)| format!("{end:?}"));
            let [one, other] = ends.map(|(end, _)| end);
            let tuple = format!("{protocol:?} {one:?} {other:?} {vlans:?} {vni:?}");
            let flow = flows.entry(tuple).or_default();
            flow.flows += 1;
            let sent = [record.counts.up, record.counts.down];
            for (sum, (_, way)) in flow.counts.iter_mut().zip(ends) {
                sum.add(sent[way]);
            }
            let names = record.names.iter();
            flow.names.extend(names.map(|n| (n.name.to_string(), n.via)));
            flow.flags |= record.flags.0;
            flow.clients.insert(format!("{client:?}"));
            flow.times.insert([record.first, record.last, record.ended]);
        }
        Ledger { snapshot, flows }
    }
}

/// Wants nothing.
struct Watch {
    start: Instant,
    /// Whether the reader of what is written is gone.
    gone: bool,
}

impl Watch {
    fn new() -> Self {
        Self { start: Instant::now(), gone: false }
    }
}

impl LiveWatch for Watch {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }
    fn request(&mut self) -> Option<Request> {
        None
    }
    fn snapshot(&mut self, _: &Snapshot, _: Option<CaptureTime>) -> io::Result<()> {
        Ok(())
    }
    fn asked(&mut self, _: &Snapshot, _: Option<CaptureTime>) -> io::Result<()> {
        Ok(())
    }
    fn marker(&mut self, _: &Marker) -> io::Result<()> {
        Ok(())
    }
    fn said(&mut self, what: &Happening) {
        panic!("{what}");
    }
    fn counted(&mut self) -> io::Result<()> {
        if self.gone { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }
    fn quiet(&mut self) -> io::Result<()> {
        Ok(())
    }
}
