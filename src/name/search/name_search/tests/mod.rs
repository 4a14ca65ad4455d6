use proptest::prelude::*;

use super::NameSearch;
use crate::flow::{FlowFlags, Side};
use crate::name::quic::sample::initial;
use crate::name::search::sample::{framed, query, response};
use crate::name::search::{Budget, Findings, Piece, PieceKind};
use crate::name::tls::sample::{Hello, records};
use crate::name::{Via, Without};

mod calls;
mod large;
mod logins;
mod wrapped;

/// A search with everything around it.
struct Bench {
    search: NameSearch,
    findings: Findings,
    budget: Budget,
}

impl Bench {
    fn new() -> Self {
        let budget = Budget { used: 0, limit: 1 << 20, hits: 0 };
        Self { search: NameSearch::default(), findings: Findings::default(), budget }
    }

    fn offer(&mut self, piece: &Piece<'_>) -> &mut Self {
        self.search.offer(piece, &mut self.findings, &mut self.budget);
        self
    }

    /// The client is the low side.
    fn say(&mut self, side: Side, seq: u32, payload: &[u8]) -> &mut Self {
        let wire_len = u32::try_from(payload.len()).unwrap();
        self.say_cut(side, seq, payload, wire_len)
    }

    fn say_cut(&mut self, side: Side, seq: u32, payload: &[u8], wire_len: u32) -> &mut Self {
        let kind = PieceKind::Segment { seq, syn: false };
        self.offer(&Piece { side, kind, ports: ports(side), payload, wire_len })
    }

    fn syn(&mut self, side: Side, seq: u32) -> &mut Self {
        let kind = PieceKind::Segment { seq, syn: true };
        self.offer(&Piece { side, kind, ports: ports(side), payload: &[], wire_len: 0 })
    }

    fn names(&self) -> Vec<(&str, Via)> {
        self.findings.names.iter().map(|(name, via)| (name.as_str(), *via)).collect()
    }

    /// Closes the search; nothing may stay charged.
    fn without(self) -> Without {
        let Self { search, mut budget, .. } = self;
        let without = search.without();
        search.close(&mut budget);
        assert_eq!(budget.used, 0);
        without
    }
}

fn ports(side: Side) -> (u16, u16) {
    match side {
        Side::Low => (50123, 8443),
        Side::High => (8443, 50123),
    }
}

fn hello(name: &str) -> Vec<u8> {
    records(&Hello { sni: Some(name), alpn: &["h2"], ..Hello::default() }.message(), usize::MAX)
}

fn get(host: &str) -> Vec<u8> {
    format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes()
}

const SNI: [(&str, Via); 1] = [("www.example.org", Via::TlsSni)];

#[test]
fn a_search_is_small() {
    assert!(size_of::<NameSearch>() <= 24, "{}", size_of::<NameSearch>());
}

#[test]
fn a_hello_in_one_segment_ends_the_search() {
    let mut bench = Bench::new();
    bench.syn(Side::Low, 100).syn(Side::High, 900).say(Side::Low, 100, &hello("www.example.org"));
    assert_eq!(bench.names(), SNI);
    assert_eq!(bench.findings.client, Some(Side::Low));
    assert_eq!(bench.findings.alpn, ["h2".into()]);
    assert_eq!(bench.findings.flags, FlowFlags::default());
    bench.findings.clear();
    bench.say(Side::Low, 100, &hello("www.example.org"));
    assert!(bench.findings.is_empty());
    assert_eq!(bench.budget.used, 0);
}

#[test]
fn a_hundred_thousand_half_open_handshakes_stay_within_the_budget() {
    let hello = records(&Hello { padding: 400, ..Hello::default() }.message(), usize::MAX);
    let mut budget = Budget { used: 0, limit: 1 << 20, hits: 0 };
    let mut findings = Findings::default();
    let mut searches: Vec<NameSearch> = Vec::new();
    for _ in 0..100_000 {
        let mut search = NameSearch::default();
        let kind = PieceKind::Segment { seq: 1, syn: false };
        let payload = &hello[..hello.len() - 1];
        let wire_len = u32::try_from(payload.len()).unwrap();
        let piece = Piece { side: Side::Low, kind, ports: ports(Side::Low), payload, wire_len };
        search.offer(&piece, &mut findings, &mut budget);
        assert!(budget.used <= budget.limit);
        searches.push(search);
    }
    assert!(budget.hits > 90_000 && findings.names.is_empty());
    let open = searches.iter().filter(|search| search.without() != Without::Bound).count();
    assert_eq!(u64::try_from(100_000 - open).unwrap(), budget.hits);
    for search in searches {
        search.close(&mut budget);
    }
    assert_eq!(budget.used, 0);
}

#[test]
fn after_a_hello_without_a_name_only_the_servers_first_words_are_awaited() {
    let nameless = records(&Hello::default().message(), usize::MAX);
    let tls_1_3 = [22, 3, 3, 0, 4, 2, 0, 0, 0];
    let other = b"HTTP/1.1 400 Bad Request\r\n\r\n";
    for (answer, seq) in [(&tls_1_3[..], 900), (&other[..], 900), (&tls_1_3[..], 950)] {
        let mut bench = Bench::new();
        bench.syn(Side::Low, 100).syn(Side::High, 900).say(Side::Low, 100, &nameless);
        assert_eq!(bench.budget.used, 0, "nothing is held while waiting");
        assert!(!matches!(bench.search.0, super::State::Ended(_)));
        bench.say(Side::High, seq, answer);
        for more in 0..5 {
            bench.say(Side::Low, 1000 + more, b"x");
        }
        assert!(matches!(bench.search.0, super::State::Ended(Without::NoSni)), "{answer:?}");
    }
}

#[test]
fn after_a_hello_without_a_name_the_other_side_is_no_client_however_its_words_are_cut() {
    let nameless = records(&Hello::default().message(), usize::MAX);
    for words in [hello("www.example.org"), get("www.example.org")] {
        for step in [1, 36, words.len()] {
            let mut bench = Bench::new();
            bench.syn(Side::Low, 100).syn(Side::High, 900).say(Side::Low, 100, &nameless);
            for (at, part) in words.chunks(step).enumerate() {
                bench.say(Side::High, 900 + u32::try_from(at * step).unwrap(), part);
            }
            assert_eq!(bench.names(), [], "segments of {step} octets");
            assert_eq!(bench.without(), Without::NoSni);
        }
    }
}

#[test]
fn the_client_may_be_the_second_sender_of_a_capture() {
    let mut bench = Bench::new();
    bench.say(Side::Low, 7, b"220 ready\r\n").say(Side::High, 70, &hello("www.example.org"));
    assert_eq!(bench.names(), SNI);
    assert_eq!(bench.findings.client, Some(Side::High));
}

#[test]
fn ech_and_literals_are_flags() {
    let ech = Hello { sni: Some("192.0.2.1"), ech: true, ..Hello::default() };
    let mut bench = Bench::new();
    bench.syn(Side::Low, 1).say(Side::Low, 1, &records(&ech.message(), 90));
    assert_eq!(bench.findings.flags, FlowFlags::ECH_OFFERED | FlowFlags::ADDRESS_LITERAL);
    assert!(bench.names().is_empty());
    assert_eq!(bench.without(), Without::NoSni);

    let mut bench = Bench::new();
    bench.syn(Side::Low, 1).say(Side::Low, 1, &get("a b.example"));
    assert_eq!(bench.findings.flags, FlowFlags::NOT_A_HOST_NAME);
}

#[test]
fn a_retransmission_does_not_change_what_was_read() {
    let stream = hello("www.example.org");
    let (a, b) = stream.split_at(60);
    let evil = [0xff; 90];
    let mut bench = Bench::new();
    bench.syn(Side::Low, 0).say(Side::Low, 0, a).say(Side::Low, 0, &evil[..60]);
    bench.say(Side::Low, 20, &[&evil[..40], b].concat());
    assert_eq!(bench.names(), SNI);
}

#[test]
fn a_keep_alive_before_the_first_octet_does_not_count() {
    let mut bench = Bench::new();
    bench.syn(Side::Low, 10).say(Side::Low, 9, b"\0").say(Side::Low, 10, &hello("www.example.org"));
    assert_eq!(bench.names(), SNI);
}

#[test]
fn a_hello_read_across_a_hole_is_no_name() {
    let stream = hello("www.example.org");
    let mut bench = Bench::new();
    bench.syn(Side::Low, 0).say(Side::Low, 0, &stream[..40]).say(Side::Low, 60, &stream[60..]);
    assert!(bench.names().is_empty());
    for at in 0..9 {
        bench.say(Side::High, at, b"\x15");
    }
    assert!(bench.names().is_empty());
    assert_eq!(bench.without(), Without::Cut);
}

#[test]
fn a_cut_hello_is_no_name() {
    let stream = hello("www.example.org");
    let len = u32::try_from(stream.len()).unwrap();
    let mut bench = Bench::new();
    bench.syn(Side::Low, 0).say_cut(Side::Low, 0, &stream[..100], len);
    bench.say(Side::Low, len, b"\x14\x03\x03\x00\x01\x01");
    assert!(bench.names().is_empty());
    assert_eq!(bench.without(), Without::Cut);
}

#[test]
fn segments_beyond_a_hole_are_bounded_and_the_bound_is_counted() {
    let mut bench = Bench::new();
    bench.syn(Side::Low, 0);
    for at in 0..200_u32 {
        bench.say(Side::Low, 10 + 2 * at, b"x");
    }
    assert!(bench.budget.hits > 0);
}

#[test]
fn requests_are_read_again_after_a_hole_where_a_segment_starts_with_one() {
    let (a, b, c) = (get("a.example"), get("b.example"), get("c.example"));
    let mut bench = Bench::new();
    bench.syn(Side::Low, 0).say(Side::Low, 0, &a).say(Side::Low, 1000, &b);
    assert_eq!(bench.names(), [("a.example", Via::HttpHost)]);
    for at in 0..5 {
        bench.say(Side::High, at, b"H");
    }
    assert_eq!(bench.names()[1..], [("b.example", Via::HttpHost)]);
    bench.say(Side::Low, 3000, &[b"tail of a body ", &c[..]].concat());
    bench.say(Side::Low, 4000, &c);
    let end = Piece {
        side: Side::High,
        kind: PieceKind::Segment { seq: 9, syn: false },
        ports: ports(Side::High),
        payload: &[],
        wire_len: 0,
    };
    bench.offer(&end);
    assert_eq!(bench.names()[2..], [("c.example", Via::HttpHost)]);
}

#[test]
fn requests_are_found_in_mid_stream() {
    let mut bench = Bench::new();
    bench.say(Side::High, 5, b"\x01\x02 the middle of something").say(Side::Low, 5, b"more");
    assert_eq!(bench.search.without(), Without::Midstream);
    bench.say(Side::Low, 9, &get("a.example"));
    assert_eq!(bench.names(), [("a.example", Via::HttpHost)]);
    assert_eq!(bench.findings.client, Some(Side::Low));
}

#[test]
fn a_body_across_cut_frames_is_stepped_over() {
    let mut bench = Bench::new();
    let post = b"POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1000\r\n\r\n";
    let len = u32::try_from(post.len()).unwrap();
    bench.syn(Side::Low, 0).say_cut(Side::Low, 0, post, len + 600);
    bench.say_cut(Side::Low, len + 600, &get("evil.example"), 400);
    bench.say(Side::Low, len + 1000, &get("b.example"));
    assert_eq!(bench.names(), [("a.example", Via::HttpHost), ("b.example", Via::HttpHost)]);
}

#[test]
fn what_waits_beyond_a_cut_frame_is_read_on_its_own() {
    let head = b"GET / HTTP/1.1\r\nCookie: ";
    let len = u32::try_from(head.len()).unwrap();
    let mut bench = Bench::new();
    bench.syn(Side::Low, 0);
    bench.say(Side::Low, len + 900, b"=tail\r\nHost: evil.example\r\n\r\n");
    bench.say(Side::Low, len + 2000, &get("b.example"));
    assert!(bench.names().is_empty());
    bench.say_cut(Side::Low, 0, head, len + 800);
    assert_eq!(bench.names(), [("b.example", Via::HttpHost)]);
}

#[test]
fn why_there_is_no_name() {
    assert_eq!(Bench::new().without(), Without::NoPayload);

    let mut bench = Bench::new();
    bench.syn(Side::Low, 0);
    assert_eq!(bench.without(), Without::NoPayload);

    let mut bench = Bench::new();
    bench.syn(Side::Low, 0).say(Side::Low, 0, b"\x00\x01\x02\x03\x04\x05\x06\x07\x08");
    assert_eq!(bench.without(), Without::UnknownProtocol);

    // A connect message of ADB, which looks like the beginning of a long DNS message.
    let mut bench = Bench::new();
    bench.syn(Side::Low, 0).say(Side::Low, 0, b"CNXN\0\0\0\x01\0\x10\0\0\x07\0\0\0host::\0");
    assert_eq!(bench.without(), Without::UnknownProtocol);

    let mut bench = Bench::new();
    bench.syn(Side::High, 0).say(Side::High, 0, b"HTTP/1.1 200 OK\r\n");
    assert_eq!(bench.search.without(), Without::Cut);
    bench.syn(Side::Low, 0).say(Side::Low, 0, b"GET /\r\nHost: a.example\r\n\r\n");
    assert_eq!(bench.without(), Without::UnknownProtocol);

    let mut bench = Bench::new();
    bench.say(Side::Low, 0, b"\x17\x03\x03\x00\x80\x05\x06\x07\x08");
    assert_eq!(bench.without(), Without::Midstream);

    let mut bench = Bench::new();
    bench.syn(Side::Low, 0).say(Side::Low, 0, &records(&Hello::default().message(), 900));
    assert_eq!(bench.without(), Without::NoSni);

    let mut bench = Bench::new();
    bench.syn(Side::Low, 0).say(Side::Low, 0, &hello("a.example")[..80]);
    assert_eq!(bench.without(), Without::Cut);
}

#[test]
fn bounds_are_counted() {
    let long = Hello { padding: 60_000, ..Hello::default() };
    let stream = records(&long.message(), 900);
    let mut bench = Bench::new();
    bench.budget.limit = 10_000;
    bench.syn(Side::Low, 0);
    for (at, part) in stream.chunks(1000).enumerate() {
        bench.say(Side::Low, u32::try_from(at).unwrap() * 1000, part);
    }
    assert_eq!(bench.budget.hits, 1);
    assert_eq!(bench.findings.flags, FlowFlags::BOUND);
    assert_eq!(bench.without(), Without::Bound);

    let mut bench = Bench::new();
    bench.syn(Side::Low, 0).say(Side::Low, 0, b"GET / HTTP/1.1\r\n");
    for at in 0..100 {
        bench.say(Side::Low, 16 + at * 1000, &[b'a'; 1000]);
    }
    assert_eq!(bench.findings.flags, FlowFlags::BOUND);
    assert_eq!(bench.without(), Without::Bound);
}

/// A stream cut into segments, some of them doubled, all in any order.
fn shuffled(len: usize) -> impl Strategy<Value = Vec<(usize, usize)>> {
    let cuts = prop::collection::vec(0..=len, 0..20);
    let copies = prop::collection::vec((0..len, 1..=len), 0..8);
    (cuts, copies)
        .prop_map(move |(mut cuts, copies)| {
            cuts.extend([0, len]);
            cuts.sort_unstable();
            let parts = cuts.windows(2).map(|ends| (ends[0], ends[1]));
            let copies = copies.into_iter().map(|(start, more)| (start, (start + more).min(len)));
            parts.chain(copies).filter(|(start, end)| start < end).collect::<Vec<_>>()
        })
        .prop_shuffle()
}

fn streams() -> impl Strategy<Value = (Vec<u8>, Vec<(usize, usize)>)> {
    let hello = (1..400usize).prop_map(|fragment| {
        let hello = Hello { sni: Some("www.example.org"), padding: 300, ..Hello::default() };
        records(&hello.message(), fragment)
    });
    let requests = Just([get("a.example"), get("b.example"), get("c.example")].concat());
    prop_oneof![hello, requests.boxed()].prop_flat_map(|stream| {
        let len = stream.len();
        (Just(stream), shuffled(len))
    })
}

proptest! {
    #[test]
    fn any_order_of_segments_gives_the_same_names((stream, parts) in streams(), first: u32) {
        let mut whole = Bench::new();
        whole.syn(Side::Low, first).say(Side::Low, first, &stream);
        prop_assert!(!whole.names().is_empty());
        let mut bench = Bench::new();
        bench.syn(Side::Low, first);
        for (start, end) in parts {
            let seq = first.wrapping_add(u32::try_from(start).unwrap());
            bench.say(Side::Low, seq, &stream[start..end]);
        }
        prop_assert_eq!(bench.names(), whole.names());
        bench.without();
    }

    #[test]
    fn pieces_of_any_kind_are_survived(pieces in prop::collection::vec(
        (any::<bool>(), any::<bool>(), 0..3000u32, 0..3usize, prop::collection::vec(any::<u8>(), 0..60), 0..100u32), 0..40),
    ) {
        let starts = [&b""[..], b"GET / HTTP/1.1\r\n", b"\x16\x03\x01\x00\x50\x01\x00\x00\x4c"];
        let mut bench = Bench::new();
        for (low, syn, seq, start, rest, more) in pieces {
            let side = if low { Side::Low } else { Side::High };
            let payload = [starts[start], &rest[..]].concat();
            let wire_len = u32::try_from(payload.len()).unwrap() + more / 2;
            let kind = PieceKind::Segment { seq, syn };
            bench.offer(&Piece { side, kind, ports: ports(side), payload: &payload, wire_len });
        }
        bench.without();
    }
}

/// A datagram between two ports.
fn datagram(bench: &mut Bench, side: Side, ports: (u16, u16), payload: &[u8]) {
    let wire_len = u32::try_from(payload.len()).unwrap();
    bench.offer(&Piece { side, kind: PieceKind::Datagram, ports, payload, wire_len });
}

#[test]
fn a_query_and_its_response_are_read_on_any_port() {
    for server in [53, 8443] {
        let mut bench = Bench::new();
        datagram(&mut bench, Side::High, (50123, server), &query("www.example.org"));
        assert_eq!(bench.names(), [("www.example.org", Via::DnsQuery)]);
        assert_eq!(bench.findings.client, Some(Side::High));
        let answer = response("www.example.org", [192, 0, 2, 7]);
        datagram(&mut bench, Side::Low, (server, 50123), &answer);
        assert_eq!(bench.names().len(), 1);
        assert_eq!(bench.findings.client, Some(Side::High));
        let [answer] = &bench.findings.answers[..] else { panic!("{:?}", bench.findings) };
        assert_eq!((answer.asker, answer.asked.as_str()), (Side::High, "www.example.org"));
        assert_eq!(answer.address, std::net::IpAddr::from([192, 0, 2, 7]));
        assert_eq!(bench.without(), Without::Dns);
    }
}

#[test]
fn neighbours_are_no_resolvers() {
    for (port, without) in
        [(5353, Without::Dns), (5355, Without::Dns), (137, Without::UnknownProtocol)]
    {
        let mut bench = Bench::new();
        datagram(&mut bench, Side::Low, (50123, port), &query("printer.local"));
        assert_eq!(bench.findings.client, None, "{port}");
        assert!(bench.findings.answers.is_empty(), "{port}");
        let told = [("printer.local", Via::LocalName)];
        assert_eq!(bench.names(), told[usize::from(port == 137)..], "{port}");
        assert_eq!(bench.without(), without);
    }
}

#[test]
fn a_cut_or_foreign_message_is_none_where_no_port_vouches_for_it() {
    let mut message = query("www.example.org");
    message.push(0);
    let mut bench = Bench::new();
    datagram(&mut bench, Side::Low, (50123, 8443), &message);
    datagram(&mut bench, Side::Low, (50123, 8443), &message[..20]);
    assert!(bench.findings.is_empty());
    assert_eq!(bench.without(), Without::UnknownProtocol);
}

#[test]
fn datagrams_of_no_known_protocol_are_looked_at_a_few_times() {
    let mut bench = Bench::new();
    for _ in 0..20 {
        datagram(&mut bench, Side::Low, (50123, 8443), b"something else entirely");
    }
    datagram(&mut bench, Side::Low, (50123, 8443), &query("www.example.org"));
    assert!(bench.findings.is_empty());
    assert_eq!(bench.without(), Without::UnknownProtocol);
}

#[test]
fn dns_over_tcp_is_read_on_any_port_in_both_directions() {
    for port in [53, 8443] {
        let piece = |side, seq, syn, payload| Piece {
            side,
            kind: PieceKind::Segment { seq, syn },
            ports: if side == Side::Low { (50123, port) } else { (port, 50123) },
            payload,
            wire_len: u32::try_from(payload.len()).unwrap(),
        };
        let asked = [framed(&query("a.example")), framed(&query("b.example"))].concat();
        let answered = framed(&response("a.example", [192, 0, 2, 7]));
        let mut bench = Bench::new();
        bench.offer(&piece(Side::Low, 0, true, &[])).offer(&piece(Side::High, 70, true, &[]));
        bench.offer(&piece(Side::Low, 40, false, &asked[40..]));
        bench.offer(&piece(Side::Low, 0, false, &asked[..40]));
        bench.offer(&piece(Side::High, 70, false, &answered));
        let queries = [("a.example", Via::DnsQuery), ("b.example", Via::DnsQuery)];
        assert_eq!(bench.names(), queries, "port {port}");
        assert_eq!(bench.findings.answers[0].asker, Side::Low);
        assert_eq!(bench.findings.client, Some(Side::Low));
        assert_eq!(bench.without(), Without::Dns);
    }
}

#[test]
fn a_hello_over_several_quic_initials_in_any_order_is_read() {
    let hello = Hello { sni: Some("www.example.org"), alpn: &["h3"], ech: true, padding: 900 };
    let message = hello.message();
    let (a, b) = message.split_at(500);
    let (first, second) = (initial(0, 0, a), initial(1, 500, b));
    for order in [[&first, &second], [&second, &first]] {
        let mut bench = Bench::new();
        for packet in order {
            assert!(bench.names().is_empty());
            datagram(&mut bench, Side::High, (50123, 443), packet);
        }
        assert_eq!(bench.names(), [("www.example.org", Via::QuicSni)]);
        assert_eq!(bench.findings.client, Some(Side::High));
        assert_eq!(bench.findings.alpn, ["h3".into()]);
        assert_eq!(bench.findings.flags, FlowFlags::QUIC | FlowFlags::ECH_OFFERED);
        assert_eq!(bench.budget.used, 0);
    }
}

#[test]
fn an_unfinished_quic_hello_is_cut_and_its_budget_is_given_back() {
    let message = Hello { sni: Some("www.example.org"), ..Hello::default() }.message();
    let mut bench = Bench::new();
    datagram(&mut bench, Side::High, (50123, 443), &initial(0, 0, &message[..60]));
    assert!(bench.budget.used > 0);
    assert_eq!(bench.findings.flags, FlowFlags::QUIC);
    assert_eq!(bench.without(), Without::Cut);

    let mut bench = Bench::new();
    bench.budget.limit = 10;
    datagram(&mut bench, Side::High, (50123, 443), &initial(0, 0, &message[..60]));
    assert_eq!((bench.budget.hits, bench.budget.used), (1, 0));
    assert_eq!(bench.without(), Without::Bound);
}
