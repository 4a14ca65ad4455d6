use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;
use crate::flow::Side;

fn address(last: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, last))
}

const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
const OTHER: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2));

fn host(name: &str) -> HostName {
    HostName::from_wire(name.as_bytes()).unwrap()
}

fn answer(asked: &str, chain: &[&str], address: IpAddr, ttl: u32) -> DnsAnswer {
    let chain = chain.iter().map(|name| host(name)).collect();
    DnsAnswer { asker: Side::Low, asked: host(asked), chain, address, ttl }
}

fn second(seconds: u64) -> CaptureTime {
    CaptureTime(0).plus(seconds * SECOND)
}

fn name(table: &AnswerTable, at: u64) -> Option<String> {
    table.resolve(CLIENT, address(1), second(at)).map(|r| r.name.to_string())
}

#[test]
fn an_answer_names_the_flows_of_the_client_that_got_it() {
    let mut table = AnswerTable::new(10);
    table.insert(CLIENT, &answer("a.example", &["b.example"], address(1), 60), second(5));
    let expected = Resolution {
        name: host("a.example"),
        chain: [host("b.example")].into(),
        time: second(5),
        ambiguous: false,
    };
    assert_eq!(table.resolve(CLIENT, address(1), second(9)), Some(expected));
    assert_eq!(table.resolve(OTHER, address(1), second(9)), None);
    assert_eq!(table.resolve(CLIENT, address(2), second(9)), None);
}

#[test]
fn an_answer_counts_from_its_time_for_an_hour_or_its_ttl() {
    let mut table = AnswerTable::new(10);
    table.insert(CLIENT, &answer("short.example", &[], address(1), 60), second(10));
    assert_eq!(name(&table, 9), None);
    assert_eq!(name(&table, 10).as_deref(), Some("short.example"));
    assert_eq!(name(&table, 3610).as_deref(), Some("short.example"));
    assert_eq!(name(&table, 3611), None);
    table.insert(CLIENT, &answer("long.example", &[], address(1), 86_400), second(20));
    assert_eq!(name(&table, 86_420).as_deref(), Some("long.example"));
    assert_eq!(name(&table, 86_421), None);
}

#[test]
fn the_most_recent_answer_wins_and_others_make_it_ambiguous() {
    let mut table = AnswerTable::new(10);
    let resolve = |table: &AnswerTable, at| {
        let found = table.resolve(CLIENT, address(1), second(at)).unwrap();
        (found.name.to_string(), found.ambiguous)
    };
    table.insert(CLIENT, &answer("a.example", &[], address(1), 0), second(10));
    table.insert(CLIENT, &answer("a.example", &["c.example"], address(1), 0), second(20));
    assert_eq!(resolve(&table, 25), ("a.example".into(), false), "the same name twice");
    table.insert(CLIENT, &answer("b.example", &[], address(1), 0), second(30));
    assert_eq!(resolve(&table, 25), ("a.example".into(), false));
    assert_eq!(resolve(&table, 30), ("b.example".into(), true), "the same time counts");
    assert_eq!(resolve(&table, 3625), ("b.example".into(), false), "the other is too old");
    table.insert(CLIENT, &answer("late.example", &[], address(1), 0), second(29));
    assert_eq!(resolve(&table, 31), ("b.example".into(), true), "the order of time counts");
}

/// Another thread may be ahead of the one that asks.
#[test]
fn answers_of_later_times_hide_no_earlier_one() {
    let mut table = AnswerTable::new(10_000);
    table.insert(CLIENT, &answer("first.example", &[], address(1), 60), second(10));
    for later in 0..1_000 {
        let asked = format!("n{later}.example");
        table.insert(CLIENT, &answer(&asked, &[], address(1), 60), second(20 + later));
    }
    assert_eq!(name(&table, 15).as_deref(), Some("first.example"));
    assert_eq!(name(&table, 1_019).as_deref(), Some("n999.example"));
}

#[test]
fn loopback_has_no_name_of_public_dns_and_link_local_servers_have_none() {
    let mut table = AnswerTable::new(10);
    let none = [
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V4(Ipv4Addr::new(169, 254, 3, 4)),
        IpAddr::V6(Ipv6Addr::LOCALHOST),
        "fe80::1".parse().unwrap(),
    ];
    for server in none {
        table.insert(CLIENT, &answer("tracker.example.com", &[], server, 60), second(1));
        assert_eq!(table.resolve(CLIENT, server, second(2)), None);
        let is_loopback = server.is_loopback();
        table.insert(CLIENT, &answer("test.lan", &[], server, 60), second(1));
        let found = table.resolve(CLIENT, server, second(2));
        let expected = is_loopback.then(|| (host("test.lan"), false));
        assert_eq!(found.map(|found| (found.name, found.ambiguous)), expected, "{server}");
    }
}

#[test]
fn a_full_table_drops_the_oldest_and_says_so() {
    let mut table = AnswerTable::new(3);
    for last in 1..=5 {
        let asked = format!("n{last}.example");
        table.insert(CLIENT, &answer(&asked, &[], address(last), 60), second(1));
    }
    assert_eq!(table.hits(), 2);
    let kept = |last| table.resolve(CLIENT, address(last), second(2)).is_some();
    assert_eq!([1, 2, 3, 4, 5].map(kept), [false, false, true, true, true]);
    assert_eq!((table.entries.len(), table.newest.len(), table.names.pool.len()), (3, 3, 3));
}

#[test]
fn the_addresses_of_an_answer_share_its_names() {
    let mut table = AnswerTable::new(8);
    for last in 1..=8 {
        table.insert(CLIENT, &answer("a.example", &["b.example"], address(last), 60), second(1));
    }
    assert_eq!(table.names.pool.len(), 1);
    for last in 1..=8 {
        table.insert(CLIENT, &answer("c.example", &[], address(last), 60), second(1));
    }
    assert_eq!(table.names.pool.len(), 1, "names that nobody holds are gone");
}

proptest! {
    /// Against a list of everything that was inserted.
    #[test]
    fn the_table_agrees_with_a_plain_list(
        inserts in proptest::collection::vec((0u8..3, 0u8..4, 0u64..9000, 0u32..8000), 0..40),
        limit in 1usize..50,
        asked_at in 0u64..12_000,
        server in 0u8..3,
    ) {
        let mut table = AnswerTable::new(limit);
        for (server, asked, at, ttl) in &inserts {
            let answer = answer(&format!("n{asked}.example"), &[], address(*server), *ttl);
            table.insert(CLIENT, &answer, second(*at));
        }
        let kept = &inserts[inserts.len().saturating_sub(limit)..];
        let valid: Vec<_> = kept
            .iter()
            .filter(|(to, _, at, ttl)| {
                *to == server && *at <= asked_at && asked_at <= at + u64::from(*ttl).max(3600)
            })
            .collect();
        let latest = valid.iter().enumerate().max_by_key(|(n, (_, _, at, _))| (*at, *n));
        let expected = latest.map(|(_, (_, asked, at, _))| {
            let ambiguous = valid.iter().any(|(_, other, _, _)| other != asked);
            (host(&format!("n{asked}.example")), second(*at), ambiguous)
        });
        let got = table.resolve(CLIENT, address(server), second(asked_at));
        prop_assert_eq!(got.map(|r| (r.name, r.time, r.ambiguous)), expected);
        prop_assert_eq!(table.hits(), (inserts.len() - kept.len()) as u64);
    }
}
