use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::signature::{Category, Database, ListFacts, import};

fn text(form: ListForm, signatures: &[&Signature]) -> (String, Listed) {
    let mut out = Vec::new();
    let listed = write_list(form, signatures, "2026-03", &mut out).expect("memory can be written");
    (String::from_utf8(out).expect("UTF-8"), listed)
}

fn database(hosts: &[&str]) -> Database {
    let hosts: Vec<_> = hosts.iter().map(|host| format!("{host:?}")).collect();
    let text = format!(
        "[[signature]]\nid = \"acme\"\nvendor = \"Acme\"\nproduct = \"Car; \\\"x\\\"\"\n\
         category = \"telemetry\"\npurpose = \"p\"\nexclusivity = \"shared\"\n\
         confidence = \"community\"\nstatus = \"active\"\nhosts = [{}]\n\
         networks = [\"192.0.2.0/24\", \"2001:db8::/32\"]\nports = [\"udp/3478\", \"tcp/443\"]\n\
         sources = [{{ title = \"t\", publisher = \"p\", ref = \"r\", as_of = \"2026\", says = \"s\" }}]\n",
        hosts.join(", ")
    );
    Database::of_texts(&[("a.toml", &text)]).expect("it loads")
}

/// The patterns after a way through a form.
fn read_back(form: ListForm, signatures: &[&Signature]) -> BTreeSet<String> {
    // The date comes from the list's head.
    let facts = ListFacts { category: Some(Category::Advertising), ..ListFacts::default() };
    let (text, _) = text(form, signatures);
    let imported = import(&text, &facts).map(|i| i.signatures).unwrap_or_default();
    imported.into_iter().flat_map(|signature| signature.hosts).collect()
}

/// Whether a form can say a pattern.
fn is_said(form: ListForm, pattern: &str) -> bool {
    match form {
        ListForm::Hosts => !pattern.contains('*'),
        ListForm::Dnsmasq => !pattern.contains(".*."),
        _ => true,
    }
}

fn assert_round_trip(form: ListForm, signatures: &[&Signature]) -> Result<(), TestCaseError> {
    let said: BTreeSet<String> = patterns(signatures)
        .into_iter()
        .filter(|pattern| is_said(form, pattern))
        .map(str::to_owned)
        .collect();
    let (_, listed) = text(form, signatures);
    prop_assert_eq!(listed.patterns, said.len() as u64);
    let all = patterns(signatures).len() as u64;
    prop_assert_eq!(listed.patterns + listed.patterns_left_out, all);
    prop_assert_eq!(read_back(form, signatures), said);
    Ok(())
}

#[test]
fn the_shipped_patterns_come_back_from_every_list() {
    let database = Database::shipped();
    let signatures: Vec<&Signature> = database.signatures().iter().collect();
    let forms: Vec<_> = ListForm::ALL.into_iter().filter(|f| f.can_be_read_back()).collect();
    assert_eq!(forms.len(), 5);
    for form in forms {
        assert_round_trip(form, &signatures).unwrap_or_else(|why| panic!("{form}: {why}"));
    }
}

proptest! {
    #[test]
    fn patterns_come_back_from_every_list(
        names in prop::collection::btree_set("(|\\*\\.|[ab]{1,2}\\.\\*\\.)[a-c]{1,2}\\.acme\\.com", 1..12),
    ) {
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let database = database(&names);
        let signatures: Vec<&Signature> = database.signatures().iter().collect();
        for form in ListForm::ALL.into_iter().filter(|form| form.can_be_read_back()) {
            assert_round_trip(form, &signatures)?;
        }
    }
}

fn example() -> Database {
    database(&["a.acme.com", "*.b.acme.com", "x.*.acme.com"])
}

#[test]
fn suricata_rules_cover_what_the_pattern_covers() {
    let database = example();
    let (rules, listed) = text(ListForm::Suricata, &[&database.signatures()[0]]);
    let rules: Vec<_> = rules.lines().skip(1).collect();
    assert_eq!(rules.len(), 3 * 3 + 2);
    assert!(rules[0].starts_with(
        "alert tls any any -> any any (msg:\"vigie acme Car x\"; metadata:category telemetry,"
    ));
    assert!(rules[0].ends_with(
        "tls.sni; content:\"a.acme.com\"; startswith; endswith; nocase; sid:1000000; rev:1;)"
    ));
    assert!(rules[3].contains("content:\".b.acme.com\"; offset:1; endswith; nocase;"));
    assert!(rules[6].contains("pcre:\"/^x\\.[^.]+\\.acme\\.com$/i\""));
    assert!(rules[8].starts_with("alert http") && !rules[8].contains("nocase"), "{}", rules[8]);
    assert!(rules[9].starts_with("alert tcp any any -> [192.0.2.0/24,2001:db8::/32] [443] ("));
    let numbers: BTreeSet<_> = rules.iter().map(|r| r.split("sid:").nth(1)).collect();
    assert_eq!(numbers.len(), rules.len());
    assert_eq!((listed.patterns, listed.networks, listed.patterns_left_out), (3, 2, 0));
}

#[test]
fn zeek_gets_whole_names_only() {
    let database = example();
    let (intel, listed) = text(ListForm::Zeek, &[&database.signatures()[0]]);
    let expected = "#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\n\
                    # 1 vigie signatures of 2026-03\n\
                    a.acme.com\tIntel::DOMAIN\tvigie:acme\ttelemetry Acme Car x\n";
    assert_eq!(intel, expected);
    assert_eq!((listed.patterns, listed.patterns_left_out, listed.networks_left_out), (1, 2, 2));
}

#[test]
fn a_display_filter_names_every_pattern_in_every_field() {
    let database = example();
    let (filter, _) = text(ListForm::Wireshark, &[&database.signatures()[0]]);
    assert_eq!(filter.lines().count(), 1);
    for field in ["tls.handshake.extensions_server_name", "http.host", "dns.qry.name"] {
        assert!(filter.contains(&format!("{field} in {{\"a.acme.com\"}}")), "{filter}");
        assert!(filter.contains(&format!("{field} matches r\"\\.(b\\.acme\\.com)$\"")));
        assert!(filter.contains(&format!("{field} matches r\"^x\\.[^.]+\\.acme\\.com$\"")));
    }
    assert!(filter.contains("(ip.addr == 192.0.2.0/24 and udp.port == 3478)"));
    assert!(filter.contains("(ipv6.addr == 2001:db8::/32 and tcp.port == 443)"));
    assert_eq!(text(ListForm::Wireshark, &[]).0, "");
}

#[test]
fn nftables_gets_networks_with_their_ports() {
    let database = example();
    let (sets, listed) = text(ListForm::Nftables, &[&database.signatures()[0]]);
    assert!(sets.contains("set acme_v4 {") && sets.contains("set acme_v6 {"), "{sets}");
    assert!(sets.contains("192.0.2.0/24 . udp . 3478,"), "{sets}");
    assert_eq!((listed.networks, listed.patterns_left_out), (2, 3));
}
