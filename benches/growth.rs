//! Doubled input costs about doubled time: `cargo bench --bench growth` prints, for input that
//! invites more than that, how the time grows.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use vigie::flow::Side;
use vigie::name::{Budget, Findings, NameSearch, Piece, PieceKind};
use vigie::pipeline::{Discard, Options, Run, run};
use vigie::signature::Database;
use vigie::source::{Input, Reading, StreamPlan};

/// A ratio above this is not linear; below it, noise of a busy machine is possible.
const MOST: f64 = 3.0;
/// The fastest of so many runs counts.
const RUNS: usize = 7;

fn main() {
    let mut failed = false;
    let mut row = |what: &str, n: usize, work: &dyn Fn(usize)| {
        let (once, twice) = (fastest(|| work(n)), fastest(|| work(2 * n)));
        let ratio = twice.as_secs_f64() / once.as_secs_f64();
        failed |= ratio > MOST;
        let (once, twice) = (once.as_secs_f64() * 1e3, twice.as_secs_f64() * 1e3);
        println!("{what:<51} {n:>9} {once:>10.3} ms {twice:>10.3} ms  x{ratio:.2}");
    };
    row("pcap: octets of noise behind a header", 1 << 20, &noise);
    row("pcap: octets of records that lie about lengths", 1 << 20, &lies);
    row("HTTP: heads of 2,000 octets, octet by octet", 200, &|n| heads(n, 2_000, false));
    row("HTTP: octets of one head, octet by octet", 4_000, &|n| heads(20, n, false));
    row("HTTP: octets of one head, the last octet first", 4_000, &|n| heads(20, n, true));
    row("TLS: records of one octet in a ClientHello", 4_000, &hello);
    row("DNS: answers that point at a name of 110 labels", 250, &pointers);
    std::process::exit(i32::from(failed));
}

fn fastest(work: impl Fn()) -> Duration {
    let time = || {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..RUNS).map(|_| time()).min().unwrap_or_default()
}

const HEADER: [u8; 24] =
    [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];

fn noise(octets: usize) {
    let mut state = 1_u64;
    let noise = (0..octets).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_be_bytes()[0]
    });
    analyze(&HEADER.into_iter().chain(noise).collect::<Vec<_>>());
}

/// Headers that could be right, each with a length that leads nowhere.
fn lies(octets: usize) {
    let record = [1, 2, 3, 4, 0, 0, 0, 0, 0xff, 0xff, 3, 0, 0xff, 0xff, 3, 0];
    analyze(&HEADER.into_iter().chain(record.into_iter().cycle().take(octets)).collect::<Vec<_>>());
}

fn analyze(octets: &[u8]) {
    let folder = Path::new("/dev/shm");
    let file = if folder.is_dir() {
        tempfile::NamedTempFile::new_in(folder)
    } else {
        tempfile::NamedTempFile::new()
    };
    let file = file.expect("a temporary file");
    fs::write(file.path(), octets).expect("room for it");
    let plan = StreamPlan {
        captures: vec![Input::File(file.path().to_path_buf())],
        reading: Reading::InTurn,
    };
    let whole = run(&[plan], &Options::default(), &Database::default(), &Discard, &Run::default());
    assert!(whole.expect("an output that takes all").balance.holds());
}

/// `connections` requests whose heads have so many octets and never end, a segment for each.
fn heads(connections: usize, octets: usize, backwards: bool) {
    let mut head = b"GET / HTTP/1.1\r\n".to_vec();
    head.extend(b"A: b\r\n".iter().cycle().take(octets));
    let order: Vec<usize> =
        if backwards { (0..head.len()).rev().collect() } else { (0..head.len()).collect() };
    for _ in 0..connections {
        segments(order.iter().map(|at| (*at, &head[*at..=*at])), 80);
    }
}

/// `ClientHello`s cut into records of one octet each, a segment for each record.
fn hello(octets: usize) {
    for _ in 0..20 {
        let record = |octet| [22, 3, 1, 0, 1, octet];
        let mut message = vec![1, 0];
        message.extend(u16::try_from(octets).unwrap_or(u16::MAX).to_be_bytes());
        message.resize(octets, 0);
        let stream: Vec<u8> = message.into_iter().flat_map(record).collect();
        segments(stream.chunks(6).enumerate().map(|(n, record)| (n * 6, record)), 443);
    }
}

/// The client's octets of a connection, each piece with its place in the stream.
fn segments<'a>(pieces: impl Iterator<Item = (usize, &'a [u8])>, port: u16) {
    let (mut search, mut findings) = (NameSearch::default(), Findings::default());
    let mut budget = Budget { used: 0, limit: 16 << 20, hits: 0 };
    let mut offer = |seq: u32, syn: bool, payload: &[u8]| {
        let kind = PieceKind::Segment { seq, syn };
        let wire_len = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        let piece = Piece { side: Side::Low, kind, ports: (40_000, port), payload, wire_len };
        search.offer(&piece, &mut findings, &mut budget);
        findings.clear();
    };
    offer(1, true, &[]);
    for (at, payload) in pieces {
        offer(1 + u32::try_from(at).unwrap_or(u32::MAX), false, payload);
    }
    search.close(&mut budget);
}

/// Responses whose answers point at every place in a long name; no more answers than are read of
/// one message.
fn pointers(answers: usize) {
    let mut message = vec![0, 1, 0x81, 0x80, 0, 1];
    message.extend(u16::try_from(answers).unwrap_or(u16::MAX).to_be_bytes());
    message.extend([0; 4]);
    message.extend([1, b'a'].iter().cycle().take(LABELS * 2));
    message.extend([0, 0, 1, 0, 1]);
    for answer in 0..answers {
        let label = u8::try_from(12 + answer % LABELS * 2).unwrap_or(12);
        // A compressed owner (RFC 1035 §4.1.4) and an address.
        message.extend([0xc0, label, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]);
    }
    for _ in 0..20 {
        let (mut search, mut findings) = (NameSearch::default(), Findings::default());
        let mut budget = Budget { used: 0, limit: 16 << 20, hits: 0 };
        let wire_len = u32::try_from(message.len()).unwrap_or(u32::MAX);
        let ports = (53, 40_000);
        let kind = PieceKind::Datagram;
        let piece = Piece { side: Side::High, kind, ports, payload: &message, wire_len };
        search.offer(&piece, &mut findings, &mut budget);
        assert!(!findings.answers.is_empty(), "the message is read");
        search.close(&mut budget);
    }
}

/// Labels of one octet each: nearly as many as a name may have (RFC 1035 §2.3.4).
const LABELS: usize = 110;
