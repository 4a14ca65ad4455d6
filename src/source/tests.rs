//! Laws of the room: the same frames through every form, whole frames before a cut, an end
//! whatever the octets.

use std::io::{self, Read};
use std::time::Instant;

use pcap_parser::{Block, PcapBlockOwned, PcapError};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::order::ByteOrder::{self, Big, Little};
use super::testing::{Blocks, PcapForm, Pieces, Sample, Whole, compress, read, read_from, samples};
use super::{CaptureTime, Compression, Damage, DamageKind, Dated, LinkType, OpenError};

const COMPRESSIONS: [Compression; 3] = [Compression::Gzip, Compression::Zstd, Compression::Lz4];

/// A frame of the given length, a second after the one of the number before.
fn frame(number: u8, len: usize) -> Sample {
    Sample {
        time: CaptureTime((1_700_000_000 + i64::from(number)) * 1_000_000_000),
        wire_len: u32::try_from(len).unwrap(),
        octets: vec![number; len],
    }
}

fn pcap_forms() -> Vec<PcapForm> {
    let mut forms = Vec::new();
    for order in [Little, Big] {
        for magic in [0xa1b2_c3d4, 0xa1b2_3c4d, 0xa1b2_cd34, 0x1c00_01ac] {
            forms.push(PcapForm { order, magic, ..PcapForm::USUAL });
        }
        for minor in [2, 3] {
            forms.push(PcapForm { order, minor, ..PcapForm::USUAL });
        }
    }
    forms
}

/// The same frames in every form.
fn forms(samples: &[Sample]) -> Vec<Vec<u8>> {
    let mut forms = plain_forms(samples);
    forms.extend(COMPRESSIONS.iter().flat_map(|c| compressed_forms(samples, *c)));
    forms
}

fn plain_forms(samples: &[Sample]) -> Vec<Vec<u8>> {
    let mut forms: Vec<_> = pcap_forms().iter().map(|f| f.file(samples)).collect();
    forms.extend([Little, Big].map(|o| Blocks(o).file(samples)));
    forms
}

fn compressed_forms(samples: &[Sample], compression: Compression) -> [Vec<u8>; 2] {
    [PcapForm::USUAL.file(samples), Blocks(Big).file(samples)].map(|f| compress(&f, compression))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_same_frames_read_equal_in_every_form_and_in_any_pieces(
        samples in samples(150),
        sizes in prop::collection::vec(1..600_usize, 1..8),
    ) {
        for form in forms(&samples) {
            let hash: [u8; 32] = Sha256::digest(&form).into();
            let whole = read_from(Pieces::new(form, &sizes), 64).unwrap();
            prop_assert_eq!(&whole.frames, &samples);
            prop_assert_eq!(whole.account.damage, vec![]);
            prop_assert_eq!(whole.account.sha256, Some(hash));
        }
    }

    #[test]
    fn every_prefix_keeps_the_whole_frames_before_the_cut(samples in samples(6)) {
        check_prefixes(|samples| PcapForm::USUAL.file(samples), &samples, None);
        check_prefixes(|samples| Blocks(Little).file(samples), &samples, Some(Blocks(Little).section().len()));
    }

    #[test]
    fn any_octets_after_a_header_end_without_a_panic(
        noise in prop::collection::vec(prop_oneof![any::<u8>(), 0..4_u8], 0..3000),
        small in 16..200_usize,
    ) {
        for header in [PcapForm::USUAL.header(), Blocks(Little).file(&[]), Blocks(Big).file(&[])] {
            let mut file = header;
            file.extend(&noise);
            read_from(Pieces::new(file, &[small]), small).unwrap();
        }
        let _ = read(&noise);
        for compression in COMPRESSIONS {
            let mut file = compress(&PcapForm::USUAL.header(), compression);
            file.extend(&noise);
            let _ = read(&file);
        }
    }

    #[test]
    fn a_changed_octet_costs_no_frame_before_it_and_in_pcapng_one_at_most(
        samples in samples(40),
        at in any::<prop::sample::Index>(),
        by in 1..=255_u8,
    ) {
        for mut file in plain_forms(&samples) {
            let at = at.index(file.len());
            file[at] ^= by;
            if let Ok(whole) = read(&file) {
                prop_assert!(whole.frames.len() <= samples.len() + 1);
            }
        }
        let mut file = Blocks(Little).file(&samples);
        let mut pcap = PcapForm::USUAL.file(&samples);
        let place = at.index(file.len()).min(pcap.len() - 1);
        pcap[place] ^= by;
        if place >= 24 {
            // Behind it, a length that is wrong but possible may take neighbours along.
            let before = (0..=samples.len())
                .take_while(|n| PcapForm::USUAL.file(&samples[..*n]).len() <= place)
                .count();
            let whole = read(&pcap).unwrap();
            prop_assert_eq!(&whole.frames[..before - 1], &samples[..before - 1]);
        }
        let at = at.index(file.len());
        file[at] ^= by;
        // Past the headers, a changed octet costs one block, whatever it is.
        if at >= 48 {
            prop_assert!(read(&file).unwrap().frames.len() + 1 >= samples.len());
        }
    }

    /// In what is compressed an octet may stand for many, and what came before the checksum has been counted by then: so
    /// nothing holds for what is read, but that it is the same, or that damage is told.
    #[test]
    fn a_changed_octet_under_a_checksum_changes_nothing_or_is_told(
        samples in samples(40),
        at in any::<prop::sample::Index>(),
        by in 1..=255_u8,
    ) {
        for compression in [Compression::Gzip, Compression::Lz4] {
            for mut file in compressed_forms(&samples, compression) {
                let at = at.index(file.len());
                file[at] ^= by;
                if let Ok(read) = read(&file) {
                    let told = !read.account.damage.is_empty();
                    prop_assert!(told || read.frames == samples, "{compression:?}, octet {at}");
                }
            }
        }
    }

    #[test]
    fn pcap_parser_reads_the_same(samples in samples(100)) {
        for order in [Little, Big] {
            let form = PcapForm { order, ..PcapForm::USUAL };
            prop_assert_eq!(&foreign(&form.file(&samples)), &samples);
            prop_assert_eq!(&foreign(&Blocks(order).file(&samples)), &samples);
        }
    }
}

fn check_prefixes(write: impl Fn(&[Sample]) -> Vec<u8>, samples: &[Sample], header: Option<usize>) {
    let file = write(samples);
    let mut whole: Vec<_> = (0..=samples.len()).map(|n| write(&samples[..n]).len()).collect();
    // A section without an interface is whole, too.
    whole.extend(header);
    for cut in 0..file.len() {
        check_prefix(&file[..cut], samples, &whole);
    }
}

/// `whole` holds the lengths at which nothing is missing in the middle.
fn check_prefix(prefix: &[u8], samples: &[Sample], whole: &[usize]) {
    match read(prefix) {
        Ok(read) => {
            let frames = whole.iter().take(samples.len()).filter(|w| **w <= prefix.len()).count();
            assert_eq!(read.frames, samples[..frames.saturating_sub(1)]);
            let damage = &read.account.damage;
            assert_eq!(damage.is_empty(), whole.contains(&prefix.len()), "{damage:?}");
            assert!(damage.len() <= 1);
        }
        Err(OpenError::IsEmpty) => assert!(prefix.is_empty()),
        Err(OpenError::TruncatedHeader { left, .. }) => assert_eq!(left, prefix.len() as u64),
        Err(OpenError::NotACapture { .. } | OpenError::Text) => assert!(prefix.len() < 4),
        Err(other) => panic!("{other:?}"),
    }
}

/// The frames as the crate pcap-parser sees them.
fn foreign(file: &[u8]) -> Vec<Sample> {
    let mut reader = pcap_parser::create_reader(1 << 16, file).unwrap();
    let (mut frames, mut scale) = (Vec::new(), 1000);
    let mut push = |nanos: i64, wire_len, octets: &[u8]| {
        frames.push(Sample { time: CaptureTime(nanos), wire_len, octets: octets.to_vec() });
    };
    loop {
        let used = match reader.next() {
            Ok((used, block)) => {
                match block {
                    PcapBlockOwned::LegacyHeader(h) => {
                        scale = if h.is_nanosecond_precision() { 1 } else { 1000 };
                    }
                    PcapBlockOwned::Legacy(b) => push(
                        i64::from(b.ts_sec) * 1_000_000_000 + i64::from(b.ts_usec) * scale,
                        b.origlen,
                        b.data,
                    ),
                    PcapBlockOwned::NG(Block::EnhancedPacket(b)) => {
                        let ticks = i64::from(b.ts_high) << 32 | i64::from(b.ts_low);
                        push(ticks * 1000, b.origlen, &b.data[..b.caplen as usize]);
                    }
                    PcapBlockOwned::NG(_) => {}
                }
                used
            }
            Err(PcapError::Eof) => return frames,
            Err(PcapError::Incomplete(_)) => {
                reader.refill().unwrap();
                continue;
            }
            Err(other) => panic!("{other:?}"),
        };
        reader.consume(used);
    }
}

fn damage(whole: &Whole) -> Vec<Damage> {
    whole.account.damage.clone()
}

#[test]
fn a_record_of_impossible_length_costs_no_frame_after_it() {
    let frames: Vec<_> = (0..10).map(|n| frame(n, 60 + usize::from(n))).collect();
    let mut file = PcapForm::USUAL.file(&frames);
    let offset = PcapForm::USUAL.file(&frames[..4]).len();
    file[offset + 11] = 0xff;
    let whole = read(&file).unwrap();
    assert_eq!(whole.frames, [&frames[..4], &frames[5..]].concat());
    let kind = DamageKind::RecordLength { declared: 0xff00_0040, most: 262_144, skipped: 80 };
    assert_eq!(damage(&whole), [Damage { frame: 5, offset: offset as u64, kind }]);
}

#[test]
fn a_last_record_after_an_impossible_one_is_found_by_the_end_of_the_file() {
    let frames: Vec<_> = (0..4).map(|n| frame(n, 50)).collect();
    let mut file = PcapForm::USUAL.file(&frames);
    let offset = PcapForm::USUAL.file(&frames[..2]).len();
    file[offset + 11] = 0x80;
    assert_eq!(read(&file).unwrap().frames, [&frames[..2], &frames[3..]].concat());
}

#[test]
fn a_large_snaplen_is_respected_and_a_small_one_never_refuses() {
    let large = [frame(1, 300_000), frame(2, 10)];
    let form = PcapForm { snaplen: 400_000, ..PcapForm::USUAL };
    assert_eq!(read(&form.file(&large)).unwrap().frames, large);
    let form = PcapForm { snaplen: 96, ..PcapForm::USUAL };
    let frames = [frame(1, 2000), frame(2, 10)];
    assert_eq!(read(&form.file(&frames)).unwrap().frames, frames);
}

#[test]
fn more_captured_than_on_the_wire_is_kept_and_counted() {
    let odd = Sample { wire_len: 10, ..frame(1, 20) };
    let whole = read(&PcapForm::USUAL.file(&[odd.clone(), frame(2, 5)])).unwrap();
    assert_eq!((whole.account.overlong, whole.account.octets), (1, 15));
    assert_eq!((whole.frames[0].clone(), damage(&whole)), (odd, vec![]));
}

#[test]
fn the_link_type_field_also_states_the_frame_check_sequence() {
    let form = PcapForm { network: 0x4400_0001, ..PcapForm::USUAL };
    let whole = read(&form.file(&[frame(1, 20)])).unwrap();
    assert_eq!(whole.marks, [(LinkType(1), 0, Dated::Recorded)]);
    assert_eq!(whole.account.interfaces[0].fcs_len, Some(8));
}

#[test]
fn sections_bring_their_own_byte_order_and_interfaces() {
    let mut file = Blocks(Little).file(&[frame(1, 20)]);
    file.extend(Blocks(Big).section());
    file.extend(Blocks(Big).interface(
        101,
        64,
        &[(2, b"tun0"), (9, &[3]), (14, &[0, 0, 0, 0, 0, 0, 0, 5])],
    ));
    let late = Sample { time: CaptureTime(2_000_000), ..frame(2, 20) };
    file.extend(Blocks(Big).enhanced(0, &late, &[(1, b"look here")]));
    let whole = read(&file).unwrap();
    assert_eq!(damage(&whole), []);
    let marks = [(LinkType(1), 0, Dated::Recorded), (LinkType(101), 1, Dated::Recorded)];
    assert_eq!(whole.marks, marks);
    // 2000 ticks of a millisecond, 5 seconds later.
    assert_eq!(whole.frames[1].time, CaptureTime(7_000_000_000));
    assert_eq!(whole.account.interfaces[1].name.as_deref(), Some("tun0"));
    assert_eq!(whole.account.interfaces[1].digits, 3);
    assert_eq!(whole.account.comments[0].text, "look here");
    assert_eq!(whole.account.comments[0].frame, Some(2));
}

#[test]
fn a_simple_packet_block_takes_the_time_before_it_and_its_length_from_the_snaplen() {
    let blocks = Blocks(Little);
    let mut file = blocks.section();
    file.extend(blocks.interface(1, 8, &[]));
    file.extend(blocks.enhanced(0, &frame(3, 8), &[]));
    file.extend(blocks.block(3, |w| {
        w.u32(100).raw(&[9; 8]);
    }));
    let whole = read(&file).unwrap();
    let simple = Sample { wire_len: 100, octets: vec![9; 8], ..frame(3, 8) };
    assert_eq!(whole.frames, [frame(3, 8), simple]);
    assert_eq!(whole.marks[1].2, Dated::FromPrevious);
}

#[test]
fn an_obsolete_packet_block_is_a_frame() {
    let blocks = Blocks(Big);
    let mut file = blocks.file(&[]);
    file.extend(blocks.block(2, |w| {
        w.u16(0).u16(3).u32(0).u32(1_000_000).u32(5).u32(50).raw(b"hello");
    }));
    let expected =
        Sample { time: CaptureTime(1_000_000_000), wire_len: 50, octets: b"hello".to_vec() };
    assert_eq!(read(&file).unwrap().frames, [expected]);
}

#[test]
fn the_latest_statistics_say_what_was_dropped() {
    let blocks = Blocks(Little);
    let mut file = blocks.file(&[frame(1, 20)]);
    for (code, drops) in [(5, 1_u64), (7, 2), (5, 10)] {
        file.extend(blocks.block(5, |w| {
            w.u32(0).u32(0).u32(0);
            Blocks::options(w, &[(code, &drops.to_le_bytes())]);
        }));
    }
    let whole = read(&file).unwrap();
    assert_eq!((whole.account.dropped(), damage(&whole)), (Some(12), vec![]));
}

#[test]
fn blocks_without_frames_are_passed_over_and_unknown_ones_noted() {
    let blocks = Blocks(Little);
    let mut file = blocks.file(&[frame(1, 20)]);
    // Five blocks of 8 octets and the 12 around them come before the first unknown one.
    let offset = file.len() as u64 + 5 * 20;
    for kind in [4, 9, 10, 0xbad, 0x4000_0bad, 0x7777, 0x7777] {
        file.extend(blocks.block(kind, |w| {
            w.u32(1).u32(2);
        }));
    }
    file.extend(blocks.enhanced(0, &frame(2, 20), &[]));
    let whole = read(&file).unwrap();
    assert_eq!((whole.frames.len(), damage(&whole)), (2, vec![]));
    let unknown = super::UnknownBlocks { block: 0x7777, count: 2, offset, frame: 2 };
    assert_eq!(whole.account.unknown_blocks, [unknown]);
}

#[test]
fn a_block_of_impossible_length_costs_no_block_after_it() {
    let frames: Vec<_> = (0..6).map(|n| frame(n, 33)).collect();
    let mut file = Blocks(Big).file(&frames);
    let offset = Blocks(Big).file(&frames[..2]).len();
    file[offset + 7] += 1;
    let whole = read(&file).unwrap();
    assert_eq!(whole.frames, [&frames[..2], &frames[3..]].concat());
    let kind = DamageKind::BlockLength { block: 6, declared: 69, skipped: 68 };
    assert_eq!(damage(&whole), [Damage { frame: 3, offset: offset as u64, kind }]);
}

#[test]
fn a_block_whose_last_length_differs_is_read_if_another_follows() {
    let frames: Vec<_> = (0..3).map(|n| frame(n, 32)).collect();
    let mut file = Blocks(Little).file(&frames);
    let end = Blocks(Little).file(&frames[..2]).len();
    file[end - 4] = 0;
    let whole = read(&file).unwrap();
    assert_eq!(whole.frames, frames);
    let kind = DamageKind::BlockTrailer { block: 6, leading: 64, trailing: 0, skipped: 0 };
    assert_eq!(damage(&whole)[0].kind, kind);
}

#[test]
fn a_block_whose_first_length_is_wrong_is_passed_over_alone() {
    let frames: Vec<_> = (0..4).map(|n| frame(n, 32)).collect();
    let mut file = Blocks(Little).file(&frames);
    let offset = Blocks(Little).file(&frames[..1]).len();
    file[offset + 4] = 0x48;
    let whole = read(&file).unwrap();
    assert_eq!(whole.frames, [&frames[..1], &frames[2..]].concat());
    let kind =
        DamageKind::BlockTrailer { block: 6, leading: 0x48, trailing: 0x0303_0303, skipped: 64 };
    assert!(
        matches!(damage(&whole)[0].kind, DamageKind::BlockTrailer { skipped: 64, .. }),
        "{kind:?}"
    );
}

#[test]
fn a_packet_of_an_undeclared_interface_is_damage_and_no_frame() {
    let blocks = Blocks(Little);
    let mut file = blocks.file(&[frame(1, 20)]);
    file.extend(blocks.enhanced(1, &frame(2, 20), &[]));
    file.extend(blocks.enhanced(0, &frame(3, 20), &[]));
    let whole = read(&file).unwrap();
    assert_eq!(whole.frames, [frame(1, 20), frame(3, 20)]);
    let kind = DamageKind::UndeclaredInterface { interface: 1, declared: 1 };
    assert_eq!(damage(&whole)[0].kind, kind);
    assert_eq!(damage(&whole)[0].frame, 2);
}

#[test]
fn a_time_beyond_2262_is_damage_and_the_last_that_fits() {
    let blocks = Blocks(Little);
    let mut file = blocks.section();
    file.extend(blocks.interface(1, 0, &[(9, &[0])]));
    file.extend(blocks.enhanced(0, &frame(1, 20), &[]));
    let whole = read(&file).unwrap();
    assert_eq!(whole.frames[0].time, CaptureTime(i64::MAX));
    assert_eq!(damage(&whole)[0].kind, DamageKind::Time { ticks: 1_700_000_001_000_000 });
}

#[test]
fn a_cut_compressed_capture_keeps_what_came_before() {
    let frames: Vec<_> = (0..200).map(|n| frame(n, 1000 + usize::from(n))).collect();
    let plain = PcapForm::USUAL.file(&frames);
    for compression in COMPRESSIONS {
        // Two frames (gzip: members) in a row, the second cut.
        let first = compress(&plain[..100_000], compression);
        let mut file = first.clone();
        file.extend(compress(&plain[100_000..], compression));
        file.truncate(first.len() + (file.len() - first.len()) / 2);
        let whole = read(&file).unwrap();
        assert!(whole.frames.len() >= 80, "{compression}: {}", whole.frames.len());
        assert_eq!(whole.frames, frames[..whole.frames.len()]);
        let cut = DamageKind::Compressed { compression, kind: io::ErrorKind::UnexpectedEof };
        let kinds: Vec<_> = damage(&whole).into_iter().map(|d| d.kind).collect();
        assert!(kinds.contains(&cut), "{compression}: {kinds:?}");
        let hash: [u8; 32] = Sha256::digest(&file).into();
        assert_eq!(whole.account.sha256, Some(hash));
    }
}

#[test]
fn what_follows_a_compressed_capture_is_damage_unless_it_is_padding() {
    for compression in COMPRESSIONS {
        let mut file = compress(&PcapForm::USUAL.file(&[frame(1, 20)]), compression);
        file.extend([0; 1000]);
        assert_eq!(damage(&read(&file).unwrap()), []);
        file.extend(b"garbage");
        let kind = DamageKind::AfterCompressed { compression, octets: 1007 };
        assert_eq!(damage(&read(&file).unwrap())[0].kind, kind);
    }
}

#[test]
fn each_reason_not_to_open_has_its_own_name() {
    let of = |octets: &[u8]| read(octets).unwrap_err();
    assert_eq!(of(b""), OpenError::IsEmpty);
    assert_eq!(of(b"12:00 IP 192.0.2.1\n"), OpenError::Text);
    assert_eq!(of(b"\x7fELF\0\0\0"), OpenError::NotACapture { first: b"\x7fELF".to_vec() });
    let header = PcapForm::USUAL.header();
    assert_eq!(of(&header[..10]), OpenError::TruncatedHeader { needed: 24, left: 10 });
    let section = Blocks(Big).section();
    assert_eq!(of(&section[..20]), OpenError::TruncatedHeader { needed: 28, left: 20 });
    let twice = compress(&compress(&header, Compression::Lz4), Compression::Gzip);
    let (outer, inner) = (Compression::Gzip, Compression::Lz4);
    assert_eq!(of(&twice), OpenError::CompressedTwice { outer, inner });
    let kind = io::ErrorKind::UnexpectedEof;
    let compression = Compression::Gzip;
    assert_eq!(of(&twice[..8]), OpenError::Compressed { compression, kind });
}

/// Gives a block at each read and says so when it is read further than it should be.
struct Live {
    blocks: std::vec::IntoIter<Vec<u8>>,
    reads: std::sync::mpsc::Sender<()>,
}

impl Read for Live {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.reads.send(()).unwrap();
        let Some(block) = self.blocks.next() else { return Ok(0) };
        into[..block.len()].copy_from_slice(&block);
        Ok(block.len())
    }
}

#[test]
fn a_frame_is_given_before_anything_more_is_read() {
    let (reads, seen) = std::sync::mpsc::channel();
    let form = PcapForm::USUAL;
    let blocks = vec![form.header(), form.record(&frame(1, 9)), form.record(&frame(2, 9))];
    let raw = super::octets::Raw::new(Box::new(Live { blocks: blocks.into_iter(), reads }), false);
    let opening = super::capture::Opening {
        capture: 0,
        window: 1 << 16,
        options: super::ReadOptions::default(),
    };
    let (mut account, octets_read) = (super::CaptureAccount::default(), 0.into());
    let mut reader =
        super::capture::CaptureReader::start(raw.unwrap(), opening, &mut account, &octets_read)
            .unwrap();
    assert_eq!(seen.try_iter().count(), 1, "the header came with the first read");
    for _ in 0..2 {
        assert!(reader.fill(&mut account, &octets_read));
        assert_eq!((reader.batch().len(), seen.try_iter().count()), (1, 1));
    }
    assert!(!reader.fill(&mut account, &octets_read));
}

/// Places that look like blocks or records until one looks far ahead.
fn bait(octets: usize, order: ByteOrder) -> Vec<u8> {
    let mut file = Blocks(order).file(&[frame(1, 20)]);
    file.extend([0xff; 8]);
    while file.len() < octets {
        let mut bait = super::testing::Writer::new(order);
        bait.u32(6).u32(1 << 20);
        file.extend(bait.octets);
    }
    file
}

#[test]
fn looking_for_the_next_block_takes_time_in_proportion() {
    let time = |octets| {
        let file = bait(octets, Little);
        let start = Instant::now();
        assert_eq!(read(&file).unwrap().frames.len(), 1);
        start.elapsed().as_secs_f64()
    };
    let (short, long) = (time(2 << 20), time(16 << 20));
    assert!(long < short * 40.0 + 0.2, "{short} s, then {long} s for 8 times as much");
}

#[test]
fn a_captured_length_over_the_wire_length_is_broken_where_no_record_follows() {
    let frames: Vec<_> = (0..6).map(|n| frame(n, 60)).collect();
    let mut file = PcapForm::USUAL.file(&frames);
    let offset = PcapForm::USUAL.file(&frames[..2]).len();
    file[offset + 9] = 0x01;
    let whole = read(&file).unwrap();
    assert_eq!(whole.frames, [&frames[..2], &frames[3..]].concat());
    let kind = DamageKind::RecordLength { declared: 316, most: 60, skipped: 76 };
    assert_eq!(damage(&whole), [Damage { frame: 3, offset: offset as u64, kind }]);
}

#[test]
fn a_tail_of_zeros_is_damage_and_no_frames() {
    let frames: Vec<_> = (0..3).map(|n| frame(n, 60)).collect();
    let mut file = PcapForm::USUAL.file(&frames);
    let offset = file.len() as u64;
    file.extend([0; 4096]);
    let whole = read(&file).unwrap();
    assert_eq!(whole.frames, frames);
    let kind = DamageKind::Zeros { skipped: 4096 };
    assert_eq!(damage(&whole), [Damage { frame: 4, offset, kind }]);
}
