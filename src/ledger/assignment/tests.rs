use std::net::IpAddr;

use proptest::prelude::*;

use super::sample::{Value, file};
use super::*;

fn country(code: &'static str) -> Value {
    Value::Map(vec![("country", Value::Map(vec![("iso_code", Value::Text(code))]))])
}

fn network(number: u32, owner: &'static str) -> Value {
    let mut fields = vec![("autonomous_system_number", Value::Number(number))];
    if !owner.is_empty() {
        fields.push(("autonomous_system_organization", Value::Text(owner)));
    }
    Value::Map(fields)
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn places(version: u32, bits: u32) -> AddressFile {
    let mut entries = vec![("192.0.2.0/24", country("FR")), ("198.51.100.0/25", country("us"))];
    if version == 6 {
        entries.push(("2001:db8::/32", country("DE")));
    }
    AddressFile::of(file("Test-Country", version, bits, &entries), Assigns::Country).unwrap()
}

#[test]
fn countries_are_found_in_files_of_one_and_of_both_families() {
    for bits in [24, 28, 32] {
        for version in [4, 6] {
            let file = places(version, bits);
            let country = |address| file.country(ip(address)).map(String::from);
            assert_eq!(country("192.0.2.77").as_deref(), Some("FR"), "{version} {bits}");
            assert_eq!(country("198.51.100.127").as_deref(), Some("US"));
            assert_eq!(country("198.51.100.128"), None);
            assert_eq!(country("10.0.0.1"), None);
            let of_v6 = (version == 6).then_some("DE");
            assert_eq!(country("2001:db8::1").as_deref(), of_v6);
            assert_eq!(country("2001:db9::1"), None);
            assert!(!file.is_damaged());
        }
    }
}

#[test]
fn a_file_says_what_it_is_and_of_when() {
    let file = places(6, 28);
    assert_eq!((file.kind().as_str(), file.date().as_str()), ("Test-Country", "2026-01-01"));
}

#[test]
fn networks_have_a_number_and_an_owner_if_the_file_names_one() {
    let flat = Value::Map(vec![("asn", Value::Text("AS64502")), ("name", Value::Text("Flat"))]);
    let entries = [
        ("192.0.2.0/24", network(64_500, "Example Net")),
        ("198.51.100.0/24", network(64_501, "")),
        ("203.0.113.0/24", flat),
    ];
    let file = AddressFile::of(file("Test-ASN", 4, 24, &entries), Assigns::Network).unwrap();
    let network = |address| {
        let (number, owner) = file.network(ip(address));
        (number, owner.map(String::from))
    };
    assert_eq!(network("192.0.2.1"), (Some(64_500), Some("Example Net".into())));
    assert_eq!(network("198.51.100.1"), (Some(64_501), Some("AS64501".into())));
    assert_eq!(network("203.0.113.1"), (Some(64_502), Some("Flat".into())));
    assert_eq!(network("10.0.0.1"), (None, None));
}

#[test]
fn other_forms_of_records_have_their_country_too_and_what_is_no_code_is_none() {
    let registered =
        Value::Map(vec![("registered_country", Value::Map(vec![("iso_code", Value::Text("CH"))]))]);
    let flat = Value::Map(vec![("country", Value::Text("it"))]);
    let beside =
        Value::Map(vec![("country", Value::Text("France")), ("country_code", Value::Text("FR"))]);
    let odd = Value::Map(vec![("country", Value::Number(7)), ("country_code", Value::Text("\n!"))]);
    let entries = [
        ("192.0.2.0/26", registered),
        ("192.0.2.64/26", flat),
        ("192.0.2.128/26", beside),
        ("192.0.2.192/26", odd),
    ];
    let file = AddressFile::of(file("", 4, 24, &entries), Assigns::Country).unwrap();
    let found = ["192.0.2.1", "192.0.2.65", "192.0.2.129", "192.0.2.193"]
        .map(|address| file.country(ip(address)).map(String::from));
    assert_eq!(found.map(Option::unwrap_or_default), ["CH", "IT", "FR", ""]);
}

#[test]
fn a_file_of_something_else_is_refused_with_what_to_do() {
    let said =
        |octets: &[u8], assigns| AddressFile::of(octets.to_vec(), assigns).unwrap_err().to_string();
    let networks = file("GeoLite2-ASN", 4, 24, &[("192.0.2.0/24", network(1, "a"))]);
    assert_eq!(
        said(&networks, Assigns::Country),
        "holds GeoLite2-ASN, not countries: give it to --asn"
    );
    let places = file("GeoLite2-Country", 4, 24, &[("192.0.2.0/24", country("FR"))]);
    assert_eq!(
        said(&places, Assigns::Network),
        "holds GeoLite2-Country, not network owners: give it to --geoip"
    );
    for broken in [&b""[..], b"text", &places[..places.len() / 2]] {
        assert!(said(broken, Assigns::Country).contains("give a whole .mmdb file"));
    }
}

#[test]
fn a_record_that_cannot_be_read_is_none_and_noted() {
    let mut octets = file("Test-Country", 4, 24, &[("192.0.2.0/24", country("FR"))]);
    // The record's map says that it has more fields than the file has octets.
    let nodes = 24;
    let record = nodes * 6 + 16;
    assert_eq!(octets[record], 7 << 5 | 1);
    octets[record] = 1 << 5 | 0x18;
    let file = AddressFile::of(octets, Assigns::Country).unwrap();
    assert_eq!(file.country(ip("192.0.2.1")), None);
    assert!(file.is_damaged());
    let all = Assignments {
        countries: Some(file),
        files: vec![AssignmentFile {
            assigns: Assigns::Country,
            path: "p".into(),
            kind: String::new(),
            date: String::new(),
            damaged: false,
        }],
        ..Assignments::default()
    };
    assert!(all.cited()[0].damaged);
}

const IEEE: &str = "OUI/MA-L\t\t\tOrganization\ncompany_id\t\t\tOrganization\n\t\t\tAddress\n\n\
    00-1B-C5   (hex)\t\tIEEE Registration Authority\n001BC5     (base 16)\t\tIEEE\n\t\t\tStreet\n\n\
    40-A3-6B   (hex)\t\tFin Robotics\n000000-0FFFFF     (base 16)\t\tFin Robotics\n\
    AC-DE-48   (hex)\t\tPrivate\u{7}\n";
const MANUF: &str = "# a comment\n00:00:00\tXerox\tXerox Corporation\n\
    00:1B:C5:00:00:00/36\tConvergi\tConverging Systems Inc.\n00:1B:C5\tIEEERegi\n\
    08:00:20 Sun # Oracle\nno prefix here\n01:00:5E/25 short\nzz:zz:zz bad\n00:00 too short\n";
const CSV: &str = "Registry,Assignment,Organization Name,Organization Address\r\n\
    MA-L,002272,\"American Micro-Fuel, Inc.\",Street\r\nMA-S,8C1F64AFA,\"DATA \"\"X\"\"\",\r\n";

fn maker(text: &str, mac: [u8; 6]) -> Option<String> {
    HardwareFile::of(text.as_bytes()).unwrap().maker(mac).map(str::to_owned)
}

#[test]
fn the_longest_prefix_names_the_maker_in_every_form_of_list() {
    for (text, mac, name) in [
        (IEEE, [0x00, 0x1b, 0xc5, 1, 2, 3], Some("IEEE Registration Authority")),
        (IEEE, [0x40, 0xa3, 0x6b, 0x0f, 0xff, 0xff], Some("Fin Robotics")),
        (IEEE, [0x40, 0xa3, 0x6b, 0x10, 0, 0], None),
        (IEEE, [0xac, 0xde, 0x48, 0, 0, 0], Some("Private")),
        (MANUF, [0, 0, 0, 9, 9, 9], Some("Xerox Corporation")),
        (MANUF, [0, 0x1b, 0xc5, 0, 0x0f, 9], Some("Converging Systems Inc.")),
        (MANUF, [0, 0x1b, 0xc5, 0, 0x10, 9], Some("IEEERegi")),
        (MANUF, [8, 0, 0x20, 0, 0, 0], Some("Oracle")),
        (MANUF, [1, 0, 0x5e, 0x7f, 0, 0], Some("short")),
        (MANUF, [1, 0, 0x5e, 0x80, 0, 0], None),
        (CSV, [0, 0x22, 0x72, 0, 0, 0], Some("American Micro-Fuel, Inc.")),
        (CSV, [0x8c, 0x1f, 0x64, 0xaf, 0xa0, 0], Some("DATA \"X\"")),
        (CSV, [0x8c, 0x1f, 0x64, 0xaf, 0xb0, 0], None),
        ("000000 Officially Xerox\n70B3D5123 Part", [0, 0, 0, 1, 1, 1], Some("Officially Xerox")),
        (
            "000000 Officially Xerox\n70B3D5123 Part",
            [0x70, 0xb3, 0xd5, 0x12, 0x30, 1],
            Some("Part"),
        ),
    ] {
        assert_eq!(maker(text, mac).as_deref(), name, "{mac:02x?}");
    }
    assert!(HardwareFile::of(b"<html>404</html>").is_err());
    assert!(HardwareFile::of(b"").is_err());
}

proptest! {
    #[test]
    fn a_mutated_file_never_panics(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..24),
        cut in prop::option::of(any::<prop::sample::Index>()),
        version in prop_oneof![Just(4), Just(6)], bits in prop_oneof![Just(24), Just(28), Just(32)],
        address in any::<u32>(), wide in any::<u128>(),
    ) {
        let entries =
            [("192.0.2.0/24", country("FR")), ("128.0.0.0/1", network(7, "a")), ("1.0.0.0/8", country("IT"))];
        let mut octets = file("Test", version, bits, &entries);
        for (at, value) in changes {
            let at = at.index(octets.len());
            octets[at] = value;
        }
        if let Some(cut) = cut {
            let len = cut.index(octets.len());
            octets.drain(..len);
        }
        for assigns in [Assigns::Country, Assigns::Network] {
            let Ok(file) = AddressFile::of(octets.clone(), assigns) else { continue };
            let (_, _) = (file.kind(), file.date());
            let v4 = [address, 0xc000_0201, 0x0100_0001, 0x8000_0001].map(|a| IpAddr::V4(a.into()));
            for address in v4.into_iter().chain([IpAddr::V6(wide.into()), ip("::1")]) {
                if let Some(code) = file.country(address) {
                    prop_assert!(code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()));
                }
                let (_, owner) = file.network(address);
                prop_assert!(owner.is_none_or(|owner| !owner.chars().any(char::is_control)));
            }
        }
    }

    #[test]
    fn any_list_of_hardware_is_read_or_refused(text in "[0-9A-F:/ ()a-z\t\n#,-]{0,200}", mac: [u8; 6]) {
        for head in ["", "Registry,Assignment\n", "00-00-00 (hex) a\n"] {
            if let Ok(file) = HardwareFile::of(format!("{head}{text}").as_bytes()) {
                prop_assert!(!file.is_empty());
                prop_assert!(file.maker(mac).is_none_or(|maker| !maker.is_empty()));
            }
        }
    }
}
