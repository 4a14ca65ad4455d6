//! Other people's captures against what tshark says of them: the packets of every 5-tuple.
//!
//! The captures are not part of the project; without them the test says so and passes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

use serde_json::Value;
use vigie::decode::{Decoded, Decoder, Packet, Ported, Protocol};
use vigie::source::{Frame, Input, ReadOptions, Reading, StreamPlan, StreamReader};

/// Of the captures that tshark reads to their end: the share whose 5-tuples all have as many
/// frames each way, in percent. It only ever rises; `docs/corpus-differences.md` says why the
/// rest differs.
const FLOOR: f64 = 98.9;

type End = (IpAddr, u16);
type Flows = BTreeMap<(String, End, End), [u64; 2]>;

#[derive(Default)]
struct Said {
    frames: u64,
    octets: u64,
    outside: u64,
    flows: Flows,
    faults: BTreeSet<String>,
}

#[test]
fn flows_of_other_peoples_captures_are_those_of_tshark() {
    let Some(corpus) = corpus() else { return };
    let details = std::env::var_os("DECODE_DETAILS").is_some();
    let (mut agree, mut judged, mut unread) = (0_u32, 0_u32, 0_u32);
    for capture in files(&corpus.join("captures")) {
        let name = capture.strip_prefix(corpus.join("captures")).unwrap().display().to_string();
        let oracle = corpus.join("expected").join(format!("{name}.json"));
        let Ok(oracle) = fs::read(oracle) else { continue };
        let oracle: Value = serde_json::from_slice(&oracle).unwrap();
        let said = decode(&capture);
        if said.frames != number(&oracle["frames"]) || said.octets != number(&oracle["octets"]) {
            unread += 1;
            continue;
        }
        judged += 1;
        let differences = differences(&said, &oracle);
        if differences.is_empty() {
            agree += 1;
        } else if details {
            println!("{name}: {:?}", said.faults);
            println!("    {}", differences.join("\n    "));
        }
    }
    let share = 100.0 * f64::from(agree) / f64::from(judged);
    println!("{agree} of {judged} captures agree ({share:.2} %), {unread} read otherwise");
    assert!(judged > 1500, "only {judged} captures could be judged");
    assert!(share >= FLOOR, "{share:.2} % of the captures agree, {FLOOR} % are expected");
}

/// The folder of the captures; none, said aloud, where it is missing.
fn corpus() -> Option<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if corpus.is_dir() {
        return Some(corpus);
    }
    eprintln!("SKIPPED: {} is missing, nothing was compared", corpus.display());
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn decode(path: &Path) -> Said {
    let mut said = Said::default();
    let mut decoder = Decoder::default();
    each_frame(path, |frame| {
        decoder.start_batch();
        said.frames += 1;
        said.octets += u64::from(frame.wire_len);
        match decoder.decode(frame) {
            Decoded::Packet(packet) => {
                assert_inside(&packet, frame);
                if let Some(index) = packet.reassembled {
                    assert!(decoder.reassembled(index).is_some());
                }
                said.count(&packet);
            }
            Decoded::NotIp(reason) => said.fault(&format!("{reason:?}")),
            Decoded::Undecodable(error) => said.fault(&error.to_string()),
        }
    });
    said
}

#[test]
fn damaged_frames_of_other_peoples_captures_are_decoded_without_panic() {
    let Some(corpus) = corpus() else { return };
    let mut decoder = Decoder::default();
    let mut seed = 1_u64;
    for capture in files(&corpus.join("captures")) {
        each_frame(&capture, |frame| {
            decoder.start_batch();
            for _ in 0..4 {
                let mut octets = frame.captured.to_vec();
                damage(&mut octets, &mut seed);
                let damaged = Frame { captured: &octets, ..*frame };
                if let Decoded::Packet(packet) = decoder.decode(&damaged) {
                    assert_inside(&packet, &damaged);
                }
            }
        });
    }
}

/// Changes three octets among the headers and cuts some off, after a fixed sequence.
fn damage(octets: &mut Vec<u8>, seed: &mut u64) {
    let mut next = || {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(*seed >> 40).unwrap()
    };
    let len = octets.len();
    for _ in 0..3 {
        let (at, value) = (next() % 120, next().to_le_bytes()[0]);
        if let Some(octet) = octets.get_mut(at) {
            *octet = value;
        }
    }
    octets.truncate(if next() % 2 == 0 { len } else { next() % (len + 1) });
}

fn assert_inside(packet: &Packet<'_>, frame: &Frame<'_>) {
    let (frame, payload) = (frame.captured.as_ptr_range(), packet.payload.as_ptr_range());
    let inside = frame.start <= payload.start && payload.end <= frame.end;
    assert!(inside || packet.payload.is_empty(), "payload outside of the frame");
    assert!(usize::try_from(packet.payload_wire_len).unwrap() >= packet.payload.len());
}

impl Said {
    fn fault(&mut self, text: &str) {
        self.outside += 1;
        if self.faults.len() < 8 {
            self.faults.insert(text.to_owned());
        }
    }

    fn count(&mut self, packet: &Packet<'_>) {
        let tuple = &packet.tuple;
        let proto = match (tuple.protocol, tuple.ported) {
            (Protocol::TCP, Ported::Yes) => "tcp",
            (Protocol::UDP, Ported::Yes) => "udp",
            _ => "other",
        };
        let source = (tuple.source, tuple.source_port);
        let destination = (tuple.destination, tuple.destination_port);
        add(&mut self.flows, proto, source, destination, 1);
    }
}

fn add(flows: &mut Flows, proto: &str, source: End, destination: End, frames: u64) {
    let (low, high, way) =
        if source <= destination { (source, destination, 0) } else { (destination, source, 1) };
    flows.entry((proto.to_owned(), low, high)).or_default()[way] += frames;
}

/// Flows whose addresses exchanged fragments are compared by address pair.
fn differences(said: &Said, oracle: &Value) -> Vec<String> {
    let mut pairs = BTreeSet::new();
    let mut wanted = Flows::new();
    for flow in oracle["flows"].as_array().unwrap() {
        let (a, b) = (end(flow, 1), end(flow, 3));
        if number(&flow[9]) == 1 {
            pairs.insert((a.0.min(b.0), a.0.max(b.0)));
        }
        let proto = flow[0].as_str().unwrap();
        add(&mut wanted, proto, a, b, number(&flow[5]));
        add(&mut wanted, proto, b, a, number(&flow[7]));
    }
    let (got, wanted) = (by_pair(&said.flows, &pairs), by_pair(&wanted, &pairs));
    let keys: BTreeSet<_> = got.keys().chain(wanted.keys()).collect();
    let mut lines = Vec::new();
    for key in keys {
        let (got, wanted) = (got.get(key), wanted.get(key));
        if got != wanted && lines.len() < 12 {
            lines.push(format!("{key:?}: {got:?}, tshark {wanted:?}"));
        }
    }
    if said.outside != number(&oracle["not_ip"][0]) {
        lines.push(format!("outside {}, tshark {}", said.outside, oracle["not_ip"][0]));
    }
    lines
}

fn by_pair(flows: &Flows, pairs: &BTreeSet<(IpAddr, IpAddr)>) -> Flows {
    let mut joined = Flows::new();
    for ((proto, low, high), ways) in flows {
        let (proto, a, b) = if pairs.contains(&(low.0, high.0)) {
            ("pair", (low.0, 0), (high.0, 0))
        } else {
            (proto.as_str(), *low, *high)
        };
        add(&mut joined, proto, a, b, ways[0]);
        add(&mut joined, proto, b, a, ways[1]);
    }
    joined.retain(|_, ways| *ways != [0, 0]);
    joined
}

fn end(flow: &Value, at: usize) -> End {
    let address = flow[at].as_str().unwrap().parse().unwrap();
    (address, u16::try_from(number(&flow[at + 1])).unwrap())
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

/// Calls `take` for every frame that can be read.
fn each_frame(path: &Path, mut take: impl FnMut(&Frame<'_>)) {
    let plan =
        StreamPlan { captures: vec![Input::File(path.to_owned())], reading: Reading::InTurn };
    let octets_read = AtomicU64::new(0);
    let mut reader = StreamReader::open(&plan, 0, ReadOptions::default(), &octets_read);
    while let Some(batch) = reader.next_batch() {
        batch.frames().for_each(|frame| take(&frame));
    }
}
