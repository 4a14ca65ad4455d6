//! DNS over TCP: which messages of a server's direction may name a flow (RFC 1035 §4.2.2).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use domain::base::Message;
use domain::base::iana::{Opcode, Rtype};

/// Where in its messages a direction is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Responses {
    /// The first octet of a length whose second one comes next.
    length: Option<u8>,
    /// Octets of the present message that are still to come, and what becomes of them.
    left: usize,
    fate: Fate,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fate {
    /// The message begins with the next octet.
    #[default]
    Open,
    Kept,
    Dropped,
}

/// Octets of a message's header, which names nothing.
const HEADER: usize = 12;

impl Responses {
    /// Whether a segment begins with a response behind its length.
    pub(super) fn may_start(payload: &[u8]) -> bool {
        payload.split_first_chunk::<2>().is_some_and(|(len, message)| {
            usize::from(u16::from_be_bytes(*len)) >= HEADER && is_response(message)
        })
    }

    /// Takes the next octets of the direction. Gives how many of them stay, from the first on,
    /// and whether a message before the last one that stays was overwritten with zeros: its
    /// header and its length stay, so that those after it are found.
    pub(super) fn cut(&mut self, payload: &mut [u8]) -> (usize, bool) {
        let (mut at, mut kept, mut overwritten) = (0, 0, None);
        while at < payload.len() {
            if self.left == 0 {
                // A length that is all there is stays: what it belongs to comes next.
                at += self.read_length(payload.get(at..).unwrap_or_default());
                if at == payload.len() {
                    kept = at;
                }
                continue;
            }
            let rest = payload.get_mut(at..).unwrap_or_default();
            let here = self.left.min(rest.len());
            let message = rest.get_mut(..here).unwrap_or_default();
            let mut names_nothing = 0;
            if self.fate == Fate::Open {
                (self.fate, names_nothing) =
                    if may_name(message) { (Fate::Kept, 0) } else { (Fate::Dropped, HEADER) };
            }
            if self.fate == Fate::Kept {
                kept = at + here;
            } else if let Some(rest) = message.get_mut(names_nothing..) {
                rest.fill(0);
                overwritten = overwritten.or(Some(at));
            }
            at += here;
            self.left -= here;
        }
        (kept, overwritten.is_some_and(|at| at < kept))
    }

    /// Reads what is there of a length; how many octets.
    fn read_length(&mut self, octets: &[u8]) -> usize {
        let (length, read) = match (self.length.take(), octets) {
            (Some(high), [low, ..]) => ([high, *low], 1),
            (None, [high, low, ..]) => ([*high, *low], 2),
            (_, [high]) => {
                self.length = Some(*high);
                return 1;
            }
            (_, []) => return 0,
        };
        (self.left, self.fate) = (usize::from(u16::from_be_bytes(length)), Fate::Open);
        read
    }
}

/// Whether the octets begin as a response to a standard query does, with one question.
fn is_response(octets: &[u8]) -> bool {
    Message::from_octets(octets).is_ok_and(|message| {
        let header = message.header();
        header.qr() && header.opcode() == Opcode::QUERY && message.header_counts().qdcount() == 1
    })
}

/// Whether the message may hold addresses that answer its question, by its header and question:
/// its answers may be in a later segment.
fn may_name(octets: &[u8]) -> bool {
    let question = || Message::from_octets(octets).ok()?.first_question();
    let answers = |message: &Message<&[u8]>| message.header_counts().ancount() > 0;
    is_response(octets)
        && Message::from_octets(octets).is_ok_and(|message| answers(&message))
        && question().is_some_and(|question| {
            matches!(question.qtype(), Rtype::A | Rtype::AAAA | Rtype::HTTPS | Rtype::SVCB)
        })
}

#[cfg(test)]
pub(in crate::export) mod tests {
    use super::*;

    /// A response behind its length, with one record of so many octets.
    pub(in crate::export) fn response(kind: u16, data: usize) -> Vec<u8> {
        let mut message = [&[7, 7, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0][..], NAME].concat();
        message.extend([&kind.to_be_bytes()[..], &[0, 1]].concat());
        message.extend([&[0xc0, 12][..], &kind.to_be_bytes(), &[0, 1, 0, 0, 1, 0]].concat());
        message.extend(u16::try_from(data).unwrap().to_be_bytes());
        message.extend(vec![0x53; data]);
        [&u16::try_from(message.len()).unwrap().to_be_bytes()[..], &message].concat()
    }

    const NAME: &[u8] = b"\x06secret\x07example\0";
    const A: u16 = 1;
    const TXT: u16 = 16;
    const AXFR: u16 = 252;

    /// What stays of each part.
    fn cut(parts: &[&[u8]]) -> Vec<(Vec<u8>, bool)> {
        let mut responses = Responses::default();
        let one = |part: &&[u8]| {
            let mut octets = part.to_vec();
            let (kept, overwritten) = responses.cut(&mut octets);
            octets.truncate(kept);
            (octets, overwritten)
        };
        parts.iter().map(one).collect()
    }

    #[test]
    fn an_answer_with_addresses_stays_however_it_is_cut() {
        let answer = response(A, 4);
        assert!(Responses::may_start(&answer));
        assert_eq!(cut(&[&answer]), [(answer.clone(), false)]);
        // Its header and question come in one segment, its length perhaps before.
        for first in [1, 2, 36, 40, answer.len() - 1] {
            let (head, rest) = answer.split_at(first);
            assert_eq!(cut(&[head, rest]), [(head.to_vec(), false), (rest.to_vec(), false)]);
        }
        let two = [answer.clone(), answer.clone()].concat();
        assert_eq!(cut(&[&two]), [(two, false)]);
    }

    #[test]
    fn what_has_no_address_goes() {
        for kind in [TXT, AXFR] {
            let other = response(kind, 90);
            assert_eq!(cut(&[&other[..40], &other[40..]]), [(vec![], false), (vec![], false)]);
            let answer = response(A, 4);
            let after = [answer.clone(), other.clone()].concat();
            assert_eq!(cut(&[&after]), [(answer.clone(), false)]);
            // Before one that stays, its length and header do, too.
            let before = [other.clone(), answer.clone()].concat();
            let [(octets, true)] = &cut(&[&before])[..] else { panic!() };
            assert_eq!(octets.len(), before.len());
            assert_eq!(octets[..14], before[..14]);
            assert!(octets[14..other.len()].iter().all(|octet| *octet == 0));
            assert_eq!(octets[other.len()..], answer);
        }
        let mut question = response(A, 4);
        question[4] = 0x01;
        assert!(!Responses::may_start(&question));
        assert_eq!(cut(&[&question]), [(vec![], false)]);
        let mut none = response(A, 4);
        none[9] = 0;
        assert_eq!(cut(&[&none]), [(vec![], false)]);
    }

    #[test]
    fn any_octets_and_empty_messages_come_to_an_end() {
        assert_eq!(cut(&[&[0; 9]]), [(vec![0; 9], false)]);
        for len in 0..80 {
            let octets: Vec<u8> = (0..len).map(|n: u8| n.wrapping_mul(37)).collect();
            cut(&[&octets, &octets]);
        }
        assert!(!Responses::may_start(&[0, 40]));
    }
}
