//! A packet on its way to its flow, with what shares its frame.

use super::flow_state::State;
use crate::decode::{Decoder, Macs, TcpFlags, Transport};
use crate::flow::{Arrival, Flow, FlowFlags, FlowKey, Side, is_telling};
use crate::name::{Piece, PieceKind};
use crate::source::Frame;

/// A packet of the batch: the way to its flow, and what is needed there.
pub(super) struct Met<'f> {
    /// Without the time, which is told when the packet's turn comes.
    pub(super) arrival: Arrival,
    pub(super) payload: &'f [u8],
    pub(super) payload_wire_len: u32,
    /// Where the packet was no ordinary one.
    pub(super) unusual: Option<Unusual<'f>>,
}

/// What only few packets have.
pub(super) struct Unusual<'f> {
    pub(super) macs: Option<Macs>,
    pub(super) reassembled: Option<u16>,
    pub(super) super_frame: bool,
    pub(super) tunnel: bool,
    /// Of an aggregate, the packets behind this one: parts of the same frame.
    pub(super) parts: Vec<Part<'f>>,
}

/// A packet that shares its frame with the one before it.
pub(super) struct Part<'f> {
    pub(super) key: FlowKey,
    pub(super) sender: Side,
    pub(super) transport: Transport,
    pub(super) payload: &'f [u8],
    pub(super) payload_wire_len: u32,
    pub(super) reassembled: Option<u16>,
    /// Where in the frame the first subframe behind the packet before stands.
    pub(super) from: usize,
}

impl Unusual<'_> {
    /// Notes what is remarkable about a packet.
    pub(super) fn mark(&self, flow: &mut Flow<State>, arrival: &Arrival) {
        let mut flags = FlowFlags::default();
        if self.super_frame {
            flags |= FlowFlags::SUPER_FRAME;
        }
        if arrival.transport == Transport::Fragment || self.reassembled.is_some() {
            flags |= FlowFlags::FRAGMENTS;
        }
        if self.tunnel {
            flags |= FlowFlags::TUNNEL;
        }
        if self.parts.iter().any(|part| part.key != arrival.key) {
            flags |= FlowFlags::AGGREGATE;
        }
        if !flow.state.marked.has(flags) {
            flow.state.marked |= flags;
            flow.state.cell.labels(|labels| labels.flags |= flags);
        }
    }
}

impl Met<'_> {
    /// The frame's outermost Ethernet addresses.
    pub(super) fn macs(&self, frame: &Frame<'_>) -> Option<Macs> {
        match &self.unusual {
            Some(unusual) => unusual.macs,
            None => Macs::of(frame),
        }
    }

    /// Octets of transport payload, those of further packets of the flow in the same frame included.
    #[inline]
    pub(super) fn payload_in_all(&self) -> u32 {
        let others = self.parts().map(|part| part.payload_wire_len);
        others.fold(self.payload_wire_len, u32::saturating_add)
    }

    /// The further packets in the frame that belong to its flow and its sender.
    fn parts(&self) -> impl Iterator<Item = &Part<'_>> {
        let parts = self.unusual.as_ref().map_or(&[][..], |unusual| &unusual.parts);
        let Arrival { key, sender, .. } = &self.arrival;
        parts.iter().filter(move |part| part.key == *key && part.sender == *sender)
    }

    /// What the search for names takes of the frame: the whole datagram where this fragment
    /// completes one.
    #[inline]
    pub(super) fn pieces<'m>(&'m self, decoder: &'m Decoder) -> impl Iterator<Item = Piece<'m>> {
        let Arrival { key, sender: side, transport, .. } = self.arrival;
        let first = Part {
            key,
            sender: side,
            transport,
            payload: self.payload,
            payload_wire_len: self.payload_wire_len,
            reassembled: self.unusual.as_ref().and_then(|unusual| unusual.reassembled),
            from: 0,
        };
        let further = self.parts().filter_map(|part| part.piece(decoder));
        first.piece(decoder).into_iter().chain(further)
    }
}

/// What the first packet of an aggregate says of its connection, with the ends that further
/// packets of the same sender state: the table of flows is asked once a frame.
pub(super) fn closing(
    transport: Transport,
    parts: &[Part<'_>],
    key: FlowKey,
    sender: Side,
) -> Transport {
    let Transport::Tcp { seq, ack, flags } = transport else { return transport };
    let of_flow = parts.iter().filter(|part| part.key == key && part.sender == sender);
    let ends = of_flow.fold(0, |ends, part| match part.transport {
        Transport::Tcp { flags, .. } => ends | flags.0 & (TcpFlags::FIN.0 | TcpFlags::RST.0),
        _ => ends,
    });
    Transport::Tcp { seq, ack, flags: TcpFlags(flags.0 | ends) }
}

impl<'f> Part<'f> {
    fn piece<'m>(&self, decoder: &'m Decoder) -> Option<Piece<'m>>
    where
        'f: 'm,
    {
        let whole = self.reassembled.and_then(|index| decoder.reassembled(index));
        let (transport, payload, wire_len) = match whole {
            Some(whole) => {
                let len = u32::try_from(whole.payload.len()).unwrap_or(u32::MAX);
                (whole.transport, whole.payload, len)
            }
            None => (self.transport, self.payload, self.payload_wire_len),
        };
        let kind = match transport {
            Transport::Tcp { flags, .. } if wire_len == 0 && !is_telling(flags) => return None,
            Transport::Tcp { seq, flags, .. } => {
                let syn = flags.has(TcpFlags::SYN);
                PieceKind::Segment { seq: seq.wrapping_add(u32::from(syn)), syn }
            }
            Transport::Udp if wire_len > 0 => PieceKind::Datagram,
            _ => return None,
        };
        let side = self.sender;
        let ports = (self.key.port(side), self.key.port(side.other()));
        Some(Piece { side, kind, ports, payload, wire_len })
    }
}
