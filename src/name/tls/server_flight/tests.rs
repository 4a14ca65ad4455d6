use proptest::prelude::*;

use super::{FlightRead, LONGEST_LEAF, ServerFlight};
use crate::name::certificate::tests::certificate;
use crate::name::tls::sample::records;

/// A handshake message (RFC 5246 §7.4).
fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[kind], &len[1..], body].concat()
}

fn server_hello(version: [u8; 2], extensions: &[u8]) -> Vec<u8> {
    let mut body = version.to_vec();
    body.extend([0x5a; 32]);
    body.extend([4, 1, 2, 3, 4, 0xc0, 0x2f, 0]);
    if !extensions.is_empty() {
        body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
        body.extend(extensions);
    }
    message(2, &body)
}

/// A Certificate message with these certificates.
fn chain(certificates: &[Vec<u8>]) -> Vec<u8> {
    let three = |len: usize| u32::try_from(len).unwrap().to_be_bytes()[1..].to_vec();
    let list: Vec<u8> =
        certificates.iter().flat_map(|der| [three(der.len()), der.clone()].concat()).collect();
    message(11, &[three(list.len()), list].concat())
}

/// The flight of a server with this certificate, in TLS 1.2.
pub(in crate::name) fn flight(names: &[&str]) -> Vec<u8> {
    let renegotiation = [0xff, 1, 0, 1, 0];
    let issuer = certificate("Issuing CA", &["ca.example"]);
    [
        server_hello([3, 3], &renegotiation),
        chain(&[certificate("Company", names), issuer]),
        message(14, &[]),
    ]
    .concat()
}

fn read(stream: &[u8], step: usize) -> FlightRead {
    let mut flight = ServerFlight::default();
    for part in stream.chunks(step) {
        match flight.read(part) {
            FlightRead::NeedMore => {}
            read => return read,
        }
    }
    FlightRead::NeedMore
}

fn hosts(read: FlightRead) -> Vec<String> {
    let FlightRead::Leaf(leaf) = read else { panic!("no certificate: {read:?}") };
    leaf.hosts.iter().map(ToString::to_string).collect()
}

#[test]
fn the_first_certificate_is_the_servers() {
    let stream = records(&flight(&["www.example.org"]), usize::MAX);
    assert_eq!(hosts(read(&stream, stream.len())), ["www.example.org"]);
}

#[test]
fn versions_before_tls_1_3_are_read_with_and_without_extensions() {
    for minor in 0..=3 {
        let messages = [server_hello([3, minor], &[]), chain(&[certificate("a.example", &[])])];
        let stream = records(&messages.concat(), usize::MAX);
        assert_eq!(hosts(read(&stream, stream.len())), ["a.example"], "3.{minor}");
    }
}

#[test]
fn in_tls_1_3_nothing_is_awaited() {
    let chosen = server_hello([3, 3], &[0, 43, 0, 2, 3, 4]);
    let draft = server_hello([0x7f, 0x12], &[]);
    for hello in [chosen, draft] {
        assert_eq!(read(&records(&hello, usize::MAX), 7), FlightRead::Nothing);
    }
}

#[test]
fn a_resumed_session_has_no_certificate() {
    let hello = records(&server_hello([3, 3], &[]), usize::MAX);
    let finished = [&hello[..], &[20, 3, 3, 0, 1, 1]].concat();
    assert_eq!(read(&finished, finished.len()), FlightRead::Nothing);
    let ticket = [hello, records(&message(4, &[0; 40]), usize::MAX)].concat();
    assert_eq!(read(&ticket, ticket.len()), FlightRead::Nothing);
}

#[test]
fn a_warning_may_stand_before_the_hello_but_not_after_it() {
    let warning = [21, 3, 3, 0, 2, 1, 112];
    let stream = [&warning[..], &records(&flight(&["a.example"]), 50)].concat();
    assert_eq!(hosts(read(&stream, 3)), ["a.example"]);
    let hello = records(&server_hello([3, 3], &[]), usize::MAX);
    let stream = [&hello[..], &warning, &records(&chain(&[certificate("", &["b.example"])]), 99)];
    assert_eq!(read(&stream.concat(), 9), FlightRead::Nothing);
}

#[test]
fn what_does_not_add_up_gives_nothing() {
    let hello = || records(&server_hello([3, 3], &[]), usize::MAX);
    for wrong in [
        chain(&[]),
        message(11, &[0, 0, 3, 0, 0, 0]),
        message(11, &[0, 0, 4, 0, 0, 9, 1]),
        message(11, &[0, 0]),
        chain(&[b"no certificate".to_vec()]),
        message(2, &[3, 3]),
        message(16, &[1, 2, 3]),
    ] {
        let stream = [hello(), records(&wrong, usize::MAX)].concat();
        assert_eq!(read(&stream, stream.len()), FlightRead::Nothing, "{wrong:?}");
    }
    let without_hello = records(&chain(&[certificate("", &["a.example"])]), usize::MAX);
    assert_eq!(read(&without_hello, 5), FlightRead::Nothing);
    assert_eq!(read(b"\x17\x03\x03\x00\x05xxxxx", 3), FlightRead::Nothing);
}

#[test]
fn a_certificate_beyond_the_bound_is_refused_before_it_is_there() {
    let body = [&[1, 0, 3, 1, 0, 0][..], &[0; 20]].concat(); // 65,536 octets announced
    let mut announced = message(11, &body);
    announced[1..4].copy_from_slice(&[1, 0, 6]);
    let stream = [records(&server_hello([3, 3], &[]), 40), records(&announced, 40)].concat();
    assert_eq!(read(&stream, stream.len()), FlightRead::TooLong);
}

#[test]
fn what_is_held_is_bounded() {
    let leaf = vec![0; LONGEST_LEAF];
    let stream = [records(&server_hello([3, 3], &[]), 40), records(&chain(&[leaf]), usize::MAX)];
    let mut flight = ServerFlight::default();
    for octet in stream.concat() {
        let is_over = flight.read(&[octet]) != FlightRead::NeedMore;
        assert!(flight.held() <= 2 * LONGEST_LEAF, "{} octets", flight.held());
        if is_over {
            return;
        }
    }
    panic!("it was read to its end");
}

proptest! {
    #[test]
    fn any_split_into_records_and_segments_gives_the_same(
        fragment in 1usize..400,
        step in 1usize..400,
    ) {
        let stream = records(&flight(&["a.example", "b.example"]), fragment);
        prop_assert_eq!(hosts(read(&stream, step)), ["a.example", "b.example"]);
    }

    #[test]
    fn octets_of_any_kind_are_survived(octets: Vec<u8>, at: prop::sample::Index, value: u8, step in 1usize..50) {
        read(&octets, step);
        let mut stream = records(&flight(&["a.example"]), 60);
        let at = at.index(stream.len());
        stream[at] = value;
        let whole = read(&stream, stream.len());
        prop_assert_eq!(read(&stream, step), whole, "a split changes nothing");
    }
}
