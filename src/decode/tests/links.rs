//! Link types, tags and labels.

use super::frames::{assert_inner, decode, eth, inner, packet, tcp, udp, v4, v6, vlan};
use crate::decode::{DecodeError, Decoded, Layer, NotIp};

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
        (226, &[&[1, 2][..], &[0; 22]].concat()),
        (242, &[&[0; 40][..], &[8, 0, 0, 0]].concat()),
    ];
    for (link, header) in cases {
        println!("link type {link}, {header:02x?}");
        assert_inner(&packet(*link, &on(header)));
    }
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
