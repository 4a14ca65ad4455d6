//! Captures for tests: frames at random, written in every form that is read.

use std::io::{Read, Write};
use std::sync::atomic::AtomicU64;

use proptest::prelude::*;

use super::capture::{CaptureReader, Opening};
use super::octets::Raw;
use super::order::ByteOrder;
use super::{CaptureAccount, CaptureTime, Compression, Dated, LinkType, OpenError, ReadOptions};

/// A frame to be written, or as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    pub(crate) time: CaptureTime,
    pub(crate) wire_len: u32,
    pub(crate) octets: Vec<u8>,
}

/// Up to `most` frames; times are whole microseconds within a day, so that every form holds them.
pub(crate) fn samples(most: usize) -> impl Strategy<Value = Vec<Sample>> {
    let octets = prop::collection::vec(any::<u8>(), 1..200);
    let sample = (0..86_400_000_000_i64, 0..2000_u32, octets).prop_map(|(micros, more, octets)| {
        let time = CaptureTime(1_700_000_000_000_000_000 + micros * 1000);
        let wire_len = u32::try_from(octets.len()).unwrap() + more;
        Sample { time, wire_len, octets }
    });
    prop::collection::vec(sample, 0..most)
}

/// Puts numbers into octets in one byte order.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    pub(crate) octets: Vec<u8>,
    order: ByteOrder,
}

impl Writer {
    pub(crate) fn new(order: ByteOrder) -> Self {
        Self { octets: Vec::new(), order }
    }

    pub(crate) fn u16(&mut self, number: u16) -> &mut Self {
        match self.order {
            ByteOrder::Little => self.raw(&number.to_le_bytes()),
            ByteOrder::Big => self.raw(&number.to_be_bytes()),
        }
    }

    pub(crate) fn u32(&mut self, number: u32) -> &mut Self {
        match self.order {
            ByteOrder::Little => self.raw(&number.to_le_bytes()),
            ByteOrder::Big => self.raw(&number.to_be_bytes()),
        }
    }

    pub(crate) fn raw(&mut self, octets: &[u8]) -> &mut Self {
        self.octets.extend_from_slice(octets);
        self
    }

    fn pad(&mut self) -> &mut Self {
        self.octets.resize(self.octets.len().next_multiple_of(4), 0);
        self
    }
}

/// How a pcap file is to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PcapForm {
    pub(crate) order: ByteOrder,
    pub(crate) magic: u32,
    pub(crate) minor: u16,
    pub(crate) snaplen: u32,
    pub(crate) network: u32,
}

impl PcapForm {
    /// What tcpdump writes on most machines.
    pub(crate) const USUAL: Self = Self {
        order: ByteOrder::Little,
        magic: 0xa1b2_c3d4,
        minor: 4,
        snaplen: 262_144,
        network: 1,
    };

    pub(crate) fn header(self) -> Vec<u8> {
        let mut out = Writer::new(self.order);
        out.u32(self.magic).u16(2).u16(self.minor).u32(0).u32(0);
        out.u32(self.snaplen).u32(self.network);
        if self.magic & 0xffff_0000 == 0x1c00_0000 {
            out.u32(0);
        }
        out.octets
    }

    pub(crate) fn record(self, sample: &Sample) -> Vec<u8> {
        let mut out = Writer::new(self.order);
        let nanos = sample.time.0;
        let unit = if self.magic == 0xa1b2_3c4d || self.magic & 0xffff_0000 == 0x1c00_0000 {
            1
        } else {
            1000
        };
        out.u32(u32::try_from(nanos / 1_000_000_000).unwrap());
        out.u32(u32::try_from(nanos % 1_000_000_000 / unit).unwrap());
        let captured = u32::try_from(sample.octets.len()).unwrap();
        match self.minor {
            0..=2 => out.u32(sample.wire_len).u32(captured),
            _ => out.u32(captured).u32(sample.wire_len),
        };
        if self.magic == 0xa1b2_cd34 {
            out.u32(1).u16(0x0800).u16(0);
        }
        out.raw(&sample.octets);
        out.octets
    }

    pub(crate) fn file(self, samples: &[Sample]) -> Vec<u8> {
        let mut file = self.header();
        file.extend(samples.iter().flat_map(|s| self.record(s)));
        file
    }
}

/// Blocks of pcapng.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blocks(pub(crate) ByteOrder);

impl Blocks {
    pub(crate) fn block(self, kind: u32, contents: impl FnOnce(&mut Writer)) -> Vec<u8> {
        let mut inner = Writer::new(self.0);
        contents(&mut inner);
        inner.pad();
        let len = u32::try_from(inner.octets.len()).unwrap() + 12;
        let mut out = Writer::new(self.0);
        out.u32(kind).u32(len).raw(&inner.octets).u32(len);
        out.octets
    }

    pub(crate) fn section(self) -> Vec<u8> {
        self.block(0x0a0d_0d0a, |w| {
            w.u32(0x1a2b_3c4d).u16(1).u16(0).raw(&[0xff; 8]);
        })
    }

    pub(crate) fn interface(self, link: u16, snaplen: u32, options: &[(u16, &[u8])]) -> Vec<u8> {
        self.block(1, |w| {
            w.u16(link).u16(0).u32(snaplen);
            Self::options(w, options);
        })
    }

    pub(crate) fn options(w: &mut Writer, options: &[(u16, &[u8])]) {
        for (code, value) in options {
            w.u16(*code).u16(u16::try_from(value.len()).unwrap()).raw(value).pad();
        }
        if !options.is_empty() {
            w.u32(0);
        }
    }

    pub(crate) fn enhanced(
        self,
        interface: u32,
        sample: &Sample,
        options: &[(u16, &[u8])],
    ) -> Vec<u8> {
        let ticks = (sample.time.0 / 1000).cast_unsigned();
        self.block(6, |w| {
            let low = u32::try_from(ticks & 0xffff_ffff).unwrap();
            w.u32(interface).u32(u32::try_from(ticks >> 32).unwrap()).u32(low);
            w.u32(u32::try_from(sample.octets.len()).unwrap()).u32(sample.wire_len);
            w.raw(&sample.octets).pad();
            Self::options(w, options);
        })
    }

    pub(crate) fn file(self, samples: &[Sample]) -> Vec<u8> {
        let mut file = self.section();
        file.extend(self.interface(1, 0, &[]));
        file.extend(samples.iter().flat_map(|s| self.enhanced(0, s, &[])));
        file
    }
}

/// Compresses a file.
pub(crate) fn compress(octets: &[u8], compression: Compression) -> Vec<u8> {
    match compression {
        Compression::Gzip => {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            out.write_all(octets).unwrap();
            out.finish().unwrap()
        }
        Compression::Lz4 => {
            // With the checksum that lz4's own program writes.
            let info = lz4_flex::frame::FrameInfo::new().content_checksum(true);
            let mut out = lz4_flex::frame::FrameEncoder::with_frame_info(info, Vec::new());
            out.write_all(octets).unwrap();
            out.finish().unwrap()
        }
        #[cfg(feature = "zstd")]
        Compression::Zstd => zstd::encode_all(octets, 1).unwrap(),
        #[cfg(not(feature = "zstd"))]
        Compression::Zstd => {
            // A frame of raw blocks needs no compressor (RFC 8878 §3.1.1.2).
            let mut out = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
            let mut chunks = octets.chunks(1 << 17).peekable();
            if chunks.peek().is_none() {
                out.extend([1, 0, 0]);
            }
            while let Some(chunk) = chunks.next() {
                let last = u32::from(chunks.peek().is_none());
                let header = u32::try_from(chunk.len()).unwrap() << 3 | last;
                out.extend(&header.to_le_bytes()[..3]);
                out.extend(chunk);
            }
            out
        }
    }
}

/// Gives octets in pieces of the given sizes, in turn.
#[derive(Debug)]
pub(crate) struct Pieces {
    octets: Vec<u8>,
    at: usize,
    sizes: Vec<usize>,
    reads: usize,
}

impl Pieces {
    pub(crate) fn new(octets: Vec<u8>, sizes: &[usize]) -> Self {
        Self { octets, at: 0, sizes: sizes.to_vec(), reads: 0 }
    }
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let size = self.sizes[self.reads % self.sizes.len()].clamp(1, into.len());
        self.reads += 1;
        let mut rest = &self.octets[self.at..];
        let n = rest.read(&mut into[..size])?;
        self.at += n;
        Ok(n)
    }
}

/// A capture as it was read.
#[derive(Debug, Default)]
pub(crate) struct Whole {
    pub(crate) frames: Vec<Sample>,
    /// Link type, interface and whether the time was recorded, frame by frame.
    pub(crate) marks: Vec<(LinkType, u32, Dated)>,
    pub(crate) account: CaptureAccount,
}

/// Reads a capture through a window that starts with `window` octets. Checks what must hold of
/// every reading: numbers rise by one, and the account says what was given.
pub(crate) fn read_from(
    source: impl Read + Send + 'static,
    window: usize,
) -> Result<Whole, OpenError> {
    let mut whole = Whole::default();
    let octets_read = AtomicU64::new(0);
    let options = ReadOptions { hash: true, ..ReadOptions::default() };
    let raw = Raw::new(Box::new(source), options.hash).unwrap();
    let opening = Opening { capture: 7, window, options };
    let mut reader = CaptureReader::start(raw, opening, &mut whole.account, &octets_read)?;
    while reader.fill(&mut whole.account, &octets_read) {
        for frame in reader.batch().frames() {
            whole.frames.push(Sample {
                time: frame.time,
                wire_len: frame.wire_len,
                octets: frame.captured.to_vec(),
            });
            whole.marks.push((frame.link, frame.interface, frame.dated));
            assert_eq!((frame.capture, frame.number), (7, whole.frames.len() as u64));
        }
    }
    assert!(!reader.fill(&mut whole.account, &octets_read), "it ends once and for all");
    let sum = |of: fn(&Sample) -> u64| whole.frames.iter().map(of).sum::<u64>();
    let account = &whole.account;
    assert_eq!(account.frames, whole.frames.len() as u64);
    assert_eq!(account.octets, sum(|f| f.wire_len.into()));
    assert_eq!(account.captured, sum(|f| f.octets.len() as u64));
    assert_eq!(account.first, whole.frames.iter().map(|f| f.time).min());
    assert_eq!(account.last, whole.frames.iter().map(|f| f.time).max());
    Ok(whole)
}

/// Reads a capture from memory.
pub(crate) fn read(octets: &[u8]) -> Result<Whole, OpenError> {
    read_from(Pieces::new(octets.to_vec(), &[usize::MAX]), 1 << 16)
}
