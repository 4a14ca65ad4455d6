//! IEEE 802.11 frames, and the capture headers in front of them.
#![warn(clippy::indexing_slicing)]

use super::cursor::Cursor;
use super::walk::{Next, Stop, Walk};
use super::{Layer, Macs, NotIp, VlanIds};

/// Where the body of an 802.11 frame starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// After the header.
    Adjacent,
    /// After the header, filled up to four octets.
    Aligned,
    /// After the header, whose first two octets may be exchanged, as Cisco's access points
    /// send them. Then the protocol version, which is 0, is in the second.
    Swapped,
}

/// A radiotap header: its length, and whether its flags say that the body is aligned.
pub(super) fn radiotap(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let &[version, _, l0, l1, p0, p1, p2, p3] =
        cursor.peek().ok_or_else(|| cursor.short(Layer::Link, 8))?;
    let length = usize::from(u16::from_le_bytes([l0, l1]));
    if version != 0 || length < 8 {
        return Err(cursor.invalid(Layer::Link).into());
    }
    let header = cursor.take(Layer::Link, length)?;
    let flags = radiotap_flags(header, u32::from_le_bytes([p0, p1, p2, p3]));
    let aligned = flags.is_some_and(|flags| flags & DATA_PAD != 0);
    Ok(Next::Wlan(if aligned { Body::Aligned } else { Body::Adjacent }))
}

/// Of radiotap's flags field: the body is aligned.
const DATA_PAD: u8 = 0x20;

fn radiotap_flags(header: &[u8], present: u32) -> Option<u8> {
    const TIMER: u32 = 1;
    const FLAGS: u32 = 1 << 1;
    const MORE: u32 = 1 << 31;
    if present & FLAGS == 0 {
        return None;
    }
    let mut at = 4;
    let mut word = present;
    loop {
        at += 4;
        if word & MORE == 0 {
            break;
        }
        word = u32::from_le_bytes(*header.get(at..)?.first_chunk()?);
    }
    if present & TIMER != 0 {
        at = at.next_multiple_of(8) + 8;
    }
    header.get(at).copied()
}

/// A Prism header, or the AVS header that shares its link type: both carry their length.
pub(super) fn prism(cursor: &mut Cursor<'_>) -> Result<Next, Stop> {
    let &[c0, c1, c2, c3, n0, n1, n2, n3] =
        cursor.peek().ok_or_else(|| cursor.short(Layer::Link, 8))?;
    let (code, length) = ([c0, c1, c2, c3], [n0, n1, n2, n3]);
    let length = match u32::from_be_bytes(code) {
        0x8021_1001 | 0x8021_1002 => u32::from_be_bytes(length),
        _ => u32::from_le_bytes(length),
    };
    cursor.take(Layer::Link, usize::try_from(length).unwrap_or(usize::MAX))?;
    Ok(Next::Wlan(Body::Adjacent))
}

/// Bits of the frame control field, in the order of transmission.
const VERSION: u8 = 0x03;
const TYPE: u8 = 0x0c;
const DATA: u8 = 0x08;
const QUALITY_OF_SERVICE: u8 = 0x80;
const NO_DATA: u8 = 0x40;
const TO_DISTRIBUTION: u8 = 0x01;
const FROM_DISTRIBUTION: u8 = 0x02;
const PROTECTED: u8 = 0x40;
const ORDER: u8 = 0x80;
/// Of the quality of service field: the body is an aggregate of several.
const AGGREGATE: u8 = 0x80;

/// The header of a data frame in the clear; all others carry no IP that can be read.
pub(super) fn header(
    walk: &mut Walk<'_>,
    body: Body,
    cursor: &mut Cursor<'_>,
) -> Result<Next, Stop> {
    let &[mut control, mut flags] = cursor.peek().ok_or_else(|| cursor.short(Layer::Link, 2))?;
    if body == Body::Swapped && control & VERSION != 0 {
        (control, flags) = (flags, control);
    }
    if control & TYPE != DATA || control & NO_DATA != 0 || flags & PROTECTED != 0 {
        return Err(NotIp::LinkControl.into());
    }
    let header: &[u8; 24] = cursor.array(Layer::Link)?;
    let mut length = header.len();
    let (to, from) = (flags & TO_DISTRIBUTION != 0, flags & FROM_DISTRIBUTION != 0);
    let fourth = if to && from { Some(*cursor.array::<6>(Layer::Link)?) } else { None };
    length += if fourth.is_some() { 6 } else { 0 };
    let mut aggregate = false;
    if control & QUALITY_OF_SERVICE != 0 {
        let &[low, _] = cursor.array(Layer::Link)?;
        aggregate = low & AGGREGATE != 0;
        length += 2;
        if flags & ORDER != 0 {
            cursor.take(Layer::Link, 4)?;
            length += 4;
        }
    }
    if body == Body::Aligned {
        cursor.take(Layer::Link, length.next_multiple_of(4) - length)?;
    }
    walk.macs = walk.macs.or_else(|| Some(macs(header, to, from, fourth)));
    if aggregate {
        let further = subframe(cursor)?;
        walk.further = further.map(|further| Subframes::after(&further, walk));
    }
    Ok(Next::Llc)
}

/// Subframes of an aggregate behind the one that stands for it.
#[derive(Clone, Debug)]
pub struct Subframes {
    /// Where they start and end in the frame, in octets on the wire.
    start: usize,
    end: usize,
    vlans: VlanIds,
    vni: Option<u32>,
    tunnel: bool,
}

impl Subframes {
    fn after(rest: &Cursor<'_>, walk: &Walk<'_>) -> Self {
        let start = rest.offset();
        let end = start.saturating_add(usize::try_from(rest.wire()).unwrap_or(usize::MAX));
        Self { start, end, vlans: walk.vlans.clone(), vni: walk.vni, tunnel: walk.tunnel }
    }

    /// Where the header of the first of them stands in the frame.
    pub fn start(&self) -> usize {
        self.start
    }

    /// Goes to the first of them that holds IP, and tells the walk what stood around it.
    pub(super) fn first<'a>(
        &self,
        walk: &mut Walk<'_>,
        mut cursor: Cursor<'a>,
    ) -> Option<Cursor<'a>> {
        (walk.vlans, walk.vni, walk.tunnel) = (self.vlans.clone(), self.vni, self.tunnel);
        cursor.pass(self.start);
        cursor.limit(u32::try_from(self.end - self.start).unwrap_or(u32::MAX));
        let Found { content, rest } = with_ip(cursor)?;
        walk.further = is_more(&rest).then(|| Self::after(&rest, walk));
        Some(content)
    }
}

/// Goes to the subframe that stands for an aggregate (IEEE 802.11 clause 9.3.2.2): the first that
/// holds IP, else the first. A frame is counted once, so that it cannot belong to several flows.
/// What follows it, if there is anything.
fn subframe<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Cursor<'a>>, Stop> {
    if let Some(Found { content, rest }) = with_ip(*cursor) {
        *cursor = content;
        return Ok(is_more(&rest).then_some(rest));
    }
    let &[.., l0, l1] = cursor.array::<14>(Layer::Link)?;
    cursor.limit(u32::from(u16::from_be_bytes([l0, l1])));
    Ok(None)
}

/// A subframe that holds IP, and what follows it.
struct Found<'a> {
    content: Cursor<'a>,
    rest: Cursor<'a>,
}

fn with_ip(mut at: Cursor<'_>) -> Option<Found<'_>> {
    for _ in 0..MAX_SUBFRAMES {
        let &[.., l0, l1] = at.array::<14>(Layer::Link).ok()?;
        let length = u16::from_be_bytes([l0, l1]);
        let mut content = at;
        at.pass((14 + usize::from(length)).next_multiple_of(4) - 14);
        if let Some(&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0] | &[0xaa, 0xaa, 3, 0, 0, 0, 0x86, 0xdd]) =
            content.peek()
        {
            content.limit(u32::from(length));
            return Some(Found { content, rest: at });
        }
    }
    None
}

/// Whether another subframe may start here.
fn is_more(rest: &Cursor<'_>) -> bool {
    rest.peek::<14>().is_some()
}

/// Subframes that are looked at of one aggregate: as many as fit into the longest (11,454 octets)
/// with the shortest packets.
const MAX_SUBFRAMES: usize = 256;

/// Who sent the frame's content to whom (IEEE 802.11 table 9-30).
fn macs(header: &[u8; 24], to: bool, from: bool, fourth: Option<[u8; 6]>) -> Macs {
    let &[_, _, _, _, a0, a1, a2, a3, a4, a5, b0, b1, b2, b3, b4, b5, c0, c1, c2, c3, c4, c5, _, _] =
        header;
    let (a, b, c) = ([a0, a1, a2, a3, a4, a5], [b0, b1, b2, b3, b4, b5], [c0, c1, c2, c3, c4, c5]);
    let destination = if to { c } else { a };
    let source = if from { fourth.unwrap_or(c) } else { b };
    Macs { source, destination }
}
