use proptest::prelude::*;

use super::{Requests, Told};
use crate::name::HostName;

/// The hosts told by a stream that comes in parts, and what ended it.
fn hosts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> (Vec<String>, Told) {
    let (mut requests, mut hosts) = (Requests::default(), Vec::new());
    for part in parts {
        let mut rest = part;
        loop {
            match requests.read(&mut rest) {
                Told::Request(Some(Ok(name))) => hosts.push(name.to_string()),
                Told::Request(Some(Err(error))) => hosts.push(error.to_string()),
                Told::Request(None) => {}
                Told::NeedMore => break,
                end => return (hosts, end),
            }
        }
    }
    (hosts, Told::NeedMore)
}

const PIPELINE: &[u8] = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n\
    POST /x HTTP/1.1\r\nHost: b.example:8080\r\nContent-Length: 38\r\n\r\n\
    GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n\
    \r\nPUT /y HTTP/1.1\r\nTransfer-Encoding: chunked\r\nhost: c.example\r\n\r\n\
    26;ext=1\r\nGET / HTTP/1.1\r\nHost: evil.example\r\n\r\n\r\n0\r\nTrailer: x\r\n\r\n\
    QUERY / HTTP/1.1\nHost: d.example\n\n";

#[test]
fn every_request_is_read_and_no_body_is() {
    let (names, end) = hosts([PIPELINE]);
    assert_eq!(names, ["a.example", "b.example", "c.example", "d.example"]);
    assert_eq!(end, Told::NeedMore);
}

#[test]
fn every_split_in_two_gives_the_same() {
    for at in 0..PIPELINE.len() {
        let (a, b) = PIPELINE.split_at(at);
        assert_eq!(hosts([a, b]), hosts([PIPELINE]), "at {at}");
    }
    assert_eq!(hosts(PIPELINE.chunks(1)), hosts([PIPELINE]));
}

#[test]
fn a_head_without_its_end_gives_no_name() {
    assert_eq!(hosts([&b"GET / HTTP/1.1\r\nHost: a.example\r\n"[..]]), (vec![], Told::NeedMore));
}

#[test]
fn a_host_that_does_not_change_is_told_once() {
    let request = &b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"[..];
    assert_eq!(hosts([request, request, request]).0, ["a.example"]);
}

#[test]
fn other_protocols_are_told_at_their_first_line() {
    assert_eq!(hosts([&b"EHLO mail.example\r\n"[..]]).1, Told::NotHttp);
    assert_eq!(hosts([&b"EHLO mail"[..], b".example\r\n"]).1, Told::NotHttp);
    assert_eq!(hosts([&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..]]).1, Told::NotHttp);
    assert_eq!(hosts([&[b"GET ".to_vec(), vec![b'a'; 20_000]].concat()[..]]).1, Told::NotHttp);
}

#[test]
fn what_follows_an_upgrade_or_connect_is_not_read() {
    let upgrade = b"GET / HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\n\r\n\x81\x85\x01";
    assert_eq!(hosts([&upgrade[..]]), (vec!["a.example".into()], Told::Left));
    let connect = b"CONNECT b.example:443 HTTP/1.1\r\nHost: b.example:443\r\n\r\n";
    let host = HostName::from_wire(b"b.example");
    assert_eq!(hosts([&connect[..]]), (vec![], Told::Tunnel(host)));
}

#[test]
fn a_refused_upgrade_goes_on() {
    let refused = b"GET / HTTP/1.1\r\nHost: a.example\r\nUpgrade: h2c\r\n\r\n\
        GET / HTTP/1.1\r\nHost: b.example\r\n\r\n";
    assert_eq!(hosts([&refused[..]]).0, ["a.example", "b.example"]);
}

#[test]
fn garbage_between_requests_is_lost_ground() {
    let stream = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n\x00\x01\x02\r\n";
    assert_eq!(hosts([&stream[..]]).1, Told::Lost);
    let chunk = b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n";
    assert_eq!(hosts([&chunk[..]]).1, Told::Lost);
}

#[test]
fn lengths_that_disagree_end_the_reading() {
    let smuggled = b"POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1\r\n\
        Content-Length: 0\r\n\r\nGET / HTTP/1.1\r\nHost: evil.example\r\n\r\n";
    assert_eq!(hosts([&smuggled[..]]).0, ["a.example"]);
}

#[test]
fn a_hole_within_a_body_is_stepped_over() {
    let mut requests = Requests::default();
    let mut head = &b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\n12345"[..];
    assert_eq!(requests.read(&mut head), Told::Request(None));
    assert_eq!(requests.read(&mut head), Told::NeedMore);
    assert!(!requests.skip(96));
    assert!(requests.skip(95));
    assert!(!requests.skip(1));
    let mut next = &b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"[..];
    assert!(matches!(requests.read(&mut next), Told::Request(Some(Ok(_)))));
}

proptest! {
    #[test]
    fn any_octets_after_a_request_are_survived(octets: Vec<u8>, at in 0..PIPELINE.len(), step in 1..40usize) {
        let mut stream = PIPELINE.to_vec();
        stream.splice(at..at, octets);
        let _ = hosts(stream.chunks(step));
    }
}
