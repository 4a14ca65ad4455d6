use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;
use Strictness::{ByContent, Port53};

/// A message put together octet by octet, names uncompressed unless written out.
#[derive(Clone, Debug)]
pub(in super::super) struct Builder {
    octets: Vec<u8>,
}

impl Builder {
    pub(in super::super) fn query() -> Self {
        Self { octets: vec![0x12, 0x34, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0] }
    }

    pub(in super::super) fn response() -> Self {
        Self { octets: vec![0x12, 0x34, 0x81, 0x80, 0, 0, 0, 0, 0, 0, 0, 0] }
    }

    pub(in super::super) fn question(mut self, name: &[u8], rtype: u16) -> Self {
        self.octets[5] += 1;
        self.octets.extend(name);
        self.octets.extend(rtype.to_be_bytes());
        self.octets.extend([0, 1]);
        self
    }

    pub(in super::super) fn record(
        mut self,
        section: usize,
        owner: &[u8],
        rtype: u16,
        ttl: u32,
        data: &[u8],
    ) -> Self {
        self.octets[5 + 2 * section] += 1;
        self.octets.extend(owner);
        self.octets.extend(rtype.to_be_bytes());
        self.octets.extend([0, 1]);
        self.octets.extend(ttl.to_be_bytes());
        self.octets.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        self.octets.extend(data);
        self
    }

    pub(in super::super) fn done(self) -> Vec<u8> {
        self.octets
    }
}

/// Wire form of a dotted name.
pub(in super::super) fn wire(name: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    for label in name.split('.').filter(|l| !l.is_empty()) {
        octets.push(u8::try_from(label.len()).unwrap());
        octets.extend(label.as_bytes());
    }
    octets.push(0);
    octets
}

fn host(name: &str) -> HostName {
    HostName::from_wire(name.as_bytes()).unwrap()
}

/// A pointer to the question's name.
const ASKED: [u8; 2] = [0xc0, 12];
const A: u16 = 1;
const CNAME: u16 = 5;
const OPT: u16 = 41;
const HTTPS: u16 = 65;
const SVCB: u16 = 64;

/// `www.example.com` is an alias of an alias; its addresses stand before the aliases.
fn aliases() -> Vec<u8> {
    Builder::response()
        .question(&wire("WWW.example.com"), A)
        .record(1, &wire("c.cdn.example"), A, 60, &[192, 0, 2, 1])
        .record(1, &wire("b.example.net"), CNAME, 30, &wire("C.cdn.example"))
        .record(1, &ASKED, CNAME, 300, &wire("b.example.net"))
        .record(1, &wire("c.cdn.example"), A, 20, &[192, 0, 2, 2])
        .record(1, &wire("other.example"), A, 20, &[192, 0, 2, 3])
        .record(3, &wire("ns.example"), A, 20, &[192, 0, 2, 4])
        .record(3, &[0], OPT, 0, &[])
        .done()
}

#[test]
fn a_query_gives_its_name_in_one_form() {
    let octets = Builder::query().question(&wire("Self.Events.Data.Microsoft.COM"), A).done();
    for strictness in [Port53, ByContent] {
        let message = read(&octets, strictness).unwrap();
        assert!(!message.response && message.opcode_query && message.answers.is_empty());
        assert_eq!(message.questions.len(), 1);
        assert_eq!(message.questions[0].name, Ok(host("self.events.data.microsoft.com")));
    }
}

#[test]
fn aliases_are_followed_from_the_question_in_any_order_of_records() {
    let message = read(&aliases(), ByContent).unwrap();
    assert!(message.response);
    let chain = vec![host("b.example.net"), host("c.cdn.example")];
    let answer = |last, ttl| Answer {
        asked: host("www.example.com"),
        chain: chain.clone(),
        address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)),
        ttl,
    };
    assert_eq!(message.answers, [answer(1, 30), answer(2, 20)]);
}

#[test]
fn an_alias_loop_ends() {
    let octets = Builder::response()
        .question(&wire("a.example"), A)
        .record(1, &ASKED, CNAME, 1, &wire("b.example"))
        .record(1, &wire("b.example"), CNAME, 1, &wire("a.example"))
        .record(1, &wire("b.example"), A, 1, &[192, 0, 2, 1])
        .done();
    let message = read(&octets, Port53).unwrap();
    assert_eq!(message.answers.len(), 1);
    assert_eq!(message.answers[0].chain, [host("b.example")]);
}

/// The records that RFC 9460 prints in appendix D.1 and D.2, whose owner is `example.com`: type,
/// data, the target where it is another host, and the addresses that they give.
const BINDINGS: [(u16, &str, &str, &[&str]); 9] = [
    (HTTPS, "0000 03666f6f 076578616d706c65 03636f6d 00", "", &[]),
    (SVCB, "0001 00", "", &[]),
    (SVCB, "0010 03666f6f 076578616d706c65 03636f6d 00 0003 0002 0035", "", &[]),
    (SVCB, "0001 03666f6f 076578616d706c65 03636f6d 00 029b 0005 68656c6c6f", "", &[]),
    (SVCB, "0001 03666f6f 076578616d706c65 03636f6d 00 029b 0009 68656c6c6fd2716f6f", "", &[]),
    (
        SVCB,
        "0001 03666f6f 076578616d706c65 03636f6d 00 0006 0020
         20010db8000000000000000000000001 20010db8000000000000000000530001",
        "foo.example.com",
        &["2001:db8::1", "2001:db8::53:1"],
    ),
    (
        SVCB,
        "0001 076578616d706c65 03636f6d 00 0006 0010 20010db80122034400000000c0000221",
        "",
        &["2001:db8:122:344::c000:221"],
    ),
    (
        SVCB,
        "0010 03666f6f 076578616d706c65 036f7267 00 0000 0004 00010004
         0001 0009 02683205 68332d3139 0004 0004 c0000201",
        "foo.example.org",
        &["192.0.2.1"],
    ),
    (
        SVCB,
        "0010 03666f6f 076578616d706c65 036f7267 00 0001 000c 08665c6f6f2c626172 026832",
        "",
        &[],
    ),
];

#[test]
fn the_service_bindings_of_rfc_9460_give_their_hints() {
    for (rtype, hex, target, addresses) in BINDINGS {
        let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
        let pair = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap();
        let data: Vec<u8> = digits.chunks(2).map(pair).collect();
        let octets = Builder::response()
            .question(&wire("example.com"), rtype)
            .record(1, &ASKED, rtype, 300, &data)
            .done();
        let message = read(&octets, ByContent).unwrap();
        let got: Vec<_> = message.answers.iter().map(|answer| answer.address.to_string()).collect();
        assert_eq!(got, addresses, "{hex}");
        let chain: Vec<_> = Some(target).filter(|t| !t.is_empty()).into_iter().map(host).collect();
        for answer in &message.answers {
            assert_eq!((&answer.asked, &answer.chain), (&host("example.com"), &chain), "{hex}");
        }
    }
}

#[test]
fn a_service_binding_gives_its_address_hints() {
    let mut data = vec![0, 1];
    data.extend(wire("svc.example.net"));
    data.extend([0, 1, 0, 3, 2, b'h', b'2']); // alpn
    data.extend([0, 4, 0, 4, 192, 0, 2, 9]); // ipv4hint
    data.extend([0, 6, 0, 16]); // ipv6hint
    data.extend(Ipv6Addr::LOCALHOST.octets());
    let octets = Builder::response()
        .question(&wire("example.com"), HTTPS)
        .record(1, &ASKED, HTTPS, 300, &data)
        .done();
    let message = read(&octets, ByContent).unwrap();
    let addresses: Vec<_> = message.answers.iter().map(|a| a.address).collect();
    let [v4, v6] = [IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9)), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    assert_eq!(addresses, [v4, v6]);
    assert!(message.answers.iter().all(|a| a.asked == host("example.com")));
    assert!(message.answers.iter().all(|a| a.chain == [host("svc.example.net")]));
}

#[test]
fn a_label_with_a_dot_inside_does_not_turn_into_another_name() {
    let octets = Builder::query().question(b"\x0bexample.com\0", A).done();
    let message = read(&octets, Port53).unwrap();
    assert_eq!(message.questions[0].name, Err(NotAHostName::Invalid));
    let octets = Builder::query().question(b"\x02\xc3\xa4\x03com\0", A).done();
    assert_eq!(read(&octets, Port53).unwrap().questions[0].name, Err(NotAHostName::NotAscii));
    let octets = Builder::query().question(b"\0", A).done();
    assert_eq!(read(&octets, Port53).unwrap().questions[0].name, Err(NotAHostName::Empty));
}

#[test]
fn an_address_that_answers_a_name_which_is_none_has_no_name() {
    let octets = Builder::response()
        .question(b"\x03a b\x03com\0", A)
        .record(1, &ASKED, A, 60, &[192, 0, 2, 1])
        .done();
    assert!(read(&octets, Port53).unwrap().answers.is_empty());
}

#[test]
fn a_name_that_points_at_itself_or_forwards_is_refused() {
    for target in [12, 13, 14, 40, 200] {
        let octets = Builder::query().question(&[0xc0, target], A).done();
        assert!(read(&octets, Port53).unwrap().questions.is_empty());
    }
    let octets = Builder::query().question(b"\x01a\xc0\x0c", A).done();
    assert!(read(&octets, Port53).unwrap().questions.is_empty(), "a label and a loop");
}

#[test]
fn a_query_whose_question_is_broken_still_tells_who_asks() {
    let broken = Builder::query().question(b"\x74abc", A).done();
    let message = read(&broken, Port53).unwrap();
    assert!(!message.response && message.opcode_query && message.questions.is_empty());
    assert_eq!(read(&broken, ByContent), None);
    for (at, value) in [(2, 0x28), (3, 0x40), (3, 3), (4, 1), (7, 1)] {
        let mut implausible = broken.clone();
        implausible[at] = value;
        assert_eq!(read(&implausible, Port53), None, "octet {at}");
    }
}

#[test]
fn countless_questions_give_the_whole_ones_of_a_known_class() {
    let mut octets = Builder::query().question(&wire("a.example"), A).done();
    octets[4] = 0x70;
    assert_eq!(read(&octets, Port53).unwrap().questions.len(), 1);
    assert_eq!(read(&octets, ByContent), None);
    let class = octets.len() - 1;
    octets[class] = 99;
    assert_eq!(read(&octets, Port53), None);
}

#[test]
fn a_ttl_with_its_highest_bit_set_is_zero() {
    let octets = Builder::response()
        .question(&wire("a.example"), A)
        .record(1, &ASKED, A, 0x8000_0001, &[192, 0, 2, 1])
        .done();
    assert_eq!(read(&octets, Port53).unwrap().answers[0].ttl, 0);
}

#[test]
fn an_update_is_no_query() {
    let mut octets = Builder::query().question(&wire("example.com"), 6).done();
    octets[2] = 5 << 3;
    assert!(!read(&octets, Port53).unwrap().opcode_query);
    assert_eq!(read(&octets, ByContent), None);
}

#[test]
fn each_cut_of_a_message_gives_what_is_whole_and_no_other_name() {
    let octets = aliases();
    let whole = read(&octets, Port53).unwrap();
    let mut seen = (0, 0);
    for end in 0..octets.len() {
        assert_eq!(read(&octets[..end], ByContent), None);
        let Some(cut) = read(&octets[..end], Port53) else { continue };
        assert!(cut.questions == whole.questions || cut.questions.is_empty());
        assert_eq!(cut.questions.is_empty(), end < 12 + 17 + 4, "the question is whole or not");
        for answer in &cut.answers {
            assert_eq!(answer.asked, host("www.example.com"));
            assert!(whole.answers.iter().any(|a| a.address == answer.address));
        }
        seen = (seen.0 + 1, seen.1 + cut.answers.len());
    }
    assert!(seen.0 > 100 && seen.1 > 10, "cuts that gave a question, answers: {seen:?}");
}

#[test]
fn a_large_message_of_hostile_names_is_read_in_bounded_time() {
    let mut octets = vec![0, 0, 0x81, 0x80, 0, 1, 0xff, 0xff, 0, 0, 0, 0];
    octets.extend(wire(&vec!["a"; 120].join(".")));
    octets.extend([0, 1, 0, 1]);
    while octets.len() < 60_000 {
        octets.extend([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 0, 0, 2, 0xc0, 14]);
    }
    let message = read(&octets, Port53).unwrap();
    assert_eq!(message.questions.len(), 1);
    assert_eq!(read(&octets, ByContent), None, "more records than are read");
}

proptest! {
    #[test]
    fn arbitrary_octets_never_panic_and_are_never_taken_for_dns(
        octets in proptest::collection::vec(any::<u8>(), 0..600)
    ) {
        let _ = read(&octets, Port53);
        prop_assert_eq!(read(&octets, ByContent), None);
    }

    #[test]
    fn a_damaged_message_never_panics(
        at in 0usize..180, octet in any::<u8>(), further in 0usize..180, more in any::<u8>()
    ) {
        let mut octets = aliases();
        let len = octets.len();
        octets[at % len] = octet;
        octets[further % len] = more;
        let _ = read(&octets, Port53);
        let _ = read(&octets, ByContent);
    }

    #[test]
    fn whoever_answers_the_name_is_the_one_that_was_asked(
        names in proptest::collection::vec("[a-z]{1,9}(\\.[a-z]{1,9}){1,3}", 2..12),
        order in any::<prop::sample::Index>(),
    ) {
        // Each name is an alias of the next; the records are rotated at random.
        let mut records: Vec<(Vec<u8>, Vec<u8>)> =
            names.windows(2).map(|w| (wire(&w[0]), wire(&w[1]))).collect();
        let middle = order.index(records.len());
        records.rotate_left(middle);
        let mut message = Builder::response().question(&wire(&names[0]), A);
        for (owner, target) in &records {
            message = message.record(1, owner, CNAME, 60, target);
        }
        let message = message.record(1, &wire(names.last().unwrap()), A, 60, &[192, 0, 2, 1]);
        let message = read(&message.done(), ByContent).unwrap();
        let distinct = names.iter().collect::<std::collections::HashSet<_>>().len() == names.len();
        if distinct {
            prop_assert_eq!(message.answers.len(), 1);
            let chain: Vec<HostName> = names[1..].iter().map(|n| host(n)).collect();
            prop_assert_eq!(&message.answers[0].chain, &chain);
        }
        for answer in &message.answers {
            prop_assert_eq!(&answer.asked, &host(&names[0]));
        }
    }
}
