//! loom models: every interleaving, with up to two preemptions, of capture threads that count,
//! label and close with a collector that snapshots and folds. Run with
//! `RUSTFLAGS="--cfg loom" cargo test --release --lib loom_`.

use loom::sync::Mutex;
use loom::sync::mpsc::channel;
use loom::thread;

use super::sync::Arc;
use super::{
    Beginning, Collector, Dimension, FlowCell, FlowRecord, Labels, NameLabel, Recorder, Registry,
};
use crate::decode::{FiveTuple, Ported, Protocol};
use crate::flow::{FlowFlags, FlowId, FlowKey, Orientation, OrientedBy, Scope, ScopeId, Side};
use crate::name::{HostName, Observation, Via};
use crate::source::CaptureTime;

const NOW: CaptureTime = CaptureTime(7);

fn cell(id: u64) -> Arc<FlowCell> {
    let tuple = FiveTuple {
        protocol: Protocol::UDP,
        source: "192.0.2.1".parse().unwrap(),
        destination: "198.51.100.1".parse().unwrap(),
        source_port: 50_000 + u16::try_from(id).unwrap(),
        destination_port: 443,
        ported: Ported::Yes,
    };
    let (key, client) = FlowKey::of(&tuple, ScopeId::default());
    let beginning = Beginning { id: FlowId(id), capture: 0, first_frame: id, time: NOW, digits: 6 };
    let orientation = Orientation { client, by: OrientedBy::Hello };
    FlowCell::new(key, beginning, Scope::default(), Labels::new(orientation, FlowFlags::default()))
}

fn name(cell: &FlowCell) {
    let observation = Observation {
        name: HostName::from_wire(b"www.example.org").unwrap(),
        via: Via::TlsSni,
        time: NOW,
        chain: Box::default(),
    };
    cell.labels(|l| {
        l.found_mut().add(NameLabel { observation, found: None });
    });
}

/// Tries every interleaving within the bound: seconds instead of hours. A fault of two threads
/// that share one flow needs two preemptions: into the middle, and back.
fn model(run: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(run);
}

/// Signatures and devices of nobody, given back by no one.
fn recorder() -> Recorder<'static> {
    Recorder {
        database: Box::leak(Box::default()),
        devices: Box::leak(Box::default()),
        assignments: Box::leak(Box::default()),
    }
}

/// A snapshot in the middle of everything sees no octet twice, and at the end none is lost.
#[test]
fn loom_a_reader_sees_no_octet_twice_and_none_is_lost() {
    model(|| {
        let registry = Arc::new(Registry::default());
        let (send, receive) = channel();
        let capture = {
            let registry = Arc::clone(&registry);
            thread::spawn(move || {
                let cell = cell(1);
                registry.enter(&cell);
                cell.count(Side::Low, NOW, 100, 60);
                name(&cell);
                cell.count(Side::Low, NOW, 100, 60);
                send.send(cell).unwrap();
            })
        };
        let mut collector = Collector::new(registry, recorder(), &[], &|_: &FlowRecord| true);
        let early = collector.snapshot(NOW);
        assert!(early.balance.in_flows.octets <= 200);
        assert_eq!(
            early.totals.named + early.totals.unnamed.iter().sum::<u64>(),
            early.balance.in_flows.octets
        );
        let cell = receive.recv().unwrap();
        assert_eq!(collector.snapshot(NOW).balance.in_flows.octets, 200);
        collector.end(&cell, NOW);
        let late = collector.snapshot(NOW);
        assert_eq!(late.balance.in_flows.octets, 200);
        assert_eq!(late.balance.in_flows.frames, 2);
        // The name came between two frames: it labels both.
        assert_eq!(late.totals.named, 200);
        assert_eq!(late.totals.flows, 1);
        capture.join().unwrap();
    });
}

/// Two capture threads, each with flows of its own, and a collector that folds one thread's flow
/// while the other counts.
#[test]
fn loom_threads_count_side_by_side() {
    model(|| {
        let registry = Arc::new(Registry::default());
        let ended = Arc::new(Mutex::new(Vec::new()));
        let threads: Vec<_> = (1..=2)
            .map(|id| {
                let (registry, ended) = (Arc::clone(&registry), Arc::clone(&ended));
                thread::spawn(move || {
                    let cell = cell(id);
                    registry.enter(&cell);
                    cell.count(Side::High, NOW, 10, 1);
                    ended.lock().unwrap().push(cell);
                })
            })
            .collect();
        let mut collector = Collector::new(registry, recorder(), &[], &|_: &FlowRecord| true);
        let waiting: Vec<_> = std::mem::take(&mut *ended.lock().unwrap());
        let folded = waiting.len() as u64;
        for cell in waiting {
            collector.end(&cell, NOW);
        }
        let seen = collector.snapshot(NOW).balance.in_flows.octets;
        assert!(seen >= folded * 10 && seen <= 20);
        for thread in threads {
            thread.join().unwrap();
        }
        for cell in std::mem::take(&mut *ended.lock().unwrap()) {
            collector.end(&cell, NOW);
        }
        assert_eq!(collector.snapshot(NOW).balance.in_flows.octets, 20);
    });
}

/// The hour closes while the capture thread counts: what it took is in the old hour, the rest in
/// the new one.
#[test]
fn loom_an_hour_that_closes_in_mid_count_loses_nothing() {
    const NEXT_HOUR: CaptureTime = CaptureTime(3_600_000_000_000);
    model(|| {
        let registry = Arc::new(Registry::default());
        let shared = cell(1);
        registry.enter(&shared);
        let by = [vec![Dimension::Hour]];
        let mut collector = Collector::new(registry, recorder(), &by, &|_: &FlowRecord| true);
        collector.tell_time(NOW);
        let capture = {
            let cell = Arc::clone(&shared);
            thread::spawn(move || {
                cell.count(Side::Low, NOW, 100, 60);
                cell.count(Side::High, NEXT_HOUR, 10, 6);
            })
        };
        collector.tell_time(NEXT_HOUR);
        let early = collector.snapshot(NEXT_HOUR);
        let rows = |snapshot: &super::Snapshot| {
            snapshot.rollups[0].listed().iter().map(|(_, row)| row.counts.octets()).sum::<u64>()
        };
        // In mid-count, too, the hours are those of what the snapshot counted.
        assert_eq!(rows(&early), early.balance.in_flows.octets);
        capture.join().unwrap();
        assert_eq!(rows(&collector.snapshot(NEXT_HOUR)), 110);
        collector.end(&shared, NEXT_HOUR);
        assert_eq!(rows(&collector.snapshot(NEXT_HOUR)), 110);
    });
}
