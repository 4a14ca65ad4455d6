//! A frame as it was captured, and batches of frames.

/// A point on the capture's own clock: nanoseconds since 1970-01-01T00:00:00Z.
///
/// Times before 1677 or after 2262 do not fit; the readers report them as damage and keep the
/// nearest value that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CaptureTime(pub i64);

impl CaptureTime {
    /// Nanoseconds from `earlier` to `self`; 0 when `earlier` is later.
    pub fn since(self, earlier: Self) -> u64 {
        u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0)
    }

    /// The time `nanoseconds` later, at most the last one that fits.
    #[must_use]
    pub fn plus(self, nanoseconds: u64) -> Self {
        Self(self.0.saturating_add(i64::try_from(nanoseconds).unwrap_or(i64::MAX)))
    }
}

/// A `LINKTYPE_` value of the tcpdump registry, for example 1 for Ethernet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkType(pub u32);

/// Where a frame's time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dated {
    /// The capture record states it.
    Recorded,
    /// The record has none (pcapng simple packet block): the previous frame's time stands in.
    FromPrevious,
}

/// One frame, borrowed until the next read.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Index of the capture in the run, from 0: over all streams in the order given.
    pub capture: u32,
    /// Number of the frame in its capture, from 1.
    pub number: u64,
    /// When the frame was captured.
    pub time: CaptureTime,
    /// Whether `time` was recorded with this frame.
    pub dated: Dated,
    /// How the first octet is to be read.
    pub link: LinkType,
    /// Index of the interface in its capture, counted over all pcapng sections, from 0.
    pub interface: u32,
    /// Octets there were on the wire, from the record, also when it is absurd.
    pub wire_len: u32,
    /// Decimal digits of a second that the interface's clock resolves, 0 to 9.
    pub digits: u8,
    /// The octets that were kept.
    pub captured: &'a [u8],
    /// Whether this frame was seen before, on another interface of a live capture or as `lo`'s
    /// outgoing copy. It counts under `duplicates` and in no flow.
    pub copy: bool,
}

/// A frame's place in a [`Batch`].
#[derive(Clone, Copy, Debug)]
pub struct FrameRecord {
    /// See [`Frame::capture`].
    pub capture: u32,
    /// See [`Frame::interface`].
    pub interface: u32,
    /// See [`Frame::number`].
    pub number: u64,
    /// See [`Frame::time`].
    pub time: CaptureTime,
    /// See [`Frame::link`].
    pub link: LinkType,
    /// See [`Frame::wire_len`].
    pub wire_len: u32,
    /// Where the captured octets start in the batch's octets.
    pub start: u32,
    /// How many captured octets there are.
    pub captured_len: u32,
    /// See [`Frame::dated`].
    pub dated: Dated,
    /// See [`Frame::digits`].
    pub digits: u8,
    /// See [`Frame::copy`].
    pub copy: bool,
}

/// Up to [`Batch::FRAMES`] frames that were read together.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    octets: &'a [u8],
    records: &'a [FrameRecord],
}

impl<'a> Batch<'a> {
    /// Frames in a full batch: enough to hide the cache misses of one behind the others.
    pub const FRAMES: usize = 64;

    /// A batch of `records` whose octets lie in `octets`.
    pub fn new(octets: &'a [u8], records: &'a [FrameRecord]) -> Self {
        Self { octets, records }
    }

    /// How many frames it holds.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The first `count` frames, and the others.
    pub fn split_at(self, count: usize) -> (Self, Self) {
        let (head, tail) = self.records.split_at(count.min(self.records.len()));
        (Self { records: head, ..self }, Self { records: tail, ..self })
    }

    /// Puts the batch into buffers that outlive the reader's.
    pub(super) fn copy_to(self, octets: &mut Vec<u8>, records: &mut Vec<FrameRecord>) {
        for (record, frame) in self.records.iter().zip(self.frames()) {
            let start = u32::try_from(octets.len()).unwrap_or(u32::MAX);
            octets.extend_from_slice(frame.captured);
            records.push(FrameRecord { start, ..*record });
        }
    }

    /// The frames, in the order of reading. A record that lies outside the octets gives an
    /// empty frame; the readers never make one.
    pub fn frames(self) -> impl ExactSizeIterator<Item = Frame<'a>> {
        let octets = self.octets;
        self.records.iter().map(move |r| {
            let start = r.start as usize;
            Frame {
                capture: r.capture,
                number: r.number,
                time: r.time,
                dated: r.dated,
                link: r.link,
                interface: r.interface,
                wire_len: r.wire_len,
                digits: r.digits,
                captured: octets.get(start..start + r.captured_len as usize).unwrap_or_default(),
                copy: r.copy,
            }
        })
    }
}
