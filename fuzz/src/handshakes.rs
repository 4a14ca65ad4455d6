//! What holds for the hellos and certificates of TLS.

use vigie::flow::{FlowFlags, Side};
use vigie::name::{Budget, Findings, HostName, NameSearch, Piece, PieceKind, Via};

/// What a handshake gave.
type Found = (Vec<(HostName, Via)>, FlowFlags, Option<(String, String)>);

/// A client's hello and a server's certificate, whatever is in them, give the same in one segment
/// and in many; names are host names, fingerprints have their length and are ASCII.
///
/// The input: octets of a segment, how the octets are framed (bit 0 the client's, bit 1 the
/// server's: whole messages around them, else the beginning of a record before them), the client's
/// length (two octets), its octets, the server's octets.
pub fn handshakes_give_the_same_whatever_their_segments(input: &[u8]) {
    let Some(([step, framing, high, low], rest)) = input.split_first_chunk() else { return };
    let length = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
    let (hello, leaf) = rest.split_at(length);
    let client = match framing & 1 {
        0 => [&[22, 3], hello].concat(),
        _ => record(&message(1, hello)),
    };
    let server = match framing & 2 {
        0 => [&[22, 3], leaf].concat(),
        _ => [record(&message(2, &SERVER_HELLO)), record(&message(11, &list(leaf)))].concat(),
    };
    let whole = search(&client, &server, usize::MAX);
    let parts = search(&client, &server, usize::from(*step) + 1);
    // What is held, as it came and put together, has a bound: more than half of that may reach it
    // in one cut and not in another, and then flows say so.
    let is_large = client.len().max(server.len()) > HALF_HELD;
    if is_large && (whole.1 | parts.1).has(FlowFlags::BOUND) {
        return;
    }
    assert_eq!(whole, parts, "segments of {} octets", usize::from(*step) + 1);
    let (names, _, fingerprint) = whole;
    for (name, _) in names {
        assert_eq!(HostName::from_wire(name.as_str().as_bytes()).as_ref(), Ok(&name));
    }
    if let Some((ja4, ja3)) = fingerprint {
        assert_eq!((ja4.len(), ja3.len()), (36, 32));
        assert!(ja4.is_ascii() && ja3.is_ascii());
    }
}

/// Half of the octets that a search holds of one direction at most.
const HALF_HELD: usize = 48 * 1024;

/// TLS 1.2, no session, one cipher suite, no extensions.
const SERVER_HELLO: [u8; 38] = {
    let mut body = [0x5a; 38];
    (body[0], body[1]) = (3, 3);
    (body[34], body[35], body[36], body[37]) = (0, 0xc0, 0x2f, 0);
    body
};

fn search(client: &[u8], server: &[u8], step: usize) -> Found {
    let mut search = NameSearch::default();
    let mut budget = Budget { used: 0, limit: 1 << 20, hits: 0 };
    let mut findings = Findings::default();
    let mut found = Found::default();
    for (side, octets) in [(Side::Low, client), (Side::High, server)] {
        let ports = if side == Side::Low { (40_000, 443) } else { (443, 40_000) };
        let mut seq = 1;
        let kind = PieceKind::Segment { seq, syn: true };
        let opening = Piece { side, kind, ports, payload: &[], wire_len: 0 };
        search.offer(&opening, &mut findings, &mut budget);
        for payload in octets.chunks(step) {
            let wire_len = u32::try_from(payload.len()).unwrap_or(u32::MAX);
            let kind = PieceKind::Segment { seq, syn: false };
            let piece = Piece { side, kind, ports, payload, wire_len };
            search.offer(&piece, &mut findings, &mut budget);
            seq += wire_len;
            found.0.append(&mut findings.names);
            found.1 |= findings.flags;
            let fingerprint = findings.fingerprint.take();
            found.2 = found.2.or_else(|| fingerprint.map(|f| (f.ja4(), f.ja3())));
            findings.clear();
        }
    }
    search.close(&mut budget);
    assert_eq!(budget.used, 0, "a closed search keeps nothing");
    found
}

/// Certificate list with one certificate.
fn list(leaf: &[u8]) -> Vec<u8> {
    let one = [&three(leaf.len()), leaf].concat();
    [&three(one.len()), &one[..]].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind], &three(body.len())[..], body].concat()
}

/// The octets in records of at most 16 KiB.
fn record(octets: &[u8]) -> Vec<u8> {
    let part = |part: &[u8]| {
        let [_, high, low] = three(part.len());
        [&[22, 3, 1, high, low], part].concat()
    };
    octets.chunks(1 << 14).flat_map(part).collect()
}

fn three(len: usize) -> [u8; 3] {
    let [_, a, b, c] = u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes();
    [a, b, c]
}
