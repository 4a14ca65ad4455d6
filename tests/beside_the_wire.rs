//! What is not in the packets themselves: a resolver's log, an app's trailer, copies of frames.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// 2026-01-05T08:00:00Z.
const START: u32 = 1_767_600_000;

/// A UDP datagram from 10.0.0.1 to 192.0.2.1, in Ethernet.
fn datagram(source_port: u16, payload: &[u8]) -> Vec<u8> {
    let length = |octets: usize| u16::try_from(octets).unwrap().to_be_bytes();
    let mut frame = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0];
    frame.extend(length(28 + payload.len()));
    frame.extend([0, 7, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 192, 0, 2, 1]);
    frame.extend(source_port.to_be_bytes());
    frame.extend(9_999_u16.to_be_bytes());
    frame.extend(length(8 + payload.len()));
    frame.extend([0, 0]);
    frame.extend(payload);
    frame
}

/// A pcap file of these frames, each with its microseconds after [`START`].
fn capture(folder: &Path, frames: &[(u32, Vec<u8>)]) {
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0];
    file.extend([0; 8]);
    file.extend(65_535_u32.to_le_bytes());
    file.extend(1_u32.to_le_bytes());
    for (micros, frame) in frames {
        let length = u32::try_from(frame.len()).unwrap().to_le_bytes();
        file.extend((START + micros / 1_000_000).to_le_bytes());
        file.extend((micros % 1_000_000).to_le_bytes());
        file.extend(length);
        file.extend(length);
        file.extend(frame);
    }
    fs::write(folder.join("a.pcap"), file).unwrap();
}

/// The records of `vigie analyze a.pcap --format ndjson` with these arguments, and what stood on
/// standard error.
fn analyze(folder: &Path, arguments: &[&str]) -> (Vec<Value>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .current_dir(folder)
        .args(["--no-config", "analyze", "a.pcap", "--format", "ndjson"])
        .args(arguments)
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{error}");
    let lines = String::from_utf8(output.stdout).unwrap();
    (lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), error)
}

fn flows(records: &[Value]) -> Vec<&Value> {
    records.iter().filter(|record| record["type"] == "flow").collect()
}

#[test]
fn a_resolvers_log_names_flows_that_the_capture_leaves_unnamed() {
    let folder = tempfile::tempdir().unwrap();
    capture(folder.path(), &[(0, datagram(50_000, b"x"))]);
    fs::write(
        folder.path().join("pihole.log"),
        "Jan  5 08:59:58 dnsmasq[9]: query[A] www.example.org from 10.0.0.1\n\
         Jan  5 08:59:58 dnsmasq[9]: reply www.example.org is <CNAME>\n\
         Jan  5 08:59:58 dnsmasq[9]: reply edge.example is 192.0.2.1\n\
         Jan  5 08:59:59 dnsmasq[9]: query[A] other.example from 10.0.0.9\n\
         Jan  5 08:59:59 dnsmasq[9]: reply other.example is 192.0.2.1\n",
    )
    .unwrap();
    let log = ["--dns-log", "pihole.log", "--dns-log-year", "2026", "--tz", "+01:00"];
    let (records, _) = analyze(folder.path(), &log);
    let flow = flows(&records)[0];
    assert_eq!(flow["names"][0]["name"], "www.example.org");
    assert_eq!(flow["names"][0]["via"], "dns");
    assert_eq!(flow["names"][0]["chain"], serde_json::json!(["edge.example"]));
    assert_eq!(flow["names"][0]["first"], "2026-01-05T07:59:58.000000Z");
    assert!(flow["unnamed"].is_null());
    // In UTC the log is an hour younger than the capture, without it nothing is known.
    for arguments in [&log[..4], &[]] {
        let (records, _) = analyze(folder.path(), arguments);
        assert_eq!(flows(&records)[0]["names"], serde_json::json!([]));
    }
}

#[test]
fn a_trailer_gives_the_app_of_a_flow_to_records_tables_and_filters() {
    let folder = tempfile::tempdir().unwrap();
    let mut named = datagram(50_000, b"x");
    named.extend([0x01, 0x07, 0x20, 0x21, 0, 0, 0x27, 0x10]);
    named.extend(b"Acme Chat\0\0\0\0\0\0\0\0\0\0\0");
    named.extend([1, 2, 3, 4]);
    capture(folder.path(), &[(0, named), (1, datagram(50_001, b"x"))]);
    let (records, _) = analyze(folder.path(), &[]);
    let apps: Vec<&Value> = flows(&records).iter().map(|flow| &flow["app"]).collect();
    assert_eq!(apps, [&Value::from("Acme Chat"), &Value::Null]);
    let (records, _) = analyze(folder.path(), &["--filter", "app = \"Acme Chat\""]);
    assert_eq!(flows(&records).len(), 1);
    let table = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .current_dir(folder.path())
        .args(["--no-config", "analyze", "a.pcap", "--format", "csv", "--by", "app"])
        .output()
        .unwrap();
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(table.contains("Acme Chat") && table.contains("(no app)"), "{table}");
}

#[test]
fn copies_are_said_without_dedup_and_set_aside_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let frames: Vec<(u32, Vec<u8>)> = (0..100_u8)
        .flat_map(|i| {
            let at = u32::from(i) * 1_000;
            [(at, datagram(50_000, &[i])), (at + 10, datagram(50_000, &[i]))]
        })
        .collect();
    capture(folder.path(), &frames);
    let (records, error) = analyze(folder.path(), &[]);
    assert!(error.contains("50 % of 200 frames looked at are copies"), "{error}");
    assert_eq!(flows(&records)[0]["up"]["packets"], 200);
    let (records, error) = analyze(folder.path(), &["--dedup"]);
    assert!(!error.contains("copies"), "{error}");
    assert_eq!(flows(&records)[0]["up"]["packets"], 100);
    let summary = records.last().unwrap();
    assert_eq!(summary["duplicates"]["frames"], 100);
    assert_eq!(summary["frames"], 200);
    // Nothing is said of a capture without copies.
    let single: Vec<(u32, Vec<u8>)> = frames.into_iter().step_by(2).collect();
    capture(folder.path(), &single);
    assert!(!analyze(folder.path(), &[]).1.contains("copies"));
}
