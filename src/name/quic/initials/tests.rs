use proptest::prelude::*;

use super::super::keys::tests::{SAMPLE_ID, hex, seal};
use super::super::looks_like_initial;
use super::super::vectors::{V1_CLIENT_INITIAL, V1_RETRY, V2_CLIENT_INITIAL, V2_RETRY};
use super::*;

const CLIENT: Side = Side::High;
const SERVER: Side = Side::Low;
const V1: u32 = 1;
const V2: u32 = 0x6b33_43cf;

/// A CRYPTO frame of at most 63 octets at an offset below 16384.
fn crypto(offset: u16, octets: &[u8]) -> Vec<u8> {
    let mut frame = vec![6];
    frame.extend((0x4000 | offset).to_be_bytes());
    frame.push(u8::try_from(octets.len()).unwrap());
    frame.extend(octets);
    frame
}

/// A client's first Initials: the connection ID is the one that gives the keys.
fn first(version: u32, number: u64, plain: &[u8]) -> Vec<u8> {
    let padded = [plain, &[0; 20]].concat();
    seal(version, (&SAMPLE_ID, &SAMPLE_ID), (number, 2), &padded)
}

/// A packet with a long header of another type: 0-RTT is type 1, Handshake type 2 in version 1.
fn other(kind: u8, octets: usize) -> Vec<u8> {
    let mut packet = vec![0xc0 | kind << 4, 0, 0, 0, 1, 8];
    packet.extend(SAMPLE_ID);
    packet.push(0);
    packet.push(u8::try_from(octets).unwrap());
    packet.extend(vec![0xaa; octets]);
    packet
}

fn handshake(octets: &[u8]) -> QuicRead<'_> {
    QuicRead::Handshake(octets)
}

#[test]
fn an_initial_of_either_version_gives_its_handshake() {
    for version in [V1, V2] {
        let mut search = QuicInitials::default();
        let datagram = first(version, 0, &crypto(0, b"hello"));
        assert!(looks_like_initial(&datagram));
        assert_eq!(search.offer(&datagram, CLIENT), handshake(b"hello"));
        assert_eq!(search.buffered(), 5);
        assert_eq!(search.offer(&datagram, CLIENT), QuicRead::NeedMore, "a retransmission");
    }
}

#[test]
fn frames_over_several_datagrams_are_put_in_order() {
    let mut search = QuicInitials::default();
    let second = first(V1, 1, &[crypto(10, b"kl"), vec![1, 0, 0], crypto(5, b"fgh")].concat());
    assert_eq!(search.offer(&second, CLIENT), QuicRead::NeedMore);
    let start = first(V1, 0, &[crypto(3, b"defg"), crypto(0, b"abc")].concat());
    assert_eq!(search.offer(&start, CLIENT), handshake(b"abcdefgh"));
    assert_eq!(search.offer(&first(V1, 2, &crypto(8, b"ij")), CLIENT), handshake(b"abcdefghijkl"));
}

#[test]
fn coalesced_packets_are_all_looked_at() {
    let mut datagram = other(1, 40);
    datagram.extend(first(V1, 0, &crypto(0, b"ab")));
    datagram.extend(other(2, 30));
    datagram.extend(first(V1, 1, &crypto(2, b"cd")));
    datagram.extend([0; 300]);
    let mut search = QuicInitials::default();
    assert!(looks_like_initial(&datagram), "0-RTT comes first");
    assert_eq!(search.offer(&datagram, CLIENT), handshake(b"abcd"));
}

#[test]
fn later_initials_have_the_servers_connection_id_and_the_same_keys() {
    let mut search = QuicInitials::default();
    search.offer(&first(V1, 0, &crypto(0, b"ab")), CLIENT);
    let plain = [crypto(2, b"cd"), vec![0; 20]].concat();
    let later = seal(V1, (&SAMPLE_ID, &[1, 2, 3, 4]), (1, 1), &plain);
    assert_eq!(search.offer(&later, CLIENT), handshake(b"abcd"));
}

#[test]
fn a_new_connection_id_after_a_retry_gives_new_keys() {
    let mut search = QuicInitials::default();
    search.offer(&first(V1, 0, &crypto(0, b"first")), CLIENT);
    let mut retry = other(3, 40);
    retry.truncate(50);
    assert_eq!(search.offer(&retry, SERVER), QuicRead::NeedMore);
    let chosen = [9; 12];
    let plain = [crypto(0, b"again"), vec![0; 20]].concat();
    let again = seal(V1, (&chosen, &chosen), (1, 2), &plain);
    assert_eq!(search.offer(&again, CLIENT), handshake(b"again"));
}

/// RFC 9001 §A.2, RFC 9369 §A.2: the whole packets.
#[test]
fn the_initials_of_the_rfcs_give_their_client_hello() {
    for (text, number) in [(V1_CLIENT_INITIAL, V1), (V2_CLIENT_INITIAL, V2)] {
        let datagram = hex(text);
        assert_eq!(datagram.len(), 1200);
        assert_eq!(datagram[1..5], number.to_be_bytes());
        assert!(looks_like_initial(&datagram));
        let mut search = QuicInitials::default();
        let QuicRead::Handshake(hello) = search.offer(&datagram, CLIENT) else {
            panic!("version {number:#x} was not opened")
        };
        assert_eq!(hello.len(), 241);
        assert_eq!(hello[..6], [1, 0, 0, 0xed, 3, 3]);
        assert!(hello.windows(11).any(|octets| octets == b"example.com"));
    }
}

/// RFC 9001 §A.4, RFC 9369 §A.4: the server answers the Initial above with a Retry, and the
/// client's next Initial has the connection ID from it.
#[test]
fn after_the_retry_of_the_rfcs_its_connection_id_gives_the_keys_at_once() {
    for (text, retry, number) in
        [(V1_CLIENT_INITIAL, V1_RETRY, V1), (V2_CLIENT_INITIAL, V2_RETRY, V2)]
    {
        let mut search = QuicInitials::default();
        search.offer(&hex(text), CLIENT);
        let mut changed = hex(retry);
        *changed.last_mut().unwrap() ^= 1;
        search.offer(&changed, SERVER);
        assert_eq!(search.connection.as_ref().unwrap().retried, None, "a forged one");
        search.offer(&hex(retry), CLIENT);
        assert_eq!(search.connection.as_ref().unwrap().retried, None, "not from the server");
        search.offer(&hex(retry), SERVER);
        let chosen = [0xf0, 0x67, 0xa5, 0x50, 0x2a, 0x42, 0x62, 0xb5];
        let known = search.connection.as_ref().unwrap();
        assert_eq!(known.retried.as_deref(), Some(&chosen[..]));
        let plain = [crypto(0, b"again"), vec![0; 20]].concat();
        let again = seal(number, (&chosen, &chosen), (1, 2), &plain);
        assert_eq!(search.offer(&again, CLIENT), handshake(b"again"));
    }
}

#[test]
fn a_connection_id_of_a_server_may_be_short() {
    let mut search = QuicInitials::default();
    search.offer(&first(V1, 0, &crypto(0, b"first")), CLIENT);
    let plain = [crypto(0, b"again"), vec![0; 20]].concat();
    let again = seal(V1, (&[9, 9], &[9, 9]), (1, 2), &plain);
    assert_eq!(search.offer(&again, CLIENT), handshake(b"again"), "after a Retry that is missing");
    let mut other = QuicInitials::default();
    assert_eq!(other.offer(&again, CLIENT), QuicRead::NeedMore, "no client begins so");
}

/// Ten thousand connections whose CRYPTO frames are garbage: what each holds stays within its
/// bound, and none proves anything.
#[test]
fn garbage_in_crypto_frames_is_bounded() {
    for connection in 0..10_000_u32 {
        let mut search = QuicInitials::default();
        let mut id = SAMPLE_ID;
        id[..4].copy_from_slice(&connection.to_be_bytes());
        for number in 0..3 {
            let garbage = connection.wrapping_mul(2_654_435_761).to_be_bytes();
            let at = u16::from_be_bytes([garbage[0] & 0x3f, garbage[1]]);
            let plain = [crypto(at, &garbage), garbage.to_vec(), vec![0; 40]].concat();
            search.offer(&seal(V1, (&id, &id), (number, 2), &plain), CLIENT);
            assert!(search.buffered() <= crate::name::quic::crypto_stream::LIMIT);
        }
    }
}

#[test]
fn another_version_after_negotiation_gives_new_keys() {
    let mut search = QuicInitials::default();
    let mut reserved = first(V1, 0, &[crypto(0, b"x"), vec![0; 1200]].concat());
    reserved[1..5].copy_from_slice(&[0x1a, 0x2a, 0x3a, 0x4a]);
    assert!(looks_like_initial(&reserved));
    assert_eq!(search.offer(&reserved, CLIENT), QuicRead::NeedMore);
    let negotiation = [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x6b, 0x33, 0x43, 0xcf];
    assert_eq!(search.offer(&negotiation, SERVER), QuicRead::NeedMore);
    assert_eq!(search.offer(&first(V1, 1, &crypto(0, b"v1")), CLIENT), handshake(b"v1"));
    assert_eq!(search.offer(&negotiation, SERVER), QuicRead::NeedMore);
    assert_eq!(search.offer(&first(V2, 2, &crypto(0, b"v2")), CLIENT), handshake(b"v2"));
}

#[test]
fn the_servers_initials_are_passed_over() {
    let mut search = QuicInitials::default();
    let id = [5; 8];
    let from_server =
        seal(V1, (&SAMPLE_ID, &id), (0, 2), &[crypto(0, b"no"), vec![0; 20]].concat());
    assert_eq!(search.offer(&from_server, SERVER), QuicRead::NeedMore);
    assert_eq!(search.offer(&first(V1, 0, &crypto(0, b"yes")), CLIENT), handshake(b"yes"));
    assert_eq!(search.offer(&first(V1, 1, &crypto(3, b"no")), SERVER), QuicRead::NeedMore);
}

#[test]
fn what_cannot_be_opened_is_given_up() {
    let mut search = QuicInitials::default();
    let mut datagram = first(V1, 0, &crypto(0, b"hello"));
    *datagram.last_mut().unwrap() ^= 1;
    let given_up = (0..100).position(|_| search.offer(&datagram, CLIENT) == QuicRead::Failed);
    assert_eq!(given_up, Some(usize::from(PACKETS) - 1));
    assert!(!search.bound_hit());
    let sound = first(V1, 0, &crypto(0, b"hello"));
    assert_eq!(search.offer(&sound, CLIENT), QuicRead::Failed);
}

#[test]
fn a_handshake_beyond_the_bound_fails() {
    let mut search = QuicInitials::default();
    let far = [vec![6, 0x80, 1, 0, 0, 1, b'x'], vec![0; 20]].concat();
    assert_eq!(search.offer(&first(V1, 0, &far), CLIENT), QuicRead::Failed);
    assert!(search.bound_hit());
}

#[test]
fn what_has_no_long_header_is_not_quic() {
    for datagram in [&b""[..], b"\x40short", b"GET / HTTP/1.1", &[0x80, 0, 0]] {
        assert!(!looks_like_initial(datagram));
        assert_eq!(QuicInitials::default().offer(datagram, CLIENT), QuicRead::NotQuic);
    }
}

#[test]
fn each_cut_of_a_datagram_gives_nothing() {
    let datagram = first(V1, 0, &crypto(0, b"hello"));
    for end in 0..datagram.len() {
        let mut search = QuicInitials::default();
        assert!(!matches!(search.offer(&datagram[..end], CLIENT), QuicRead::Handshake(_)));
        assert_eq!(search.buffered(), 0);
    }
}

proptest! {
    #[test]
    fn arbitrary_octets_never_panic_and_never_prove_quic(
        datagrams in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 1..5),
        version in prop::sample::select(vec![0u32, 1, V2, 0xff00_001d, 0x0a1a_2a3a]),
        first in 0x80u8..,
    ) {
        let mut search = QuicInitials::default();
        for octets in datagrams {
            let datagram = [&[first][..], &version.to_be_bytes(), &octets].concat();
            looks_like_initial(&datagram);
            prop_assert!(!matches!(search.offer(&datagram, CLIENT), QuicRead::Handshake(_)));
        }
    }

    #[test]
    fn any_order_of_packets_and_frames_gives_the_same_handshake(
        hello in proptest::collection::vec(any::<u8>(), 1..900),
        order in any::<u64>(),
        per_packet in 1usize..6,
    ) {
        let mut frames: Vec<(usize, &[u8])> =
            hello.chunks(60).enumerate().map(|(n, piece)| (n * 60, piece)).collect();
        frames.sort_by_key(|(at, _)| (*at as u64 + 1).wrapping_mul(order | 1));
        let mut search = QuicInitials::default();
        let mut got = Vec::new();
        for (number, frames) in frames.chunks(per_packet).enumerate() {
            let plain: Vec<u8> = frames
                .iter()
                .flat_map(|(at, piece)| crypto(u16::try_from(*at).unwrap(), piece))
                .collect();
            if let QuicRead::Handshake(octets) = search.offer(&first(V1, number as u64, &plain), CLIENT) {
                got = octets.to_vec();
            }
        }
        prop_assert_eq!(got, hello);
    }
}
