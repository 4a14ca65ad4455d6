//! Traffic made to wear the search for names out: the program must name what can be named, name
//! nothing wrongly, and stay within its memory.

mod capture;
mod hello;
mod initial;

use std::collections::BTreeMap;

use capture::{Capture, Flow, analyze};
use hello::{client_hello, client_hello_of};
use initial::{crypto, initial};

#[test]
fn a_hello_of_one_octet_a_segment_names_its_flow_in_any_order() {
    let hello = client_hello(b"www.example.org", 0);
    let orders: [Vec<usize>; 3] = [
        (0..hello.len()).collect(),
        // Pairs the wrong way round.
        (0..hello.len()).map(|at| if (at ^ 1) < hello.len() { at ^ 1 } else { at }).collect(),
        // Each octet twice.
        (0..hello.len()).flat_map(|at| [at, at]).collect(),
    ];
    let mut capture = Capture::new();
    for (client, order) in orders.iter().enumerate() {
        let mut flow = capture.connection(client, 443);
        for at in order {
            flow.say(*at, &hello[*at..=*at]);
        }
    }
    let run = analyze(&capture);
    run.stays_within(64);
    assert_eq!(run.flows.len(), orders.len());
    for flow in &run.flows {
        assert_eq!(flow.names, ["tls-sni www.example.org"], "{flow:?}");
    }
}

/// The length of the extensions is stated in 16 bits (RFC 8446 §4.1.2).
#[test]
fn a_hello_of_64_kib_is_read_and_a_longer_message_is_none() {
    let longest = client_hello(b"www.example.org", 65_500);
    assert!(longest.len() > 65_536);
    let endless = [&[22, 3, 1, 0x40, 0, 1, 0xff, 0xff, 0xff][..], &vec![0x5a; 200_000]].concat();
    let mut capture = Capture::new();
    for (client, octets) in [longest, endless].iter().enumerate() {
        let mut flow = capture.connection(client, 443);
        for (at, part) in octets.chunks(1400).enumerate() {
            flow.say(at * 1400, part);
        }
    }
    let run = analyze(&capture);
    run.stays_within(64);
    assert_eq!(run.flows[0].names, ["tls-sni www.example.org"]);
    assert!(run.flows[1].names.is_empty(), "{:?}", run.flows[1]);
}

/// 300 octets each are more than the 16 MiB that all searches of a stream may hold.
#[test]
fn a_hundred_thousand_half_open_connections_stay_in_bounds_and_get_no_wrong_name() {
    const MANY: usize = 100_000;
    let mut capture = Capture::new();
    let whole = client_hello(b"whole.example.org", 0);
    let begun = client_hello(b"begun.example.org", 400);
    for client in 0..MANY {
        let mut flow = capture.connection(client, 443);
        if client % 1000 == 0 {
            flow.say(0, &whole);
        } else {
            flow.say(0, &begun[..300]);
        }
    }
    let run = analyze(&capture);
    assert_eq!(run.flows.len(), MANY);
    let mut causes = BTreeMap::<&str, usize>::new();
    let mut named = 0;
    for flow in &run.flows {
        if let Some(cause) = flow.unnamed.as_deref() {
            *causes.entry(cause).or_default() += 1;
        } else {
            assert_eq!(flow.names, ["tls-sni whole.example.org"]);
            named += 1;
        }
    }
    assert_eq!(named, MANY / 1000, "a hello in one segment needs no room: {causes:?}");
    assert!(causes["cut"] > 10_000 && causes["bound"] > 10_000, "{causes:?}");
    assert_eq!(causes.len(), 2, "{causes:?}");
    assert!(run.bounds["reassembly"] > 10_000, "{:?}", run.bounds);
    run.stays_within(192);
}

/// Initials that open with no key: version 1, connection IDs, a length, noise.
#[test]
fn ten_thousand_initials_of_noise_name_nobody() {
    const MANY: usize = 10_000;
    let mut capture = Capture::new();
    let mut noise = 0x2545_f491_4f6c_dd1d_u64;
    for client in 0..MANY {
        let mut datagram = vec![0xc3, 0, 0, 0, 1, 8];
        datagram.extend(u64::try_from(client).unwrap().to_be_bytes());
        datagram.extend([0, 0, 0x44, 0x96]);
        datagram.extend(
            std::iter::repeat_with(|| {
                noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                noise.to_be_bytes()[0]
            })
            .take(1174),
        );
        capture.datagram(client, 443, &datagram);
        capture.datagram(client, 443, &datagram);
    }
    let run = analyze(&capture);
    assert_eq!(run.flows.len(), MANY);
    for flow in &run.flows {
        assert!(flow.names.is_empty() && !flow.flags.contains(&"quic".to_owned()), "{flow:?}");
    }
    run.stays_within(64);
}

/// Handshakes of noise, in pieces with holes between and over each other: together 21 MiB, more
/// than the 16 MiB that all searches of a stream may hold.
#[test]
fn ten_thousand_quic_connections_with_garbage_in_their_handshakes_name_nobody() {
    const MANY: usize = 10_000;
    let mut capture = Capture::new();
    let mut noise = 0x2545_f491_4f6c_dd1d_u64;
    let mut number = || {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        u16::from_be_bytes([noise.to_be_bytes()[0], noise.to_be_bytes()[1]])
    };
    let hello = &client_hello(b"whole.example.org", 0)[5..];
    for client in 0..MANY {
        let connection = u64::try_from(client).unwrap().to_be_bytes();
        if client % 1000 == 0 {
            let frames = [crypto(0, hello), vec![0; 900]].concat();
            capture.datagram(client, 443, &initial(connection, 0, &frames));
            continue;
        }
        for packet in 0..2 {
            let mut frames = Vec::new();
            while frames.len() < 1_100 {
                let piece: Vec<u8> = (0..60).flat_map(|_| number().to_be_bytes()).collect();
                // The first octets of a ClientHello of 16 KiB, so that more is awaited.
                let first = packet == 0 && frames.is_empty();
                let piece = if first { [&[1, 0, 0x40, 0], &piece[..]].concat() } else { piece };
                frames.extend(crypto(if first { 0 } else { number() % 0x3000 }, &piece));
            }
            capture.datagram(client, 443, &initial(connection, packet, &frames));
        }
    }
    let run = analyze(&capture);
    assert_eq!(run.flows.len(), MANY);
    for (client, flow) in run.flows.iter().enumerate() {
        assert!(flow.flags.contains(&"quic".to_owned()), "its Initials open: {flow:?}");
        if client % 1000 == 0 {
            assert_eq!(flow.names, ["quic-sni whole.example.org"], "{flow:?}");
        } else {
            assert!(flow.names.is_empty(), "{flow:?}");
        }
    }
    assert!(run.bounds["reassembly"] > 1_000, "{:?}", run.bounds);
    run.stays_within(128);
}

/// No two systems agree on which octets of an overlap count (RFC 5722).
#[test]
fn a_hundred_thousand_datagrams_of_overlapping_fragments_name_nobody() {
    const MANY: usize = 100_000;
    let query = b"\xab\xcd\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03org\0\0\x01\0\x01";
    let len = u8::try_from(8 + query.len()).unwrap();
    let datagram = [&[0xc3, 0x50, 0, 53, 0, len, 0, 0][..], query].concat();
    let mut capture = Capture::new();
    for client in 0..MANY {
        capture.fragment(client, 0, false, &datagram[..24]);
        capture.fragment(client, 16, true, &datagram[16..]);
    }
    // The same without an overlap.
    capture.fragment(MANY, 0, false, &datagram[..24]);
    capture.fragment(MANY, 24, true, &datagram[24..]);
    let run = analyze(&capture);
    assert_eq!(run.flows.len(), MANY + 1);
    assert_eq!(run.bounds["overlaps"], u64::try_from(MANY).unwrap());
    let (whole, overlapping) = run.flows.split_last().unwrap();
    assert_eq!(whole.names, ["dns-query www.example.org"]);
    for flow in overlapping {
        assert!(flow.names.is_empty(), "{flow:?}");
    }
    run.stays_within(128);
}

#[test]
fn what_is_no_host_name_is_a_flag_and_never_a_name() {
    let long = [b"a.".repeat(150), b"example".to_vec()].concat();
    let bad: [&[u8]; 12] = [
        b"www.exam\x00ple.org",
        b"www.example.org\x1b[2J",
        b"www.example.org\n",
        "www.ex\u{430}mple.org".as_bytes(),
        "www.example.org\u{202e}".as_bytes(),
        b"www.\xff\xfe.org",
        b"\xc3(.org",
        &long,
        &[b'a'; 64],
        b"-www.example.org",
        b"www..example.org",
        b"www.example.org/../<script>",
    ];
    let mut capture = Capture::new();
    for (client, name) in bad.iter().enumerate() {
        capture.connection(client, 443).say(0, &client_hello(name, 0));
        let request = [b"GET / HTTP/1.1\r\nHost: ", *name, b"\r\n\r\n"].concat();
        capture.connection(1000 + client, 80).say(0, &request);
        let connect = [b"\x05\x01\x00\x05\x01\x00\x03", &[len_of(name)][..], name, b"\x01\xbb"];
        capture.connection(2000 + client, 1080).say(0, &connect.concat());
    }
    // A homograph in the form that DNS has is a host name, and another one than what it looks like.
    capture.connection(3000, 443).say(0, &client_hello(b"www.xn--exmple-4nf.org", 0));
    let run = analyze(&capture);
    run.stays_within(64);
    assert_eq!(run.flows.len(), 3 * bad.len() + 1);
    let (homograph, others) = run.flows.split_last().unwrap();
    assert_eq!(homograph.names, ["tls-sni www.xn--exmple-4nf.org"]);
    for flow in others {
        let is_cut = flow.server_port == 80 && flow.names == ["http-host www.example.org"];
        assert!(flow.names.is_empty() || is_cut, "{flow:?}");
        let is_flagged = flow.flags.contains(&"not-a-host-name".to_owned());
        assert!(is_flagged || is_cut || flow.server_port != 443, "{flow:?}");
    }
}

/// The name's length in a SOCKS request: of a longer one, its beginning.
fn len_of(name: &[u8]) -> u8 {
    u8::try_from(name.len()).unwrap_or(u8::MAX)
}

#[test]
fn two_names_in_a_hello_and_one_of_no_length_are_survived() {
    let twice = client_hello_of(&[(0, b"first.example"), (0, b"second.example")], 0);
    let other_type = client_hello_of(&[(1, b"other.example"), (0, b"host.example")], 0);
    let empty = client_hello_of(&[(0, b"")], 0);
    let mut capture = Capture::new();
    for (client, hello) in [twice, other_type, empty].iter().enumerate() {
        capture.connection(client, 443).say(0, hello);
    }
    let names: Vec<_> = analyze(&capture).flows.into_iter().map(|flow: Flow| flow.names).collect();
    assert_eq!(names[0], ["tls-sni first.example"]);
    assert_eq!(names[1], ["tls-sni host.example"]);
    assert!(names[2].is_empty());
}
