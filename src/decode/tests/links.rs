//! Link types, tags and labels.

use super::frames::{assert_inner, decode, eth, frame, inner, packet, tcp, udp, v4, v6, vlan};
use crate::decode::{DecodeError, Decoded, Decoder, Layer, NotIp, Packet, Ported};

fn on(header: &[u8]) -> Vec<u8> {
    [header, &inner()].concat()
}

#[test]
fn every_link_type_leads_to_the_ip_header() {
    let cooked = [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0];
    let cooked_2 = [8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0];
    let radiotap = [0, 0, 8, 0, 0, 0, 0, 0];
    let wlan = [&[0x08, 0x01, 0, 0][..], &[2; 18], &[0, 0, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0]].concat();
    let cases: &[(u32, &[u8])] = &[
        (0, &[2, 0, 0, 0]),
        (0, &[0, 0, 0, 2]),
        (0, &[0xff, 3, 0, 0x21]),
        (108, &[0, 0, 0, 2]),
        (101, &[]),
        (12, &[]),
        (14, &[]),
        (228, &[]),
        (113, &cooked),
        (276, &cooked_2),
        (9, &[0xff, 3, 0, 0x21]),
        (9, &[0x21]),
        (50, &[0xff, 3, 0, 0x21]),
        (104, &[0x0f, 0, 8, 0]),
        (107, &[0x18, 0x41, 3, 0xcc]),
        (107, &[0x18, 0x41, 8, 0]),
        (105, &wlan),
        (127, &[&radiotap[..], &wlan].concat()),
        (100, &[0xaa, 0xaa, 3, 0, 0, 0, 8, 0]),
        (106, &[0xaa, 0xaa, 3, 0, 0, 0, 8, 0]),
        (123, &[2, 0, 0, 0, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0]),
        (10, &[&[0x50][..], &[2; 12], &[0xaa, 0xaa, 3, 0, 0, 0, 8, 0]].concat()),
        (129, &[1, 2, 0, 0, 240]),
        (6, &[&[0x10, 0x40][..], &[2; 12], &[0xaa, 0xaa, 3, 0, 0, 0, 8, 0]].concat()),
        (
            6,
            &[
                &[0x10, 0x40][..],
                &[2; 6],
                &[0x82; 6],
                &[4, 0, 0x12, 0x34, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0],
            ]
            .concat(),
        ),
        (138, &[&[1; 16][..], &[8, 0]].concat()),
        (205, &[0, 0x0f, 0, 8, 0]),
        (206, &[1, 0x18, 0x41, 3, 0xcc]),
        (219, &[0, 0, 0x11, 64]),
        (258, &[&[12, 0, 0, 0, 1, 0, 0, 0, 101, 0, 0, 0][..]].concat()),
        (226, &[&[1, 2][..], &[0; 22]].concat()),
        (242, &[&[0; 40][..], &[8, 0, 0, 0]].concat()),
    ];
    for (link, header) in cases {
        println!("link type {link}, {header:02x?}");
        assert_inner(&packet(*link, &on(header)));
    }
}

#[test]
fn the_first_subframe_with_ip_stands_for_an_aggregate() {
    let header = [&[0x88, 0x01, 0, 0][..], &[2; 18], &[0, 0, 0x80, 0]].concat();
    let subframe = |octets: &[u8]| {
        let length = u16::try_from(octets.len()).unwrap().to_be_bytes();
        let mut subframe = [&[3; 12][..], &length, octets].concat();
        subframe.resize(subframe.len().next_multiple_of(4), 0);
        subframe
    };
    let arp = subframe(&[&[0xaa, 0xaa, 3, 0, 0, 0, 8, 6][..], &[0; 28]].concat());
    let ip = subframe(&[&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0][..], &inner()].concat());
    let other = subframe(
        &[&[0xaa, 0xaa, 3, 0, 0, 0, 0x86, 0xdd][..], &v6(17, &udp(7, 8, b"other"))].concat(),
    );
    for parts in [vec![&ip, &other], vec![&arp, &ip, &other], vec![&arp, &arp, &ip]] {
        let mut octets = header.clone();
        for part in parts {
            octets.extend(part);
        }
        assert_inner(&packet(105, &octets));
    }
    // What stands behind it is given one by one; what holds no IP, or a broken packet, is not.
    let broken = subframe(&[&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0][..], &[0x4f; 4]].concat());
    let octets = [&header[..], &ip, &arp, &broken, &other, &ip, &[1; 9]].concat();
    let frame = frame(105, &octets);
    let mut decoder = Decoder::default();
    let Decoded::Packet(first) = decoder.decode(&frame) else { panic!("no packet") };
    let second = decoder.subframe(&frame, first.further.unwrap()).unwrap();
    assert_eq!((second.tuple.source_port, second.payload), (7, &b"other"[..]));
    let third = decoder.subframe(&frame, second.further.unwrap()).unwrap();
    assert_inner(&third);
    assert!(third.further.is_none());
    // In a tunnel, what stands behind its packet is none.
    let gre = [&[0, 0, 0x82, 0][..], &header, &ip, &arp].concat();
    let octets = [&v4(47, &gre)[..], &other].concat();
    let frame = super::frames::frame(101, &octets);
    let Decoded::Packet(first) = decoder.decode(&frame) else { panic!("no packet") };
    assert!(decoder.subframe(&frame, first.further.unwrap()).is_none());
    let only_arp = [&header[..], &arp, &arp].concat();
    assert!(matches!(decode(105, &only_arp), Decoded::NotIp(NotIp::EtherType(0x806))));
}

#[test]
fn a_link_type_that_is_not_read_says_what_it_is() {
    for (link, reason) in [
        (195, "link type 195 (IEEE 802.15.4) is not read"),
        (189, "link type 189 (USB) is not read"),
        (227, "link type 227 (CAN bus) is not read"),
        (999, "link type 999 is not known"),
    ] {
        let Decoded::Undecodable(error) = decode(link, &[0; 60]) else { panic!("{link}") };
        assert_eq!(error.to_string(), reason);
    }
    let netlink = [&[0, 4, 3, 0x38][..], &[0; 60]].concat();
    assert!(matches!(decode(253, &netlink), Decoded::NotIp(NotIp::LinkControl)));
}

#[test]
fn an_option_longer_than_its_header_ends_the_reading() {
    let option = |len: u8| [&[17, 0, 1, len, 0, 0, 0, 0][..], &udp(1000, 53, b"inside")].concat();
    assert_inner_v6(&packet(101, &v6(60, &option(4))), true);
    assert_inner_v6(&packet(101, &v6(60, &option(5))), false);
}

fn assert_inner_v6(packet: &Packet<'_>, ported: bool) {
    assert_eq!(packet.tuple.ported == Ported::Yes, ported);
}

#[test]
fn nflog_is_read_in_either_byte_order() {
    let length = u8::try_from(4 + inner().len()).unwrap();
    let little = [2, 0, 0, 0, 8, 0, 1, 0, 8, 0, 1, 0, length, 0, 9, 0];
    let big = [2, 0, 0, 0, 0, 8, 0, 1, 8, 0, 1, 0, 0, length, 0, 9];
    for header in [little, big] {
        assert_inner(&packet(239, &on(&header)));
    }
}

#[test]
fn vlan_ids_are_kept_outermost_first_without_their_priority() {
    let tagged = vlan(0xe00c, 0x8100, &vlan(0x000d, 0x0800, &inner()));
    let octets = eth(0x88a8, &tagged);
    let packet = packet(1, &octets);
    assert_inner(&packet);
    assert_eq!(packet.vlans.as_slice(), [12, 13]);
}

#[test]
fn of_more_tags_than_are_kept_the_outermost_stay() {
    let mut octets = vlan(1, 0x0800, &inner());
    for id in 2..8 {
        octets = vlan(id, 0x8100, &octets);
    }
    let octets = eth(0x9100, &octets);
    let packet = packet(1, &octets);
    assert_inner(&packet);
    assert_eq!(packet.vlans.as_slice(), [7, 6, 5, 4]);
}

#[test]
fn labels_sessions_and_rare_tags_lead_to_ip() {
    let labels = [&[0, 0x10, 0, 64, 0, 0x20, 1, 64][..], &inner()].concat();
    let session = [&[0x11, 0, 0, 1, 0, 2 + 34, 0, 0x21][..], &inner(), b"trailer"].concat();
    let pseudowire = [&[0, 0x20, 1, 64, 0, 0, 0, 0][..], &eth(0x800, &inner())].concat();
    let group = [&[1, 1, 0, 1, 0, 9, 8, 0][..], &inner()].concat();
    let snap = [&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0][..], &inner()].concat();
    let service = [&[0x0f, 0xc2, 2, 1, 0, 0, 0, 0][..], &inner()].concat();
    for (kind, octets) in [
        (0x8847, labels),
        (0x8847, pseudowire),
        (0x8864, session),
        (0x8909, group),
        (42, snap),
        (0x894f, service),
    ] {
        println!("EtherType {kind:04x}");
        assert_inner(&packet(1, &eth(kind, &octets)));
    }
}

#[test]
fn macs_are_those_of_the_outermost_ethernet_header() {
    let octets = eth(0x800, &inner());
    let macs = packet(1, &octets).macs.unwrap();
    assert_eq!((macs.source, macs.destination), ([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]));
    assert_eq!(packet(101, &inner()).macs, None);
}

#[test]
fn what_is_not_ip_says_what_it_is() {
    let not_ip = |link, octets: &[u8]| match decode(link, octets) {
        Decoded::NotIp(reason) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(not_ip(1, &eth(0x0806, &[0; 28])), NotIp::EtherType(0x0806));
    // EAPOL (IEEE 802.1X), on a VLAN too.
    let login = b"\x01\0\0\x04\x02\x02\0\x04";
    assert_eq!(not_ip(1, &eth(0x888e, login)), NotIp::EtherType(0x888e));
    let tagged = [&[0, 12, 0x88, 0x8e][..], login].concat();
    assert_eq!(not_ip(1, &eth(0x8100, &tagged)), NotIp::EtherType(0x888e));
    assert_eq!(not_ip(1, &eth(38, &[0x42, 0x42, 3, 0])), NotIp::Llc);
    assert_eq!(not_ip(105, &[0x80, 0, 0, 0]), NotIp::LinkControl);
    assert_eq!(not_ip(9, &[0xff, 3, 0xc0, 0x21, 1]), NotIp::LinkControl);
}

#[test]
fn what_cannot_be_decoded_says_where() {
    let fault = |link, octets: &[u8]| match decode(link, octets) {
        Decoded::Undecodable(error) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(fault(4242, &[0; 60]), DecodeError::UnknownLinkType(4242));
    let short = DecodeError::Short { layer: Layer::Link, at: 0, needed: 14, left: 3 };
    assert_eq!(fault(1, &[0; 3]), short);
    let short = DecodeError::Short { layer: Layer::Ip, at: 14, needed: 20, left: 2 };
    assert_eq!(fault(1, &eth(0x800, &[0x45, 0])), short);
    let invalid = DecodeError::Invalid { layer: Layer::Ip, at: 14 };
    assert_eq!(fault(1, &eth(0x800, &[0x44; 20])), invalid, "four words are no IPv4 header");
    assert_eq!(fault(1, &eth(0x800, &[0x35; 20])), invalid, "there is no IPv3");
    assert_eq!(short.to_string(), "IP header of 20 octets at octet 14, 2 are left");
    assert_eq!(invalid.to_string(), "IP header at octet 14 is not valid");
    assert_eq!(fault(4242, &[]).to_string(), "link type 4242 is not known");
}

#[test]
fn padding_and_trailers_are_no_payload() {
    let octets = [eth(0x800, &v4(6, &tcp(1, 2, 0x10, b""))), vec![0; 6]].concat();
    assert_eq!((packet(1, &octets).payload, packet(1, &octets).payload_wire_len), (&b""[..], 0));
    let octets = [eth(0x86dd, &v6(17, &udp(1, 2, b"x"))), vec![0; 30]].concat();
    assert_eq!((packet(1, &octets).payload, packet(1, &octets).payload_wire_len), (&b"x"[..], 1));
}
