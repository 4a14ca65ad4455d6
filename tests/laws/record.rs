//! Captures as the tests know them: read with a reader that is not vigie's, written by hand.

use std::path::{Path, PathBuf};

use pcap_parser::{Block, PcapBlockOwned, create_reader};

/// A frame that is to be written, or that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// Nanoseconds since 1970, of which whole microseconds are written.
    pub(crate) time: i64,
    /// `LINKTYPE_` value.
    pub(crate) link: u16,
    /// Octets on the wire.
    pub(crate) wire_len: u32,
    /// Octets captured.
    pub(crate) octets: Vec<u8>,
}

/// The folder of the captures that the project made itself.
pub(crate) fn pcaps() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps")
}

/// Ethernet.
pub(crate) const ETHERNET: u16 = 1;

/// The records as a pcap file, microseconds, little-endian; all must be of one link type.
pub(crate) fn pcap(records: &[Record]) -> Vec<u8> {
    let link = records.first().map_or(ETHERNET, |r| r.link);
    let mut file = Vec::new();
    file.extend(0xa1b2_c3d4_u32.to_le_bytes());
    file.extend([2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend(262_144_u32.to_le_bytes());
    file.extend(u32::from(link).to_le_bytes());
    for record in records {
        assert_eq!(record.link, link, "a pcap file holds one link type");
        let micros = record.time / 1000;
        file.extend(number(micros / 1_000_000));
        file.extend(number(micros % 1_000_000));
        file.extend(length(&record.octets));
        file.extend(record.wire_len.to_le_bytes());
        file.extend(&record.octets);
    }
    file
}

/// The records as a pcapng file, an interface for each link type.
pub(crate) fn pcapng(records: &[Record]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut section = 0x1a2b_3c4d_u32.to_le_bytes().to_vec();
    section.extend([1, 0, 0, 0]);
    section.extend([0xff; 8]);
    block(&mut file, 0x0a0d_0d0a, &section);
    let mut links: Vec<u16> = Vec::new();
    for record in records {
        let interface = links.iter().position(|l| *l == record.link).unwrap_or_else(|| {
            let mut interface = record.link.to_le_bytes().to_vec();
            interface.extend([0; 6]);
            block(&mut file, 1, &interface);
            links.push(record.link);
            links.len() - 1
        });
        let micros = record.time / 1000;
        let mut packet = number(interface).to_vec();
        packet.extend(number(micros >> 32));
        packet.extend(number(micros & 0xffff_ffff));
        packet.extend(length(&record.octets));
        packet.extend(record.wire_len.to_le_bytes());
        packet.extend(&record.octets);
        block(&mut file, 6, &packet);
    }
    file
}

fn block(file: &mut Vec<u8>, kind: u32, contents: &[u8]) {
    let padded = contents.len().next_multiple_of(4);
    let total = number(padded + 12);
    file.extend(kind.to_le_bytes());
    file.extend(total);
    file.extend(contents);
    file.extend(&[0; 3][..padded - contents.len()]);
    file.extend(total);
}

fn number(n: impl TryInto<u32>) -> [u8; 4] {
    let n: u32 = n.try_into().unwrap_or_else(|_| panic!("a number that fits"));
    n.to_le_bytes()
}

fn length(octets: &[u8]) -> [u8; 4] {
    number(octets.len())
}

/// The frames of a plain capture whose clocks count microseconds or nanoseconds, as pcap-parser
/// sees them.
pub(crate) fn read(octets: &[u8]) -> Vec<Record> {
    let mut records = Vec::new();
    let mut links: Vec<u16> = Vec::new();
    let mut units: Vec<i64> = Vec::new();
    walk(octets, &mut |block| match block {
        PcapBlockOwned::LegacyHeader(header) => {
            links = vec![u16::try_from(header.network.0).expect("a link type of two octets")];
            units = vec![if header.is_nanosecond_precision() { 1 } else { 1000 }];
        }
        PcapBlockOwned::Legacy(frame) => records.push(Record {
            time: i64::from(frame.ts_sec) * 1_000_000_000 + i64::from(frame.ts_usec) * units[0],
            link: links[0],
            wire_len: frame.origlen,
            octets: frame.data[..frame.caplen as usize].to_vec(),
        }),
        PcapBlockOwned::NG(Block::SectionHeader(_)) => (links.clear(), units.clear()).0,
        PcapBlockOwned::NG(Block::InterfaceDescription(interface)) => {
            links.push(u16::try_from(interface.linktype.0).expect("a link type of two octets"));
            units.push(1_000_000_000 / i64::try_from(interface.ts_resolution().unwrap()).unwrap());
        }
        PcapBlockOwned::NG(Block::EnhancedPacket(frame)) => {
            let ticks = i64::from(frame.ts_high) << 32 | i64::from(frame.ts_low);
            records.push(Record {
                time: ticks * units[frame.if_id as usize],
                link: links[frame.if_id as usize],
                wire_len: frame.origlen,
                octets: frame.data[..frame.caplen as usize].to_vec(),
            });
        }
        PcapBlockOwned::NG(_) => {}
    });
    records
}

/// Gives every block to `visit`, until reading fails.
fn walk(octets: &[u8], visit: &mut dyn FnMut(&PcapBlockOwned<'_>)) {
    // Room for the whole file: nothing is read a second time.
    let Ok(mut reader) = create_reader(octets.len() + 1024, octets) else { return };
    while let Ok((len, block)) = reader.next() {
        visit(&block);
        reader.consume(len);
    }
}
