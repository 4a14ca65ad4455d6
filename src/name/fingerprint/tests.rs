use proptest::prelude::*;

use super::{Carrier, Draft, Fingerprint, MOST_VALUES, ends_of};

/// A hello of the lists that a published raw fingerprint (`ja4_ro`) names in the order sent:
/// cipher suites, extensions, signature algorithms.
fn hello(raw: &str, alpn: &str, version: u16) -> Fingerprint {
    let mut parts = raw.split('_').map(|list| {
        list.split(',').filter_map(|value| u16::from_str_radix(value, 16).ok()).collect::<Vec<_>>()
    });
    let (ciphers, extensions) = (parts.next().unwrap(), parts.next().unwrap());
    let signatures = parts.next().unwrap_or_default();
    let mut draft = Draft::new(0x0303, [0x0a0a].into_iter().chain(ciphers));
    draft.extension(0x1a1a, &[]);
    for kind in extensions {
        let content = match kind {
            13 => counted(&signatures.iter().flat_map(|s| s.to_be_bytes()).collect::<Vec<_>>()),
            16 => counted(&[&[u8::try_from(alpn.len()).unwrap()], alpn.as_bytes()].concat()),
            43 => [&[6, 0x5a, 0x5a][..], &version.to_be_bytes(), &[3, 1]].concat(),
            _ => Vec::new(),
        };
        draft.extension(kind, &content);
    }
    draft.extension(0xfafa, &[0]);
    draft.finish().unwrap()
}

fn counted(octets: &[u8]) -> Vec<u8> {
    [&u16::try_from(octets.len()).unwrap().to_be_bytes()[..], octets].concat()
}

/// The example of the specification ("JA4: TLS Client Fingerprinting"), and fingerprints
/// that its authors published beside their programs, each with the raw lists that it is made of.
#[test]
fn published_fingerprints_come_out() {
    let chrome = "1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035";
    let algorithms = "0403,0804,0401,0503,0805,0501,0806,0601";
    for (extensions, alpn, expected) in [
        (
            "001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015",
            "h2",
            "t13d1516h2_8daaf6152771_e5627efa2ab1",
        ),
        (
            "000d,0033,0000,ff01,002b,0023,002d,0005,0012,000b,0017,4469,0010,001b,000a,0015",
            "http/1.1",
            "t13d1516h1_8daaf6152771_e5627efa2ab1",
        ),
    ] {
        let fingerprint = hello(&format!("{chrome}_{extensions}_{algorithms}"), alpn, 0x0304);
        assert_eq!(fingerprint.ja4(), expected);
        let quic = fingerprint.carried_by(Carrier::Quic).ja4();
        assert_eq!(quic, expected.replacen('t', "q", 1));
    }
}

#[test]
fn dtls_states_its_newest_version() {
    for (version, expected) in [(0xfefc, "dd3i"), (0xfefd, "dd2i"), (0xfeff, "dd1i")] {
        let [high, low] = u16::to_be_bytes(version);
        let mut draft = Draft::new(0xfefd, [0x1301].into_iter());
        draft.extension(43, &[4, 0xfe, 0xff, high, low]);
        let ja4 = draft.finish().unwrap().carried_by(Carrier::Dtls).ja4();
        assert!(ja4.starts_with(expected), "{ja4}");
    }
}

/// The hashes that the specification gives for its lists, with and without algorithms.
#[test]
fn the_lists_of_the_specification_have_its_hashes() {
    let mut text = String::new();
    let extensions = [
        0x0005, 0x000a, 0x000b, 0x000d, 0x0012, 0x0015, 0x0017, 0x001b, 0x0023, 0x002b, 0x002d,
        0x0033, 0x4469, 0xff01,
    ];
    super::push_hash(&mut text, &extensions, &[]);
    assert_eq!(text, "6d807ffa2a79");
}

#[test]
fn empty_lists_are_zeros() {
    let bare = Draft::new(0x0301, std::iter::empty()).finish().unwrap();
    assert_eq!(bare.ja4(), "t10i000000_000000000000_000000000000");
    let mut named = Draft::new(0x0303, std::iter::once(0x2a2a));
    named.extension(0, &[]);
    named.extension(16, &[0, 0]);
    assert_eq!(named.finish().unwrap().ja4(), "t12d000200_000000000000_000000000000");
}

/// The examples of the specification.
#[test]
fn the_ends_of_a_protocol_are_characters_or_hexadecimal_digits() {
    for (protocol, expected) in [
        (&b"h2"[..], b"h2"),
        (b"http/1.1", b"h1"),
        (b"x", b"xx"),
        (&[0xab], b"ab"),
        (&[0x20], b"20"),
        (&[0xab, 0xcd], b"ad"),
        (&[0x20, 0x61], b"21"),
        (&[0x30, 0xab], b"3b"),
        (&[0x61, 0x20], b"60"),
        (&[0x30, 0x31, 0xab, 0xcd], b"3d"),
        (&[0x30, 0xab, 0xcd, 0x31], b"01"),
    ] {
        assert_eq!(&ends_of(protocol), expected, "{}", protocol.escape_ascii());
    }
}

#[test]
fn versions_are_those_of_the_specification() {
    let supported = |versions: &[u8]| {
        let mut draft = Draft::new(0x0303, std::iter::once(0x1301));
        draft.extension(43, versions);
        draft.finish().unwrap().ja4()[1..3].to_owned()
    };
    assert_eq!(supported(&[6, 0xfa, 0xfa, 3, 4, 3, 3]), "13");
    assert_eq!(supported(&[4, 3, 1, 3, 2]), "11");
    assert_eq!(supported(&[2, 0x7f, 0x17]), "00");
    assert_eq!(supported(&[]), "00");
    for (version, expected) in [(0x0300, "s3"), (0x0302, "11"), (0x0303, "12"), (0x0399, "00")] {
        let fingerprint = Draft::new(version, std::iter::once(5)).finish().unwrap();
        assert_eq!(&fingerprint.ja4()[1..3], expected);
    }
}

#[test]
fn counts_end_at_99() {
    let many = Draft::new(0x0303, 1..=150).finish().unwrap();
    assert_eq!(&many.ja4()[..8], "t12i9900");
    let too_many = u16::try_from(MOST_VALUES).unwrap() + 1;
    assert_eq!(Draft::new(0x0303, (0..10).chain(0x0b00..0x0b00 + too_many)).finish(), None);
}

/// The example in the description of JA3 (Salesforce, 2017): its string and its hash.
#[test]
fn ja3_is_that_of_its_description() {
    let string = "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0";
    let mut lists = string
        .split(',')
        .skip(1)
        .map(|list| list.split('-').map(|value| value.parse::<u16>().unwrap()).collect::<Vec<_>>());
    let mut draft = Draft::new(769, lists.next().unwrap().into_iter());
    draft.extension(0x3a3a, &[]);
    let (_, groups) = (lists.next(), lists.next().unwrap());
    let groups: Vec<u8> = groups.iter().flat_map(|group| group.to_be_bytes()).collect();
    for (kind, content) in [(0, Vec::new()), (10, counted(&groups)), (11, vec![1, 0])] {
        draft.extension(kind, &content);
    }
    assert_eq!(draft.finish().unwrap().ja3(), "ada70206e40642a3e4461f35503241d5");
    let bare = "769,4-5-10-9-100-98-3-6-19-18-99,,,";
    assert_eq!(bare.len(), 35);
    let ciphers = [4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99];
    let bare = Draft::new(769, ciphers.into_iter()).finish().unwrap();
    assert_eq!(bare.ja3(), "de350869b8c85de67a350c8d186f11e6");
}

proptest! {
    #[test]
    fn numbers_are_written_as_the_formatter_writes_them(value: u16) {
        let (mut decimal, mut hex) = (String::new(), String::new());
        super::push_decimal(&mut decimal, value);
        super::push_hex(&mut hex, &value.to_be_bytes());
        prop_assert_eq!((decimal, hex), (value.to_string(), format!("{value:04x}")));
    }

    #[test]
    fn any_lists_give_36_characters_of_ascii(
        legacy: u16,
        ciphers in prop::collection::vec(any::<u16>(), 0..200),
        extensions in prop::collection::vec(
            (prop_oneof![0u16..60, any::<u16>()], prop::collection::vec(any::<u8>(), 0..40)),
            0..60,
        ),
    ) {
        let mut draft = Draft::new(legacy, ciphers.into_iter());
        for (kind, content) in &extensions {
            draft.extension(*kind, content);
        }
        let fingerprint = draft.finish().unwrap();
        let ja4 = fingerprint.ja4();
        prop_assert_eq!(ja4.len(), 36);
        prop_assert!(ja4.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'_'));
        prop_assert_eq!(fingerprint.ja3().len(), 32);
    }
}
