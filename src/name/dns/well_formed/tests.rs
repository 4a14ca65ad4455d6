use super::super::message::tests::{Builder, wire};
use super::*;

fn accepted(octets: &[u8]) -> bool {
    is_dns(Wire::from_slice(octets).unwrap())
}

fn certificate_query() -> Builder {
    Builder::query().question(&wire("2.dnscrypt-cert.resolver.example"), 16)
}

#[test]
fn a_dnscrypt_certificate_query_is_dns() {
    assert!(accepted(&certificate_query().done()));
    assert!(accepted(&certificate_query().record(3, &[0], 41, 0, &[0, 12, 0, 2, 0, 0]).done()));
    let mut old_client = certificate_query().record(3, &[0], 0, 0, &[0, 12, 0, 2, 0, 0]).done();
    assert!(!accepted(&old_client), "type 0 of class IN");
    let class = old_client.len() - 13;
    old_client[class] = 0;
    assert!(accepted(&old_client));
}

#[test]
fn an_octet_too_many_or_too_few_is_refused() {
    let octets = certificate_query().done();
    assert!(!accepted(&[&octets[..], &[0]].concat()));
    assert!(!accepted(&octets[..octets.len() - 1]));
}

#[test]
fn a_query_that_answers_fails_or_has_reserved_bits_is_refused() {
    assert!(!accepted(&certificate_query().record(1, &[0xc0, 12], 16, 0, &[0]).done()));
    let reserved = [(3, 0x40), (3, 0x03), (2, 0x04), (2, 0x28)];
    for (at, bits) in reserved {
        let mut octets = certificate_query().done();
        octets[at] |= bits;
        assert!(!accepted(&octets), "octet {at} with {bits:#x}");
    }
}

#[test]
fn unknown_types_classes_and_names_are_refused() {
    assert!(!accepted(&Builder::query().question(&wire("a.example"), 0).done()));
    assert!(!accepted(&Builder::query().question(&wire("a.example"), 300).done()));
    assert!(!accepted(&Builder::query().question(&[0], 2).done()));
    assert!(!accepted(&Builder::query().question(b"\x02a\x07\0", 1).done()));
    let mut octets = certificate_query().done();
    let class = octets.len() - 2;
    octets[class] = 0x80;
    assert!(!accepted(&octets), "the unicast bit of multicast DNS");
}

#[test]
fn the_netbios_name_service_is_not_dns() {
    let name = wire("FHEPFCELEHFCEPFFFACACACACACACAAA");
    assert!(!accepted(&Builder::query().question(&name, 32).done()));
    assert!(!accepted(&Builder::query().question(&name, 33).done()));
}

#[test]
fn a_response_needs_every_record_it_counts() {
    let response = Builder::response().question(&wire("a.example"), 1);
    assert!(accepted(&response.clone().done()));
    let response = response.record(1, &[0xc0, 12], 1, 60, &[192, 0, 2, 1]);
    let response = response.record(2, &[0], 6, 60, &[0; 22]);
    let octets = response.record(3, &[0], 41, 0, &[]).done();
    assert!(accepted(&octets));
    for count in [5, 7, 9, 11] {
        let mut octets = octets.clone();
        octets[count] += 1;
        assert!(!accepted(&octets));
    }
}
