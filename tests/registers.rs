//! `--geoip`, `--asn` and `--oui` through the built program.

#[path = "../src/ledger/assignment/sample.rs"]
mod mmdb;
mod program;

use std::fs;
use std::path::Path;

use mmdb::{Value, file};
use program::vigie;
use serde_json::Value as Json;

/// Frames of two flows from one machine: Ethernet, IPv4, UDP, one octet of payload.
fn capture() -> Vec<u8> {
    let mut octets = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0];
    octets.extend([0; 8]);
    octets.extend([0xff, 0xff, 0, 0, 1, 0, 0, 0]);
    for server in [[192, 0, 2, 1], [198, 51, 100, 1]] {
        let mut frame = vec![2, 0, 0, 0, 0, 9, 0, 0x22, 0x72, 1, 2, 3, 8, 0];
        frame.extend([0x45, 0, 0, 29, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1]);
        frame.extend(server);
        frame.extend([0xc3, 0x50, 0x27, 0x0f, 0, 9, 0, 0, b'x']);
        let len = u32::try_from(frame.len()).expect("short").to_le_bytes();
        octets.extend(1_767_254_400_u32.to_le_bytes());
        octets.extend([0; 4]);
        octets.extend(len);
        octets.extend(len);
        octets.extend(frame);
    }
    octets
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let put =
        |name: &str, octets: &[u8]| fs::write(folder.path().join(name), octets).expect("written");
    let country = Value::Map(vec![("iso_code", Value::Text("FR"))]);
    let places = [("192.0.2.0/24", Value::Map(vec![("country", country)]))];
    let network = Value::Map(vec![
        ("autonomous_system_number", Value::Number(64_500)),
        ("autonomous_system_organization", Value::Text("Example Net")),
    ]);
    put("capture.pcap", &capture());
    put("places.mmdb", &file("Test-Country", 6, 28, &places));
    put("networks.mmdb", &file("Test-ASN", 4, 24, &[("192.0.2.0/24", network)]));
    put("oui.csv", b"Registry,Assignment,Organization Name,Organization Address\nMA-L,002272,Acme Radios,Street\n");
    put("text.mmdb", b"no such file, said the server");
    folder
}

const FILES: [&str; 6] = ["--geoip", "places.mmdb", "--asn", "networks.mmdb", "--oui", "oui.csv"];

fn analyze(folder: &Path, more: &[&str]) -> String {
    let (status, out, err) =
        vigie(folder, &[&["analyze", "capture.pcap", "-q"], &FILES[..], more].concat());
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    out
}

fn records(ndjson: &str) -> Vec<Json> {
    ndjson.lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
}

#[test]
fn flow_records_state_country_network_and_maker() {
    let folder = folder();
    let all = records(&analyze(folder.path(), &["-f", "ndjson"]));
    let server = &all[0]["server"];
    assert_eq!(server["ip"], "192.0.2.1");
    assert_eq!(server["country"], "FR");
    assert_eq!(server["asn"], 64_500);
    assert_eq!(server["network_owner"], "Example Net");
    assert_eq!(all[0]["client"]["vendor"], "Acme Radios");
    for field in ["country", "asn", "network_owner"] {
        assert!(all[1]["server"].get(field).is_none(), "{field}");
    }
    let registers = &all.last().expect("a summary")["registers"];
    let files = registers["files"].as_array().expect("files");
    let cited: Vec<_> = files.iter().map(|f| f["assigns"].as_str().unwrap_or_default()).collect();
    assert_eq!(cited, ["country", "network-owner", "oui"]);
    assert_eq!(
        (&files[0]["path"], &files[0]["kind"], &files[0]["date"]),
        (&"places.mmdb".into(), &"Test-Country".into(), &"2026-01-01".into())
    );
    assert!(files[2]["date"].as_str().is_some_and(|date| date.len() == 10), "{registers}");
    let caveats = registers["caveats"].to_string();
    assert!(caveats.contains("is not where data ends") && caveats.contains("a router's"));
}

#[test]
fn a_bundle_says_where_tagged_servers_are_registered_and_holds_without_the_files() {
    let folder = folder();
    let signature = r#"[[signature]]
id = "own"
vendor = "A vendor"
product = "a product"
category = "telemetry"
purpose = "a test"
exclusivity = "dedicated"
confidence = "documented"
status = "active"
networks = ["192.0.2.0/24"]
ports = ["udp/9999"]
sources = [{ title = "t", publisher = "p", ref = "r", as_of = "2026-01", says = "s" }]
"#;
    fs::create_dir(folder.path().join("own")).expect("made");
    fs::write(folder.path().join("own/own.toml"), signature).expect("written");
    let report = ["report", "capture.pcap", "-q", "-o", "bag", "--signatures", "own"];
    let (status, out, err) = vigie(folder.path(), &[&report[..], &FILES[..]].concat());
    assert_eq!(status, 0, "{out}{err}");
    let read = |name: &str| fs::read_to_string(folder.path().join("bag/data").join(name)).unwrap();
    let table = read("tables/endpoints.csv");
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 2, "{table}");
    assert_eq!(&rows[0][4..6], ["country", "network-owner"]);
    assert_eq!(&rows[1][4..6], ["FR", "Example Net"]);
    let html = read("report.html");
    let section = html.split("id=\"places\"").nth(1).expect("the section");
    for text in [
        "Test-Country",
        "2026-01-01",
        "Acme Radios",
        "a router",
        "is not where data ends",
        ">FR<",
        "Example Net",
    ] {
        assert!(section.contains(text), "{text}");
    }
    let (status, out, err) = vigie(folder.path(), &["verify", "bag", "--original", "capture.pcap"]);
    assert_eq!(status, 0, "{out}{err}");

    let (status, ..) =
        vigie(folder.path(), &[&report[..3], &["-o", "bare", "--signatures", "own"]].concat());
    assert_eq!(status, 0);
    let bare = fs::read_to_string(folder.path().join("bare/data/tables/endpoints.csv")).unwrap();
    let cells: Vec<_> = bare.lines().nth(1).expect("a row").split(',').collect();
    assert_eq!(&cells[4..6], ["", ""]);
}

#[test]
fn without_the_files_nothing_is_said() {
    let folder = folder();
    let (_, out, _) = vigie(folder.path(), &["analyze", "capture.pcap", "-q", "-f", "ndjson"]);
    let all = records(&out);
    assert!(all[0]["server"].get("country").is_none() && all[0]["client"].get("vendor").is_none());
    assert!(all.last().is_some_and(|summary| summary.get("registers").is_none()));
}

#[test]
fn rows_and_filters_know_them() {
    let folder = folder();
    let table = analyze(folder.path(), &["-f", "csv", "--by", "country,network-owner,oui"]);
    let rows: Vec<_> = table.lines().map(|l| l.split(",1,43,1,").next().unwrap_or(l)).collect();
    assert_eq!(rows[1..], ["FR,Example Net,Acme Radios", "(no country),(no owner),Acme Radios"]);
    for (filter, shown) in [
        ("country = fr", 1),
        ("country != FR", 1),
        ("network-owner = AS64500", 1),
        ("network-owner ~ example", 1),
        ("oui = 'acme radios'", 2),
        ("oui = other", 0),
    ] {
        let all = records(&analyze(folder.path(), &["-f", "ndjson", "--filter", filter]));
        let flows = all.iter().filter(|record| record["type"] == "flow").count();
        assert_eq!(flows, shown, "{filter}");
    }
}

#[test]
fn the_summary_names_the_files_their_dates_and_what_they_cannot_say() {
    let folder = folder();
    let text = analyze(folder.path(), &[]);
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("Register country: places.mmdb (Test-Country), of 2026-01-01"), "{text}");
    assert!(flat.contains("Register oui: oui.csv, last changed on 20"), "{text}");
    assert!(flat.contains("is registered is not where data ends"), "{text}");
    let json: Json = serde_json::from_str(&analyze(folder.path(), &["-f", "json"])).expect("JSON");
    assert_eq!(json["registers"]["files"][1]["kind"], "Test-ASN");
}

#[test]
fn live_streams_have_the_same_options() {
    let folder = folder();
    let live = ["live", "--headless", "-q", "-f", "ndjson", "-r", "capture.pcap"];
    let (status, out, err) = vigie(folder.path(), &[&live[..], &FILES[..]].concat());
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    let flow = records(&out).into_iter().find(|r| r["server"]["ip"] == "192.0.2.1");
    let flow = flow.expect("the flow");
    assert_eq!(
        (&flow["server"]["country"], &flow["client"]["vendor"]),
        (&"FR".into(), &"Acme Radios".into())
    );
}

#[test]
fn a_file_that_cannot_be_used_is_refused_with_what_to_do() {
    let folder = folder();
    for (option, name, said) in [
        ("--geoip", "gone.mmdb", "vigie: gone.mmdb: cannot be read: no such file or directory"),
        ("--geoip", "text.mmdb", "vigie: text.mmdb: not a MaxMind DB file, or a broken one"),
        ("--geoip", "networks.mmdb", "holds Test-ASN, not countries: give it to --asn"),
        ("--asn", "places.mmdb", "holds Test-Country, not network owners: give it to --geoip"),
        ("--oui", "text.mmdb", "holds no hardware address prefixes; give IEEE's oui.txt"),
    ] {
        let (status, out, err) = vigie(folder.path(), &["analyze", "capture.pcap", option, name]);
        assert_eq!((status, out.as_str()), (1, ""), "{option} {name}");
        assert!(err.contains(said) && err.lines().count() == 1, "{option} {name}: {err}");
    }
}
