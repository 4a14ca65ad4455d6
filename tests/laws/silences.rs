//! Connections that fall silent and go on leave what they knew to the flow that goes on, also
//! where another thread has still to read the answer that named them.

use proptest::prelude::*;

use crate::record::{ETHERNET, Record};
use crate::threads::{by_outer, cases, counted, counted_by_one, lagging, same};
use crate::traffic::{client_hello, hello_with, query};

/// What happens between two hosts, and between one of them and its resolver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// The resolver says that a name has the server's address: one of two names.
    Answer(u8),
    /// The same at the server's side: it asked for the client.
    Back(u8),
    /// The resolver says which name hellos to a service show instead of their own.
    Config,
    Syn,
    SynAck,
    Up,
    Down,
    Reset,
    /// A hello with a server name of two, and whether it offers ECH.
    Hello(u8, bool),
    /// A hello without a server name; it tells a protocol.
    Nameless,
}

/// So many milliseconds after the one before: frames of one time have no order among threads.
type Timed = (Event, u32);

const HOUR: u32 = 3_600_000;

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn what_goes_on_after_a_silence_is_the_same_on_several_threads(
        events in prop::collection::vec(event(), 1..16).prop_filter(
            "no more spans than are kept of a name",
            |events| events.iter().filter(|(event, _)| *event == Event::Config).count() <= 8,
        ),
        port in prop::sample::select(vec![443_u16, 60_000]),
        last in 0_usize..4,
        seed: u64,
    ) {
        let records = records(&events, port);
        let one = counted_by_one(&records);
        match last {
            2 | 3 => {
                same(&one, &counted(&records, 2, by_outer, [1, usize::MAX][last - 2], seed));
            }
            last => same(&one, &lagging(&records, 2, last).0),
        }
    }
}

/// Two threads: one reads the connection, the other the resolver's answers, after all of it.
fn holds_where_answers_come_late(events: &[Timed], port: u16) {
    let records = records(events, port);
    let one = counted_by_one(&records);
    for last in 0..2 {
        let (many, used) = lagging(&records, 2, last);
        assert_eq!(used, 2, "all frames came to one thread");
        same(&one, &many);
    }
}

/// The one name came by the answer alone.
#[test]
fn a_name_by_an_answer_is_left_to_the_flow_that_goes_on() {
    for event in [Event::Up, Event::Down] {
        let events = [(Event::Answer(0), 0), (Event::Up, 5), (event, HOUR + 1)];
        holds_where_answers_come_late(&events, 443);
        let again = [&events[..], &[(event, 2 * HOUR), (event, 3 * HOUR)]].concat();
        holds_where_answers_come_late(&again, 443);
    }
}

/// What was there already when the silence began stays beside the name that comes late, and what
/// the flow shows afterwards, too.
#[test]
fn names_from_before_the_silence_and_after_it_stand_beside_the_answers() {
    let answer = (Event::Answer(0), 0);
    let on = (Event::Up, HOUR + 1);
    let before = [answer, (Event::Hello(1, false), 5), on];
    let after = [answer, (Event::Up, 5), on, (Event::Hello(1, false), 5)];
    let opened = [answer, (Event::Syn, 5), (Event::Hello(1, false), HOUR + 1)];
    for events in [&before[..], &after, &opened] {
        holds_where_answers_come_late(events, 443);
    }
}

/// Who is the client was left, no name: then the name is that of the flow's own beginning.
#[test]
fn a_flow_that_inherits_no_name_is_named_by_its_own_answer() {
    let events = [(Event::Syn, 0), (Event::Answer(0), HOUR / 2), (Event::Up, HOUR / 2 + 1)];
    holds_where_answers_come_late(&events, 443);
    // By the ports, the other side would be the client.
    holds_where_answers_come_late(&events, 60_000);
    let one = counted_by_one(&records(&events, 60_000));
    assert!(one.is_tagged(), "the client that was inherited had resolved it");
}

/// A hello tells who is the client: what the addresses said goes, whatever was left.
#[test]
fn a_flow_that_is_turned_after_the_silence_is_named_from_its_other_end() {
    let before = [(Event::Back(1), 0), (Event::Up, 5), (Event::Answer(0), HOUR / 2)];
    let turned = [(Event::Down, HOUR / 2 + 1), (Event::SynAck, 5)];
    let events = [&before[..], &turned].concat();
    holds_where_answers_come_late(&events, 60_000);
    let one = |events: &[Timed]| counted_by_one(&records(events, 60_000));
    assert!(!one(&events[..4]).is_tagged());
    assert!(one(&events).is_tagged());
}

/// A name that was taken back, since it was seen from the wrong end, leaves nothing.
#[test]
fn a_name_that_was_taken_back_is_not_left() {
    let before = [(Event::Back(1), 0), (Event::Up, 5), (Event::Syn, 5)];
    let after = [(Event::Answer(0), HOUR), (Event::Up, 5)];
    let events = [&before[..], &after].concat();
    holds_where_answers_come_late(&events, 60_000);
    let one = counted_by_one(&records(&events, 60_000));
    assert!(one.is_tagged(), "by its own answer");
}

/// The configuration that tells an outer name counts for the hellos behind the silence as well.
#[test]
fn an_outer_name_is_one_after_the_silence() {
    let events = [
        (Event::Config, 0),
        (Event::Hello(1, true), 5),
        (Event::Up, HOUR + 1),
        (Event::Hello(0, true), 5),
    ];
    holds_where_answers_come_late(&events, 443);
    let hello = (Event::Hello(0, false), 5);
    holds_where_answers_come_late(&[&events[..3], &[hello]].concat(), 443);
    let unknown = counted_by_one(&records(&events[1..], 443));
    let known = counted_by_one(&records(&events, 443));
    assert!(unknown.is_tagged() && !known.is_tagged());
}

/// A protocol offered, or an outer name, says nothing of whom the flow talks to.
#[test]
fn what_has_no_name_hides_no_answer() {
    let left =
        [[(Event::Nameless, 0)].as_slice(), &[(Event::Config, 0), (Event::Hello(1, true), 5)]];
    for left in left {
        let events = [left, &[(Event::Answer(0), 5), (Event::Up, HOUR)]].concat();
        holds_where_answers_come_late(&events, 443);
        let one = counted_by_one(&records(&events, 443));
        assert!(one.is_tagged(), "by its own answer");
    }
}

fn event() -> impl Strategy<Value = Timed> {
    let name = 0..2_u8;
    let what = prop_oneof![
        4 => name.clone().prop_map(Event::Answer),
        1 => name.clone().prop_map(Event::Back),
        1 => Just(Event::Config),
        1 => Just(Event::Syn),
        1 => Just(Event::SynAck),
        4 => Just(Event::Up),
        2 => Just(Event::Down),
        1 => Just(Event::Reset),
        2 => (name, any::<bool>()).prop_map(|(name, ech)| Event::Hello(name, ech)),
        1 => Just(Event::Nameless),
    ];
    let gap = prop_oneof![
        3 => Just(1),
        2 => 1..HOUR,
        3 => HOUR + 1..HOUR + 10_000,
        1 => HOUR..30 * HOUR,
    ];
    (what, gap)
}

/// The frames of these events.
fn records(events: &[Timed], port: u16) -> Vec<Record> {
    let mut time = 0;
    let mut seq = 1_000;
    let frame = |(event, gap): &Timed| {
        time += i64::from(*gap);
        let octets = octets(*event, port, &mut seq);
        let wire_len = u32::try_from(octets.len()).expect("a short frame");
        let time = 1_767_603_540_000_000_000 + time * 1_000_000;
        Record { time, link: ETHERNET, wire_len, octets }
    };
    events.iter().map(frame).collect()
}

// Not in the home net, so that the ports tell who is the client.
const CLIENT: [u8; 4] = [192, 0, 2, 1];
const SERVER: [u8; 4] = [198, 51, 100, 1];
const RESOLVER: [u8; 4] = [192, 0, 2, 21];
const NAMES: [&str; 2] = ["app.adjust.com", "www.example.org"];
/// What a hello with ECH shows.
const FRONT: &str = NAMES[1];

fn octets(event: Event, port: u16, seq: &mut u32) -> Vec<u8> {
    const UP: u16 = 40_000;
    let mut tcp = |is_up: bool, flags: u8, data: &[u8]| {
        let [from, to] = if is_up { [UP, port] } else { [port, UP] };
        let mut segment = [from.to_be_bytes(), to.to_be_bytes()].concat();
        segment.extend(seq.to_be_bytes());
        segment.extend([0, 0, 0, 0, 0x50, flags, 0x20, 0, 0, 0, 0, 0]);
        segment.extend(data);
        *seq += u32::try_from(data.len()).expect("a short message");
        let ends = if is_up { [CLIENT, SERVER] } else { [SERVER, CLIENT] };
        packet(6, ends, &segment)
    };
    match event {
        Event::Syn => tcp(true, 2, &[]),
        Event::SynAck => tcp(false, 18, &[]),
        Event::Up => tcp(true, 16, &[0; 20]),
        Event::Down => tcp(false, 16, &[0; 20]),
        Event::Reset => tcp(true, 4, &[]),
        Event::Hello(name, false) => tcp(true, 16, &client_hello(NAMES[usize::from(name)])),
        Event::Hello(name, true) => tcp(true, 16, &offering_ech(NAMES[usize::from(name)])),
        Event::Nameless => tcp(true, 16, &nameless()),
        Event::Answer(name) => answer(CLIENT, NAMES[usize::from(name)], 1, &SERVER),
        Event::Back(name) => answer(SERVER, NAMES[usize::from(name)], 1, &CLIENT),
        Event::Config => answer(CLIENT, "service.example", 65, &config()),
    }
}

fn packet(protocol: u8, ends: [[u8; 4]; 2], data: &[u8]) -> Vec<u8> {
    let len = u16::try_from(20 + data.len()).expect("a short packet").to_be_bytes();
    let mut octets = [&[2; 12][..], &[8, 0, 0x45, 0], &len].concat();
    octets.extend([0, 0, 0, 0, 64, protocol, 0, 0]);
    octets.extend(ends.as_flattened());
    octets.extend(data);
    octets
}

/// A resolver's answer to `asker` with one record.
fn answer(asker: [u8; 4], name: &str, kind: u8, data: &[u8]) -> Vec<u8> {
    let mut message = query(name);
    message[2..4].copy_from_slice(&[0x81, 0x80]);
    message[7] = 1;
    let at = message.len() - 3;
    message[at] = kind;
    message.extend([0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 60]);
    message.extend(short(data.len()));
    message.extend(data);
    let mut datagram = [53_u16.to_be_bytes(), 50_000_u16.to_be_bytes()].concat();
    datagram.extend(short(8 + message.len()));
    datagram.extend([0, 0]);
    datagram.extend(message);
    packet(17, [RESOLVER, asker], &datagram)
}

/// The data of an HTTPS record with an ECH configuration (RFC 9460 §2.2, RFC 9849 §4).
fn config() -> Vec<u8> {
    let mut contents = vec![7, 0, 0x20, 0, 32];
    contents.extend([9; 32]);
    contents.extend([0, 4, 0, 1, 0, 1, 0]);
    contents.push(u8::try_from(FRONT.len()).expect("a short name"));
    contents.extend(FRONT.as_bytes());
    contents.extend([0, 0]);
    let config = [&[0xfe, 0x0d][..], &short(contents.len()), &contents].concat();
    let list = [&short(config.len())[..], &config].concat();
    [&[0, 1, 0, 0, 5][..], &short(list.len()), &list].concat()
}

/// A hello that offers HTTP/2 (RFC 7301 §3.1) and has no server name.
fn nameless() -> Vec<u8> {
    hello_with(&[0, 16, 0, 5, 0, 3, 2, b'h', b'2'])
}

/// A hello that offers ECH (RFC 9849 §5) beside its server name.
fn offering_ech(host: &str) -> Vec<u8> {
    let mut hello = client_hello(host);
    let mut ech = vec![0, 0, 1, 0, 1, 7, 0, 32];
    ech.extend([5; 32]);
    ech.extend([0, 16]);
    ech.extend([6; 16]);
    let more = [&[0xfe, 0x0d][..], &short(ech.len()), &ech].concat();
    // Lengths of the record, of the message and of the extensions.
    for at in [3, 7, 9 + 2 + 32 + 1 + 4 + 2] {
        let len = u16::from_be_bytes([hello[at], hello[at + 1]]);
        hello[at..at + 2].copy_from_slice(&short(usize::from(len) + more.len()));
    }
    hello.extend(more);
    hello
}

fn short(len: usize) -> [u8; 2] {
    u16::try_from(len).expect("a short message").to_be_bytes()
}
