//! Hand-made flows and a snapshot, for the tests of every format.

use std::net::IpAddr;

use crate::decode::{Ported, Protocol};
use crate::flow::{Endpoint, FlowFlags, FlowId, OrientedBy};
use crate::ledger::{
    Assigned, AssignmentFile, Assigns, Balance, BothWays, BoundHits, Count, Dimension,
    DimensionValue, FlowRecord, Quantity, Rollup, RollupRow, Snapshot, TagRecord, Totals,
};
use crate::name::{Fingerprint, HostName, Observation, Via, Without};
use crate::signature::{Basis, Database, Grade, SignatureId};
use crate::source::{
    CaptureAccount, CaptureTime, Comment, Damage, DamageKind, Interface, LinkType, OpenError,
    SessionFile, UnknownBlocks,
};

/// 2026-01-01T08:00:00Z.
const MORNING: i64 = 1_767_254_400_000_000_000;

/// A time some microseconds after eight in the morning.
pub(super) fn at(microseconds: i64) -> CaptureTime {
    CaptureTime(MORNING + microseconds * 1_000)
}

/// One made-up signature, `acme-cloud-usage`.
pub(super) fn database() -> Database {
    const TEXT: &str = r#"
[[signature]]
id = "acme-cloud-usage"
vendor = "Acme, \"Inc\""
product = "=Cloud"
category = "telemetry"
purpose = "usage data"
exclusivity = "dedicated"
confidence = "documented"
status = "active"
hosts = ["*.usage.acme.com"]
sources = [{ title = "Endpoints", publisher = "Acme", ref = "manual", as_of = "2026-01", says = "lists them" }]
"#;
    Database::of_texts(&[("acme.toml", TEXT)]).unwrap()
}

/// The signature of [`database`].
const USAGE: SignatureId = SignatureId(0);

fn name(text: &str) -> HostName {
    HostName::from_wire(text.as_bytes()).unwrap()
}

fn end(ip: &str, port: u16) -> Endpoint {
    Endpoint { ip: ip.parse::<IpAddr>().unwrap(), port }
}

fn counts(up: [u64; 3], down: [u64; 3]) -> BothWays<Count> {
    let count = |[frames, octets, payload]: [u64; 3]| Count { frames, octets, payload };
    BothWays { up: count(up), down: count(down) }
}

/// A flow with everything that a flow can have.
pub(super) fn full_flow() -> FlowRecord {
    let sni = Observation {
        name: name("a.usage.acme.com"),
        via: Via::TlsSni,
        time: at(300),
        chain: Box::default(),
    };
    let dns = Observation {
        name: name("usage.acme.com"),
        via: Via::Dns,
        time: at(-500_000),
        chain: Box::new([name("edge.cdn.example")]),
    };
    FlowRecord {
        id: FlowId(7),
        capture: 0,
        first_frame: 42,
        protocol: Protocol::TCP,
        ported: Ported::Yes,
        client: end("192.0.2.7", 50123),
        server: end("198.51.100.9", 443),
        oriented_by: OrientedBy::Syn,
        vlans: [12, 34].into_iter().collect(),
        vni: Some(5),
        first: at(0),
        last: at(1_500_000),
        ended: at(61_500_000),
        digits: 6,
        counts: counts([12, 3456, 2700], [10, 9000, 8400]),
        names: vec![sni, dns],
        unnamed: None,
        alpn: vec!["h2".into(), "http/1.1".into()],
        fingerprint: Some(Fingerprint::sample("Acme Browser \u{1b}[1m")),
        flags: FlowFlags::ECH_OFFERED | FlowFlags::DNS_AMBIGUOUS,
        tags: vec![TagRecord {
            signature: USAGE,
            basis: Basis::Name,
            matched: "*.usage.acme.com".into(),
            grade: Grade::A,
            reason: "the client named a dedicated, documented host".into(),
        }],
        device: Some("laptop".into()),
        stun_software: Some("Acme Relay \u{1b}[1m".into()),
        app: Some("Acme Chat".into()),
        assigned: Some(Box::new(Assigned {
            country: Some("FR".into()),
            asn: Some(64500),
            owner: Some("Example Net".into()),
            maker: Some("Acme Radios".into()),
        })),
    }
}

/// A flow with nothing that a flow can lack.
pub(super) fn bare_flow() -> FlowRecord {
    FlowRecord {
        id: FlowId(8),
        first_frame: 43,
        protocol: Protocol(47),
        ported: Ported::No,
        client: end("2001:db8::7", 0),
        server: end("2001:db8:1::9", 0),
        oriented_by: OrientedBy::First,
        vlans: [].into_iter().collect(),
        vni: None,
        digits: 0,
        counts: counts([1, 100, 46], [0, 0, 0]),
        names: Vec::new(),
        unnamed: Some(Without::UnknownProtocol),
        alpn: Vec::new(),
        fingerprint: None,
        flags: FlowFlags::default(),
        tags: Vec::new(),
        device: None,
        stun_software: None,
        app: None,
        assigned: None,
        ..full_flow()
    }
}

/// A capture with everything that a capture can have but a failure to open.
pub(super) fn full_capture() -> CaptureAccount {
    let interface = |name: Option<&str>, digits, dropped| Interface {
        name: name.map(str::to_owned),
        link: LinkType(1),
        snaplen: 262_144,
        digits,
        fcs_len: None,
        dropped,
        filter: name.map(|_| "port 53".to_owned()),
    };
    CaptureAccount {
        path: "office\u{202e}.pcapng".to_owned(),
        interfaces: vec![interface(Some("eth0"), 9, Some(3)), interface(None, 6, None)],
        frames: 25,
        octets: 12_700,
        captured: 9_000,
        overlong: 1,
        first: Some(at(0)),
        last: Some(at(1_500_000)),
        damage: vec![Damage {
            frame: 26,
            offset: 9_800,
            kind: DamageKind::Cut { declared: 1514, left: 96 },
        }],
        more_damage: 2,
        comments: vec![
            Comment { frame: None, text: "lab".to_owned() },
            Comment { frame: Some(3), text: "tea".to_owned() },
        ],
        more_comments: 1,
        session: Some(SessionFile { begun: at(0), number: 3, first: 2 }),
        part: Some(13_000),
        unknown_blocks: vec![UnknownBlocks { block: 0x0BAD, count: 2, offset: 512, frame: 4 }],
        more_unknown: 4,
        sha256: Some([0xA7; 32]),
        ..CaptureAccount::default()
    }
}

/// A capture that could not be opened.
pub(super) fn failed_capture() -> CaptureAccount {
    CaptureAccount {
        index: 1,
        path: "gone.pcap".to_owned(),
        failed: Some(OpenError::NotFound),
        ..CaptureAccount::default()
    }
}

fn quantity(frames: u64, octets: u64) -> Quantity {
    Quantity { frames, octets }
}

/// A snapshot of the flows and captures above, whose balance holds.
pub(super) fn snapshot() -> Snapshot {
    let (full, bare) = (full_flow(), bare_flow());
    let mut unnamed = [0; Without::ALL.len()];
    unnamed[Without::UnknownProtocol as usize] = 100;
    let undecodable = quantity(1, 44);
    let snapshot = Snapshot {
        markers: vec![marker()],
        assignments: vec![AssignmentFile {
            assigns: Assigns::Country,
            path: "places\u{202e}.mmdb".to_owned(),
            kind: "Example-Country".to_owned(),
            date: "2026-01-01".to_owned(),
            damaged: true,
        }],
        captures: vec![full_capture(), failed_capture()],
        balance: Balance {
            read: quantity(27, 12_700),
            in_flows: quantity(23, 12_556),
            not_ip: quantity(1, 42),
            undecodable,
            undecodable_by: [("link type 99 is not known".to_owned(), undecodable)].into(),
            outside: quantity(1, 28),
            duplicates: quantity(1, 30),
        },
        totals: Totals { flows: 2, named: 12_456, tagged: 12_456, unnamed },
        by_signature: [(None, (1, bare.counts)), (Some(USAGE), (1, full.counts))].into(),
        shown_flows: 2,
        rollups: vec![rollup()],
        sampled: crate::ledger::Sampled::default(),
        bounds: BoundHits { dns_answers: 1, ..BoundHits::default() },
        watched: None,
    };
    assert!(snapshot.balance.holds());
    snapshot
}

/// By vendor, product, name and hour.
pub(super) fn rollup() -> Rollup {
    let row = |flow: &FlowRecord| RollupRow {
        counts: flow.counts,
        flows: 1,
        first: flow.first,
        last: flow.last,
    };
    let untagged = vec![
        DimensionValue::Untagged,
        DimensionValue::Untagged,
        DimensionValue::Unnamed(Without::UnknownProtocol),
        DimensionValue::Hour(at(0)),
    ];
    let tagged = vec![
        DimensionValue::Text("Acme, \"Inc\"".into()),
        DimensionValue::Text("=Cloud".into()),
        DimensionValue::Name(name("a.usage.acme.com")),
        DimensionValue::Hour(at(0)),
    ];
    let dimensions = vec![Dimension::Vendor, Dimension::Product, Dimension::Name, Dimension::Hour];
    Rollup::of(dimensions, vec![(untagged, row(&bare_flow())), (tagged, row(&full_flow()))])
}

/// A marker with every field.
pub(super) fn marker() -> crate::ledger::Marker {
    crate::ledger::Marker {
        time: Some(at(1_000_000)),
        after_frames: 12,
        text: "tea\u{202e}".into(),
    }
}
