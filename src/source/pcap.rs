//! The pcap format, as libpcap and its relatives write it.
#![warn(clippy::indexing_slicing)]

use super::order::{ByteOrder, Cursor};
use super::sink::{Found, Sink, Step};
use super::window::Window;
use super::{CaptureTime, Damage, DamageKind, Dated, Interface, LinkType, OpenError};

/// Captured octets that a record may state whatever the snaplen (libpcap's `MAXIMUM_SNAPLEN`).
pub(super) const CAPTURED_MOST: u32 = 262_144;
/// A larger snaplen is respected up to this (libpcap's most, for D-Bus and USB).
pub(super) const SNAPLEN_MOST: u32 = 128 << 20;

/// Reads the records of one pcap file.
#[derive(Debug)]
pub(super) struct Pcap {
    layout: Layout,
    lengths: Lengths,
    link: LinkType,
    /// Captured octets of a record at most; more is damage.
    most: u32,
    /// Seconds of the last whole record.
    seconds: Option<u32>,
    lost: Option<Lost>,
}

/// How the octets of a record header lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layout {
    order: ByteOrder,
    /// Nanoseconds in a unit of the time's fraction.
    unit: u32,
    /// Octets of a record header.
    header: usize,
    /// Octets of the file header.
    file_header: usize,
}

/// Which of the two lengths of a record comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lengths {
    /// The captured one.
    CapturedFirst,
    /// The wire's: files older than 2.3.
    WireFirst,
    /// Version 2.3 wrote both orders: the smaller is the captured one.
    Either,
}

/// A record that cannot be right, from which on a readable one is looked for.
#[derive(Clone, Copy, Debug)]
struct Lost {
    offset: u64,
    fault: Fault,
}

/// What is wrong with a record whose end is not known therefore.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Length { declared: u32, most: u32 },
    Zeros,
}

#[derive(Clone, Copy, Debug)]
struct Header {
    seconds: u32,
    fraction: u32,
    captured: u32,
    wire: u32,
}

impl Layout {
    /// The layout that the first four octets announce.
    fn of(magic: [u8; 4]) -> Option<Self> {
        let by_order = |order: ByteOrder| {
            let (unit, header, file_header) = match order.u32(magic) {
                0xa1b2_c3d4 => (1000, 16, 24),
                0xa1b2_3c4d => (1, 16, 24),
                // Alexey Kuznetzov's: interface, protocol and packet type in each record.
                0xa1b2_cd34 => (1000, 24, 24),
                // Ixia's, hardware and software time stamps: the file's size after the header.
                0x1c00_01ac | 0x1c00_01ab => (1, 16, 28),
                _ => return None,
            };
            Some(Self { order, unit, header, file_header })
        };
        by_order(ByteOrder::Little).or_else(|| by_order(ByteOrder::Big))
    }
}

impl Pcap {
    /// Whether a file that starts like this is pcap.
    pub(super) fn recognises(first: &[u8]) -> bool {
        first.first_chunk().and_then(|m| Layout::of(*m)).is_some()
    }

    /// Octets of the header of a file that starts like this.
    pub(super) fn header_len(first: &[u8]) -> usize {
        let layout = first.first_chunk().and_then(|m| Layout::of(*m));
        layout.map_or(24, |l| l.file_header)
    }

    /// Reads the file header at the window's start, which [`Pcap::recognises`].
    pub(super) fn open(window: &mut Window, sink: &mut Sink<'_>) -> Result<Self, OpenError> {
        let rest = window.rest();
        let layout = rest.first_chunk().and_then(|m| Layout::of(*m));
        let layout = layout.ok_or_else(|| OpenError::NotACapture {
            first: rest.iter().take(4).copied().collect(),
        })?;
        let truncated = OpenError::TruncatedHeader {
            needed: layout.file_header as u64,
            left: rest.len() as u64,
        };
        let header = rest.get(4..layout.file_header).ok_or_else(|| truncated.clone())?;
        let mut header = Cursor::new(header, layout.order);
        let mut version = || Some((header.u16()?, header.u16()?));
        let (major, minor) = version().ok_or_else(|| truncated.clone())?;
        // The time zone and the accuracy of the clock: nobody ever wrote them.
        header.take(8);
        let (Some(snaplen), Some(network)) = (header.u32(), header.u32()) else {
            return Err(truncated);
        };
        let reader = Self {
            layout,
            lengths: Lengths::of(major, minor),
            link: LinkType(network & LINK_MASK),
            most: snaplen.clamp(CAPTURED_MOST, SNAPLEN_MOST),
            seconds: None,
            lost: None,
        };
        if !matches!((major, minor), (2, 0..=4) | (543, 0)) {
            sink.damage(4, DamageKind::Version { major, minor });
        }
        sink.account.interfaces.push(reader.interface(snaplen, network));
        window.consume(layout.file_header);
        Ok(reader)
    }

    fn interface(&self, snaplen: u32, network: u32) -> Interface {
        // Bit 26 says that the upper four bits hold the length of the frame check sequence, in
        // units of 16 bits.
        let fcs = (network & FCS_STATED != 0).then(|| (network >> 28) * 2);
        Interface {
            name: None,
            link: self.link,
            snaplen,
            digits: if self.layout.unit == 1 { 9 } else { 6 },
            fcs_len: fcs.and_then(|octets| u8::try_from(octets).ok()),
            dropped: None,
            filter: None,
        }
    }

    /// Reads records until the batch is full, the window is used up or the file ends.
    pub(super) fn read(&mut self, window: &mut Window, sink: &mut Sink<'_>) -> Step {
        while !sink.is_full() {
            if let Some(lost) = self.lost
                && let Err(step) = self.resume(lost, window, sink)
            {
                return step;
            }
            let rest = window.rest();
            let Some(header) = self.header(rest) else { return self.short_header(window, sink) };
            if header.captured > self.most {
                self.lose(header, self.most, window);
                continue;
            }
            if header.captured == 0 && self.seconds.is_some_and(|s| s > DAY) {
                match unwritten(window) {
                    Chain::Breaks => {}
                    Chain::Holds => {
                        self.lost = Some(Lost { offset: window.offset(), fault: Fault::Zeros });
                        continue;
                    }
                    Chain::Needs(octets) => return Step::Needs(octets),
                }
            }
            let whole = self.layout.header + header.captured as usize;
            if header.captured > header.wire {
                match self.overlong(whole, window) {
                    Chain::Holds => {}
                    Chain::Breaks => {
                        self.lose(header, header.wire, window);
                        continue;
                    }
                    Chain::Needs(octets) => return Step::Needs(octets),
                }
            }
            if rest.len() < whole {
                return self.short(whole, window, sink);
            }
            self.seconds = Some(header.seconds);
            sink.push(&Found {
                start: window.start() + self.layout.header,
                captured_len: header.captured,
                wire_len: header.wire,
                time: self.time(header),
                dated: Dated::Recorded,
                link: self.link,
                interface: 0,
                copy: false,
            });
            window.consume(whole);
        }
        Step::Full
    }

    #[inline]
    fn header(&self, octets: &[u8]) -> Option<Header> {
        let (words, _) = octets.get(..self.layout.header)?.as_chunks::<4>();
        let &[seconds, fraction, first, second] = words.first_chunk()?;
        // One question for all four numbers: each record has them.
        let words = [seconds, fraction, first, second].map(u32::from_le_bytes);
        let [seconds, fraction, first, second] = match self.layout.order {
            ByteOrder::Little => words,
            ByteOrder::Big => words.map(u32::swap_bytes),
        };
        let (captured, wire) = match self.lengths {
            Lengths::CapturedFirst => (first, second),
            Lengths::WireFirst => (second, first),
            Lengths::Either => (first.min(second), first.max(second)),
        };
        Some(Header { seconds, fraction, captured, wire })
    }

    /// The largest seconds and fraction that a header can state fit into a [`CaptureTime`].
    #[inline]
    fn time(&self, header: Header) -> CaptureTime {
        let seconds = i64::from(header.seconds) * 1_000_000_000;
        CaptureTime(seconds + i64::from(header.fraction) * i64::from(self.layout.unit))
    }

    fn short_header(&self, window: &mut Window, sink: &mut Sink<'_>) -> Step {
        if !window.ended() {
            return Step::Needs(self.layout.header);
        }
        let left = window.rest().len();
        if left > 0 {
            let needed = self.layout.header as u64;
            sink.damage(window.offset(), DamageKind::CutHeader { needed, left: left as u64 });
            window.consume(left);
        }
        Step::Ended
    }

    fn short(&self, whole: usize, window: &mut Window, sink: &mut Sink<'_>) -> Step {
        if !window.ended() {
            return Step::Needs(whole);
        }
        let (header, left) = (self.layout.header, window.rest().len());
        let declared = whole.saturating_sub(header) as u64;
        let left_of_record = left.saturating_sub(header) as u64;
        sink.damage(window.offset(), DamageKind::Cut { declared, left: left_of_record });
        window.consume(left);
        Step::Ended
    }

    fn lose(&mut self, header: Header, most: u32, window: &Window) {
        let fault = Fault::Length { declared: header.captured, most };
        self.lost = Some(Lost { offset: window.offset(), fault });
    }

    /// Whether a record of which more was captured than there was on the wire ends where its
    /// captured length says. Some writers do that; where no header can stand at its end, the
    /// length is broken.
    fn overlong(&self, whole: usize, window: &Window) -> Chain {
        let after = window.rest().get(whole..);
        match after.and_then(|after| self.header(after)) {
            Some(next) if self.possible(next) => Chain::Holds,
            None if !window.ended() => Chain::Needs(whole + self.layout.header),
            // Nothing, or only part of a header, follows it.
            None if after.is_some() => Chain::Holds,
            _ => Chain::Breaks,
        }
    }

    /// Looks for the next place where records can be read again, octet by octet; `Err` when it
    /// must stop before one is found. Each place costs a bounded look ahead.
    fn resume(&mut self, lost: Lost, window: &mut Window, sink: &mut Sink<'_>) -> Result<(), Step> {
        let result = loop {
            if window.offset() == lost.offset {
                // The record itself is no candidate.
                if window.rest().is_empty() {
                    break Err(Step::Ended);
                }
                window.consume(1);
            }
            match self.chain(window) {
                Chain::Holds => break Ok(()),
                Chain::Breaks if window.rest().is_empty() => break Err(Step::Ended),
                Chain::Breaks => window.consume(1),
                Chain::Needs(octets) => return Err(Step::Needs(octets)),
            }
        };
        self.lost = None;
        let skipped = window.offset() - lost.offset;
        let kind = match lost.fault {
            Fault::Length { declared, most } => {
                let (declared, most) = (declared.into(), most.into());
                DamageKind::RecordLength { declared, most, skipped }
            }
            Fault::Zeros => DamageKind::Zeros { skipped },
        };
        let frame = sink.next_frame();
        sink.account.note(Damage { frame, offset: lost.offset, kind });
        result
    }

    /// Whether [`CHAIN`] records in a row that look right start at the window's start, or fewer
    /// that end exactly where the file does.
    fn chain(&self, window: &Window) -> Chain {
        let (mut rest, mut used) = (window.rest(), 0);
        let mut near = self.seconds;
        for seen in 0..CHAIN {
            let Some(header) = self.header(rest) else {
                return match window.ended() {
                    true if rest.is_empty()
                        && (seen > 1 || seen == 1 && self.seconds.is_some()) =>
                    {
                        Chain::Holds
                    }
                    true => Chain::Breaks,
                    false => Chain::Needs(used + self.layout.header),
                };
            };
            if !self.plausible(header, near) {
                return Chain::Breaks;
            }
            near = Some(header.seconds);
            let whole = self.layout.header + header.captured as usize;
            match rest.split_at_checked(whole) {
                Some((_, after)) => rest = after,
                None if window.ended() => return Chain::Breaks,
                None => return Chain::Needs(used + whole),
            }
            used += whole;
        }
        Chain::Holds
    }

    /// Whether a header may be one at all.
    fn possible(&self, header: Header) -> bool {
        header.captured <= self.most
            && header.wire <= WIRE_MOST
            && header.fraction < 1_000_000_000 / self.layout.unit
    }

    fn plausible(&self, header: Header, near: Option<u32>) -> bool {
        (1..=CAPTURED_MOST).contains(&header.captured)
            && header.captured <= header.wire
            && self.possible(header)
            && near.is_none_or(|n| header.seconds.abs_diff(n) <= DAY)
    }
}

impl Lengths {
    /// libpcap's rule by version of the file.
    fn of(major: u16, minor: u16) -> Self {
        match (major, minor) {
            (2, 0..=2) | (543, _) => Self::WireFirst,
            (2, 3) => Self::Either,
            _ => Self::CapturedFirst,
        }
    }
}

/// Whether a page of zeros lies here, which a file system leaves where nothing was written.
/// Fewer zeros are records of nothing, as other readers count them.
fn unwritten(window: &Window) -> Chain {
    let zeros = window.rest().iter().take(PAGE).take_while(|o| **o == 0).count();
    match zeros {
        PAGE => Chain::Holds,
        _ if zeros == window.rest().len() && !window.ended() => Chain::Needs(PAGE),
        _ => Chain::Breaks,
    }
}

/// What looking at a place for records gave.
#[derive(Clone, Copy, Debug)]
enum Chain {
    Holds,
    Breaks,
    /// So many octets must be in the window to tell.
    Needs(usize),
}

/// The link type proper, with NetBSD's class bits (libpcap's `LT_LINKTYPE`).
const LINK_MASK: u32 = 0x03ff_ffff;
/// Octets that file systems fill with zeros at least.
const PAGE: usize = 4096;
const FCS_STATED: u32 = 0x0400_0000;
/// Records in a row that must look right before reading resumes.
const CHAIN: usize = 3;
/// Wire lengths over this do not look right where a record is doubtful.
const WIRE_MOST: u32 = 1 << 24;
/// Seconds between neighbouring records that look right where reading is to resume.
const DAY: u32 = 86_400;
