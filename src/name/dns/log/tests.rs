use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::super::message::tests::{Builder, wire};
use super::*;

const CLIENT: [u8; 4] = [192, 168, 1, 2];

fn calendar(year: Option<i16>) -> Calendar {
    Calendar { zone: TimeZone::UTC, year }
}

fn at(text: &str) -> CaptureTime {
    let time: jiff::Timestamp = text.parse().unwrap();
    CaptureTime(i64::try_from(time.as_nanosecond()).unwrap())
}

fn read(text: &str) -> Result<DnsLog, String> {
    let mut log = DnsLog::default();
    let read = log.read(text.as_bytes(), &calendar(Some(2026)));
    read.map(|()| log).map_err(|error| error.to_string())
}

fn name(log: &DnsLog, client: [u8; 4], server: [u8; 4], time: &str) -> Option<String> {
    let found = log.resolve(client.into(), server.into(), at(time))?;
    let chain: Vec<String> = found.chain.iter().map(ToString::to_string).collect();
    let mark = if found.ambiguous { "?" } else { "" };
    Some(format!("{}{mark} {}", found.name, chain.join(" ")).trim_end().to_owned())
}

const PLAIN: &str = "\
Jan  5 08:00:00 dnsmasq[9]: query[A] www.example.org from 192.168.1.2
Jan  5 08:00:00 dnsmasq[9]: forwarded www.example.org to 192.0.2.53
Jan  5 08:00:00 router sshd[1]: something else
Jan  5 08:00:00 dnsmasq[9]: reply www.example.org is <CNAME>
Jan  5 08:00:00 dnsmasq[9]: reply edge.example is 192.0.2.1
Jan  5 08:00:00 dnsmasq[9]: reply edge.example is 192.0.2.2
Jan  5 08:00:01 dnsmasq[9]: gravity blocked ads.example is 0.0.0.0
Jan  5 08:00:02 dnsmasq[9]: query[A] other.example from 192.168.1.3
Jan  5 08:00:02 dnsmasq[9]: cached other.example is 192.0.2.1
";

#[test]
fn an_answer_is_for_whoever_asked_and_keeps_the_asked_name() {
    let log = read(PLAIN).unwrap();
    for server in [[192, 0, 2, 1], [192, 0, 2, 2]] {
        let found = name(&log, CLIENT, server, "2026-01-05T08:10:00Z");
        assert_eq!(found.as_deref(), Some("www.example.org edge.example"));
    }
    let other = name(&log, [192, 168, 1, 3], [192, 0, 2, 1], "2026-01-05T08:10:00Z");
    assert_eq!(other.as_deref(), Some("other.example"));
}

#[test]
fn an_answer_counts_for_an_hour_and_not_before_it_came() {
    let log = read(PLAIN).unwrap();
    let found = |time| name(&log, CLIENT, [192, 0, 2, 1], time).is_some();
    assert!(!found("2026-01-05T07:59:59Z"));
    assert!(found("2026-01-05T08:00:00Z") && found("2026-01-05T09:00:00Z"));
    assert!(!found("2026-01-05T09:00:01Z"));
}

#[test]
fn numbers_of_extra_say_whom_an_answer_is_for() {
    let log = read(
        "Jan  5 08:00:00 dnsmasq[9]: 1 192.168.1.2/500 query[A] a.example from 192.168.1.2\n\
         Jan  5 08:00:00 dnsmasq[9]: 2 192.168.1.3/501 query[A] b.example from 192.168.1.3\n\
         Jan  5 08:00:00 dnsmasq[9]: 1 192.168.1.2/500 reply a.example is <CNAME>\n\
         Jan  5 08:00:00 dnsmasq[9]: 2 192.168.1.3/501 reply b.example is 192.0.2.1\n\
         Jan  5 08:00:00 dnsmasq[9]: 1 192.168.1.2/500 reply a.example is 192.0.2.1\n",
    )
    .unwrap();
    let of = |client| name(&log, client, [192, 0, 2, 1], "2026-01-05T08:10:00Z");
    assert_eq!(of(CLIENT).as_deref(), Some("a.example"));
    assert_eq!(of([192, 168, 1, 3]).as_deref(), Some("b.example"));
}

#[test]
fn several_names_of_an_address_are_ambiguous_and_the_year_turns() {
    let log = read(
        "Dec 31 23:59:59 dnsmasq[9]: query[A] old.example from 192.168.1.2\n\
         Dec 31 23:59:59 dnsmasq[9]: reply old.example is 192.0.2.1\n\
         Jan  1 00:00:01 dnsmasq[9]: query[A] new.example from 192.168.1.2\n\
         Jan  1 00:00:01 dnsmasq[9]: reply new.example is 192.0.2.1\n",
    )
    .unwrap();
    let of = |time| name(&log, CLIENT, [192, 0, 2, 1], time);
    assert_eq!(of("2027-01-01T00:00:00Z").as_deref(), Some("old.example"));
    assert_eq!(of("2027-01-01T00:10:00Z").as_deref(), Some("new.example?"));
}

/// An entry of `AdGuard` Home's for this message.
fn entry(time: &str, message: &[u8]) -> String {
    let answer = STANDARD.encode(message);
    format!(
        "{{\"T\":\"{time}\",\"QH\":\"www.example.org\",\"QT\":\"A\",\"IP\":\"192.168.1.2\",\
         \"Answer\":\"{answer}\",\"Result\":{{}},\"Elapsed\":5}}\n"
    )
}

#[test]
fn answers_of_adguard_are_messages() {
    let message = Builder::response()
        .question(&wire("www.example.org"), 1)
        .record(1, &wire("www.example.org"), 5, 7_200, &wire("edge.example"))
        .record(1, &wire("edge.example"), 1, 9_000, &[192, 0, 2, 1])
        .done();
    let log = read(&entry("2026-01-05T09:00:00.5+01:00", &message)).unwrap();
    let of = |time| name(&log, CLIENT, [192, 0, 2, 1], time);
    assert_eq!(of("2026-01-05T10:00:00Z").as_deref(), Some("www.example.org edge.example"));
    assert_eq!(of("2026-01-05T10:00:01Z"), None, "the smallest TTL is two hours");
    assert_eq!(of("2026-01-05T08:00:00Z"), None);
}

/// What running versions write, field by field in their order: of 0.107 (2022 to 2026) an answer
/// from a cache, one over HTTPS with its client's subnet, a blocked one, a rewritten one with what the
/// resolver had said, one without an answer; and the order and rule of 0.104 (2020).
#[test]
fn every_form_of_adguards_entries_is_read() {
    let answer = |name: &str, address: [u8; 4]| {
        let message = Builder::response()
            .question(&wire(name), 1)
            .record(1, &wire(name), 1, 300, &address)
            .record(3, &wire(""), 41, 0, &[])
            .done();
        STANDARD.encode(message)
    };
    let head = |second: u8, name: &str, by: &str| {
        let time = format!("2026-01-05T09:00:0{second}.353877865+01:00");
        format!("{{\"T\":\"{time}\",\"QH\":\"{name}\",\"QT\":\"A\",\"QC\":\"IN\",\"CP\":\"{by}\",")
    };
    let ip = "\"IP\":\"192.168.1.2\"";
    let rule = "\"Result\":{\"Rules\":[{\"Text\":\"||ads.example^\",\"IP\":\"\",\"FilterListID\":1784393224}],\
         \"Reason\":3,\"IsFiltered\":true}";
    let lines = [
        head(0, "a.example", "")
            + &format!(
                "\"Answer\":\"{}\",{ip},\"Result\":{{}},",
                answer("a.example", [192, 0, 2, 1])
            )
            + "\"Upstream\":\"https://dns.example:443/dns-query\",\"Elapsed\":22571,\"Cached\":true,\"AD\":true}",
        head(1, "b.example", "doh")
            + "\"ECS\":\"192.168.1.0/24\",\"CID\":\"phone\","
            + &format!(
                "\"Answer\":\"{}\",{ip},\"Result\":{{}},\"Elapsed\":1}}",
                answer("b.example", [192, 0, 2, 2])
            ),
        head(2, "ads.example", "")
            + &format!(
                "\"Answer\":\"{}\",{ip},{rule},\"Elapsed\":1531320}}",
                answer("ads.example", [0; 4])
            ),
        head(3, "c.example", "dot")
            + &format!("\"Answer\":\"{}\",", answer("c.example", [192, 0, 2, 3]))
            + &format!("\"OrigAnswer\":\"{}\",{ip},", answer("c.example", [192, 0, 2, 9]))
            + "\"Result\":{\"Reason\":9,\"Rules\":[{\"Text\":\"|c.example^$dnsrewrite=192.0.2.3\"}]},\"Elapsed\":2}",
        head(4, "d.example", "")
            + &format!("\"Answer\":\"\",{ip},\"Result\":{{}},\"Elapsed\":66286385}}"),
        format!(
            "{{{ip},\"T\":\"2026-01-05T08:00:05.519796Z\",\"QH\":\"e.example\",\"QT\":\"A\",\"QC\":\"IN\",\"CP\":\"\","
        ) + &format!("\"Answer\":\"{}\",", answer("e.example", [192, 0, 2, 5]))
            + "\"Result\":{\"IsFiltered\":true,\"Reason\":3,\"Rule\":\"||e.example\",\"FilterID\":1},\"Elapsed\":837429}",
    ];
    let log = read(&(lines.join("\n") + "\n")).unwrap();
    let of = |last| name(&log, CLIENT, [192, 0, 2, last], "2026-01-05T08:00:59Z");
    for (last, name) in [(1, "a.example"), (2, "b.example"), (3, "c.example"), (5, "e.example")] {
        assert_eq!(of(last).as_deref(), Some(name));
    }
    assert_eq!((of(4), of(9)), (None, None));
    assert_eq!(name(&log, CLIENT, [0; 4], "2026-01-05T08:00:59Z"), None);
}

#[test]
fn faults_have_their_line() {
    let good = entry("2026-01-05T09:00:00Z", &[]);
    let query = "dnsmasq[9]: query[A] a.example from";
    let cases = [
        (format!("{good}{{}}\n"), "line 2: not an entry"),
        (format!("{good}\nnonsense\n"), "line 3: not an entry"),
        (good.replace("2026", "soon"), "line 1: its time cannot be read"),
        (good.replace("192.168.1.2", "phone"), "line 1: the client is no address"),
        (entry("2026-01-05T09:00:00Z", &[1, 2, 3]), "line 1: the answer is no DNS message"),
        (format!("Jan 32 08:00:00 {query} 192.168.1.2\n"), "line 1: its time cannot be read"),
        (format!("Jan 3 08:00:00 {query} phone\n"), "line 1: the client is no address"),
        ("a text\nof nobody's\n".to_owned(), "neither a query log"),
        (String::new(), "neither a query log"),
        ("x".repeat(DnsLog::LONGEST_LINE + 1), "line 1: longer than"),
    ];
    for (text, expected) in &cases {
        let said = read(text).unwrap_err();
        assert!(said.starts_with(expected), "{said}");
    }
    let mut log = DnsLog::default();
    let said = log.read(PLAIN.as_bytes(), &calendar(None)).unwrap_err().to_string();
    assert_eq!(said, "line 1: its time has no year; add --dns-log-year YEAR");
}

#[test]
fn a_last_line_that_is_being_written_is_left_out() {
    let log = read(&format!("{}{{\"T\":\"2026", entry("2026-01-05T09:00:00Z", &[]))).unwrap();
    assert!(log.is_empty());
}

#[test]
fn of_the_capture_and_the_log_the_later_name_counts() {
    let of = |name: &str, time| {
        let name = HostName::from_wire(name.as_bytes()).unwrap();
        Some(Resolution { name, chain: Box::default(), time: CaptureTime(time), ambiguous: false })
    };
    let told =
        |seen, logged| newest_resolution(seen, logged).map(|r| (r.name.to_string(), r.ambiguous));
    assert_eq!(told(of("a.example", 1), of("a.example", 2)), Some(("a.example".into(), false)));
    assert_eq!(told(of("a.example", 1), of("b.example", 2)), Some(("b.example".into(), true)));
    assert_eq!(told(of("a.example", 2), of("b.example", 2)), Some(("a.example".into(), true)));
    assert_eq!(told(None, of("b.example", 2)), Some(("b.example".into(), false)));
    assert_eq!(told(None, None), None);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(
        lines in prop::collection::vec("(Jan  5 08:00:0[0-9] |)(dnsmasq\\[9\\]: |\\{)?(reply|cached|query\\[A\\]|[a-z0-9/ ]{0,9}) [a-z.]{0,9} (is|from) (<CNAME>|192\\.0\\.2\\.1|[ -~]{0,9})", 0..12),
    ) {
        let _ = read(&(lines.join("\n") + "\n"));
    }
}
