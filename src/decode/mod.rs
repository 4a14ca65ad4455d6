//! A frame becomes a packet, or the reason why not.

mod decoder;
mod packet;

pub use decoder::{Decoder, Reassembled};
pub use packet::{
    DecodeError, Decoded, FiveTuple, Layer, Macs, NotIp, Packet, Ported, Protocol, TcpFlags,
    Transport, VlanIds,
};
