//! What a capture filter asks.

use ipnet::IpNet;

/// A question about a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// Is it of this protocol?
    Protocol(Protocol),
    /// Is an address in this network? Of IP headers, or of ARP's and RARP's.
    Address(Side, IpNet),
    /// Is a port in this range? Of TCP, UDP or SCTP, or of one of them.
    Port(Option<u8>, Side, u16, u16),
    /// Is this station's address on the Ethernet?
    Station(Side, [u8; 6]),
    /// Has it a VLAN tag, of this id?
    Vlan(Option<u16>),
    /// Is this not so?
    Not(Box<Self>),
    /// Is all of this so?
    All(Vec<Self>),
    /// Is any of this so?
    Any(Vec<Self>),
}

/// A protocol that has a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// By its `EtherType`.
    Link(u16),
    /// By its number in IPv4 and in IPv6.
    Ip(u8),
    /// By its number in IPv4 alone.
    Ipv4(u8),
    /// By its number in IPv6 alone.
    Ipv6(u8),
}

/// Whose address or port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Source,
    Destination,
    Either,
}

pub(super) const IPV4: u16 = 0x0800;
pub(super) const IPV6: u16 = 0x86dd;
pub(super) const ARP: u16 = 0x0806;
pub(super) const RARP: u16 = 0x8035;
pub(super) const TCP: u8 = 6;
pub(super) const UDP: u8 = 17;
pub(super) const SCTP: u8 = 132;
pub(super) const ICMP: u8 = 1;
pub(super) const ICMP6: u8 = 58;
/// The fragment header of IPv6 (RFC 8200 §4.5).
pub(super) const FRAGMENT: u8 = 44;
