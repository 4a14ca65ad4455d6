//! Names that machines tell their neighbours: mDNS (RFC 6762), LLMNR (RFC 4795) and `NetBIOS`
//! (RFC 1001 §14, RFC 1002 §4.2). They name machines on the link, never a server elsewhere.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use domain::base::iana::Rtype;
use domain::base::{Message as Wire, ParsedName};

use super::super::HostName;
use super::message::{RECORDS, host_name};

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::name) enum LocalKind {
    /// mDNS or LLMNR, in the form of DNS.
    Dns,
    /// The `NetBIOS` name service.
    NetBios,
}

/// Names that are taken of one message.
const MOST_NAMES: usize = 16;

/// The host names in a message: what a query asks for, and whose addresses a response or an
/// announcement gives. None where it is no such message; what is no host name (an instance like
/// `Anna's printer._ipp._tcp.local`) is left out.
pub(in crate::name) fn local_names(octets: &[u8], kind: LocalKind) -> Option<Vec<HostName>> {
    match kind {
        LocalKind::Dns => multicast(octets),
        LocalKind::NetBios => net_bios(octets),
    }
}

fn multicast(octets: &[u8]) -> Option<Vec<HostName>> {
    let wire = Wire::from_slice(octets).ok()?;
    let mut names: Vec<HostName> = Vec::new();
    let mut add = |name: &ParsedName<&[u8]>| {
        if let Ok(name) = host_name(name)
            && names.len() < MOST_NAMES
            && !names.contains(&name)
        {
            names.push(name);
        }
    };
    if !wire.header().qr() {
        let questions = wire.question().take(MOST_NAMES).map_while(Result::ok);
        questions.for_each(|question| add(question.qname()));
        return Some(names);
    }
    // The highest bit of the class flushes caches (RFC 6762 §10.2): it is not looked at.
    let records = wire.iter().take(RECORDS).map_while(Result::ok);
    for (record, _) in records {
        if matches!(record.rtype(), Rtype::A | Rtype::AAAA) {
            add(&record.owner());
        }
    }
    Some(names)
}

/// The first name of a message, whose 16 octets stand as 32 letters (RFC 1001 §14.1), where it is
/// a host name, unlike `*`.
fn net_bios(octets: &[u8]) -> Option<Vec<HostName>> {
    let (_, rest) = octets.split_first_chunk::<12>()?;
    let (&[32], rest) = rest.split_first_chunk::<1>()? else { return None };
    let letters: &[u8; 32] = rest.first_chunk()?;
    let mut name = [0; 16];
    for (place, pair) in name.iter_mut().zip(letters.as_chunks::<2>().0) {
        let [high, low] = pair.map(|letter| letter.wrapping_sub(b'A'));
        if high > 15 || low > 15 {
            return None;
        }
        *place = high << 4 | low;
    }
    // The last octet is the kind of service.
    let (text, _) = name.split_at(15);
    Some(HostName::from_wire(text.trim_ascii_end()).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::message::tests::{Builder, wire};
    use super::*;

    fn names(octets: &[u8], kind: LocalKind) -> Vec<String> {
        let names = local_names(octets, kind).unwrap_or_default();
        names.iter().map(ToString::to_string).collect()
    }

    /// The message of a `NetBIOS` query for `name`, filled up with spaces.
    fn query(name: &[u8]) -> Vec<u8> {
        let mut octets = vec![0x12, 0x34, 1, 0x10, 0, 1, 0, 0, 0, 0, 0, 0, 32];
        let padded = name.iter().copied().chain(std::iter::repeat(b' ')).take(15).chain([0]);
        octets.extend(padded.flat_map(|o| [b'A' + (o >> 4), b'A' + (o & 15)]));
        octets.extend([0, 0, 0x20, 0, 1]);
        octets
    }

    #[test]
    fn neighbours_name_what_they_ask_for_and_what_they_are() {
        let asked = Builder::query()
            .question(&wire("_ipp._tcp.local"), 12)
            .question(&wire("Annas-Laptop.local"), 1)
            .done();
        assert_eq!(names(&asked, LocalKind::Dns), ["_ipp._tcp.local", "annas-laptop.local"]);
        let told = Builder::response()
            .record(1, &wire("_ipp._tcp.local"), 12, 120, &wire("printer._ipp._tcp.local"))
            .record(3, &wire("printer.local"), 1, 120, &[192, 0, 2, 1])
            .record(3, &wire("printer.local"), 28, 120, &[0; 16])
            .done();
        assert_eq!(names(&told, LocalKind::Dns), ["printer.local"]);
        let instance = Builder::query().question(b"\x09Anna's pc\x05local\x00", 1).done();
        assert_eq!(local_names(&instance, LocalKind::Dns), Some(Vec::new()));
    }

    #[test]
    fn net_bios_names_are_read_from_their_letters() {
        assert_eq!(names(&query(b"WORKSTATION7"), LocalKind::NetBios), ["workstation7"]);
        assert_eq!(local_names(&query(b"*"), LocalKind::NetBios), Some(Vec::new()));
        assert_eq!(local_names(&query(b"TWO WORDS"), LocalKind::NetBios), Some(Vec::new()));
        let whole = query(b"WORKSTATION7");
        for end in 0..45 {
            assert_eq!(local_names(&whole[..end], LocalKind::NetBios), None);
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_read_in_bounds(octets in prop::collection::vec(any::<u8>(), 0..400)) {
            for kind in [LocalKind::Dns, LocalKind::NetBios] {
                prop_assert!(names(&octets, kind).len() <= MOST_NAMES);
            }
        }
    }
}
