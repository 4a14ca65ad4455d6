//! Logins in RADIUS, with TLS in EAP.

use super::{Bench, datagram};
use crate::flow::{FlowFlags, Side};
use crate::name::eap::sample::login;
use crate::name::{Via, Without};

const PORTS: [(u16, u16); 2] = [(50123, 1812), (1812, 50123)];

/// Offers the datagrams of a login: codes tell who speaks.
fn say(bench: &mut Bench, datagrams: &[Vec<u8>]) {
    for message in datagrams {
        let from_server = message[0] == 11;
        let side = if from_server { Side::High } else { Side::Low };
        datagram(bench, side, PORTS[usize::from(from_server)], message);
    }
}

#[test]
fn a_login_names_the_server_that_checks_it() {
    for (sni, name) in [
        (Some("login.example"), ("login.example", Via::TlsSni)),
        (None, ("radius.example", Via::Certificate)),
    ] {
        let mut bench = Bench::new();
        say(&mut bench, &login("02-00-00-00-00-01", 25, sni, 300, 0));
        assert_eq!(bench.names(), [name]);
        assert_eq!(bench.findings.client, Some(Side::Low));
        assert_eq!(bench.findings.flags, FlowFlags::EAP);
        assert!(bench.findings.fingerprint.is_none());
        assert!(bench.budget.used > 0 && bench.budget.used < 64 * 1024);
        bench.without();
    }
}

#[test]
fn what_a_login_holds_is_within_the_budget() {
    let mut bench = Bench::new();
    bench.budget.limit = 100;
    say(&mut bench, &login("02-00-00-00-00-01", 25, None, 300, 0));
    assert_eq!((bench.budget.used, bench.budget.hits), (0, 1));
    assert_eq!(bench.findings.flags, FlowFlags::BOUND);
    assert!(!bench.search.is_open());
    assert_eq!(bench.without(), Without::Bound);
}

#[test]
fn an_access_point_is_listened_to_for_a_thousand_messages() {
    let mut bench = Bench::new();
    let start = login("a", 25, None, 300, 0);
    for _ in 0..999 {
        say(&mut bench, &start[..1]);
    }
    assert!(bench.search.is_open());
    say(&mut bench, &start[..1]);
    assert!(!bench.search.is_open());
    assert_eq!(bench.without(), Without::NoSni);
}
