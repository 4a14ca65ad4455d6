//! IP and transport headers: whole, cut and odd.

use super::frames::{RAW, decode, ends, eth, frame, packet, tcp, udp, v4, v6};
use crate::decode::{Decoded, Decoder, Ported, Protocol, TcpFlags, Transport};

#[test]
fn a_tcp_segment_has_its_numbers_and_flags() {
    let octets = v4(6, &tcp(1000, 443, 0x12, b"hello"));
    let packet = packet(RAW, &octets);
    assert_eq!(packet.transport, Transport::Tcp { seq: 7, ack: 9, flags: TcpFlags(0x12) });
    assert_eq!((packet.payload, packet.payload_wire_len), (&b"hello"[..], 5));
    assert_eq!(packet.tuple.ported, Ported::Yes);
}

#[test]
fn other_protocols_are_portless() {
    for protocol in [1, 2, 50, 58, 89, 132, 136] {
        let octets = v4(protocol, &[0xab; 16]);
        let packet = packet(RAW, &octets);
        assert_eq!(packet.tuple.protocol, Protocol(protocol));
        assert_eq!(packet.tuple.ported, Ported::No);
        assert_eq!((packet.tuple.source_port, packet.tuple.destination_port), (0, 0));
        assert_eq!((packet.transport, packet.payload.len()), (Transport::Other, 16));
    }
}

#[test]
fn quotes_in_icmp_errors_are_payload() {
    let quote = [&[3, 3, 0, 0, 0, 0, 0, 0][..], &v4(17, &udp(5, 6, b""))].concat();
    assert_eq!(packet(RAW, &v4(1, &quote)).tuple.protocol, Protocol::ICMP);
}

#[test]
fn a_header_cut_after_its_ports_still_gives_them() {
    let octets = eth(0x800, &v4(6, &tcp(1000, 443, 0x02, b"0123456789")));
    let wire_len = u32::try_from(octets.len()).unwrap();
    for kept in 34..octets.len() {
        let mut frame = frame(1, &octets[..kept]);
        frame.wire_len = wire_len;
        let Decoded::Packet(packet) = Decoder::default().decode(&frame) else { panic!() };
        let ports = [packet.tuple.source_port, packet.tuple.destination_port];
        assert_eq!(ports, if kept < 38 { [0, 0] } else { [1000, 443] }, "{kept} octets kept");
        let flags = TcpFlags(2);
        let transport =
            if kept < 48 { Transport::Other } else { Transport::Tcp { seq: 7, ack: 9, flags } };
        assert_eq!(packet.transport, transport, "{kept} octets kept");
        assert_eq!(packet.payload, &octets[54.min(kept)..kept]);
        assert_eq!(packet.payload_wire_len, 10);
    }
}

#[test]
fn addresses_are_read_where_the_options_after_them_were_cut_off() {
    let mut octets = v4(17, &[&[0; 40][..], &udp(1000, 53, b"x")].concat());
    octets[0] = 0x4f;
    let mut cut = frame(RAW, &octets[..46]);
    assert!(matches!(Decoder::default().decode(&cut), Decoded::Undecodable(_)), "nothing follows");
    cut.wire_len = u32::try_from(octets.len()).unwrap();
    let Decoded::Packet(packet) = Decoder::default().decode(&cut) else { panic!("no packet") };
    assert_eq!(ends(&packet), [("192.0.2.1".into(), 0), ("198.51.100.2".into(), 0)]);
    assert_eq!((packet.tuple.ported, packet.payload_wire_len), (Ported::No, 1));
    cut.captured = &octets;
    let Decoded::Packet(packet) = Decoder::default().decode(&cut) else { panic!("no packet") };
    assert_eq!(ends(&packet).map(|(_, port)| port), [1000, 53]);
}

#[test]
fn impossible_transport_lengths_keep_the_ports() {
    let mut segment = tcp(1000, 443, 0x18, b"data");
    segment[12] = 0x40;
    let mut datagram = udp(1000, 53, b"data");
    datagram[5] = 7;
    for (protocol, transport) in [(6, segment), (17, datagram)] {
        let octets = v4(protocol, &transport);
        let packet = packet(RAW, &octets);
        assert_eq!(packet.tuple.source_port, 1000);
        assert_eq!((packet.transport, packet.payload), (Transport::Other, &b""[..]));
    }
}

#[test]
fn a_udp_length_bounds_the_payload_within_ip() {
    let mut octets = v4(17, &udp(1, 2, b"abcdef"));
    octets[25] = 11;
    assert_eq!(packet(RAW, &octets).payload, b"abc");
    octets[25] = 99;
    assert_eq!(packet(RAW, &octets).payload, b"abcdef");
    octets[25] = 0;
    assert_eq!(packet(RAW, &octets).payload, b"abcdef");
}

#[test]
fn a_length_that_the_card_fills_in_is_the_frames() {
    let mut octets = v4(6, &tcp(1, 2, 0x10, &[7; 3000]));
    (octets[2], octets[3]) = (0, 0);
    let packet_4 = packet(RAW, &octets);
    assert!(packet_4.super_frame);
    assert_eq!((packet_4.payload.len(), packet_4.payload_wire_len), (3000, 3000));
    let mut octets = v6(6, &tcp(1, 2, 0x10, &[7; 3000]));
    (octets[4], octets[5]) = (0, 0);
    let packet_6 = packet(RAW, &octets);
    assert!(packet_6.super_frame);
    assert_eq!((packet_6.payload.len(), packet_6.payload_wire_len), (3000, 3000));
}

#[test]
fn a_frame_longer_than_any_link_carries_is_a_super_frame() {
    let octets = eth(0x800, &v4(6, &tcp(1, 2, 0x10, &vec![7; 20_000])));
    assert!(packet(1, &octets).super_frame);
    let octets = eth(0x800, &v4(6, &tcp(1, 2, 0x10, &[7; 9000])));
    assert!(!packet(1, &octets).super_frame);
}

#[test]
fn extension_headers_are_passed() {
    let transport = udp(1000, 53, b"x");
    let hop = |next: u8, rest: &[u8]| [&[next, 0, 1, 4, 0, 0, 0, 0][..], rest].concat();
    let authentication = [&[17, 2, 0, 0][..], &[0; 12], &transport].concat();
    let cases = [
        v6(0, &hop(43, &hop(60, &hop(17, &transport)))),
        v6(51, &authentication),
        v4(51, &authentication),
        v6(60, &hop(44, &[&[17, 0, 0, 0, 0, 0, 0, 1][..], &transport].concat())),
    ];
    for octets in cases {
        let packet = packet(RAW, &octets);
        assert_eq!(ends(&packet).map(|(_, port)| port), [1000, 53]);
        assert_eq!(packet.payload, b"x");
    }
}

#[test]
fn an_endless_chain_of_extension_headers_stays_portless() {
    let octets = v6(60, &[60, 0, 1, 4, 0, 0, 0, 0].repeat(200));
    let packet = packet(RAW, &octets);
    assert_eq!((packet.tuple.protocol, packet.tuple.ported), (Protocol(60), Ported::No));
}

#[test]
fn a_jumbogram_is_as_long_as_its_option_says() {
    let segment = tcp(1, 2, 0x10, &vec![7; 70_000]);
    let length = u32::try_from(segment.len() + 8).unwrap().to_be_bytes();
    let hop = [&[6, 0, 0xc2, 4][..], &length, &segment, b"trailer"].concat();
    let mut octets = v6(0, &[]);
    octets.extend(hop);
    let packet = packet(RAW, &octets);
    assert_eq!((packet.payload.len(), packet.payload_wire_len), (70_000, 70_000));
}

#[test]
fn every_prefix_of_a_frame_gives_its_ports_or_none() {
    let whole = eth(0x86dd, &v6(17, &udp(1000, 53, b"payload")));
    for kept in 0..whole.len() {
        match decode(1, &whole[..kept]) {
            Decoded::Packet(packet) => {
                let ports = [packet.tuple.source_port, packet.tuple.destination_port];
                assert_eq!(ports, if kept < 58 { [0, 0] } else { [1000, 53] });
            }
            Decoded::Undecodable(_) => assert!(kept < 54),
            Decoded::NotIp(reason) => panic!("{reason:?} with {kept} octets"),
        }
    }
}
