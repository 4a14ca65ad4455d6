//! TCP flows that fell silent and may go on: they inherit names and orientation.

use std::hash::BuildHasher;
use std::sync::{Arc, OnceLock};

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use crate::flow::{FlowFlags, FlowKey, Orientation, OrientedBy};
use crate::ledger::{Found, Labels};
use crate::name::Via;
use crate::source::CaptureTime;

/// What a silent flow leaves to its continuation.
#[derive(Debug)]
pub(super) struct Legacy {
    pub(super) orientation: Orientation,
    pub(super) known: Known,
    /// When the flow was last heard of.
    pub(super) last: CaptureTime,
    /// Where `known` rests on what other threads have still to read: where the last word comes.
    pub(super) pending: Option<Arc<Pending>>,
}

/// What is known of a silent flow when nothing more can be said of it. Set once, in the queue of
/// [`Unsettled`](super::unsettled::Unsettled), before the flow that goes on asks in its turn.
pub(super) type Pending = OnceLock<Known>;

/// What a flow has shown, and what that is worth.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) found: Option<Box<Found>>,
    /// Those of [`Known::FLAGS`] that were set.
    pub(super) flags: FlowFlags,
}

impl Legacy {
    /// Whether the flow that goes on gets anything of it.
    pub(super) fn tells(&self) -> bool {
        self.known.found.is_some() || self.orientation.by < OrientedBy::HomeNet
    }
}

impl Known {
    /// Flags that say what the names are worth: they go with them.
    const FLAGS: FlowFlags = FlowFlags(FlowFlags::DNS_AMBIGUOUS.0 | FlowFlags::ECH.0);

    pub(super) fn of(labels: &Labels) -> Self {
        let found = labels.found.as_ref().filter(|found| !found.is_empty()).cloned();
        Self { found, flags: FlowFlags(labels.flags.0 & Self::FLAGS.0) }
    }

    /// Whether it has a name that says whom the flow talks to. What has none (a device, a protocol
    /// offered, an outer name) hides nothing that the flow's own beginning says.
    fn is_named(&self) -> bool {
        let mut names = self.found.iter().flat_map(|found| &found.names);
        names.any(|name| name.observation.is_basis(self.flags))
    }

    /// Labels a flow that goes on, at its beginning.
    pub(super) fn begin(self, labels: &mut Labels) {
        let Some(found) = &self.found else { return };
        labels.inherits = self.is_named();
        // From here on the flow counts on.
        labels.found_mut().more_names = found.more_names;
        self.settle(labels);
    }

    /// Labels a flow that goes on as if this had been known at its beginning: the flow may have
    /// shown more since, and its addresses may have been turned.
    pub(super) fn settle(&self, labels: &mut Labels) {
        labels.inherits &= self.is_named();
        let Some(mut found) = self.found.clone() else { return };
        let mut own = labels.found.take().map_or_else(Found::default, |own| *own);
        let mut flags = self.flags;
        if labels.inherits {
            labels.flags = FlowFlags(labels.flags.0 & !FlowFlags::DNS_AMBIGUOUS.0);
        } else {
            found.names.retain(|n| n.observation.via != Via::Dns);
            let by_address = own.names.extract_if(.., |n| n.observation.via == Via::Dns);
            found.names.splice(..0, by_address);
            found.network = own.network.take();
            flags = FlowFlags(flags.0 & !FlowFlags::DNS_AMBIGUOUS.0);
        }
        labels.flags |= flags;
        labels.flags |= FlowFlags::RESUMED;
        if flags.has(FlowFlags::ECH) {
            // What its own hellos name is an outer name, too.
            for name in own.names.iter_mut().filter(|n| n.observation.via.is_sni()) {
                name.found = None;
            }
        }
        found.go_on(own);
        labels.found = Some(found);
    }
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

    /// Tells what is known of a flow that has left something: to what it left, and where that was
    /// taken, to who took it.
    pub(super) fn settle(&mut self, key: &FlowKey, pending: &Arc<Pending>, known: Known) {
        let is_it = |legacy: &Legacy| {
            legacy.pending.as_ref().is_some_and(|other| Arc::ptr_eq(other, pending))
        };
        match self.find_mut(key).filter(|legacy| is_it(legacy)) {
            Some(legacy) => {
                (legacy.known, legacy.pending) = (known, None);
                if !legacy.tells() {
                    self.take_out(key);
                }
            }
            None => _ = pending.set(known),
        }
    }

    fn find_mut(&mut self, key: &FlowKey) -> Option<&mut Legacy> {
        let Self { left, places, hasher, .. } = self;
        let at = |place: &u32| left.get(*place as usize).and_then(Option::as_ref);
        let has_key = |place: &u32| at(place).is_some_and(|(known, _)| known == key);
        let place = *places.find(hasher.hash_one(key), has_key)?;
        left.get_mut(place as usize)?.as_mut().map(|(_, legacy)| legacy)
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
    use crate::flow::{ScopeId, Side};
    use crate::ledger::NameLabel;
    use crate::name::{HostName, Observation};

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
        Legacy { orientation, known: Known::default(), last, pending: None }
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

    fn found(names: &[(&str, Via)]) -> Found {
        let name = |(name, via): &(&str, Via)| NameLabel {
            observation: Observation {
                name: HostName::from_wire(name.as_bytes()).unwrap(),
                via: *via,
                time: CaptureTime(1),
                chain: [].into(),
            },
            found: None,
        };
        Found { names: names.iter().map(name).collect(), ..Found::default() }
    }

    fn names(labels: &Labels) -> Vec<String> {
        let names = labels.found.iter().flat_map(|found| &found.names);
        names.map(|name| name.observation.name.to_string()).collect()
    }

    #[test]
    fn what_is_known_late_is_put_as_if_it_had_been_known_at_the_beginning() {
        let left = [("old.example", Via::Dns), ("old-sni.example", Via::TlsSni)];
        let known = Known { found: Some(Box::new(found(&left))), flags: FlowFlags::DNS_AMBIGUOUS };
        let own = [("own.example", Via::Dns), ("own-sni.example", Via::TlsSni)];
        let orientation = Orientation { client: Side::Low, by: OrientedBy::Port };
        for (inherits, address) in [(true, "old.example"), (false, "own.example")] {
            let mut labels = Labels::new(orientation, FlowFlags::default());
            (labels.found, labels.inherits) = (Some(Box::new(found(&own))), inherits);
            known.settle(&mut labels);
            assert_eq!(names(&labels), [address, "old-sni.example", "own-sni.example"]);
            assert!(labels.flags.has(FlowFlags::RESUMED));
            assert_eq!(labels.flags.has(FlowFlags::DNS_AMBIGUOUS), inherits);
        }
        // Nothing is left after all: its own beginning speaks for it.
        let mut labels = Labels::new(orientation, FlowFlags::default());
        (labels.found, labels.inherits) = (Some(Box::new(found(&own))), true);
        Known::default().settle(&mut labels);
        assert_eq!(names(&labels), ["own.example", "own-sni.example"]);
        assert!(!labels.inherits && !labels.flags.has(FlowFlags::RESUMED));
    }

    #[test]
    fn what_names_nobody_stands_beside_what_the_addresses_say() {
        let orientation = Orientation { client: Side::Low, by: OrientedBy::Port };
        let left = [
            (found(&[]), FlowFlags::default(), &["own.example"][..]),
            (
                found(&[("outer.example", Via::TlsSni)]),
                FlowFlags::ECH,
                &["own.example", "outer.example"],
            ),
            (found(&[("old.example", Via::TlsSni)]), FlowFlags::default(), &["old.example"]),
        ];
        for (mut left, flags, expected) in left {
            left.alpn.push("h2".into());
            left.rare_mut().devices[0] = Some("laptop".into());
            left.more_names = 3;
            let known = Known { found: Some(Box::new(left)), flags };
            let mut labels = Labels::new(orientation, FlowFlags::DNS_AMBIGUOUS);
            let mut own = found(&[("own.example", Via::Dns)]);
            own.rare_mut().devices[1] = Some("printer".into());
            labels.found = Some(Box::new(own));
            known.begin(&mut labels);
            assert_eq!(names(&labels), expected);
            assert_eq!(labels.inherits, expected.len() == 1 && expected != ["own.example"]);
            assert_eq!(labels.flags.has(FlowFlags::DNS_AMBIGUOUS), !labels.inherits);
            assert_eq!(labels.flags.has(FlowFlags::ECH), flags.has(FlowFlags::ECH));
            let found = labels.found.unwrap();
            assert_eq!(
                found.rare.unwrap().devices,
                [Some("laptop".into()), Some("printer".into())]
            );
            assert_eq!((found.alpn.len(), found.more_names), (1, 3));
        }
    }

    #[test]
    fn the_last_word_comes_to_what_was_left_or_to_who_took_it() {
        let mut legacies = Legacies::default();
        let waiting = || Legacy {
            orientation: Orientation { client: Side::Low, by: OrientedBy::Port },
            pending: Some(Arc::default()),
            ..legacy(1)
        };
        let known = || Known {
            found: Some(Box::new(found(&[("late.example", Via::Dns)]))),
            ..Known::default()
        };
        let word = |legacy: &Legacy| legacy.pending.clone().unwrap();
        // It is there still.
        let first = waiting();
        let pending = word(&first);
        legacies.leave(key(1), first);
        legacies.settle(&key(1), &pending, known());
        let taken = legacies.take(&key(1), CaptureTime(2)).unwrap();
        assert!(taken.tells() && taken.pending.is_none() && pending.get().is_none());
        // It has been taken, and another of the same key is there.
        let (first, second) = (waiting(), waiting());
        let pending = word(&first);
        legacies.leave(key(1), first);
        assert!(!legacies.take(&key(1), CaptureTime(2)).unwrap().tells());
        legacies.leave(key(1), second);
        legacies.settle(&key(1), &pending, known());
        assert!(pending.get().is_some_and(|known| known.found.is_some()));
        assert!(!legacies.take(&key(1), CaptureTime(2)).unwrap().tells());
        // There is nothing to tell.
        let first = waiting();
        let pending = word(&first);
        legacies.leave(key(1), first);
        legacies.settle(&key(1), &pending, Known::default());
        assert!(legacies.take(&key(1), CaptureTime(2)).is_none());
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
