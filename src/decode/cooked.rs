//! Linux cooked captures (`LINKTYPE_LINUX_SLL`, `LINKTYPE_LINUX_SLL2`).
#![warn(clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::walk::{Next, Stop};
use super::{Layer, NotIp};

/// The header of version 1.
pub(super) fn v1(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let octets: &[u8; 16] = cursor.array(Layer::Link)?;
    let &[_, _, h0, h1, .., p0, p1] = octets;
    protocol(u16::from_be_bytes([h0, h1]), u16::from_be_bytes([p0, p1]))
}

/// The header of version 2.
pub(super) fn v2(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let octets: &[u8; 20] = cursor.array(Layer::Link)?;
    let &[p0, p1, _, _, _, _, _, _, h0, h1, ..] = octets;
    protocol(u16::from_be_bytes([h0, h1]), u16::from_be_bytes([p0, p1]))
}

/// Linux's own protocol numbers below the `EtherType`s (`linux/if_ether.h`).
const LLC: u16 = 0x0004;
/// Devices whose protocol field is none (`linux/if_arp.h`).
const NETLINK: u16 = 824;
const RADIOTAP: u16 = 803;
const FRAME_RELAY_ACCESS: u16 = 770;

fn protocol(device: u16, protocol: u16) -> Result<Next, Stop> {
    match (device, protocol) {
        (NETLINK | RADIOTAP | FRAME_RELAY_ACCESS, _) => Err(NotIp::LinkControl.into()),
        (_, LLC) => Ok(Next::Llc),
        (_, kind) if kind < SMALLEST_ETHER_TYPE => Err(NotIp::LinkControl.into()),
        (_, kind) => Ok(Next::EtherType(kind)),
    }
}

const SMALLEST_ETHER_TYPE: u16 = 0x0600;
