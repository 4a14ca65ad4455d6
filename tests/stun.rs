//! What a relay calls its program, through the built program: in records, filters and on screens,
//! and in no bundle with pseudonyms.

mod program;

use std::fs;
use std::path::Path;

use program::vigie;
use serde_json::Value;

const CLIENT: ([u8; 4], u16) = ([10, 0, 0, 1], 50_000);
const RELAY: ([u8; 4], u16) = ([192, 0, 2, 1], 3478);
const RESOLVER: ([u8; 4], u16) = ([10, 0, 0, 53], 53);

/// A UDP datagram in IPv4, without Ethernet.
fn datagram(from: ([u8; 4], u16), to: ([u8; 4], u16), payload: &[u8]) -> Vec<u8> {
    let length = |octets: usize| u16::try_from(octets).unwrap().to_be_bytes();
    let mut packet = vec![0x45, 0];
    packet.extend(length(28 + payload.len()));
    packet.extend([0, 7, 0, 0, 64, 17, 0, 0]);
    packet.extend(from.0);
    packet.extend(to.0);
    packet.extend(from.1.to_be_bytes());
    packet.extend(to.1.to_be_bytes());
    packet.extend(length(8 + payload.len()));
    packet.extend([0, 0]);
    packet.extend(payload);
    packet
}

/// A STUN message with SOFTWARE, filled up with spaces.
fn stun(kind: u16, software: &str) -> Vec<u8> {
    let mut value = software.as_bytes().to_vec();
    let len = u16::try_from(value.len()).unwrap();
    value.resize(value.len().next_multiple_of(4), b' ');
    let whole = u16::try_from(4 + value.len()).unwrap();
    let mut message = kind.to_be_bytes().to_vec();
    message.extend(whole.to_be_bytes());
    message.extend([0x21, 0x12, 0xa4, 0x42]);
    message.extend([7; 12]);
    message.extend(0x8022_u16.to_be_bytes());
    message.extend(len.to_be_bytes());
    message.extend(value);
    message
}

/// The answer that a tagged host has the relay's address.
fn answer() -> Vec<u8> {
    let mut message = vec![0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
    for label in HOST.split('.') {
        message.push(u8::try_from(label.len()).unwrap());
        message.extend(label.as_bytes());
    }
    message.extend([0, 0, 1, 0, 1, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
    message.extend(RELAY.0);
    message
}

const HOST: &str = "v10.events.data.microsoft.com";

/// `calls.pcap`: the relay answers twice, the client asks and once answers, too.
fn capture(folder: &Path) {
    let resolved = (CLIENT.0, 40_000);
    let packets = [
        datagram(RESOLVER, resolved, &answer()),
        datagram(CLIENT, RELAY, &stun(0x0003, "ClientsBrowser")),
        datagram(RELAY, CLIENT, &stun(0x0113, "AcmeRelay \u{1b}[31m1.0")),
        datagram(RELAY, CLIENT, &stun(0x0103, "OtherRelay")),
        datagram(CLIENT, RELAY, &stun(0x0101, "ClientsBrowser")),
    ];
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0];
    file.extend([0; 8]);
    file.extend(65_535_u32.to_le_bytes());
    file.extend(101_u32.to_le_bytes());
    for (seconds, packet) in (1_767_600_000_u32..).zip(packets) {
        let length = u32::try_from(packet.len()).unwrap().to_le_bytes();
        file.extend([seconds.to_le_bytes(), [0; 4], length, length].concat());
        file.extend(packet);
    }
    fs::write(folder.join("calls.pcap"), file).unwrap();
}

fn flows(folder: &Path, filter: &[&str]) -> Vec<Value> {
    let arguments = [&["analyze", "calls.pcap", "--format", "ndjson"], filter].concat();
    let (status, out, err) = vigie(folder, &arguments);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    assert!(!out.contains('\u{1b}'));
    let records = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    records.filter(|record| record["type"] == "flow").collect()
}

#[test]
fn a_relays_program_stands_in_records_and_filters_and_the_clients_does_not() {
    let folder = tempfile::tempdir().unwrap();
    capture(folder.path());
    let all = flows(folder.path(), &[]);
    let told: Vec<&Value> = all.iter().map(|flow| &flow["stun_software"]).collect();
    assert_eq!(told, [&Value::Null, &Value::from("AcmeRelay \u{1b}[31m1.0")]);
    assert_eq!(all[1]["oriented_by"], "hello");
    let kept = flows(folder.path(), &["--filter", "stun-software ~ \"acmerelay\""]);
    assert_eq!(kept, all[1..]);
    assert!(flows(folder.path(), &["--filter", "stun-software ~ ClientsBrowser"]).is_empty());
}

/// Flows whose server's first answer with SOFTWARE has this text in tshark 4.0.17
/// (`-e stun.type -e stun.att.software`); that of `stun.pcap` over TCP. In what ICMP quotes it is
/// not read.
const CORPUS: [(&str, usize, &str); 5] = [
    ("ndpi/teams.pcap", 5, "2.0.1.211"),
    ("ndpi/stun_signal.pcapng", 6, "None"),
    ("ndpi/stun_dtls_rtp_unidir.pcapng", 1, "Coturn-4.5.0.3 'dan Eider'"),
    ("ndpi/stun.pcap", 1, "Coturn-4.5.0.5 'dan Eider'"),
    ("arkime/arkime_synthetic.pcap", 0, ""),
];

#[test]
fn programs_in_the_corpus_are_those_that_tshark_sees() {
    let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/captures");
    if !captures.is_dir() {
        eprintln!("SKIPPED: {} is missing, nothing was compared", captures.display());
        return;
    }
    for (capture, many, text) in CORPUS {
        let path = captures.join(capture);
        let arguments = ["analyze", "--format", "ndjson", path.to_str().unwrap()];
        let (status, out, err) = vigie(&captures, &arguments);
        assert_eq!(status, 0, "{capture}: {err}");
        let told: Vec<Value> = out
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["stun_software"].take())
            .filter(|software| !software.is_null())
            .collect();
        assert_eq!(told, vec![Value::from(text); many], "{capture}");
    }
}

/// Whether a file of the bundle holds the text.
fn holds(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            holds(&path, text)
        } else {
            fs::read(&path).unwrap().windows(text.len()).any(|octets| octets == text.as_bytes())
        }
    })
}

#[test]
fn a_bundle_shows_a_relays_program_on_screens_alone_and_with_pseudonyms_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    capture(folder.path());
    let key = "8f3c1d0b5a7e92644d1ff0a3c2b5968770e1d2c3b4a5968778695a4b3c2d1e0f";
    fs::write(folder.path().join("key"), key).unwrap();
    let screen = format!("detail:{HOST}");
    let made = ["report", "calls.pcap", "-q", "--date", "2026-01-31", "--screens", &screen];
    let bundle = |more: &[&str]| {
        let (status, out, err) = vigie(folder.path(), &[&made[..], more].concat());
        assert_eq!((status, err.as_str()), (0, ""), "{out}");
    };
    bundle(&["-o", "plain"]);
    bundle(&["-o", "hidden", "--pseudonymize", "key"]);
    let data = |name: &str, part: &str| folder.path().join(name).join("data").join(part);
    assert!(holds(&data("plain", "screens"), "AcmeRelay"));
    assert!(!holds(&data("plain", "capture"), "AcmeRelay"));
    for secret in ["AcmeRelay", "OtherRelay", "ClientsBrowser"] {
        assert!(!holds(&folder.path().join("hidden"), secret), "{secret}");
    }
    for name in ["plain", "hidden"] {
        let (status, out, err) = vigie(folder.path(), &["verify", name]);
        assert_eq!(status, 0, "{out}{err}");
    }
}
