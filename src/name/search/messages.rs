//! DNS messages in a TCP stream, each after its length (RFC 1035 §4.2.2, RFC 7766 §8).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::append::append;
use crate::name::dns::{self, Message, Strictness};

/// Takes the messages of one direction out of the stream.
#[derive(Debug)]
pub(super) struct Messages {
    strictness: Strictness,
    /// A length and a message, while they are incomplete.
    held: Vec<u8>,
    before: Before,
}

/// Whether it was DNS so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    Nothing,
    Dns,
}

/// What the next octets are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Framed {
    /// A whole message.
    Message(Message),
    /// The beginning of one, or nothing more.
    NeedMore,
    /// No DNS, and never was.
    NotDns,
    /// No message where one should start.
    Lost,
}

impl Messages {
    /// A stream that the port or its first octets take for DNS.
    pub(super) fn new(strictness: Strictness) -> Self {
        Self { strictness, held: Vec::new(), before: Before::Nothing }
    }

    /// Takes octets in order from the front of `octets`. To be called again with the rest after
    /// [`Framed::Message`].
    pub(super) fn read(&mut self, octets: &mut &[u8]) -> Framed {
        loop {
            let read = if self.held.is_empty() {
                let Some((message, rest)) = frame(octets) else {
                    self.hold(octets);
                    return Framed::NeedMore;
                };
                *octets = rest;
                dns::read(message, self.strictness)
            } else {
                if !self.fill(octets) {
                    return Framed::NeedMore;
                }
                let read = frame(&self.held).and_then(|(m, _)| dns::read(m, self.strictness));
                self.held.clear();
                read
            };
            match (read, self.before, self.strictness) {
                (Some(message), _, _) => {
                    self.before = Before::Dns;
                    return Framed::Message(message);
                }
                (None, Before::Nothing, _) => return Framed::NotDns,
                // The lengths still say where the next message starts.
                (None, Before::Dns, Strictness::Port53) => {}
                (None, Before::Dns, Strictness::ByContent) => return Framed::Lost,
            }
        }
    }

    /// Octets in use.
    pub(super) fn held(&self) -> usize {
        self.held.capacity()
    }

    /// Whether a message has begun whose end is missing. The first one on any port is not known
    /// for a message before its end.
    pub(super) fn is_within_message(&self) -> bool {
        let is_dns = self.before == Before::Dns || self.strictness == Strictness::Port53;
        is_dns && !self.held.is_empty()
    }

    fn hold(&mut self, octets: &mut &[u8]) {
        let whole = self.held.len() + missing(&self.held);
        append(&mut self.held, octets, whole);
        *octets = &[];
    }

    /// Moves octets over until the held message is whole; whether it is.
    fn fill(&mut self, octets: &mut &[u8]) -> bool {
        loop {
            let missing = missing(&self.held);
            if missing == 0 {
                return true;
            }
            let (mut taken, rest) = octets.split_at(missing.min(octets.len()));
            if taken.is_empty() {
                return false;
            }
            self.hold(&mut taken);
            *octets = rest;
        }
    }
}

/// The first message, and what follows it.
fn frame(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = octets.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*len)))
}

/// Octets that are missing: of the length first, then of the message.
fn missing(held: &[u8]) -> usize {
    match held.split_first_chunk::<2>() {
        None => 2_usize.saturating_sub(held.len()),
        Some((len, message)) => usize::from(u16::from_be_bytes(*len)).saturating_sub(message.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Framed, Messages};
    use crate::name::dns::Strictness;
    use crate::name::search::sample::{framed, query};

    fn questions(stream: &[u8], step: usize, strictness: Strictness) -> (Vec<String>, Framed) {
        let (mut messages, mut names) = (Messages::new(strictness), Vec::new());
        for part in stream.chunks(step) {
            let mut rest = part;
            loop {
                match messages.read(&mut rest) {
                    Framed::Message(message) => names
                        .extend(message.questions.into_iter().map(|q| q.name.unwrap().to_string())),
                    Framed::NeedMore => break,
                    end => return (names, end),
                }
            }
        }
        (names, Framed::NeedMore)
    }

    #[test]
    fn messages_follow_their_lengths_whatever_the_segments() {
        let stream = [framed(&query("a.example")), framed(&query("b.example"))].concat();
        for step in 1..=stream.len() {
            for strictness in [Strictness::Port53, Strictness::ByContent] {
                let (names, end) = questions(&stream, step, strictness);
                assert_eq!(
                    (names, end),
                    (vec!["a.example".into(), "b.example".into()], Framed::NeedMore)
                );
            }
        }
    }

    #[test]
    fn a_broken_message_loses_the_place_only_where_no_port_vouches_for_it() {
        let broken = framed(&[0xff; 30]);
        let stream =
            [framed(&query("a.example")), broken.clone(), framed(&query("b.example"))].concat();
        let (names, _) = questions(&stream, 7, Strictness::Port53);
        assert_eq!(names, ["a.example", "b.example"]);
        let (names, end) = questions(&stream, 7, Strictness::ByContent);
        assert_eq!((names, end), (vec!["a.example".into()], Framed::Lost));
        assert_eq!(questions(&broken, 7, Strictness::Port53).1, Framed::NotDns);
    }

    #[test]
    fn empty_messages_make_progress() {
        let stream =
            [framed(&query("a.example")), vec![0; 9], framed(&query("b.example"))].concat();
        let (names, _) = questions(&stream, 5, Strictness::Port53);
        assert_eq!(names[..1], ["a.example"]);
    }
}
