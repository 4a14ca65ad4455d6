//! Header after header, from the link to the innermost IP packet.
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use super::cursor::Cursor;
use super::fragment::{FragmentTable, Key, Piece, Whole};
use super::ip::Header;
use super::passage::Passage;
use super::transport::{self, Segment};
use super::tunnel::{self, Inside};
use super::wlan::Subframes;
use super::{DecodeError, Decoded, Layer, Macs, NotIp, Packet, Transport, VlanIds};
use super::{ethernet, ip, link, mpls, ppp, wlan};
use crate::source::{CaptureTime, Frame};

/// Headers that are read of one frame at most, all layers together. Real frames have under a
/// dozen; without a bound a crafted one of 64 KiB would cost thousands of steps.
const MAX_HEADERS: usize = 32;

/// Wire octets of the longest frame that a link carries: a jumbo frame of 9,216 octets with its
/// Ethernet header and VLAN tag. Longer ones are segments before or after offloading.
pub(super) const LONGEST_FRAME: u32 = 9_216 + 18;

/// What the next octets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// An Ethernet header.
    Ethernet,
    /// What an `EtherType` or an 802.3 length announces.
    EtherType(u16),
    /// An LLC header (IEEE 802.2).
    Llc,
    /// A PPP frame, with or without its HDLC address and control octets.
    Ppp,
    /// An MPLS label stack.
    Mpls,
    /// An 802.11 frame.
    Wlan(wlan::Body),
    /// An IPv4 or IPv6 header; its version field tells.
    Ip,
}

/// Why there is no (further) IP packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Something else is carried.
    NotIp(NotIp),
    /// A header cannot be read.
    Fault(DecodeError),
}

impl From<DecodeError> for Stop {
    fn from(error: DecodeError) -> Self {
        Self::Fault(error)
    }
}

impl From<NotIp> for Stop {
    fn from(reason: NotIp) -> Self {
        Self::NotIp(reason)
    }
}

impl From<Stop> for Decoded<'_> {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::NotIp(reason) => Self::NotIp(reason),
            Stop::Fault(error) => Self::Undecodable(error),
        }
    }
}

/// What the headers read so far have told of a frame.
pub(super) struct Walk<'d> {
    pub(super) fragments: &'d mut FragmentTable,
    pub(super) time: CaptureTime,
    pub(super) vlans: VlanIds,
    pub(super) vni: Option<u32>,
    pub(super) macs: Option<Macs>,
    pub(super) super_frame: bool,
    /// Whether the headers of an outer IP packet were passed.
    pub(super) tunnel: bool,
    /// Of an aggregate, what stands behind the subframe that is being read.
    pub(super) further: Option<Subframes>,
    /// Whether a datagram that was put together is being read: there is one such level.
    nested: bool,
}

impl<'d> Walk<'d> {
    /// The innermost IP packet of `frame`, or why there is none.
    pub(super) fn frame<'a>(frame: &Frame<'a>, fragments: &'d mut FragmentTable) -> Decoded<'a> {
        let walk = Self::new(frame, fragments);
        let mut cursor = Cursor::of(frame);
        match link::header(frame.link, &mut cursor) {
            Ok(next) => walk.run(next, cursor),
            Err(stop) => stop.into(),
        }
    }

    /// The packet in the next subframe of an aggregate, and what stands behind that: the bounds of
    /// one frame hold for each. None where nothing follows; one without a packet is passed over.
    pub(super) fn subframe<'a>(
        frame: &Frame<'a>,
        mut subframes: Subframes,
        fragments: &'d mut FragmentTable,
    ) -> Option<Packet<'a>> {
        loop {
            let mut walk = Walk::new(frame, &mut *fragments);
            let content = subframes.first(&mut walk, Cursor::of(frame))?;
            let further = walk.further.clone();
            if let Decoded::Packet(packet) = walk.run(Next::Llc, content) {
                return Some(packet);
            }
            subframes = further?;
        }
    }

    fn new(frame: &Frame<'_>, fragments: &'d mut FragmentTable) -> Self {
        Self {
            fragments,
            time: frame.time,
            vlans: VlanIds::new(),
            vni: None,
            macs: None,
            super_frame: frame.wire_len > LONGEST_FRAME,
            tunnel: false,
            further: None,
            nested: false,
        }
    }

    /// Reads on until an IP packet holds no tunnel. An outer packet whose tunnel leads to
    /// nothing readable is the innermost one.
    fn run(mut self, mut next: Next, mut cursor: Cursor<'_>) -> Decoded<'_> {
        let mut outer = None;
        for _ in 0..MAX_HEADERS {
            let stop = if next == Next::Ip {
                match self.packet(cursor) {
                    Ok((packet, None)) => return Decoded::Packet(packet),
                    Ok((packet, Some(inside))) => {
                        self.vni = inside.vni.or(self.vni);
                        self.tunnel = true;
                        (next, cursor) = (inside.next, inside.cursor);
                        outer = Some(packet);
                        continue;
                    }
                    Err(error) => error.into(),
                }
            } else {
                match self.header(next, &mut cursor) {
                    Ok(follows) => {
                        next = follows;
                        continue;
                    }
                    Err(stop) => stop,
                }
            };
            return outer.map_or_else(|| stop.into(), Decoded::Packet);
        }
        let endless = cursor.invalid(Layer::Link);
        outer.map_or(Decoded::Undecodable(endless), Decoded::Packet)
    }

    fn header(&mut self, next: Next, cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
        match next {
            Next::Ethernet => ethernet::header(self, cursor),
            Next::EtherType(kind) => ethernet::ether_type(self, kind, cursor),
            Next::Llc => ethernet::llc(cursor),
            Next::Ppp => ppp::header(cursor),
            Next::Mpls => mpls::stack(cursor),
            Next::Wlan(body) => wlan::header(self, body, cursor),
            Next::Ip => Ok(Next::Ip),
        }
    }

    /// The IP packet at the cursor, and what is inside where it is a tunnel's.
    fn packet<'a>(
        &mut self,
        mut cursor: Cursor<'a>,
    ) -> Result<(Packet<'a>, Option<Inside<'a>>), DecodeError> {
        let header = ip::header(&mut cursor)?;
        if let Some(piece) = header.fragment {
            return Ok((self.fragment(&header, piece, cursor), None));
        }
        let segment = transport::segment(header.protocol, cursor);
        let inside = tunnel::inside(header.protocol, cursor, &segment);
        Ok((self.whole(&header, &segment), inside))
    }

    /// Notes a VLAN tag; beyond [`VlanIds`]' capacity the outermost ones are kept.
    pub(super) fn tagged(&mut self, id: u16) {
        // A full list refuses the id, which is what is wanted.
        let _ = self.vlans.try_push(id);
    }

    fn whole<'a>(&self, header: &Header, segment: &Segment<'a>) -> Packet<'a> {
        Packet {
            tuple: header.tuple(header.protocol, segment.ports),
            vlans: self.vlans.clone(),
            vni: self.vni,
            macs: self.macs,
            transport: segment.transport,
            payload: segment.body.rest(),
            payload_wire_len: segment.body.wire(),
            reassembled: None,
            super_frame: self.super_frame || header.unsized_,
            tunnel: self.tunnel,
            further: self.further.clone(),
        }
    }

    /// A fragment: its ports are the datagram's, where the first one was seen; its octets are
    /// read once the datagram is whole.
    fn fragment<'a>(&mut self, header: &Header, piece: Piece, cursor: Cursor<'a>) -> Packet<'a> {
        let key = Key {
            source: header.source,
            destination: header.destination,
            id: piece.id,
            protocol: header.source.is_ipv4().then_some(header.protocol),
            vlans: self.vlans.clone(),
            vni: self.vni,
        };
        let kept = self.fragments.add(&key, header.protocol, piece, cursor, self.time);
        let mut packet = Packet {
            tuple: header.tuple(kept.protocol, kept.ports),
            vlans: key.vlans,
            vni: key.vni,
            macs: self.macs,
            transport: Transport::Fragment,
            payload: kept.place,
            payload_wire_len: kept.payload_wire_len,
            reassembled: kept.whole,
            super_frame: self.super_frame,
            tunnel: self.tunnel,
            further: self.further.clone(),
        };
        if let Some(index) = kept.whole {
            self.tunnel_in_whole(index, &mut packet);
        }
        packet
    }

    /// Where the datagram that `packet` completes is a tunnel's, the packet inside counts:
    /// its 5-tuple, and its payload as the reassembled one.
    fn tunnel_in_whole(&mut self, index: u16, packet: &mut Packet<'_>) {
        if self.nested {
            return;
        }
        let Some(mut whole) = self.fragments.lend(index) else { return };
        let outside = self.fragments.is_shared().then(|| packet.without_payload());
        if let Some((transport, payload)) = self.read_tunnel(&whole, packet) {
            if let Some(outside) = outside.filter(|_| !self.fragments.is_own(&packet.tuple)) {
                self.fragments.pass_on(Passage { packet: outside, whole });
                packet.reassembled = None;
                return;
            }
            (whole.transport, whole.payload) = (transport, payload);
        }
        self.fragments.give_back(index, whole);
    }

    /// The packet of a tunnel's datagram which another thread has put together.
    pub(super) fn resume(
        passage: Passage,
        fragments: &'d mut FragmentTable,
        time: CaptureTime,
    ) -> Packet<'static> {
        let Passage { mut packet, whole } = passage;
        packet.reassembled = fragments.adopt(whole);
        let mut walk = Self {
            fragments,
            time,
            vlans: packet.vlans.clone(),
            vni: packet.vni,
            macs: packet.macs,
            super_frame: packet.super_frame,
            tunnel: packet.tunnel,
            further: None,
            nested: false,
        };
        if let Some(index) = packet.reassembled {
            walk.tunnel_in_whole(index, &mut packet);
        }
        packet
    }

    /// Makes `packet` that of the tunnel in `whole`; its transport header, and where in the
    /// datagram its payload lies.
    fn read_tunnel(
        &mut self,
        whole: &Whole,
        packet: &mut Packet<'_>,
    ) -> Option<(Transport, Range<usize>)> {
        let (protocol, payload, segment) = whole.read();
        let inside = tunnel::inside(protocol, payload, &segment)?;
        let walk = Walk {
            fragments: &mut *self.fragments,
            time: self.time,
            vlans: self.vlans.clone(),
            vni: inside.vni.or(self.vni),
            macs: self.macs,
            super_frame: self.super_frame,
            tunnel: true,
            further: None,
            nested: true,
        };
        let Decoded::Packet(inner) = walk.run(inside.next, inside.cursor) else { return None };
        if inner.transport == Transport::Fragment {
            packet.reassembled = inner.reassembled;
        }
        (packet.tuple, packet.vlans, packet.vni) = (inner.tuple, inner.vlans, inner.vni);
        packet.tunnel = true;
        Some((inner.transport, whole.range_of(inner.payload)))
    }
}
