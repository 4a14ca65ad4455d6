//! What tells one flow from another.

use std::hash::{Hash, Hasher};
use std::net::IpAddr;

use crate::decode::{AddressBits, FiveTuple, IpVersion, Ordinary, Ported, Protocol};

/// Number of a flow in its stream, in the order of the flows' first frames, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId(pub u64);

/// One of the two ends of a [`FlowKey`]. Which of them is the client is a label that may come
/// later; counters are kept by side so that no number moves when it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The end with the smaller (address, port).
    Low = 0,
    /// The other end.
    High = 1,
}

impl Side {
    /// The other end.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Low => Self::High,
            Self::High => Self::Low,
        }
    }
}

/// An address and a port; the port is 0 in portless flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Endpoint {
    /// IPv4 or IPv6 address.
    pub ip: IpAddr,
    /// TCP or UDP port.
    pub port: u16,
}

/// Which VLANs and which VXLAN or GENEVE network a flow is in: an index into the stream's list
/// of such combinations; 0 is "none".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ScopeId(pub u16);

/// The 5-tuple without its direction, with the scope: 40 octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowKey {
    addresses: [AddressBits; 2],
    ports: [u16; 2],
    protocol: Protocol,
    family: Family,
    scope: ScopeId,
}

/// IP version, and whether the protocol's ports are part of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Family {
    V4,
    V4Portless,
    V6,
    V6Portless,
}

impl Hash for FlowKey {
    /// As few rounds as possible: a packet is hashed on the hot path. Inlined, so that it is known
    /// when the hasher has gathered enough for a round.
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        for AddressBits(high, low) in self.addresses {
            state.write_u64(high);
            state.write_u64(low);
        }
        let ports = u64::from(self.ports[0]) << 48 | u64::from(self.ports[1]) << 32;
        let rest = u64::from(self.scope.0) << 16
            | u64::from(self.protocol.0) << 8
            | u64::from(self.family as u8);
        state.write_u64(ports | rest);
    }
}

impl FlowKey {
    /// The key of a packet, and which side sent it. Where both ends are the same endpoint the
    /// sender is [`Side::Low`].
    pub fn of(tuple: &FiveTuple, scope: ScopeId) -> (Self, Side) {
        let ((source, version), (destination, _)) =
            (AddressBits::of(tuple.source), AddressBits::of(tuple.destination));
        let family = match (version, tuple.ported) {
            (IpVersion::V4, Ported::Yes) => Family::V4,
            (IpVersion::V4, Ported::No) => Family::V4Portless,
            (IpVersion::V6, Ported::Yes) => Family::V6,
            (IpVersion::V6, Ported::No) => Family::V6Portless,
        };
        let (a, b) = ((source, tuple.source_port), (destination, tuple.destination_port));
        Self::between(a, b, tuple.protocol, family, scope)
    }

    /// The same of what an ordinary frame carries.
    #[inline]
    pub fn of_ordinary(ordinary: &Ordinary<'_>, scope: ScopeId) -> (Self, Side) {
        let family = match ordinary.version {
            IpVersion::V4 => Family::V4,
            IpVersion::V6 => Family::V6,
        };
        let (a, b) = (
            (ordinary.source, ordinary.source_port),
            (ordinary.destination, ordinary.destination_port),
        );
        Self::between(a, b, ordinary.protocol, family, scope)
    }

    #[inline]
    fn between(
        a: (AddressBits, u16),
        b: (AddressBits, u16),
        protocol: Protocol,
        family: Family,
        scope: ScopeId,
    ) -> (Self, Side) {
        let (side, low, high) = if a <= b { (Side::Low, a, b) } else { (Side::High, b, a) };
        let key =
            Self { addresses: [low.0, high.0], ports: [low.1, high.1], protocol, family, scope };
        (key, side)
    }

    /// Port of one side; 0 in portless flows.
    #[inline]
    pub fn port(&self, side: Side) -> u16 {
        match side {
            Side::Low => self.ports[0],
            Side::High => self.ports[1],
        }
    }

    /// Address and port of one side.
    pub fn endpoint(&self, side: Side) -> Endpoint {
        let address = match side {
            Side::Low => self.addresses[0],
            Side::High => self.addresses[1],
        };
        let version = match self.family {
            Family::V4 | Family::V4Portless => IpVersion::V4,
            Family::V6 | Family::V6Portless => IpVersion::V6,
        };
        Endpoint { ip: address.address(version), port: self.port(side) }
    }

    /// The protocol above IP.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Whether the flow's ports are known.
    pub fn ported(&self) -> Ported {
        match self.family {
            Family::V4 | Family::V6 => Ported::Yes,
            Family::V4Portless | Family::V6Portless => Ported::No,
        }
    }

    /// The same in no scope: what all flows between these endpoints have in common.
    #[must_use]
    pub fn anywhere(&self) -> Self {
        Self { scope: ScopeId::default(), ..*self }
    }

    /// VLANs and network identifier.
    pub fn scope(&self) -> ScopeId {
        self.scope
    }
}
