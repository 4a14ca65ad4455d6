//! What holds for what stands before another protocol, and for calls.

use vigie::flow::{FlowFlags, Side};
use vigie::name::{Budget, Findings, HostName, NameSearch, Piece, PieceKind, Via};

/// What a flow gave.
type Found = (Vec<(HostName, Via)>, FlowFlags);

/// A client's stream shows in segments what it shows in one piece, names and flags, or more: behind
/// what cannot be read, a segment that starts a request is read anew. Datagrams are survived in any
/// order. Names are host names, buffers stay within the budget and are given back.
///
/// The input: an octet that chooses the opening (one that is not in the list: none; from 128 on:
/// datagrams), an octet for the length of segments or for the port, the octets. Before each datagram
/// stands its length (one octet, times 8; the highest bit: from the server).
pub fn openings_lead_to_the_same_whatever_their_segments(input: &[u8]) {
    let Some(([kind, step], octets)) = input.split_first_chunk() else { return };
    if *kind >= 128 {
        datagrams(PORTS[usize::from(step % 4)], octets);
        return;
    }
    let opening = OPENINGS.get(usize::from(*kind)).copied().unwrap_or_default();
    let octets = octets.get(..LONGEST).unwrap_or(octets);
    let stream = [opening, octets].concat();
    let (whole, whole_flags) = search(&stream, usize::MAX);
    let (parts, parts_flags) = search(&stream, usize::from(*step) + 1);
    assert!(parts.starts_with(&whole), "{whole:?} in one piece, {parts:?} in many");
    assert!(parts_flags.has(whole_flags), "{whole_flags:?} in one piece, {parts_flags:?} in many");
    names_are_host_names(&parts);
}

/// Octets after the opening: within every bound, so that none decides.
const LONGEST: usize = 1500;

const PORTS: [(u16, u16); 4] = [(40_000, 443), (40_000, 3478), (5060, 5060), (40_000, 5683)];

const OPENINGS: [&[u8]; 17] = [
    b"\x05\x01\x00",
    b"\x05\x01\x00\x05\x01\x00\x03\x0bproxied.net\x01\xbb",
    b"\x04\x01\x01\xbb\x00\x00\x00\x01me\0proxied.net\0",
    b"CONNECT proxied.net:443 HTTP/1.1\r\n\r\n",
    b"PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n",
    b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x01\xc6\x33\x64\x01\xdc\x04\x01\xbb",
    b"EHLO client.example\r\nSTARTTLS\r\n",
    b"EHLO client.example\r\n",
    b"\x00\x00\x00\x08\x04\xd2\x16\x2f",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x40\x01\x04\x00\x00\x00\x01\x82\x86\x84",
    b"GET / HTTP/1.1\r\nHost: first.example\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    b"<?xml version='1.0'?><stream:stream to='im.example'>",
    b"INVITE sip:",
    b"\x01\x13\0\x14\x21\x12\xa4\x42\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\0\x14\0\x10turn.example.org",
    b"\0\x28\x01\x13\0\x14\x21\x12\xa4\x42\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\0\x14\0\x10turn.example.org",
    b"\x02\0\0\x28\x01\x13\0\x14\x21\x12\xa4\x42\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\0\x14\0\x10turn.example.org",
];

fn search(stream: &[u8], step: usize) -> Found {
    let mut bench = Bench::default();
    bench.offer(PieceKind::Segment { seq: 1, syn: true }, Side::Low, (40_000, 443), &[]);
    let mut seq = 1_u32;
    for part in stream.chunks(step) {
        bench.offer(PieceKind::Segment { seq, syn: false }, Side::Low, (40_000, 443), part);
        seq += u32::try_from(part.len()).unwrap_or(u32::MAX);
    }
    bench.close()
}

fn datagrams((client, server): (u16, u16), mut octets: &[u8]) {
    let mut bench = Bench::default();
    while let Some((head, rest)) = octets.split_first() {
        let (datagram, left) = rest.split_at(rest.len().min(usize::from(head & 0x7f) * 8));
        octets = left;
        let (side, ports) = match head & 0x80 {
            0 => (Side::Low, (client, server)),
            _ => (Side::High, (server, client)),
        };
        bench.offer(PieceKind::Datagram, side, ports, datagram);
    }
    let (names, _) = bench.close();
    names_are_host_names(&names);
}

fn names_are_host_names(names: &[(HostName, Via)]) {
    for (name, via) in names {
        let again = HostName::from_wire(name.as_str().as_bytes());
        assert_eq!(again.as_ref(), Ok(name), "{name:?} ({via:?}) is not a host name");
    }
}

/// A search with what it gave.
struct Bench {
    search: NameSearch,
    budget: Budget,
    findings: Findings,
    found: Found,
}

impl Default for Bench {
    fn default() -> Self {
        Self {
            search: NameSearch::default(),
            budget: Budget { used: 0, limit: 1 << 20, hits: 0 },
            findings: Findings::default(),
            found: Found::default(),
        }
    }
}

impl Bench {
    fn offer(&mut self, kind: PieceKind, side: Side, ports: (u16, u16), payload: &[u8]) {
        let wire_len = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        let piece = Piece { side, kind, ports, payload, wire_len };
        self.search.offer(&piece, &mut self.findings, &mut self.budget);
        assert!(self.budget.used <= self.budget.limit, "{} octets kept", self.budget.used);
        self.found.0.append(&mut self.findings.names);
        self.found.1 |= self.findings.flags;
        self.findings.clear();
    }

    fn close(mut self) -> Found {
        let _ = self.search.without();
        self.search.close(&mut self.budget);
        assert_eq!(self.budget.used, 0, "a closed search keeps nothing");
        self.found
    }
}
