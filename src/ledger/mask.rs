//! A mask: who talked, or to whom, replaced by numbers before any screen, picture, copy or
//! export sees it.
//!
//! Addresses become addresses of 240.0.0.0/4, which is reserved and on no wire (RFC 1112 §4):
//! clients and devices of 240.0.0.0/16, servers of 240.1.0.0/16. Names become names under
//! `.invalid` (RFC 6761 §6.4). Signatures, categories and amounts stay.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use super::{FlowRecord, Snapshot, WatchedFlow};
use crate::name::{HostName, Observation, Via};

/// What a mask hides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mask {
    /// Nothing.
    #[default]
    None,
    /// Clients' addresses and devices' names.
    Clients,
    /// Host names and servers' addresses.
    Hosts,
    /// Both.
    All,
}

impl Mask {
    /// Every mask, by its word.
    pub const WORDS: [(Self, &'static str); 4] = [
        (Self::None, "none"),
        (Self::Clients, "clients"),
        (Self::Hosts, "hosts"),
        (Self::All, "all"),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS.into_iter().find(|(mask, _)| *mask == self).map_or("", |(_, word)| word)
    }

    /// The mask that `word` stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.into_iter().find(|(_, known)| *known == word).map(|(mask, _)| mask)
    }

    /// What hides all that either hides.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let clients = self.hides_clients() || other.hides_clients();
        let hosts = self.hides_hosts() || other.hides_hosts();
        match (clients, hosts) {
            (false, false) => Self::None,
            (true, false) => Self::Clients,
            (false, true) => Self::Hosts,
            (true, true) => Self::All,
        }
    }

    /// Whether clients are hidden.
    pub fn hides_clients(self) -> bool {
        matches!(self, Self::Clients | Self::All)
    }

    /// Whether hosts are hidden.
    pub fn hides_hosts(self) -> bool {
        matches!(self, Self::Hosts | Self::All)
    }
}

/// The numbers given out so far: whoever has one keeps it, whatever is seen later.
#[derive(Clone, Debug, Default)]
pub struct Pseudonyms {
    clients: HashMap<IpAddr, u16>,
    servers: HashMap<IpAddr, u16>,
    devices: HashMap<Box<str>, usize>,
    names: HashMap<HostName, usize>,
}

/// What stands for a register's word that is hidden.
const MASKED: &str = "masked";

/// The number under which all stand that found none of their own.
const OTHERS: u16 = u16::MAX;

fn number(of: &mut HashMap<IpAddr, u16>, address: IpAddr) -> u16 {
    let next = u16::try_from(of.len() + 1).unwrap_or(OTHERS);
    if next == OTHERS {
        return of.get(&address).copied().unwrap_or(OTHERS);
    }
    *of.entry(address).or_insert(next)
}

/// The number of a masked client.
pub fn masked_client(address: IpAddr) -> Option<u16> {
    masked(address, 0)
}

/// The number of a masked server.
pub fn masked_server(address: IpAddr) -> Option<u16> {
    masked(address, 1)
}

fn masked(address: IpAddr, kind: u8) -> Option<u16> {
    match address {
        IpAddr::V4(address) => match address.octets() {
            [240, k, high, low] if k == kind => Some(u16::from_be_bytes([high, low])),
            _ => None,
        },
        IpAddr::V6(_) => None,
    }
}

fn address(kind: u8, number: u16) -> IpAddr {
    let [high, low] = number.to_be_bytes();
    Ipv4Addr::new(240, kind, high, low).into()
}

/// The Snapshot as the mask leaves it. New clients and hosts get the next numbers, in the order
/// of their first flows. An address that is a client anywhere is masked as one everywhere.
/// Without watched flows there is nothing that a mask could hide but roll-ups, which it drops.
pub fn mask(snapshot: &Snapshot, mask: Mask, numbers: &mut Pseudonyms) -> Snapshot {
    let Some(watched) = snapshot.watched.as_ref().filter(|_| mask != Mask::None) else {
        let rollups = if mask == Mask::None { snapshot.rollups.clone() } else { Vec::new() };
        return Snapshot { rollups, ..snapshot.clone() };
    };
    for flow in &watched.flows {
        number(&mut numbers.clients, flow.record.client.ip);
    }
    let masked = watched.map(|flow| {
        let record = Arc::new(numbers.record(&flow.record, mask));
        Some(WatchedFlow { record, ..flow.clone() })
    });
    Snapshot { rollups: Vec::new(), watched: Some(Arc::new(masked)), ..snapshot.clone() }
}

impl Pseudonyms {
    fn record(&mut self, flow: &FlowRecord, mask: Mask) -> FlowRecord {
        let mut masked = flow.clone();
        if mask.hides_clients() {
            masked.client.ip = address(0, number(&mut self.clients, flow.client.ip));
            // Names that a device tells its neighbours are the client's own.
            masked.names.retain(|seen| seen.via != Via::LocalName);
            masked.device = flow.device.as_ref().map(|device| self.device(device));
        }
        // Who owns a network or made a device tells on hosts and clients.
        if let Some(assigned) = &mut masked.assigned {
            // What is hidden is not said to be absent.
            let hide = |text: &mut Option<Box<str>>| {
                if let Some(text) = text {
                    *text = MASKED.into();
                }
            };
            if mask.hides_clients() {
                hide(&mut assigned.maker);
            }
            if mask.hides_hosts() {
                hide(&mut assigned.country);
                hide(&mut assigned.owner);
                assigned.asn = None;
            }
        }
        let is_client = self.clients.contains_key(&flow.server.ip);
        if is_client && mask.hides_clients() {
            masked.server.ip = address(0, number(&mut self.clients, flow.server.ip));
        } else if mask.hides_hosts() {
            masked.server.ip = address(1, number(&mut self.servers, flow.server.ip));
        }
        if mask.hides_hosts() {
            // The pattern may be the very name.
            masked.tags.iter_mut().for_each(|tag| tag.matched = "*.invalid".into());
            masked.names = masked.names.iter().filter_map(|seen| self.observation(seen)).collect();
        }
        masked
    }

    fn device(&mut self, device: &str) -> Box<str> {
        let next = self.devices.len() + 1;
        let number = *self.devices.entry(device.into()).or_insert(next);
        format!("device {number}").into()
    }

    fn observation(&mut self, seen: &Observation) -> Option<Observation> {
        let chain = seen.chain.iter().filter_map(|name| self.name(name)).collect();
        Some(Observation { name: self.name(&seen.name)?, chain, ..seen.clone() })
    }

    fn name(&mut self, name: &HostName) -> Option<HostName> {
        let next = self.names.len() + 1;
        let number = *self.names.entry(name.clone()).or_insert(next);
        HostName::from_wire(format!("host-{number}.invalid").as_bytes()).ok()
    }
}
