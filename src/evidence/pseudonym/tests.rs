//! Whole bundles: nothing of a client is left, and every number can still be counted again.

use std::collections::BTreeSet;
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::checksum;
use super::frame::rewrite;
use super::tenant::tests::tenants;
use super::{MaskedNames, PseudonymFault, PseudonymKey, Pseudonyms, Tenants, own_domain};
use crate::evidence::Material;
use crate::evidence::bundle::{self, BundleOptions};
use crate::evidence::testing::{Sample, recount, sample, sample_with};
use crate::flow::Side;
use crate::ledger::{Dimension, DimensionValue, Rollup, Snapshot};
use crate::name::{HostName, InitialsAnew};
use crate::signature::Database;
use crate::source::LinkType;

const CAPTURES: [&str; 3] = ["office-hour.pcapng", "car-hotspot.pcap", "hard-cases.pcapng"];

fn key() -> PseudonymKey {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    fs::write(&path, KEY).unwrap();
    PseudonymKey::load(&path).unwrap()
}

const KEY: &str = "8f3c1d0b5a7e92644d1ff0a3c2b5968770e1d2c3b4a5968778695a4b3c2d1e0f";

fn clients(snapshot: &Snapshot) -> BTreeSet<IpAddr> {
    let rollups = snapshot.rollups.iter().filter(|r| r.dimensions.contains(&Dimension::Client));
    let rows = rollups.flat_map(Rollup::listed);
    rows.filter_map(|(values, _)| match values.first() {
        Some(DimensionValue::Address(address)) => Some(*address),
        _ => None,
    })
    .collect()
}

/// Octets that must not be found.
fn secrets(of: &Sample, clients: &BTreeSet<IpAddr>) -> Vec<Vec<u8>> {
    let mut secrets: Vec<Vec<u8>> = Vec::new();
    for client in clients {
        secrets.push(client.to_string().into_bytes());
        match client {
            IpAddr::V4(four) => secrets.push(four.octets().to_vec()),
            IpAddr::V6(six) => secrets.push(six.octets().to_vec()),
        }
    }
    secrets.push(KEY.as_bytes().to_vec());
    secrets
        .push((0..32).map(|i| u8::from_str_radix(&KEY[2 * i..2 * i + 2], 16).unwrap()).collect());
    for frame in ethernet_frames(&of.captures(tempfile::tempdir().unwrap().path())) {
        for mac in [&frame[..6], &frame[6..12]] {
            if mac[0] & 1 == 0 && mac != [0; 6] {
                secrets.push(mac.to_vec());
            }
        }
    }
    secrets.sort();
    secrets.dedup();
    secrets
}

/// What is kept of the Ethernet frames of the captures in a folder.
fn ethernet_frames(folder: &Path) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    for path in files(folder) {
        let octets = fs::read(path).unwrap();
        let number =
            |at: usize| u32::from_le_bytes(octets[at..at + 4].try_into().unwrap()) as usize;
        let (mut at, mut links) = (0, Vec::new());
        while at < octets.len() {
            match number(at) {
                1 => links.push(number(at + 8) & 0xffff),
                6 if links[number(at + 8)] == 1 => {
                    frames.push(octets[at + 28..at + 28 + number(at + 20)].to_vec());
                }
                _ => {}
            }
            at += number(at + 4);
        }
    }
    frames
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files
}

/// The first secret in a file.
fn found<'a>(octets: &[u8], secrets: &'a [Vec<u8>]) -> Option<&'a Vec<u8>> {
    secrets.iter().find(|secret| octets.windows(secret.len()).any(|window| window == &secret[..]))
}

#[test]
fn no_address_mac_or_key_is_left_and_every_number_is_counted_again() {
    for name in CAPTURES {
        let mut of = sample(name);
        let clients = clients(&of.gathered.snapshot);
        let secrets = secrets(&of, &clients);
        let around = tempfile::tempdir().unwrap();
        let captures = of.captures(around.path());
        let before: Vec<Vec<u8>> = ethernet_frames(&captures);
        assert!(
            files(&captures).iter().any(|path| found(&fs::read(path).unwrap(), &secrets).is_some()),
            "{name}: nothing to hide, so the search proves nothing"
        );
        of.pseudonymize(&key(), &MaskedNames::none(), &captures).unwrap();
        checksums(name, &before, &ethernet_frames(&captures));

        let names: Vec<String> = of.gathered.captures.iter().map(|c| c.file_name.clone()).collect();
        let table = around.path().join("flows.csv");
        let database = Database::shipped();
        let counting = &of.gathered.counting;
        let again = recount(&captures, &names, counting, &database, &table);
        assert_eq!(again.tagged.total, of.gathered.tagged.total, "{name}");
        assert_eq!(again.tagged.signatures, of.gathered.tagged.signatures, "{name}");
        for dimensions in Material::ROLLUPS {
            let rows = |snapshot: &Snapshot| -> BTreeSet<String> {
                let rollups = snapshot.rollups.iter().filter(|r| r.dimensions == dimensions);
                let rows = rollups.flat_map(Rollup::listed);
                rows.filter(|(values, _)| !values.contains(&DimensionValue::Untagged))
                    .map(|row| format!("{row:?}"))
                    .collect()
            };
            assert_eq!(rows(&again.snapshot), rows(&of.gathered.snapshot), "{name} {dimensions:?}");
        }

        let out = around.path().join("bundle");
        let options = BundleOptions { zip: true, ..BundleOptions::default() };
        bundle::write(&of.material(), &of.case, &captures, &out, &options).unwrap();
        for path in files(&out).into_iter().chain([around.path().join("bundle.zip")]) {
            let octets = fs::read(&path).unwrap();
            let found = found(&octets, &secrets);
            assert_eq!(found, None, "{name}: {}", path.display());
        }
    }
}

/// Checksums of whole IPv4 headers are as right as they were, and those of segments of which
/// nothing was cut.
fn checksums(name: &str, before: &[Vec<u8>], after: &[Vec<u8>]) {
    let mut right = 0;
    assert_eq!(before.len(), after.len());
    for (old, new) in before.iter().zip(after) {
        if old.len() < 34 || old[12..14] != [8, 0] || old[14] != 0x45 {
            continue;
        }
        let header = |frame: &[u8]| checksum::sum(&frame[14..34]);
        assert_eq!(header(old) == 0xffff, header(new) == 0xffff, "{name}");
        let segment = |frame: &[u8]| {
            let end = 14 + usize::from(u16::from_be_bytes([frame[16], frame[17]]));
            let body = frame.get(34..end)?;
            let mut covered = frame[26..34].to_vec();
            covered.extend([0, frame[23]]);
            covered.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
            covered.extend(body);
            Some(checksum::sum(&covered) == 0xffff)
        };
        if matches!(old[23], 6 | 17) {
            assert_eq!(segment(old), segment(new), "{name}");
            right += usize::from(segment(new) == Some(true));
        }
    }
    assert!(before.is_empty() || right > 0, "{name}: no checksum that could be wrong");
}

/// What a reader of Initials sees: the handshakes of all captures in a folder.
fn handshakes(folder: &Path) -> Vec<u8> {
    let mut seen = Vec::new();
    for frame in ethernet_frames(folder) {
        let datagram = match frame.get(12..14) {
            Some([8, 0]) if frame.get(23) == Some(&17) => frame.get(42..),
            Some([0x86, 0xdd]) if frame.get(20) == Some(&17) => frame.get(62..),
            _ => None,
        };
        let mut datagram = datagram.unwrap_or_default().to_vec();
        InitialsAnew::default()
            .turn(&mut datagram, Side::Low, &mut |piece| seen.extend_from_slice(piece.octets));
        seen.push(0);
    }
    seen
}

/// QUIC, TLS and DNS name the same tenant.
#[test]
fn no_tenant_is_left_in_quic_either_and_every_number_is_counted_again() {
    let database = Database::of_texts(&[("own.toml", OWN)]).unwrap();
    let mut of = sample_with("hard-cases.pcapng", database);
    let around = tempfile::tempdir().unwrap();
    let captures = of.captures(around.path());
    let secret = [b"quic".to_vec()];
    let before = ethernet_frames(&captures);
    assert!(found(&handshakes(&captures), &secret).is_some(), "no Initial names the tenant");
    let known = names(&of.gathered.snapshot);
    assert!(
        known.iter().any(|(name, via)| name == "quic.example.net" && via == "quic-sni"),
        "{known:?}"
    );

    let database = Database::of_texts(&[("own.toml", OWN)]).unwrap();
    let again = |of: &Sample| {
        let files: Vec<String> = of.gathered.captures.iter().map(|c| c.file_name.clone()).collect();
        let table = around.path().join("flows.csv");
        recount(&captures, &files, &of.gathered.counting, &database, &table)
    };
    assert!(known.iter().any(|(_, via)| via == "certificate"), "{known:?}");
    assert_eq!(names(&again(&of).snapshot), known, "before anything is masked");
    let tenants = tenants(&["example.net"]);
    of.gathered.hide(&key(), Some(tenants), &database, &captures).unwrap();
    assert!(of.gathered.privacy.tenants_masked);
    checksums("hard-cases", &before, &ethernet_frames(&captures));
    assert_eq!(found(&handshakes(&captures), &secret), None);
    let hidden = names(&of.gathered.snapshot);
    assert_eq!(hidden.len(), known.len());
    assert!(hidden.iter().all(|(name, _)| !name.contains("quic")), "{hidden:?}");

    let again = again(&of);
    // A certificate is not rewritten: public logs would tell whose it is.
    let rewritten = hidden.into_iter().filter(|(_, via)| via != "certificate");
    assert_eq!(names(&again.snapshot), rewritten.collect());
    assert_eq!(again.tagged.total, of.gathered.tagged.total);
    for path in files(&captures) {
        assert_eq!(found(&fs::read(&path).unwrap(), &secret), None, "{}", path.display());
    }
}

/// Flows that are tagged by their addresses bear names of whoever they belong to.
#[test]
fn no_label_of_a_domain_of_ones_own_is_left() {
    let database = Database::of_texts(&[("own.toml", &BY_NETWORK)]).unwrap();
    let mut of = sample_with("hard-cases.pcapng", database);
    let around = tempfile::tempdir().unwrap();
    let captures = of.captures(around.path());
    let secrets = [b"example.net".to_vec(), b"\x07example\x03net".to_vec(), b"quic".to_vec()];
    let before = ethernet_frames(&captures);
    for secret in &secrets[1..] {
        let plain = files(&captures).iter().map(|p| fs::read(p).unwrap()).collect::<Vec<_>>();
        let shown = plain.concat().into_iter().chain(handshakes(&captures)).collect::<Vec<_>>();
        let shown = found(&shown, std::slice::from_ref(secret)).is_some();
        assert!(shown || secret[0] == 7, "nothing to hide, so the search proves nothing");
    }
    let known = names(&of.gathered.snapshot);
    assert!(known.iter().any(|(name, via)| name == "quic.example.net" && via == "quic-sni"));
    let masked = MaskedNames { tenants: false, domains: vec![own_domain("example.net").unwrap()] };
    of.pseudonymize(&key(), &masked, &captures).unwrap();
    assert!(of.gathered.privacy.domains_masked && !of.gathered.privacy.tenants_masked);
    checksums("hard-cases", &before, &ethernet_frames(&captures));
    let hidden = names(&of.gathered.snapshot);
    assert_eq!(hidden.len(), known.len());
    assert!(hidden.iter().all(|(name, _)| !name.ends_with("example.net")), "{hidden:?}");
    let tenants = Tenants::new(&key());
    let revealed = |(name, via): &(String, String)| {
        let name = HostName::from_wire(name.as_bytes()).unwrap();
        let is_own = !known.iter().any(|(known, _)| *known == name.as_str());
        let name = if is_own { tenants.reveal_own(&name) } else { name };
        (name.to_string(), via.clone())
    };
    assert_eq!(hidden.iter().map(revealed).collect::<BTreeSet<_>>(), known);

    assert_eq!(found(&handshakes(&captures), &secrets), None);
    for path in files(&captures) {
        assert_eq!(found(&fs::read(&path).unwrap(), &secrets), None, "{}", path.display());
    }
}

static BY_NETWORK: LazyLock<String> = LazyLock::new(|| {
    let networks = r#"networks = ["10.23.0.0/16", "fd23::/64"]
ports = ["tcp/80", "tcp/443", "tcp/8080", "udp/443", "udp/53"]"#;
    OWN.replace(r#"hosts = ["*.example.net"]"#, networks)
});

const OWN: &str = r#"[[signature]]
id = "own"
vendor = "A vendor"
product = "a product"
category = "telemetry"
purpose = "a test"
exclusivity = "dedicated"
confidence = "documented"
status = "active"
hosts = ["*.example.net"]
sources = [{ title = "t", publisher = "p", ref = "r", as_of = "2026-01", says = "s" }]
"#;

/// Names of tagged flows, and how each was seen.
fn names(snapshot: &Snapshot) -> BTreeSet<(String, String)> {
    let rollups = snapshot.rollups.iter().filter(|r| r.dimensions == Material::NAMES);
    let rows = rollups.flat_map(Rollup::listed);
    rows.filter_map(|(values, _)| match &values[..] {
        [_, DimensionValue::Name(name), DimensionValue::Via(via), ..] => {
            Some((name.to_string(), via.word().to_owned()))
        }
        _ => None,
    })
    .collect()
}

#[test]
fn what_would_name_a_tenant_whatever_is_masked_is_refused() {
    let around = tempfile::tempdir().unwrap();
    let mut of = sample("office-hour.pcapng");
    let captures = of.captures(around.path());
    of.gathered.counting.filter = Some("name ~ contoso".to_owned());
    let done = of.pseudonymize(&key(), &MaskedNames::of_tenants(), &captures);
    assert!(matches!(done, Err(PseudonymFault::NameFilter { .. })), "{done:?}");

    let own = OWN.replace("*.example.net", "contoso.sharepoint.com");
    let mut of =
        sample_with("office-hour.pcapng", Database::of_texts(&[("own.toml", &own)]).unwrap());
    let done = of.pseudonymize(&key(), &MaskedNames::of_tenants(), &captures);
    let Err(PseudonymFault::Signature { id, pattern }) = done else { panic!("{done:?}") };
    assert_eq!((id.as_str(), pattern.as_str()), ("own", "contoso.sharepoint.com"));
}

#[test]
fn a_filter_that_says_who_is_meant_is_refused() {
    for (filter, refused) in [
        ("client = 10.23.0.5", true),
        ("category = telemetry and server = 10.0.0.0/8", true),
        ("category = telemetry and up > 1kB", false),
    ] {
        let mut of = sample("car-hotspot.pcap");
        of.gathered.counting.filter = Some(filter.to_owned());
        let around = tempfile::tempdir().unwrap();
        let captures = of.captures(around.path());
        let done = of.pseudonymize(&key(), &MaskedNames::none(), &captures);
        assert_eq!(matches!(done, Err(PseudonymFault::Filter { .. })), refused, "{filter}");
    }
}

/// A frame of each kind of layer around the same datagram from 192.168.1.7.
fn frames() -> Vec<(&'static str, u32, Vec<u8>)> {
    let ip = |protocol: u8, body: &[u8]| {
        let mut packet = vec![0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0];
        packet.extend([192, 168, 1, 7, 198, 51, 100, 9]);
        packet.extend(body);
        let len = u16::try_from(packet.len()).unwrap().to_be_bytes();
        packet[2..4].copy_from_slice(&len);
        let check = (!checksum::sum(&packet[..20])).to_be_bytes();
        packet[10..12].copy_from_slice(&check);
        packet
    };
    let udp = |port: u16, body: &[u8]| {
        let mut datagram = vec![0xc3, 0x50];
        datagram.extend(port.to_be_bytes());
        datagram.extend(u16::try_from(body.len() + 8).unwrap().to_be_bytes());
        datagram.extend([0, 0]);
        datagram.extend(body);
        ip(17, &datagram)
    };
    let ethernet = |ethertype: u16, body: &[u8]| {
        let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
        frame.extend(ethertype.to_be_bytes());
        frame.extend(body);
        frame
    };
    let inner = udp(443, &[]);
    let with = |head: &[u8], body: &[u8]| [head, body].concat();
    vec![
        ("ethernet", 1, ethernet(0x0800, &inner)),
        ("vlan", 1, ethernet(0x8100, &with(&[0, 12, 8, 0], &inner))),
        ("mpls", 1, ethernet(0x8847, &with(&[0, 0, 16, 64, 0, 0, 17, 64], &inner))),
        ("pppoe", 1, ethernet(0x8864, &with(&[0x11, 0, 0, 1, 0, 30, 0, 0x21], &inner))),
        ("cooked", 113, with(&[0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 9, 9, 8, 0], &inner)),
        (
            "cooked 2",
            276,
            with(&[8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 9, 9], &inner),
        ),
        ("raw", 101, inner.clone()),
        ("loopback", 0, with(&[2, 0, 0, 0], &inner)),
        ("ip in ip", 101, ip(4, &inner)),
        ("gre", 101, ip(47, &with(&[0, 0, 8, 0], &inner))),
        ("gre with key", 101, ip(47, &with(&[0x20, 0, 8, 0, 0, 0, 0, 5], &inner))),
        ("vxlan", 101, udp(4789, &with(&[8, 0, 0, 0, 0, 0, 5, 0], &ethernet(0x0800, &inner)))),
        (
            "geneve",
            101,
            udp(6081, &with(&[0, 0, 0x65, 0x58, 0, 0, 5, 0], &ethernet(0x0800, &inner))),
        ),
        ("gtp", 101, udp(2152, &with(&[0x30, 0xff, 0, 28, 0, 0, 0, 1], &inner))),
    ]
}

#[test]
fn every_layer_that_is_known_is_looked_into_and_no_cut_frame_keeps_an_address() {
    let net = "192.168.0.0/16".parse().unwrap();
    let secrets = [vec![192, 168, 1, 7], vec![2, 0, 0, 0, 0, 1], vec![2, 0, 0, 0, 0, 2]];
    for (name, link, frame) in frames() {
        let mut names = Pseudonyms::of(&key(), &[net], []);
        let mut whole = frame.clone();
        rewrite(LinkType(link), &mut whole, &mut names).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(found(&whole, &secrets), None, "{name}");
        assert_ne!(whole, frame);
        for len in 0..frame.len() {
            let mut cut = frame[..len].to_vec();
            if rewrite(LinkType(link), &mut cut, &mut names).is_ok() {
                assert_eq!(found(&cut, &secrets), None, "{name} {len}");
            }
            assert_eq!(cut.len(), len);
        }
    }
}

/// Two messages of DNS over TCP in one segment, and the beginning of a third.
#[test]
fn every_whole_message_of_a_segment_keeps_its_answer_and_a_part_is_gone() {
    let message = b"\0\x01\x81\x80\0\x01\0\x01\0\0\0\0\x01a\x07example\0\0\x01\0\x01\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04";
    let message = [&message[..], &[192, 168, 1, 7]].concat();
    let one = [&u16::try_from(message.len()).unwrap().to_be_bytes()[..], &message].concat();
    let part = &one[..one.len() - 1];
    let payload = [&one, &one, part].concat();
    let mut packet = vec![0x45, 0, 0, 0, 0, 0, 0, 0, 64, 6, 0, 0, 198, 51, 100, 9, 192, 168, 1, 7];
    packet.extend([0, 53, 0xc3, 0x50, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 0, 0, 0, 0, 0, 0]);
    packet.extend(&payload);
    let len = u16::try_from(packet.len()).unwrap().to_be_bytes();
    packet[2..4].copy_from_slice(&len);
    let mut names = Pseudonyms::of(&key(), &["192.168.0.0/16".parse().unwrap()], []);
    rewrite(LinkType(101), &mut packet, &mut names).unwrap();
    let IpAddr::V4(hidden) = names.hide("192.168.1.7".parse().unwrap()) else { panic!() };
    let mut expected = one.clone();
    let end = expected.len() - 4;
    expected[end..].copy_from_slice(&hidden.octets());
    assert_eq!(packet[40..], [&expected[..], &expected, &vec![0; part.len()]].concat());
}

#[test]
fn what_is_not_known_is_refused() {
    let mut names = Pseudonyms::of(&key(), &["192.168.0.0/16".parse().unwrap()], []);
    let mut refused =
        |link: u32, frame: &[u8]| rewrite(LinkType(link), &mut frame.to_vec(), &mut names).is_err();
    assert!(refused(105, &[0; 60]));
    let mut frame = [0; 60];
    frame[12..14].copy_from_slice(&[0x88, 0xcc]);
    assert!(refused(1, &frame));
    let mut deep = vec![0; 12];
    deep.extend([0x81, 0, 0, 1].repeat(40));
    assert!(refused(1, &deep));
}

proptest::proptest! {
    #[test]
    fn no_frame_makes_it_panic(link in 0_u32..300, octets in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let mut names = Pseudonyms::of(&key(), &["0.0.0.0/0".parse().unwrap()], []);
        let mut frame = octets.clone();
        let _ = rewrite(LinkType(link), &mut frame, &mut names);
        proptest::prop_assert_eq!(frame.len(), octets.len());
    }
}
