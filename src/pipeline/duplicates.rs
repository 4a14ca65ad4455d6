//! Copies of frames that the capture holds already: mirror ports that see a packet come and go,
//! Windows' pktmon, which records a packet at each component that it passes.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::hash::{BuildHasher, Hasher};

use foldhash::quality::RandomState;

use super::DuplicateUse;
use crate::ledger::Sampled;
use crate::source::{CaptureTime, Frame, LinkType};

/// Remembers what the last frames were.
///
/// `window` holds the last [`WINDOW`] frames that were looked at, in a ring.
#[derive(Debug)]
pub(super) struct Duplicates {
    use_of_copies: DuplicateUse,
    hasher: RandomState,
    window: Window,
    next: usize,
    /// Frames that came by.
    frames: u64,
    /// What was looked at, and what of it were copies.
    pub(super) sampled: Sampled,
}

/// The last frames that were looked at: of each a keyed hash of what copies have in common, and
/// when it came.
#[derive(Debug)]
struct Window {
    hashes: [u64; WINDOW],
    /// The lower halves of `hashes`: twice as many are compared at a time.
    halves: [u32; WINDOW],
    times: [CaptureTime; WINDOW],
}

impl Window {
    const EMPTY: Self =
        Self { hashes: [0; WINDOW], halves: [0; WINDOW], times: [CaptureTime(0); WINDOW] };

    /// Whether a frame of this hash came within [`WINDOW_NS`] of `time`.
    fn holds(&self, hash: u64, time: CaptureTime) -> bool {
        // Nearly always there is none: all are compared without a branch first.
        let half = lower_half(hash);
        if self.halves.iter().fold(0, |any, known| any | u32::from(*known == half)) == 0 {
            return false;
        }
        self.hashes
            .iter()
            .zip(self.times)
            .any(|(known, at)| *known == hash && at.since(time).max(time.since(at)) <= WINDOW_NS)
    }

    fn put(&mut self, place: usize, hash: u64, time: CaptureTime) {
        let Self { hashes, halves, times } = self;
        if let (Some(h), Some(half), Some(t)) =
            (hashes.get_mut(place), halves.get_mut(place), times.get_mut(place))
        {
            (*h, *half, *t) = (hash, lower_half(hash), time);
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the upper half is compared after it")]
fn lower_half(hash: u64) -> u32 {
    hash as u32
}

/// Frames that a copy may come after the first, and the time that it may take. A sender repeats
/// after its time-out, which is ten times as long or more.
const WINDOW: usize = 128;
const WINDOW_NS: u64 = 20_000_000;

/// Frames at the start that are looked at without `--dedup`; after that one run of [`WINDOW`] in
/// [`ONE_RUN_IN`].
const AT_FIRST: u64 = 8_192;
const ONE_RUN_IN: u64 = 32;
/// Octets of a frame that are compared in a sample.
const SAMPLED_OCTETS: usize = 128;

impl Duplicates {
    pub(super) fn new(use_of_copies: DuplicateUse) -> Self {
        Self {
            use_of_copies,
            hasher: RandomState::default(),
            window: Window::EMPTY,
            next: 0,
            frames: 0,
            sampled: Sampled::default(),
        }
    }

    /// Whether none of the next `frames` frames is looked at: then they are noted as gone by.
    pub(super) fn pass_over(&mut self, frames: usize) -> bool {
        let frames = frames as u64;
        let run = |number: u64| number / WINDOW as u64;
        // At most a run's length, so that its ends tell of every frame between.
        let passed = self.use_of_copies == DuplicateUse::Count
            && frames <= WINDOW as u64
            && self.frames >= AT_FIRST
            && !run(self.frames).is_multiple_of(ONE_RUN_IN)
            && !run(self.frames + frames).is_multiple_of(ONE_RUN_IN);
        self.frames += if passed { frames } else { 0 };
        passed
    }

    /// Whether `frame` is to be counted as a copy. Without `--dedup` none is, and only samples
    /// are looked at.
    #[inline(never)]
    pub(super) fn is_copy(&mut self, frame: &Frame<'_>) -> bool {
        let number = self.frames;
        self.frames += 1;
        match self.use_of_copies {
            DuplicateUse::SetAside => self.look(frame, usize::MAX),
            DuplicateUse::Count => {
                let run = number / WINDOW as u64;
                if number < AT_FIRST || run.is_multiple_of(ONE_RUN_IN) {
                    if number >= AT_FIRST && number.is_multiple_of(WINDOW as u64) {
                        self.window = Window::EMPTY;
                    }
                    self.look(frame, SAMPLED_OCTETS);
                }
                false
            }
        }
    }

    /// Whether one of the last frames was the same.
    fn look(&mut self, frame: &Frame<'_>, most: usize) -> bool {
        let packet = packet(frame);
        if packet.as_ref().is_some_and(Ip::may_be_sent_twice) {
            return false;
        }
        let hash = self.hash(frame, packet, most);
        let copy = self.window.holds(hash, frame.time);
        self.sampled.looked += 1;
        self.sampled.copies += u64::from(copy);
        self.window.put(self.next, hash, frame.time);
        self.next = (self.next + 1) % WINDOW;
        copy
    }

    /// What copies have in common: the packet without what each hop changes (Ethernet addresses,
    /// VLAN tags, TTL, header checksum) and without the padding behind it; of other frames every
    /// octet and the length. Never 0, which an empty place has.
    fn hash(&self, frame: &Frame<'_>, packet: Option<Ip<'_>>, most: usize) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        match packet {
            Some(Ip::V4(octets)) => {
                let (before, rest) = octets.split_at_checked(8).unwrap_or((octets, &[]));
                hasher.write(before);
                hasher.write(rest.get(1..2).unwrap_or_default());
                hasher.write(first(rest.get(4..).unwrap_or_default(), most));
            }
            Some(Ip::V6(octets)) => {
                let (before, rest) = octets.split_at_checked(7).unwrap_or((octets, &[]));
                hasher.write(before);
                hasher.write(first(rest.get(1..).unwrap_or_default(), most));
            }
            None => {
                hasher.write_u32(frame.wire_len);
                hasher.write_u32(frame.link.0);
                hasher.write(first(frame.captured, most));
            }
        }
        hasher.finish().max(1)
    }
}

/// An IP packet from its header to where it says that it ends.
#[derive(Clone, Copy)]
enum Ip<'a> {
    V4(&'a [u8]),
    V6(&'a [u8]),
}

impl Ip<'_> {
    /// Whether a sender may send it twice within the window, octet for octet, since it does: a
    /// reset for each segment that it refuses, a datagram to a group for each program that asks.
    /// Only IPv4's identification tells such packets from copies.
    fn may_be_sent_twice(&self) -> bool {
        let (protocol, transport, is_to_group) = match self {
            Self::V4(octets) => {
                if octets.get(4..6) != Some(&[0, 0]) {
                    return false;
                }
                let header = octets.first().map_or(0, |first| usize::from(first & 0x0f) * 4);
                let is_to_group = octets.get(16).is_some_and(|first| (224..240).contains(first));
                (octets.get(9), octets.get(header..), is_to_group)
            }
            Self::V6(octets) => (octets.get(6), octets.get(40..), octets.get(24) == Some(&0xff)),
        };
        match protocol {
            Some(&UDP) => is_to_group,
            Some(&TCP) => {
                let Some(&[offset, flags]) = transport.and_then(|octets| octets.get(12..14)) else {
                    return false;
                };
                let header = usize::from(offset >> 4) * 4;
                flags & RST != 0 && transport.is_some_and(|octets| octets.len() <= header)
            }
            _ => false,
        }
    }
}

/// IP protocols, and a flag of TCP.
const TCP: u8 = 6;
const UDP: u8 = 17;
const RST: u8 = 0x04;

const ETHERNET: LinkType = LinkType(1);

/// The packet right behind an Ethernet header and its tags.
fn packet<'a>(frame: &Frame<'a>) -> Option<Ip<'a>> {
    if frame.link != ETHERNET {
        return None;
    }
    let mut rest = frame.captured.get(12..)?;
    while let [0x81 | 0x91, 0x00, _, _, behind @ ..] | [0x88, 0xa8, _, _, behind @ ..] = rest {
        rest = behind;
    }
    let (kind, octets) = rest.split_first_chunk::<2>()?;
    let header: &[u8; 20] = octets.first_chunk()?;
    let &[_, _, v0, v1, w0, w1, ..] = header;
    match kind {
        [0x08, 0x00] => Some(Ip::V4(first(octets, u16::from_be_bytes([v0, v1]).into()))),
        [0x86, 0xdd] => {
            let len = usize::from(u16::from_be_bytes([w0, w1])) + 40;
            Some(Ip::V6(first(octets, len)))
        }
        _ => None,
    }
}

/// At most the first `most` octets. A length of 0, as in super-frames, is none.
fn first(octets: &[u8], most: usize) -> &[u8] {
    octets.get(..most).filter(|part| !part.is_empty()).unwrap_or(octets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Dated;

    const PACKET: [u8; 24] =
        [0x45, 0, 0, 24, 0, 7, 0, 0, 64, 6, 0xab, 0xcd, 10, 0, 0, 1, 192, 0, 2, 1, 1, 2, 3, 4];

    fn frame(captured: &[u8], time: i64) -> Frame<'_> {
        Frame {
            capture: 0,
            number: 1,
            time: CaptureTime(time),
            dated: Dated::Recorded,
            link: ETHERNET,
            interface: 0,
            copy: false,
            wire_len: u32::try_from(captured.len()).unwrap(),
            digits: 6,
            captured,
        }
    }

    fn ethernet(mac: u8, tag: &[u8], packet: &[u8], padding: usize) -> Vec<u8> {
        [&[mac; 12][..], tag, &[8, 0], packet, &vec![0; padding]].concat()
    }

    fn aside() -> Duplicates {
        Duplicates::new(DuplicateUse::SetAside)
    }

    #[test]
    fn a_copy_is_known_behind_another_hop_tag_and_padding() {
        let mut routed = PACKET;
        (routed[8], routed[10], routed[11]) = (63, 0xac, 0xcd);
        let mut duplicates = aside();
        assert!(!duplicates.is_copy(&frame(&ethernet(1, &[], &PACKET, 0), 0)));
        for copy in [
            ethernet(1, &[], &PACKET, 0),
            ethernet(2, &[0x81, 0, 0, 5], &PACKET, 0),
            ethernet(3, &[], &routed, 22),
        ] {
            assert!(duplicates.is_copy(&frame(&copy, 1_000)));
        }
        for at in [4, 5, 9, 12, 23] {
            let mut other = PACKET;
            other[at] ^= 1;
            assert!(!duplicates.is_copy(&frame(&ethernet(1, &[], &other, 0), 0)), "octet {at}");
        }
        assert_eq!(duplicates.sampled, Sampled { looked: 9, copies: 3 });
    }

    #[test]
    fn the_window_ends_after_its_time_and_its_frames() {
        let packet = ethernet(1, &[], &PACKET, 0);
        for (later, copy) in [(20_000_000, true), (20_000_001, false), (-20_000_000, true)] {
            let mut duplicates = aside();
            duplicates.is_copy(&frame(&packet, 0));
            assert_eq!(duplicates.is_copy(&frame(&packet, later)), copy, "{later} ns");
        }
        for (between, copy) in [(WINDOW - 1, true), (WINDOW, false)] {
            let mut duplicates = aside();
            duplicates.is_copy(&frame(&packet, 0));
            for i in 0..between {
                let mut other = PACKET;
                (other[4], other[5]) = (9, u8::try_from(i).unwrap());
                duplicates.is_copy(&frame(&ethernet(1, &[], &other, 0), 0));
            }
            assert_eq!(duplicates.is_copy(&frame(&packet, 0)), copy, "{between} between");
        }
    }

    /// A reset, and a datagram to a group, over IPv4 with this identification, and over IPv6.
    fn repeated(identification: u8, payload: &[u8]) -> Vec<Vec<u8>> {
        let len = |header: usize| u8::try_from(header + payload.len()).unwrap();
        let v4 = |protocol: u8, to: u8, transport: &[u8]| {
            let header = [0x45, 0, 0, len(20 + transport.len()), 0, identification, 0, 0, 64];
            let rest = [protocol, 0, 0, 10, 0, 0, 1, to, 0, 2, 1];
            [&[1; 12][..], &[8, 0], &header, &rest, transport, payload].concat()
        };
        let v6 = |protocol: u8, to: u8, transport: &[u8]| {
            let header = [0x60, 0, 0, 0, 0, len(transport.len()), protocol, 64];
            let addresses = [&[0xfd; 16][..], &[to; 16]].concat();
            [&[1; 12][..], &[0x86, 0xdd], &header, &addresses, transport, payload].concat()
        };
        let reset = [0, 1, 0, 2, 0, 0, 0, 9, 0, 0, 0, 0, 0x50, 4, 0, 0, 0, 0, 0, 0];
        let mdns = [0x14, 0xe9, 0x14, 0xe9, 0, 8, 0, 0];
        vec![v4(6, 192, &reset), v4(17, 224, &mdns), v6(6, 0x20, &reset), v6(17, 0xff, &mdns)]
    }

    #[test]
    fn what_a_sender_repeats_without_a_mark_of_its_own_is_no_copy() {
        for packet in repeated(0, &[]) {
            let mut duplicates = aside();
            assert!(!duplicates.is_copy(&frame(&packet, 0)));
            assert!(!duplicates.is_copy(&frame(&packet, 1_000)), "{packet:x?}");
            assert_eq!(duplicates.sampled, Sampled::default(), "it says nothing either way");
        }
        // With an identification, or as a reset that carries something, it is told apart.
        let marked = repeated(7, &[]).into_iter().take(2);
        let carrying = repeated(0, b"x").into_iter().step_by(2);
        for packet in marked.chain(carrying) {
            let mut duplicates = aside();
            duplicates.is_copy(&frame(&packet, 0));
            assert!(duplicates.is_copy(&frame(&packet, 1_000)), "{packet:x?}");
        }
    }

    #[test]
    fn without_dedup_none_is_a_copy_but_samples_tell() {
        let packet = ethernet(1, &[], &PACKET, 0);
        let mut duplicates = Duplicates::new(DuplicateUse::Count);
        let frames = AT_FIRST + 128 * ONE_RUN_IN * 4;
        for _ in 0..frames {
            assert!(!duplicates.is_copy(&frame(&packet, 0)));
        }
        // After the start four runs, each of which begins anew.
        assert_eq!(duplicates.sampled, Sampled { looked: 8_192 + 512, copies: 8_191 + 508 });
    }

    #[test]
    fn what_is_passed_over_at_once_is_what_is_not_looked_at() {
        let packet = ethernet(1, &[], &PACKET, 0);
        for batch in [1, 7, 64, 128] {
            let mut at_once = Duplicates::new(DuplicateUse::Count);
            let mut one_by_one = Duplicates::new(DuplicateUse::Count);
            for _ in 0..20_000 / batch {
                if !at_once.pass_over(batch) {
                    (0..batch).for_each(|_| _ = at_once.is_copy(&frame(&packet, 0)));
                }
                (0..batch).for_each(|_| _ = one_by_one.is_copy(&frame(&packet, 0)));
            }
            assert_eq!(at_once.sampled, one_by_one.sampled, "{batch}");
            assert_eq!(at_once.frames, one_by_one.frames);
        }
        assert!(!aside().pass_over(1));
    }

    #[test]
    fn any_octets_are_looked_at_without_panic() {
        let whole = ethernet(1, &[0x88, 0xa8, 0, 1, 0x81, 0, 0, 2], &PACKET, 4);
        let mut duplicates = aside();
        for end in 0..=whole.len() - 4 {
            assert!(!duplicates.is_copy(&frame(&whole[..end], 0)));
        }
        for kind in [[0x08, 0x00], [0x86, 0xdd]] {
            for octet in 0..=255 {
                let octets = [&[0; 12][..], &kind, &[octet; 40]].concat();
                duplicates.is_copy(&frame(&octets, 0));
            }
        }
    }
}
