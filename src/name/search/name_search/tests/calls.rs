//! Calls: STUN, TURN, sound, and DTLS among them.

use super::{Bench, datagram};
use crate::flow::{FlowFlags, Side};
use crate::name::dtls::sample as dtls;
use crate::name::{Via, Without};

/// A STUN message with these attributes.
fn stun(kind: u16, attributes: &[(u16, &[u8])]) -> Vec<u8> {
    let mut content = Vec::new();
    for (attribute, value) in attributes {
        content.extend(attribute.to_be_bytes());
        content.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        content.extend(*value);
        content.resize(content.len().next_multiple_of(4), 0);
    }
    let len = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&kind.to_be_bytes()[..], &len, &[0x21, 0x12, 0xa4, 0x42], &[b't'; 12], &content].concat()
}

/// A packet of sound.
fn sound(at: u8) -> Vec<u8> {
    [&[0x80, 0, 0, at][..], &[0, 0, 0, at, 1, 2, 3, 4], &[0x55; 160]].concat()
}

#[test]
fn a_call_is_told_by_its_flags() {
    let ports = (50123, 3478);
    let stun = b"\x00\x03\x00\x08\x21\x12\xa4\x42tttttttttttt\x00\x0f\x00\x04\x72\xc6\x4b\xc6";
    let mut bench = Bench::new();
    datagram(&mut bench, Side::Low, ports, stun);
    let turn = FlowFlags::STUN | FlowFlags::TURN | FlowFlags::TURN_MICROSOFT;
    assert_eq!(bench.findings.flags, turn);
    datagram(&mut bench, Side::Low, ports, b"\x40\x00\x00\x04data");
    assert_eq!(bench.findings.flags, turn | FlowFlags::MEDIA);
    let hello = dtls::datagrams(&dtls::hello(Some("peer.example"), b"", true), 0, 900);
    datagram(&mut bench, Side::High, ports, &hello[0]);
    assert_eq!(bench.names(), [("peer.example", Via::DtlsSni)]);

    let mut bench = Bench::new();
    datagram(&mut bench, Side::Low, ports, b"\x00\x01\x00\x00\x21\x12\xa4\x42tttttttttttt");
    assert_eq!(bench.findings.flags, FlowFlags::STUN);
    assert_eq!(bench.without(), Without::NoSni);
}

#[test]
fn sound_is_told_by_packets_in_a_row_without_stun_too() {
    let mut bench = Bench::new();
    for at in 0..6 {
        let packet = [&[0x80, 0, 0, at][..], &[0, 0, 0, at, 1, 2, 3, 4], &[0x55; 160]].concat();
        datagram(&mut bench, Side::Low, (40000, 40002), &packet);
    }
    assert_eq!(bench.findings.flags, FlowFlags::MEDIA);
}

#[test]
fn messages_of_a_call_without_end_are_looked_at_a_few_times() {
    let stun = b"\x00\x01\x00\x00\x21\x12\xa4\x42tttttttttttt";
    let hello = dtls::datagrams(&dtls::hello(Some("peer.example"), b"", true), 0, 900);
    let mut bench = Bench::new();
    for _ in 0..200 {
        datagram(&mut bench, Side::Low, (50123, 3478), stun);
    }
    datagram(&mut bench, Side::Low, (50123, 3478), &hello[0]);
    assert!(bench.names().is_empty());
}

#[test]
fn a_realm_that_is_a_host_name_tells_who_runs_the_relay() {
    let mut bench = Bench::new();
    for realm in [&b"turn.example.org"[..], b"rtcmedia", b"\x9e\x3f\x49\x29", b"two words.example"]
    {
        datagram(&mut bench, Side::High, (3478, 50123), &stun(0x0113, &[(0x0014, realm)]));
    }
    assert_eq!(bench.names(), [("turn.example.org", Via::StunRealm)]);
    assert!(!Via::StunRealm.is_basis());
    assert!(!bench.findings.flags.has(FlowFlags::NOT_A_HOST_NAME));
    assert_eq!(bench.without(), Without::NoSni);
}

#[test]
fn the_first_answer_of_each_side_tells_its_program() {
    let mut bench = Bench::new();
    let ports = (3478, 50123);
    let answer = |software: &[u8]| stun(0x0103, &[(0x8022, software)]);
    for (side, software, expected) in [
        (Side::High, &b"  "[..], None),
        (Side::High, b"bad \xff text", None),
        (Side::High, b"a relay 1.0 \0\0", Some("a relay 1.0")),
        (Side::High, b"another", None),
        (Side::Low, "\u{fc}ber \u{1b}[1m".as_bytes(), Some("\u{fc}ber \u{1b}[1m")),
    ] {
        bench.findings.clear();
        datagram(&mut bench, side, ports, &answer(software));
        let told = bench.findings.software.as_ref().map(|(side, text)| (*side, &**text));
        assert_eq!(told, expected.map(|text| (side, text)));
    }
    assert!(!bench.findings.is_empty());
    assert_eq!(bench.without(), Without::NoSni);
}

#[test]
fn a_programs_text_has_fewer_than_128_characters() {
    // RFC 8489 §14.14. Of today's UTF-8 a character has four octets at most.
    for (text, is_told) in [
        ("a".repeat(127), true),
        ("a".repeat(128), false),
        ("\u{1f600}".repeat(127), true),
        (format!("a{}", " ".repeat(762)), true),
        (format!("a{}", " ".repeat(763)), false),
    ] {
        let mut bench = Bench::new();
        let answer = stun(0x0101, &[(0x8022, text.as_bytes())]);
        datagram(&mut bench, Side::High, (3478, 50123), &answer);
        assert_eq!(bench.findings.software.is_some(), is_told, "{} octets", text.len());
        assert_eq!(bench.findings.flags, FlowFlags::STUN);
    }
}

#[test]
fn sound_inside_a_relays_messages_is_sound() {
    let mut bench = Bench::new();
    for at in 0..3 {
        datagram(&mut bench, Side::Low, (50123, 3478), &stun(0x0016, &[(0x0013, &sound(at))]));
    }
    assert_eq!(bench.findings.flags, FlowFlags::STUN | FlowFlags::TURN);
    datagram(&mut bench, Side::Low, (50123, 3478), &stun(0x0016, &[(0x0013, &sound(3))]));
    assert!(bench.findings.flags.has(FlowFlags::MEDIA));
    let mut bench = Bench::new();
    for at in 0..9 {
        let other = stun(0x0016, &[(0x0013, &[0x80, at, 7, at, 0, 0, 0, 1, at, 3, 2, 1, 0])]);
        datagram(&mut bench, Side::Low, (50123, 3478), &other);
    }
    assert!(!bench.findings.flags.has(FlowFlags::MEDIA));
}

#[test]
fn over_tcp_a_relays_answers_tell_the_same() {
    let (ask, answer) = (stun(0x0003, &[(0x8022, b"a client")]), |realm: &[u8]| {
        stun(0x0113, &[(0x0014, realm), (0x8022, b"a relay 1.0")])
    });
    for microsoft in [false, true] {
        let framed = |message: Vec<u8>| {
            let len = u16::try_from(message.len()).unwrap().to_be_bytes();
            if microsoft { [&[2, 0][..], &len, &message].concat() } else { message }
        };
        let down = framed(answer(b"turn.example.org"));
        for cut in 1..down.len() {
            let mut bench = Bench::new();
            bench.syn(Side::Low, 100).syn(Side::High, 900);
            // The relay's words come in two segments, the second first.
            let next = 900 + u32::try_from(cut).unwrap();
            bench.say(Side::Low, 100, &framed(ask.clone()));
            bench.say(Side::High, next, &down[cut..]).say(Side::High, 900, &down[..cut]);
            assert_eq!(bench.names(), [("turn.example.org", Via::StunRealm)], "{cut}");
            let told = bench.findings.software.as_ref().map(|(side, text)| (*side, &**text));
            assert_eq!(told, Some((Side::High, "a relay 1.0")));
            assert_eq!(bench.findings.client, Some(Side::Low));
            assert_eq!(bench.findings.flags, FlowFlags::STUN | FlowFlags::TURN);
            assert_eq!(bench.without(), Without::NoSni);
        }
    }
}

#[test]
fn a_relay_that_carries_a_call_over_tcp_is_left_after_a_while() {
    let mut bench = Bench::new();
    bench.syn(Side::Low, 0).syn(Side::High, 0);
    let mut next = [0, 0];
    let first = stun(0x0103, &[(0x8022, b"a relay")]);
    for part in std::iter::once(first).chain((0..100).map(|_| b"\x40\x00\x00\x04data".to_vec())) {
        for side in [Side::Low, Side::High] {
            bench.say(side, next[side as usize], &part);
            next[side as usize] += u32::try_from(part.len()).unwrap();
        }
    }
    assert_eq!(bench.findings.flags, FlowFlags::STUN | FlowFlags::TURN | FlowFlags::MEDIA);
    assert!(!bench.search.is_open());
    assert_eq!(bench.budget.used, 0);
}
