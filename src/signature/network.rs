//! Which address range covers a server.

use std::net::IpAddr;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use prefix_trie::PrefixMap;

use super::database::{Match, SignatureId};
use crate::decode::Protocol;

/// Ranges by protocol and port; of several that cover an address the longest prefix wins.
#[derive(Debug, Default)]
pub(super) struct NetworkTable {
    /// Asked for every flow; what stands in it nobody outside chooses.
    by_port: HashMap<(Protocol, u16), Ranges, RandomState>,
    /// Every range that was added, also those that a smaller id keeps.
    claims: Vec<Claim>,
}

#[derive(Debug)]
struct Claim {
    signature: SignatureId,
    net: IpNet,
    text: Box<str>,
}

impl Claim {
    fn matched(&self) -> Match<'_> {
        let specificity = u32::from(self.net.prefix_len());
        Match { signature: self.signature, pattern: &self.text, specificity }
    }
}

#[derive(Debug, Default)]
struct Ranges {
    v4: PrefixMap<Ipv4Net, usize>,
    v6: PrefixMap<Ipv6Net, usize>,
}

/// A protocol and port as signatures write them: `udp/3478`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ServicePort {
    pub(super) protocol: Protocol,
    pub(super) port: u16,
}

impl ServicePort {
    /// Reads `tcp/443` or `udp/3478`; port 0 is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (protocol, digits) = text.split_once('/')?;
        let protocol = match protocol {
            "tcp" => Protocol::TCP,
            "udp" => Protocol::UDP,
            _ => return None,
        };
        let port: u16 = digits.parse().ok()?;
        (port != 0 && port.to_string() == digits).then_some(Self { protocol, port })
    }
}

impl NetworkTable {
    /// Adds a range of a signature. Signatures must come in the order of their ids: the first
    /// keeps a range that several claim.
    pub(super) fn insert(&mut self, net: IpNet, service: ServicePort, signature: SignatureId) {
        let claim = self.claims.len();
        let ranges = self.by_port.entry((service.protocol, service.port)).or_default();
        match net {
            IpNet::V4(net) => *ranges.v4.entry(net).or_insert(claim),
            IpNet::V6(net) => *ranges.v6.entry(net).or_insert(claim),
        };
        self.claims.push(Claim { signature, net, text: net.to_string().into() });
    }

    /// Every range that covers the address at some port, each once.
    pub(super) fn covering(&self, address: IpAddr) -> Vec<Match<'_>> {
        let mut covering: Vec<_> = self
            .claims
            .iter()
            .filter(|claim| claim.net.contains(&address))
            .map(Claim::matched)
            .collect();
        covering.sort_by_key(|m| (m.signature, m.pattern));
        covering.dedup();
        covering
    }

    /// The longest prefix that covers the address at this port.
    pub(super) fn find(&self, address: IpAddr, protocol: Protocol, port: u16) -> Option<Match<'_>> {
        let ranges = self.by_port.get(&(protocol, port))?;
        let claim = match address {
            IpAddr::V4(address) => ranges.v4.get_lpm(&Ipv4Net::from(address))?.1,
            IpAddr::V6(address) => ranges.v6.get_lpm(&Ipv6Net::from(address))?.1,
        };
        self.claims.get(*claim).map(Claim::matched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, &str)]) -> NetworkTable {
        let mut table = NetworkTable::default();
        for (id, (net, port)) in (0..).zip(rows) {
            let service = ServicePort::parse(port).expect("a port");
            table.insert(net.parse().expect("a network"), service, SignatureId(id));
        }
        table
    }

    fn find(table: &NetworkTable, address: &str, protocol: Protocol, port: u16) -> Option<u32> {
        table.find(address.parse().expect("an address"), protocol, port).map(|m| m.signature.0)
    }

    #[test]
    fn the_longest_prefix_wins_at_its_own_port_only() {
        let table = table(&[
            ("192.0.2.0/24", "udp/3478"),
            ("192.0.2.128/25", "udp/3478"),
            ("2001:db8::/32", "tcp/443"),
            ("192.0.2.0/24", "udp/3478"),
        ]);
        assert_eq!(find(&table, "192.0.2.1", Protocol::UDP, 3478), Some(0));
        assert_eq!(find(&table, "192.0.2.200", Protocol::UDP, 3478), Some(1));
        assert_eq!(find(&table, "192.0.2.1", Protocol::TCP, 3478), None);
        assert_eq!(find(&table, "192.0.2.1", Protocol::UDP, 3479), None);
        assert_eq!(find(&table, "198.51.100.1", Protocol::UDP, 3478), None);
        assert_eq!(find(&table, "2001:db8::1", Protocol::TCP, 443), Some(2));
    }

    #[test]
    fn a_port_has_a_protocol_and_a_plain_number() {
        assert!(ServicePort::parse("udp/3478").is_some());
        for text in ["3478", "udp/", "udp/0", "udp/+1", "udp/65536", "sctp/1", "udp/01", "UDP/1"] {
            assert_eq!(ServicePort::parse(text), None, "{text}");
        }
    }
}
