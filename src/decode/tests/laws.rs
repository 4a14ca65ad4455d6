//! Laws that hold for any octets.

use etherparse::{Ipv6ExtensionSlice, NetSlice, SlicedPacket, TransportSlice};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::frames::{eth, frame, inner, tcp, udp, v4, v4_part, v6, vlan};
use crate::decode::cursor::Cursor;
use crate::decode::datagram::{Datagram, Fit};
use crate::decode::fragment::{FragmentTable, Piece};
use crate::decode::walk::Walk;
use crate::decode::{Decoded, Decoder, Ordinary, Packet, Transport, extension, tunnel};
use crate::source::Frame;

const LINKS: [u32; 42] = [
    6, 138, 205, 206, 195, 189, 227, 253, 0, 1, 8, 9, 10, 12, 14, 50, 51, 100, 101, 104, 105, 106,
    107, 108, 113, 119, 123, 127, 129, 149, 163, 178, 192, 204, 219, 226, 228, 229, 239, 242, 258,
    276,
];

/// Frames of many kinds, all of them valid.
fn valid() -> impl Strategy<Value = Vec<u8>> {
    let payload = vec(any::<u8>(), 0..80);
    let port =
        || prop_oneof![any::<u16>(), select(vec![53, 443, 1701, 2152, 3544, 4789, 6081, 4754])];
    let transport = (port(), port(), any::<u8>(), payload, any::<bool>()).prop_map(
        |(source, destination, flags, payload, is_tcp)| {
            if is_tcp {
                (6, tcp(source, destination, flags, &payload))
            } else {
                (17, udp(source, destination, &payload))
            }
        },
    );
    let packet = (transport, 0..5).prop_map(|((protocol, transport), kind)| match kind {
        0 => (0x800, v4(protocol, &transport)),
        1 => (0x86dd, v6(protocol, &transport)),
        2 => (0x800, v4(4, &v4(protocol, &transport))),
        3 => (0x86dd, v6(60, &[&[protocol, 0, 1, 4, 0, 0, 0, 0][..], &transport].concat())),
        _ => (0x800, v4_part(protocol, 7, 0x2000, &transport)),
    });
    (packet, vec(any::<u16>(), 0..4)).prop_map(|((mut kind, mut octets), tags)| {
        for tag in tags {
            octets = vlan(tag, kind, &octets);
            kind = 0x8100;
        }
        eth(kind, &octets)
    })
}

/// Valid frames with some octets changed and some cut off.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    (valid(), vec((any::<prop::sample::Index>(), any::<u8>()), 0..6), 0..40_usize).prop_map(
        |(mut octets, changes, cut)| {
            for (at, value) in changes {
                let at = at.index(octets.len());
                octets[at] = value;
            }
            octets.truncate(octets.len() - if cut < 20 { 0 } else { cut }.min(octets.len()));
            octets
        },
    )
}

/// IPv4 after its LLC header, of up to 60 octets.
fn on_llc() -> Vec<u8> {
    [&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0][..], &inner()].concat()
}

fn walk<'a>(frame: &Frame<'a>) -> Decoded<'a> {
    Walk::frame(frame, &mut FragmentTable::default())
}

fn check(packet: &Packet<'_>, frame: &Frame<'_>) {
    let (whole, part) = (frame.captured.as_ptr_range(), packet.payload.as_ptr_range());
    let inside = whole.start <= part.start && part.end <= whole.end;
    assert!(inside || packet.payload.is_empty());
    assert!(usize::try_from(packet.payload_wire_len).unwrap() >= packet.payload.len());
    assert!(packet.payload_wire_len <= frame.wire_len.max(65_535));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_octets_of_any_link_type_are_decoded_without_panic(
        link in select(LINKS.to_vec()),
        octets in vec(any::<u8>(), 0..200),
        wire_len in 0..70_000_u32,
    ) {
        let mut frame = frame(link, &octets);
        frame.wire_len = wire_len;
        if let Decoded::Packet(packet) = Decoder::default().decode(&frame) {
            check(&packet, &frame);
        }
    }

    #[test]
    fn headers_of_any_link_type_before_ip_are_read_without_panic(
        link in select(LINKS.to_vec()),
        header in vec(prop_oneof![Just(0_u8), any::<u8>()], 0..40),
    ) {
        let octets = [header, inner()].concat();
        let frame = frame(link, &octets);
        if let Decoded::Packet(packet) = Decoder::default().decode(&frame) {
            check(&packet, &frame);
        }
    }

    #[test]
    fn further_subframes_lie_in_their_frame_and_come_to_an_end(
        lengths in vec((0..60_u16, any::<bool>()), 0..12),
        noise in vec(any::<u8>(), 0..100),
        wire_len in 0..2000_u32,
    ) {
        let mut octets = [&[0x88, 0x01, 0, 0][..], &[2; 18], &[0, 0, 0x80, 0]].concat();
        for (length, is_ip) in lengths {
            octets.extend([&[3; 12][..], &length.to_be_bytes()].concat());
            octets.extend(if is_ip { on_llc() } else { noise.clone() });
            octets.resize(octets.len().next_multiple_of(4) + 2, 0);
        }
        let mut frame = frame(105, &octets);
        frame.wire_len = wire_len;
        let mut decoder = Decoder::default();
        let Decoded::Packet(first) = decoder.decode(&frame) else { return Ok(()) };
        let (mut further, mut packets) = (first.further, 1);
        while let Some(packet) = further.and_then(|f| decoder.subframe(&frame, f)) {
            check(&packet, &frame);
            packets += 1;
            further = packet.further;
        }
        prop_assert!(packets <= octets.len() / 14);
    }

    #[test]
    fn the_straight_line_and_the_walk_say_the_same(octets in mutated(), more in 0..200_u32) {
        let mut frame = frame(1, &octets);
        frame.wire_len += more;
        if let Some(packet) = Ordinary::read(&frame).map(|o| o.packet(&frame)) {
            let Decoded::Packet(walked) = walk(&frame) else { panic!("the walk found no packet") };
            prop_assert_eq!(format!("{packet:?}"), format!("{walked:?}"));
            check(&packet, &frame);
        }
    }

    #[test]
    fn etherparse_says_the_same_of_what_it_accepts(octets in mutated()) {
        let frame = frame(1, &octets);
        let Ok(sliced) = SlicedPacket::from_ethernet(&octets) else { return Ok(()) };
        let Some(theirs) = theirs(&sliced) else { return Ok(()) };
        let mut decoder = Decoder::default();
        let Decoded::Packet(packet) = decoder.decode(&frame) else {
            panic!("no packet: {:?}", decoder.decode(&frame))
        };
        let tuple = &packet.tuple;
        let ours = (tuple.source.to_string(), tuple.source_port,
            tuple.destination.to_string(), tuple.destination_port, packet.payload);
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn a_frame_that_is_cut_never_has_other_ports(octets in valid(), keep in any::<prop::sample::Index>()) {
        let whole = frame(1, &octets);
        let Decoded::Packet(full) = Decoder::default().decode(&whole) else { return Ok(()) };
        let mut cut = frame(1, &octets[..keep.index(octets.len())]);
        cut.wire_len = whole.wire_len;
        if let Decoded::Packet(packet) = Decoder::default().decode(&cut) {
            check(&packet, &cut);
            let same_ends = packet.tuple.source == full.tuple.source;
            let ports = (packet.tuple.source_port, packet.tuple.destination_port);
            let full = (full.tuple.source_port, full.tuple.destination_port);
            prop_assert!(!same_ends || ports == (0, 0) || ports == full || is_outer(ports));
        }
    }
}

proptest! {
    #[test]
    fn fragments_in_any_order_give_their_datagram_and_a_forged_octet_gives_none(
        cuts in prop::collection::btree_set(1..40_usize, 0..12),
        order in any::<u64>(),
        again in any::<prop::sample::Index>(),
        forge in any::<bool>(),
    ) {
        let octets: Vec<u8> = (0..40 * 8).map(|i| u8::try_from(i % 251).unwrap()).collect();
        let bounds: Vec<usize> = [0].into_iter().chain(cuts).chain([40]).collect();
        let mut pieces: Vec<(usize, usize)> = bounds.windows(2).map(|w| (w[0], w[1])).collect();
        pieces.sort_by_key(|(from, _)| (order.rotate_left(u32::try_from(*from).unwrap())) % 17);
        // Once more, before the last one comes, perhaps with another octet.
        let twice = pieces[again.index(pieces.len())];
        pieces.insert(pieces.len() - 1, twice);
        let last = pieces.len() - 1;
        let repeated = pieces[..last - 1].contains(&twice) && pieces[last] != twice;
        let (mut datagram, mut whole, mut overlaps) = (Datagram::default(), None, 0);
        for (i, (from, to)) in pieces.iter().copied().enumerate() {
            let mut part = octets[from * 8..to * 8].to_vec();
            if forge && repeated && i == last - 1 {
                part[0] ^= 1;
            }
            let offset = u16::try_from(from * 8).unwrap();
            let piece = Piece { id: 1, offset, more: to < 40 };
            match datagram.add(piece, Cursor::over(&part, 0)) {
                Fit::Whole(octets) => whole = Some(octets),
                Fit::Overlaps => overlaps += 1,
                Fit::Waits => {}
                Fit::TooMuch => panic!("within the bounds"),
            }
        }
        if forge && repeated {
            prop_assert_eq!((whole, overlaps), (None, 1));
        } else {
            prop_assert_eq!((whole, overlaps), (Some(octets), 0));
        }
    }
}

/// The ports of a tunnel whose inside was cut off.
fn is_outer((source, destination): (u16, u16)) -> bool {
    tunnel::is_tunnel(source) || tunnel::is_tunnel(destination)
}

type Theirs<'a> = (String, u16, String, u16, &'a [u8]);

/// What etherparse says of a TCP segment or UDP datagram that is neither a fragment nor a
/// tunnel's; it does not know super-frames, so that lengths of 0 are left out, and takes a UDP
/// length of 0 or over the packet's as an error.
fn theirs<'a>(sliced: &SlicedPacket<'a>) -> Option<Theirs<'a>> {
    if let NetSlice::Ipv6(ip) = sliced.net.as_ref()? {
        // It does not look at options; a packet with a broken one has no ports here.
        let fits = |extension| match extension {
            Ipv6ExtensionSlice::HopByHop(raw) | Ipv6ExtensionSlice::DestinationOptions(raw) => {
                extension::options_fit(raw.payload())
            }
            _ => true,
        };
        if !ip.extensions().clone().into_iter().all(fits) {
            return None;
        }
    }
    let (source, destination, sized) = match sliced.net.as_ref()? {
        NetSlice::Ipv4(ip) => {
            let header = ip.header();
            let (source, destination) = (header.source_addr(), header.destination_addr());
            (source.to_string(), destination.to_string(), header.total_len() > 0)
        }
        NetSlice::Ipv6(ip) => {
            let header = ip.header();
            let (source, destination) = (header.source_addr(), header.destination_addr());
            (source.to_string(), destination.to_string(), header.payload_length() > 0)
        }
        NetSlice::Arp(_) => return None,
    };
    let (source_port, destination_port, payload) = match sliced.transport.as_ref()? {
        TransportSlice::Tcp(tcp) => (tcp.source_port(), tcp.destination_port(), tcp.payload()),
        TransportSlice::Udp(udp) if udp.length() >= 8 => {
            (udp.source_port(), udp.destination_port(), udp.payload())
        }
        _ => return None,
    };
    let plain = !is_outer((source_port, destination_port));
    (sized && plain).then_some((source, source_port, destination, destination_port, payload))
}

#[test]
fn the_straight_line_takes_ordinary_frames() {
    let octets = eth(0x8100, &vlan(12, 0x800, &v4(6, &tcp(1, 2, 0x18, b"x"))));
    let one = frame(1, &octets);
    let packet = Ordinary::read(&one).unwrap().packet(&one);
    assert!(matches!(packet.transport, Transport::Tcp { .. }));
    assert!(Ordinary::read(&frame(1, &eth(0x800, &inner()))).is_some());
}
