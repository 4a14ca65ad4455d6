//! Which tunnel a packet carries, by IP protocol and UDP port.
#![warn(clippy::indexing_slicing)]

use super::super::cursor::Cursor;
use super::super::transport::Segment;
use super::super::walk::Next;
use super::super::{Layer, Protocol, Transport};
use super::{capwap, geneve, gre, gtp, l2tp, teredo, vxlan};

/// What a tunnel carries.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Inside<'a> {
    /// What the tunnel's header announces.
    pub(in super::super) next: Next,
    /// Where that starts.
    pub(in super::super) cursor: Cursor<'a>,
    /// VXLAN or GENEVE network identifier.
    pub(in super::super) vni: Option<u32>,
}

impl<'a> Inside<'a> {
    /// `next` at the cursor, in a tunnel without network identifier.
    pub(super) fn plain(next: Next, cursor: Cursor<'a>) -> Self {
        Self { next, cursor, vni: None }
    }
}

/// The tunnel in an IP packet of `protocol`, whose payload starts at `payload` and was read as
/// `segment`.
pub(in super::super) fn inside<'a>(
    protocol: Protocol,
    payload: Cursor<'a>,
    segment: &Segment<'a>,
) -> Option<Inside<'a>> {
    match protocol.0 {
        // RFC 2003, RFC 2473, RFC 4213; 94 is KA9Q's number for the same.
        4 | 41 | 94 => Some(Inside::plain(Next::Ip, payload)),
        17 if segment.transport == Transport::Udp => {
            let (source, destination) = segment.ports?;
            by_port(destination, segment.body).or_else(|| by_port(source, segment.body))
        }
        47 => gre::header(payload),
        97 => ethernet_in_ip(payload),
        115 => l2tp::over_ip(payload),
        137 => Some(Inside::plain(Next::Mpls, payload)),
        // RFC 8986 §4.9: an Ethernet frame as next header.
        143 => Some(Inside::plain(Next::Ethernet, payload)),
        _ => None,
    }
}

/// `EtherIP` (RFC 3378 §3): version 3 and twelve zero bits.
fn ethernet_in_ip(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    let version = cursor.u16(Layer::Tunnel).ok()?;
    (version == 0x3000).then(|| Inside::plain(Next::Ethernet, cursor))
}

/// UDP ports of tunnels (IANA; 8472 is what Linux used for VXLAN before that).
const GTP_V0: u16 = 3386;
const GTP_USER: u16 = 2152;
const TEREDO: u16 = 3544;
const VXLAN: u16 = 4789;
const VXLAN_LINUX: u16 = 8472;
const VXLAN_GPE: u16 = 4790;
const GENEVE: u16 = 6081;
const GRE: u16 = 4754;
const AYIYA: u16 = 5072;
const CAPWAP_DATA: u16 = 5247;
const MPLS: u16 = 6635;
const LISP_DATA: u16 = 4341;
const L2TP: u16 = 1701;

fn by_port(port: u16, body: Cursor<'_>) -> Option<Inside<'_>> {
    match port {
        GTP_USER => gtp::user_plane(body),
        GTP_V0 => gtp::version_0(body),
        TEREDO => teredo::header(body),
        VXLAN | VXLAN_LINUX => vxlan::header(body),
        VXLAN_GPE => vxlan::generic(body),
        GENEVE => geneve::header(body),
        GRE => gre::header(body),
        AYIYA => teredo::ayiya(body),
        CAPWAP_DATA => capwap::data(body),
        MPLS => Some(Inside::plain(Next::Mpls, body)),
        LISP_DATA => lisp(body),
        L2TP => l2tp::over_udp(body),
        _ => None,
    }
}

/// LISP data (RFC 9300 §5.1): eight octets, then IP.
fn lisp(mut cursor: Cursor<'_>) -> Option<Inside<'_>> {
    cursor.take(Layer::Tunnel, 8).ok()?;
    Some(Inside::plain(Next::Ip, cursor))
}

/// All of them.
const PORTS: [u16; 13] = [
    GTP_V0,
    GTP_USER,
    TEREDO,
    VXLAN,
    VXLAN_LINUX,
    VXLAN_GPE,
    GENEVE,
    GRE,
    AYIYA,
    CAPWAP_DATA,
    MPLS,
    LISP_DATA,
    L2TP,
];

/// One bit for each port.
#[expect(clippy::indexing_slicing, reason = "what lies outside does not compile")]
const BITS: [u64; 1024] = {
    let mut bits = [0; 1024];
    let mut rest: &[u16] = &PORTS;
    while let [port, others @ ..] = rest {
        bits[*port as usize / 64] |= 1 << (*port % 64);
        rest = others;
    }
    bits
};
static IS_TUNNEL: [u64; 1024] = BITS;

/// Whether `port` is a tunnel's. Asked twice for every UDP datagram: one look at a table answers.
#[inline]
pub(in super::super) fn is_tunnel(port: u16) -> bool {
    IS_TUNNEL.get(usize::from(port / 64)).is_some_and(|bits| bits >> (port % 64) & 1 == 1)
}
