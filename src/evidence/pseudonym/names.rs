//! Who gets a pseudonym, and which.

use std::net::IpAddr;

use hashbrown::{HashMap, HashSet};
use ipnet::IpNet;
use sha2::{Digest, Sha256};

use super::cryptopan::CryptoPan;
use super::hello::{Hellos, TooMany, Way};
use super::{PseudonymKey, SPECIAL, Tenants};

/// Pseudonyms of addresses and MACs by one key. The same key gives the same ones in every bundle.
pub struct Pseudonyms {
    pan: CryptoPan,
    key: [u8; 32],
    home_nets: Vec<IpNet>,
    clients: HashSet<IpAddr>,
    /// At most [`Pseudonyms::KNOWN`] of those made so far.
    known: HashMap<IpAddr, IpAddr>,
    /// Where tenants have pseudonyms.
    tenants: Option<(Tenants, Hellos)>,
}

/// A pseudonym that would be taken for somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "with this key, a pseudonym and the address {address}, which keeps its own, could be taken for one another; take another key"
)]
pub struct Clash {
    /// Whose address it is.
    pub address: IpAddr,
}

impl Pseudonyms {
    /// Pseudonyms that are remembered.
    const KNOWN: usize = 1 << 16;

    /// Of nobody yet: neither home nets nor clients.
    pub fn new(key: &PseudonymKey) -> Self {
        let fixed: Vec<IpNet> = SPECIAL.iter().filter_map(|net| net.parse().ok()).collect();
        Self {
            pan: CryptoPan::new(&key.0, &fixed),
            key: key.0,
            home_nets: Vec::new(),
            clients: HashSet::new(),
            known: HashMap::new(),
            tenants: None,
        }
    }

    /// Of every address of the home nets, and of every one that is a client anywhere.
    pub fn of(
        key: &PseudonymKey,
        home_nets: &[IpNet],
        clients: impl IntoIterator<Item = IpAddr>,
    ) -> Self {
        Self {
            home_nets: home_nets.to_vec(),
            clients: clients.into_iter().collect(),
            ..Self::new(key)
        }
    }

    /// The same, and of tenants.
    #[must_use]
    pub fn with_tenants(self, tenants: Tenants) -> Self {
        Self { tenants: Some((tenants, Hellos::default())), ..self }
    }

    /// Those of tenants, where they have some.
    pub(super) fn tenants(&self) -> Option<&Tenants> {
        self.tenants.as_ref().map(|(tenants, _)| tenants)
    }

    /// Begins with a capture: one that is read twice, the first time to learn.
    pub(super) fn begin(&mut self) {
        if let Some((_, hellos)) = &mut self.tenants {
            *hellos = Hellos::default();
        }
    }

    /// Ends the first time.
    pub(super) fn settle(&mut self) -> Result<(), TooMany> {
        self.tenants.as_mut().map_or(Ok(()), |(tenants, hellos)| hellos.settle(tenants))
    }

    /// A segment's payload: tenants named in it get pseudonyms.
    pub(super) fn segment(&mut self, way: Way, seq: u32, payload: &mut [u8]) {
        if let Some((tenants, hellos)) = &mut self.tenants {
            hellos.segment(tenants, way, seq, payload);
        }
    }

    /// A datagram's payload, of QUIC or DTLS.
    pub(super) fn datagram(&mut self, way: Way, payload: &mut [u8]) {
        if let Some((tenants, hellos)) = &mut self.tenants {
            hellos.datagram(tenants, way, payload);
        }
    }

    /// The pseudonym of an address, whoever it is.
    pub fn hide(&self, address: IpAddr) -> IpAddr {
        self.pan.hide(address)
    }

    /// Whose pseudonym it is.
    pub fn reveal(&self, pseudonym: IpAddr) -> IpAddr {
        self.pan.reveal(pseudonym)
    }

    /// What stands for an address: its pseudonym, or itself where it has none.
    pub(super) fn address(&mut self, address: IpAddr) -> IpAddr {
        if !self.has_one(address) {
            return address;
        }
        if let Some(known) = self.known.get(&address) {
            return *known;
        }
        let pseudonym = self.pan.hide(address);
        if self.known.len() >= Self::KNOWN {
            self.known.clear();
        }
        self.known.insert(address, pseudonym);
        pseudonym
    }

    /// Whether an address has a pseudonym. Those that stand for nobody, or for many, have none.
    pub(super) fn has_one(&self, address: IpAddr) -> bool {
        let is_nobody = match address {
            IpAddr::V4(a) => a.is_broadcast(),
            IpAddr::V6(_) => false,
        };
        if is_nobody || address.is_loopback() || address.is_unspecified() || address.is_multicast()
        {
            return false;
        }
        self.home_nets.iter().any(|net| net.contains(&address)) || self.clients.contains(&address)
    }

    /// The home nets as they are after it: pseudonyms of their addresses lie in them.
    pub fn home_nets(&self) -> Vec<IpNet> {
        let mapped = |net: &IpNet| {
            IpNet::new(self.pan.hide(net.network()), net.prefix_len()).map(|net| net.trunc())
        };
        self.home_nets.iter().filter_map(|net| mapped(net).ok()).collect()
    }

    /// Whether these home nets are pseudonyms of themselves by every key: those that hold a whole
    /// special-purpose block, as the default ones do.
    pub(in crate::evidence) fn stay(home_nets: &[IpNet]) -> bool {
        // A bit that is turned over by none of so many keys is turned over by none.
        (0..32).all(|number| {
            let names = Self::of(&PseudonymKey([number; 32]), home_nets, []);
            names.home_nets() == home_nets
        })
    }

    /// Refuses a key by which somebody who keeps an address could be taken for somebody else.
    pub(super) fn check(&self, others: impl IntoIterator<Item = IpAddr>) -> Result<(), Clash> {
        let home_nets = self.home_nets();
        for address in others {
            if self.has_one(address) {
                continue;
            }
            if home_nets.iter().any(|net| net.contains(&address))
                || self.clients.contains(&self.pan.reveal(address))
            {
                return Err(Clash { address });
            }
        }
        Ok(())
    }

    /// Clients whose pseudonym is the address of a client: whoever knows the addresses could take
    /// one for the other. Of few clients a key seldom does it; where they fill their networks,
    /// every key does.
    pub(super) fn mistakable(&self) -> usize {
        let clients = self.clients.iter().filter(|client| self.has_one(**client));
        clients.filter(|client| self.clients.contains(&self.hide(**client))).count()
    }

    /// The pseudonym of a MAC: the first octets of a keyed SHA-256, with the bits that say whether
    /// it is a group's and whether it is locally administered (IEEE 802-2014 §8.2). Groups, and
    /// none at all, keep theirs.
    pub fn mac(&self, mac: [u8; 6]) -> [u8; 6] {
        if mac[0] & 1 == 1 || mac == [0; 6] {
            return mac;
        }
        // Label, key and MAC have fixed lengths, so that no two inputs are the same octets.
        let digest = Sha256::new()
            .chain_update(b"vigie pseudonym of a MAC")
            .chain_update(self.key)
            .chain_update(mac)
            .finalize();
        let mut pseudonym = [0; 6];
        pseudonym.copy_from_slice(&digest[..6]);
        pseudonym[0] = (pseudonym[0] & !3) | (mac[0] & 3);
        pseudonym
    }
}

impl std::fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pseudonyms").field("home_nets", &self.home_nets).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> PseudonymKey {
        let mut key = [9; 32];
        key[3] = 1;
        PseudonymKey(key)
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn home_nets_and_clients_have_pseudonyms_and_nobody_else() {
        let nets = ["192.168.0.0/16".parse().unwrap(), "fe80::/10".parse().unwrap()];
        let mut names = Pseudonyms::of(&key(), &nets, [ip("198.51.100.7"), ip("127.0.0.1")]);
        for hidden in ["192.168.1.5", "fe80::1", "198.51.100.7"] {
            assert_ne!(names.address(ip(hidden)), ip(hidden));
            assert_eq!(names.reveal(names.hide(ip(hidden))), ip(hidden));
        }
        for kept in ["198.51.100.8", "127.0.0.1", "255.255.255.255", "ff02::fb", "0.0.0.0"] {
            assert_eq!(names.address(ip(kept)), ip(kept));
        }
        // They keep their place, so that who is client is told as before.
        assert_eq!(names.home_nets(), nets);
        assert!(Pseudonyms::stay(&nets));
        for net in ["10.23.0.0/16", "8.0.0.0/8", "fd23::/64"] {
            assert!(!Pseudonyms::stay(&[net.parse().unwrap()]), "{net}");
        }
    }

    #[test]
    fn pseudonyms_that_are_addresses_of_clients_are_counted() {
        let client = ip("192.168.1.5");
        let pseudonym = Pseudonyms::new(&key()).hide(client);
        let count = |clients: &[IpAddr]| Pseudonyms::of(&key(), &[], clients.to_vec()).mistakable();
        assert_eq!(count(&[client]), 0);
        assert_eq!(count(&[client, pseudonym]), 1);
        // Who keeps an address has no pseudonym.
        assert_eq!(count(&[ip("127.0.0.1")]), 0);
        let full: Vec<IpAddr> = (0..=255).map(|last| IpAddr::from([10, 23, 0, last])).collect();
        let elsewhere = Pseudonyms::new(&key()).hide(full[0]);
        assert_eq!(count(&full), if full.contains(&elsewhere) { 256 } else { 0 });
    }

    #[test]
    fn a_key_that_confuses_people_is_refused() {
        let names = Pseudonyms::of(&key(), &["8.1.0.0/16".parse().unwrap()], [ip("9.9.9.9")]);
        let home = names.home_nets()[0].network();
        assert_eq!(names.check([home]), Err(Clash { address: home }));
        let clash = names.hide(ip("9.9.9.9"));
        assert_eq!(names.check([clash]), Err(Clash { address: clash }));
        assert_eq!(names.check([ip("9.9.9.9"), ip("8.1.2.3")]), Ok(()));
    }

    #[test]
    fn a_mac_keeps_its_kind_alone() {
        let names = Pseudonyms::new(&key());
        let one = names.mac([0x02, 1, 2, 3, 4, 5]);
        assert_eq!(one[0] & 3, 2);
        assert_eq!(one, names.mac([0x02, 1, 2, 3, 4, 5]));
        assert_ne!(one[1..], names.mac([0x02, 1, 2, 3, 4, 6])[1..]);
        assert_eq!(names.mac([0x00, 1, 2, 3, 4, 5])[0] & 3, 0);
        assert_eq!(names.mac([0xff; 6]), [0xff; 6]);
    }
}
