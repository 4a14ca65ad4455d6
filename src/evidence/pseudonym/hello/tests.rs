use proptest::prelude::*;

use super::super::tenant::tests::tenants;
use super::*;
use crate::name::sample_initial;

const NAME: &str = "contoso-my.sharepoint.com";

fn way() -> Way {
    Way { from: ([1; 16], 50_000), to: ([2; 16], 443) }
}

fn with_len(octets: &[u8]) -> Vec<u8> {
    [&u16::try_from(octets.len()).unwrap().to_be_bytes()[..], octets].concat()
}

/// A ClientHello from its handshake header on: padding, names, padding.
fn message(names: &[&str]) -> Vec<u8> {
    let extension =
        |kind: u16, content: &[u8]| [&kind.to_be_bytes()[..], &with_len(content)].concat();
    let mut extensions = extension(21, &[0; 50]);
    for name in names {
        let entry = [&[0][..], &with_len(name.as_bytes())].concat();
        extensions.extend(extension(0, &with_len(&entry)));
    }
    extensions.extend(extension(21, &[0; 50]));
    let mut body = vec![3, 3];
    body.extend([0x5a; 32]);
    body.extend([0, 0, 2, 0x13, 1, 1, 0]);
    body.extend(with_len(&extensions));
    [&[1, 0][..], &with_len(&body)].concat()
}

fn records(message: &[u8], fragment: usize) -> Vec<u8> {
    message.chunks(fragment).flat_map(|part| [&[22, 3, 1][..], &with_len(part)].concat()).collect()
}

/// Both passes over segments.
fn turned(segments: &[(u32, Vec<u8>)]) -> Vec<Vec<u8>> {
    let (tenants, mut hellos) = (tenants(&[]), Hellos::default());
    for (seq, payload) in segments {
        hellos.segment(&tenants, way(), *seq, &mut payload.clone());
    }
    hellos.settle(&tenants).unwrap();
    let turn = |(seq, payload): &(u32, Vec<u8>)| {
        let mut payload = payload.clone();
        hellos.segment(&tenants, way(), *seq, &mut payload);
        payload
    };
    segments.iter().map(turn).collect()
}

/// The stream with the name as it is to be.
fn expected(stream: &[u8]) -> Vec<u8> {
    let hidden = tenants(&[]).hide(&crate::name::HostName::from_wire(NAME.as_bytes()).unwrap());
    let at = memchr::memmem::find(stream, NAME.as_bytes()).unwrap();
    let mut stream = stream.to_vec();
    stream[at..at + NAME.len()].copy_from_slice(hidden.as_str().as_bytes());
    stream
}

fn has_secret(octets: &[u8]) -> bool {
    // Pieces of the name, too, as a segment may end in it.
    octets.windows(4).any(|w| w == b"cont" || w == b"onto" || w == b"ntos" || w == b"toso")
}

#[test]
fn a_name_in_one_segment_or_in_two_is_replaced_twice_the_same() {
    let stream = records(&message(&[NAME]), 1 << 14);
    let at = memchr::memmem::find(&stream, NAME.as_bytes()).unwrap();
    for cut in 10..stream.len() {
        let start = u32::MAX - 20;
        let (one, two) = stream.split_at(cut);
        let second = start.wrapping_add(u32::try_from(cut).unwrap());
        let segments = [(start, one.to_vec()), (second, two.to_vec())];
        assert_eq!(turned(&segments).concat(), expected(&stream), "{cut}");
        // The same again in other pieces, and in one.
        let again =
            [&segments[..], &[(second, two[..two.len() / 2].to_vec()), (start, stream.clone())]]
                .concat();
        let done = turned(&again);
        assert_eq!(done[..2].concat(), expected(&stream), "{cut} at {at}");
        assert!(expected(&stream)[cut..].starts_with(&done[2]));
        assert_eq!(done[3], expected(&stream));
    }
}

#[test]
fn a_name_that_records_part_is_replaced() {
    let message = message(&[NAME]);
    for fragment in 60..message.len() {
        let stream = records(&message, fragment);
        let done = turned(&[(7, stream.clone())]).concat();
        assert!(!has_secret(&done), "{fragment}");
        assert_eq!(done.len(), stream.len());
    }
}

#[test]
fn every_name_of_a_list_is_replaced_and_one_in_an_odd_place_goes_with_the_message() {
    let two = records(&message(&["a.example", NAME]), 1 << 14);
    assert_eq!(turned(&[(7, two.clone())]).concat(), expected(&two));
    let mut odd = message(&["a.example"]);
    let at = odd.len() - 50;
    odd[at..at + NAME.len()].copy_from_slice(NAME.as_bytes());
    let done = turned(&[(7, records(&odd, 1 << 14))]).concat();
    assert_eq!(done[..9], records(&odd, 1 << 14)[..9]);
    assert!(done[9..].iter().all(|octet| *octet == 0));
}

#[test]
fn what_is_not_whole_keeps_its_header_alone_and_other_hellos_keep_every_octet() {
    let stream = records(&message(&[NAME]), 1 << 14);
    for len in 9..stream.len() {
        let done = turned(&[(7, stream[..len].to_vec())]).concat();
        assert_eq!(done[..9], stream[..9]);
        assert!(done[9..].iter().all(|octet| *octet == 0), "{len}");
    }
    let hole = turned(&[(7, stream[..90].to_vec()), (7 + 95, stream[95..].to_vec())]).concat();
    assert!(!has_secret(&hole) && hole[9..].iter().all(|octet| *octet == 0));
    let torn =
        [(7, stream[..140].to_vec()), (7 + 90, vec![9; 60]), (7 + 140, stream[140..].to_vec())];
    assert!(turned(&torn).concat()[9..].iter().all(|octet| *octet == 0));

    let other = records(&message(&["www.example.org"]), 1 << 14);
    let segments =
        [(7, other[..100].to_vec()), (107, other[100..].to_vec()), (7, other[..100].to_vec())];
    assert_eq!(turned(&segments), segments.map(|(_, payload)| payload));
}

/// `app` is Slack's own: such a hello keeps every octet, whatever piece the name is in.
#[test]
fn a_name_that_stays_below_a_suffix_stays_in_every_piece() {
    let stream = records(&message(&["app.slack.com"]), 1 << 14);
    for cut in 10..stream.len() {
        let second = u32::try_from(cut).unwrap() + 7;
        let segments = [(7, stream[..cut].to_vec()), (second, stream[cut..].to_vec())];
        assert_eq!(turned(&segments).concat(), stream, "{cut}");
    }
}

#[test]
fn requests_are_text_and_whatever_else_names_a_tenant_is_gone() {
    let request = b"GET x HTTP/1.1\r\nHost: contoso-my.sharepoint.com\r\n\r\n";
    assert_eq!(turned(&[(7, request.to_vec())]).concat(), expected(request));
    let odd = b"\x05\x01\x00\x03\x19contoso-my.sharepoint.com\x01\xbb";
    assert_eq!(turned(&[(7, odd.to_vec())]).concat(), [0; 32]);
}

/// Both passes over datagrams from the client.
fn datagrams(datagrams: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let (tenants, mut hellos) = (tenants(&[]), Hellos::default());
    for payload in datagrams {
        hellos.datagram(&tenants, way(), &mut payload.clone());
    }
    hellos.settle(&tenants).unwrap();
    let turn = |payload: &Vec<u8>| {
        let mut payload = payload.clone();
        hellos.datagram(&tenants, way(), &mut payload);
        payload
    };
    datagrams.iter().map(turn).collect()
}

/// The handshake in Initials, as another reader sees it.
fn handshake(initials: &[Vec<u8>]) -> Vec<u8> {
    let mut handshake = vec![0; 4096];
    let mut reader = InitialsAnew::default();
    for datagram in initials {
        reader.turn(&mut datagram.clone(), Side::Low, &mut |piece| {
            let start = usize::try_from(piece.offset).unwrap();
            handshake[start..start + piece.octets.len()].copy_from_slice(piece.octets);
        });
    }
    handshake
}

#[test]
fn a_name_that_initials_part_is_replaced_and_a_part_alone_is_overwritten() {
    let message = message(&[NAME]);
    for cut in 5..message.len() {
        let initial = |number: u64, from: usize, to: usize| {
            sample_initial(number, u16::try_from(from).unwrap(), &message[from..to])
        };
        // The later part first, and the earlier one twice.
        let sent = [
            initial(0, cut, message.len()),
            initial(1, 0, cut),
            initial(2, 0, cut.min(message.len() / 2)),
        ];
        let done = datagrams(&sent);
        assert_eq!(handshake(&done)[..message.len()], expected(&message), "{cut}");
        assert!(done.iter().zip(&sent).all(|(done, sent)| done.len() == sent.len()));
        let half = datagrams(&sent[..1]);
        let rest = handshake(&half);
        assert!(rest[cut..].iter().all(|octet| *octet == 0), "{cut}");
    }
}

#[test]
fn a_version_that_is_not_known_keeps_its_number_alone() {
    let unknown = [&[0xc3, 0x1a, 0x2a, 0x3a, 0x4a, 2, 7, 7, 0, 0][..], NAME.as_bytes()].concat();
    let done = datagrams(&[unknown]).concat();
    assert_eq!(done[..5], [0xc3, 0x1a, 0x2a, 0x3a, 0x4a]);
    assert!(done[5..].iter().all(|octet| *octet == 0));
    // An Initial that no key opens keeps its header.
    let mut closed = vec![0xc3, 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 30];
    closed.extend([0xaa; 30]);
    let done = datagrams(&[closed.clone()]).concat();
    assert_eq!((&done[..17], &done[17..]), (&closed[..17], &[0; 30][..]));
}

#[test]
fn the_oldest_messages_that_wait_are_overwritten_when_there_is_no_more_room() {
    let (tenants, mut hellos) = (tenants(&[]), Hellos::default());
    let stream = records(&message(&[NAME]), 1 << 14);
    let to = |port: u16| Way { to: ([2; 16], port), ..way() };
    for _ in 0..2 {
        for client in 0..40_000_u16 {
            let way = Way { from: ([1; 16], client), ..to(443) };
            hellos.segment(&tenants, way, 7, &mut stream[..90].to_vec());
            let way = Way { from: ([1; 16], client), ..to(444) };
            hellos.segment(&tenants, way, 7, &mut stream[..90].to_vec());
        }
    }
    assert!(hellos.records.order.len() <= Messages::<(Way, u32)>::KEPT);
    assert_eq!(hellos.records.octets, hellos.records.pending.len() * 90);
    hellos.settle(&tenants).unwrap();
    let mut first = stream[..90].to_vec();
    hellos.segment(&tenants, Way { from: ([1; 16], 0), ..to(443) }, 7, &mut first);
    assert!(first[9..].iter().all(|octet| *octet == 0));
}

proptest! {
    #[test]
    fn no_cut_and_no_order_shows_the_name(
        cuts in prop::collection::vec(1_usize..200, 0..8),
        order in any::<u64>(),
        fragment in 40_usize..400,
    ) {
        let stream = records(&message(&[NAME]), fragment);
        let mut ends: Vec<usize> = cuts.into_iter().map(|cut| (cut + 9).min(stream.len())).collect();
        ends.extend([0, stream.len()]);
        ends.sort_unstable();
        ends.dedup();
        let mut segments: Vec<(u32, Vec<u8>)> = ends
            .windows(2)
            .map(|w| (u32::try_from(w[0]).unwrap(), stream[w[0]..w[1]].to_vec()))
            .collect();
        // The piece with the header comes first, as the minimiser keeps none before it.
        segments[1..].sort_by_key(|(at, _)| u64::from(*at + 1).wrapping_mul(order | 1));
        let done = turned(&segments);
        let mut whole = vec![0; stream.len()];
        for ((at, _), octets) in segments.iter().zip(&done) {
            whole[*at as usize..*at as usize + octets.len()].copy_from_slice(octets);
        }
        prop_assert!(!has_secret(&whole));
        prop_assert_eq!(whole.len(), stream.len());
    }
}
