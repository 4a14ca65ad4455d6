//! A pcapng file (draft-ietf-opsawg-pcapng) with the frames of a case.

/// A frame as it goes into the capture.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// Nanoseconds since 1970; none: a simple packet block, which has no time.
    pub(super) time: Option<u64>,
    /// The octets that are kept.
    pub(super) captured: Vec<u8>,
    /// Octets there were.
    pub(super) wire_len: u32,
}

/// One section, one Ethernet interface that counts nanoseconds, a block for each frame.
pub(super) fn pcapng(records: &[Record]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut section = 0x1a2b_3c4d_u32.to_le_bytes().to_vec();
    section.extend([1, 0, 0, 0]);
    section.extend(u64::MAX.to_le_bytes());
    block(&mut file, SECTION_HEADER, &section);
    // LINKTYPE_ETHERNET, no snaplen; if_tsresol 9: nanoseconds; end of options.
    let interface = [1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0];
    block(&mut file, INTERFACE, &interface);
    for record in records {
        match record.time {
            None => {
                let content = [&record.wire_len.to_le_bytes()[..], &record.captured].concat();
                block(&mut file, SIMPLE_PACKET, &content);
            }
            Some(time) => block(&mut file, ENHANCED_PACKET, &enhanced(record, time)),
        }
    }
    file
}

fn enhanced(record: &Record, time: u64) -> Vec<u8> {
    let captured_len = u32::try_from(record.captured.len()).expect("a short frame");
    let (high, low) = (time >> 32, time & u64::from(u32::MAX));
    let time = [high, low].map(|half| u32::try_from(half).expect("half of it"));
    let mut content = 0_u32.to_le_bytes().to_vec();
    for number in [time[0], time[1], captured_len, record.wire_len] {
        content.extend(number.to_le_bytes());
    }
    content.extend(&record.captured);
    content
}

fn block(file: &mut Vec<u8>, kind: u32, content: &[u8]) {
    let padded = content.len().next_multiple_of(4);
    let total = u32::try_from(padded + 12).expect("a short block").to_le_bytes();
    file.extend(kind.to_le_bytes());
    file.extend(total);
    file.extend(content);
    file.resize(file.len() + padded - content.len(), 0);
    file.extend(total);
}

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
