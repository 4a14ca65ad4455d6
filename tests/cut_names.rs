//! Names that a minimised capture cannot hold: in datagrams that a SOCKS relay carries, in further
//! subframes of an aggregate, in logins. What rests on them is in the bundle and says that only the
//! original captures give it again.

mod program;

use std::fs;
use std::path::Path;

use program::vigie;

const SIGNATURE: &str = r#"[[signature]]
id = "example"
vendor = "Example"
product = "Example"
category = "telemetry"
purpose = "made up"
hosts = ["www.example.org", "radius.example"]
exclusivity = "dedicated"
confidence = "documented"
status = "active"
sources = [{ title = "none", publisher = "none", ref = "none", as_of = "2026-01", says = "nothing" }]
"#;

/// A pcap file of one Ethernet frame.
fn capture(path: &Path, frame: &[u8]) {
    let length = u32::try_from(frame.len()).unwrap().to_le_bytes();
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0];
    file.extend([0; 8]);
    file.extend(65_535_u32.to_le_bytes());
    file.extend(1_u32.to_le_bytes());
    file.extend([1_767_600_000_u32.to_le_bytes(), [0; 4], length, length].concat());
    file.extend(frame);
    fs::write(path, file).unwrap();
}

/// A datagram to a relay, for `www.example.org`.
fn relayed() -> Vec<u8> {
    let payload = [&b"\0\0\0\x03\x0fwww.example.org\x01\xbb"[..], &[b'x'; 40]].concat();
    let length = |octets: usize| u16::try_from(octets).unwrap().to_be_bytes();
    let mut frame = vec![2; 12];
    frame.extend([8, 0, 0x45, 0]);
    frame.extend(length(28 + payload.len()));
    frame.extend([0, 7, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 192, 0, 2, 1, 0xc3, 0x50, 4, 0x38]);
    frame.extend(length(8 + payload.len()));
    frame.extend([0, 0]);
    frame.extend(payload);
    frame
}

/// The aggregate of the case of that name: a hello in its first and third subframe.
fn aggregate() -> Vec<u8> {
    let case = include_str!("cases/aggregate.toml");
    let hex = case.split('"').find(|part| part.starts_with("02 02 02")).unwrap();
    hex.split(' ').map(|octet| u8::from_str_radix(octet, 16).unwrap()).collect()
}

/// The columns of these names in the rows of a table.
fn columns(table: &str, names: &[&str]) -> Vec<Vec<String>> {
    let mut lines = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let places: Vec<usize> =
        names.iter().map(|name| head.iter().position(|column| column == name).unwrap()).collect();
    lines.map(|row| places.iter().map(|place| row[*place].to_owned()).collect()).collect()
}

#[test]
fn what_rests_on_a_name_that_is_cut_is_counted_and_said_to_need_the_original() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("example.toml"), SIGNATURE).unwrap();
    capture(&folder.path().join("relayed.pcap"), &relayed());
    capture(&folder.path().join("aggregate.pcap"), &aggregate());
    let logins = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/logins.pcap");
    fs::copy(logins, folder.path().join("logins.pcap")).unwrap();
    for (name, payload) in [("relayed", 62), ("aggregate", 78), ("logins", 5_991)] {
        let file = format!("{name}.pcap");
        let made = ["report", &file, "-q", "--date", "2026-01-31", "--signatures", "example.toml"];
        let more = ["--only-signatures", "-o", name];
        let (status, out, err) = vigie(folder.path(), &[&made[..], &more].concat());
        assert_eq!(status, 0, "{out}{err}");

        let table = |table: &str| {
            let path = folder.path().join(name).join("data/tables").join(table);
            fs::read_to_string(path).unwrap()
        };
        for of_tagged in ["names.csv", "endpoints.csv", "clients.csv", "timeline.csv"] {
            let rows = columns(&table(of_tagged), &["up_payload", "recount"]);
            assert!(rows.iter().all(|row| row[1] == "original"), "{name} {of_tagged}: {rows:?}");
            let sum: u64 = rows.iter().map(|row| row[0].parse::<u64>().unwrap()).sum();
            assert_eq!(sum, payload, "{name} {of_tagged}");
        }
        assert_eq!(table("flows.csv").lines().count(), 1, "{name}");
        let record = fs::read_to_string(folder.path().join(name).join("data/record.json")).unwrap();
        assert!(record.contains("in tagged flows"), "{name}: said where they differ");
        for arguments in [&["verify", name][..], &["verify", name, "--original", &file]] {
            let (status, out, err) = vigie(folder.path(), arguments);
            assert_eq!(status, 0, "{out}{err}");
            assert!(out.contains("cannot be counted again from the bundle"), "{out}");
        }
    }
}
