use proptest::prelude::*;

use super::sample::{eap, login, radius};
use super::{Logins, LoginsRead};
use crate::name::tls::sample::records;

/// What the datagrams give, beside parts.
fn read<'a>(logins: &mut Logins, datagrams: impl IntoIterator<Item = &'a Vec<u8>>) -> Vec<String> {
    let mut told = Vec::new();
    for datagram in datagrams {
        match logins.offer(datagram) {
            LoginsRead::Part => {}
            LoginsRead::Hello(facts) => {
                let sni = facts.sni.map(|sni| String::from_utf8(sni.into_vec()).unwrap());
                told.push(format!("hello {}", sni.unwrap_or_default()));
            }
            LoginsRead::Leaf(leaf) => told.push(format!("leaf {}", leaf.hosts[0])),
            LoginsRead::Bound => told.push("bound".to_owned()),
            LoginsRead::Foreign => panic!("not read: {}", datagram.escape_ascii()),
        }
    }
    told
}

#[test]
fn every_method_with_tls_gives_the_hello_and_the_certificate_however_it_is_cut() {
    for method in [13, 21, 25, 43, 55] {
        for fragment in [60, 300, 1000] {
            let datagrams = login("02-00-00-00-00-01", method, None, fragment, 7);
            let told = read(&mut Logins::default(), &datagrams);
            assert_eq!(told, ["hello ", "leaf radius.example"], "{method}, {fragment}");
        }
    }
    let other = login("02-00-00-00-00-01", 4, None, 300, 7);
    assert!(read(&mut Logins::default(), &other).is_empty());
}

#[test]
fn a_device_that_names_the_server_has_the_last_word() {
    let datagrams = login("a", 13, Some("login.example"), 300, 0);
    assert_eq!(read(&mut Logins::default(), &datagrams), ["hello login.example"]);
    let address = login("a", 13, Some("192.0.2.1"), 300, 0);
    let told = ["hello 192.0.2.1", "leaf radius.example"];
    assert_eq!(read(&mut Logins::default(), &address), told);
}

#[test]
fn repeated_packets_are_read_once() {
    let datagrams = login("a", 25, None, 30, 200);
    let twice = datagrams.iter().flat_map(|datagram| [datagram, datagram]);
    assert_eq!(read(&mut Logins::default(), twice), ["hello ", "leaf radius.example"]);
}

#[test]
fn logins_between_each_other_keep_apart() {
    let (a, b) = (login("a", 25, None, 100, 0), login("b", 13, Some("login.example"), 100, 128));
    let mut both = Vec::new();
    for at in 0..a.len().max(b.len()) {
        both.extend(a.get(at));
        both.extend(b.get(at));
    }
    let told = read(&mut Logins::default(), both);
    assert_eq!(told.len(), 3, "{told:?}");
    for wanted in ["hello ", "hello login.example", "leaf radius.example"] {
        assert!(told.iter().any(|told| told == wanted), "{wanted}: {told:?}");
    }
}

#[test]
fn an_access_point_may_give_every_question_the_same_identifier() {
    let same = |who, sni| {
        let mut datagrams = login(who, 25, sni, 100, 0);
        for datagram in &mut datagrams {
            datagram[1] = 7;
        }
        datagrams
    };
    let (a, b) = (same("a", None), same("b", Some("login.example")));
    // Question and answer of one, then of the other; the end of a third says nothing of them.
    let mut both = Vec::new();
    let (third, end) =
        (radius(1, 7, "c", &[2, 1, 0, 6, 1, b'a']), radius(2, 7, "c", &[3, 1, 0, 4]));
    for at in (0..a.len()).step_by(2) {
        both.extend(a.iter().skip(at).take(2));
        both.extend(b.iter().skip(at).take(2));
        both.extend([&third, &end]);
    }
    let told = read(&mut Logins::default(), both);
    assert_eq!(told, ["hello ", "hello login.example", "leaf radius.example"]);
}

#[test]
fn a_second_login_of_a_device_begins_anew() {
    let mut logins = Logins::default();
    for first in [0, 100] {
        let told = read(&mut logins, &login("a", 25, None, 100, first));
        assert_eq!(told, ["hello ", "leaf radius.example"]);
    }
    assert!(logins.sessions_len() == 1);
    read(&mut logins, &[radius(11, 200, "", &[3, 9, 0, 4])]);
    assert_eq!(logins.sessions_len(), 1);
}

#[test]
fn unfinished_logins_are_bounded_and_said() {
    let mut logins = Logins::default();
    let mut bounds = 0;
    for at in 0..200_u8 {
        let datagrams = login(&format!("device {at}"), 25, None, 100, at);
        bounds += read(&mut logins, &datagrams[..3]).iter().filter(|told| *told == "bound").count();
        assert!(logins.held() < 64 * 1024, "{}", logins.held());
    }
    assert_eq!((logins.sessions_len(), bounds), (16, 184));
}

#[test]
fn a_hello_without_end_is_bounded_and_said_once() {
    let mut logins = Logins::default();
    read(&mut logins, &login("a", 25, None, 100, 0)[..2]);
    let endless = records(&[&[1, 0xff, 0xff, 0xff][..], &vec![0; 300_000]].concat(), usize::MAX);
    let mut told = Vec::new();
    for (part, at) in endless.chunks(3000).zip((0..=255_u8).cycle()) {
        let id = at.wrapping_add(2);
        told.extend(read(&mut logins, &[radius(1, at, "a", &eap(2, id, 25, 0x40, part))]));
        assert!(logins.held() < 256 * 1024, "{}", logins.held());
    }
    assert_eq!(told, ["bound"]);
    assert!(logins.held() < 8 * 1024, "{}", logins.held());
}

#[test]
fn other_datagrams_are_foreign() {
    let packet = radius(1, 7, "a", &eap(2, 1, 13, 0, b"x"));
    for len in 0..packet.len() {
        assert!(!Logins::may_be(&packet[..len]), "{len}");
    }
    assert!(!Logins::may_be(&[&packet[..], &[1, 3, b'a']].concat()));
    assert!(!Logins::may_be(&radius(1, 7, "a", b"")));
    assert!(!Logins::may_be(&radius(4, 7, "a", &eap(2, 1, 13, 0, b"x"))));
    assert!(Logins::may_be(&packet));
}

proptest! {
    #[test]
    fn changed_octets_are_survived(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..400_usize, any::<u8>()), 0..8),
        fragment in 30..600_usize,
    ) {
        let mut datagrams = login("a", 21, None, fragment, 0);
        for (which, at, value) in changes {
            let datagram = which.get(&datagrams).clone();
            let place = at % datagram.len();
            let index = datagrams.iter().position(|other| *other == datagram).unwrap();
            datagrams[index][place] = value;
        }
        let mut logins = Logins::default();
        for datagram in &datagrams {
            logins.offer(datagram);
            prop_assert!(logins.held() < 128 * 1024);
        }
    }
}
