//! What QUIC's transport parameters say, through the built program: in records, filters, on screens
//! and again from a bundle; in captures of others as tshark reads it.

mod program;

use std::fs;
use std::path::{Path, PathBuf};

use program::vigie;
use serde_json::Value;

fn captures() -> Option<PathBuf> {
    let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/captures");
    if !captures.is_dir() {
        eprintln!("SKIPPED: {} is missing, nothing was compared", captures.display());
        return None;
    }
    Some(captures)
}

/// The `quic` of every flow that has one.
fn offers(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let all = [&["analyze", "--format", "ndjson"], arguments].concat();
    let (status, out, err) = vigie(folder, &all);
    assert!(status == 0 || status == 3, "{arguments:?}: {err}");
    let records = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    records.map(|mut record| record["quic"].take()).filter(|offer| !offer.is_null()).collect()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// What tshark 4.0.17 shows of clients' hellos (`tls.quic.parameter.google.user_agent`): capture,
/// text, flows.
const PROGRAMS: [(&str, &str, usize); 3] = [
    ("arkime/quicietfooo.pcap", "Chrome/98.0.4758.102 Intel Mac OS X 10_15_7", 1),
    ("ndpi/quic_t50.pcap", "Chrome/85.0.4183.83 Windows NT 6.1; Win64; x64", 1),
    ("ndpi/quic_t51.pcap", "dev Chrome/86.0.4240.9 Windows NT 6.1; Win64; x64", 1),
];

#[test]
fn what_clients_call_themselves_in_the_corpus_is_what_tshark_sees() {
    let Some(captures) = captures() else { return };
    for (capture, program, flows) in PROGRAMS {
        let told = offers(&captures, &[capture]);
        let told: Vec<&Value> = told.iter().filter(|o| o["user_agent"] == *program).collect();
        assert_eq!(told.len(), flows, "{capture}: {told:?}");
    }
}

#[test]
fn a_clients_versions_in_the_corpus_are_those_that_tshark_sees() {
    let Some(captures) = captures() else { return };
    for (capture, version, versions) in [
        ("ndpi/quic-v2.pcapng", "0x6b3343cf", &["0x6b3343cf"][..]),
        ("mercury/quic_v2.pcap", "0x6b3343cf", &["0x6b3343cf"]),
    ] {
        let told = offers(&captures, &[capture]);
        assert!(!told.is_empty(), "{capture}");
        for offer in told {
            assert_eq!(offer["version"], *version, "{capture}");
            assert_eq!(texts(&offer["versions"]), versions, "{capture}");
        }
    }
}

/// The frame of the case of that name, in a capture of raw IP.
fn capture(path: &Path) {
    let case = include_str!("cases/quic-user-agent.toml");
    let hex: String = case.split("hex:").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let octet = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap();
    let payload: Vec<u8> = digits.chunks(2).map(octet).collect();
    let length = |octets: usize| u16::try_from(octets).unwrap().to_be_bytes();
    let mut packet = vec![0x45, 0];
    packet.extend(length(28 + payload.len()));
    packet.extend([0, 7, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 192, 0, 2, 1]);
    packet.extend([0xc3, 0x50, 1, 0xbb]);
    packet.extend(length(8 + payload.len()));
    packet.extend([0, 0]);
    packet.extend(payload);
    let length = u32::try_from(packet.len()).unwrap().to_le_bytes();
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0];
    file.extend([0; 8]);
    file.extend(65_535_u32.to_le_bytes());
    file.extend(101_u32.to_le_bytes());
    file.extend([1_767_600_000_u32.to_le_bytes(), [0; 4], length, length].concat());
    file.extend(packet);
    fs::write(path, file).unwrap();
}

#[test]
fn records_and_filters_have_what_a_client_states() {
    let folder = tempfile::tempdir().unwrap();
    capture(&folder.path().join("quic.pcap"));
    let [offer] = &offers(folder.path(), &["quic.pcap"])[..] else { panic!("one flow") };
    assert_eq!(offer["user_agent"], "Acme Browser/1.0 \u{1b}[31mBoard 7");
    assert_eq!(offer["version"], "0x00000001");
    assert_eq!(texts(&offer["versions"]), ["0x6b3343cf", "0x00000001"]);
    assert_eq!(texts(&offer["parameters"]), ["0x01", "0x0f", "0x11", "0x3127", "0x3129"]);
    let filtered = |expression| offers(folder.path(), &["quic.pcap", "--filter", expression]).len();
    assert_eq!(filtered("quic-user-agent ~ \"acme browser\""), 1);
    assert_eq!(filtered("quic-user-agent ~ \"chrome\""), 0);
    let (_, out, _) = vigie(folder.path(), &["analyze", "--format", "ndjson", "quic.pcap"]);
    assert!(!out.contains('\u{1b}'), "{out}");
}

const SIGNATURE: &str = r#"[[signature]]
id = "example"
vendor = "Example"
product = "Example"
category = "telemetry"
purpose = "made up"
hosts = ["www.example.org"]
exclusivity = "dedicated"
confidence = "documented"
status = "active"
sources = [{ title = "none", publisher = "none", ref = "none", as_of = "2026-01", says = "nothing" }]
"#;

/// Whether a file of the folder holds the text.
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
fn a_bundle_gives_the_same_transport_parameters_and_pseudonyms_hide_the_program() {
    let folder = tempfile::tempdir().unwrap();
    capture(&folder.path().join("quic.pcap"));
    fs::write(folder.path().join("example.toml"), SIGNATURE).unwrap();
    let key = "8f3c1d0b5a7e92644d1ff0a3c2b5968770e1d2c3b4a5968778695a4b3c2d1e0f";
    fs::write(folder.path().join("key"), key).unwrap();
    let made = ["report", "quic.pcap", "-q", "--date", "2026-01-31", "--signatures"];
    let more = ["example.toml", "--only-signatures", "--screens", "detail:www.example.org"];
    let bundle = |name, hidden: &[&str]| {
        let (status, out, err) =
            vigie(folder.path(), &[&made[..], &more, &["-o", name], hidden].concat());
        assert_eq!((status, err.as_str()), (0, ""), "{out}");
        let (status, out, err) = vigie(folder.path(), &["verify", name]);
        assert_eq!(status, 0, "{out}{err}");
        folder.path().join(name).join("data")
    };
    let original = offers(folder.path(), &["quic.pcap"]);
    assert_eq!(original.len(), 1);
    let plain = bundle("plain", &[]);
    assert_eq!(offers(&plain, &["capture/tagged.pcapng"]), original);
    assert!(holds(&plain.join("screens"), "Browser/1.0"));
    let hidden = bundle("hidden", &["--pseudonymize", "key"]);
    assert!(!holds(&hidden, "Browser/1.0"));
    assert!(holds(&hidden.join("screens"), "0x6b3343cf"));
}
