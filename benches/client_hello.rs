//! What it costs to find a name: a search from its creation to its end.

use std::hint::black_box;

use vigie::flow::Side;
use vigie::name::{Budget, Findings, NameSearch, Piece, PieceKind};

fn main() {
    divan::main();
}

/// A `ClientHello` of the length that browsers send, in one segment.
#[divan::bench]
fn one_segment(bencher: divan::Bencher<'_, '_>) {
    let stream = client_hello();
    bencher.bench_local(|| search(&[black_box(&stream)]));
}

/// The same in two segments.
#[divan::bench]
fn two_segments(bencher: divan::Bencher<'_, '_>) {
    let stream = client_hello();
    let (a, b) = stream.split_at(stream.len() / 2);
    bencher.bench_local(|| search(&[black_box(a), black_box(b)]));
}

/// An HTTP request in one segment.
#[divan::bench]
fn one_request(bencher: divan::Bencher<'_, '_>) {
    let request = b"GET /path HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: curl/8.5.0\r\n\
        Accept: */*\r\nAccept-Encoding: gzip, br\r\nCookie: a=b; c=d\r\n\r\n";
    bencher.bench_local(|| search(&[black_box(request)]));
}

/// A packet of a flow whose search has ended.
#[divan::bench]
fn ended(bencher: divan::Bencher<'_, '_>) {
    let (mut findings, mut budget) = (Findings::default(), budget());
    let mut ended = NameSearch::default();
    let stream = client_hello();
    ended.offer(&segment(0, false, &stream), &mut findings, &mut budget);
    let piece = segment(5000, false, &stream);
    bencher.bench_local(|| ended.offer(black_box(&piece), &mut findings, &mut budget));
}

/// A head that comes octet by octet: twice the octets cost twice the time.
#[divan::bench(args = [8_000, 16_000, 32_000])]
fn octet_by_octet(bencher: divan::Bencher<'_, '_>, octets: usize) {
    let padding = "a".repeat(octets);
    let head = format!("GET / HTTP/1.1\r\nCookie: {padding}\r\nHost: www.example.org\r\n\r\n");
    let parts: Vec<&[u8]> = head.as_bytes().chunks(1).collect();
    bencher.bench_local(|| search(black_box(&parts)));
}

/// The same with every hundred octets backwards.
#[divan::bench(args = [8_000, 16_000, 32_000])]
fn out_of_order(bencher: divan::Bencher<'_, '_>, octets: usize) {
    let padding = "a".repeat(octets);
    let head = format!("GET / HTTP/1.1\r\nCookie: {padding}\r\nHost: www.example.org\r\n\r\n");
    let mut parts: Vec<(u32, &[u8])> = (0..).zip(head.as_bytes().chunks(1)).collect();
    for window in parts.chunks_mut(100) {
        window.reverse();
    }
    bencher.bench_local(|| {
        let (mut search, mut findings, mut budget) =
            (NameSearch::default(), Findings::default(), budget());
        search.offer(&segment(0, true, &[]), &mut findings, &mut budget);
        for (seq, part) in black_box(&parts) {
            search.offer(&segment(*seq, false, part), &mut findings, &mut budget);
        }
        assert_eq!(findings.names.len(), 1);
    });
}

fn search(parts: &[&[u8]]) -> usize {
    let (mut search, mut findings, mut budget) =
        (NameSearch::default(), Findings::default(), budget());
    search.offer(&segment(0, true, &[]), &mut findings, &mut budget);
    let mut seq = 0;
    for part in parts {
        search.offer(&segment(seq, false, part), &mut findings, &mut budget);
        seq += u32::try_from(part.len()).unwrap_or_default();
    }
    assert_eq!(findings.names.len(), 1);
    search.close(&mut budget);
    findings.names.len()
}

fn budget() -> Budget {
    Budget { used: 0, limit: 1 << 20, hits: 0 }
}

fn segment(seq: u32, syn: bool, payload: &[u8]) -> Piece<'_> {
    let kind = PieceKind::Segment { seq, syn };
    let wire_len = u32::try_from(payload.len()).unwrap_or_default();
    Piece { side: Side::Low, kind, ports: (50123, 443), payload, wire_len }
}

/// 16 cipher suites, 12 extensions with an SNI among them, padded to 512 octets.
fn client_hello() -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([0x5a; 32]);
    body.push(32);
    body.extend([0xa5; 32]);
    body.extend([0, 32]);
    body.extend([0x13, 1, 0x13, 2, 0x13, 3, 0xc0, 0x2b].repeat(4));
    body.extend([1, 0]);
    let mut extensions = extension(0x5a5a, &[]);
    extensions.extend(extension(0, &counted(&[&[0][..], &counted(b"www.example.org")].concat())));
    for kind in [23, 0xff01, 10, 11, 35, 5, 13, 18] {
        extensions.extend(extension(kind, &[0; 12]));
    }
    extensions.extend(extension(16, &counted(b"\x02h2\x08http/1.1")));
    extensions.extend(extension(21, &vec![0; 508 - 6 - body.len() - extensions.len()]));
    body.extend(counted(&extensions));
    let message = [vec![1, 0], counted(&body)].concat();
    [vec![22, 3, 1], counted(&message)].concat()
}

fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
    [kind.to_be_bytes().to_vec(), counted(content)].concat()
}

fn counted(octets: &[u8]) -> Vec<u8> {
    let len = u16::try_from(octets.len()).unwrap_or_default();
    [len.to_be_bytes().to_vec(), octets.to_vec()].concat()
}
