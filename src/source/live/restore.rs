//! A frame as it was on the wire, from what the kernel kept of it.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::ring::Packet;
use crate::source::LinkType;

/// Where a frame lies in its block, and how it is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Restored {
    pub(super) start: usize,
    pub(super) captured_len: u32,
    pub(super) wire_len: u32,
    pub(super) link: LinkType,
}

/// Puts the VLAN tag back that the interface took off, or, for interfaces without a link header
/// that is known, drops what is in front of the network header.
///
/// `block` is changed in front of the frame only, where the kernel was asked to leave room. What
/// finds no room stays as it is.
pub(super) fn restore(block: &mut [u8], packet: &Packet) -> Restored {
    match link_type(packet.hardware) {
        Some(link @ ETHERNET) => {
            let whole = as_is(packet, link);
            packet.tag.and_then(|tag| tagged(block, packet, tag)).unwrap_or(whole)
        }
        Some(link) => as_is(packet, link),
        None => match packet.protocol {
            IPV4 | IPV6 => from_network(packet, RAW, 0).unwrap_or_else(|| as_is(packet, RAW)),
            _ => cooked(block, packet).unwrap_or_else(|| as_is(packet, COOKED)),
        },
    }
}

/// How the frames of an interface are to be read, by its `ARPHRD_` number (`linux/if_arp.h`);
/// `None` where they are read from the network header on.
pub(super) fn link_type(hardware: u16) -> Option<LinkType> {
    match hardware {
        // Ethernet; loopback, which pads to an Ethernet header.
        1 | LOOPBACK => Some(ETHERNET),
        801 => Some(LinkType(105)),
        802 => Some(LinkType(119)),
        803 => Some(LinkType(127)),
        _ => None,
    }
}

/// The link type that an interface is announced with, before its first frame.
pub(super) fn announced(hardware: u16) -> LinkType {
    link_type(hardware).unwrap_or(RAW)
}

fn as_is(packet: &Packet, link: LinkType) -> Restored {
    let Packet { start, captured_len, wire_len, .. } = *packet;
    Restored { start, captured_len, wire_len, link }
}

/// Moves the two addresses forward by a tag's length and writes the tag behind them.
fn tagged(block: &mut [u8], packet: &Packet, [protocol, control]: [u16; 2]) -> Option<Restored> {
    let start = packet.start.checked_sub(TAG)?;
    let captured_len = packet.captured_len.checked_add(4)?;
    let room: &mut [u8; TAG + ADDRESSES] = block.get_mut(start..)?.first_chunk_mut()?;
    if (packet.captured_len as usize) < ADDRESSES {
        return None;
    }
    room.copy_within(TAG.., 0);
    let tag = [protocol.to_be_bytes(), control.to_be_bytes()];
    room.get_mut(ADDRESSES..)?.copy_from_slice(tag.as_flattened());
    let wire_len = packet.wire_len.saturating_add(4);
    Some(Restored { start, captured_len, wire_len, link: ETHERNET })
}

/// The frame from its network header on, `header` octets of a new header in front.
fn from_network(packet: &Packet, link: LinkType, header: u32) -> Option<Restored> {
    let skipped = u32::try_from(packet.network.checked_sub(packet.start)?).ok()?;
    Some(Restored {
        start: packet.network.checked_sub(header as usize)?,
        captured_len: packet.captured_len.checked_sub(skipped)?.checked_add(header)?,
        wire_len: packet.wire_len.saturating_sub(skipped).saturating_add(header),
        link,
    })
}

/// Writes a cooked header (`LINKTYPE_LINUX_SLL2`) in front of the network header.
fn cooked(block: &mut [u8], packet: &Packet) -> Option<Restored> {
    let restored = from_network(packet, COOKED, 20)?;
    let header: &mut [u8; 20] = block.get_mut(restored.start..)?.first_chunk_mut()?;
    *header = [0; 20];
    header.get_mut(..2)?.copy_from_slice(&packet.protocol.to_be_bytes());
    header.get_mut(4..8)?.copy_from_slice(&packet.interface.to_be_bytes());
    header.get_mut(8..10)?.copy_from_slice(&packet.hardware.to_be_bytes());
    header.get_mut(10..11)?.copy_from_slice(&[packet.kind]);
    Some(restored)
}

/// `ARPHRD_LOOPBACK`.
pub(super) const LOOPBACK: u16 = 772;
pub(super) const ETHERNET: LinkType = LinkType(1);
pub(super) const RAW: LinkType = LinkType(101);
pub(super) const COOKED: LinkType = LinkType(276);
pub(super) const IPV4: u16 = 0x0800;
pub(super) const IPV6: u16 = 0x86dd;
const TAG: usize = 4;
const ADDRESSES: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::CaptureTime;

    fn packet(start: usize, captured_len: u32) -> Packet {
        Packet {
            start,
            captured_len,
            wire_len: captured_len,
            time: CaptureTime(0),
            network: start + 14,
            tag: None,
            interface: 3,
            hardware: 1,
            kind: 4,
            protocol: IPV4,
        }
    }

    fn octets(block: &[u8], restored: Restored) -> &[u8] {
        &block[restored.start..restored.start + restored.captured_len as usize]
    }

    #[test]
    fn a_tag_comes_back_between_the_addresses_and_the_type() {
        let mut block: Vec<u8> = (0..100).collect();
        let tagged = Packet { tag: Some([0x88a8, 0x2064]), wire_len: 900, ..packet(20, 60) };
        let restored = restore(&mut block, &tagged);
        let expected: Vec<u8> = (20..32).chain([0x88, 0xa8, 0x20, 0x64]).chain(32..80).collect();
        assert_eq!(octets(&block, restored), expected);
        assert_eq!((restored.wire_len, restored.link), (904, ETHERNET));
    }

    #[test]
    fn a_tag_without_room_or_addresses_stays_off() {
        for packet in [packet(3, 60), packet(20, 11)] {
            let mut block: Vec<u8> = (0..100).collect();
            let tagged = Packet { tag: Some([0x8100, 1]), ..packet };
            assert_eq!(restore(&mut block, &tagged), as_is(&packet, ETHERNET));
            assert_eq!(block, (0..100).collect::<Vec<u8>>());
        }
    }

    #[test]
    fn a_tunnels_frame_begins_with_its_ip_header() {
        let mut block: Vec<u8> = (0..100).collect();
        let tunnel = Packet { hardware: 65534, network: 24, wire_len: 1500, ..packet(20, 60) };
        let restored = restore(&mut block, &tunnel);
        let expected: Vec<u8> = (24..80).collect();
        assert_eq!(octets(&block, restored), expected);
        assert_eq!((restored.wire_len, restored.link), (1496, RAW));
    }

    #[test]
    fn what_is_no_ip_on_a_tunnel_gets_a_cooked_header() {
        let mut block: Vec<u8> = (0..100).collect();
        let other = Packet { hardware: 512, network: 34, protocol: 0x8847, ..packet(34, 10) };
        let restored = restore(&mut block, &other);
        let header = [0x88, 0x47, 0, 0, 0, 0, 0, 3, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let expected: Vec<u8> = header.into_iter().chain(34..44).collect();
        assert_eq!(octets(&block, restored), expected);
        assert_eq!((restored.wire_len, restored.link), (30, COOKED));
    }

    #[test]
    fn a_cut_in_front_of_the_network_header_changes_nothing() {
        let mut block: Vec<u8> = (0..100).collect();
        let cut = Packet { hardware: 65534, network: 60, ..packet(20, 8) };
        assert_eq!(restore(&mut block, &cut), as_is(&cut, RAW));
    }
}
