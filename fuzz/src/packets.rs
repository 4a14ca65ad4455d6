//! What holds for the decoder.

use vigie::decode::{Decoded, Decoder, Packet};
use vigie::source::{CaptureTime, Dated, Frame, LinkType};

/// Link types that the decoder knows, and one that it does not.
const LINKS: [u32; 16] = [1, 0, 9, 12, 50, 51, 101, 105, 108, 113, 127, 228, 229, 239, 276, 147];

/// Payload lies within the frame's captured octets and is no longer than it was on the wire; a
/// second decoder says the same.
///
/// The input is a row of frames: link type (an index), frame length (two octets), octets.
pub fn payload_lies_in_its_frame(input: &[u8]) {
    let (mut decoder, mut second) = (Decoder::default(), Decoder::default());
    for (index, frame) in frames(input).enumerate() {
        if index % 8 == 0 {
            decoder.start_batch();
            second.start_batch();
        }
        let decoded = decoder.decode(&frame);
        assert_eq!(format!("{decoded:?}"), format!("{:?}", second.decode(&frame)), "two decoders");
        let Decoded::Packet(mut packet) = decoded else { continue };
        check(&frame, &packet, &decoder);
        // Every further subframe takes its header of 14 octets at least.
        let mut left = frame.captured.len() / 14;
        while let Some(further) = packet.further.take() {
            let other = second.subframe(&frame, further.clone());
            let next = decoder.subframe(&frame, further);
            assert_eq!(format!("{next:?}"), format!("{other:?}"), "two decoders, a subframe");
            let Some(next) = next else { break };
            left = left.checked_sub(1).expect("more subframes than the frame has room for");
            check(&frame, &next, &decoder);
            packet = next;
        }
    }
}

fn check(frame: &Frame<'_>, packet: &Packet<'_>, decoder: &Decoder) {
    let within = frame.captured.as_ptr_range();
    let payload = packet.payload.as_ptr_range();
    let inside = within.start <= payload.start && payload.end <= within.end;
    assert!(inside || packet.payload.is_empty(), "payload outside its frame");
    assert!(
        packet.payload.len() <= packet.payload_wire_len as usize,
        "more payload than was on the wire"
    );
    if let Some(index) = packet.reassembled {
        let whole = decoder.reassembled(index).expect("a datagram that was just completed");
        assert!(whole.payload.len() <= 65_535, "a datagram longer than IP allows");
    }
}

fn frames(mut rest: &[u8]) -> impl Iterator<Item = Frame<'_>> {
    let mut number = 0;
    std::iter::from_fn(move || {
        let (head, after) = rest.split_at_checked(3)?;
        let length = usize::from(u16::from_be_bytes([head[1], head[2]])).min(after.len());
        let (captured, left) = after.split_at(length);
        rest = left;
        number += 1;
        Some(Frame {
            capture: 0,
            number,
            time: CaptureTime(number.cast_signed() * 1_000_000),
            dated: Dated::Recorded,
            link: LinkType(LINKS[usize::from(head[0]) % LINKS.len()]),
            interface: 0,
            wire_len: u32::try_from(captured.len()).unwrap_or(u32::MAX) + u32::from(head[0] >> 4),
            digits: 6,
            captured,
            copy: false,
        })
    })
}
