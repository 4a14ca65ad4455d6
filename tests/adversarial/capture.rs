//! A capture in memory, and what the program says of it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use etherparse::PacketBuilder;
use serde::Deserialize;

/// Frames in pcap, a microsecond apart.
pub(crate) struct Capture {
    octets: Vec<u8>,
    frames: u32,
}

impl Capture {
    pub(crate) fn new() -> Self {
        let mut octets = Vec::new();
        for number in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 262_144, 1] {
            octets.extend(number.to_le_bytes());
        }
        Self { octets, frames: 0 }
    }

    /// A connection that a client of this number opens.
    pub(crate) fn connection(&mut self, client: usize, port: u16) -> Connection<'_> {
        let mut connection = Connection { client, port, capture: self };
        connection.segment(true, 0, &[]);
        connection
    }

    pub(crate) fn datagram(&mut self, client: usize, port: u16, payload: &[u8]) {
        let builder = addresses(client).udp(50_000, port);
        let mut frame = Vec::new();
        builder.write(&mut frame, payload).expect("a frame");
        self.push(&frame);
    }

    /// A fragment of a UDP datagram: what stands `at` octets, a multiple of eight, behind its
    /// beginning.
    pub(crate) fn fragment(&mut self, client: usize, at: usize, is_last: bool, part: &[u8]) {
        let [.., a, b, c] = client.to_be_bytes();
        let two = |number: usize| u16::try_from(number).expect("a short datagram").to_be_bytes();
        let more = if is_last { 0 } else { 0x2000 };
        let mut frame = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0];
        frame.extend(two(20 + part.len()));
        frame.extend([0x12, 0x34]);
        frame.extend(two(more | (at / 8)));
        frame.extend([64, 17, 0, 0, 10, a, b, c, 192, 0, 2, 1]);
        frame.extend(part);
        self.push(&frame);
    }

    fn push(&mut self, frame: &[u8]) {
        let len = u32::try_from(frame.len()).expect("a short frame");
        let time = [1_767_600_000 + self.frames / 1_000_000, self.frames % 1_000_000];
        for number in [time[0], time[1], len, len] {
            self.octets.extend(number.to_le_bytes());
        }
        self.octets.extend(frame);
        self.frames += 1;
    }
}

/// The client's side of a TCP connection.
pub(crate) struct Connection<'a> {
    client: usize,
    port: u16,
    capture: &'a mut Capture,
}

impl Connection<'_> {
    /// Sends octets that stand so far behind the first.
    pub(crate) fn say(&mut self, at: usize, payload: &[u8]) {
        self.segment(false, 1 + u32::try_from(at).expect("a short stream"), payload);
    }

    fn segment(&mut self, is_syn: bool, seq: u32, payload: &[u8]) {
        let tcp = addresses(self.client).tcp(50_000, self.port, 1000 + seq, 65_000);
        let tcp = if is_syn { tcp.syn() } else { tcp.ack(1) };
        let mut frame = Vec::new();
        tcp.write(&mut frame, payload).expect("a frame");
        self.capture.push(&frame);
    }
}

fn addresses(client: usize) -> etherparse::PacketBuilderStep<etherparse::IpHeaders> {
    let [.., a, b, c] = client.to_be_bytes();
    PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]).ipv4(
        [10, a, b, c],
        [192, 0, 2, 1],
        64,
    )
}

/// What the program said.
#[derive(Debug, Default)]
pub(crate) struct Run {
    /// In the order of their first frames.
    pub(crate) flows: Vec<Flow>,
    pub(crate) bounds: BTreeMap<String, u64>,
    /// The most memory that was seen in use: 0 where the system does not say.
    peak_kib: u64,
}

impl Run {
    /// Fails where more memory was in use: about twice what was measured in a debug build, of which
    /// 32 MiB are there whatever is read.
    pub(crate) fn stays_within(&self, mebibytes: u64) {
        if cfg!(target_os = "linux") {
            let peak = self.peak_kib;
            assert!(peak > 0 && peak < mebibytes * 1024, "{peak} KiB, not {mebibytes} MiB");
        }
    }
}

/// A flow record.
#[derive(Debug)]
pub(crate) struct Flow {
    pub(crate) first_frame: u64,
    pub(crate) server_port: u64,
    /// As `via name`.
    pub(crate) names: Vec<String>,
    pub(crate) unnamed: Option<String>,
    pub(crate) flags: Vec<String>,
}

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    first_frame: u64,
    #[serde(default)]
    server: End,
    #[serde(default)]
    names: Vec<Name>,
    unnamed: Option<serde_json::Value>,
    #[serde(default)]
    flags: Vec<String>,
    #[serde(default)]
    bounds: BTreeMap<String, u64>,
}

#[derive(Default, Deserialize)]
struct End {
    #[serde(default)]
    port: u64,
}

#[derive(Deserialize)]
struct Name {
    name: String,
    via: String,
}

/// Runs `vigie analyze` on the capture. The status must be 0.
pub(crate) fn analyze(capture: &Capture) -> Run {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("adversarial.pcap");
    std::fs::File::create(&path)
        .and_then(|mut file| file.write_all(&capture.octets))
        .expect("room");
    let mut child = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .args(["analyze", "--format", "ndjson"])
        .arg(&path)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut run = Run::default();
    let output = BufReader::new(child.stdout.take().expect("a pipe"));
    for (at, line) in output.lines().enumerate() {
        if at.is_multiple_of(1000) {
            run.peak_kib = run.peak_kib.max(peak_kib(&child));
        }
        let line: Line = serde_json::from_str(&line.expect("UTF-8")).expect("a record");
        match line.kind.as_str() {
            "flow" => run.flows.push(flow(line)),
            "summary" => run.bounds = line.bounds,
            _ => {}
        }
    }
    assert!(child.wait().expect("it ends").success());
    run.flows.sort_by_key(|flow| flow.first_frame);
    run
}

fn flow(line: Line) -> Flow {
    Flow {
        first_frame: line.first_frame,
        server_port: line.server.port,
        names: line.names.into_iter().map(|n| format!("{} {}", n.via, n.name)).collect(),
        unnamed: line.unnamed.and_then(|cause| cause.as_str().map(str::to_owned)),
        flags: line.flags,
    }
}

/// `VmHWM` of Linux: the most that was ever resident.
fn peak_kib(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
    let status = status.unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse().ok()).unwrap_or_default()
}
