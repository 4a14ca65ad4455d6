//! Captures at random: conversations of some clients, over several links, well and badly formed.

use proptest::prelude::*;

use crate::random::Random;
use crate::record::{ETHERNET, Record};

/// What a client and a server do. Times are in milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Conversation {
    pub(crate) client: u8,
    server: u8,
    port: u8,
    kind: Kind,
    family: Family,
    link: u16,
    vlans: Vec<u16>,
    name: usize,
    start: u32,
    gap: u32,
    length: u8,
    wire: Wire,
    seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Tls,
    Http,
    Dns,
    Datagrams,
    Echo,
    Gre,
    Fragments,
    Reset,
    Arp,
    Garbage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    V4,
    V6,
}

/// What the records say of their frames' lengths.
#[derive(Clone, Copy, Debug)]
enum Wire {
    /// All was captured.
    Whole,
    /// Only so many octets were kept.
    Snaplen(u16),
    /// There was more on the wire, whatever the headers say.
    More(u32),
}

/// Hosts that are asked for: with a signature and without.
const NAMES: [&str; 6] = [
    "self.events.data.microsoft.com",
    "munchkin.marketo.net",
    "app.adjust.com",
    "api.airbrake.io",
    "www.example.org",
    "intranet.example",
];

const RAW: u16 = 101;
const COOKED: u16 = 113;
const COOKED_2: u16 = 276;
const LOOPBACK: u16 = 0;
/// A link type that nobody can know.
const PRIVATE: u16 = 147;

/// 2026-01-05T08:59:00Z: an hour ends a minute later.
const START: i64 = 1_767_603_540_000_000_000;

/// Which conversations a capture may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mixture {
    /// Everything, in pcapng.
    Any,
    /// Ethernet alone, so that pcap can hold it.
    Ethernet,
    /// Ethernet alone, and every frame belongs to a flow.
    Flows,
}

/// Up to `most` conversations.
pub(crate) fn conversations(mixture: Mixture, most: usize) -> BoxedStrategy<Vec<Conversation>> {
    prop::collection::vec(conversation(mixture), 1..most).boxed()
}

fn conversation(mixture: Mixture) -> impl Strategy<Value = Conversation> {
    let link = match mixture {
        Mixture::Any => {
            prop::sample::select(vec![ETHERNET, ETHERNET, RAW, COOKED, COOKED_2, LOOPBACK, PRIVATE])
                .boxed()
        }
        Mixture::Ethernet | Mixture::Flows => Just(ETHERNET).boxed(),
    };
    let mut kinds = vec![
        Kind::Tls,
        Kind::Http,
        Kind::Dns,
        Kind::Dns,
        Kind::Datagrams,
        Kind::Echo,
        Kind::Gre,
        Kind::Fragments,
        Kind::Reset,
    ];
    let mut wires = vec![Just(Wire::Whole).boxed(), (1..100_000_u32).prop_map(Wire::More).boxed()];
    if mixture != Mixture::Flows {
        kinds.extend([Kind::Arp, Kind::Garbage]);
        wires.push((0..120_u16).prop_map(Wire::Snaplen).boxed());
        wires.push(Just(Wire::More(4_000_000_000)).boxed());
    }
    let ends = (0..5_u8, 0..4_u8, 0..4_u8, prop::sample::select(vec![Family::V4, Family::V6]));
    let form = (prop::sample::select(kinds), link, prop::collection::vec(1..4_u16, 0..3));
    let times = (0..7_200_000_u32, prop_oneof![4 => 0..50_u32, 1 => 0..900_000_u32], 1..12_u8);
    let rest = (0..NAMES.len(), prop::strategy::Union::new(wires), any::<u64>());
    (ends, form, times, rest).prop_map(|(ends, form, times, rest)| Conversation {
        client: ends.0,
        server: ends.1,
        port: ends.2,
        family: ends.3,
        kind: form.0,
        link: form.1,
        vlans: form.2,
        start: times.0,
        gap: times.1,
        length: times.2,
        name: rest.0,
        wire: rest.1,
        seed: rest.2,
    })
}

/// The frames of all conversations in the order of time, each with its client.
pub(crate) fn frames(conversations: &[Conversation]) -> Vec<(u8, Record)> {
    let mut all: Vec<_> =
        conversations.iter().flat_map(|c| c.frames().map(|frame| (c.client, frame))).collect();
    all.sort_by_key(|(_, record)| record.time);
    all
}

/// The same without the clients.
pub(crate) fn records(conversations: &[Conversation]) -> Vec<Record> {
    frames(conversations).into_iter().map(|(_, record)| record).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

const TCP: u8 = 6;
const UDP: u8 = 17;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;
const FIN: u8 = 1;

impl Conversation {
    fn frames(&self) -> impl Iterator<Item = Record> {
        let mut random = Random::new(self.seed ^ u64::from(self.client));
        let mut packets = self.packets(&mut random);
        if self.kind == Kind::Arp {
            packets = vec![(Way::Up, self.arp()); usize::from(self.length)];
        }
        let mut time = START + i64::from(self.start) * 1_000_000;
        let mut records = Vec::new();
        for (way, packet) in packets {
            let octets = self.framed(way, packet, &mut random);
            records.push(self.record(time, octets));
            time += i64::from(self.gap) * 1_000_000 + 1000;
        }
        records.into_iter()
    }

    fn record(&self, time: i64, mut octets: Vec<u8>) -> Record {
        let len = u32::try_from(octets.len()).expect("a short frame");
        let wire_len = match self.wire {
            Wire::Whole | Wire::Snaplen(_) => len,
            Wire::More(more) => len + more,
        };
        if let Wire::Snaplen(most) = self.wire {
            // An empty record looks like octets that were never written.
            octets.truncate(usize::from(most).max(1));
        }
        Record { time, link: self.link, wire_len, octets }
    }

    /// IP packets and their directions.
    fn packets(&self, random: &mut Random) -> Vec<(Way, Vec<u8>)> {
        let host = NAMES[self.name];
        match self.kind {
            Kind::Tls => self.connection(443, &client_hello(host), random),
            Kind::Http => {
                let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
                self.connection(80, request.as_bytes(), random)
            }
            Kind::Dns => vec![
                (Way::Up, self.udp(Way::Up, 53, &query(host))),
                (Way::Down, self.udp(Way::Down, 53, &self.answer(host))),
            ],
            Kind::Datagrams => (0..self.length)
                .map(|n| {
                    let way = if n % 3 == 0 { Way::Down } else { Way::Up };
                    (way, self.udp(way, 9999, &noise(random, 40)))
                })
                .collect(),
            Kind::Echo => (0..self.length)
                .map(|n| {
                    let way = if n % 2 == 0 { Way::Up } else { Way::Down };
                    let (protocol, kind) = match (self.family, way) {
                        (Family::V4, Way::Up) => (1, 8),
                        (Family::V4, Way::Down) => (1, 0),
                        (Family::V6, Way::Up) => (58, 128),
                        (Family::V6, Way::Down) => (58, 129),
                    };
                    (way, self.ip(way, protocol, &[kind, 0, 0, 0, 0, 1, 0, n]))
                })
                .collect(),
            // An opaque payload: EtherType 0x1234 is nothing that can be looked into.
            Kind::Gre => vec![(Way::Up, self.ip(Way::Up, 47, &[0, 0, 0x12, 0x34, 1, 2, 3]))],
            Kind::Fragments => self.fragments(random),
            Kind::Reset => {
                let segment = |way, flags| (way, self.tcp(way, 443, 1, flags, &[]));
                let round = [segment(Way::Up, SYN), segment(Way::Down, RST | ACK)];
                let packets = usize::from(self.length) * round.len();
                round.into_iter().cycle().take(packets).collect()
            }
            Kind::Arp | Kind::Garbage => (0..self.length)
                .map(|_| {
                    let most = random.below(100) + 1;
                    (Way::Up, noise(random, most))
                })
                .collect(),
        }
    }

    /// A TCP connection: handshake, the client's first octets in one or two segments, some data,
    /// and perhaps an end.
    fn connection(&self, port: u16, first: &[u8], random: &mut Random) -> Vec<(Way, Vec<u8>)> {
        let up = |seq, flags, data: &[u8]| (Way::Up, self.tcp(Way::Up, port, seq, flags, data));
        let down =
            |seq, flags, data: &[u8]| (Way::Down, self.tcp(Way::Down, port, seq, flags, data));
        let mut packets = vec![up(100, SYN, &[]), down(500, SYN | ACK, &[])];
        let cut = random.below(first.len());
        let (head, tail) = first.split_at(cut);
        let mut seq = 101;
        for data in [head, tail].into_iter().filter(|d| !d.is_empty()) {
            packets.push(up(seq, ACK, data));
            seq += u32::try_from(data.len()).expect("a short message");
        }
        for n in 0..u32::from(self.length) {
            packets.push(down(501 + n * 60, ACK, &noise(random, 60)));
        }
        if random.below(2) == 0 {
            packets.extend([up(seq, FIN | ACK, &[]), down(9999, FIN | ACK, &[])]);
        }
        if random.below(4) == 0 {
            packets.drain(..2); // began before the capture
        }
        packets
    }

    /// An IPv4 datagram in two fragments; in IPv6 a datagram that is whole.
    fn fragments(&self, random: &mut Random) -> Vec<(Way, Vec<u8>)> {
        let datagram = self.segment(Way::Up, UDP, 9999, &noise(random, 72));
        if self.family == Family::V6 {
            return vec![(Way::Up, self.ip(Way::Up, UDP, &datagram))];
        }
        let id = random.octet();
        let parts = [(0x2000_u16, &datagram[..40]), (5, &datagram[40..])];
        let packets = parts.map(|(place, data)| {
            let mut packet = self.ip(Way::Up, UDP, data);
            packet[4..6].copy_from_slice(&[self.port, id]);
            packet[6..8].copy_from_slice(&place.to_be_bytes());
            (Way::Up, packet)
        });
        // The second part alone, now and then.
        packets.into_iter().skip(usize::from(random.below(4) == 0)).collect()
    }

    fn tcp(&self, way: Way, port: u16, seq: u32, flags: u8, data: &[u8]) -> Vec<u8> {
        let mut segment = seq.to_be_bytes().to_vec();
        segment.extend([0, 0, 0, 0, 0x50, flags, 0x20, 0, 0, 0, 0, 0]);
        segment.extend(data);
        let segment = self.segment(way, TCP, port, &segment);
        self.ip(way, TCP, &segment)
    }

    fn udp(&self, way: Way, port: u16, data: &[u8]) -> Vec<u8> {
        let segment = self.segment(way, UDP, port, data);
        self.ip(way, UDP, &segment)
    }

    /// Ports, and for UDP length and checksum, before `data`.
    fn segment(&self, way: Way, protocol: u8, port: u16, data: &[u8]) -> Vec<u8> {
        let client = 40_000 + u16::from(self.port);
        let (source, destination) = if way == Way::Up { (client, port) } else { (port, client) };
        let mut segment = source.to_be_bytes().to_vec();
        segment.extend(destination.to_be_bytes());
        if protocol == UDP {
            segment.extend(short(data.len() + 8));
            segment.extend([0, 0]);
        }
        segment.extend(data);
        segment
    }

    fn ip(&self, way: Way, protocol: u8, data: &[u8]) -> Vec<u8> {
        let mut packet = match self.family {
            Family::V4 => {
                let mut header = vec![0x45, 0];
                header.extend(short(data.len() + 20));
                header.extend([0, 0, 0, 0, 64, protocol, 0, 0]);
                header
            }
            Family::V6 => {
                let mut header = vec![0x60, 0, 0, 0];
                header.extend(short(data.len()));
                header.extend([protocol, 64]);
                header
            }
        };
        let ends = [self.address(Way::Up), self.address(Way::Down)];
        let [source, destination] =
            if way == Way::Up { ends } else { [ends[1].clone(), ends[0].clone()] };
        packet.extend(source);
        packet.extend(destination);
        packet.extend(data);
        packet
    }

    /// The address of the client (who sends up) or of the server.
    fn address(&self, of: Way) -> Vec<u8> {
        match (self.family, of) {
            (Family::V4, Way::Up) => vec![10, 0, 0, self.client + 1],
            (Family::V4, Way::Down) => vec![198, 51, 100, self.server + 1],
            (Family::V6, Way::Up) => [&[0xfd; 15][..], &[self.client]].concat(),
            (Family::V6, Way::Down) => {
                [&[0x20, 1, 0x0d, 0xb8][..], &[0; 11], &[self.server]].concat()
            }
        }
    }

    /// A DNS answer: the name has the server's address for a minute.
    fn answer(&self, host: &str) -> Vec<u8> {
        let mut message = query(host);
        message[2..4].copy_from_slice(&[0x81, 0x80]);
        message[7] = 1;
        let address = self.address(Way::Down);
        let kind = if self.family == Family::V4 { 1 } else { 28 };
        message.extend([0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 60]);
        message.extend(short(address.len()));
        message.extend(address);
        message
    }

    fn arp(&self) -> Vec<u8> {
        let mut arp = vec![0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, self.client];
        arp.extend([10, 0, 0, self.client, 0, 0, 0, 0, 0, 0, 10, 0, 0, self.server]);
        arp
    }

    /// Puts the link's header before a packet.
    fn framed(&self, way: Way, packet: Vec<u8>, random: &mut Random) -> Vec<u8> {
        let kind = match (self.kind, self.family) {
            (Kind::Arp, _) => 0x0806_u16,
            (_, Family::V4) => 0x0800,
            (_, Family::V6) => 0x86dd,
        };
        let mut frame = Vec::new();
        match self.link {
            ETHERNET if self.kind == Kind::Garbage && random.below(2) == 0 => {}
            ETHERNET => {
                let (client, server) = ([2, 0, 0, 0, 0, self.client], [2, 0, 0, 0, 1, self.server]);
                let macs = if way == Way::Up { [server, client] } else { [client, server] };
                frame.extend(macs.as_flattened());
                for vlan in &self.vlans {
                    frame.extend([0x81, 0]);
                    frame.extend(vlan.to_be_bytes());
                }
                frame.extend(kind.to_be_bytes());
            }
            COOKED => {
                frame.extend([0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, self.client, 0, 0]);
                frame.extend(kind.to_be_bytes());
            }
            COOKED_2 => {
                frame.extend(kind.to_be_bytes());
                frame.extend([0, 0, 0, 0, 0, 1, 0, 1, 4, 6, 2, 0, 0, 0, 0, self.client, 0, 0]);
            }
            LOOPBACK => {
                frame.extend(if self.family == Family::V4 { [2, 0, 0, 0] } else { [30, 0, 0, 0] });
            }
            _ => {}
        }
        frame.extend(packet);
        frame
    }
}

fn noise(random: &mut Random, len: usize) -> Vec<u8> {
    (0..len).map(|_| random.octet()).collect()
}

fn short(len: usize) -> [u8; 2] {
    u16::try_from(len).expect("a short message").to_be_bytes()
}

/// A DNS query for the host's address.
pub(crate) fn query(host: &str) -> Vec<u8> {
    let mut message = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in host.split('.') {
        message.push(u8::try_from(label.len()).expect("a short label"));
        message.extend(label.as_bytes());
    }
    message.extend([0, 0, 1, 0, 1]);
    message
}

/// A ClientHello whose only extension is `server_name` (RFC 8446 §4.1.2, RFC 6066 §3).
pub(crate) fn client_hello(host: &str) -> Vec<u8> {
    let mut name = vec![0];
    name.extend(short(host.len()));
    name.extend(host.as_bytes());
    let mut extension = vec![0, 0];
    extension.extend(short(name.len() + 2));
    extension.extend(short(name.len()));
    extension.extend(name);
    hello_with(&extension)
}

/// A ClientHello with these extensions, in a record (RFC 8446 §4.1.2).
pub(crate) fn hello_with(extensions: &[u8]) -> Vec<u8> {
    let mut hello = vec![3, 3];
    hello.extend([7; 32]);
    hello.extend([0, 0, 2, 0x13, 0x01, 1, 0]);
    hello.extend(short(extensions.len()));
    hello.extend(extensions);
    let mut record = vec![22, 3, 1];
    record.extend(short(hello.len() + 4));
    record.extend([1, 0]);
    record.extend(short(hello.len()));
    record.extend(hello);
    record
}
