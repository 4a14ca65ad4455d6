//! Which outer names each client has learned by DNS.

use std::collections::VecDeque;
use std::net::IpAddr;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::name::HostName;
use crate::source::CaptureTime;

/// Public names that clients of one stream got by DNS, and until when they count.
// Each key stands in `order` once; keys leave only with their place there: both have the same
// length, at most LIMIT.
#[derive(Debug, Default)]
pub(in crate::name) struct OuterNames {
    known: HashMap<(IpAddr, HostName), Times, RandomState>,
    order: VecDeque<(IpAddr, HostName)>,
    hits: u64,
}

/// When a name counts.
#[derive(Clone, Copy, Debug)]
struct Times {
    since: CaptureTime,
    until: CaptureTime,
}

impl OuterNames {
    /// Names that a stream keeps, about 100 octets each: a client meets few.
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
        if let Some(times) = self.known.get_mut(&key) {
            times.since = times.since.min(at);
            times.until = times.until.max(until);
            return;
        }
        if self.order.len() >= Self::LIMIT
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
            self.hits += 1;
        }
        self.order.push_back(key.clone());
        self.known.insert(key, Times { since: at, until });
    }

    /// Whether `client` had learned that `name` is a public name and it still counted at `at`.
    pub(in crate::name) fn has(&self, client: IpAddr, name: &HostName, at: CaptureTime) -> bool {
        if self.known.is_empty() {
            return false;
        }
        let times = self.known.get(&(client, name.clone()));
        times.is_some_and(|times| times.since <= at && at <= times.until)
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
