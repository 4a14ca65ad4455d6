//! Fragments of IPv4 (RFC 791) and IPv6 (RFC 8200 §4.5) wait here for their datagram.
#![warn(clippy::indexing_slicing)]

use std::collections::VecDeque;
use std::net::IpAddr;
use std::ops::Range;

use foldhash::quality::RandomState;
use hashbrown::HashMap;

use super::cursor::Cursor;
use super::datagram::{Datagram, Fit};
use super::extension::{self, Chain};
use super::passage::Passage;
use super::transport::{self, Segment};
use super::{FiveTuple, Protocol, Reassembled, Transport, VlanIds};
use crate::source::{CaptureTime, Share};

/// Datagrams that are remembered at the same time; the oldest gives way.
const MAX_DATAGRAMS: usize = 4096;
/// Octets of incomplete datagrams that are kept at the same time; the oldest give way.
const MAX_OCTETS: usize = 8 << 20;
/// Complete datagrams that are held for one batch.
const MAX_WHOLE: usize = 256;
/// How long a datagram waits: RFC 791 §3.2 suggests 15 s, RFC 8200 §4.5 says 60 s, Linux 30 s.
const MAX_AGE_NS: u64 = 30_000_000_000;

/// Where a fragment belongs in its datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// The identification field.
    pub(super) id: u32,
    /// Octet offset in the datagram's payload.
    pub(super) offset: u16,
    /// Whether more fragments follow it.
    pub(super) more: bool,
}

impl Piece {
    /// A fragment's place; `None` for a packet that is whole.
    pub(super) fn new(id: u32, offset: u16, more: bool) -> Option<Self> {
        (offset > 0 || more).then_some(Self { id, offset, more })
    }
}

/// What fragments of one datagram have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) source: IpAddr,
    pub(super) destination: IpAddr,
    pub(super) id: u32,
    /// Part of the key in IPv4 only.
    pub(super) protocol: Option<Protocol>,
    pub(super) vlans: VlanIds,
    pub(super) vni: Option<u32>,
}

/// What is known of a fragment's datagram once the fragment was added.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept<'a> {
    pub(super) protocol: Protocol,
    pub(super) ports: Option<(u16, u16)>,
    /// No octets, in the place behind the fragment's headers.
    pub(super) place: &'a [u8],
    /// Octets of transport payload in this fragment, on the wire.
    pub(super) payload_wire_len: u32,
    /// Index of the datagram that it completed.
    pub(super) whole: Option<u16>,
}

/// The datagrams whose fragments were seen, oldest first in `order`.
///
/// `order.len() == datagrams.len() <= MAX_DATAGRAMS`, and `octets`, the sum of what the
/// datagrams hold, `<= MAX_OCTETS` between calls.
#[derive(Debug, Default)]
pub(super) struct FragmentTable {
    datagrams: HashMap<Key, Entry, RandomState>,
    order: VecDeque<Key>,
    octets: usize,
    whole: Vec<Whole>,
    bound_hits: u64,
    overlaps: u64,
    /// Of several threads, whose frames are here: then fragments of others' hosts find no place,
    /// and [`FragmentTable::expire`] is the caller's to call.
    share: Option<Share>,
    /// A datagram that goes to another of them.
    passage: Option<Box<Passage>>,
}

#[derive(Debug)]
struct Entry {
    datagram: Datagram,
    started: CaptureTime,
    /// What the first fragment told.
    head: Option<Head>,
}

impl Entry {
    fn new(started: CaptureTime) -> Self {
        Self { datagram: Datagram::default(), started, head: None }
    }
}

#[derive(Clone, Copy, Debug)]
struct Head {
    protocol: Protocol,
    ports: Option<(u16, u16)>,
}

impl Head {
    /// Whether a DNS server sends it (RFC 1035 §4.2.1). The filter `port 53` keeps no later
    /// fragment, since these have no ports: what stands whole in the first one of an answer is
    /// then all there is of it. A forged fragment is no easier to make than a forged datagram.
    fn answers(self) -> bool {
        self.protocol == Protocol::UDP && self.ports.is_some_and(|(source, _)| source == 53)
    }
}

/// A datagram that was completed, or the first fragment of an answer.
#[derive(Debug)]
pub(super) struct Whole {
    protocol: Protocol,
    octets: Vec<u8>,
    pub(super) transport: Transport,
    /// Where in `octets` the transport payload lies.
    pub(super) payload: Range<usize>,
}

impl Whole {
    fn new(protocol: Protocol, octets: Vec<u8>) -> Self {
        let mut whole = Self { protocol, octets, transport: Transport::Other, payload: 0..0 };
        let (_, _, segment) = whole.read();
        let start = segment.body.offset();
        (whole.transport, whole.payload) =
            (segment.transport, start..start + segment.body.rest().len());
        whole
    }

    /// The protocol after extension headers, the payload of IP, and its transport header.
    pub(super) fn read(&self) -> (Protocol, Cursor<'_>, Segment<'_>) {
        let mut cursor = Cursor::over(&self.octets, 0);
        let Chain { protocol, .. } = extension::chain(self.protocol, &mut cursor);
        (protocol, cursor, transport::segment(protocol, cursor))
    }

    /// Where `part`, a part of the datagram, lies in it.
    pub(super) fn range_of(&self, part: &[u8]) -> Range<usize> {
        let start = part.as_ptr().addr().saturating_sub(self.octets.as_ptr().addr());
        start..start + part.len()
    }
}

impl FragmentTable {
    /// The table of one of several threads.
    pub(super) fn of(share: Share) -> Self {
        Self { share: Some(share), ..Self::default() }
    }

    /// Forgets the datagrams that were completed.
    pub(super) fn start_batch(&mut self) {
        self.whole.clear();
    }

    /// A datagram that was completed in this batch.
    pub(super) fn whole(&self, index: u16) -> Option<Reassembled<'_>> {
        let whole = self.whole.get(usize::from(index))?;
        let payload = whole.octets.get(whole.payload.clone()).unwrap_or_default();
        Some(Reassembled { transport: whole.transport, payload })
    }

    /// Takes out a completed datagram, so that the table can be used while it is read.
    pub(super) fn lend(&mut self, index: u16) -> Option<Whole> {
        let empty = Whole::new(Protocol(0), Vec::new());
        Some(std::mem::replace(self.whole.get_mut(usize::from(index))?, empty))
    }

    /// Puts back what was lent.
    pub(super) fn give_back(&mut self, index: u16, whole: Whole) {
        if let Some(place) = self.whole.get_mut(usize::from(index)) {
            *place = whole;
        }
    }

    /// Takes a completed datagram of another thread's.
    pub(super) fn adopt(&mut self, whole: Whole) -> Option<u16> {
        if self.whole.len() >= MAX_WHOLE {
            self.bound_hits += 1;
            return None;
        }
        let index = u16::try_from(self.whole.len()).ok()?;
        self.whole.push(whole);
        Some(index)
    }

    /// Whether several threads share the frames.
    pub(super) fn is_shared(&self) -> bool {
        self.share.is_some()
    }

    /// Whether packets of these hosts are this thread's to count.
    pub(super) fn is_own(&self, tuple: &FiveTuple) -> bool {
        self.share.is_none_or(|share| share.has(tuple.source, tuple.destination))
    }

    /// Lays down a datagram that goes to another thread.
    pub(super) fn pass_on(&mut self, passage: Passage) {
        self.passage = Some(Box::new(passage));
    }

    /// Takes it up.
    pub(super) fn take_passage(&mut self) -> Option<Box<Passage>> {
        self.passage.take()
    }

    /// Datagrams and fragments that gave way to a bound.
    pub(super) fn bound_hits(&self) -> u64 {
        self.bound_hits
    }

    /// Datagrams that were refused since their fragments overlap.
    pub(super) fn overlaps(&self) -> u64 {
        self.overlaps
    }

    /// Adds a fragment, whose octets the cursor has; `protocol` is what its own headers say.
    pub(super) fn add<'a>(
        &mut self,
        key: &Key,
        protocol: Protocol,
        piece: Piece,
        cursor: Cursor<'a>,
        now: CaptureTime,
    ) -> Kept<'a> {
        let (head, body) = first_headers(protocol, piece, cursor);
        match self.share {
            Some(share) if !share.has(key.source, key.destination) => {
                return kept(head, protocol, body, None);
            }
            // Another thread may be far ahead: its fragments say nothing of the age of others.
            Some(_) => {}
            None => self.expire(now),
        }
        let early = head.is_some_and(Head::answers).then(|| cursor.rest());
        if !self.datagrams.contains_key(key) {
            self.start(key, now);
        }
        let Some(entry) = self.datagrams.get_mut(key) else {
            return kept(head, protocol, body, None);
        };
        let before = entry.datagram.held();
        // The id is used again, or the first fragment is there twice: both start over.
        let again = head.is_some() && entry.datagram.is_done();
        let apart = now.since(entry.started).max(entry.started.since(now));
        if again || apart > MAX_AGE_NS {
            *entry = Entry::new(now);
        }
        entry.head = entry.head.or(head);
        let fit = entry.datagram.add(piece, cursor);
        let head = entry.head;
        self.octets = (self.octets + entry.datagram.held()).saturating_sub(before);
        let whole = match fit {
            // What waits for the rest of a datagram that may never come.
            Fit::Waits => early.and_then(|octets| self.keep_whole(protocol, octets.to_vec())),
            Fit::TooMuch => {
                self.bound_hits += 1;
                None
            }
            Fit::Overlaps => {
                self.overlaps += 1;
                None
            }
            Fit::Whole(octets) => self.keep_whole(protocol, octets),
        };
        self.shrink();
        kept(head, protocol, body, whole)
    }

    fn start(&mut self, key: &Key, now: CaptureTime) {
        if self.order.len() >= MAX_DATAGRAMS {
            self.bound_hits += 1;
            self.drop_oldest();
        }
        self.datagrams.insert(key.clone(), Entry::new(now));
        self.order.push_back(key.clone());
    }

    /// Forgets the datagrams that have waited too long at `now`.
    pub(super) fn expire(&mut self, now: CaptureTime) {
        while let Some(entry) = self.order.front().and_then(|key| self.datagrams.get(key)) {
            if now.since(entry.started) <= MAX_AGE_NS {
                break;
            }
            self.drop_oldest();
        }
    }

    fn shrink(&mut self) {
        while self.octets > MAX_OCTETS && !self.order.is_empty() {
            self.bound_hits += 1;
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        let Some(key) = self.order.pop_front() else { return };
        if let Some(entry) = self.datagrams.remove(&key) {
            self.octets = self.octets.saturating_sub(entry.datagram.held());
        }
    }

    fn keep_whole(&mut self, protocol: Protocol, octets: Vec<u8>) -> Option<u16> {
        self.adopt(Whole::new(protocol, octets))
    }
}

/// What a first fragment's transport header tells, and its payload: all of a later one.
fn first_headers(
    protocol: Protocol,
    piece: Piece,
    mut cursor: Cursor<'_>,
) -> (Option<Head>, Cursor<'_>) {
    if piece.offset > 0 {
        return (None, cursor);
    }
    let Chain { protocol, .. } = extension::chain(protocol, &mut cursor);
    let segment = transport::segment(protocol, cursor);
    (Some(Head { protocol, ports: segment.ports }), segment.body)
}

fn kept(head: Option<Head>, protocol: Protocol, body: Cursor<'_>, whole: Option<u16>) -> Kept<'_> {
    let Head { protocol, ports } = head.unwrap_or(Head { protocol, ports: None });
    let place = body.rest().get(..0).unwrap_or_default();
    Kept { protocol, ports, place, payload_wire_len: body.wire(), whole }
}
