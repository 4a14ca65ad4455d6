//! DNS messages through the room's door: a query and a response with a CNAME chain, on port 53
//! and by content on another.

use std::hint::black_box;

use divan::Bencher;
use vigie::flow::Side;
use vigie::name::{Budget, Findings, NameSearch, Piece, PieceKind};

fn main() {
    divan::main();
}

/// Header, then one question for `www.example.com`, type A, class IN.
const QUERY: &[u8] =
    b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07example\x03com\x00\x00\x01\x00\x01";

/// The response: an alias, two addresses of its target, EDNS.
fn response() -> Vec<u8> {
    let mut octets = QUERY.to_vec();
    octets[2..4].copy_from_slice(&[0x81, 0x80]);
    octets[7] = 3;
    octets[11] = 1;
    octets.extend(b"\xc0\x0c\x00\x05\x00\x01\x00\x00\x01\x2c\x00\x0e\x03cdn\x07example\xc0\x18");
    for last in [1, 2] {
        octets.extend(b"\xc0\x2d\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc0\x00\x02");
        octets.push(last);
    }
    octets.extend(b"\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00");
    octets
}

fn offer(bencher: Bencher<'_, '_>, octets: &[u8], ports: (u16, u16)) {
    let mut findings = Findings::default();
    let mut budget = Budget { used: 0, limit: 1 << 20, hits: 0 };
    let wire_len = u32::try_from(octets.len()).expect("a datagram");
    let piece =
        Piece { side: Side::Low, kind: PieceKind::Datagram, ports, payload: octets, wire_len };
    bencher.bench_local(|| {
        findings.clear();
        let mut search = NameSearch::default();
        search.offer(black_box(&piece), &mut findings, &mut budget);
        assert!(!findings.is_empty());
    });
}

#[divan::bench]
fn query_on_port_53(bencher: Bencher<'_, '_>) {
    offer(bencher, QUERY, (50_000, 53));
}

#[divan::bench]
fn query_by_content(bencher: Bencher<'_, '_>) {
    offer(bencher, QUERY, (50_000, 8443));
}

#[divan::bench]
fn response_on_port_53(bencher: Bencher<'_, '_>) {
    offer(bencher, &response(), (53, 50_000));
}

#[divan::bench]
fn response_by_content(bencher: Bencher<'_, '_>) {
    offer(bencher, &response(), (8443, 50_000));
}
