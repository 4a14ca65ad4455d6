//! Tests only: the datagrams of other people's captures, and what tshark says of them.

use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use etherparse::{LaxNetSlice, LaxSlicedPacket, TransportSlice};
use pcap_parser::{Block, Linktype, PcapBlockOwned, create_reader};

use crate::flow::Side;

/// A UDP datagram as far as it was captured.
pub(in crate::name) struct Datagram {
    pub(in crate::name) from: SocketAddr,
    pub(in crate::name) to: SocketAddr,
    pub(in crate::name) payload: Vec<u8>,
}

impl Datagram {
    /// The flow: both ends in order.
    pub(in crate::name) fn ends(&self) -> (SocketAddr, SocketAddr) {
        (self.from.min(self.to), self.from.max(self.to))
    }

    pub(in crate::name) fn side(&self) -> Side {
        if self.from <= self.to { Side::Low } else { Side::High }
    }
}

/// Both ends of a flow in order, and a name.
pub(in crate::name) type Named = ((SocketAddr, SocketAddr), String);

/// What the oracle says of a capture's UDP flows.
pub(in crate::name) struct Oracle(serde_json::Value);

/// The captures with their oracles; `None`, said aloud, where the corpus is not there.
pub(in crate::name) fn corpus() -> Option<Vec<(PathBuf, Oracle)>> {
    let root = [env!("CARGO_MANIFEST_DIR"), "..", "shared", "corpus"].iter().collect::<PathBuf>();
    if !root.is_dir() {
        eprintln!("SKIPPED: {} is not there", root.display());
        return None;
    }
    let mut found = Vec::new();
    walk(&root.join("expected"), &mut found);
    found.sort();
    let of = |path: PathBuf| {
        let oracle = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let below = path.strip_prefix(root.join("expected")).unwrap().with_extension("");
        (root.join("captures").join(below), Oracle(oracle))
    };
    Some(found.into_iter().map(of).collect())
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, found) } else { found.push(path) }
    }
}

impl Oracle {
    /// The names of UDP flows in one of the lists (`names`, `either`) with this `via`.
    pub(in crate::name) fn named(&self, list: &str, via: &str) -> BTreeSet<Named> {
        let flows = self.0["flows"].as_array().unwrap();
        let rows = self.0[list].as_array().unwrap().iter();
        rows.filter(|row| row[1] == via)
            .filter_map(|row| {
                let flow = &flows[usize::try_from(row[0].as_u64()?).ok()?];
                let end = |ip: usize| {
                    let port = u16::try_from(flow[ip + 1].as_u64()?).ok()?;
                    Some(SocketAddr::new(flow[ip].as_str()?.parse().ok()?, port))
                };
                let (a, b) = (end(1)?, end(3)?);
                (flow[0] == "udp").then(|| ((a.min(b), a.max(b)), row[2].as_str().unwrap().into()))
            })
            .collect()
    }
}

/// The UDP datagrams in a capture whose frames need no more than Ethernet, cooked or raw IP.
pub(in crate::name) fn datagrams(capture: &Path) -> Vec<Datagram> {
    let mut found = Vec::new();
    let mut links: Vec<Linktype> = Vec::new();
    // Room for the whole file: nothing is read a second time.
    let octets = std::fs::read(capture).unwrap();
    let Ok(mut reader) = create_reader(octets.len() + 1024, octets.as_slice()) else {
        return found;
    };
    loop {
        match reader.next() {
            Ok((len, block)) => {
                match &block {
                    PcapBlockOwned::LegacyHeader(header) => links = vec![header.network],
                    PcapBlockOwned::Legacy(frame) => {
                        found.extend(datagram(links[0], frame.data));
                    }
                    PcapBlockOwned::NG(Block::SectionHeader(_)) => links.clear(),
                    PcapBlockOwned::NG(Block::InterfaceDescription(i)) => links.push(i.linktype),
                    PcapBlockOwned::NG(Block::EnhancedPacket(frame)) => {
                        let link = links.get(frame.if_id as usize);
                        found.extend(link.and_then(|l| datagram(*l, frame.data)));
                    }
                    PcapBlockOwned::NG(_) => {}
                }
                reader.consume(len);
            }
            Err(_) => return found,
        }
    }
}

fn datagram(link: Linktype, frame: &[u8]) -> Option<Datagram> {
    let packet = match link.0 {
        1 => LaxSlicedPacket::from_ethernet(frame).ok()?,
        0 => LaxSlicedPacket::from_ip(frame.get(4..)?).ok()?,
        9 => LaxSlicedPacket::from_ip(frame.get(if frame.first()? == &0xff { 4 } else { 2 }..)?)
            .ok()?,
        113 => LaxSlicedPacket::from_ip(frame.get(16..)?).ok()?,
        12 | 101 | 228 | 229 => LaxSlicedPacket::from_ip(frame).ok()?,
        _ => return None,
    };
    let (from, to): (IpAddr, IpAddr) = match packet.net.as_ref()? {
        LaxNetSlice::Ipv4(ip) => {
            (ip.header().source_addr().into(), ip.header().destination_addr().into())
        }
        LaxNetSlice::Ipv6(ip) => {
            (ip.header().source_addr().into(), ip.header().destination_addr().into())
        }
        LaxNetSlice::Arp(_) => return None,
    };
    let Some(TransportSlice::Udp(udp)) = packet.transport else { return None };
    Some(Datagram {
        from: SocketAddr::new(from, udp.source_port()),
        to: SocketAddr::new(to, udp.destination_port()),
        payload: udp.payload().to_vec(),
    })
}

/// Found, wanted and missing names of one `via`, summed up over captures.
#[derive(Default)]
pub(in crate::name) struct Score {
    pub(in crate::name) right: usize,
    pub(in crate::name) missing: Vec<(PathBuf, Named)>,
    pub(in crate::name) extra: Vec<(PathBuf, Named)>,
}

impl Score {
    /// Compares what was found in a capture; what is in `either` counts neither way.
    pub(in crate::name) fn add(
        &mut self,
        capture: &Path,
        found: &BTreeSet<Named>,
        wanted: &BTreeSet<Named>,
        either: &BTreeSet<Named>,
    ) {
        let place = |named: &Named| (capture.to_path_buf(), named.clone());
        self.right += wanted.intersection(found).count();
        self.missing.extend(wanted.difference(found).map(place));
        let extra = found.difference(wanted).filter(|named| !either.contains(named));
        self.extra.extend(extra.map(place));
    }

    /// Prints the differences and the sums.
    pub(in crate::name) fn print(&self, what: &str) {
        for (sign, list) in [('-', &self.missing), ('+', &self.extra)] {
            for (capture, ((a, b), name)) in list {
                let file = capture.file_name().unwrap().to_string_lossy();
                println!("{sign} {what} {file} {a} {b} {name}");
            }
        }
        let (missing, extra) = (self.missing.len(), self.extra.len());
        println!("{what}: {} right, {missing} missing, {extra} extra", self.right);
    }
}

/// The latest state of each flow.
pub(in crate::name) type PerFlow<T> = HashMap<(SocketAddr, SocketAddr), T>;
