//! Frames that are seen more than once, because several interfaces are listened to.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::hash::{BuildHasher, Hasher};

use super::restore::{IPV4, IPV6};
use crate::source::CaptureTime;

/// Remembers the frames of the last moment, to tell copies from new ones.
///
/// A frame is a copy when its network packet was seen on another interface within [`WINDOW`],
/// more often than on its own so far. What a router changes (the hop limit, IPv4's checksum), link
/// headers, VLAN tags and padding do not count. So a frame sent twice on one wire is no copy.
///
/// The table is bounded: [`SETS`] × [`WAYS`] frames, the oldest of a set leaves. A frame that was
/// forgotten too early counts as new.
pub(super) struct Copies {
    hasher: foldhash::fast::RandomState,
    sets: Vec<[Seen; WAYS]>,
}

/// A network packet that was seen.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    hash: u64,
    first: CaptureTime,
    /// How often it was on the wire, as far as one interface shows.
    originals: u16,
    /// Interfaces by the kernel's index, and how often it was seen there; 0 ends the list.
    sightings: [(u32, u16); SIGHTINGS],
}

impl Copies {
    /// With nothing remembered yet; 5 MiB.
    pub(super) fn new() -> Self {
        let sets = vec![[Seen::default(); WAYS]; SETS];
        Self { hasher: foldhash::fast::RandomState::default(), sets }
    }

    /// Whether the packet was seen before on another interface. `protocol` is its `EtherType`,
    /// `octets` begin with its network header.
    pub(super) fn is_copy(
        &mut self,
        protocol: u16,
        octets: &[u8],
        interface: u32,
        time: CaptureTime,
    ) -> bool {
        let hash = self.hash(protocol, octets);
        let set = usize::try_from(hash % SETS as u64).unwrap_or(0);
        let Some(set) = self.sets.get_mut(set) else { return false };
        let near = |seen: &Seen| time.since(seen.first).max(seen.first.since(time)) <= WINDOW;
        if let Some(seen) = set.iter_mut().find(|s| s.hash == hash && s.originals > 0 && near(s)) {
            return seen.again(interface);
        }
        if let Some(oldest) = set.iter_mut().min_by_key(|seen| seen.first) {
            *oldest = Seen { hash, first: time, originals: 1, ..Seen::default() };
            oldest.sightings = [(0, 0); SIGHTINGS];
            if let Some(own) = oldest.sightings.first_mut() {
                *own = (interface, 1);
            }
        }
        false
    }

    fn hash(&self, protocol: u16, octets: &[u8]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write_u16(protocol);
        match (protocol, octets) {
            (IPV4, &[v, tos, l0, l1, i0, i1, f0, f1, _ttl, next, _c0, _c1, ref rest @ ..]) => {
                hasher.write(&[v, tos, l0, l1, i0, i1, f0, f1, next]);
                let len = usize::from(u16::from_be_bytes([l0, l1])).saturating_sub(12);
                hasher.write(rest.get(..len).filter(|_| len > 0).unwrap_or(rest));
            }
            (IPV6, &[v, t0, t1, t2, l0, l1, next, _hops, ref rest @ ..]) => {
                hasher.write(&[v, t0, t1, t2, l0, l1, next]);
                let payload = usize::from(u16::from_be_bytes([l0, l1]));
                hasher.write(rest.get(..payload + 32).filter(|_| payload > 0).unwrap_or(rest));
            }
            _ => hasher.write(octets),
        }
        hasher.finish()
    }
}

impl Seen {
    /// Notes one more sighting; whether it is of a frame that another interface has shown.
    fn again(&mut self, interface: u32) -> bool {
        let place = self.sightings.iter_mut().find(|(known, _)| *known == interface || *known == 0);
        let Some((known, times)) = place else {
            // On more interfaces than are told apart: it was certainly seen before.
            return true;
        };
        *known = interface;
        *times = times.saturating_add(1);
        let copy = *times <= self.originals;
        self.originals = self.originals.max(*times);
        copy
    }
}

impl std::fmt::Debug for Copies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Copies").finish_non_exhaustive()
    }
}

/// The `EtherType` behind VLAN tags, and the octets behind it, of an Ethernet frame.
pub(super) fn network_of(frame: &[u8]) -> Option<(u16, &[u8])> {
    let mut rest = frame.get(12..)?;
    loop {
        let (kind, after) = rest.split_first_chunk()?;
        let kind = u16::from_be_bytes(*kind);
        if !matches!(kind, 0x8100 | 0x88a8 | 0x9100) {
            return Some((kind, after));
        }
        rest = after.get(2..)?;
    }
}

/// Copies follow within this, in nanoseconds: 100 ms.
const WINDOW: u64 = 100_000_000;
const SETS: usize = 1 << 13;
const WAYS: usize = 8;
/// Interfaces on which one frame is told apart.
const SIGHTINGS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> CaptureTime {
        CaptureTime(1_000_000_000_000 + milliseconds * 1_000_000)
    }

    /// An IPv4 packet of 40 octets with this TTL and checksum, `n` in its payload.
    fn ipv4(ttl: u8, sum: u8, n: u8) -> Vec<u8> {
        let mut octets = vec![0x45, 0, 0, 40, 0, 7, 0x40, 0, ttl, 6, sum, sum];
        octets.extend([10, 0, 0, 1, 10, 0, 0, 2]);
        octets.extend([n; 20]);
        octets
    }

    #[test]
    fn a_frame_on_another_interface_is_a_copy_also_when_routed_or_padded() {
        let mut copies = Copies::new();
        assert!(!copies.is_copy(IPV4, &ipv4(64, 1, 5), 2, at(0)));
        assert!(copies.is_copy(IPV4, &ipv4(64, 1, 5), 3, at(1)));
        assert!(copies.is_copy(IPV4, &ipv4(63, 9, 5), 4, at(2)));
        let padded = [ipv4(64, 1, 5), vec![0; 6]].concat();
        assert!(copies.is_copy(IPV4, &padded, 5, at(3)));
        assert!(!copies.is_copy(IPV4, &ipv4(64, 1, 6), 3, at(1)), "another payload");
    }

    #[test]
    fn a_frame_sent_again_on_one_wire_is_no_copy_and_its_own_copies_are() {
        let mut copies = Copies::new();
        let mut see = |interface| copies.is_copy(IPV4, &ipv4(64, 1, 5), interface, at(0));
        let seen = [2, 2, 3, 3, 2, 3].map(&mut see);
        assert_eq!(seen, [false, false, true, true, false, true]);
    }

    #[test]
    fn beyond_the_window_it_is_new_in_either_order() {
        let mut copies = Copies::new();
        assert!(!copies.is_copy(IPV4, &ipv4(64, 1, 5), 2, at(0)));
        assert!(!copies.is_copy(IPV4, &ipv4(64, 1, 5), 3, at(101)));
        assert!(!copies.is_copy(IPV4, &ipv4(64, 1, 6), 2, at(300)));
        assert!(copies.is_copy(IPV4, &ipv4(64, 1, 6), 3, at(200)), "rings come block by block");
    }

    #[test]
    fn ipv6_and_others_are_compared_too() {
        let mut copies = Copies::new();
        let mut packet = [vec![0x60, 0, 0, 0, 0, 8, 17, 64], vec![3; 40]].concat();
        assert!(!copies.is_copy(IPV6, &packet, 2, at(0)));
        packet[7] = 63;
        assert!(copies.is_copy(IPV6, &packet, 3, at(0)));
        assert!(!copies.is_copy(0x0806, &[1; 28], 2, at(0)));
        assert!(copies.is_copy(0x0806, &[1; 28], 3, at(0)));
        assert!(!copies.is_copy(IPV4, &[], 2, at(0)));
        assert!(!copies.is_copy(IPV4, &[0x45, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 2, at(0)));
    }

    #[test]
    fn many_frames_between_do_not_make_it_forget() {
        let mut copies = Copies::new();
        let packet = |n: u32| [ipv4(64, 1, 5), n.to_be_bytes().to_vec()].concat();
        let whole = |n: u32| {
            let mut packet = packet(n);
            packet[3] = 44;
            packet
        };
        for n in 0..10_000 {
            assert!(!copies.is_copy(IPV4, &whole(n), 2, at(0)));
        }
        let kept = (0..10_000).filter(|n| copies.is_copy(IPV4, &whole(*n), 3, at(1))).count();
        assert!(kept > 9_990, "{kept}");
    }

    #[test]
    fn tags_are_looked_through() {
        let frame = [&[0; 12][..], &[0x88, 0xa8, 0, 1, 0x81, 0, 0, 2, 8, 0, 0x45]].concat();
        assert_eq!(network_of(&frame), Some((IPV4, &[0x45][..])));
        assert_eq!(network_of(&frame[..18]), None);
        assert_eq!(network_of(&[]), None);
    }
}
