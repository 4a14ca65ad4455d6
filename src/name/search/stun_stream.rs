//! STUN and TURN in a TCP connection: messages behind each other, and what a relay carries among
//! them.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::call::{MOST_MESSAGES, StunTold};
use crate::flow::{FlowFlags, Side};
use crate::name::append::append;
use crate::name::rtp::Rtp;
use crate::name::stun::{self, FrameKind, Framing};

/// Takes the messages of one direction out of the stream.
#[derive(Debug)]
pub(super) struct StunStream {
    framing: Framing,
    /// A frame, while it is incomplete: `held.len() <= LONGEST_FRAME`.
    held: Vec<u8>,
    /// Octets that are passed over before the next frame.
    pass: usize,
    frames: u8,
    rtp: Rtp,
    /// Whether the sender has said which program it is.
    told: bool,
}

/// What the next octets are.
#[derive(Debug)]
pub(super) enum StreamRead {
    /// A whole message, or data that a relay carries.
    Message(StunTold),
    /// The beginning of one, or nothing more.
    NeedMore,
    /// Nothing more is read.
    Over,
}

impl StunStream {
    /// None of the octets was read yet.
    pub(super) fn new(framing: Framing) -> Self {
        Self { framing, held: Vec::new(), pass: 0, frames: 0, rtp: Rtp::default(), told: false }
    }

    /// Takes octets in order from the front of `octets`, which `sender` sent. To be called again
    /// with the rest after [`StreamRead::Message`].
    pub(super) fn read(&mut self, octets: &mut &[u8], sender: Side) -> StreamRead {
        while self.frames < MOST_MESSAGES {
            if !self.pass_over(octets) || !self.fill(octets, self.framing.header()) {
                return StreamRead::NeedMore;
            }
            let Some(frame) = self.framing.frame(&self.held) else { break };
            if frame.kind == FrameKind::Relayed || frame.len > LONGEST_FRAME {
                self.pass = frame.len.saturating_sub(self.held.len());
                self.held.clear();
                self.frames += 1;
                if frame.kind == FrameKind::Relayed {
                    return StreamRead::Message(StunTold::flags(
                        FlowFlags::MEDIA | FlowFlags::TURN,
                    ));
                }
                continue;
            }
            if !self.fill(octets, frame.len) {
                return StreamRead::NeedMore;
            }
            self.frames += 1;
            let held = std::mem::take(&mut self.held);
            let inside = held.get(self.framing.before()..).unwrap_or_default();
            match self.message(inside, sender) {
                Some(told) => return StreamRead::Message(told),
                None if self.framing == Framing::Bare => break,
                None => {}
            }
        }
        self.frames = MOST_MESSAGES;
        self.held = Vec::new();
        StreamRead::Over
    }

    /// Steps over octets that nobody saw. Where a frame begins is known only behind what is passed
    /// over.
    pub(super) fn skip(&mut self, octets: u64) {
        match usize::try_from(octets).ok().and_then(|octets| self.pass.checked_sub(octets)) {
            Some(left) => self.pass = left,
            None => self.frames = MOST_MESSAGES,
        }
    }

    /// Octets in use.
    pub(super) fn held(&self) -> usize {
        self.held.capacity()
    }

    /// What is in a frame; none where it is neither STUN nor sound.
    fn message(&mut self, inside: &[u8], sender: Side) -> Option<StunTold> {
        let Some(message) = stun::read(inside) else {
            return self.rtp.offer(inside, sender).then(|| StunTold::flags(FlowFlags::MEDIA));
        };
        let mut told = StunTold::of(&message, sender, &mut self.rtp);
        told.software = told.software.filter(|_| !self.told);
        self.told |= told.software.is_some();
        Some(told)
    }

    /// Whether all that is passed over has been.
    fn pass_over(&mut self, octets: &mut &[u8]) -> bool {
        let (passed, rest) = octets.split_at(self.pass.min(octets.len()));
        self.pass -= passed.len();
        *octets = rest;
        self.pass == 0
    }

    /// Moves octets over until so many are held; whether they are.
    fn fill(&mut self, octets: &mut &[u8], len: usize) -> bool {
        let missing = len.saturating_sub(self.held.len());
        let (taken, rest) = octets.split_at(missing.min(octets.len()));
        append(&mut self.held, taken, len);
        *octets = rest;
        taken.len() == missing
    }
}

/// Octets of a frame that is read; a longer one is passed over. What names a relay is short.
const LONGEST_FRAME: usize = 4096;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
        let len = u16::try_from(value.len()).unwrap().to_be_bytes();
        let mut octets = [&kind.to_be_bytes()[..], &len, value].concat();
        octets.resize(octets.len().next_multiple_of(4), 0);
        octets
    }

    fn message(kind: u16, attributes: &[Vec<u8>]) -> Vec<u8> {
        let content = attributes.concat();
        let len = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&kind.to_be_bytes()[..], &len, &[0x21, 0x12, 0xa4, 0x42], &[b't'; 12], &content].concat()
    }

    fn answer() -> Vec<u8> {
        message(0x0113, &[attribute(0x0014, b"turn.example.org"), attribute(0x8022, b"a relay")])
    }

    fn framed(framing: Framing, kind: u8, inside: &[u8]) -> Vec<u8> {
        let len = u16::try_from(inside.len()).unwrap().to_be_bytes();
        match framing {
            Framing::Bare => inside.to_vec(),
            Framing::Counted => [&len[..], inside].concat(),
            Framing::Microsoft => [&[kind, 0][..], &len, inside].concat(),
        }
    }

    /// What a stream in parts of so many octets says: flags, realm, software, and whether it is
    /// over.
    fn heard(framing: Framing, stream: &[u8], step: usize) -> (FlowFlags, Vec<String>, bool) {
        let (mut read, mut flags, mut texts) =
            (StunStream::new(framing), FlowFlags::default(), vec![]);
        for part in stream.chunks(step) {
            let mut rest = part;
            loop {
                match read.read(&mut rest, Side::High) {
                    StreamRead::Message(told) => {
                        flags |= told.flags;
                        texts.extend(told.realm.map(|name| name.to_string()));
                        texts.extend(told.software.map(String::from));
                    }
                    StreamRead::NeedMore => break,
                    StreamRead::Over => return (flags, texts, true),
                }
            }
            assert!(read.held() <= LONGEST_FRAME);
        }
        (flags, texts, false)
    }

    const TURN: FlowFlags = FlowFlags(FlowFlags::STUN.0 | FlowFlags::TURN.0);

    #[test]
    fn answers_of_a_relay_are_read_in_each_framing_however_they_are_cut() {
        for framing in [Framing::Bare, Framing::Counted, Framing::Microsoft] {
            let frame = |inside: &[u8]| framed(framing, 2, inside);
            let stream =
                [frame(&message(0x0101, &[])), frame(&answer()), frame(&answer())].concat();
            for step in 1..=stream.len() {
                let (flags, texts, over) = heard(framing, &stream, step);
                assert_eq!((flags, over), (TURN, false), "{framing:?} {step}");
                let expected = ["turn.example.org", "a relay", "turn.example.org"];
                assert_eq!(texts, expected, "{framing:?} {step}");
            }
        }
    }

    #[test]
    fn what_a_relay_carries_is_passed_over_with_its_padding() {
        // ChannelData of five octets, which take eight (RFC 8656 §12.5).
        let channel = b"\x40\x01\x00\x05stun?\0\0\0";
        let mut long = message(0x0017, &[attribute(0x0013, &vec![7; 60_000])]);
        long.extend(channel);
        let stream = [&answer()[..], channel, &long, &answer()].concat();
        for step in [1, 7, 1400, stream.len()] {
            let (flags, texts, over) = heard(Framing::Bare, &stream, step);
            assert_eq!((flags, over), (TURN | FlowFlags::MEDIA, false));
            assert_eq!(texts, ["turn.example.org", "a relay", "turn.example.org"]);
        }
        let data =
            |at: u8| framed(Framing::Microsoft, 3, &[0x80, 0, 0, at, 0, 0, 0, at, 1, 2, 3, 4]);
        let first = framed(Framing::Microsoft, 2, &message(0x0003, &[]));
        let stream = [first, data(0), data(1), data(2), data(3)].concat();
        assert!(heard(Framing::Microsoft, &stream, 5).0.has(FlowFlags::MEDIA));
    }

    #[test]
    fn what_is_no_message_ends_it_and_so_does_a_hole() {
        for other in [&b"\x80\0\0\0more"[..], b"\0\x01\0\0no cookie, no STUN", b"\xff\xff\xff\xff"]
        {
            let stream = [&answer()[..], other].concat();
            let (_, texts, over) = heard(Framing::Bare, &stream, 3);
            assert_eq!((texts.len(), over), (2, true));
        }
        let mut stream = StunStream::new(Framing::Bare);
        let all = [answer(), b"\x40\x01\x03\xe8some".to_vec()].concat();
        let mut rest = &all[..];
        while !rest.is_empty() {
            assert!(!matches!(stream.read(&mut rest, Side::Low), StreamRead::Over));
        }
        // Within what is relayed a hole does not matter, behind it the place is lost.
        stream.skip(996);
        assert!(matches!(stream.read(&mut &answer()[..], Side::Low), StreamRead::Message(_)));
        stream.skip(1);
        assert!(matches!(stream.read(&mut &answer()[..], Side::Low), StreamRead::Over));
    }

    #[test]
    fn messages_without_end_are_looked_at_a_few_times() {
        let stream = message(0x0101, &[]).repeat(200);
        assert!(heard(Framing::Bare, &stream, 1000).2);
    }

    proptest! {
        #[test]
        fn any_octets_in_any_parts_give_the_same(octets: Vec<u8>, step in 1..50_usize) {
            for framing in [Framing::Bare, Framing::Counted, Framing::Microsoft] {
                let stream = [framed(framing, 2, &answer()), octets.clone()].concat();
                let whole = heard(framing, &stream, stream.len());
                prop_assert_eq!(heard(framing, &stream, step), whole);
            }
        }
    }
}
