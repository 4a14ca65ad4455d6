//! Which flows a further pass looks at.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::decode::FiveTuple;
use crate::flow::{FlowKey, ScopeId, Side};
use crate::ledger::FlowRecord;

/// The flows of a stream that are looked at: those between the same endpoints as one that was
/// taken, and those at certain ports. Frames of others are decoded and counted, and no more.
///
/// What is seen of a selected flow is what would be seen without a selection, as long as flows
/// share nothing else: where a bound is reached, of the flow table, of silent flows, of streams that
/// wait or of scopes, what becomes of one depends on all of them.
// A hash of 64 bits stands for the endpoints: another flow of the same hash is looked at as well,
// and takes no harm. So a flow costs at most some 20 octets.
#[derive(Debug, Default)]
pub struct Selection {
    flows: HashTable<u64>,
    hasher: RandomState,
    ports: Ports,
}

impl Selection {
    /// Takes the flows between the endpoints of this one.
    pub fn take(&mut self, flow: &FlowRecord) {
        let tuple = FiveTuple {
            protocol: flow.protocol,
            source: flow.client.ip,
            destination: flow.server.ip,
            source_port: flow.client.port,
            destination_port: flow.server.port,
            ported: flow.ported,
        };
        let hash = self.hash(&FlowKey::of(&tuple, ScopeId::default()).0);
        if self.flows.find(hash, |known| *known == hash).is_none() {
            self.flows.insert_unique(hash, hash, |known| *known);
        }
    }

    /// Takes all flows of which one end has one of these ports.
    pub fn take_ports(&mut self, ports: &Ports) {
        self.ports.add(ports);
    }

    /// Whether a flow is looked at.
    pub(super) fn has(&self, key: &FlowKey) -> bool {
        let at_port =
            [Side::Low, Side::High].into_iter().any(|side| self.ports.has(key.port(side)));
        at_port || {
            let hash = self.hash(key);
            self.flows.find(hash, |known| *known == hash).is_some()
        }
    }

    fn hash(&self, key: &FlowKey) -> u64 {
        self.hasher.hash_one(key.anywhere())
    }
}

/// A set of ports: 8 KiB once there is one.
#[derive(Clone, Debug, Default)]
pub struct Ports(Vec<u64>);

impl Ports {
    /// Adds a port.
    pub fn insert(&mut self, port: u16) {
        self.0.resize(usize::from(u16::MAX) / 64 + 1, 0);
        if let Some(word) = self.0.get_mut(usize::from(port / 64)) {
            *word |= 1 << (port % 64);
        }
    }

    /// Whether it is there.
    pub fn has(&self, port: u16) -> bool {
        self.0.get(usize::from(port / 64)).is_some_and(|word| word >> (port % 64) & 1 == 1)
    }

    /// Adds all of `other`.
    pub fn add(&mut self, other: &Self) {
        if self.0.is_empty() {
            self.0.clone_from(&other.0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_there_once_it_was_added() {
        let (mut ports, mut more) = (Ports::default(), Ports::default());
        assert!(!ports.has(0) && !ports.has(53));
        for port in [0, 53, u16::MAX] {
            ports.insert(port);
        }
        more.insert(5353);
        more.add(&ports);
        let there: Vec<u16> = (0..=u16::MAX).filter(|port| more.has(*port)).collect();
        assert_eq!(there, [0, 53, 5353, u16::MAX]);
        let mut none = Ports::default();
        none.add(&more);
        assert!(none.has(5353) && !none.has(5354));
    }
}
