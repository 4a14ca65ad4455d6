//! The whole page, drawn from numbers made by hand.

use std::net::IpAddr;

use jiff::tz::TimeZone;

use super::colour::Palette;
use super::number::Precision;
use super::view::{CLIENTS, PURPOSES, View};
use super::write_summary;
use crate::ledger::{
    Balance, BothWays, BoundHits, Count, Dimension, DimensionValue, Marker, Quantity, Rollup,
    RollupRow, Snapshot, Totals,
};
use crate::name::{HostName, Without};
use crate::signature::{Basis, Category, Database, Grade};
use crate::source::{CaptureAccount, CaptureTime, Damage, DamageKind, Interface, LinkType};

/// 2026-01-05T08:00:00Z.
const MORNING: i64 = 1_767_600_000;

const SIGNATURES: &str = r#"
[[signature]]
id = "acme-office-diagnostics"
vendor = "Acme"
product = "Acme Office"
category = "telemetry"
purpose = "diagnostic events"
exclusivity = "dedicated"
confidence = "documented"
status = "active"
hosts = ["*.events.data.acme.example"]
[[signature.sources]]
title = "Endpoints"
publisher = "Acme"
ref = "https://docs.acme.example/endpoints"
as_of = "2026-10"
says = "The hosts collect diagnostic events."

[[signature]]
id = "acme-sign-in"
vendor = "Acme"
product = "Identity"
category = "identity"
purpose = "sign-in"
exclusivity = "shared"
confidence = "documented"
status = "active"
hosts = ["login.acme.example"]
[[signature.sources]]
title = "Endpoints"
publisher = "Acme"
ref = "https://docs.acme.example/endpoints"
as_of = "2026-10"
says = "Sign-in."
"#;

fn name(text: &str) -> DimensionValue {
    DimensionValue::Name(HostName::from_wire(text.as_bytes()).unwrap())
}

fn address(text: &str) -> DimensionValue {
    DimensionValue::Address(text.parse::<IpAddr>().unwrap())
}

/// A row of flows seen from minute to minute of the morning.
fn row(up: u64, down: u64, flows: u64, minutes: (i64, i64)) -> RollupRow {
    let count = |octets| Count { frames: octets / 500, octets, payload: octets / 2 };
    RollupRow {
        counts: BothWays { up: count(up), down: count(down) },
        flows,
        first: CaptureTime((MORNING + minutes.0 * 60) * 1_000_000_000),
        last: CaptureTime((MORNING + minutes.1 * 60) * 1_000_000_000),
    }
}

/// Rows of tagged and untagged flows, as the ledger gives them.
fn purposes(database: &Database) -> Rollup {
    let tagged = |host: &str, basis, grade| {
        let host = name(host);
        let DimensionValue::Name(asked) = &host else { unreachable!() };
        let id = database.by_name(asked).unwrap().signature;
        let domain = name("acme.example");
        let (basis, grade) = (DimensionValue::Basis(basis), DimensionValue::Grade(grade));
        vec![DimensionValue::Signature(id), domain, host, basis, grade]
    };
    let untagged = |registrable, host| {
        let none = DimensionValue::Untagged;
        vec![none.clone(), registrable, host, none.clone(), none]
    };
    let unnamed = |cause, host| untagged(DimensionValue::Unnamed(cause), host);
    let self_events = "self.events.data.acme.example";
    let rows = vec![
        (tagged(self_events, Basis::Name, Grade::A), row(34_000, 12_000, 4, (1, 59))),
        (tagged("eu-v20.events.data.acme.example", Basis::Dns, Grade::B), row(900, 400, 1, (5, 6))),
        (tagged("login.acme.example", Basis::Name, Grade::B), row(5_600, 98_000, 2, (0, 1))),
        (untagged(name("example.org"), name("www.example.org")), row(7_000, 4_560_000, 9, (2, 40))),
        (untagged(name("example.org"), name("img.example.org")), row(1_000, 90_000, 3, (2, 41))),
        (unnamed(Without::Dns, address("192.0.2.1")), row(2_000, 4_000, 20, (0, 59))),
        (unnamed(Without::Midstream, address("2001:db8::53")), row(100, 0, 1, (0, 0))),
    ];
    Rollup::of(PURPOSES.to_vec(), rows)
}

/// A snapshot that adds up: 4,815,000 octets in flows.
fn snapshot(database: &Database) -> Snapshot {
    let time = |minutes: i64| Some(CaptureTime((MORNING + minutes * 60) * 1_000_000_000));
    let interface = Interface {
        name: None,
        link: LinkType(1),
        snaplen: 0,
        digits: 6,
        fcs_len: None,
        dropped: Some(3),
        filter: None,
    };
    let capture = CaptureAccount {
        path: "office\u{1b}.pcapng".to_owned(),
        interfaces: vec![interface],
        frames: 9_700,
        octets: 4_816_060,
        first: time(0),
        last: time(59),
        damage: vec![Damage {
            frame: 9_701,
            offset: 4_900_000,
            kind: DamageKind::Cut { declared: 1514, left: 96 },
        }],
        ..CaptureAccount::default()
    };
    let quantity = |frames, octets| Quantity { frames, octets };
    let mut unnamed = [0; Without::ALL.len()];
    for (place, cause) in unnamed.iter_mut().zip(Without::ALL) {
        *place = match cause {
            Without::Dns => 6_000,
            Without::Midstream => 100,
            _ => 0,
        };
    }
    let vm = |category, grade| {
        vec![address("192.0.2.7"), DimensionValue::Text("Windows VM".into()), category, grade]
    };
    let telemetry = || DimensionValue::Category(Category::Telemetry);
    let none = || DimensionValue::Untagged;
    let clients = vec![
        (vm(telemetry(), DimensionValue::Grade(Grade::A)), row(34_000, 12_000, 4, (1, 59))),
        (vm(telemetry(), DimensionValue::Grade(Grade::B)), row(900, 400, 1, (5, 6))),
        (vm(none(), none()), row(10_100, 4_658_000, 33, (0, 59))),
        (
            vec![
                address("192.0.2.9"),
                DimensionValue::NoDevice,
                DimensionValue::Category(Category::Identity),
                DimensionValue::Grade(Grade::B),
            ],
            row(5_600, 98_000, 2, (0, 1)),
        ),
    ];
    Snapshot {
        captures: vec![capture],
        balance: Balance {
            read: quantity(9_700, 4_816_060),
            in_flows: quantity(9_680, 4_815_000),
            not_ip: quantity(18, 960),
            undecodable: quantity(2, 100),
            undecodable_by: [("IP header at octet 14 is not valid".into(), quantity(2, 100))]
                .into(),
            ..Balance::default()
        },
        totals: Totals { flows: 40, named: 4_808_900, tagged: 150_900, unnamed },
        shown_flows: 40,
        rollups: vec![purposes(database), Rollup::of(CLIENTS.to_vec(), clients)],
        ..Snapshot::default()
    }
}

fn drawn(change: impl FnOnce(&mut Snapshot, &mut View<'_>)) -> String {
    let database = Database::of_texts(&[("test.toml", SIGNATURES)]).unwrap();
    let mut snapshot = snapshot(&database);
    let empty = Snapshot::default();
    let mut view = View {
        snapshot: &empty,
        database: &database,
        zone: &TimeZone::UTC,
        precision: Precision::Rounded,
        width: 80,
        palette: Palette::PLAIN,
        filter: None,
        by: &[],
        interrupted: false,
        stale_days: None,
    };
    change(&mut snapshot, &mut view);
    let view = View { snapshot: &snapshot, ..view };
    let mut out = Vec::new();
    write_summary(&view, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_page_reads_from_purposes_to_limits() {
    insta::assert_snapshot!(drawn(|_, _| ()));
}

#[test]
fn no_line_is_wider_than_the_terminal_and_none_has_an_escape_character() {
    for width in [40, 59, 60, 80, 120] {
        let page = drawn(|_, view| view.width = width);
        for line in page.lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
            assert!(!line.chars().any(char::is_control), "{line}");
        }
    }
}

#[test]
fn a_wide_page_shows_seconds_and_an_exact_one_every_octet() {
    let wide = drawn(|_, view| view.width = 120);
    assert!(wide.contains("08:01:00-08:59:00"), "{wide}");
    let exact = drawn(|_, view| view.precision = Precision::Exact);
    assert!(exact.contains("4,560,000 B") || exact.contains("4,650,000 B"), "{exact}");
}

#[test]
fn a_balance_that_does_not_hold_is_said_loudly() {
    let page = drawn(|snapshot, _| snapshot.balance.read.frames += 1);
    assert!(page.contains("IT DOES NOT ADD UP: 9,700 frames and 4,816,060 octets"), "{page}");
    assert!(!page.contains("It adds up"), "{page}");
}

#[test]
fn accusing_categories_and_others_are_never_in_one_sum() {
    let page = drawn(|_, _| ());
    let accusing = page.find("Telemetry ").unwrap();
    let operation = page.find("Tagged: operation").unwrap();
    let identity = page.find("Sign-in ").unwrap();
    assert!(accusing < operation && operation < identity, "{page}");
    // 34.0 + 0.9 kB and 5.6 kB: no line holds 40.5 kB.
    assert!(page.contains("34.9 kB") && !page.contains("40.5 kB"), "{page}");
}

#[test]
fn tables_asked_for_stand_in_the_place_of_purposes() {
    let by = [vec![Dimension::Category, Dimension::Hour]];
    let page = drawn(|snapshot, view| {
        let hour = DimensionValue::Hour(CaptureTime(MORNING * 1_000_000_000));
        let rows = vec![(vec![DimensionValue::Untagged, hour], row(10, 20, 3, (0, 1)))];
        snapshot.rollups.push(Rollup::of(by[0].clone(), rows));
        view.by = Box::leak(Box::new(by.clone()));
    });
    assert!(page.contains("By category, hour"), "{page}");
    assert!(page.contains("(untagged)  2026-01-05 08:00"), "{page}");
    assert!(!page.contains("Tagged: operation"), "{page}");
}

#[test]
fn an_early_end_a_filter_and_stale_signatures_are_said() {
    let page = drawn(|snapshot, view| {
        view.interrupted = true;
        view.filter = Some("up > 1MB");
        view.stale_days = Some(200);
        snapshot.shown_flows = 1;
    });
    for said in ["interrupted: only what", "1 flow for which: up > 1MB", "200 days old"] {
        assert!(page.contains(said), "{said}: {page}");
    }
}

#[test]
fn markers_stand_with_their_times_and_what_is_not_shown_is_counted() {
    let marker = |second: i64, text: &str| Marker {
        time: Some(CaptureTime((MORNING + second) * 1_000_000_000)),
        after_frames: 1,
        text: text.into(),
    };
    let page = drawn(|snapshot, _| {
        let early = Marker { time: None, ..marker(0, "cable in") };
        snapshot.markers = vec![early, marker(5, "set to\u{1b}[2J required")];
        snapshot.markers.extend((6..30).map(|second| marker(second, "x")));
        snapshot.captures[0].more_markers = 3;
    });
    for said in [
        "\nMarkers\n before the first frame  cable in\n",
        "\n 2026-01-05 08:00:05 UTC  set to\\u{1b}[2J required\n",
        "\n + 9 more\n",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!drawn(|_, _| ()).contains("Markers"));
}

#[test]
fn times_are_as_exact_as_the_span_of_the_captures_leaves_readable() {
    let seen = |days: i64, width| {
        let last = CaptureTime((MORNING + days * 86_400) * 1_000_000_000);
        drawn(|snapshot, view| {
            snapshot.captures[0].last = Some(last);
            snapshot.rollups[0].rows_mut()[0].1.last = last;
            view.width = width;
        })
    };
    assert!(seen(2, 80).contains("01-05 to 01-07"));
    assert!(seen(2, 80).contains("01-05 08:05-08:06"));
    assert!(seen(2, 120).contains("01-05 08:01:00 to 01-07 08:00:00"));
    assert!(seen(400, 80).contains("2026-01 to 2027-02"));
    assert!(seen(400, 80).contains("2026-01-05          B dns"));
}

#[test]
fn every_bound_that_was_hit_is_said() {
    let page = drawn(|snapshot, _| {
        snapshot.bounds = BoundHits {
            rows: 0,
            reassembly: 1,
            fragments: 2,
            overlaps: 8,
            dns_answers: 3,
            flows: 4,
            names: 5,
            scopes: 6,
            resumed: 7,
        };
    });
    for hits in 1..=8 {
        assert!(page.contains(&format!("bound hit: {hits} ")), "{hits}: {page}");
    }
}

#[test]
fn nothing_accusing_is_said_as_not_seen() {
    let page = drawn(|snapshot, _| {
        let is_accusing = |values: &[DimensionValue]| {
            values.contains(&DimensionValue::Category(Category::Telemetry))
                || values.contains(&name("self.events.data.acme.example"))
                || values.contains(&name("eu-v20.events.data.acme.example"))
        };
        for rollup in &mut snapshot.rollups {
            rollup.rows_mut().retain(|(values, _)| !is_accusing(values));
        }
    });
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains("no flow of 2 clients to a system of telemetry"), "{page}");
    assert!(page.contains("vehicles no connection was seen"), "{page}");
}

#[test]
fn the_clients_row_splits_what_was_sent_and_adds_up() {
    let page = drawn(|_, _| ());
    let line = page.lines().find(|line| line.starts_with(" 192.0.2.7 (Windows VM)")).unwrap();
    let cells: Vec<&str> = line.split("  ").map(str::trim).filter(|c| !c.is_empty()).collect();
    // 34,000 + 900 of telemetry, none of operation, 10,100 untagged.
    assert_eq!(cells, ["192.0.2.7 (Windows VM)", "34.9 kB", "0 B", "10.1 kB", "38"]);
}

#[test]
fn more_clients_than_are_shown_are_one_line_with_their_sum() {
    let page = drawn(|snapshot, _| {
        for last in 100_u8..112 {
            let client = address(&format!("192.0.2.{last}"));
            let none = DimensionValue::Untagged;
            let values = vec![client, DimensionValue::NoDevice, none.clone(), none];
            snapshot.rollups[1].rows_mut().push((values, row(10, 0, 1, (0, 1))));
        }
    });
    let more = page.lines().find(|line| line.contains("more client")).unwrap();
    let cells: Vec<&str> = more.split("  ").map(str::trim).filter(|c| !c.is_empty()).collect();
    assert_eq!(cells, ["+ 4 more clients", "0 B", "0 B", "40 B", "4"]);
}

#[test]
fn multicast_and_link_local_servers_are_one_line() {
    let page = drawn(|snapshot, _| {
        for near in ["224.0.0.251", "ff02::fb", "fe80::1", "169.254.1.1"] {
            let none = DimensionValue::Untagged;
            let cause = DimensionValue::Unnamed(Without::NoPayload);
            let values = vec![none.clone(), cause, address(near), none.clone(), none];
            snapshot.rollups[0].rows_mut().push((values, row(100, 0, 1, (0, 1))));
        }
    });
    let line = page.lines().find(|line| line.contains("multicast, link-local (4)")).unwrap();
    assert!(line.contains(" 400 B ") && !page.contains("224.0.0.251"), "{page}");
}

#[test]
fn limits_are_those_that_the_tags_call_for() {
    let limits = |category: &str, vendor: &str, exclusivity: &str| {
        let text = SIGNATURES
            .replace("\"telemetry\"", &format!("\"{category}\""))
            .replace("vendor = \"Acme\"", &format!("vendor = \"{vendor}\""))
            .replace("\"dedicated\"", &format!("\"{exclusivity}\""));
        let database = Database::of_texts(&[("test.toml", &text)]).unwrap();
        let host = HostName::from_wire(b"self.events.data.acme.example").unwrap();
        let id = database.by_name(&host).unwrap().signature;
        drawn(|snapshot, view| {
            view.database = Box::leak(Box::new(database));
            snapshot.by_signature.insert(Some(id), (1, BothWays::default()));
        })
    };
    let shared = "serve several purposes";
    let cloud = "computed in the provider's cloud";
    let vehicle = "own mobile link";
    let companies = "between companies' servers";
    let cases = [
        (limits("telemetry", "Acme", "dedicated"), [false, false, false, false]),
        (limits("telemetry", "Microsoft", "shared"), [true, true, false, false]),
        (limits("identity", "Acme", "shared"), [false, false, false, false]),
        (limits("connected-car", "Acme", "dedicated"), [false, false, true, true]),
        (limits("car-data-broker", "Acme", "dedicated"), [false, false, false, true]),
    ];
    for (page, said) in cases {
        let found = [shared, cloud, vehicle, companies].map(|limit| page.contains(limit));
        assert_eq!(found, said, "{page}");
    }
}
