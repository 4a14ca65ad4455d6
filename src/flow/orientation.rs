//! Who is the client, and which rule says so.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{FlowKey, Side, tcp};
use crate::decode::{TcpFlags, Transport};

/// The rule that decided who is the client, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OrientedBy {
    /// Who sent the first SYN.
    Syn,
    /// Who received the SYN-ACK.
    SynAck,
    /// Who sent the ClientHello, request or query.
    Hello,
    /// The side in the home net, where the other is not.
    HomeNet,
    /// The higher port.
    Port,
    /// The first sender.
    First,
}

impl OrientedBy {
    /// Every rule, the strongest first.
    pub const ALL: [Self; 6] =
        [Self::Syn, Self::SynAck, Self::Hello, Self::HomeNet, Self::Port, Self::First];

    /// The word for it in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Syn => "syn",
            Self::SynAck => "syn-ack",
            Self::Hello => "hello",
            Self::HomeNet => "home-net",
            Self::Port => "port",
            Self::First => "first",
        }
    }
}

/// The client's side of the key, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Orientation {
    /// The client's side.
    pub client: Side,
    /// The rule.
    pub by: OrientedBy,
}

impl Orientation {
    /// What a flow's first packet, sent by `sender`, tells.
    pub fn of_first(key: &FlowKey, sender: Side, transport: Transport, home: &HomeNet) -> Self {
        if let Some(told) = Self::of_handshake(sender, transport) {
            return told;
        }
        let at_home = |side| home.contains(key.endpoint(side).ip);
        let port = |side| key.endpoint(side).port;
        let (low, high) = (Side::Low, Side::High);
        match (at_home(low), at_home(high)) {
            (true, false) => Self { client: low, by: OrientedBy::HomeNet },
            (false, true) => Self { client: high, by: OrientedBy::HomeNet },
            _ if port(low) > port(high) => Self { client: low, by: OrientedBy::Port },
            _ if port(low) < port(high) => Self { client: high, by: OrientedBy::Port },
            _ => Self { client: sender, by: OrientedBy::First },
        }
    }

    /// What the TCP handshake tells, if the packet is part of it.
    #[inline]
    pub fn of_handshake(sender: Side, transport: Transport) -> Option<Self> {
        match transport {
            Transport::Tcp { flags, .. } if flags.has(TcpFlags::SYN) => {
                Some(if tcp::opens(flags) {
                    Self { client: sender, by: OrientedBy::Syn }
                } else {
                    Self { client: sender.other(), by: OrientedBy::SynAck }
                })
            }
            _ => None,
        }
    }

    /// Takes `told` where its rule is stronger; says whether anything changed.
    pub fn strengthen(&mut self, told: Self) -> bool {
        let changes = told.by < self.by;
        if changes {
            *self = told;
        }
        changes
    }
}

/// The networks whose addresses are clients where nothing better tells.
#[derive(Clone, Debug, Default)]
pub struct HomeNet {
    /// Network and mask as numbers: every flow without a handshake asks for both its ends.
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
}

impl HomeNet {
    /// A home net of these networks.
    pub fn new(networks: Vec<IpNet>) -> Self {
        let mut home = Self::default();
        for network in networks {
            match network {
                IpNet::V4(v4) => home.v4.push((v4.network().to_bits(), v4.netmask().to_bits())),
                IpNet::V6(v6) => home.v6.push((v6.network().to_bits(), v6.netmask().to_bits())),
            }
        }
        home
    }

    /// Whether the address lies in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(v4) => self.v4.iter().any(|(net, mask)| v4.to_bits() & mask == *net),
            IpAddr::V6(v6) => self.v6.iter().any(|(net, mask)| v6.to_bits() & mask == *net),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{FiveTuple, Ported, Protocol};
    use crate::flow::ScopeId;

    fn key(
        source: &str,
        source_port: u16,
        destination: &str,
        destination_port: u16,
    ) -> (FlowKey, Side) {
        FlowKey::of(
            &FiveTuple {
                protocol: Protocol::TCP,
                source: source.parse().unwrap(),
                destination: destination.parse().unwrap(),
                source_port,
                destination_port,
                ported: Ported::Yes,
            },
            ScopeId::default(),
        )
    }

    fn segment(flags: u8) -> Transport {
        Transport::Tcp { seq: 0, ack: 0, flags: TcpFlags(flags) }
    }

    #[test]
    fn the_sender_of_a_syn_is_the_client_and_the_receiver_of_a_syn_ack_is() {
        let (key, sender) = key("192.0.2.1", 443, "198.51.100.1", 50000);
        let home = HomeNet::default();
        let syn = Orientation::of_first(&key, sender, segment(0x02), &home);
        assert_eq!(syn, Orientation { client: sender, by: OrientedBy::Syn });
        let syn_ack = Orientation::of_first(&key, sender, segment(0x12), &home);
        assert_eq!(syn_ack, Orientation { client: sender.other(), by: OrientedBy::SynAck });
    }

    #[test]
    fn without_handshake_home_net_then_the_higher_port_then_the_first_sender_decide() {
        let (key, sender) = key("192.0.2.1", 443, "198.51.100.1", 50000);
        let home = HomeNet::new(vec!["192.0.2.0/24".parse().unwrap()]);
        let data = segment(0x10);
        let told = Orientation::of_first(&key, sender, data, &home);
        assert_eq!(told, Orientation { client: sender, by: OrientedBy::HomeNet });
        let told = Orientation::of_first(&key, sender, data, &HomeNet::default());
        assert_eq!(told, Orientation { client: sender.other(), by: OrientedBy::Port });
        let (key, sender) = self::key("198.51.100.1", 500, "192.0.2.1", 500);
        let told = Orientation::of_first(&key, sender, Transport::Udp, &HomeNet::default());
        assert_eq!(told, Orientation { client: sender, by: OrientedBy::First });
    }

    #[test]
    fn a_weaker_rule_never_replaces_a_stronger_one() {
        let mut told = Orientation { client: Side::Low, by: OrientedBy::Syn };
        assert!(!told.strengthen(Orientation { client: Side::High, by: OrientedBy::Hello }));
        assert!(!told.strengthen(Orientation { client: Side::High, by: OrientedBy::Syn }));
        assert_eq!(told.client, Side::Low);
    }
}
