//! The blocks of a pcapng file, as octets: little-endian, options padded to four octets.

use crate::source::{CaptureTime, LinkType};

/// A frame as it is written.
#[derive(Clone, Copy, Debug)]
pub(in crate::export) struct Packet<'a> {
    pub(in crate::export) time: CaptureTime,
    pub(in crate::export) wire_len: u32,
    pub(in crate::export) kept: &'a [u8],
}

/// An interface as it is declared.
#[derive(Clone, Debug)]
pub(super) struct Interface {
    pub(super) name: Option<String>,
    pub(super) link: LinkType,
    pub(super) snaplen: u32,
}

/// What is known of an interface when its part of the file ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Statistics {
    pub(super) interface: u32,
    pub(super) first: CaptureTime,
    pub(super) last: CaptureTime,
    pub(super) received: u64,
    pub(super) dropped: Option<u64>,
}

/// A section header block (§4.1) of unknown length, with who wrote it.
pub(super) fn section(out: &mut Vec<u8>, comments: &[String]) {
    let start = begin(out, 0x0a0d_0d0a);
    out.extend(0x1a2b_3c4d_u32.to_le_bytes());
    out.extend([1, 0, 0, 0]);
    out.extend([0xff; 8]);
    for comment in comments {
        option(out, COMMENT, comment.as_bytes());
    }
    option(out, 4, concat!("vigie ", env!("CARGO_PKG_VERSION")).as_bytes());
    end(out, start);
}

/// An interface description block (§4.2); its clock counts nanoseconds.
pub(super) fn interface(out: &mut Vec<u8>, interface: &Interface, filter: Option<&str>) {
    let start = begin(out, 1);
    // Link types beyond 16 bits do not exist.
    out.extend(u16::try_from(interface.link.0).unwrap_or(u16::MAX).to_le_bytes());
    out.extend([0, 0]);
    out.extend(interface.snaplen.to_le_bytes());
    if let Some(name) = &interface.name {
        option(out, 2, name.as_bytes());
    }
    option(out, 9, &[9]);
    if let Some(filter) = filter {
        // Code 0 says that a capture filter follows as text.
        option(out, 11, &[&[0], filter.as_bytes()].concat());
    }
    end(out, start);
}

/// An enhanced packet block (§4.3).
pub(super) fn packet<'c>(
    out: &mut Vec<u8>,
    interface: u32,
    packet: Packet<'_>,
    comments: impl Iterator<Item = &'c str>,
) {
    let start = begin(out, 6);
    out.extend(interface.to_le_bytes());
    stamp(out, packet.time);
    out.extend(u32::try_from(packet.kept.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(packet.wire_len.to_le_bytes());
    out.extend(packet.kept);
    pad(out, packet.kept.len());
    for comment in comments {
        option(out, COMMENT, comment.as_bytes());
    }
    end(out, start);
}

/// An interface statistics block (§4.6).
pub(super) fn statistics<'c>(
    out: &mut Vec<u8>,
    stated: Statistics,
    comments: impl Iterator<Item = &'c str>,
) {
    let start = begin(out, 5);
    out.extend(stated.interface.to_le_bytes());
    stamp(out, stated.last);
    for comment in comments {
        option(out, COMMENT, comment.as_bytes());
    }
    for (code, time) in [(2, stated.first), (3, stated.last)] {
        let mut value = Vec::with_capacity(8);
        stamp(&mut value, time);
        option(out, code, &value);
    }
    option(out, 4, &stated.received.to_le_bytes());
    if let Some(dropped) = stated.dropped {
        option(out, 5, &dropped.to_le_bytes());
    }
    end(out, start);
}

const COMMENT: u16 = 1;

/// Ticks of a nanosecond, the upper half first. Times before 1970 have none.
fn stamp(out: &mut Vec<u8>, time: CaptureTime) {
    let ticks = u64::try_from(time.0).unwrap_or(0).to_le_bytes();
    out.extend(&ticks[4..]);
    out.extend(&ticks[..4]);
}

fn begin(out: &mut Vec<u8>, kind: u32) -> usize {
    let start = out.len();
    out.extend(kind.to_le_bytes());
    out.extend([0; 4]);
    start
}

/// Ends the options, if there are some, and the block.
fn end(out: &mut Vec<u8>, start: usize) {
    let len = u32::try_from(out.len() + 4 - start).unwrap_or(u32::MAX).to_le_bytes();
    out[start + 4..start + 8].copy_from_slice(&len);
    out.extend(len);
}

/// One option; the list needs no end mark where the block ends (§3.5).
fn option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    let value = &value[..value.len().min(usize::from(u16::MAX))];
    out.extend(code.to_le_bytes());
    out.extend(u16::try_from(value.len()).unwrap_or(u16::MAX).to_le_bytes());
    out.extend(value);
    pad(out, value.len());
}

fn pad(out: &mut Vec<u8>, len: usize) {
    out.extend(&[0; 3][..len.next_multiple_of(4) - len]);
}

#[cfg(test)]
mod tests {
    use pcap_parser::{Block, PcapBlockOwned, create_reader};

    use super::*;

    /// Every block by a reader that is not vigie's.
    fn blocks(file: &[u8]) -> Vec<String> {
        let mut reader = create_reader(1 << 16, file).unwrap();
        let mut said = Vec::new();
        while let Ok((len, block)) = reader.next() {
            let PcapBlockOwned::NG(block) = &block else { panic!("not pcapng") };
            said.push(match block {
                Block::SectionHeader(b) => format!("section {:?}", b.options.len()),
                Block::InterfaceDescription(b) => format!(
                    "interface {:?} {:?} {} {:?}",
                    b.if_name(),
                    b.linktype,
                    b.snaplen,
                    b.ts_resolution()
                ),
                Block::EnhancedPacket(b) => {
                    let ticks = u64::from(b.ts_high) << 32 | u64::from(b.ts_low);
                    format!("packet {} {ticks} {} {:?}", b.if_id, b.origlen, b.packet_data())
                }
                Block::InterfaceStatistics(b) => format!("statistics {}", b.if_id),
                other => format!("{other:?}"),
            });
            reader.consume(len);
        }
        said
    }

    trait PacketData {
        fn packet_data(&self) -> &[u8];
    }

    impl PacketData for pcap_parser::EnhancedPacketBlock<'_> {
        fn packet_data(&self) -> &[u8] {
            &self.data[..self.caplen as usize]
        }
    }

    #[test]
    fn another_reader_finds_what_was_written() {
        let mut out = Vec::new();
        section(&mut out, &["one".into()]);
        let name = Some("eth0".to_owned());
        interface(&mut out, &Interface { name, link: LinkType(1), snaplen: 0 }, Some("port 53"));
        let time = CaptureTime(1_767_600_000_123_456_789);
        let kept: &[u8] = &[1, 2, 3, 4, 5];
        packet(&mut out, 0, Packet { time, wire_len: 60, kept }, ["note"].into_iter());
        let stated =
            Statistics { interface: 0, first: time, last: time, received: 1, dropped: Some(7) };
        statistics(&mut out, stated, std::iter::empty());
        assert_eq!(
            blocks(&out),
            [
                "section 2",
                "interface Some(Ok(\"eth0\")) Linktype(1) 0 Some(1000000000)",
                "packet 0 1767600000123456789 60 [1, 2, 3, 4, 5]",
                "statistics 0"
            ]
        );
    }
}
