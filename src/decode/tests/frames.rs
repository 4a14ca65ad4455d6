//! Frames for the tests, put together from the inside out, without checksums.

use crate::decode::{Decoded, Decoder, Packet, Transport};
use crate::source::{CaptureTime, Dated, Frame, LinkType};

pub(super) const A4: [u8; 4] = [192, 0, 2, 1];
pub(super) const B4: [u8; 4] = [198, 51, 100, 2];
pub(super) const A6: [u8; 16] = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
pub(super) const B6: [u8; 16] = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
pub(super) const RAW: u32 = 101;

fn u16(value: usize) -> [u8; 2] {
    u16::try_from(value).unwrap().to_be_bytes()
}

pub(in crate::decode) fn eth(kind: u16, payload: &[u8]) -> Vec<u8> {
    [&[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1], &kind.to_be_bytes()[..], payload].concat()
}

/// What follows the tag's own `EtherType`.
pub(in crate::decode) fn vlan(control: u16, kind: u16, payload: &[u8]) -> Vec<u8> {
    [&control.to_be_bytes(), &kind.to_be_bytes()[..], payload].concat()
}

/// From A4 to B4.
pub(in crate::decode) fn v4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    v4_part(protocol, 0, 0, payload)
}

/// With identification, flags and fragment offset.
pub(in crate::decode) fn v4_part(protocol: u8, id: u16, position: u16, payload: &[u8]) -> Vec<u8> {
    let fixed = [&[0x45, 0][..], &u16(20 + payload.len()), &id.to_be_bytes()].concat();
    let rest = [&position.to_be_bytes()[..], &[64, protocol, 0, 0], &A4, &B4].concat();
    [fixed, rest, payload.to_vec()].concat()
}

/// From A6 to B6.
pub(in crate::decode) fn v6(next: u8, payload: &[u8]) -> Vec<u8> {
    let fixed = [&[0x60, 0, 0, 0][..], &u16(payload.len()), &[next, 64]].concat();
    [&fixed[..], &A6, &B6, payload].concat()
}

pub(in crate::decode) fn udp(source: u16, destination: u16, payload: &[u8]) -> Vec<u8> {
    let ports = [source.to_be_bytes(), destination.to_be_bytes()].concat();
    [&ports[..], &u16(8 + payload.len()), &[0, 0], payload].concat()
}

pub(in crate::decode) fn tcp(source: u16, destination: u16, flags: u8, payload: &[u8]) -> Vec<u8> {
    let ports = [source.to_be_bytes(), destination.to_be_bytes()].concat();
    let rest = [0, 0, 0, 7, 0, 0, 0, 9, 0x50, flags, 4, 0, 0, 0, 0, 0];
    [&ports[..], &rest, payload].concat()
}

/// A frame that was captured in full.
pub(in crate::decode) fn frame(link: u32, captured: &[u8]) -> Frame<'_> {
    Frame {
        capture: 0,
        number: 1,
        time: CaptureTime(0),
        dated: Dated::Recorded,
        digits: 6,
        link: LinkType(link),
        interface: 0,
        wire_len: u32::try_from(captured.len()).unwrap(),
        captured,
        copy: false,
    }
}

pub(in crate::decode) fn decode(link: u32, octets: &[u8]) -> Decoded<'_> {
    Decoder::default().decode(&frame(link, octets))
}

#[track_caller]
pub(in crate::decode) fn packet(link: u32, octets: &[u8]) -> Packet<'_> {
    match decode(link, octets) {
        Decoded::Packet(packet) => packet,
        other => panic!("{other:?}"),
    }
}

/// Addresses' last octets and ports, for short comparisons: (1, 1000) to (2, 53).
pub(in crate::decode) fn ends(packet: &Packet<'_>) -> [(String, u16); 2] {
    let tuple = &packet.tuple;
    [
        (tuple.source.to_string(), tuple.source_port),
        (tuple.destination.to_string(), tuple.destination_port),
    ]
}

/// The innermost packet that the tunnel and link tests carry, and its check.
pub(in crate::decode) fn inner() -> Vec<u8> {
    v4(17, &udp(1000, 53, b"inside"))
}

#[track_caller]
pub(in crate::decode) fn assert_inner(packet: &Packet<'_>) {
    assert_eq!(ends(packet), [("192.0.2.1".into(), 1000), ("198.51.100.2".into(), 53)]);
    assert_eq!((packet.payload, packet.payload_wire_len), (&b"inside"[..], 6));
    assert_eq!(packet.transport, Transport::Udp);
}
