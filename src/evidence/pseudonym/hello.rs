//! First messages in a capture that is written anew: read in a first pass, changed in a
//! second.
//!
//! A name may lie across segments, datagrams and CRYPTO frames, and come twice in other pieces:
//! so a message is put together before anything is changed, and what was learnt of it holds for
//! every piece. What cannot be read whole is overwritten, since a name may begin in it.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::collections::VecDeque;
use std::hash::Hash;

use hashbrown::{HashMap, HashSet};

use super::Tenants;
use super::image::{Image, Verdict};
use crate::flow::Side;
use crate::name::{
    CryptoPiece, FirstWords, InitialsAnew, Opened, RelayHost, Shown, login_in_datagram,
    names_in_message, names_in_records, relay_header, shown_in_datagram,
};

/// Who sends to whom: addresses as they were captured, IPv4 in the last four octets, and ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Way {
    pub(super) from: ([u8; 16], u16),
    pub(super) to: ([u8; 16], u16),
}

/// Both passes over one capture.
#[derive(Debug, Default)]
pub(super) struct Hellos {
    pass: Pass,
    records: Messages<(Way, u32)>,
    /// Of each direction over TCP, where messages begin and how many octets they have: those that
    /// are pending, done of late, or have a verdict.
    starts: HashMap<Way, Vec<(u32, u32)>, foldhash::fast::RandomState>,
    crypto: Messages<(Way, Box<[u8]>)>,
    initials: HashMap<Way, InitialsAnew, foldhash::fast::RandomState>,
    /// Flows in the order in which their first Initial came.
    flows: VecDeque<Way>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Pass {
    #[default]
    Learn,
    Apply,
}

/// Octets of a record's and a message's header: they say only that a client says hello.
const RECORD_HEADER: u32 = 9;
/// The same without a record.
const MESSAGE_HEADER: u32 = 4;
/// Octets of a long header that say which version it is (RFC 8999 §5.1).
const VERSION_END: usize = 5;

impl Hellos {
    /// Flows whose connections are followed at a time; of older ones later Initials, which go to
    /// an ID that the server chose, cannot be opened.
    const FLOWS: usize = 65_536;

    /// Ends the first pass.
    pub(super) fn settle(&mut self, tenants: &Tenants) -> Result<(), TooMany> {
        self.pass = Pass::Apply;
        self.records.settle(|image| image.verdict(tenants, names_in_records, RECORD_HEADER));
        self.crypto.settle(|image| image.verdict(tenants, names_in_message, MESSAGE_HEADER));
        self.initials.clear();
        self.flows.clear();
        let verdicts = &self.records.verdicts;
        self.starts.retain(|way, starts| {
            starts.retain(|(start, _)| verdicts.contains_key(&(*way, *start)));
            !starts.is_empty()
        });
        if self.records.verdicts.len() + self.crypto.verdicts.len() > MOST {
            Err(TooMany)
        } else {
            Ok(())
        }
    }

    /// A segment's payload; `seq` is the number of its first octet.
    pub(super) fn segment(&mut self, tenants: &Tenants, way: Way, seq: u32, payload: &mut [u8]) {
        let known = self.starts.get(&way).into_iter().flatten();
        let known = known.map(|(start, len)| (*start, seq.wrapping_sub(*start), *len));
        let known = known.filter(|(_, at, len)| at < len).min_by_key(|(_, at, _)| *at);
        match (self.pass, known) {
            (Pass::Learn, Some((start, at, len))) => {
                self.learn(tenants, (way, start), at, len, payload);
            }
            (Pass::Learn, None) => {
                if let Some(len) = records_len(payload) {
                    self.starts.entry(way).or_default().push((seq, len));
                    self.learn(tenants, (way, seq), 0, len, payload);
                }
            }
            (Pass::Apply, Some((start, at, _))) => {
                if let Some(verdict) = self.records.verdicts.get(&(way, start)) {
                    verdict.apply(at.into(), payload);
                }
            }
            (Pass::Apply, None) => other(tenants, payload),
        }
    }

    /// A piece of a message over TCP.
    fn learn(&mut self, tenants: &Tenants, key: (Way, u32), at: u32, len: u32, payload: &[u8]) {
        let verdict = |image: &Image| {
            let is_over = image.ready().len() >= len as usize;
            let may_be_whole = is_over || image.is_in_few_pieces();
            let read = may_be_whole.then(|| names_in_records(image.ready()));
            let is_told = is_over || read.is_some_and(|read| read != FirstWords::Part);
            is_told.then(|| image.verdict(tenants, names_in_records, RECORD_HEADER))
        };
        for (way, start) in self.records.learn(key, at.into(), payload, verdict) {
            if let Some(starts) = self.starts.get_mut(&way) {
                starts.retain(|(known, _)| *known != start);
                if starts.is_empty() {
                    self.starts.remove(&way);
                }
            }
        }
    }

    /// What is kept of a datagram's payload; a relay may have put its header before it.
    pub(super) fn datagram(&mut self, tenants: &Tenants, way: Way, payload: &mut [u8]) {
        let Some(header) = relay_header(payload) else {
            return self.bare(tenants, way, payload);
        };
        if self.pass == Pass::Apply
            && header.kind == RelayHost::Name
            && let Some(name) = payload.get_mut(header.host)
        {
            tenants.text(name);
        }
        if let Some(inside) = payload.get_mut(header.len..) {
            self.bare(tenants, way, inside);
        }
    }

    fn bare(&mut self, tenants: &Tenants, way: Way, payload: &mut [u8]) {
        if login_in_datagram(payload).is_some() {
            // A name in it may lie across the attributes of several datagrams.
            return payload.fill(0);
        }
        let shown = shown_in_datagram(payload);
        if shown.is_empty() && payload.first().is_some_and(|first| first & 0x80 != 0) {
            self.initials(tenants, way, payload);
        } else if self.pass == Pass::Apply {
            let mut rest = payload.to_vec();
            for shown in shown {
                let (Shown::Name(place) | Shown::Part(place)) = &shown;
                if let Some(octets) = payload.get_mut(place.clone()) {
                    if matches!(shown, Shown::Name(_)) {
                        tenants.text(octets);
                    } else {
                        octets.fill(0);
                    }
                }
                if let Some(octets) = rest.get_mut(place.clone()) {
                    octets.fill(0);
                }
            }
            if tenants.may_be_in(&rest) {
                payload.fill(0);
            }
        }
    }

    /// Long headers: whatever is not opened is overwritten, since it may name a tenant.
    fn initials(&mut self, tenants: &Tenants, way: Way, payload: &mut [u8]) {
        let back = Way { from: way.to, to: way.from };
        let (flow, from) = if way <= back { (way, Side::Low) } else { (back, Side::High) };
        if !self.initials.contains_key(&flow) {
            if self.flows.len() >= Self::FLOWS
                && let Some(oldest) = self.flows.pop_front()
            {
                self.initials.remove(&oldest);
            }
            self.flows.push_back(flow);
        }
        let initials = self.initials.entry(flow).or_default();
        let (pass, crypto) = (self.pass, &mut self.crypto);
        let opened = initials.turn(payload, from, &mut |piece: CryptoPiece<'_>| {
            let key = (flow, Box::from(piece.connection));
            match pass {
                Pass::Learn => {
                    let verdict = |image: &Image| {
                        let read = names_in_message(image.ready());
                        let verdict = || image.verdict(tenants, names_in_message, MESSAGE_HEADER);
                        (read != FirstWords::Part).then(verdict)
                    };
                    crypto.learn(key, piece.offset, piece.octets, verdict);
                }
                Pass::Apply => {
                    if let Some(verdict) = crypto.verdicts.get(&key) {
                        verdict.apply(piece.offset, piece.octets);
                    }
                }
            }
        });
        if self.pass == Pass::Learn {
            return;
        }
        let mut end = 0;
        for opened in opened {
            end = match opened {
                Opened::Client(whole) | Opened::Server(whole) => whole.end,
                Opened::Not(body) => {
                    let end = body.end;
                    payload.get_mut(body).unwrap_or_default().fill(0);
                    end
                }
            };
        }
        payload.iter_mut().skip(end).skip(VERSION_END).for_each(|octet| *octet = 0);
    }
}

/// Payload of TCP that is no hello: requests are text, of which only what is a name is read.
fn other(tenants: &Tenants, payload: &mut [u8]) {
    let is_text = payload.iter().all(|octet| matches!(octet, b' '..=b'~' | b'\r' | b'\n' | b'\t'));
    if is_text {
        tenants.text(payload);
    } else if records_len(payload).is_none() && tenants.may_be_in(payload) {
        payload.fill(0);
    }
}

/// Octets of records that begin with a ClientHello, as far as the first of them tells; of those
/// that begin as a server's do, at most.
fn records_len(payload: &[u8]) -> Option<u32> {
    let longest = u32::try_from(Image::LONGEST).unwrap_or(u32::MAX);
    if let [22, 3, 0..=4, _, _, 2, ..] | [21, 3, 0..=4, 0, 2, ..] = payload {
        return Some(longest);
    }
    let [22, 3, 0..=4, a, b, 1, high, middle, low, ..] = payload else { return None };
    let record = u32::from(u16::from_be_bytes([*a, *b])).max(1);
    let message = u32::from_be_bytes([0, *high, *middle, *low]) + MESSAGE_HEADER;
    let len = message.saturating_add(message.div_ceil(record).saturating_mul(5));
    Some(len.min(longest))
}

/// More messages to change than are remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {MOST} first messages that name a tenant or are not whole")]
pub(super) struct TooMany;

/// Messages whose verdicts are remembered: some hundred octets each.
const MOST: usize = 1 << 20;

/// Messages by where they were seen.
///
/// `octets` is the sum over `pending`, `<= OCTETS` between calls.
#[derive(Debug)]
struct Messages<K> {
    pending: HashMap<K, Image, foldhash::fast::RandomState>,
    /// Pending ones in the order in which they began.
    order: VecDeque<K>,
    octets: usize,
    /// Messages to which nothing is done, so that what comes of them once more is known.
    done: HashSet<K, foldhash::fast::RandomState>,
    done_order: VecDeque<K>,
    verdicts: HashMap<K, Verdict, foldhash::fast::RandomState>,
}

impl<K> Default for Messages<K> {
    fn default() -> Self {
        Self {
            pending: HashMap::default(),
            order: VecDeque::new(),
            octets: 0,
            done: HashSet::default(),
            done_order: VecDeque::new(),
            verdicts: HashMap::default(),
        }
    }
}

impl<K: Clone + Eq + Hash> Messages<K> {
    /// Octets of messages that are not whole.
    const OCTETS: usize = 16 << 20;
    /// Such messages, and those that are remembered although nothing is done to them.
    const KEPT: usize = 65_536;

    /// Takes a piece. `verdict` gives what is to be done once that can be told. Gives what is
    /// forgotten.
    fn learn(
        &mut self,
        key: K,
        at: u64,
        octets: &[u8],
        verdict: impl Fn(&Image) -> Option<Verdict>,
    ) -> Vec<K> {
        if self.done.contains(&key) || self.verdicts.contains_key(&key) {
            return Vec::new();
        }
        if !self.pending.contains_key(&key) {
            self.order.push_back(key.clone());
        }
        let image = self.pending.entry(key.clone()).or_default();
        self.octets -= image.held();
        image.insert(usize::try_from(at).unwrap_or(usize::MAX), octets);
        self.octets += image.held();
        let mut gone = Vec::new();
        if let Some(verdict) = verdict(image) {
            self.end(key, verdict, &mut gone);
        }
        while self.octets > Self::OCTETS || self.order.len() > Self::KEPT {
            let Some(oldest) = self.order.pop_front() else { break };
            // Whole or not, it is not waited for any longer; of what is done the order may be
            // behind.
            if self.pending.contains_key(&oldest) {
                self.end(oldest, Verdict::Blank { keep: 0 }, &mut gone);
            }
        }
        gone
    }

    fn end(&mut self, key: K, verdict: Verdict, gone: &mut Vec<K>) {
        if let Some(image) = self.pending.remove(&key) {
            self.octets -= image.held();
        }
        if verdict != Verdict::Keep {
            self.verdicts.insert(key, verdict);
            return;
        }
        self.done.insert(key.clone());
        self.done_order.push_back(key);
        if self.done_order.len() > Self::KEPT
            && let Some(oldest) = self.done_order.pop_front()
        {
            self.done.remove(&oldest);
            gone.push(oldest);
        }
    }

    /// Ends those that are pending.
    fn settle(&mut self, verdict: impl Fn(&Image) -> Verdict) {
        for (key, image) in self.pending.drain() {
            match verdict(&image) {
                Verdict::Keep => {}
                verdict => drop(self.verdicts.insert(key, verdict)),
            }
        }
        self.order.clear();
        self.done.clear();
        self.done_order.clear();
        self.octets = 0;
    }
}

#[cfg(test)]
#[path = "hello/tests.rs"]
mod tests;
