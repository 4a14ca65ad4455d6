//! Names where a minimised capture keeps hardly anything: in datagrams that a SOCKS relay carries, in
//! further subframes of an aggregate, in logins. What rests on them is counted again from the bundle,
//! which holds nothing else of them.

mod program;

use std::fs;
use std::path::{Path, PathBuf};

use program::vigie;

const SIGNATURE: &str = r#"[[signature]]
id = "example"
vendor = "Example"
product = "Example"
category = "telemetry"
purpose = "made up"
hosts = ["www.example.org", "radius.example", "*.sharepoint.com"]
exclusivity = "dedicated"
confidence = "documented"
status = "active"
sources = [{ title = "none", publisher = "none", ref = "none", as_of = "2026-01", says = "nothing" }]
"#;

/// A pcap file of one Ethernet frame.
fn capture(path: &Path, frame: &[u8]) {
    captures(path, &[frame.to_vec()]);
}

/// A pcap file of Ethernet frames, a second each.
fn captures(path: &Path, frames: &[Vec<u8>]) {
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0];
    file.extend([0; 8]);
    file.extend(65_535_u32.to_le_bytes());
    file.extend(1_u32.to_le_bytes());
    for (second, frame) in (1_767_600_000_u32..).zip(frames) {
        let length = u32::try_from(frame.len()).unwrap().to_le_bytes();
        file.extend([second.to_le_bytes(), [0; 4], length, length].concat());
        file.extend(frame);
    }
    fs::write(path, file).unwrap();
}

/// A datagram to a relay, for a host; what it carries is nobody's business.
fn relayed(host: &str) -> Vec<u8> {
    let header = [&[0, 0, 0, 3, u8::try_from(host.len()).unwrap()], host.as_bytes(), &[1, 0xbb]];
    let payload = [&header.concat()[..], b"what is carried is nobody's business...."].concat();
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

/// Makes a bundle of `NAME.pcap` in the folder; gives its data.
fn bundle(folder: &Path, name: &str, more: &[&str]) -> PathBuf {
    let file = format!("{name}.pcap");
    let made = ["report", &file, "-q", "--date", "2026-01-31", "--signatures", "example.toml"];
    let made = [&made[..], &["--only-signatures", "-o", name], more].concat();
    let (status, out, err) = vigie(folder, &made);
    assert_eq!(status, 0, "{out}{err}");
    for arguments in [&["verify", name][..], &["verify", name, "--original", &file]] {
        let (status, out, err) = vigie(folder, arguments);
        assert_eq!(status, 0, "{out}{err}");
    }
    folder.join(name).join("data")
}

fn holds(octets: &[u8], part: &[u8]) -> bool {
    octets.windows(part.len()).any(|octets| octets == part)
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("example.toml"), SIGNATURE).unwrap();
    folder
}

#[test]
fn names_in_relayed_datagrams_aggregates_and_logins_are_counted_again_from_the_bundle() {
    let folder = folder();
    capture(&folder.path().join("relayed.pcap"), &relayed("www.example.org"));
    capture(&folder.path().join("aggregate.pcap"), &aggregate());
    let logins = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/logins.pcap");
    fs::copy(logins, folder.path().join("logins.pcap")).unwrap();
    // What is said beside: to whom the relay carries it, ARP in the second subframe; who logs in from
    // where, and the certificate of the device.
    let secrets: [(&str, u64, &[&[u8]]); 3] = [
        ("relayed", 62, &[b"business"]),
        ("aggregate", 78, &[b"\xaa\xaa\x03\0\0\0\x08\x06"]),
        ("logins", 5_991, &[b"anonymous", b"02-00-00-00-00-01", b"11Mbps", b"device0"]),
    ];
    for (name, payload, secrets) in secrets {
        let data = bundle(folder.path(), name, &[]);
        let table = |table: &str| fs::read_to_string(data.join("tables").join(table)).unwrap();
        for of_tagged in ["names.csv", "endpoints.csv", "clients.csv", "timeline.csv"] {
            let rows = columns(&table(of_tagged), &["up_payload", "recount"]);
            assert!(rows.iter().all(|row| row[1] == "tagged"), "{name} {of_tagged}: {rows:?}");
            let sum: u64 = rows.iter().map(|row| row[0].parse::<u64>().unwrap()).sum();
            assert_eq!(sum, payload, "{name} {of_tagged}");
        }
        assert!(table("flows.csv").lines().count() > 1, "{name}");
        let original = fs::read(folder.path().join(format!("{name}.pcap"))).unwrap();
        let kept = fs::read(data.join("capture/tagged.pcapng")).unwrap();
        for secret in secrets {
            let text = secret.escape_ascii();
            assert!(holds(&original, secret), "{name}: {text} is not in the capture");
            assert!(!holds(&kept, secret), "{name}: {text}");
        }
    }
}

#[test]
fn a_tenant_that_a_relays_header_names_is_masked_there_too() {
    let folder = folder();
    capture(&folder.path().join("tenant.pcap"), &relayed("contoso.sharepoint.com"));
    fs::write(folder.path().join("key"), "8f3c1d0b5a7e92644d1ff0a3c2b59687".repeat(2)).unwrap();
    let hidden = ["--pseudonymize", "key", "--mask-tenants"];
    let data = bundle(folder.path(), "tenant", &hidden);
    let names = fs::read_to_string(data.join("tables/names.csv")).unwrap();
    let [row] = &columns(&names, &["name", "recount"])[..] else { panic!("{names}") };
    assert!(row[0].ends_with(".sharepoint.com") && !row[0].contains("contoso"), "{row:?}");
    assert_eq!(row[1], "tagged");
    let kept = fs::read(data.join("capture/tagged.pcapng")).unwrap();
    assert!(holds(&kept, row[0].as_bytes()) && !holds(&kept, b"contoso"));
}

/// A hello of QUIC for `www.example.org`.
fn initial() -> Vec<u8> {
    let case = include_str!("cases/quic-user-agent.toml");
    let hex = case.split("hex:").nth(1).unwrap().split('"').next().unwrap();
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let octet = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(octet).collect()
}

/// A datagram to a relay, for an address; it carries a hello of QUIC.
fn relayed_to_an_address(address: [u8; 4]) -> Vec<u8> {
    let mut frame = relayed("");
    frame.truncate(42);
    frame.extend([0, 0, 0, 1]);
    frame.extend(address);
    frame.extend([1, 0xbb]);
    frame.extend(initial());
    let packet = u16::try_from(frame.len() - 14).unwrap();
    frame[16..18].copy_from_slice(&packet.to_be_bytes());
    frame[38..40].copy_from_slice(&(packet - 20).to_be_bytes());
    frame
}

#[test]
fn clients_have_pseudonyms_in_relays_headers_and_logins_too() {
    let folder = folder();
    // The destination is the client itself, so that its address stands in the header as well.
    let client = [10, 0, 0, 1];
    capture(&folder.path().join("relayed.pcap"), &relayed_to_an_address(client));
    let logins = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/logins.pcap");
    fs::copy(logins, folder.path().join("logins.pcap")).unwrap();
    fs::write(folder.path().join("key"), "8f3c1d0b5a7e92644d1ff0a3c2b59687".repeat(2)).unwrap();
    for name in ["relayed", "logins"] {
        let data = bundle(folder.path(), name, &["--pseudonymize", "key"]);
        let names = fs::read_to_string(data.join("tables/names.csv")).unwrap();
        let rows = columns(&names, &["recount"]);
        assert!(rows.iter().all(|row| row[0] == "tagged") && !rows.is_empty(), "{name}: {names}");
        let kept = fs::read(data.join("capture/tagged.pcapng")).unwrap();
        assert!(name != "relayed" || !holds(&kept, &client), "{name}");
    }
}

#[test]
fn what_follows_starttls_is_counted_again_and_what_is_not_kept_says_so() {
    let folder = folder();
    let wrapped = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/wrapped-names.pcap");
    fs::copy(wrapped, folder.path().join("wrapped.pcap")).unwrap();
    let hosts = ["behind", "h2c", "inside", "mail", "plain"].map(|host| format!("{host}.example"));
    let signature = SIGNATURE.replace("www.example.org", &hosts.join("\", \""));
    fs::write(folder.path().join("example.toml"), signature).unwrap();
    let data = bundle(folder.path(), "wrapped", &[]);
    let names = fs::read_to_string(data.join("tables/names.csv")).unwrap();
    let rows = columns(&names, &["name", "via", "recount"]);
    let rows: Vec<String> = rows.iter().map(|row| row.join(" ")).collect();
    let expected = [
        // Behind a PROXY header, and HTTP/2 without TLS: nothing is kept.
        "behind.example http-host original",
        "h2c.example http-host original",
        "inside.example http-connect tagged",
        // Of a SOCKS request over TCP nothing is kept, either.
        "inside.example socks original",
        "mail.example tls-sni tagged",
        "plain.example http-host tagged",
        "plain.example socks original",
    ];
    assert_eq!(rows, expected);
    let kept = fs::read(data.join("capture/tagged.pcapng")).unwrap();
    let original = fs::read(folder.path().join("wrapped.pcap")).unwrap();
    for secret in [&b"STARTTLS"[..], b"client.example", b"tinyproxy", b"curl/"] {
        let text = secret.escape_ascii();
        assert!(holds(&original, secret) && !holds(&kept, secret), "{text}");
    }
}

/// An IPv4 packet without Ethernet's header, with Ethernet's.
fn packet(protocol: u8, from: [u8; 4], to: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut frame = vec![2; 12];
    frame.extend([8, 0, 0x45, 0]);
    frame.extend(u16::try_from(20 + body.len()).unwrap().to_be_bytes());
    frame.extend([0, 7, 0, 0, 64, protocol, 0, 0]);
    frame.extend([from, to].concat());
    frame.extend(body);
    frame
}

fn datagram(from: ([u8; 4], u16), to: ([u8; 4], u16), payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(8 + payload.len()).unwrap().to_be_bytes();
    let header = [from.1.to_be_bytes(), to.1.to_be_bytes(), len, [0; 2]].concat();
    packet(17, from.0, to.0, &[header, payload.to_vec()].concat())
}

const CLIENT: [u8; 4] = [10, 0, 0, 1];
const SERVER: [u8; 4] = [192, 0, 2, 1];

/// The answer that `dns.example.org` has the server's address.
fn answer() -> Vec<u8> {
    let mut message = vec![0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
    message.extend(b"\x03dns\x07example\x03org\0\0\x01\0\x01\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04");
    message.extend(SERVER);
    datagram(([10, 0, 0, 53], 53), (CLIENT, 40_000), &message)
}

/// Segments of a client that says something else first, and of which the second is there before the
/// first: a hello that names nobody, since it stands in the midst of that.
fn hello_in_the_midst() -> Vec<Vec<u8>> {
    let name = b"www.example.org";
    let entry = [&[0, 0, 15][..], name].concat();
    let extension = [&[0, 0, 0, 20, 0, 18][..], &entry].concat();
    let mut body = vec![3, 3];
    body.extend([0x5a; 32]);
    body.extend([0, 0, 2, 0x13, 1, 1, 0, 0, 24]);
    body.extend(extension);
    let len = u8::try_from(body.len()).unwrap();
    let hello = [&[22, 3, 1, 0, len + 4, 1, 0, 0, len][..], &body].concat();
    let lines = b"EHLO a.example\r\nAUTH PLAIN secret\r\n";
    let segment = |seq: usize, flags: u8, payload: &[u8]| {
        let mut header = [50_000_u16.to_be_bytes(), 25_u16.to_be_bytes()].concat();
        header.extend(u32::try_from(seq).unwrap().to_be_bytes());
        header.extend([0, 0, 0, 0, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
        packet(6, CLIENT, SERVER, &[header, payload.to_vec()].concat())
    };
    vec![segment(0, 2, b""), segment(1 + lines.len(), 0x18, &hello), segment(1, 0x18, lines)]
}

#[test]
fn a_row_that_only_the_recount_gives_is_said_and_holds() {
    let folder = folder();
    let signature = SIGNATURE.replace("radius.example", "dns.example.org");
    fs::write(folder.path().join("example.toml"), signature).unwrap();
    let frames = [vec![answer()], hello_in_the_midst()].concat();
    captures(&folder.path().join("midst.pcap"), &frames);
    let data = bundle(folder.path(), "midst", &[]);
    let names = fs::read_to_string(data.join("tables/names.csv")).unwrap();
    let rows = columns(&names, &["name", "via", "recount"]);
    assert_eq!(rows, [["dns.example.org", "dns", "original"]]);
    let record = fs::read_to_string(folder.path().join("midst/data/record.json")).unwrap();
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    let tables = record["tables"].as_array().unwrap();
    let names = tables.iter().find(|table| table["file"] == "names.csv").unwrap();
    let alone = names["only_recounted"].to_string();
    assert!(alone.contains("www.example.org, tls-sni"), "{names}");
}

#[test]
fn a_hello_of_quic_in_a_call_is_not_kept_since_it_names_nobody() {
    let folder = folder();
    let signature = SIGNATURE.replace("radius.example", "dns.example.org");
    fs::write(folder.path().join("example.toml"), signature).unwrap();
    let (client, server) = ((CLIENT, 50_000), (SERVER, 443));
    let stun = b"\0\x01\0\0\x21\x12\xa4\x42tttttttttttt";
    let frames = [answer(), datagram(client, server, stun), datagram(client, server, &initial())];
    captures(&folder.path().join("call.pcap"), &frames);
    let data = bundle(folder.path(), "call", &[]);
    let names = fs::read_to_string(data.join("tables/names.csv")).unwrap();
    let rows = columns(&names, &["name", "via", "recount"]);
    assert_eq!(rows, [["dns.example.org", "dns", "tagged"]]);
}
