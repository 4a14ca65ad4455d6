//! Why a signature applies, and which others nearly did.

use std::cmp::Reverse;
use std::net::IpAddr;

use super::pattern::Pattern;
use super::{Database, Signature, SignatureId};
use crate::name::HostName;

/// A pattern or network that covers what was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Whose it is.
    pub signature: SignatureId,
    /// The pattern as written, or the network with its port: `192.0.2.0/24 udp/3478`.
    pub pattern: String,
    /// Why another one won; none for the winner.
    pub lost: Option<Lost>,
}

/// Why a candidate lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// Another pattern is more specific.
    LessSpecific,
    /// Another one is as specific, and its signature's id is smaller.
    LaterId,
}

impl Lost {
    /// The words for it in outputs.
    pub fn words(self) -> &'static str {
        match self {
            Self::LessSpecific => "less specific",
            Self::LaterId => "as specific, but its id comes later",
        }
    }
}

impl Database {
    /// Every pattern that covers `name`, the winner first. Looks at all of them: for a person
    /// who asks, not for traffic.
    pub fn explain_name(&self, name: &HostName) -> Vec<Candidate> {
        self.ranked(|signature, covers| {
            for host in &signature.hosts {
                let pattern = Pattern::split(host);
                if pattern.covers(name.as_str()) {
                    covers(pattern.specificity(), host.clone());
                }
            }
        })
    }

    /// Every network that covers `address`, at `port` where one is given, the winner first.
    pub fn explain_address(&self, address: IpAddr, port: Option<u16>) -> Vec<Candidate> {
        self.ranked(|signature, covers| {
            for net in signature.networks.iter().filter(|net| net.contains(&address)) {
                for service in signature.ports.iter().filter(|service| is_at(service, port)) {
                    covers(u32::from(net.prefix_len()), format!("{net} {service}"));
                }
            }
        })
    }

    /// What `find` finds in each signature, with its specificity, in the order of the look-up:
    /// more specific first, then the smaller id.
    fn ranked(&self, find: impl Fn(&Signature, &mut dyn FnMut(u32, String))) -> Vec<Candidate> {
        let mut found = Vec::new();
        for (id, signature) in (0..).map(SignatureId).zip(self.signatures()) {
            find(signature, &mut |specificity, pattern| found.push((specificity, id, pattern)));
        }
        found.sort_by(|a, b| (Reverse(a.0), a.1, &a.2).cmp(&(Reverse(b.0), b.1, &b.2)));
        let Some((best, winner)) = found.first().map(|(best, id, _)| (*best, *id)) else {
            return Vec::new();
        };
        let lost = |specificity, id| match (specificity == best, id == winner) {
            (true, true) => None,
            (true, false) => Some(Lost::LaterId),
            (false, _) => Some(Lost::LessSpecific),
        };
        found
            .into_iter()
            .map(|(specificity, signature, pattern)| Candidate {
                lost: lost(specificity, signature),
                signature,
                pattern,
            })
            .collect()
    }
}

/// Whether a service as written (`udp/3478`) is at `port`; any is where none is given.
fn is_at(service: &str, port: Option<u16>) -> bool {
    let written = service.split_once('/').and_then(|(_, digits)| digits.parse().ok());
    port.is_none_or(|port| written == Some(port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Protocol;

    const TEXT: &str = r#"
[[signature]]
id = "acme-b"
vendor = "Acme"
product = "B"
category = "telemetry"
purpose = "events"
exclusivity = "dedicated"
confidence = "documented"
status = "active"
hosts = ["*.acme.example", "a.events.acme.example"]
networks = ["192.0.2.0/24"]
ports = ["udp/3478", "tcp/443"]
[[signature.sources]]
title = "t"
publisher = "p"
ref = "https://acme.example"
as_of = "2026-10"
says = "s"

[[signature]]
id = "acme-c"
vendor = "Acme"
product = "C"
category = "functional"
purpose = "events"
exclusivity = "shared"
confidence = "documented"
status = "active"
hosts = ["*.acme.example", "*.events.acme.example"]
networks = ["192.0.2.128/25"]
ports = ["udp/3478"]
[[signature.sources]]
title = "t"
publisher = "p"
ref = "https://acme.example"
as_of = "2026-10"
says = "s"
"#;

    fn database() -> Database {
        Database::of_texts(&[("acme.toml", TEXT)]).unwrap()
    }

    fn said(database: &Database, candidates: &[Candidate]) -> Vec<String> {
        let word = |c: &Candidate| {
            let id = &database.signature(c.signature).id;
            format!("{id} {} {}", c.pattern, c.lost.map_or("wins", Lost::words))
        };
        candidates.iter().map(word).collect()
    }

    #[test]
    fn the_winner_comes_first_and_is_the_one_that_traffic_is_tagged_with() {
        let database = database();
        let name = HostName::from_wire(b"a.events.acme.example").unwrap();
        let candidates = database.explain_name(&name);
        assert_eq!(
            said(&database, &candidates),
            [
                "acme-b a.events.acme.example wins",
                "acme-c *.events.acme.example less specific",
                "acme-b *.acme.example less specific",
                "acme-c *.acme.example less specific",
            ]
        );
        let tag = database.by_name(&name).unwrap();
        assert_eq!((tag.signature, tag.pattern), (SignatureId(0), "a.events.acme.example"));
    }

    #[test]
    fn of_equally_specific_patterns_the_smaller_id_wins() {
        let database = database();
        let name = HostName::from_wire(b"www.acme.example").unwrap();
        assert_eq!(
            said(&database, &database.explain_name(&name)),
            [
                "acme-b *.acme.example wins",
                "acme-c *.acme.example as specific, but its id comes later"
            ]
        );
        assert_eq!(database.by_name(&name).unwrap().signature, SignatureId(0));
        let other = HostName::from_wire(b"acme.example").unwrap();
        assert!(database.explain_name(&other).is_empty());
    }

    #[test]
    fn an_address_is_covered_by_networks_at_their_ports() {
        let database = database();
        let address = "192.0.2.200".parse().unwrap();
        assert_eq!(
            said(&database, &database.explain_address(address, Some(3478))),
            ["acme-c 192.0.2.128/25 udp/3478 wins", "acme-b 192.0.2.0/24 udp/3478 less specific"]
        );
        let tag = database.by_network(address, Protocol::UDP, 3478).unwrap();
        assert_eq!(tag.signature, SignatureId(1));
        assert_eq!(database.explain_address(address, None).len(), 3);
        assert!(database.explain_address(address, Some(80)).is_empty());
    }
}
