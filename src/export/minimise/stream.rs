//! One direction of a TCP flow: which of its octets name the flow.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use super::flight::{Flight, Told};
use super::request::Requests;
use super::responses::Responses;

/// Whether a flow still wants a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// The client has named the server: a certificate says no more.
    Done,
    /// It has not, so far.
    Wanted,
    /// A hello in this very frame names it, and no other name that could be a basis was seen in the
    /// flow: so a hello that begins this segment does, whatever stood before it.
    Here,
}

/// What a direction is, as far as it was seen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Stream {
    /// No payload so far.
    #[default]
    Unseen,
    /// What names the flow, a ClientHello or a server's certificate with what stands before it,
    /// starts at this sequence number and has so many octets.
    Naming { start: u32, len: u32 },
    /// A server's first octets, of which it is not known yet where the certificate ends; the
    /// next octet has this number.
    Flight { start: u32, next: u32, flight: Flight },
    /// Requests; the next octet has this number.
    Requests { next: u32, requests: Requests },
    /// A resolver's messages; the next octet has this number.
    Responses { next: u32, responses: Responses },
    /// Nothing that names.
    Other,
}

/// What is kept of a segment's payload: so many octets from its start, perhaps overwritten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) octets: usize,
    pub(super) overwritten: Option<Overwritten>,
}

/// What was overwritten of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overwritten {
    Request,
    Response,
    Login,
}

impl Stream {
    /// Takes a segment with this sequence number; overwrites what may not stay in `payload`.
    /// `naming` is asked where a server's first octets may hold a certificate.
    pub(super) fn segment(
        &mut self,
        seq: u32,
        payload: &mut [u8],
        naming: impl FnOnce() -> Naming,
    ) -> Part {
        if payload.is_empty() {
            return Part::default();
        }
        if matches!(self, Self::Unseen) {
            *self = Self::of(seq, payload, naming);
        } else if matches!(self, Self::Other) && is_whole_hello(payload) && naming() == Naming::Here
        {
            // Behind STARTTLS or a PROXY header: alone, it is found again.
            *self = Self::of(seq, payload, || Naming::Done);
        }
        if let Self::Flight { start, next, flight } = self
            && *next == seq
        {
            let octets = u32::try_from(payload.len()).unwrap_or(u32::MAX);
            let (start, before) = (*start, seq.wrapping_sub(*start));
            *next = seq.wrapping_add(octets);
            match flight.read(payload) {
                Told::Further => return Part { octets: payload.len(), overwritten: None },
                Told::EndsAfter(len) => {
                    let len = before.saturating_add(len);
                    *self = Self::Naming { start, len: len.min(LONGEST_HELLO) };
                }
                Told::None => *self = Self::Other,
            }
        }
        match self {
            Self::Naming { start, len } => {
                // Segments may come in any order, and twice.
                let at = seq.wrapping_sub(*start);
                let left = len.saturating_sub(at);
                let octets = payload.len().min(usize::try_from(left).unwrap_or(0));
                Part { octets, overwritten: None }
            }
            Self::Requests { next, requests } if *next == seq => {
                let octets = requests.overwrite(payload);
                *next = seq.wrapping_add(u32::try_from(payload.len()).unwrap_or(u32::MAX));
                Part { octets, overwritten: (octets > 0).then_some(Overwritten::Request) }
            }
            // After a hole, or twice: where a request or a record begins is not known.
            Self::Requests { .. }
            | Self::Responses { .. }
            | Self::Flight { .. }
            | Self::Unseen
            | Self::Other => Part::default(),
        }
    }

    /// The same for a segment that comes from a resolver's port. After a hole, messages are found
    /// again where a segment begins with one.
    pub(super) fn resolved(&mut self, seq: u32, payload: &mut [u8]) -> Part {
        if payload.is_empty() {
            return Part::default();
        }
        let is_length = payload.len() <= 2 && matches!(self, Self::Unseen);
        let goes_on = matches!(self, Self::Responses { next, .. } if *next == seq);
        if !goes_on && (is_length || Responses::may_start(payload)) {
            *self = Self::Responses { next: seq, responses: Responses::default() };
        }
        match self {
            Self::Responses { next, responses } if *next == seq => {
                *next = seq.wrapping_add(u32::try_from(payload.len()).unwrap_or(u32::MAX));
                let (octets, overwritten) = responses.cut(payload);
                Part { octets, overwritten: overwritten.then_some(Overwritten::Response) }
            }
            _ => Part::default(),
        }
    }

    fn of(seq: u32, payload: &[u8], naming: impl FnOnce() -> Naming) -> Self {
        match payload {
            [22, 3, 0..=4, a, b, 1, high, middle, low, ..] => {
                let record = u32::from(u16::from_be_bytes([*a, *b])).max(1);
                let message = u32::from_be_bytes([0, *high, *middle, *low]) + 4;
                let records = message.div_ceil(record);
                let len = message.saturating_add(records.saturating_mul(5));
                Self::Naming { start: seq, len: len.min(LONGEST_HELLO) }
            }
            _ if Flight::may_start(payload) && naming() == Naming::Wanted => {
                Self::Flight { start: seq, next: seq, flight: Flight::start() }
            }
            _ if Requests::may_start(payload) => {
                Self::Requests { next: seq, requests: Requests::start() }
            }
            _ => Self::Other,
        }
    }
}

/// Whether a segment begins with a record that holds a whole ClientHello.
fn is_whole_hello(payload: &[u8]) -> bool {
    let [22, 3, 0..=4, a, b, 1, 0, c, d, ..] = payload else { return false };
    let (record, message) = (u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
    u32::from(record) >= u32::from(message) + 4 && payload.len() >= usize::from(record) + 5
}

/// Octets of a hello that are kept: what vigie's own search reads at most of one.
const LONGEST_HELLO: u32 = 96 * 1024;

#[cfg(test)]
mod tests {
    use super::super::flight::tests::flight;
    use super::*;
    use crate::export::minimise::responses::tests::response;

    fn hello(message: u8) -> Vec<u8> {
        let mut octets = vec![22, 3, 1, 0, message + 4, 1, 0, 0, message];
        octets.extend(vec![7; usize::from(message)]);
        octets
    }

    #[test]
    fn a_hello_is_kept_to_its_last_octet_and_nothing_after_it() {
        let mut octets = hello(50);
        octets.extend([23, 3, 3, 0, 9]);
        let mut stream = Stream::default();
        assert_eq!(stream.segment(100, &mut octets, || Naming::Wanted).octets, 59);
        assert_eq!(stream.segment(164, &mut [1, 2, 3], || Naming::Wanted).octets, 0);
    }

    #[test]
    fn segments_of_a_hello_are_kept_in_any_order() {
        let octets = hello(50);
        let mut stream = Stream::default();
        assert_eq!(
            stream.segment(u32::MAX - 9, &mut octets[..20].to_vec(), || Naming::Done).octets,
            20
        );
        assert_eq!(stream.segment(30, &mut octets[40..].to_vec(), || Naming::Done).octets, 19);
        assert_eq!(stream.segment(10, &mut octets[20..40].to_vec(), || Naming::Done).octets, 20);
        assert_eq!(stream.segment(49, &mut [0; 20], || Naming::Done).octets, 0);
    }

    #[test]
    fn a_resolvers_answers_are_kept_and_found_again_after_a_hole() {
        let answer = response(1, 4);
        let len = u32::try_from(answer.len()).unwrap();
        let mut stream = Stream::default();
        let mut segment = |seq, octets: &[u8]| stream.resolved(seq, &mut octets.to_vec()).octets;
        assert_eq!(segment(9, &answer), answer.len());
        assert_eq!(segment(9 + len, &answer[..2]), 2);
        assert_eq!(segment(11 + len, &answer[2..]), answer.len() - 2);
        // Again, and after a hole in which one ended.
        assert_eq!(segment(9, &answer), answer.len());
        assert_eq!(segment(5_000, &answer[30..]), 0);
        assert_eq!(segment(6_000, &answer), answer.len());
        assert_eq!(
            stream
                .segment(6_000 + len, &mut b"GET / HTTP/1.1\r\n".to_vec(), || Naming::Wanted)
                .octets,
            0
        );
        let mut other = Stream::default();
        assert_eq!(other.resolved(1, &mut b"220 mail.example\r\n".to_vec()).octets, 0);
    }

    #[test]
    fn behind_what_leads_to_tls_a_hello_is_kept_that_names_the_flow() {
        let hello = hello(50);
        let more = [&hello[..], b"\x17\x03\x03\0\x09secret"].concat();
        let start = b"EHLO a.example\r\nSTARTTLS\r\n";
        let cut = |before: &[u8], segment: &[u8], naming: Naming| {
            let mut stream = Stream::default();
            stream.segment(7, &mut before.to_vec(), || naming);
            let next = 7 + u32::try_from(before.len()).unwrap();
            stream.segment(next, &mut segment.to_vec(), || naming).octets
        };
        assert_eq!(cut(start, &more, Naming::Here), hello.len());
        // It names nobody, or is not there as a whole, or stands in a request's body.
        assert_eq!(cut(start, &more, Naming::Wanted), 0);
        assert_eq!(cut(start, &more, Naming::Done), 0);
        assert_eq!(cut(start, &hello[..58], Naming::Here), 0);
        let post = b"POST / HTTP/1.1\r\nContent-Length: 59\r\n\r\n";
        assert_eq!(cut(post, &more, Naming::Here), 0);
    }

    #[test]
    fn of_anything_else_nothing_is_kept() {
        for octets in
            [&b"SSH-2.0-x\r\n"[..], b"\x16\x03\x03\x00\x30\x02\x00\x00\x2c", b"HTTP/1.1 200 OK\r\n"]
        {
            let mut stream = Stream::default();
            assert_eq!(stream.segment(1, &mut octets.to_vec(), || Naming::Done), Part::default());
            assert_eq!(
                stream.segment(1, &mut b"GET / HTTP/1.1\r\n".to_vec(), || Naming::Done),
                Part::default()
            );
        }
    }

    #[test]
    fn a_certificate_is_kept_to_its_last_octet_where_the_client_named_nobody() {
        for fragment in [100, 2000] {
            let (octets, end) = flight(900, fragment);
            let kept = |naming: Naming, cuts: &[usize]| {
                let mut stream = Stream::default();
                let mut kept = 0;
                let ends = cuts.iter().copied().chain([octets.len()]);
                let mut from = 0;
                for to in ends {
                    let seq = u32::MAX.wrapping_sub(50).wrapping_add(u32::try_from(from).unwrap());
                    kept += stream.segment(seq, &mut octets[from..to].to_vec(), || naming).octets;
                    from = to;
                }
                kept
            };
            for cut in 8..octets.len() {
                let kept = kept(Naming::Wanted, &[cut]);
                assert!((end..end + 6).contains(&kept), "{fragment} {cut}: {kept}, not {end}");
            }
            assert_eq!(kept(Naming::Done, &[]), 0);
        }
        let mut stream = Stream::default();
        let mut resumed = vec![22, 3, 3, 0, 6, 2, 0, 0, 2, 3, 3, 20, 3, 3, 0, 1, 1];
        assert_eq!(stream.segment(1, &mut resumed, || Naming::Wanted), Part::default());
    }

    #[test]
    fn segments_of_a_certificate_are_kept_in_any_order_once_its_length_is_known() {
        let (octets, end) = flight(900, 2000);
        let mut stream = Stream::default();
        let mut take = |from: usize, to: usize| {
            let seq = u32::try_from(from).unwrap();
            stream.segment(seq, &mut octets[from..to].to_vec(), || Naming::Wanted).octets
        };
        assert_eq!(take(0, 200), 200);
        assert_eq!(take(500, octets.len()), end - 500);
        assert_eq!(take(200, 500), 300);
    }
}
