//! Tunnels: the innermost IP header, and the way back where there is none.

use super::frames::{RAW, assert_inner, ends, eth, inner, packet, tcp, udp, v4, v6};
use crate::decode::Protocol;

#[test]
fn every_tunnel_leads_to_the_innermost_packet() {
    let gre = |kind: u16, rest: &[u8]| [&[0, 0][..], &kind.to_be_bytes(), rest].concat();
    let frame = eth(0x800, &inner());
    let wlan = [&[0x08, 0x01, 0, 0][..], &[2; 18], &[0, 0, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0], &inner()]
        .concat();
    let pptp = [
        &[0x30, 0x81, 0x88, 0x0b, 0, 36, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 3, 0, 0x21][..],
        &inner(),
    ]
    .concat();
    let cases = [
        ("IP in IPv4", v4(4, &inner())),
        ("IP in IPv6", v6(4, &inner())),
        ("IP in IP in IP", v6(41, &v6(4, &inner()))),
        ("GRE", v4(47, &gre(0x800, &inner()))),
        ("GRE with Ethernet", v4(47, &gre(0x6558, &frame))),
        ("GRE with PPP", v4(47, &pptp)),
        ("GRE with MPLS", v4(47, &gre(0x8847, &[&[0, 0, 0x11, 64][..], &inner()].concat()))),
        ("GRE with WLAN", v4(47, &gre(0x8200, &wlan))),
        ("ERSPAN I", v4(47, &gre(0x88be, &frame))),
        ("ERSPAN II", v4(47, &[&[0x10, 0, 0x88, 0xbe][..], &[0; 4], &[0x10; 8], &frame].concat())),
        ("ERSPAN III", v4(47, &[&[0x10, 0, 0x22, 0xeb][..], &[0; 4], &[0; 12], &frame].concat())),
        ("GRE over UDP", v4(17, &udp(9, 4754, &gre(0x800, &inner())))),
        ("EtherIP", v4(97, &[&[0x30, 0][..], &frame].concat())),
        ("MPLS in IP", v4(137, &[&[0, 0, 0x11, 64][..], &inner()].concat())),
        ("MPLS over UDP", v4(17, &udp(9, 6635, &[&[0, 0, 0x11, 64][..], &inner()].concat()))),
        ("GTP", v4(17, &udp(9, 2152, &[&[0x30, 255, 0, 34, 0, 0, 0, 1][..], &inner()].concat()))),
        (
            "GTP before version 1",
            v4(17, &udp(3386, 9, &[&[0x1e, 255, 0, 34][..], &[0; 16], &inner()].concat())),
        ),
        (
            "GTP with an extension",
            v4(
                17,
                &udp(
                    2152,
                    2152,
                    &[&[0x34, 255, 0, 42, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 0, 0][..], &inner()]
                        .concat(),
                ),
            ),
        ),
        ("L2TP 2", v4(17, &udp(1701, 1701, &l2tp(0x0002, &[])))),
        ("L2TP 2, all fields", v4(17, &udp(1701, 1701, &l2tp(0x4a02, &[1, 2, 3, 4, 0, 2, 9, 9])))),
        (
            "L2TP 3 over UDP",
            v4(17, &udp(1701, 9, &[&[0, 3, 0, 0, 0, 0, 0, 9][..], &frame].concat())),
        ),
        ("L2TP 3", v4(115, &[&[0, 0, 0, 9][..], &frame].concat())),
        ("L2TP 3 with a sublayer", v4(115, &[&[0, 0, 0, 9, 0, 0, 0, 0][..], &frame].concat())),
        (
            "L2TP 3 with a cookie and a sublayer",
            v4(115, &[&[0, 0, 0, 9][..], &[7; 8], &[0; 4], &frame].concat()),
        ),
        ("L2TP 3 with PPP", v4(115, &[&[0, 0, 0, 9, 0xff, 3, 0, 0x21][..], &inner()].concat())),
        ("LISP", v4(17, &udp(9, 4341, &[&[0; 8][..], &inner()].concat()))),
        ("Ethernet in SRv6", v6(143, &frame)),
        // Identity of 16 octets, signature of 20, operation "forward".
        (
            "AYIYA",
            v4(
                17,
                &udp(9, 5072, &[&[0x40, 0x50, 1, 4, 0, 0, 0, 0][..], &[7; 36], &inner()].concat()),
            ),
        ),
        // A header of 8 octets, binding 1: 802.11.
        ("CAPWAP", v4(17, &udp(9, 5247, &[&[0, 0x10, 0x03, 0, 0, 0, 0, 0][..], &wlan].concat()))),
        // A header of 16 octets with a MAC, which says that an Ethernet frame follows.
        (
            "CAPWAP with Ethernet",
            v4(
                17,
                &udp(
                    9,
                    5247,
                    &[&[0, 0x20, 0x02, 0x10, 0, 0, 0, 0, 6, 2, 2, 2, 2, 2, 2, 0][..], &frame]
                        .concat(),
                ),
            ),
        ),
    ];
    for (name, octets) in cases {
        println!("{name}");
        assert_inner(&packet(RAW, &octets));
        assert_eq!(packet(RAW, &octets).vni, None);
        assert!(packet(RAW, &octets).tunnel);
    }
}

/// An L2TP version 2 data message with these flags and optional fields around the ids.
fn l2tp(flags: u16, options: &[u8]) -> Vec<u8> {
    let mut octets = flags.to_be_bytes().to_vec();
    let rest = [&[0, 5, 0, 6][..], options, &[0xff, 3, 0, 0x21], &inner()].concat();
    if flags & 0x4000 != 0 {
        octets.extend(u16::try_from(rest.len() + 4).unwrap().to_be_bytes());
    }
    octets.extend(rest);
    octets
}

#[test]
fn control_messages_of_l2tp_are_the_packets_themselves() {
    let control = [&[0xc8, 2, 0, 12, 0, 5, 0, 6, 0, 0, 0, 0][..], &inner()].concat();
    let session_0 = [&[0; 4][..], &eth(0x800, &inner())].concat();
    for octets in [v4(17, &udp(1701, 1701, &control)), v4(115, &session_0)] {
        let packet = packet(RAW, &octets);
        assert!(!packet.tunnel);
        assert_eq!(packet.tuple.source.to_string(), "192.0.2.1");
    }
    let cut = v4(115, &[&[0, 0, 0, 9][..], &[0; 30]].concat());
    assert_eq!(packet(RAW, &cut).tuple.protocol, Protocol(115));
}

#[test]
fn all_four_pairs_of_ip_in_ip_and_an_authentication_header_lead_inside() {
    let six = v6(6, &tcp(1000, 443, 2, b""));
    for (outer, expected) in [
        (v4(4, &inner()), "192.0.2.1"),
        (v6(4, &inner()), "192.0.2.1"),
        (v4(41, &six), "2001:db8::1"),
        (v6(41, &six), "2001:db8::1"),
        (v4(51, &[&[4, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1][..], &inner()].concat()), "192.0.2.1"),
    ] {
        let packet = packet(RAW, &outer);
        assert_eq!((packet.tuple.source.to_string().as_str(), packet.tunnel), (expected, true));
    }
    assert!(!packet(RAW, &inner()).tunnel);
}

#[test]
fn vxlan_gpe_leads_through_a_service_header() {
    let service = [&[0, 2, 1, 1, 0, 0, 0, 0][..], &inner()].concat();
    let octets = v4(17, &udp(9, 4790, &[&[0x0c, 0, 0, 4, 0, 0, 7, 0][..], &service].concat()));
    assert_inner(&packet(RAW, &octets));
    assert_eq!(packet(RAW, &octets).vni, Some(7));
}

#[test]
fn teredo_carries_ipv6() {
    let mut inside = v6(6, &tcp(1000, 443, 2, b""));
    inside[8..12].copy_from_slice(&[0x20, 1, 0, 0]);
    let origin = [0, 0, 1, 2, 3, 4, 5, 6];
    let authentication = [0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0];
    for octets in [
        inside.clone(),
        [&origin[..], &inside].concat(),
        [&authentication[..], &origin, &inside].concat(),
    ] {
        let octets = v4(17, &udp(3544, 9, &octets));
        let ends = ends(&packet(RAW, &octets));
        assert_eq!(ends, [("2001::1".into(), 1000), ("2001:db8::2".into(), 443)]);
    }
}

#[test]
fn vxlan_and_geneve_give_their_network() {
    let frame = eth(0x800, &inner());
    let vxlan = [&[8, 0, 0, 0, 0, 0x12, 0x34, 0][..], &frame].concat();
    let geneve = [&[1, 0, 0x65, 0x58, 0, 0x12, 0x34, 0, 1, 2, 3, 0][..], &frame].concat();
    for (port, octets) in [(4789, vxlan.clone()), (8472, vxlan), (6081, geneve)] {
        let octets = eth(0x86dd, &v6(17, &udp(50_000, port, &octets)));
        let packet = packet(1, &octets);
        assert_inner(&packet);
        assert_eq!(packet.vni, Some(0x1234));
    }
}

#[test]
fn a_tunnel_that_leads_to_nothing_readable_is_the_packet_itself() {
    let arp = [&[8, 0, 0, 0, 0, 0x12, 0x34, 0][..], &eth(0x806, &[0; 28])].concat();
    let cut = [&[8, 0, 0, 0, 0, 0x12, 0x34, 0][..], &eth(0x800, &[0x45, 0, 0])].concat();
    let unmarked = [&[0; 8][..], &eth(0x800, &inner())].concat();
    for payload in [arp, cut, unmarked] {
        let octets = v4(17, &udp(50_000, 4789, &payload));
        let packet = packet(RAW, &octets);
        assert_eq!(packet.tuple.destination_port, 4789);
        assert_eq!((packet.payload, packet.vni), (&payload[..], None));
    }
    let octets = v4(47, &[0, 0, 0, 0]);
    assert_eq!(packet(RAW, &octets).tuple.protocol, Protocol(47));
}

#[test]
fn tunnels_in_tunnels_end() {
    let mut octets = inner();
    while octets.len() < 60_000 {
        octets = v4(4, &octets);
    }
    assert_eq!(packet(RAW, &octets).tuple.protocol, Protocol(4));
}

/// A resolver's client may use any port. What tells a tunnel must not be what a question has.
#[test]
fn a_question_from_the_port_of_a_tunnel_is_no_tunnel() {
    let some = |high: u16| [high << 8, high << 8 | 1, high << 8 | 0xff];
    let some: Vec<u16> = (0..=255).flat_map(some).collect();
    let all: Vec<u16> = (0..=u16::MAX).collect();
    for port in [3386, 2152, 3544, 4789, 8472, 4790, 6081, 4754, 5072, 5247, 6635, 4341, 1701] {
        for id in if port == 3544 { &all } else { &some } {
            let question = [&id.to_be_bytes()[..], &[1, 0, 0, 1, 0, 0, 0, 0, 0, 0], NAME].concat();
            let packet = packet_of(&v4(17, &udp(port, 53, &question)));
            assert_eq!((packet.tuple.source_port, packet.tunnel), (port, false), "{id:x}");
            let answer = [&id.to_be_bytes()[..], &[0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]].concat();
            let address = [0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 0x2c, 0, 4, 192, 0, 2, 1];
            let answer = [&answer[..], NAME, &address].concat();
            let packet = packet_of(&v4(17, &udp(53, port, &answer)));
            assert_eq!((packet.tuple.destination_port, packet.tunnel), (port, false), "{id:x}");
        }
    }
}

/// A question for an address.
const NAME: &[u8] = b"\x06h2ab4c\x04d3e8\x09telemetry\x07example\0\0\x01\0\x01";

/// The same without what borrows.
fn packet_of(octets: &[u8]) -> crate::decode::Packet<'static> {
    packet(RAW, octets).without_payload()
}

#[test]
fn in_teredo_one_end_has_an_address_of_it_or_both_are_neighbours() {
    let native = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];
    let of = |prefix: [u8; 4]| {
        let mut address = native;
        address[..4].copy_from_slice(&prefix);
        address
    };
    let (teredo, early) = (of([0x20, 1, 0, 0]), of([0x3f, 0xfe, 0x83, 0x1f]));
    let (neighbour, routers) = (of([0xfe, 0x80, 0, 0]), of([0xff, 2, 0, 0]));
    for (source, destination, is_followed) in [
        (teredo, native, true),
        (native, teredo, true),
        (early, native, true),
        (neighbour, routers, true),
        (neighbour, neighbour, true),
        (native, native, false),
        (native, neighbour, false),
        (neighbour, native, false),
    ] {
        let inside = [&[0x60, 0, 0, 0, 0, 8, 17, 64][..], &source, &destination].concat();
        let inside = [inside, udp(7, 9, &[])].concat();
        let packet = packet_of(&v4(17, &udp(40_000, 3544, &inside)));
        assert_eq!(packet.tunnel, is_followed, "{source:x?} {destination:x?}");
    }
}
