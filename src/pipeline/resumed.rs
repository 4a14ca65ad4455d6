//! TCP flows that fell silent and may go on: they inherit names and orientation.

use std::hash::BuildHasher;

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use crate::flow::{FlowFlags, FlowKey, Orientation};
use crate::ledger::Found;
use crate::source::CaptureTime;

/// What a silent flow leaves to its continuation.
#[derive(Debug)]
pub(super) struct Legacy {
    pub(super) orientation: Orientation,
    pub(super) found: Option<Box<Found>>,
    /// Those of [`Legacy::FLAGS`] that were set.
    pub(super) flags: FlowFlags,
    /// When the flow was last heard of.
    pub(super) last: CaptureTime,
}

impl Legacy {
    /// Flags that say what the names are worth: they go with them.
    pub(super) const FLAGS: FlowFlags = FlowFlags(FlowFlags::DNS_AMBIGUOUS.0 | FlowFlags::ECH.0);
}

/// The legacies that were left last, by key.
///
/// Both parts have all their room from the first legacy on, so that neither ever moves: a table
/// that grows needs the room of the old and of the new one. The system gives the room as it is
/// used.
// `left` is a ring, once it is full, the oldest at `next`; what was taken leaves a hole until its
// place comes round. `places` has the place of each legacy that is there: at most half of its
// room is used.
#[derive(Debug, Default)]
pub(super) struct Legacies {
    left: Vec<Option<(FlowKey, Legacy)>>,
    next: usize,
    places: HashTable<u32>,
    hasher: RandomState,
    /// Legacies that had to go before their time.
    pub(super) hits: u64,
}

impl Legacies {
    /// Silent flows that are remembered: those that fell silent last.
    const LIMIT: usize = 65_536;
    /// How long a silence may be: 24 h.
    const LONGEST: u64 = 24 * 3_600_000_000_000;

    /// Remembers a flow that fell silent.
    pub(super) fn leave(&mut self, key: FlowKey, legacy: Legacy) {
        // One that went on without its beginning being told, in fragments, left one already.
        self.take_out(&key);
        if self.left.capacity() == 0 {
            self.left.reserve_exact(Self::LIMIT);
            self.places.reserve(Self::LIMIT, |_| 0);
        }
        let place = self.next;
        self.next = (place + 1) % Self::LIMIT;
        let last = legacy.last;
        if self.left.len() < Self::LIMIT {
            self.left.push(Some((key, legacy)));
        } else if let Some(oldest) = self.left.get_mut(place)
            && let Some((key, gone)) = oldest.replace((key, legacy))
        {
            let is_there = |known: &u32| *known as usize == place;
            if let Ok(known) = self.places.find_entry(self.hasher.hash_one(key), is_there) {
                known.remove();
            }
            self.hits += u64::from(last.since(gone.last) <= Self::LONGEST);
        }
        let Self { left, places, hasher, .. } = self;
        let hash_at = |place: &u32| {
            let there = left.get(*place as usize).and_then(Option::as_ref);
            there.map_or(0, |(key, _)| hasher.hash_one(key))
        };
        if let Ok(place) = u32::try_from(place) {
            places.insert_unique(hasher.hash_one(key), place, hash_at);
        }
    }

    /// What an earlier flow of this key left, if the silence was not too long.
    pub(super) fn take(&mut self, key: &FlowKey, now: CaptureTime) -> Option<Legacy> {
        let legacy = self.take_out(key)?;
        (now.since(legacy.last) <= Self::LONGEST).then_some(legacy)
    }

    fn take_out(&mut self, key: &FlowKey) -> Option<Legacy> {
        if self.places.is_empty() {
            return None;
        }
        let Self { left, places, hasher, .. } = self;
        let at = |place: &u32| left.get(*place as usize).and_then(Option::as_ref);
        let has_key = |place: &u32| at(place).is_some_and(|(known, _)| known == key);
        let (place, _) = places.find_entry(hasher.hash_one(key), has_key).ok()?.remove();
        let (_, legacy) = left.get_mut(place as usize)?.take()?;
        Some(legacy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{FiveTuple, Ported, Protocol};
    use crate::flow::{OrientedBy, ScopeId, Side};

    fn key(number: usize) -> FlowKey {
        let number = u32::try_from(number).unwrap();
        let tuple = FiveTuple {
            protocol: Protocol::TCP,
            source: std::net::Ipv4Addr::from_bits(0x0a00_0000 | number).into(),
            destination: [192, 0, 2, 1].into(),
            source_port: 40_000,
            destination_port: 443,
            ported: Ported::Yes,
        };
        FlowKey::of(&tuple, ScopeId::default()).0
    }

    fn legacy(last: u64) -> Legacy {
        let orientation = Orientation { client: Side::Low, by: OrientedBy::Syn };
        let last = CaptureTime(0).plus(last);
        Legacy { orientation, found: None, flags: FlowFlags::default(), last }
    }

    #[test]
    fn the_flows_that_fell_silent_last_are_remembered_and_each_is_taken_once() {
        let mut legacies = Legacies::default();
        let more = 1_000;
        for number in 0..Legacies::LIMIT + more {
            legacies.leave(key(number), legacy(7));
        }
        assert_eq!(legacies.hits, more as u64);
        let now = CaptureTime(8);
        assert!(legacies.take(&key(more - 1), now).is_none());
        for number in [more, Legacies::LIMIT, Legacies::LIMIT + more - 1] {
            assert!(legacies.take(&key(number), now).is_some());
            assert!(legacies.take(&key(number), now).is_none());
        }
        // A hole goes without a loss.
        legacies.leave(key(0), legacy(7));
        assert_eq!(legacies.hits, more as u64);
        assert!(legacies.take(&key(0), now).is_some());
    }

    #[test]
    fn a_silence_of_more_than_a_day_is_too_long_and_no_loss() {
        let mut legacies = Legacies::default();
        legacies.leave(key(1), legacy(0));
        let day = CaptureTime(0).plus(Legacies::LONGEST);
        assert!(legacies.take(&key(1), day).is_some());
        legacies.leave(key(1), legacy(0));
        assert!(legacies.take(&key(1), day.plus(1)).is_none());
        for number in 0..2 * Legacies::LIMIT {
            let late = u64::from(number >= Legacies::LIMIT) * (Legacies::LONGEST + 1);
            legacies.leave(key(number), legacy(late));
        }
        assert_eq!(legacies.hits, 0);
    }

    #[test]
    fn a_flow_that_falls_silent_twice_leaves_what_it_left_last() {
        let mut legacies = Legacies::default();
        legacies.leave(key(1), legacy(1));
        legacies.leave(key(1), legacy(2));
        let taken = legacies.take(&key(1), CaptureTime(3)).map(|legacy| legacy.last);
        assert_eq!(taken, Some(CaptureTime(2)));
        assert!(legacies.take(&key(1), CaptureTime(3)).is_none());
    }

    #[test]
    fn it_has_all_its_room_from_the_first_on() {
        let mut legacies = Legacies::default();
        assert_eq!((legacies.left.capacity(), legacies.places.capacity()), (0, 0));
        legacies.leave(key(0), legacy(0));
        let room =
            |of: &Legacies| (of.left.as_ptr(), of.left.capacity(), of.places.allocation_size());
        let before = room(&legacies);
        for number in 0..8 * Legacies::LIMIT {
            legacies.leave(key(number), legacy(number as u64));
            if number % 3 == 0 {
                legacies.take(&key(number / 2), CaptureTime(0));
            }
        }
        assert_eq!(room(&legacies), before);
        assert!(legacies.places.len() <= Legacies::LIMIT);
    }
}
