//! UDP datagrams of tunnels that hide what is inside: recognised, never read.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

/// `WireGuard`'s usual port; its first message is known on every port.
const WIREGUARD: u16 = 51_820;
/// `IPsec` through address translation (RFC 3948).
const IPSEC_NAT: u16 = 4_500;

/// Whether a datagram of these ports is `WireGuard`'s (white paper §5.4: type, three zero octets,
/// a length for each type) or `IPsec`'s (RFC 3948 §2: an SPI, or four zeros and IKE).
pub(in crate::name) fn is_vpn(ports: (u16, u16), payload: &[u8], wire_len: u32) -> bool {
    let on = |port| ports.0 == port || ports.1 == port;
    wireguard(payload, wire_len, on(WIREGUARD)) || (on(IPSEC_NAT) && ipsec(payload))
}

fn wireguard(payload: &[u8], wire_len: u32, usual_port: bool) -> bool {
    match (payload.first_chunk(), wire_len) {
        // A handshake's start: 148 octets, of which the last 16 are zero unless the server was
        // under load.
        (Some([1, 0, 0, 0]), 148) => true,
        (Some([2, 0, 0, 0]), 92) | (Some([3, 0, 0, 0]), 64) => usual_port,
        (Some([4, 0, 0, 0]), len) => usual_port && len >= 32 && len % 16 == 0,
        _ => false,
    }
}

fn ipsec(payload: &[u8]) -> bool {
    match payload.split_first_chunk::<4>() {
        // IKE's version is octet 17 of its header (RFC 7296 §3.1).
        Some(([0, 0, 0, 0], ike)) => matches!(ike.get(17), Some(0x10 | 0x20)),
        // SPI, sequence number, and at the least a block with its check.
        Some((_, rest)) => rest.len() >= 20,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_vpn;

    #[test]
    fn tunnels_are_known_by_their_first_octets_and_length() {
        let start = |kind: u8| [&[kind, 0, 0, 0][..], &[7; 144]].concat();
        let is = |ports, octets: &[u8]| is_vpn(ports, octets, octets.len().try_into().unwrap());
        assert!(is((1234, 9999), &start(1)));
        assert!(!is((1234, 9999), &start(1)[..147]));
        assert!(is((1234, 51_820), &start(2)[..92]) && !is((1234, 9999), &start(2)[..92]));
        assert!(is((1234, 51_820), &start(4)[..64]) && !is((1234, 51_820), &start(4)[..63]));
        assert!(is_vpn((1234, 9999), &start(1)[..40], 148), "cut by the snaplen");
        let ike = [&[0; 4][..], &[7; 17], &[0x20], &[0; 20]].concat();
        assert!(is((4500, 4500), &ike) && !is((500, 500), &ike));
        assert!(is((4500, 4500), &[9; 60]) && !is((4500, 4500), &[0xff]));
    }
}
