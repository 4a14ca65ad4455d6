//! A frame, from the words of a case.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use etherparse::{
    EtherType, IpFragOffset, IpHeaders, IpNumber, Ipv4Header, Ipv6FlowLabel, Ipv6Header,
    PacketBuilder, TcpHeader, UdpHeader, VlanHeader,
};
use jiff::SignedDuration;
use serde::Deserialize;

use super::capture::Record;
use super::payload;

/// One `[[frame]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrameText {
    /// Time since [`START`]: `1.5s`, `1h1m`. Without it: a frame without time.
    at: Option<String>,
    tcp: Option<String>,
    udp: Option<String>,
    icmp: Option<String>,
    /// Another frame than IP's, whole, in hexadecimal.
    raw: Option<String>,
    /// Control bits as tcpdump writes them; `.` is ACK.
    #[serde(default)]
    flags: Option<String>,
    /// Sequence number, relative to the first of this direction.
    seq: Option<u32>,
    payload: Option<String>,
    /// Which octets of the payload this packet carries.
    part: Option<[usize; 2]>,
    #[serde(default)]
    vlan: Vec<u16>,
    fragment: Option<Fragment>,
    /// Octets that the capture keeps.
    captured: Option<usize>,
    /// Octets on the wire that the record states.
    wire: Option<u32>,
}

/// Part of an IPv4 datagram.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fragment {
    id: u16,
    /// Which octets of what IP carries, transport header included.
    octets: [usize; 2],
}

/// The next sequence number of each direction, relative to its first.
#[derive(Debug, Default)]
pub(super) struct Sequences(HashMap<String, u32>);

/// 2026-01-05T08:00:00Z in nanoseconds.
pub(super) const START: u64 = 1_767_600_000_000_000_000;
/// Sequence number that stands for 0.
const FIRST_SEQUENCE: u32 = 1_000_000;

impl FrameText {
    /// The record for the capture.
    pub(super) fn record(&self, sequences: &mut Sequences) -> Result<Record, String> {
        let octets = self.octets(sequences)?;
        let whole = u32::try_from(octets.len()).map_err(|_| "too long".to_owned())?;
        let kept = self.captured.unwrap_or(octets.len()).min(octets.len());
        let time = self.at.as_deref().map(time).transpose()?;
        let wire_len = self.wire.unwrap_or(whole);
        Ok(Record { time, captured: octets[..kept].to_vec(), wire_len })
    }

    fn octets(&self, sequences: &mut Sequences) -> Result<Vec<u8>, String> {
        match (&self.tcp, &self.udp, &self.icmp, &self.raw) {
            (Some(ends), None, None, None) => self.segment(ends, sequences),
            (None, Some(ends), None, None) => {
                let (source, destination) = sockets(ends)?;
                let payload = self.payload()?;
                let (from, to) = (source.port(), destination.port());
                let header = UdpHeader::without_ipv4_checksum(from, to, payload.len());
                let header = header.map_err(|e| e.to_string())?.to_bytes();
                let datagram = [&header[..], &payload].concat();
                self.packet(source.ip(), destination.ip(), IpNumber::UDP, &datagram)
            }
            (None, None, Some(ends), None) => {
                let (source, destination) = two(ends)?;
                let [source, destination] = [address(source)?, address(destination)?];
                let (protocol, kind) = match source {
                    IpAddr::V4(_) => (IpNumber::ICMP, 8),
                    IpAddr::V6(_) => (IpNumber::IPV6_ICMP, 128),
                };
                let echo = [&[kind, 0, 0, 0, 0, 1, 0, 1][..], &self.payload()?].concat();
                self.packet(source, destination, protocol, &echo)
            }
            (None, None, None, Some(hex)) => payload::octets(&format!("hex:{hex}")),
            _ => Err("one of tcp, udp, icmp and raw is needed".to_owned()),
        }
    }

    fn segment(&self, ends: &str, sequences: &mut Sequences) -> Result<Vec<u8>, String> {
        let (source, destination) = sockets(ends)?;
        let payload = self.payload()?;
        let flags = self.flags.as_deref().unwrap_or(".");
        let mut header = TcpHeader::new(source.port(), destination.port(), 0, 65_000);
        for letter in flags.chars() {
            match letter {
                'S' => header.syn = true,
                '.' => header.ack = true,
                'F' => header.fin = true,
                'R' => header.rst = true,
                'P' => header.psh = true,
                _ => return Err(format!("`{letter}` is not one of S . F R P")),
            }
        }
        let next = sequences.0.entry(format!("{:?} {ends}", self.vlan)).or_default();
        let seq = self.seq.unwrap_or(*next);
        let taken = payload.len() + usize::from(header.syn) + usize::from(header.fin);
        *next = seq + u32::try_from(taken).map_err(|_| "too long".to_owned())?;
        header.sequence_number = FIRST_SEQUENCE + seq;
        let segment = [&header.to_bytes()[..], &payload].concat();
        self.packet(source.ip(), destination.ip(), IpNumber::TCP, &segment)
    }

    fn payload(&self) -> Result<Vec<u8>, String> {
        let whole = self.payload.as_deref().map_or(Ok(Vec::new()), payload::octets)?;
        slice(&whole, self.part.unwrap_or([0, whole.len()]))
    }

    /// The frame around what IP carries, which starts with the transport header.
    fn packet(
        &self,
        source: IpAddr,
        destination: IpAddr,
        protocol: IpNumber,
        content: &[u8],
    ) -> Result<Vec<u8>, String> {
        let ethernet = PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]);
        let (headers, content) = self.ip(source, destination, protocol, content)?;
        let mut frame = Vec::new();
        let vlans = self.vlan.iter().map(|id| (*id).try_into().map_err(|_| "not a VLAN id"));
        let vlans = vlans.collect::<Result<Vec<_>, _>>()?;
        let step = match vlans[..] {
            [] => ethernet.ip(headers),
            [id] => ethernet.single_vlan(id).ip(headers),
            [outer, inner] => {
                let mut tags = etherparse::DoubleVlanHeader::default();
                (tags.outer.vlan_id, tags.inner.vlan_id) = (outer, inner);
                (tags.outer.ether_type, tags.inner.ether_type) =
                    (EtherType::VLAN_TAGGED_FRAME, EtherType::IPV4);
                ethernet.vlan(VlanHeader::Double(tags)).ip(headers)
            }
            _ => return Err("two VLAN ids at most".to_owned()),
        };
        step.write(&mut frame, protocol, &content).map_err(|e| e.to_string())?;
        Ok(frame)
    }

    fn ip(
        &self,
        source: IpAddr,
        destination: IpAddr,
        protocol: IpNumber,
        content: &[u8],
    ) -> Result<(IpHeaders, Vec<u8>), String> {
        let range = self.fragment.map_or([0, content.len()], |f| f.octets);
        let part = slice(content, range)?;
        let headers = match (source, destination) {
            (IpAddr::V4(source), IpAddr::V4(destination)) => {
                let mut header =
                    Ipv4Header::new(0, 64, protocol, source.octets(), destination.octets())
                        .map_err(|e| e.to_string())?;
                if let Some(fragment) = self.fragment {
                    header.identification = fragment.id;
                    header.dont_fragment = false;
                    header.more_fragments = range[1] < content.len();
                    let eights = u16::try_from(range[0] / 8).unwrap_or(u16::MAX);
                    header.fragment_offset =
                        IpFragOffset::try_new(eights).map_err(|e| e.to_string())?;
                }
                IpHeaders::Ipv4(header, etherparse::Ipv4Extensions::default())
            }
            (IpAddr::V6(source), IpAddr::V6(destination)) => {
                let header = Ipv6Header {
                    traffic_class: 0,
                    flow_label: Ipv6FlowLabel::ZERO,
                    payload_length: 0,
                    next_header: protocol,
                    hop_limit: 64,
                    source: source.octets(),
                    destination: destination.octets(),
                };
                IpHeaders::Ipv6(header, etherparse::Ipv6Extensions::default())
            }
            _ => return Err("both addresses must be of one version".to_owned()),
        };
        Ok((headers, part))
    }
}

fn slice(octets: &[u8], [start, end]: [usize; 2]) -> Result<Vec<u8>, String> {
    let part = octets.get(start..end);
    part.map(<[u8]>::to_vec).ok_or_else(|| format!("there are {} octets", octets.len()))
}

/// Nanoseconds since 1970 of a time of the case.
fn time(text: &str) -> Result<u64, String> {
    let since: SignedDuration = text.parse().map_err(|_| format!("`{text}` is not a duration"))?;
    let since = u64::try_from(since.as_nanos()).map_err(|_| format!("`{text}` is too long"))?;
    Ok(START + since)
}

fn two(ends: &str) -> Result<(&str, &str), String> {
    let (source, destination) =
        ends.split_once('>').ok_or_else(|| format!("`{ends}` is not SOURCE > DESTINATION"))?;
    Ok((source.trim(), destination.trim()))
}

fn sockets(ends: &str) -> Result<(SocketAddr, SocketAddr), String> {
    let (source, destination) = two(ends)?;
    let socket =
        |text: &str| text.parse().map_err(|_| format!("`{text}` is not an address and a port"));
    Ok((socket(source)?, socket(destination)?))
}

fn address(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_| format!("`{text}` is not an address"))
}
