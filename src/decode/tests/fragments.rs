//! Fragments: ports for all of a datagram, its payload once it is whole.

use super::frames::{RAW, assert_inner, ends, eth, frame, inner, udp, v4_part, v6};
use crate::decode::{Decoded, Decoder, Packet, Ported, Protocol, Transport};
use crate::source::CaptureTime;

const MORE: u16 = 0x2000;

/// `octets` in fragments of `size`, of an IPv4 datagram with this id.
fn cut(protocol: u8, id: u16, octets: &[u8], size: usize) -> Vec<Vec<u8>> {
    let count = octets.len().div_ceil(size);
    let position = |i: usize| u16::try_from(i * size / 8).unwrap();
    let more = |i: usize| if i + 1 < count { MORE } else { 0 };
    let parts = octets.chunks(size).enumerate();
    parts.map(|(i, part)| v4_part(protocol, id, position(i) | more(i), part)).collect()
}

fn cut_v6(id: u8, octets: &[u8], size: usize) -> Vec<Vec<u8>> {
    let count = octets.len().div_ceil(size);
    let parts = octets.chunks(size).enumerate();
    let header = |i: usize| {
        let position = u16::try_from(i * size).unwrap() | u16::from(i + 1 < count);
        [&[17, 0][..], &position.to_be_bytes(), &[0, 0, 0, id]].concat()
    };
    parts.map(|(i, part)| v6(44, &[header(i), part.to_vec()].concat())).collect()
}

fn decode<'a>(decoder: &mut Decoder, octets: &'a [u8], time: i64) -> Packet<'a> {
    let mut frame = frame(RAW, octets);
    frame.time = CaptureTime(time);
    match decoder.decode(&frame) {
        Decoded::Packet(packet) => packet,
        other => panic!("{other:?}"),
    }
}

#[test]
fn all_fragments_after_the_first_have_its_ports_and_the_last_the_datagram() {
    let payload: Vec<u8> = (0..=255).cycle().take(3000).collect();
    let datagram = udp(1000, 53, &payload);
    for parts in [cut(17, 5, &datagram, 1480), cut_v6(5, &datagram, 1232)] {
        let mut decoder = Decoder::default();
        let mut octets = 0;
        for (i, part) in parts.iter().enumerate() {
            let packet = decode(&mut decoder, part, 0);
            assert_eq!(ends(&packet).map(|(_, port)| port), [1000, 53]);
            assert_eq!((packet.transport, packet.payload), (Transport::Fragment, &b""[..]));
            octets += packet.payload_wire_len;
            let whole = packet.reassembled.and_then(|index| decoder.reassembled(index));
            assert_eq!(whole.is_some(), i + 1 == parts.len());
            if let Some(whole) = whole {
                assert_eq!((whole.transport, whole.payload), (Transport::Udp, &payload[..]));
            }
        }
        assert_eq!(octets, 3000, "headers of the datagram are no payload");
        decoder.start_batch();
        assert!(decoder.reassembled(0).is_none());
    }
}

#[test]
fn the_first_fragment_of_a_dns_answer_is_read_at_once() {
    let payload: Vec<u8> = (0..=255).cycle().take(3000).collect();
    for (source, early) in [(53, true), (54, false)] {
        let mut decoder = Decoder::default();
        let parts = cut(17, 5, &udp(source, 1000, &payload), 1480);
        let lens: Vec<_> = parts
            .iter()
            .map(|part| {
                let packet = decode(&mut decoder, part, 0);
                let whole = packet.reassembled.and_then(|index| decoder.reassembled(index));
                whole.map(|whole| (whole.transport, whole.payload.len()))
            })
            .collect();
        let first = early.then_some((Transport::Udp, 1472));
        assert_eq!(lens, [first, None, Some((Transport::Udp, 3000))]);
    }
}

#[test]
fn options_between_fragment_header_and_ports_are_the_datagrams() {
    let options = [17, 0, 1, 4, 0, 0, 0, 0];
    let datagram = [&options[..], &udp(1000, 53, &[1; 40])].concat();
    let mut parts = cut_v6(5, &datagram, 32);
    for part in &mut parts {
        part[40] = 60;
    }
    let mut decoder = Decoder::default();
    for part in &parts {
        let packet = decode(&mut decoder, part, 0);
        assert_eq!(packet.tuple.protocol, Protocol::UDP);
        assert_eq!(ends(&packet).map(|(_, port)| port), [1000, 53]);
    }
    assert_eq!(decoder.reassembled(0).unwrap().payload, [1; 40]);
}

#[test]
fn before_the_first_fragment_there_are_no_ports() {
    let mut parts = cut(17, 5, &udp(1000, 53, &[1; 3000]), 1480);
    parts.reverse();
    let mut decoder = Decoder::default();
    let ported: Vec<_> =
        parts.iter().map(|part| decode(&mut decoder, part, 0).tuple.ported).collect();
    assert_eq!(ported, [Ported::No, Ported::No, Ported::Yes]);
    assert_eq!(decoder.reassembled(0).unwrap().payload, [1; 3000]);
}

#[test]
fn an_atomic_fragment_is_a_whole_packet() {
    let parts = cut_v6(5, &udp(1000, 53, b"x"), 1232);
    let packet = decode(&mut Decoder::default(), &parts[0], 0);
    assert_eq!((packet.transport, packet.payload), (Transport::Udp, &b"x"[..]));
}

#[test]
fn the_identification_tells_datagrams_apart() {
    let first = cut(17, 5, &udp(1000, 53, &[1; 40]), 24);
    let second = cut(17, 6, &udp(2000, 53, &[2; 40]), 24);
    let mut decoder = Decoder::default();
    for part in [&first[0], &second[0], &first[1]] {
        decode(&mut decoder, part, 0);
    }
    assert_eq!(decoder.reassembled(0).unwrap().payload, [1; 40]);
    assert!(decoder.reassembled(1).is_none(), "of the second datagram one part is missing");
    decode(&mut decoder, &second[1], 0);
    assert_eq!(decoder.reassembled(1).unwrap().payload, [2; 40]);
    let late = decode(&mut decoder, &second[1], 0);
    assert_eq!(late.tuple.source_port, 2000, "a repeated fragment still has its ports");
    assert_eq!(late.reassembled, None);
}

#[test]
fn a_datagram_waits_thirty_seconds() {
    let parts = cut(17, 5, &udp(1000, 53, &[1; 40]), 24);
    for (seconds, ported) in [(30, Ported::Yes), (31, Ported::No)] {
        let mut decoder = Decoder::default();
        decode(&mut decoder, &parts[0], 0);
        let packet = decode(&mut decoder, &parts[1], seconds * 1_000_000_000);
        assert_eq!(packet.tuple.ported, ported, "after {seconds} s");
    }
}

#[test]
fn an_identification_that_is_used_again_starts_a_new_datagram() {
    let first = cut(17, 5, &udp(1000, 53, &[1; 40]), 24);
    let second = cut(17, 5, &udp(2000, 53, &[2; 40]), 24);
    let mut decoder = Decoder::default();
    let mut ports = Vec::new();
    for (seconds, part) in (0..).step_by(20).zip(first.iter().chain(&second)) {
        ports.push(decode(&mut decoder, part, seconds * 1_000_000_000).tuple.source_port);
    }
    assert_eq!(ports, [1000, 1000, 2000, 2000]);
    assert_eq!(decoder.reassembled(1).unwrap().payload, [2; 40]);
}

#[test]
fn overlapping_fragments_are_refused_and_counted() {
    let datagram = udp(1000, 53, &[1; 72]);
    for v6 in [false, true] {
        let parts = if v6 { cut_v6(5, &datagram, 40) } else { cut(17, 5, &datagram, 40) };
        let mut forged = parts[0].clone();
        *forged.last_mut().unwrap() = 9;
        for (second, whole, overlaps) in [(&parts[0], true, 0), (&forged, false, 1)] {
            let mut decoder = Decoder::default();
            for part in [&parts[0], second, &parts[1]] {
                decode(&mut decoder, part, 0);
            }
            assert_eq!(decoder.reassembled(0).is_some(), whole);
            assert_eq!(decoder.overlaps(), overlaps);
        }
    }
}

#[test]
fn a_fragment_beyond_the_last_one_is_refused() {
    let datagram = udp(1000, 53, &[1; 40]);
    let last = v4_part(17, 5, 4, &datagram[32..]);
    let beyond = v4_part(17, 5, MORE | 6, &[9; 8]);
    for order in [[&last, &beyond], [&beyond, &last]] {
        let mut decoder = Decoder::default();
        for part in order {
            decode(&mut decoder, part, 0);
        }
        decode(&mut decoder, &v4_part(17, 5, MORE, &datagram[..32]), 0);
        assert!(decoder.reassembled(0).is_none());
        assert_eq!(decoder.overlaps(), 1);
    }
}

#[test]
fn a_fragment_that_the_capture_cut_never_completes() {
    let parts = cut(17, 5, &udp(1000, 53, &[1; 40]), 24);
    let mut decoder = Decoder::default();
    let mut cut = frame(RAW, &parts[0][..40]);
    cut.wire_len = 44;
    let Decoded::Packet(packet) = decoder.decode(&cut) else { panic!() };
    assert_eq!(packet.payload_wire_len, 16);
    assert!(decode(&mut decoder, &parts[1], 0).reassembled.is_none());
}

#[test]
fn a_tunnel_in_fragments_ends_in_the_inner_flow() {
    let frame = [&[8, 0, 0, 0, 0, 0, 7, 0][..], &eth(0x800, &inner())].concat();
    let parts = cut(17, 5, &udp(9, 4789, &frame), 48);
    let mut decoder = Decoder::default();
    assert_eq!(decode(&mut decoder, &parts[0], 0).tuple.destination_port, 4789);
    let mut packet = decode(&mut decoder, &parts[1], 0);
    assert_eq!((packet.tuple.destination_port, packet.vni), (53, Some(7)));
    let whole = decoder.reassembled(packet.reassembled.unwrap()).unwrap();
    (packet.transport, packet.payload) = (whole.transport, whole.payload);
    packet.payload_wire_len = 6;
    assert_inner(&packet);
}

#[test]
fn fragments_beyond_the_bounds_are_counted_and_keep_their_protocol() {
    let mut decoder = Decoder::default();
    for id in 0..5000 {
        let part = v4_part(17, id, (64_000 / 8) | MORE, &[0; 8]);
        let packet = decode(&mut decoder, &part, 0);
        assert_eq!(packet.tuple.protocol, Protocol::UDP);
    }
    assert!(decoder.bound_hits() > 4000, "8 MiB hold 131 datagrams of 64 KiB");
    let beyond = v4_part(17, 1, 0x1fff, &[0; 64]);
    let before = decoder.bound_hits();
    decode(&mut decoder, &beyond, 1);
    assert_eq!(decoder.bound_hits(), before + 1, "a datagram has 65,535 octets at most");
}

#[test]
fn many_holes_do_not_cost_more_than_their_bound() {
    let mut decoder = Decoder::default();
    for i in 0..2000_u16 {
        decode(&mut decoder, &v4_part(17, 1, (2 * i + 1) | MORE, &[0; 8]), 0);
    }
    assert_eq!(decoder.bound_hits(), 1);
}
