use proptest::prelude::*;

use super::{LeafNames, MOST_NAMES, leaf_names};

/// A value of DER (X.690 §8.1).
fn der(tag: u8, contents: &[&[u8]]) -> Vec<u8> {
    let content = contents.concat();
    let len = content.len();
    let mut octets = vec![tag];
    match u8::try_from(len) {
        Ok(len) if len < 0x80 => octets.push(len),
        Ok(len) => octets.extend([0x81, len]),
        Err(_) => {
            octets.push(0x82);
            octets.extend(u16::try_from(len).unwrap().to_be_bytes());
        }
    }
    octets.extend(content);
    octets
}

const SEQUENCE: u8 = 0x30;
const OBJECT: u8 = 6;

/// A certificate with this common name and these `dNSName`s; nobody has signed it.
pub(in crate::name) fn certificate(common: &str, names: &[&str]) -> Vec<u8> {
    let algorithm =
        der(SEQUENCE, &[&der(OBJECT, &[&[42, 134, 72, 134, 247, 13, 1, 1, 11]]), &[5, 0]]);
    let subject = der(OBJECT, &[&[85, 4, 3]]);
    let subject = der(SEQUENCE, &[&subject, &der(0x0c, &[common.as_bytes()])]);
    let subject = der(SEQUENCE, &[&der(0x31, &[&subject])]);
    let time = der(0x17, &[b"260101000000Z"]);
    let validity = der(SEQUENCE, &[&time, &time]);
    let key = der(SEQUENCE, &[&algorithm, &der(3, &[&[0, 1, 2, 3]])]);
    let mut parts = vec![
        der(0xa0, &[&[2, 1, 2]]),
        vec![2, 1, 1],
        algorithm.clone(),
        subject.clone(),
        validity,
        subject,
        key,
    ];
    if !names.is_empty() {
        let names: Vec<u8> = names.iter().flat_map(|name| der(0x82, &[name.as_bytes()])).collect();
        let value = der(4, &[&der(SEQUENCE, &[&names])]);
        let extension = der(SEQUENCE, &[&der(OBJECT, &[&[85, 29, 17]]), &value]);
        parts.push(der(0xa3, &[&der(SEQUENCE, &[&extension])]));
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    der(SEQUENCE, &[&der(SEQUENCE, &parts), &algorithm, &der(3, &[&[0, 9, 9]])])
}

fn hosts(names: &LeafNames) -> Vec<&str> {
    names.hosts.iter().map(super::HostName::as_str).collect()
}

#[test]
fn the_one_name_is_the_hosts() {
    let names = leaf_names(&certificate("Some Company", &["WWW.Example.org"])).unwrap();
    assert_eq!(hosts(&names), ["www.example.org"]);
    assert!(!names.is_ambiguous && !names.has_wildcard);
}

#[test]
fn several_names_do_not_tell_which_was_meant() {
    let several = certificate("a.example", &["a.example", "b.example", "A.example"]);
    let names = leaf_names(&several).unwrap();
    assert_eq!(hosts(&names), ["a.example", "b.example"]);
    assert!(names.is_ambiguous && !names.has_wildcard);
    let twice = leaf_names(&certificate("", &["a.example", "A.EXAMPLE"])).unwrap();
    assert!(!twice.is_ambiguous);
}

#[test]
fn a_wildcard_is_no_hosts_name() {
    let names = leaf_names(&certificate("*.example.org", &["*.example.org"])).unwrap();
    assert!(names.hosts.is_empty() && names.has_wildcard && !names.is_ambiguous);
    let both = leaf_names(&certificate("", &["*.example.org", "example.org"])).unwrap();
    assert_eq!(hosts(&both), ["example.org"]);
    assert!(both.has_wildcard && both.is_ambiguous);
}

#[test]
fn the_common_name_counts_where_there_is_no_other_and_it_looks_like_one_of_dns() {
    let old = leaf_names(&certificate("mail.example.org", &[])).unwrap();
    assert_eq!(hosts(&old), ["mail.example.org"]);
    let wildcard = leaf_names(&certificate("*.example.org", &[])).unwrap();
    assert!(wildcard.hosts.is_empty() && wildcard.has_wildcard);
    for nobody in ["printer", "Jane Doe", "192.0.2.1", "a b.example", ""] {
        assert_eq!(leaf_names(&certificate(nobody, &[])), Some(LeafNames::default()), "{nobody}");
    }
    let other = leaf_names(&certificate("mail.example.org", &["www.example.org"])).unwrap();
    assert_eq!(hosts(&other), ["www.example.org"]);
}

#[test]
fn what_is_no_host_name_is_left_out() {
    let odd = ["192.0.2.1", "a b.example", "b\u{1}.example", "", "f*.example", "good.example"];
    let names = leaf_names(&certificate("", &odd)).unwrap();
    assert_eq!(hosts(&names), ["good.example"]);
    let long = format!("{}.example", "a".repeat(64));
    assert!(leaf_names(&certificate("", &[&long])).unwrap().hosts.is_empty());
}

#[test]
fn names_beyond_the_bound_are_known_to_be_there() {
    let names: Vec<String> = (0..=MOST_NAMES).map(|n| format!("n{n}.example")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let kept = leaf_names(&certificate("", &names)).unwrap();
    assert_eq!((kept.hosts.len(), kept.is_ambiguous), (MOST_NAMES, true));
}

#[test]
fn each_cut_of_a_certificate_is_none() {
    let whole = certificate("a.example", &["a.example"]);
    for end in 0..whole.len() {
        assert_eq!(leaf_names(&whole[..end]), None, "{end} octets");
    }
}

proptest! {
    #[test]
    fn octets_of_any_kind_are_survived(octets: Vec<u8>, at: prop::sample::Index, value: u8) {
        let _ = leaf_names(&octets);
        let mut changed = certificate("a.example", &["b.example", "*.c.example"]);
        let at = at.index(changed.len());
        changed[at] = value;
        if let Some(names) = leaf_names(&changed) {
            prop_assert!(names.hosts.len() <= 2);
        }
    }
}
