//! A writer of small files in the `MaxMind` DB format, for tests: a search tree, records that
//! are maps of texts and numbers, and the head.

use ipnet::IpNet;

/// A value of a record.
#[derive(Clone)]
pub(super) enum Value {
    Text(&'static str),
    Number(u32),
    Short(u16),
    Long(u64),
    Map(Vec<(&'static str, Self)>),
}

/// A network and its record.
pub(super) type Entry<'e> = (&'e str, Value);

/// A file of these entries, for IPv4 alone or both, with records of so many bits in the tree.
/// No network may lie in another.
pub(super) fn file(kind: &'static str, version: u32, bits: u32, entries: &[Entry<'_>]) -> Vec<u8> {
    let mut data = Vec::new();
    let mut nodes = vec![[Slot::Empty; 2]];
    for (network, value) in entries {
        let offset = data.len();
        put(&mut data, value);
        insert(&mut nodes, &path(network, version), offset);
    }
    let mut octets = Vec::new();
    for node in &nodes {
        let [left, right] = node.map(|slot| slot.number(nodes.len()));
        match bits {
            24 => octets.extend([left, right].iter().flat_map(|n| n.to_be_bytes().split_off_8())),
            28 => {
                let (l, r) = (left.to_be_bytes(), right.to_be_bytes());
                octets.extend([l[1], l[2], l[3], (l[0] << 4) | r[0], r[1], r[2], r[3]]);
            }
            _ => octets.extend([left, right].iter().flat_map(|n| n.to_be_bytes())),
        }
    }
    octets.extend([0; 16]);
    octets.extend(data);
    octets.extend(b"\xab\xcd\xefMaxMind.com");
    let short = |n: u32| u16::try_from(n).expect("small");
    let number = |n: usize| Value::Number(u32::try_from(n).expect("small"));
    put(
        &mut octets,
        &Value::Map(vec![
            ("node_count", number(nodes.len())),
            ("record_size", Value::Short(short(bits))),
            ("ip_version", Value::Short(short(version))),
            ("database_type", Value::Text(kind)),
            ("binary_format_major_version", Value::Short(2)),
            ("binary_format_minor_version", Value::Short(0)),
            ("build_epoch", Value::Long(1_767_225_600)),
            ("description", Value::Map(vec![("en", Value::Text("made for a test"))])),
        ]),
    );
    // `languages`, an array (type 11: extended, 11 - 7), empty: the map's size is one more.
    let head = octets.len() - metadata_len(&octets);
    octets[head] += 1;
    put(&mut octets, &Value::Text("languages"));
    octets.extend([0x00, 0x04]);
    octets
}

/// Octets behind the marker.
fn metadata_len(octets: &[u8]) -> usize {
    let marker = b"\xab\xcd\xefMaxMind.com";
    let at =
        octets.windows(marker.len()).rposition(|window| window == marker).expect("it is there");
    octets.len() - at - marker.len()
}

#[derive(Clone, Copy)]
enum Slot {
    Empty,
    Node(usize),
    Data(usize),
}

impl Slot {
    fn number(self, nodes: usize) -> u32 {
        let number = match self {
            Self::Empty => nodes,
            Self::Node(index) => index,
            Self::Data(offset) => nodes + 16 + offset,
        };
        u32::try_from(number).expect("small")
    }
}

/// The three lower octets of a number.
trait Lower {
    fn split_off_8(self) -> [u8; 3];
}

impl Lower for [u8; 4] {
    fn split_off_8(self) -> [u8; 3] {
        [self[1], self[2], self[3]]
    }
}

/// The bits of a network's prefix; IPv4 lies at `::/96` of a tree of both.
fn path(network: &str, version: u32) -> Vec<bool> {
    let network: IpNet = network.parse().expect("a network");
    let bits = |octets: &[u8], len: u8| -> Vec<bool> {
        (0..usize::from(len)).map(|n| octets[n / 8] >> (7 - n % 8) & 1 == 1).collect()
    };
    match network {
        IpNet::V4(net) if version == 4 => bits(&net.addr().octets(), net.prefix_len()),
        IpNet::V4(net) => bits(&net.addr().to_ipv6_compatible().octets(), net.prefix_len() + 96),
        IpNet::V6(net) => bits(&net.addr().octets(), net.prefix_len()),
    }
}

fn insert(nodes: &mut Vec<[Slot; 2]>, path: &[bool], offset: usize) {
    let (last, way) = path.split_last().expect("a prefix");
    let mut at = 0;
    for bit in way {
        at = match nodes[at][usize::from(*bit)] {
            Slot::Node(next) => next,
            Slot::Empty => {
                nodes.push([Slot::Empty; 2]);
                let next = nodes.len() - 1;
                nodes[at][usize::from(*bit)] = Slot::Node(next);
                next
            }
            Slot::Data(_) => panic!("a network lies in another"),
        };
    }
    nodes[at][usize::from(*last)] = Slot::Data(offset);
}

/// Control octet, size, content: types 2 (text), 5 (16 bits), 6 (32 bits) and 7 (map).
fn put(out: &mut Vec<u8>, value: &Value) {
    let small = |n: usize| u8::try_from(n).ok().filter(|n| *n < 29).expect("small");
    match value {
        Value::Text(text) if text.len() >= 29 => {
            out.extend([2 << 5 | 0x1d, u8::try_from(text.len() - 29).expect("small")]);
            out.extend(text.as_bytes());
        }
        Value::Text(text) => {
            out.push(2 << 5 | small(text.len()));
            out.extend(text.as_bytes());
        }
        Value::Number(number) => {
            out.push(6 << 5 | 4);
            out.extend(number.to_be_bytes());
        }
        Value::Short(number) => {
            out.push(5 << 5 | 2);
            out.extend(number.to_be_bytes());
        }
        // Type 9: extended, 9 - 7.
        Value::Long(number) => {
            out.extend([8, 2]);
            out.extend(number.to_be_bytes());
        }
        Value::Map(fields) => {
            out.push(7 << 5 | small(fields.len()));
            for (key, value) in fields {
                put(out, &Value::Text(key));
                put(out, value);
            }
        }
    }
}
