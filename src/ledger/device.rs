//! Names that the user gave to client addresses and MACs.

use std::collections::HashMap;
use std::net::IpAddr;

/// Device names by address and by MAC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Devices {
    /// By IP address.
    pub by_address: HashMap<IpAddr, Box<str>>,
    /// By Ethernet address.
    pub by_mac: HashMap<[u8; 6], Box<str>>,
}

impl Devices {
    /// Whether no device is known.
    pub fn is_empty(&self) -> bool {
        self.by_address.is_empty() && self.by_mac.is_empty()
    }
}
