use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;

/// Every expression with what is said about it.
fn refusals(expressions: &[&str]) -> String {
    let render = |text: &&str| Filter::parse(text).unwrap_err().render(text);
    expressions.iter().map(render).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn a_wrong_field_or_operator_is_shown_with_a_suggestion() {
    assert_snapshot!(refusals(&[
        "nmae = a.example",
        "up > 10MB and zebra = 1",
        "microsoft",
        "name",
        "name contains x",
        "port is 443",
        "port <> 443",
        "name !~ x",
        "name not x",
        "name > b",
        "grade >= B",
        "port ~ 44",
    ]), @r##"
    nmae = a.example
    ^ unknown field `nmae`; did you mean `name`?

    up > 10MB and zebra = 1
                  ^ unknown field `zebra`; fields are: name, client, server, port, proto, category, vendor, product, signature, grade, basis, via, up, down, bytes, first, last, flag, device, app, quic-user-agent, stun-software, country, network-owner, oui

    microsoft
    ^ unknown field `microsoft`; fields are: name, client, server, port, proto, category, vendor, product, signature, grade, basis, via, up, down, bytes, first, last, flag, device, app, quic-user-agent, stun-software, country, network-owner, oui

    name
        ^ an operator is missing after `name`: one of = != ~ < <= > >= in

    name contains x
         ^ an operator is missing after `name`; write `~`

    port is 443
         ^ an operator is missing after `port`; write `=`

    port <> 443
         ^ write `!=`

    name !~ x
         ^ write `not` before the field: `not name ~ …`

    name not x
         ^ an operator is missing after `name`; write `not in`, or `not` before the field

    name > b
         ^ `>` needs an order, and `name` has none; use `=` or `in`

    grade >= B
          ^ `>=` needs an order, and `grade` has none; use `=` or `in`

    port ~ 44
         ^ `~` looks into text, and `port` is none; use `=` or `in`
    "##);
}

#[test]
fn a_wrong_value_is_shown_with_a_suggestion() {
    assert_snapshot!(refusals(&[
        "category = telemetri",
        "category = everything",
        "grade = E",
        "via = sni",
        "flag in (ech, ech-ofered)",
        "proto = tpc",
        "proto = 300",
        "port = 70000",
        "port = https",
        "name = 192.0.2.7",
        "name = https://a.example/",
        "name = \"\"",
        "name ~ *.a",
        "name ~ \"\"",
        "server = a.example",
        "server = 10.0.0.0/33",
        "server = 192.0.2.7:443",
        "server = *.7",
        "up > ten",
        "up > 10 MBit",
        "up > 10Mbit",
        "up > 1.",
        "up > 99999999999999999999",
        "up > -1",
        "first > yesterday",
        "first > 2026-13-01",
        "first > 9999-01-01",
    ]), @r##"
    category = telemetri
               ^ unknown category `telemetri`; did you mean `telemetry`?

    category = everything
               ^ unknown category `everything`; there are: workplace-analytics, telemetry, crash-report, configuration, advertising, analytics-sdk, employee-monitoring, survey-health, connected-car, car-data-broker, fleet-telematics, ev-charging, identity, update, security, cloud-storage, functional

    grade = E
            ^ unknown grade `E`; there are: A, B, C, D

    via = sni
          ^ unknown via `sni`; there are: tls-sni, quic-sni, dtls-sni, http-host, http-connect, socks, certificate, dns, dns-query, sip, rtsp, smtp-helo, mqtt, amqp, coap, stun-realm, local-name

    flag in (ech, ech-ofered)
                  ^ unknown flag `ech-ofered`; did you mean `ech-offered`?

    proto = tpc
            ^ unknown protocol `tpc`; did you mean `tcp`?

    proto = 300
            ^ unknown protocol `300`; write tcp, udp or a number, as 47

    port = 70000
           ^ `70000` is not a port; write a number from 0 to 65535

    port = https
           ^ `https` is not a port; write a number from 0 to 65535

    name = 192.0.2.7
           ^ an address is not a name; write `server = 192.0.2.7`

    name = https://a.example/
           ^ `https://a.example/` is not a name; write the host alone

    name = ""
           ^ an empty name matches nothing; for flows without one write `name != *`

    name ~ *.a
           ^ `~` looks for text as it stands; for wildcards write `=`, for a star `"\*"`

    name ~ ""
           ^ `~` needs text to look for

    server = a.example
             ^ `a.example` is not an address; for names write `name = a.example`

    server = 10.0.0.0/33
             ^ `10.0.0.0/33` is not an address; write 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32

    server = 192.0.2.7:443
             ^ a port goes apart; write `server = 192.0.2.7 and port = 443`

    server = *.7
             ^ `*.7` is not an address; write 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32

    up > ten
         ^ `ten` is not a number of octets; write for example 10MB

    up > 10 MBit
            ^ `and` or `or` is missing before `MBit`

    up > 10Mbit
         ^ unknown unit `Mbit`; units are B, kB, MB, GB, TB, KiB, MiB, GiB, TiB

    up > 1.
         ^ `1.` is not a number of octets; write for example 10MB

    up > 99999999999999999999
         ^ `99999999999999999999` is not a number of octets; write for example 10MB

    up > -1
         ^ `-1` is not a number of octets; write for example 10MB

    first > yesterday
            ^ `yesterday` is not a time; write 2026-01-01T08:00 (UTC) or 2026-01-01T08:00:00+01:00

    first > 2026-13-01
            ^ `2026-13-01` is not a time; write 2026-01-01T08:00 (UTC) or 2026-01-01T08:00:00+01:00

    first > 9999-01-01
            ^ `9999-01-01` is not a time; write 2026-01-01T08:00 (UTC) or 2026-01-01T08:00:00+01:00
    "##);
}

#[test]
fn a_wrong_structure_is_shown_where_it_breaks() {
    assert_snapshot!(refusals(&[
        "",
        "port = 443 adn proto = tcp",
        "port = 443 proto = tcp",
        "port = 443 \"and\" proto = tcp",
        "port = 443 and",
        "and port = 443",
        "not",
        "port =",
        "port = and proto = tcp",
        "port = )",
        "(port = 443",
        "(port = 443 proto = tcp)",
        "port = 443)",
        "()",
        "port = (80, 443)",
        "port != (80, 443)",
        "port > (80, 443)",
        "port in (80, 443",
        "port in (80 443)",
        "port in ()",
        "port in (80,)",
        "port & 443",
        "vendor = 'Acme",
        "vendor = \u{7}",
    ]), @r##"
    ^ the expression is empty; write for example `category = telemetry`

    port = 443 adn proto = tcp
               ^ unknown word `adn`; did you mean `and`?

    port = 443 proto = tcp
               ^ `and` or `or` is missing before `proto`

    port = 443 "and" proto = tcp
               ^ `and` or `or` is missing before `and`

    port = 443 and
                  ^ a comparison is missing here

    and port = 443
    ^ a comparison is missing before `and`; write for example `up > 10MB`

    not
       ^ a comparison is missing here

    port =
          ^ a value is missing after `port =`

    port = and proto = tcp
           ^ a value is missing before `and`; if the word itself is meant, quote it: "and"

    port = )
           ^ a value is missing before `)`

    (port = 443
    ^ this parenthesis is not closed

    (port = 443 proto = tcp)
                ^ `and` or `or` is missing before `proto`

    port = 443)
              ^ this parenthesis was never opened

    ()
     ^ a comparison is missing before `)`; write for example `up > 10MB`

    port = (80, 443)
           ^ a list needs `in` before it, in place of `=`

    port != (80, 443)
            ^ a list needs `not in` before it, in place of `!=`

    port > (80, 443)
           ^ one value is needed here, not a list; join comparisons with `or`

    port in (80, 443
            ^ this list is not closed

    port in (80 443)
                ^ `,` or `)` is missing before `443`

    port in ()
             ^ a value is missing before `)`

    port in (80,)
                ^ a value is missing before `)`

    port & 443
         ^ write `and`

    vendor = 'Acme
             ^ this quote is not closed

    vendor = �
             ^ `\u{7}` means nothing here; put text in quotes
    "##);
}

#[test]
fn the_caret_counts_characters_and_a_long_expression_is_cut_around_it() {
    let long =
        format!("vendor = \"{}\" and bogus = 1 and {}", "é".repeat(60), "port = 1 ".repeat(9));
    let controls = "vendor = \"a\tb\nc\" or bogus = 1";
    assert_snapshot!(refusals(&[&long, controls]), @r##"
    …éééééééééééééééééééééééééééééééééé" and bogus = 1 and port = 1 port = 1 port…
                                             ^ unknown field `bogus`; fields are: name, client, server, port, proto, category, vendor, product, signature, grade, basis, via, up, down, bytes, first, last, flag, device, app, quic-user-agent, stun-software, country, network-owner, oui

    vendor = "a�b�c" or bogus = 1
                        ^ unknown field `bogus`; fields are: name, client, server, port, proto, category, vendor, product, signature, grade, basis, via, up, down, bytes, first, last, flag, device, app, quic-user-agent, stun-software, country, network-owner, oui
    "##);
}

#[test]
fn length_and_depth_are_bounded() {
    let deep = |levels: usize| format!("{}port = 1{}", "(".repeat(levels), ")".repeat(levels));
    assert!(Filter::parse(&deep(Filter::DEEPEST)).is_ok());
    let error = Filter::parse(&deep(Filter::DEEPEST + 1)).unwrap_err();
    assert_eq!(error.at, Filter::DEEPEST);
    let nots = "not ".repeat(Filter::DEEPEST + 1) + "port = 1";
    assert!(Filter::parse(&nots).is_err());
    let long = "port = 1 or ".repeat(Filter::LONGEST / 12) + "port = 1";
    assert!(Filter::parse(&long).is_err());
    assert!(Filter::parse(&long[12..]).is_ok());
}

#[test]
fn values_print_in_one_form() {
    let printed = |text: &str| Filter::parse(text).unwrap().to_string();
    assert_eq!(printed("UP>10000000"), "up > 10MB");
    assert_eq!(printed("up > 1.5 KiB"), "up > 1536");
    assert_eq!(printed("first<2026-01-01T09:00+01:00"), "first < 2026-01-01T08:00:00Z");
    assert_eq!(printed("server in 10.1.2.3/8"), "server in (10.0.0.0/8)");
    assert_eq!(printed("vendor = 'And'"), "vendor = \"and\"");
    assert_eq!(printed("((name = b))"), "name = b");
    assert_eq!(printed("port=1 and (port=2 or port=3)"), "port = 1 and (port = 2 or port = 3)");
    assert_eq!(printed("port=1 or (port=2 and port=3)"), "port = 1 or port = 2 and port = 3");
}

#[test]
fn the_manuals_examples_parse() {
    let manual = include_str!("../../../docs/filter.md");
    let start = manual.find("    category = telemetry").unwrap();
    let examples: Vec<_> =
        manual[start..].lines().take_while(|line| line.starts_with("    ")).collect();
    assert_eq!(examples.len(), 5);
    for example in examples {
        Filter::parse(example).unwrap_or_else(|e| panic!("{}", e.render(example)));
    }
}

/// Tests that parse, of every kind of value.
fn comparison() -> impl Strategy<Value = String> {
    let text = "[a-zA-Z0-9 *äß.'_-]{1,12}";
    prop_oneof![
        ("vendor|product|signature|device", "=|!=", text)
            .prop_map(|(field, operator, value)| format!("{field} {operator} \"{value}\"")),
        ("[a-z*.]{1,12}", "=|!=|in|not in").prop_map(|(name, how)| format!("name {how} '{name}'")),
        ("name|vendor|category", "[^\"\\\\*\\p{C}]{1,8}")
            .prop_map(|(f, t)| format!("{f} ~ \"{t}\"")),
        any::<(u32, u8)>().prop_map(|(address, prefix)| {
            format!("server = {}/{}", std::net::Ipv4Addr::from(address), prefix % 33)
        }),
        any::<u128>().prop_map(|a| format!("client not in ({}, ::1)", std::net::Ipv6Addr::from(a))),
        (any::<u16>(), "<|<=|>|>=|=|!=").prop_map(|(port, how)| format!("port {how} {port}")),
        any::<(u8, u8)>().prop_map(|(a, b)| format!("proto in ({a}, ip-{b})")),
        (any::<u64>(), "up|down|bytes").prop_map(|(octets, field)| format!("{field} >= {octets}")),
        (any::<i64>(), "first|last").prop_map(|(ns, field)| {
            let time = jiff::Timestamp::from_nanosecond(ns.into()).unwrap();
            format!("{field} < {time}")
        }),
        Just("category in (telemetry, update) and flag != ech and grade = *".to_owned()),
    ]
}

/// Expressions that parse.
fn expression_text() -> impl Strategy<Value = String> {
    comparison().prop_recursive(6, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| parts.join(" and ")),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| parts.join(" or ")),
            inner.clone().prop_map(|part| format!("({part})")),
            inner.prop_map(|part| format!("not ({part})")),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_refused_within_itself(text in "\\PC{0,80}") {
        if let Err(error) = Filter::parse(&text) {
            prop_assert!(error.at <= text.chars().count());
            prop_assert!(!error.message.is_empty());
            prop_assert!(error.render(&text).lines().count() == 2);
        }
    }

    #[test]
    fn likely_text_is_parsed_or_refused_within_itself(
        words in prop::collection::vec(
            "name|port|up|first|server|and|or|not|in|\\(|\\)|,|=|!=|~|<|10MB|1\\.5|\\*|\"|'|::1|2026-01-01|é",
            0..20,
        )
    ) {
        let text = words.join(" ");
        if let Err(error) = Filter::parse(&text) {
            prop_assert!(error.at <= text.chars().count());
            error.render(&text);
        }
    }

    #[test]
    fn a_printed_filter_is_the_same_filter(text in expression_text()) {
        let filter = Filter::parse(&text).map_err(|e| TestCaseError::fail(e.render(&text)))?;
        let printed = filter.to_string();
        prop_assert_eq!(Filter::parse(&printed), Ok(filter), "{} printed as {}", text, printed);
    }
}
