//! Nanoseconds to decode a frame: the straight line, the walk, and etherparse for comparison.
//!
//! One call decodes a thousand frames; divide by that.

use divan::{Bencher, black_box};
use etherparse::{NetSlice, PacketBuilder, SlicedPacket, TransportSlice};
use vigie::decode::{Decoded, Decoder};
use vigie::source::{CaptureTime, Dated, Frame, LinkType};

const FRAMES: usize = 1000;

/// What is decoded.
#[derive(Clone, Copy, Debug)]
enum Kind {
    TcpV4,
    UdpV4,
    TcpV6,
    VlanTcpV4,
    Vxlan,
}

const ALL: [Kind; 5] = [Kind::TcpV4, Kind::UdpV4, Kind::TcpV6, Kind::VlanTcpV4, Kind::Vxlan];

fn main() {
    divan::main();
}

fn octets(kind: Kind) -> Vec<u8> {
    let ethernet = PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]);
    let payload = [0x17; 600];
    let mut out = Vec::new();
    let written = match kind {
        Kind::TcpV4 => ethernet
            .ipv4([192, 0, 2, 1], [198, 51, 100, 2], 64)
            .tcp(50000, 443, 7, 1024)
            .ack(9)
            .write(&mut out, &payload),
        Kind::UdpV4 => ethernet
            .ipv4([192, 0, 2, 1], [198, 51, 100, 2], 64)
            .udp(50000, 443)
            .write(&mut out, &payload),
        Kind::TcpV6 => {
            ethernet.ipv6([1; 16], [2; 16], 64).tcp(50000, 443, 7, 1024).write(&mut out, &payload)
        }
        Kind::VlanTcpV4 => ethernet
            .single_vlan(12.try_into().unwrap())
            .ipv4([192, 0, 2, 1], [198, 51, 100, 2], 64)
            .tcp(50000, 443, 7, 1024)
            .write(&mut out, &payload),
        Kind::Vxlan => {
            let inside = [&[8, 0, 0, 0, 0, 0, 5, 0][..], &octets(Kind::TcpV4)].concat();
            ethernet
                .ipv4([192, 0, 2, 1], [198, 51, 100, 2], 64)
                .udp(50000, 4789)
                .write(&mut out, &inside)
        }
    };
    written.unwrap();
    out
}

/// As many copies as fit the cache badly, like frames of a capture.
fn frames(kind: Kind) -> Vec<Vec<u8>> {
    (0..FRAMES).map(|_| octets(kind)).collect()
}

fn frame(captured: &[u8], wire_len: u32) -> Frame<'_> {
    Frame {
        capture: 0,
        number: 1,
        time: CaptureTime(0),
        dated: Dated::Recorded,
        digits: 6,
        link: LinkType(1),
        interface: 0,
        wire_len,
        captured,
        copy: false,
    }
}

fn run(bencher: Bencher<'_, '_>, kind: Kind, wire_len: Option<u32>) {
    let frames = frames(kind);
    let mut decoder = Decoder::default();
    bencher.bench_local(|| {
        let mut sum = 0_u32;
        for octets in &frames {
            let wire_len = wire_len.unwrap_or_else(|| u32::try_from(octets.len()).unwrap());
            let packet = decoder.decode(&frame(black_box(octets), wire_len));
            if let Decoded::Packet(packet) = black_box(&packet) {
                sum = sum.wrapping_add(packet.payload_wire_len);
            }
        }
        sum
    });
}

#[divan::bench(args = ALL)]
fn decode(bencher: Bencher<'_, '_>, kind: Kind) {
    run(bencher, kind, None);
}

/// A super-frame is out of the ordinary: the walk alone.
#[divan::bench(args = ALL)]
fn walk(bencher: Bencher<'_, '_>, kind: Kind) {
    run(bencher, kind, Some(60_000));
}

#[divan::bench(args = ALL)]
fn etherparse_strict(bencher: Bencher<'_, '_>, kind: Kind) {
    let frames = frames(kind);
    bencher.bench_local(|| {
        let mut sum = 0_u32;
        for octets in &frames {
            let Ok(sliced) = SlicedPacket::from_ethernet(black_box(octets)) else { continue };
            let payload = match (&sliced.net, &sliced.transport) {
                (Some(NetSlice::Ipv4(_) | NetSlice::Ipv6(_)), Some(TransportSlice::Tcp(tcp))) => {
                    tcp.payload().len()
                }
                (_, Some(TransportSlice::Udp(udp))) => udp.payload().len(),
                _ => 0,
            };
            sum = sum.wrapping_add(u32::try_from(payload).unwrap());
            black_box(&sliced);
        }
        sum
    });
}
