//! RTP (RFC 3550): told from other datagrams by several that follow each other.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::flow::Side;
use crate::name::cursor::Cursor;

/// The latest packet that may be RTP, and how many before it led up to it.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::name) struct Rtp {
    latest: Option<Packet>,
    in_a_row: u8,
}

/// What two packets of a stream have in common, or one more in the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Packet {
    sender: Side,
    /// Synchronization source, the same in all packets of a stream.
    source: u32,
    sequence: u16,
}

impl Rtp {
    /// Takes a datagram; whether there were enough now. A header alone proves nothing, since its
    /// version is two bits.
    pub(in crate::name) fn offer(&mut self, datagram: &[u8], sender: Side) -> bool {
        let Some(packet) = packet(datagram, sender) else { return false };
        match self.latest {
            Some(latest) if latest.sender != sender => return false,
            Some(latest)
                if latest.source == packet.source
                    && matches!(packet.sequence.wrapping_sub(latest.sequence), 1..=NEXT) =>
            {
                self.in_a_row = self.in_a_row.saturating_add(1);
            }
            _ => self.in_a_row = 0,
        }
        self.latest = Some(packet);
        self.in_a_row >= ENOUGH
    }
}

/// The header of RTP version 2 (§5.1). Payload types 72 to 76 are RTCP (RFC 5761 §4).
fn packet(datagram: &[u8], sender: Side) -> Option<Packet> {
    let mut cursor = Cursor::new(datagram);
    let [first, second] = cursor.array().ok()?;
    let sequence = cursor.u16().ok()?;
    let _timestamp = cursor.u32().ok()?;
    let source = cursor.u32().ok()?;
    let is_rtcp = matches!(second & 0x7f, 64..=95);
    (first >> 6 == 2 && !is_rtcp).then_some(Packet { sender, source, sequence })
}

/// Successors until it is RTP.
const ENOUGH: u8 = 3;
/// How far the next sequence number may be: some packets are lost.
const NEXT: u16 = 5;

#[cfg(test)]
mod tests {
    use super::Rtp;
    use crate::flow::Side;

    fn packet(sequence: u8, source: u8) -> [u8; 20] {
        let mut packet = [0x55; 20];
        packet[..4].copy_from_slice(&[0x80, 0x6f, 0xff, sequence]);
        packet[8..12].copy_from_slice(&[source; 4]);
        packet
    }

    #[test]
    fn four_packets_of_one_source_in_a_row_are_rtp() {
        let mut rtp = Rtp::default();
        for sequence in [1, 2, 4] {
            assert!(!rtp.offer(&packet(sequence, 7), Side::Low));
        }
        assert!(rtp.offer(&packet(5, 7), Side::Low));
    }

    #[test]
    fn others_are_not() {
        let mut rtp = Rtp::default();
        for at in 0..100 {
            assert!(!rtp.offer(&packet(at, at), Side::Low));
            assert!(!rtp.offer(&packet(9, 1), Side::Low));
            assert!(!rtp.offer(&[at; 40], Side::Low));
        }
    }
}
