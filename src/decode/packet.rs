//! What decoding a frame gives.

use std::fmt;
use std::net::IpAddr;

use arrayvec::ArrayVec;

use super::Subframes;

/// Every frame becomes exactly one of these: the balance (read = in flows + not IP +
/// undecodable) is a `match`.
#[derive(Clone, Debug)]
pub enum Decoded<'a> {
    /// An IPv4 or IPv6 packet.
    Packet(Packet<'a>),
    /// Whole as far as it was captured, but no IP inside: ARP, LLDP, a control frame, …
    NotIp(NotIp),
    /// Something that should be IP cannot be read, or the link type is not known.
    Undecodable(DecodeError),
}

/// Why a healthy frame holds no IP packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotIp {
    /// Another `EtherType`.
    EtherType(u16),
    /// IEEE 802.3 length field with LLC, no IP inside.
    Llc,
    /// A frame of the link itself (control, management, padding), or one whose contents the link
    /// encrypted: of protected 802.11 frames nobody can say whether there is IP inside.
    LinkControl,
}

/// The layer that could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Link header, VLAN tags, MPLS, PPP.
    Link,
    /// IPv4 or IPv6 header, extension headers.
    Ip,
    /// A tunnel's own header.
    Tunnel,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Link => "link",
            Self::Ip => "IP",
            Self::Tunnel => "tunnel",
        })
    }
}

/// Why a frame could not be decoded, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DecodeError {
    /// The link type has no decoder.
    #[error("link type {link} {why}", link = .0, why = super::link::why_not(*.0))]
    UnknownLinkType(u32),
    /// The frame ends inside a header.
    #[error("{layer} header of {needed} octets at octet {at}, {left} are left")]
    Short {
        /// Which header.
        layer: Layer,
        /// Octet offset of the header in the frame.
        at: u16,
        /// Octets the header needs.
        needed: u16,
        /// Octets there are.
        left: u16,
    },
    /// A header states something impossible.
    #[error("{layer} header at octet {at} is not valid")]
    Invalid {
        /// Which header.
        layer: Layer,
        /// Octet offset of the header in the frame.
        at: u16,
    },
}

/// An IP protocol number (IANA "Protocol Numbers").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Protocol(pub u8);

impl Protocol {
    /// ICMP for IPv4.
    pub const ICMP: Self = Self(1);
    /// TCP.
    pub const TCP: Self = Self(6);
    /// UDP.
    pub const UDP: Self = Self(17);
    /// Encapsulating security payload (RFC 4303): what is inside is encrypted.
    pub const ESP: Self = Self(50);
    /// ICMP for IPv6.
    pub const ICMPV6: Self = Self(58);
    /// SCTP.
    pub const SCTP: Self = Self(132);
}

/// Protocol, addresses and ports as sent. Ports are 0 where [`FiveTuple::has_ports`] is false.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FiveTuple {
    /// Protocol of the innermost IP header's payload.
    pub protocol: Protocol,
    /// Address of the sender.
    pub source: IpAddr,
    /// Address of the receiver.
    pub destination: IpAddr,
    /// Port of the sender.
    pub source_port: u16,
    /// Port of the receiver.
    pub destination_port: u16,
    /// Whether the ports were read (TCP and UDP whose first four octets are there).
    pub ported: Ported,
}

/// Whether a 5-tuple has ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ported {
    /// TCP or UDP with its ports.
    Yes,
    /// Another protocol, a later fragment of an unknown datagram, or cut before the ports.
    No,
}

/// VLAN ids of a frame, outermost first, 12 bits each (IEEE 802.1Q). Four are kept.
pub type VlanIds = ArrayVec<u16, 4>;

/// TCP control bits (RFC 9293 §3.1), as they stand in octet 13 of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TcpFlags(pub u8);

impl TcpFlags {
    /// No more data from the sender.
    pub const FIN: Self = Self(0x01);
    /// Synchronise sequence numbers.
    pub const SYN: Self = Self(0x02);
    /// Reset the connection.
    pub const RST: Self = Self(0x04);
    /// The acknowledgment field counts.
    pub const ACK: Self = Self(0x10);

    /// Whether all bits of `other` are set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// What the IP packet carries, as far as vigie reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// A TCP segment.
    Tcp {
        /// Sequence number of the first payload octet (of the SYN itself on a SYN).
        seq: u32,
        /// Acknowledgment number.
        ack: u32,
        /// Control bits.
        flags: TcpFlags,
    },
    /// A UDP datagram.
    Udp,
    /// A fragment of a datagram, before it is whole: ports come from the first fragment, where
    /// that is known; the payload is empty, and lies behind the headers.
    Fragment,
    /// Another protocol, or a transport header that is cut or broken.
    Other,
}

/// An IP packet, innermost header that vigie can decode.
#[derive(Clone, Debug)]
pub struct Packet<'a> {
    /// Who sends to whom.
    pub tuple: FiveTuple,
    /// VLAN ids of the frame.
    pub vlans: VlanIds,
    /// VXLAN or GENEVE network identifier of the innermost such tunnel.
    pub vni: Option<u32>,
    /// Source and destination of the outermost Ethernet header.
    pub macs: Option<Macs>,
    /// The transport header.
    pub transport: Transport,
    /// Transport payload as far as it was captured.
    pub payload: &'a [u8],
    /// Octets of transport payload on the wire, from the headers' length fields (from the
    /// frame's length where those are absurd); `payload` is shorter when the frame was cut.
    pub payload_wire_len: u32,
    /// A datagram that this fragment completes, or the first part of one from a DNS server, which
    /// is worth reading at once: an index for
    /// [`Decoder::reassembled`](super::Decoder::reassembled), valid until the next
    /// [`Decoder::start_batch`](super::Decoder::start_batch).
    pub reassembled: Option<u16>,
    /// Whether the IP length field says more than fits on a link: a super-frame (TSO, LRO,
    /// GRO), whose header octets are undercounted.
    pub super_frame: bool,
    /// Whether other IP packets were around this one: then the outer ones are not counted.
    pub tunnel: bool,
    /// Of an aggregate (A-MSDU), what stands behind this packet's subframe: for
    /// [`Decoder::subframe`](super::Decoder::subframe).
    pub further: Option<Subframes>,
}

impl Packet<'_> {
    /// The same without its payload, which lies in the frame.
    pub(super) fn without_payload(&self) -> Packet<'static> {
        let Self { tuple, vni, macs, transport, payload_wire_len, .. } = *self;
        let Self { reassembled, super_frame, tunnel, .. } = *self;
        let (vlans, further) = (self.vlans.clone(), self.further.clone());
        Packet {
            tuple,
            vlans,
            vni,
            macs,
            transport,
            payload: &[],
            payload_wire_len,
            reassembled,
            super_frame,
            tunnel,
            further,
        }
    }
}

/// Ethernet addresses of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Macs {
    /// The sender's.
    pub source: [u8; 6],
    /// The receiver's.
    pub destination: [u8; 6],
}
