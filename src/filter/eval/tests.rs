use super::*;
use crate::decode::Protocol;
use crate::filter::Filter;
use crate::flow::{Endpoint, FlowFlags, FlowId, OrientedBy};
use crate::ledger::{BothWays, Count, TagRecord};
use crate::name::{Fingerprint, HostName, Observation, Via};
use crate::signature::{Basis, Database, Grade, SignatureId};

/// Values by field: what a flow or a row says.
struct Sample(Vec<(Field, Value<'static>)>);

impl Subject for Sample {
    fn any(&self, field: Field, test: &mut dyn FnMut(Value<'_>) -> bool) -> bool {
        self.0.iter().any(|(of, value)| *of == field && test(*value))
    }
}

fn address(text: &str) -> Value<'static> {
    Value::Address(text.parse().unwrap())
}

fn time(text: &str) -> Value<'static> {
    let time: jiff::Timestamp = text.parse().unwrap();
    Value::Time(CaptureTime(time.as_nanosecond().try_into().unwrap()))
}

/// A tagged TLS flow with two names.
fn tagged() -> Sample {
    Sample(vec![
        (Field::Name, Value::Text("self.events.data.microsoft.com")),
        (Field::Name, Value::Text("xn--bcher-kva.example")),
        (Field::Via, Value::Text("tls-sni")),
        (Field::Via, Value::Text("dns")),
        (Field::Client, address("192.0.2.7")),
        (Field::Server, address("10.20.30.40")),
        (Field::Port, Value::Number(50123)),
        (Field::Port, Value::Number(443)),
        (Field::Proto, Value::Number(6)),
        (Field::Category, Value::Text("telemetry")),
        (Field::Vendor, Value::Text("Microsoft")),
        (Field::Product, Value::Text("Office *365*")),
        (Field::Signature, Value::Text("ms-office-diagnostics-events")),
        (Field::Grade, Value::Text("A")),
        (Field::Basis, Value::Text("name")),
        (Field::Up, Value::Number(12_000_000)),
        (Field::Down, Value::Number(1_048_576)),
        (Field::Bytes, Value::Number(13_048_576)),
        (Field::First, time("2026-01-01T08:00:00.5Z")),
        (Field::Last, time("2026-01-01T09:00:00Z")),
        (Field::Flag, Value::Text("ech-offered")),
        (Field::Flag, Value::Text("dns-ambiguous")),
        (Field::Device, Value::Text("Würth's laptop")),
        (Field::App, Value::Text("Acme Chat")),
        (Field::QuicUserAgent, Value::Text("Acme Browser/1.0")),
        (Field::StunSoftware, Value::Text("Acme Relay 1.0")),
        (Field::Country, Value::Text("FR")),
        (Field::NetworkOwner, Value::Text("Example Net")),
        (Field::NetworkOwner, Value::Text("AS64500")),
        (Field::Oui, Value::Text("Acme Radios")),
    ])
}

/// A portless IPv6 flow that nothing is known of.
fn bare() -> Sample {
    Sample(vec![
        (Field::Client, address("2001:db8::7")),
        (Field::Server, address("2001:db8:1::9")),
        (Field::Proto, Value::Number(47)),
        (Field::Up, Value::Number(100)),
        (Field::Down, Value::Number(0)),
        (Field::Bytes, Value::Number(100)),
        (Field::First, time("2026-01-01T23:59:59Z")),
        (Field::Last, time("2026-01-02T00:00:00Z")),
    ])
}

/// Expression, whether the tagged flow and the bare one are admitted.
const TABLE: &[(&str, bool, bool)] = &[
    ("name = self.events.data.microsoft.com", true, false),
    ("name = Self.Events.Data.Microsoft.COM", true, false),
    ("name = *.microsoft.com", true, false),
    ("name = microsoft.com", false, false),
    ("app ~ chat", true, false),
    ("app = other", false, false),
    ("country = fr", true, false),
    ("country in (DE, CH)", false, false),
    ("network-owner = AS64500", true, false),
    ("network-owner ~ example", true, false),
    ("oui = *", true, false),
    ("name ~ EVENTS", true, false),
    ("name = bücher.example", true, false),
    ("name = *.example", true, false),
    ("name = *", true, false),
    ("name != *", false, true),
    // The other name differs, but one equals: != means that none does.
    ("name != *.example", false, true),
    ("not name = *.example", false, true),
    ("name not in (a.example, b.example)", true, true),
    ("name in (a.example, *.microsoft.com)", true, false),
    ("client = 192.0.2.7", true, false),
    ("client = 192.0.2.8", false, false),
    ("client != 192.0.2.8", true, true),
    ("server = 10.0.0.0/8", true, false),
    ("server in 10.0.0.0/8", true, false),
    ("server in (10.1.2.3/8, 2001:db8::/32)", true, true),
    ("server != 10.0.0.0/8", false, true),
    ("server = 2001:db8:1::9", false, true),
    ("server = [2001:db8:1::9]", false, true),
    ("port = 443", true, false),
    ("port in (80, 443)", true, false),
    ("port in (80, 8080)", false, false),
    ("port != 443", false, true),
    ("port < 1024", true, false),
    ("port > 60000", false, false),
    ("port = *", true, false),
    ("proto = tcp", true, false),
    ("proto = 6", true, false),
    ("proto = gre", false, true),
    ("proto in (ip-47, UDP)", false, true),
    ("category = telemetry", true, false),
    ("category in (telemetry, connected-car)", true, false),
    ("category = *", true, false),
    ("category != *", false, true),
    ("category != functional", true, true),
    ("category ~ tele", true, false),
    ("vendor = microsoft", true, false),
    (r#"product = "Office \*365\*""#, true, false),
    (r#"product = "Office *""#, true, false),
    (r#"product = "Office \*""#, false, false),
    ("signature = ms-*", true, false),
    ("grade = a", true, false),
    ("grade in (B, C)", false, false),
    ("basis = name", true, false),
    ("via = dns", true, false),
    ("via != dns", false, true),
    ("up > 10MB", true, false),
    ("up > 10 MB and port = 443", true, false),
    ("up >= 12MB", true, false),
    ("up > 12MB", false, false),
    ("up <= 0.1kB", false, true),
    ("down = 1MiB", true, false),
    ("down = 0", false, true),
    ("bytes < 1.5 kb", false, true),
    ("first >= 2026-01-01T08:00", true, true),
    ("first < 2026-01-01T08:00:00.5Z", false, false),
    ("first <= 2026-01-01T08:00:00.5", true, false),
    ("first > 2026-01-01T10:00:00+01:00", false, true),
    ("last >= 2026-01-02", false, true),
    ("flag = ech-offered", true, false),
    ("flag != ech", true, true),
    ("flag != ech-offered", false, true),
    (r#"device = "würth's laptop""#, true, false),
    ("device ~ WÜRTH", true, false),
    // and binds tighter than or; not tighter than and.
    ("proto = gre or proto = tcp and port = 80", false, true),
    ("(proto = gre or proto = tcp) and port = 80", false, false),
    ("not proto = gre and not port = 80", true, false),
    ("not (proto = gre or port = 80)", true, false),
    ("not not port = 443", true, false),
    ("PROTO == tcp && !(port == 80) || FLAG = ECH", true, false),
];

#[test]
fn expressions_admit_what_the_manual_says() {
    for (text, on_tagged, on_bare) in TABLE {
        let filter = Filter::parse(text).unwrap_or_else(|e| panic!("{}", e.render(text)));
        assert_eq!(filter.accepts(&tagged()), *on_tagged, "{text} on the tagged flow");
        assert_eq!(filter.accepts(&bare()), *on_bare, "{text} on the bare flow");
        let printed = filter.to_string();
        assert_eq!(Filter::parse(&printed).as_ref(), Ok(&filter), "{text} printed as {printed}");
    }
}

/// A made-up signature.
const SIGNATURE: &str = r#"
[[signature]]
id = "acme-usage"
vendor = "Acme"
product = "Cloud"
category = "telemetry"
purpose = "usage data"
exclusivity = "dedicated"
confidence = "documented"
status = "active"
hosts = ["*.usage.acme.com"]
sources = [{ title = "Endpoints", publisher = "Acme", ref = "manual", as_of = "2026-01", says = "lists them" }]
"#;

fn flow() -> FlowRecord {
    let seen = |name: &str, via| Observation {
        name: HostName::from_wire(name.as_bytes()).unwrap(),
        via,
        time: CaptureTime(0),
        chain: Box::default(),
    };
    let count = |octets| Count { frames: 1, octets, payload: 0 };
    FlowRecord {
        id: FlowId(1),
        capture: 0,
        first_frame: 1,
        protocol: Protocol::UDP,
        ported: Ported::Yes,
        client: Endpoint { ip: [192, 0, 2, 7].into(), port: 50123 },
        server: Endpoint { ip: [198, 51, 100, 9].into(), port: 443 },
        oriented_by: OrientedBy::Hello,
        vlans: [].into_iter().collect(),
        vni: None,
        first: CaptureTime(1_000_000_000),
        last: CaptureTime(2_000_000_000),
        ended: CaptureTime(2_000_000_000),
        digits: 6,
        counts: BothWays { up: count(1_000), down: count(2_000) },
        names: vec![seen("a.usage.acme.com", Via::QuicSni), seen("edge.example", Via::Dns)],
        unnamed: None,
        alpn: Vec::new(),
        fingerprint: Some(Fingerprint::sample("Acme Browser/1.0")),
        flags: FlowFlags::QUIC,
        tags: vec![TagRecord {
            signature: SignatureId(0),
            basis: Basis::Name,
            matched: "*.usage.acme.com".into(),
            grade: Grade::B,
            reason: "made up".into(),
        }],
        device: Some("tablet".into()),
        stun_software: Some("Acme Relay 1.0".into()),
        app: Some("Acme Chat".into()),
        assigned: Some(Box::new(crate::ledger::Assigned {
            country: Some("FR".into()),
            asn: Some(64500),
            owner: Some("Example Net".into()),
            maker: None,
        })),
    }
}

#[test]
fn every_field_of_a_flow_is_asked_of_the_flow() {
    let database = Database::of_texts(&[("acme.toml", SIGNATURE)]).unwrap();
    let context = Context { database: &database };
    let whole = flow();
    let bare = FlowRecord {
        ported: Ported::No,
        client: Endpoint { port: 0, ..whole.client },
        server: Endpoint { port: 0, ..whole.server },
        names: Vec::new(),
        flags: FlowFlags::default(),
        tags: Vec::new(),
        device: None,
        fingerprint: None,
        stun_software: None,
        app: None,
        ..whole.clone()
    };
    let table = [
        ("name = edge.example", true, false),
        ("client = 192.0.2.7 and server = 198.51.100.9", true, true),
        ("client = 198.51.100.9", false, false),
        ("port = 443 and port = 50123", true, false),
        ("port = 0", false, false),
        ("proto = udp", true, true),
        ("category = telemetry", true, false),
        ("vendor = acme and product = cloud and signature = acme-usage", true, false),
        ("grade = B and basis = name", true, false),
        ("via = quic-sni and via = dns", true, false),
        ("up = 1kB and down = 2kB and bytes = 3kB", true, true),
        ("first = 1970-01-01T00:00:01 and last = 1970-01-01T00:00:02", true, true),
        ("flag = quic", true, false),
        ("device = tablet", true, false),
        ("app = \"acme chat\"", true, false),
        ("signature != * and name != * and port != * and device != *", false, true),
    ];
    for (text, on_whole, on_bare) in table {
        let filter = Filter::parse(text).unwrap();
        assert_eq!(filter.admits(&whole, context), on_whole, "{text}");
        assert_eq!(filter.admits(&bare, context), on_bare, "{text} on the bare flow");
    }
}
