//! The interfaces there are.

use std::net::IpAddr;

use ipnet::IpNet;

/// An interface of this machine.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the system's own")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkInterface {
    /// The kernel's index, 1 and up.
    pub index: u32,
    /// Its name.
    pub name: String,
    /// Its own address on the link, where it has one.
    pub mac: Option<[u8; 6]>,
    /// Its IP addresses with their networks.
    pub addresses: Vec<IpNet>,
    /// Whether it was switched on.
    pub up: bool,
    /// Whether it is connected: the cable is in, the network joined.
    pub running: bool,
    /// Whether it leads back to this machine.
    pub loopback: bool,
    /// Whether it has one peer only, as a tunnel.
    pub point_to_point: bool,
}

/// The interfaces of this process's network namespace, by the kernel's index. Needs no right.
pub fn interfaces() -> Vec<NetworkInterface> {
    let mut found: Vec<_> = pnet_datalink::interfaces().into_iter().map(interface).collect();
    found.sort_by_key(|interface| interface.index);
    found
}

fn interface(found: pnet_datalink::NetworkInterface) -> NetworkInterface {
    let (up, running) = (found.is_up(), found.is_running());
    let (loopback, point_to_point) = (found.is_loopback(), found.is_point_to_point());
    NetworkInterface {
        index: found.index,
        name: found.name,
        mac: found.mac.filter(|mac| !mac.is_zero()).map(Into::into),
        addresses: found.ips.iter().filter_map(|ip| network(ip.ip(), ip.prefix())).collect(),
        up,
        running,
        loopback,
        point_to_point,
    }
}

fn network(address: IpAddr, prefix: u8) -> Option<IpNet> {
    IpNet::new(address, prefix).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_among_them_with_its_address() {
        let found = interfaces();
        let lo = found.iter().find(|interface| interface.loopback).unwrap();
        assert!(lo.index > 0 && lo.mac.is_none() && !lo.point_to_point, "{lo:?}");
        assert!(!lo.up || lo.addresses.contains(&"127.0.0.1/8".parse().unwrap()), "{lo:?}");
    }
}
