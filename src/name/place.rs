//! Where names stand in what a client says first: for whoever writes them anew.
//!
//! Every name counts here, also those that the search for names passes over: the second of a
//! list, and what is no host name.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::ops::Range;

use super::cursor::{Cursor, Stop};
use super::tls::server_flight::{ALERT, FlightRead, SERVER_HELLO, ServerFlight};
use super::{dtls, proxy, quic};

/// Octets of a handshake message of TLS before its body (RFC 8446 §4).
const HEADER: usize = 4;
/// Handshake type of a ClientHello.
const CLIENT_HELLO: u8 = 1;
/// Extension type (RFC 6066 §3).
const SERVER_NAME: u16 = 0;
/// Octets of a TLS record's header (RFC 8446 §5.1), and its type.
const RECORD: usize = 5;
const HANDSHAKE: u8 = 22;

/// What a client's first octets are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstWords {
    /// A whole message; where its names stand, each in one part or several.
    Whole(Vec<Vec<Range<usize>>>),
    /// The beginning of one: nothing of it names a flow.
    Part,
    /// None that is known.
    Other,
}

/// The names in a handshake message that a client of TLS or of Google's QUIC begins with.
pub fn names_in_message(message: &[u8]) -> FirstWords {
    if quic::is_google_hello(message) {
        return match quic::google_hello(message) {
            Some(hello) => {
                let name = hello.server_name.and_then(|name| place(message, name));
                FirstWords::Whole(name.map(|name| vec![name]).into_iter().collect())
            }
            None => FirstWords::Part,
        };
    }
    let [CLIENT_HELLO, high, middle, low, ..] = *message else {
        return if message.len() < HEADER && message.first().is_none_or(|kind| *kind == CLIENT_HELLO)
        {
            FirstWords::Part
        } else {
            FirstWords::Other
        };
    };
    let len = usize::try_from(u32::from_be_bytes([0, high, middle, low])).unwrap_or(usize::MAX);
    match message.get(HEADER..HEADER.saturating_add(len)) {
        Some(body) => FirstWords::Whole(alone(shifted(names_in_body(body, Cookie::None), HEADER))),
        None => FirstWords::Part,
    }
}

/// The names in octets of a TCP stream that begins with records of TLS. A server's certificate
/// has none that could be replaced: it says by other ways, too, whose it is.
pub fn names_in_records(stream: &[u8]) -> FirstWords {
    if let [HANDSHAKE, 3, _, _, _, SERVER_HELLO, ..] | [ALERT, 3, ..] = *stream {
        return match ServerFlight::default().read(stream) {
            FlightRead::Leaf(_) => FirstWords::Whole(Vec::new()),
            FlightRead::NeedMore => FirstWords::Part,
            FlightRead::Nothing | FlightRead::TooLong => FirstWords::Other,
        };
    }
    let (mut message, mut places) = (Vec::new(), Vec::new());
    let mut at = 0;
    loop {
        let read = names_in_message(&message);
        match read {
            FirstWords::Whole(names) => {
                let names = names.into_iter().flatten().filter_map(|name| places.get(name));
                return FirstWords::Whole(names.map(runs).collect());
            }
            FirstWords::Other => return FirstWords::Other,
            FirstWords::Part => {}
        }
        let Some(header) = stream.get(at..).and_then(<[u8]>::first_chunk::<RECORD>) else {
            return FirstWords::Part;
        };
        let [HANDSHAKE, 3, _, high, low] = *header else { return FirstWords::Other };
        let len = usize::from(u16::from_be_bytes([high, low]));
        let start = at + RECORD;
        let end = (start + len).min(stream.len());
        message.extend_from_slice(stream.get(start..end).unwrap_or_default());
        places.extend(start..end);
        if len == 0 {
            return FirstWords::Other;
        }
        at = start + len;
    }
}

/// The header of a datagram on its way through a SOCKS 5 relay (RFC 1928 §7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayHeader {
    /// Octets of it; what is relayed stands behind them.
    pub len: usize,
    /// Where the destination stands (of a datagram that comes back, the source).
    pub host: Range<usize>,
    /// What that is.
    pub kind: RelayHost,
}

/// How a relay's header states a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayHost {
    /// An address.
    Address,
    /// A name.
    Name,
}

/// The relay's header that a datagram begins with, if it looks so.
pub fn relay_header(datagram: &[u8]) -> Option<RelayHeader> {
    let relayed = proxy::read_relayed(datagram, u32::MAX)?;
    let len = usize::try_from(relayed.header).ok()?;
    // Reserved octets, fragment and type stand before an address, and the length before a name;
    // the port behind it.
    let (start, kind) =
        if relayed.host.is_some() { (5, RelayHost::Name) } else { (4, RelayHost::Address) };
    Some(RelayHeader { len, host: start..len.checked_sub(2)?, kind })
}

/// What a datagram shows in the clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A server's name.
    Name(Range<usize>),
    /// A part of a first message: a name may begin or end in it.
    Part(Range<usize>),
}

/// What a datagram of DTLS (RFC 9147 §5.2) or of Google's QUIC before Q050 shows of a client's
/// first message.
pub fn shown_in_datagram(datagram: &[u8]) -> Vec<Shown> {
    let mut shown = Vec::new();
    let mut take = |part: &[u8], words: FirstWords| {
        let Some(part) = place(datagram, part) else { return };
        match words {
            FirstWords::Whole(names) => {
                let names = shifted(names.concat(), part.start);
                shown.extend(names.into_iter().map(Shown::Name));
            }
            FirstWords::Part => shown.push(Shown::Part(part)),
            FirstWords::Other => {}
        }
    };
    match quic::google_first(datagram) {
        Some(quic::GoogleFirst::Own(hello)) => {
            let name = hello.server_name.unwrap_or_default();
            let whole = 0..name.len();
            take(name, FirstWords::Whole(vec![vec![whole]]));
        }
        Some(quic::GoogleFirst::Tls(message)) => take(message, names_in_message(message)),
        None => {
            for hello in dtls::hellos(datagram) {
                take(
                    hello.octets,
                    if hello.is_whole {
                        FirstWords::Whole(alone(names_in_body(hello.octets, Cookie::Some)))
                    } else {
                        FirstWords::Part
                    },
                );
            }
        }
    }
    shown
}

/// Whether a ClientHello has a cookie (RFC 9147 §5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cookie {
    None,
    Some,
}

/// The names in the body of a ClientHello (RFC 8446 §4.1.2), as far as it can be read.
fn names_in_body(body: &[u8], cookie: Cookie) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    // What is broken ends it; the names before count.
    let _ = walk(body, cookie, &mut names);
    names
}

fn walk(body: &[u8], cookie: Cookie, names: &mut Vec<Range<usize>>) -> Result<(), Stop> {
    let mut cursor = Cursor::new(body);
    cursor.take(2 + 32)?;
    cursor.counted8()?;
    if cookie == Cookie::Some {
        cursor.counted8()?;
    }
    cursor.counted16()?;
    cursor.counted8()?;
    cursor.u16()?;
    loop {
        let kind = cursor.u16()?;
        let content = cursor.counted16()?;
        if kind == SERVER_NAME {
            let mut list = Cursor::new(content);
            list.u16()?;
            while let (Ok(_), Ok(name)) = (list.u8(), list.counted16()) {
                names.extend(place(body, name));
            }
        }
    }
}

/// Names in one part each.
fn alone(names: Vec<Range<usize>>) -> Vec<Vec<Range<usize>>> {
    names.into_iter().map(|name| vec![name]).collect()
}

/// Places one behind the other, as ranges: a record's header may stand in a name.
fn runs(places: &[usize]) -> Vec<Range<usize>> {
    let parts = places.chunk_by(|a, b| a + 1 == *b);
    parts.filter_map(|part| Some(*part.first()?..part.last()? + 1)).collect()
}

/// Where a part stands in the whole that it was borrowed from.
fn place(whole: &[u8], part: &[u8]) -> Option<Range<usize>> {
    let start = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    (start + part.len() <= whole.len()).then_some(start..start + part.len())
}

fn shifted(names: Vec<Range<usize>>, by: usize) -> Vec<Range<usize>> {
    names.into_iter().map(|name| name.start + by..name.end + by).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::name::dtls::sample as datagrams;
    use crate::name::tls::sample::{Hello, records};
    use crate::name::tls::server_flight::tests::flight;

    const NAME: &str = "contoso.sharepoint.com";

    fn hello() -> Vec<u8> {
        Hello { sni: Some(NAME), alpn: &["h2"], padding: 40, ..Hello::default() }.message()
    }

    fn names<'a>(octets: &'a [u8], words: &FirstWords) -> Vec<&'a [u8]> {
        let FirstWords::Whole(names) = words else { return Vec::new() };
        names.iter().flatten().map(|part| &octets[part.clone()]).collect()
    }

    #[test]
    fn the_name_is_found_where_it_stands_and_a_cut_message_has_none() {
        let message = hello();
        assert_eq!(names(&message, &names_in_message(&message)), [NAME.as_bytes()]);
        for len in 0..message.len() {
            assert_eq!(names_in_message(&message[..len]), FirstWords::Part, "{len}");
        }
        assert_eq!(names_in_message(b"\x02\0\0\0"), FirstWords::Other);
        assert_eq!(names_in_message(b"GET "), FirstWords::Other);
    }

    #[test]
    fn a_name_that_records_part_is_found_in_its_parts() {
        let message = hello();
        for fragment in [7, 60, 1 << 14] {
            let stream = records(&message, fragment);
            let parts = names(&stream, &names_in_records(&stream));
            assert_eq!(parts.concat(), NAME.as_bytes(), "{fragment}");
            assert_eq!(names_in_records(&stream[..stream.len() - 1]), FirstWords::Part);
        }
        assert_eq!(names_in_records(b"\x17\x03\x03\0\x01x"), FirstWords::Other);
    }

    #[test]
    fn a_servers_words_are_whole_with_its_certificate_and_say_no_name() {
        for fragment in [90, 1 << 14] {
            let stream = records(&flight(&[NAME]), fragment);
            let whole = FirstWords::Whole(Vec::new());
            let end = (6..stream.len()).find(|len| names_in_records(&stream[..*len]) == whole);
            let name = stream.windows(7).position(|octets| octets == b"contoso").unwrap();
            assert!(end.unwrap() > name + NAME.len());
            for len in 6..end.unwrap() {
                assert_eq!(names_in_records(&stream[..len]), FirstWords::Part, "{len}");
            }
            assert_eq!(names_in_records(&stream), whole);
        }
        assert_eq!(names_in_records(b"\x16\x03\x03\0\x04\x02\0\0\0"), FirstWords::Other);
    }

    #[test]
    fn datagrams_show_names_and_parts_of_them() {
        let body = datagrams::hello(Some(NAME), &[7; 20], false);
        let whole = &datagrams::datagrams(&body, 0, 4000)[0];
        let [Shown::Name(name)] = &shown_in_datagram(whole)[..] else { panic!("no name") };
        assert_eq!(&whole[name.clone()], NAME.as_bytes());
        for part in datagrams::datagrams(&body, 0, 30) {
            assert!(matches!(shown_in_datagram(&part)[..], [Shown::Part(_)]));
        }
        assert_eq!(shown_in_datagram(b"no datagram of these"), []);
    }

    proptest! {
        #[test]
        fn no_octets_make_it_panic_or_point_outside(octets in prop::collection::vec(any::<u8>(), 0..300)) {
            for words in [names_in_message(&octets), names_in_records(&octets)] {
                if let FirstWords::Whole(names) = words {
                    prop_assert!(names.iter().flatten().all(|part| octets.get(part.clone()).is_some()));
                }
            }
            for shown in shown_in_datagram(&octets) {
                let (Shown::Name(place) | Shown::Part(place)) = shown;
                prop_assert!(octets.get(place).is_some());
            }
        }
    }
}
