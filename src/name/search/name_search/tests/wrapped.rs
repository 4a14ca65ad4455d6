//! Names inside other protocols, and protocols that only say names.

use proptest::prelude::*;

use super::{Bench, datagram, get, hello};
use crate::flow::{FlowFlags, Side};
use crate::name::dtls::sample as dtls;
use crate::name::quic::sample::initial;
use crate::name::search::sample::{query, response};
use crate::name::tls::sample::{Hello, records};
use crate::name::tls::server_flight::tests::flight;
use crate::name::{Via, Without};

const SOCKS: &[u8] = b"\x05\x01\x00\x05\x01\x00\x03\x0bproxied.net\x01\xbb";
const SOCKS_4A: &[u8] = b"\x04\x01\x01\xbb\x00\x00\x00\x01me\0proxied.net\0";
const CONNECT: &[u8] = b"CONNECT proxied.net:443 HTTP/1.1\r\nHost: proxied.net:443\r\n\r\n";
const PROXY: &[u8] = b"PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n";
const STARTTLS: &[u8] = b"EHLO client.example\r\nSTARTTLS\r\n";
const POSTGRES: &[u8] = b"\x00\x00\x00\x08\x04\xd2\x16\x2f";
const LDAP: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";
const XMPP: &[u8] = b"<?xml version='1.0'?><stream:stream to='im.example'>\
    <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const RDP: &[u8] = b"\x03\x00\x00\x13\x0e\xe0\0\0\0\0\0\x01\0\x08\0\x03\0\0\0";
const AMQPS: &[u8] = b"AMQP\x02\x01\x00\x00";

/// HEADERS on stream 1: GET, http, / and the authority `h2.example`.
fn frames() -> Vec<u8> {
    let block = b"\x82\x86\x84\x41\x0ah2.example";
    [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x0f\x01\x05\x00\x00\x00\x01", &block[..]].concat()
}

fn upgrade() -> Vec<u8> {
    b"GET / HTTP/1.1\r\nHost: first.example\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n".to_vec()
}

/// Names with where they stood.
type Names = Vec<(&'static str, Via)>;

/// What stands before another protocol, with the names in it.
fn preludes() -> Vec<(Vec<u8>, Names)> {
    let mysql = [&[32, 0, 0, 1, 0x85, 0x8a, 0x20, 0, 0, 0, 0, 1, 45][..], &[0; 23]].concat();
    vec![
        (SOCKS.to_vec(), vec![("proxied.net", Via::Socks)]),
        (SOCKS_4A.to_vec(), vec![("proxied.net", Via::Socks)]),
        (CONNECT.to_vec(), vec![("proxied.net", Via::HttpConnect)]),
        (PROXY.to_vec(), vec![]),
        (STARTTLS.to_vec(), vec![("client.example", Via::SmtpHelo)]),
        (POSTGRES.to_vec(), vec![]),
        (mysql, vec![]),
        (LDAP.to_vec(), vec![]),
        (XMPP.to_vec(), vec![]),
        (RDP.to_vec(), vec![]),
        (AMQPS.to_vec(), vec![]),
        ([PROXY, CONNECT].concat(), vec![("proxied.net", Via::HttpConnect)]),
        (
            [CONNECT, STARTTLS].concat(),
            vec![("proxied.net", Via::HttpConnect), ("client.example", Via::SmtpHelo)],
        ),
        ([SOCKS, PROXY].concat(), vec![("proxied.net", Via::Socks)]),
    ]
}

/// What a client says, in segments of `step` octets.
fn said(stream: &[u8], step: usize) -> Bench {
    let mut bench = Bench::new();
    bench.syn(Side::Low, 100);
    for (at, part) in stream.chunks(step).enumerate() {
        bench.say(Side::Low, 100 + u32::try_from(at * step).unwrap(), part);
    }
    bench
}

#[test]
fn the_hello_behind_a_prelude_is_read_however_it_is_cut() {
    for (prelude, mut names) in preludes() {
        let stream = [&prelude[..], &hello("www.example.org")].concat();
        names.push(("www.example.org", Via::TlsSni));
        for step in 1..=stream.len() {
            let bench = said(&stream, step);
            assert_eq!(bench.names(), names, "{} {step}", prelude.escape_ascii());
            assert_eq!(bench.findings.client, Some(Side::Low));
            assert_eq!(bench.budget.used, 0);
        }
    }
}

#[test]
fn every_other_part_of_a_prelude_gives_no_more_names_than_the_whole() {
    for (prelude, names) in preludes() {
        for len in 0..prelude.len() {
            let bench = said(&prelude[..len], prelude.len());
            assert!(bench.names().len() <= names.len());
            assert!(names.starts_with(&bench.names()), "{}", prelude[..len].escape_ascii());
            bench.without();
        }
    }
}

#[test]
fn a_request_behind_a_prelude_is_read_too() {
    let bench = said(&[SOCKS, &get("www.example.org")].concat(), 9);
    let names = [("proxied.net", Via::Socks), ("www.example.org", Via::HttpHost)];
    assert_eq!(bench.names(), names);
    assert_eq!(bench.findings.flags, FlowFlags::PROXY);
}

#[test]
fn a_request_with_the_method_proxy_is_read_however_it_is_cut() {
    for line in ["PROXY / HTTP/1.1", "PROXY HTTP/1.0", "PROXY TCP4 HTTP/1.1"] {
        let request = format!("{line}\r\nHost: www.example.org\r\n\r\n");
        for step in 1..=request.len() {
            let bench = said(request.as_bytes(), step);
            assert_eq!(bench.names(), [("www.example.org", Via::HttpHost)], "{line} {step}");
            assert_eq!(bench.findings.flags, FlowFlags::default());
        }
    }
}

#[test]
fn a_hello_without_a_name_keeps_that_of_connect() {
    let nameless = records(&Hello::default().message(), 900);
    let bench = said(&[CONNECT, &nameless].concat(), 900);
    assert_eq!(bench.names(), [("proxied.net", Via::HttpConnect)]);
    let bench = said(&[CONNECT, b"SSH-2.0-OpenSSH_9\r\n"].concat(), 900);
    assert_eq!(bench.names(), [("proxied.net", Via::HttpConnect)]);
}

#[test]
fn both_sides_of_a_tunnel_may_be_captured() {
    let mut bench = Bench::new();
    let len = u32::try_from(CONNECT.len()).unwrap();
    bench.syn(Side::Low, 0).syn(Side::High, 0).say(Side::Low, 0, CONNECT);
    bench.say(Side::High, 0, b"HTTP/1.1 200 Connection established\r\n\r\n");
    bench.say(Side::Low, len, &hello("www.example.org"));
    let names = [("proxied.net", Via::HttpConnect), ("www.example.org", Via::TlsSni)];
    assert_eq!(bench.names(), names);
}

/// What a client says before TLS without a name, with the words of the server around it: its
/// greeting and its answer.
fn before_tls() -> Vec<(Vec<u8>, &'static [u8], &'static [u8])> {
    let mysql = [&[32, 0, 0, 1, 0x85, 0x8a, 0x20, 0, 0, 0, 0, 1, 45][..], &[0; 23]].concat();
    let features: &[u8] = b"<?xml version='1.0'?><stream:stream from='im.example'>\
        <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>\
        </starttls></stream:features>";
    let socks = b"\x05\x01\x00\x05\x01\x00\x01\xc0\x00\x02\x01\x01\xbb";
    vec![
        (POSTGRES.to_vec(), b"", b"S"),
        (mysql, b"\x4a\0\0\0\x0a8.0.36\0\x08\0\0\0abcdefgh\0\xff\xff\xff", b""),
        (LDAP.to_vec(), b"", b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0"),
        (XMPP.to_vec(), features, b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
        (RDP.to_vec(), b"", b"\x03\0\0\x13\x0e\xd0\0\0\x12\x34\0\x02\0\x08\0\x01\0\0\0"),
        (STARTTLS.to_vec(), b"* BYE no greeting that is known", b"go ahead\r\n"),
        (socks.to_vec(), b"\x05\x00", b"\x05\x00\x00\x01\xc0\0\x02\x01\x01\xbb"),
        (b"\x04\x01\x01\xbb\xc0\0\x02\x01me\0".to_vec(), b"", b"\0\x5a\0\0\0\0\0\0"),
        (b"CONNECT 192.0.2.1:443 HTTP/1.1\r\n\r\n".to_vec(), b"", b"HTTP/1.1 200 OK\r\n\r\n"),
    ]
}

#[test]
fn behind_what_leads_to_tls_without_a_name_the_certificate_names_the_server() {
    let nameless = records(&Hello::default().message(), usize::MAX);
    let flight = records(&flight(&["cert.example.org"]), usize::MAX);
    for (words, greeting, answer) in before_tls() {
        for step in [1, 3, 700, flight.len()] {
            let mut bench = Bench::new();
            let len = |octets: &[u8]| u32::try_from(octets.len()).unwrap();
            bench.syn(Side::Low, 0).syn(Side::High, 0);
            let mut server = 0;
            if !greeting.is_empty() {
                bench.say(Side::High, server, greeting);
                server += len(greeting);
            }
            bench.say(Side::Low, 0, &words);
            if !answer.is_empty() {
                bench.say(Side::High, server, answer);
                server += len(answer);
            }
            bench.say(Side::Low, len(&words), &nameless);
            // The first six octets stand together, as in every real segment.
            let (first, rest) = flight.split_at(6);
            for part in std::iter::once(first).chain(rest.chunks(step)) {
                bench.say(Side::High, server, part);
                server += len(part);
            }
            let names: Vec<_> =
                bench.names().into_iter().filter(|(_, via)| *via != Via::SmtpHelo).collect();
            let expected = [("cert.example.org", Via::Certificate)];
            assert_eq!(names, expected, "{} {step}", words.escape_ascii());
            assert_eq!(bench.findings.client, Some(Side::Low));
            assert_eq!(bench.budget.used, 0);
        }
    }
}

#[test]
fn where_the_proxy_was_told_a_name_the_certificate_is_not_asked() {
    let nameless = records(&Hello::default().message(), usize::MAX);
    let flight = records(&flight(&["cert.example.org"]), usize::MAX);
    for (words, via) in [(CONNECT, Via::HttpConnect), (SOCKS, Via::Socks), (SOCKS_4A, Via::Socks)] {
        let mut bench = Bench::new();
        bench.syn(Side::Low, 0).syn(Side::High, 0).say(Side::Low, 0, words);
        bench.say(Side::High, 0, b"what a proxy says");
        bench.say(Side::Low, u32::try_from(words.len()).unwrap(), &nameless);
        bench.say(Side::High, 17, &flight);
        assert_eq!(bench.names(), [("proxied.net", via)]);
    }
}

#[test]
fn a_refused_connect_may_be_followed_by_another_one() {
    let again = b"CONNECT other.net:443 HTTP/1.1\r\n\r\n";
    let bench = said(&[CONNECT, again, &hello("www.example.org")].concat(), 900);
    let names = [
        ("proxied.net", Via::HttpConnect),
        ("other.net", Via::HttpConnect),
        ("www.example.org", Via::TlsSni),
    ];
    assert_eq!(bench.names(), names);
}

#[test]
fn protocols_inside_each_other_are_bounded() {
    let bench = said(&[CONNECT.repeat(50), hello("www.example.org")].concat(), 900);
    assert!(bench.names().iter().all(|(_, via)| *via == Via::HttpConnect));
    assert!(bench.names().len() < 20);
}

#[test]
fn an_address_in_a_request_to_a_proxy_is_a_flag() {
    let socks = b"\x05\x01\x00\x05\x01\x00\x01\xc0\x00\x02\x01\x01\xbb";
    let bench = said(&[&socks[..], b"\x01\x02\x03\x04\x05\x06\x07\x08\x09"].concat(), 90);
    assert!(bench.names().is_empty());
    assert_eq!(bench.findings.flags, FlowFlags::PROXY | FlowFlags::ADDRESS_LITERAL);
    assert_eq!(bench.without(), Without::NoSni);
}

#[test]
fn http_2_is_read_with_prior_knowledge_and_after_an_upgrade() {
    let stream = frames();
    for step in 1..=stream.len() {
        assert_eq!(said(&stream, step).names(), [("h2.example", Via::HttpHost)], "{step}");
    }
    let stream = [upgrade(), frames()].concat();
    for step in 1..=stream.len() {
        let names = [("first.example", Via::HttpHost), ("h2.example", Via::HttpHost)];
        assert_eq!(said(&stream, step).names(), names, "{step}");
    }
    let websocket = b"GET / HTTP/1.1\r\nHost: ws.example\r\nUpgrade: websocket\r\n\r\n\x81\x85....";
    assert_eq!(said(websocket, 9).names(), [("ws.example", Via::HttpHost)]);
}

#[test]
fn protocols_that_only_say_names_leave_the_cause_of_a_nameless_one() {
    for (stream, names) in [
        (&b"EHLO client.example\r\nQUIT\r\n"[..], vec![("client.example", Via::SmtpHelo)]),
        (b"INVITE sip:bob@biloxi.example SIP/2.0\r\n", vec![("biloxi.example", Via::Sip)]),
        (b"OPTIONS rtsp://cam.example RTSP/1.0\r\n", vec![("cam.example", Via::Rtsp)]),
        (b"AMQP\x00\x00\x09\x01", vec![]),
        (
            b"AMQP\x00\x01\x00\x00\x00\x00\x00\x22\x02\x00\x00\x00\x00\x53\x10\xc0\x15\x02\xa1\x02id\xa1\x0emq.amq.example",
            vec![("mq.amq.example", Via::Amqp)],
        ),
        (
            b"\x10\x22\x00\x04MQTT\x04\x82\x00\x3c\x00\x01d\x00\x13hub.iot.example/dev",
            vec![("hub.iot.example", Via::Mqtt)],
        ),
    ] {
        for step in 1..=stream.len() {
            let bench = said(stream, step);
            assert_eq!(bench.names(), names, "{} {step}", stream.escape_ascii());
            assert_eq!(bench.without(), Without::NoSni);
        }
    }
}

#[test]
fn a_hello_that_is_cut_after_starttls_is_cut() {
    let stream = [STARTTLS, &hello("www.example.org")[..80]].concat();
    assert_eq!(said(&stream, 900).without(), Without::Cut);
    assert_eq!(said(POSTGRES, 900).without(), Without::NoSni);
}

#[test]
fn what_stands_before_a_protocol_is_not_looked_for_in_mid_stream() {
    let mut bench = Bench::new();
    bench.say(Side::Low, 0, b"\x01\x02\x03\x04\x05\x06\x07\x08\x09 the middle of something");
    bench.say(Side::Low, 1000, &[SOCKS, &get("www.example.org")].concat());
    bench.say(Side::Low, 1034, STARTTLS);
    assert!(bench.names().is_empty());
}

#[test]
fn the_hello_of_dtls_is_read_in_fragments_and_with_a_cookie() {
    let first = dtls::datagrams(&dtls::hello(Some("www.example.org"), b"", true), 0, 60);
    let mut bench = Bench::new();
    for part in &first {
        assert!(bench.names().is_empty());
        datagram(&mut bench, Side::High, (50123, 4433), part);
    }
    assert_eq!(bench.names(), [("www.example.org", Via::DtlsSni)]);
    assert_eq!(bench.findings.client, Some(Side::High));
    assert_eq!(bench.findings.flags, FlowFlags::MEDIA);
    assert_eq!(bench.budget.used, 0);

    let second = dtls::datagrams(&dtls::hello(Some("www.example.org"), &[9; 20], false), 1, 60);
    let mut bench = Bench::new();
    datagram(&mut bench, Side::High, (50123, 4433), &first[0]);
    assert!(bench.budget.used > 0);
    for part in &second {
        datagram(&mut bench, Side::High, (50123, 4433), part);
    }
    assert_eq!(bench.names(), [("www.example.org", Via::DtlsSni)]);
}

#[test]
fn an_unfinished_dtls_hello_is_cut_and_its_budget_is_given_back() {
    let parts = dtls::datagrams(&dtls::hello(Some("www.example.org"), b"", false), 0, 60);
    let mut bench = Bench::new();
    datagram(&mut bench, Side::Low, (50123, 4433), &parts[0]);
    assert_eq!(bench.without(), Without::Cut);
    let mut bench = Bench::new();
    bench.budget.limit = 10;
    datagram(&mut bench, Side::Low, (50123, 4433), &parts[0]);
    assert_eq!((bench.budget.hits, bench.budget.used), (1, 0));
    assert_eq!(bench.findings.flags, FlowFlags::BOUND);
    assert_eq!(bench.without(), Without::Bound);
}

/// A datagram to a relay, for a host or an address.
fn relayed(host: Option<&str>, port: u16, payload: &[u8]) -> Vec<u8> {
    let to = host.map_or_else(
        || vec![1, 192, 0, 2, 1],
        |host| [&[3, u8::try_from(host.len()).unwrap()], host.as_bytes()].concat(),
    );
    [&[0, 0, 0][..], &to, &port.to_be_bytes(), payload].concat()
}

#[test]
fn a_relayed_datagram_is_read_as_if_it_came_alone() {
    let ports = (50123, 40000);
    let message = Hello { sni: Some("www.example.org"), ..Hello::default() }.message();
    let hello = initial(0, 0, &message);
    for (host, names) in [
        (
            Some("proxied.net"),
            &[("proxied.net", Via::Socks), ("www.example.org", Via::QuicSni)][..],
        ),
        (None, &[("www.example.org", Via::QuicSni)]),
    ] {
        let mut bench = Bench::new();
        datagram(&mut bench, Side::Low, ports, &relayed(host, 443, &hello));
        assert_eq!(bench.names(), names);
        assert_eq!(bench.findings.client, Some(Side::Low));
        assert!(bench.findings.flags.has(FlowFlags::PROXY | FlowFlags::QUIC));
    }
    let mut bench = Bench::new();
    datagram(&mut bench, Side::Low, ports, &relayed(None, 53, &query("www.example.org")));
    let answer = response("www.example.org", [192, 0, 2, 7]);
    datagram(&mut bench, Side::High, (40000, 50123), &relayed(None, 53, &answer));
    assert_eq!(bench.names(), [("www.example.org", Via::DnsQuery)]);
    assert_eq!(bench.findings.answers.len(), 1);
    assert_eq!(bench.without(), Without::Dns);
    let mut bench = Bench::new();
    let hello = dtls::datagrams(&dtls::hello(Some("www.example.org"), b"", false), 0, 60);
    for part in &hello {
        datagram(&mut bench, Side::Low, ports, &relayed(None, 853, part));
    }
    assert_eq!(bench.names(), [("www.example.org", Via::DtlsSni)]);
    assert!(bench.findings.flags.has(FlowFlags::PROXY | FlowFlags::ENCRYPTED_DNS));
}

#[test]
fn what_only_looks_relayed_is_not() {
    let mut bench = Bench::new();
    for _ in 0..20 {
        datagram(&mut bench, Side::Low, (50123, 40000), &relayed(None, 443, b"no protocol"));
    }
    assert!(bench.findings.is_empty());
    assert_eq!(bench.without(), Without::UnknownProtocol);
    // Behind a name nothing has to be known; an end there is all the same.
    let mut bench = Bench::new();
    for _ in 0..20 {
        let unknown = relayed(Some("proxied.net"), 4242, b"no protocol");
        datagram(&mut bench, Side::Low, (50123, 40000), &unknown);
    }
    assert_eq!(bench.names(), [("proxied.net", Via::Socks); 8]);
    assert!(!bench.search.is_open());
}

#[test]
fn sip_and_coap_say_names_in_datagrams() {
    let mut bench = Bench::new();
    let register = b"REGISTER sip:registrar.example SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n\r\n";
    datagram(&mut bench, Side::Low, (5060, 5060), register);
    datagram(&mut bench, Side::High, (5060, 5060), b"SIP/2.0 401 Unauthorized\r\n\r\n");
    assert_eq!(bench.names(), [("registrar.example", Via::Sip)]);
    assert_eq!(bench.findings.client, None);
    assert_eq!(bench.without(), Without::NoSni);

    let get = b"\x42\x01\x12\x34\xaa\xbb\x3bexample.org\x85hello";
    for (port, names) in [(5683, 1), (5684, 0)] {
        let mut bench = Bench::new();
        datagram(&mut bench, Side::Low, (50123, port), get);
        assert_eq!(bench.names().len(), names, "{port}");
    }
}

proptest! {
    #[test]
    fn openings_with_changed_octets_are_survived_and_read_the_same_however_they_are_cut(
        at in 0..14_usize,
        changes in prop::collection::vec((0..200_usize, any::<u8>()), 0..4),
        step in 1..80_usize,
    ) {
        let (prelude, _) = &preludes()[at];
        let is_same = changes.is_empty();
        let mut stream = [&prelude[..], &frames(), &get("www.example.org")].concat();
        for (place, value) in changes {
            let len = stream.len();
            stream[place % len] = value;
        }
        let (whole, parts) = (said(&stream, stream.len()), said(&stream, step));
        // After a broken head or frame the place is lost: from then on a segment that starts a
        // request is read, so that segments may show more than the whole, never less.
        let (told, first) = (parts.names(), whole.names());
        prop_assert!(told.starts_with(&first), "{:?} {:?}", told, first);
        prop_assert!(parts.findings.flags.has(whole.findings.flags));
        if is_same {
            prop_assert_eq!(told, first);
            prop_assert_eq!(parts.findings.flags, whole.findings.flags);
        }
        whole.without();
        parts.without();
    }
}
