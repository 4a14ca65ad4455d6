//! A frame becomes a packet, or the reason why not.
//!
//! [`Decoder::decode`] takes ordinary frames in one straight line (`fast`) and walks header by
//! header (`walk`) through all others: link types, tags and labels, IP and its extension
//! headers, tunnels, down to the innermost IP header that can be read. Fragments wait in a
//! bounded table for their datagram.

mod address;
mod capture_header;
mod cooked;
mod cursor;
mod datagram;
mod decoder;
mod ethernet;
mod extension;
mod fast;
mod fragment;
mod ip;
mod link;
mod mpls;
mod nflog;
mod packet;
mod passage;
mod ppp;
#[cfg(test)]
mod tests;
mod trailer;
mod transport;
mod tunnel;
mod walk;
mod wlan;

pub use address::{AddressBits, IpVersion};
pub use decoder::{Decoder, Reassembled};
pub use fast::Ordinary;
pub use packet::{
    DecodeError, Decoded, FiveTuple, Layer, Macs, NotIp, Packet, Ported, Protocol, TcpFlags,
    Transport, VlanIds,
};
pub use passage::Passage;
pub use trailer::app_name;
pub use wlan::Subframes;
