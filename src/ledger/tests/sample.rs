//! Signatures, flows and ledgers for tests.

use std::sync::Arc;

use proptest::prelude::*;

use crate::decode::{FiveTuple, Ported, Protocol};
use crate::flow::{FlowFlags, FlowId, FlowKey, Orientation, OrientedBy, Scope, ScopeId, Side};
use crate::ledger::{
    Assignments, Beginning, Collector, Devices, Dimension, FlowCell, FlowRecord, Labels,
    MatchLabel, NameLabel, Recorder, Registry, Snapshot, Watch,
};
use crate::name::{HostName, Observation, Via};
use crate::signature::Database;
use crate::source::CaptureTime;

/// Nanoseconds of a second.
pub(super) const SECOND: i64 = 1_000_000_000;

/// A time this many seconds after the start of an hour.
pub(super) fn at(seconds: i64) -> CaptureTime {
    CaptureTime(1_767_600_000 * SECOND + seconds * SECOND)
}

/// Signatures whose ids are in the order of their letters.
pub(super) fn database() -> Database {
    let source = r#"sources = [{ title = "t", publisher = "p", ref = "r", as_of = "2026-01", says = "s" }]
purpose = "a test"
exclusivity = "dedicated"
confidence = "documented"
status = "active"
"#;
    let of = |id: &str, category: &str, hosts: &str| {
        format!(
            "[[signature]]\nid = \"{id}\"\nvendor = \"{id} vendor\"\nproduct = \"{id} product\"\n\
             category = \"{category}\"\n{hosts}\n{source}"
        )
    };
    let text = [
        of("a", "telemetry", r#"hosts = ["a.example.org", "*.a.example.org"]"#),
        of("b", "telemetry", r#"hosts = ["b.example.org", "*.x.b.example.org"]"#),
        of("c", "advertising", r#"hosts = ["c.example.org"]"#),
        of("d", "telemetry", "networks = [\"192.0.2.0/24\"]\nports = [\"udp/3478\"]"),
    ];
    Database::of_texts(&[("test.toml", &text.concat())]).unwrap()
}

/// A flow between two sockets as text; `client` is the client.
pub(super) struct FlowSample<'a> {
    pub(super) id: u64,
    pub(super) client: &'a str,
    pub(super) server: &'a str,
    pub(super) protocol: Protocol,
    pub(super) capture: u32,
}

impl Default for FlowSample<'_> {
    fn default() -> Self {
        Self {
            id: 1,
            client: "10.0.0.1:50000",
            server: "192.0.2.1:443",
            protocol: Protocol::TCP,
            capture: 0,
        }
    }
}

impl FlowSample<'_> {
    pub(super) fn cell(&self) -> Cell {
        let socket = |text: &str| text.parse::<std::net::SocketAddr>().unwrap();
        let (source, destination) = (socket(self.client), socket(self.server));
        let tuple = FiveTuple {
            protocol: self.protocol,
            source: source.ip(),
            destination: destination.ip(),
            source_port: source.port(),
            destination_port: destination.port(),
            ported: Ported::Yes,
        };
        let (key, client) = FlowKey::of(&tuple, ScopeId::default());
        let beginning = Beginning {
            id: FlowId(self.id),
            capture: self.capture,
            first_frame: self.id,
            time: at(0),
            digits: 6,
        };
        let labels = Labels::new(Orientation { client, by: OrientedBy::Syn }, FlowFlags::default());
        Cell { cell: FlowCell::new(key, beginning, Scope::default(), labels), client }
    }
}

/// A cell, and who is its client.
pub(super) struct Cell {
    pub(super) cell: Arc<FlowCell>,
    pub(super) client: Side,
}

impl Cell {
    /// A frame from the client.
    pub(super) fn up(&self, time: CaptureTime, wire_len: u32) {
        self.cell.count(self.client, time, wire_len, wire_len / 2);
    }

    /// A frame from the server.
    pub(super) fn down(&self, time: CaptureTime, wire_len: u32) {
        self.cell.count(self.client.other(), time, wire_len, wire_len / 2);
    }

    /// One frame each way, so that nothing is lowered for being one-sided.
    pub(super) fn both_ways(self) -> Self {
        self.up(at(0), 100);
        self.down(at(0), 200);
        self
    }

    /// A name, with what it leads to.
    pub(super) fn name(&self, database: &Database, via: Via, name: &str, time: CaptureTime) {
        let name = HostName::from_wire(name.as_bytes()).unwrap();
        let leads = via.is_basis().then(|| database.by_name(&name)).flatten();
        let found = leads.map(MatchLabel::of).map(Box::new);
        let observation = Observation { name, via, time, chain: Box::default() };
        self.cell.labels(|labels| {
            labels.found_mut().add(NameLabel { observation, found });
        });
    }

    /// What the server's address and port lead to.
    pub(super) fn network(&self, database: &Database) {
        let key = self.cell.key();
        let server = key.endpoint(self.client.other());
        let found = database.by_network(server.ip, key.protocol(), server.port);
        self.cell.labels(|labels| {
            labels.found_mut().network = found.map(MatchLabel::of).map(Box::new);
        });
    }

    /// The record of the flow while it lives.
    pub(super) fn record(&self, database: &Database) -> FlowRecord {
        let devices = Devices::default();
        Recorder { database, devices: &devices, assignments: &NONE }.live(&self.cell, at(1))
    }
}

/// No registers.
pub(super) static NONE: std::sync::LazyLock<Assignments> =
    std::sync::LazyLock::new(Assignments::default);

/// A ledger with its registry.
pub(super) struct Ledger<'a> {
    registry: Arc<Registry>,
    pub(super) collector: Collector<'a>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(
        database: &'a Database,
        rollups: &[Vec<Dimension>],
        admits: &'a (dyn Fn(&FlowRecord) -> bool + Sync),
    ) -> Self {
        static NO_DEVICES: std::sync::LazyLock<Devices> =
            std::sync::LazyLock::new(Devices::default);
        let registry = Arc::new(Registry::default());
        let recorder = Recorder { database, devices: &NO_DEVICES, assignments: &NONE };
        let collector = Collector::new(Arc::clone(&registry), recorder, rollups, admits);
        Self { registry, collector }
    }

    /// Lets `watch` see it.
    pub(super) fn watched(mut self, watch: &Watch) -> Self {
        let tap = watch.tap(0, &self.registry);
        self.collector = self.collector.watched(Some(tap));
        self
    }

    /// With room for so many rows.
    pub(super) fn with_rows(mut self, most: usize) -> Self {
        self.collector = self.collector.with_rows(most);
        self
    }

    pub(super) fn enter(&self, cell: &Cell) {
        self.registry.enter(&cell.cell);
    }

    pub(super) fn end(&mut self, cell: &Cell) -> Option<FlowRecord> {
        self.collector.end(&cell.cell, at(9))
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        self.collector.snapshot(at(9))
    }
}

/// Lets every flow through.
pub(super) fn all(_: &FlowRecord) -> bool {
    true
}

/// What a random flow does.
#[derive(Clone, Debug)]
pub(super) struct RandomFlow {
    client: u8,
    server: u8,
    port: u16,
    capture: u32,
    protocol: Protocol,
    name: Option<(&'static str, Via)>,
    /// Whether the client sends, seconds, octets.
    pub(super) frames: Vec<(bool, i64, u32)>,
}

impl RandomFlow {
    /// The cell with its labels; nothing is counted yet.
    pub(super) fn cell(&self, id: u64, database: &Database) -> Cell {
        let cell = FlowSample {
            id,
            client: &format!("10.0.0.{}:50000", self.client),
            server: &format!("192.0.2.{}:{}", self.server, self.port),
            protocol: self.protocol,
            capture: self.capture,
        }
        .cell();
        cell.network(database);
        if let Some((name, via)) = self.name {
            cell.name(database, via, name, at(0));
        }
        cell
    }

    /// Counts every frame.
    pub(super) fn count(&self, cell: &Cell) {
        for &(is_up, seconds, wire_len) in &self.frames {
            if is_up {
                cell.up(at(seconds), wire_len);
            } else {
                cell.down(at(seconds), wire_len);
            }
        }
    }
}

/// Flows of few clients, servers and names, so that rows meet.
pub(super) fn flows(most: usize) -> impl Strategy<Value = Vec<RandomFlow>> {
    let names = prop::sample::select(vec![
        "a.example.org",
        "deep.a.example.org",
        "b.example.org",
        "c.example.org",
        "nothing.example.net",
        "single",
    ]);
    let via = prop::sample::select(Via::ALL.to_vec());
    let port = prop::sample::select(vec![443_u16, 3478, 53]);
    let protocol = prop::sample::select(vec![Protocol::TCP, Protocol::UDP]);
    let frames = prop::collection::vec((any::<bool>(), 0..10_000_i64, 60..1500_u32), 0..5);
    let name = prop::option::of((names, via));
    let ends = (0..3_u8, 0..3_u8, port, 0..2_u32, protocol);
    let flow = (ends, name, frames).prop_map(|(ends, name, frames)| {
        let (client, server, port, capture, protocol) = ends;
        RandomFlow { client, server, port, capture, protocol, name, frames }
    });
    prop::collection::vec(flow, 0..most)
}
