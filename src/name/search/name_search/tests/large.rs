//! Messages as long as their bounds, in segments of any length.

use super::{Bench, SNI};
use crate::flow::{FlowFlags, Side};
use crate::name::search::sample::{framed, query};
use crate::name::search::stream::MOST_HELD;
use crate::name::tls::sample::{Hello, records};
use crate::name::{Via, Without};

/// A ClientHello with this much padding, in records.
fn hello(padding: usize) -> Vec<u8> {
    let hello = Hello { sni: Some("www.example.org"), padding, ..Hello::default() };
    records(&hello.message(), usize::MAX)
}

/// Says a stream after its SYN, in segments of `step` octets, each `window` of them last first.
/// No more than the bound is held at any time.
fn say(stream: &[u8], step: usize, window: usize) -> Bench {
    let mut bench = Bench::new();
    bench.syn(Side::Low, 1);
    let segments: Vec<(u32, &[u8])> =
        stream.chunks(step).enumerate().map(|(at, s)| (at_seq(at * step), s)).collect();
    for window in segments.chunks(window) {
        for (seq, segment) in window.iter().rev() {
            bench.say(Side::Low, *seq, segment);
            assert!(bench.budget.used <= MOST_HELD, "{} octets", bench.budget.used);
        }
    }
    bench
}

fn at_seq(at: usize) -> u32 {
    u32::try_from(at + 1).unwrap()
}

#[test]
fn a_hello_of_64_kib_is_read_in_segments_of_any_length_in_and_out_of_order() {
    // Shorter and longer than 65,536 octets: there a vector by itself takes 131,072.
    for padding in [65_000, 65_460] {
        let stream = hello(padding);
        for (step, windows) in
            [(1, &[1, 2, 128][..]), (100, &[1, 2, 128]), (1400, &[1, 2, 47, 48]), (16_000, &[1, 5])]
        {
            for window in windows {
                let bench = say(&stream, step, *window);
                assert_eq!(bench.names(), SNI, "{padding}, {step}, {window}");
                assert_eq!(bench.findings.flags, FlowFlags::default());
                assert_eq!((bench.budget.used, bench.budget.hits), (0, 0));
            }
        }
    }
}

#[test]
fn beyond_the_bounds_there_is_no_name_and_it_is_said() {
    // More segments wait than may: the hole before them is given up.
    let bench = say(&hello(65_000), 100, 200);
    assert!(bench.names().is_empty());
    assert!(bench.budget.hits > 0);
    assert_eq!(bench.without(), Without::Cut);
    // As much as a ClientHello of 16 MiB, of which no end comes.
    for step in [1, 100, 1400] {
        let endless =
            records(&[&[1, 0xff, 0xff, 0xff][..], &vec![0; 200_000]].concat(), usize::MAX);
        let bench = say(&endless, step, 1);
        assert!(bench.findings.flags.has(FlowFlags::BOUND), "{step}");
        assert_eq!((bench.budget.used, bench.budget.hits), (0, 1));
        assert_eq!(bench.without(), Without::Bound);
    }
}

#[test]
fn a_head_of_64_kib_is_read_in_segments_of_any_length() {
    let mut head = b"GET / HTTP/1.1\r\nHost: www.example.org\r\n".to_vec();
    while head.len() < 64 * 1024 - 102 {
        head.extend([&b"X-Filler: "[..], &[b'x'; 88], b"\r\n"].concat());
    }
    head.extend(b"\r\n");
    for step in [1, 100, 800, 1000, 1400, 16_000] {
        let bench = say(&head, step, 1);
        assert_eq!(bench.names(), [("www.example.org", Via::HttpHost)], "{step}");
        assert_eq!(bench.findings.flags, FlowFlags::default());
    }
}

#[test]
fn a_dns_message_of_64_kib_is_read_in_segments_of_any_length() {
    // A query with an additional record (EDNS padding, RFC 7830) up to the longest length.
    let mut message = query("www.example.org");
    message[11] = 1;
    let padding = 65_535 - message.len() - 11 - 4;
    message.extend([0, 0, 41, 16, 0, 0, 0, 0, 0]);
    message.extend(u16::try_from(padding + 4).unwrap().to_be_bytes());
    message.extend([0, 12]);
    message.extend(u16::try_from(padding).unwrap().to_be_bytes());
    message.resize(65_535, 0);
    let stream = [framed(&message), framed(&query("next.example.org"))].concat();
    for step in [1, 100, 800, 1400, 16_000] {
        let bench = say(&stream, step, 1);
        let names = [("www.example.org", Via::DnsQuery), ("next.example.org", Via::DnsQuery)];
        assert_eq!(bench.names(), names, "{step}");
        assert_eq!(bench.findings.flags, FlowFlags::default());
    }
}
