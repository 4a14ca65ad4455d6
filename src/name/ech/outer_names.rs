//! Which outer names each client has learned by DNS.

use std::collections::VecDeque;
use std::net::IpAddr;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::name::HostName;
use crate::source::CaptureTime;

/// Public names that clients of one stream got by DNS, and when they count.
///
/// What it says of a time rests only on what was learned before, also where that is asked later:
/// of several threads one may be ahead of the one that asks.
// Each key stands in `order` once; keys leave only with their place there: both have the same
// length, at most LIMIT.
#[derive(Debug, Default)]
pub(in crate::name) struct OuterNames {
    known: HashMap<(IpAddr, HostName), Spans, RandomState>,
    order: VecDeque<(IpAddr, HostName)>,
    hits: u64,
}

/// When a name counts: the last spans, apart from each other, in the order of time. Who asks of
/// a time before all of them is hours behind.
// At least one, at most KEPT.
#[derive(Debug)]
struct Spans(Vec<Span>);

#[derive(Clone, Copy, Debug)]
struct Span {
    since: CaptureTime,
    until: CaptureTime,
}

impl Span {
    fn has(self, at: CaptureTime) -> bool {
        self.since <= at && at <= self.until
    }

    /// Takes `other` in where the two overlap.
    fn joins(&mut self, other: Self) -> bool {
        let overlap = self.since <= other.until && other.since <= self.until;
        if overlap {
            self.since = self.since.min(other.since);
            self.until = self.until.max(other.until);
        }
        overlap
    }
}

impl Spans {
    /// Each lasts an hour at least.
    const KEPT: usize = 8;

    fn add(&mut self, mut span: Span) {
        // Those that it reaches become one with it.
        self.0.retain(|other| !span.joins(*other));
        let mut place = self.0.partition_point(|other| other.since < span.since);
        if self.0.len() >= Self::KEPT {
            // The earliest goes: one of the others, or this.
            let Some(behind) = place.checked_sub(1) else { return };
            self.0.remove(0);
            place = behind;
        }
        self.0.insert(place, span);
    }

    fn has(&self, at: CaptureTime) -> bool {
        self.0.iter().any(|span| span.has(at))
    }
}

impl OuterNames {
    /// Names that a stream keeps, some 150 to 280 octets each: a client meets few.
    const LIMIT: usize = 65_536;

    /// Keeps a name that `client` learned at `at`. Where there is no room, the one learned first
    /// leaves.
    pub(in crate::name) fn insert(
        &mut self,
        client: IpAddr,
        name: HostName,
        at: CaptureTime,
        until: CaptureTime,
    ) {
        let key = (client, name);
        let span = Span { since: at, until };
        if let Some(spans) = self.known.get_mut(&key) {
            spans.add(span);
            return;
        }
        if self.order.len() >= Self::LIMIT
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
            self.hits += 1;
        }
        self.order.push_back(key.clone());
        self.known.insert(key, Spans(vec![span]));
    }

    /// Whether `client` had learned that `name` is a public name and it still counted at `at`.
    pub(in crate::name) fn has(&self, client: IpAddr, name: &HostName, at: CaptureTime) -> bool {
        if self.known.is_empty() {
            return false;
        }
        let spans = self.known.get(&(client, name.clone()));
        spans.is_some_and(|spans| spans.has(at))
    }

    /// Names that left for want of room.
    pub(in crate::name) fn hits(&self) -> u64 {
        self.hits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> HostName {
        HostName::from_wire(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_name_counts_for_the_client_that_learned_it_and_in_its_time() {
        let mut names = OuterNames::default();
        let (me, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let cover = name("cover.example");
        names.insert(me, cover.clone(), CaptureTime(10), CaptureTime(20));
        for (at, expected) in [(9, false), (10, true), (20, true), (21, false)] {
            assert_eq!(names.has(me, &cover, CaptureTime(at)), expected, "{at}");
        }
        assert!(!names.has(other, &cover, CaptureTime(15)));
        assert!(!names.has(me, &name("x.cover.example"), CaptureTime(15)));
        names.insert(me, cover.clone(), CaptureTime(15), CaptureTime(30));
        assert!(names.has(me, &cover, CaptureTime(25)) && names.has(me, &cover, CaptureTime(10)));
    }

    #[test]
    fn what_is_learned_later_says_nothing_of_the_time_between() {
        let (me, cover) = (IpAddr::from([10, 0, 0, 1]), name("cover.example"));
        // In any order: another thread may have come first.
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let mut names = OuterNames::default();
            for (since, until) in order.map(|at| [(10, 20), (40, 50), (45, 60)][at]) {
                names.insert(me, cover.clone(), CaptureTime(since), CaptureTime(until));
            }
            let expected = |at: i64| (10..=20).contains(&at) || (40..=60).contains(&at);
            for at in 0..70 {
                assert_eq!(names.has(me, &cover, CaptureTime(at)), expected(at), "{at} {order:?}");
            }
            names.insert(me, cover.clone(), CaptureTime(15), CaptureTime(41));
            assert!((10..=60).all(|at| names.has(me, &cover, CaptureTime(at))));
        }
    }

    #[test]
    fn the_last_spans_are_kept() {
        let (me, cover) = (IpAddr::from([10, 0, 0, 1]), name("cover.example"));
        for is_backwards in [false, true] {
            let mut names = OuterNames::default();
            let mut spans: Vec<i64> = (0..20).collect();
            if is_backwards {
                spans.reverse();
            }
            for n in spans {
                names.insert(me, cover.clone(), CaptureTime(10 * n), CaptureTime(10 * n + 5));
            }
            for n in 0..20 {
                let is_kept = n >= 12;
                assert_eq!(names.has(me, &cover, CaptureTime(10 * n + 5)), is_kept, "{n}");
                assert!(!names.has(me, &cover, CaptureTime(10 * n + 6)));
            }
        }
    }

    #[test]
    fn the_name_learned_first_leaves_where_there_is_no_room() {
        let mut names = OuterNames::default();
        let me = IpAddr::from([10, 0, 0, 1]);
        for number in 0..=OuterNames::LIMIT {
            let time = CaptureTime(number.try_into().unwrap());
            names.insert(me, name(&format!("n{number}.example")), time, CaptureTime(1 << 40));
        }
        assert_eq!((names.hits(), names.known.len()), (1, OuterNames::LIMIT));
        assert!(!names.has(me, &name("n0.example"), CaptureTime(1 << 30)));
        assert!(names.has(me, &name("n1.example"), CaptureTime(1 << 30)));
    }
}
