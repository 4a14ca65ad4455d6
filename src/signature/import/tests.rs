use super::*;

fn facts() -> ListFacts {
    ListFacts {
        category: Some(Category::Advertising),
        title: "A list".to_owned(),
        publisher: "Somebody".to_owned(),
        reference: "example.org/list".to_owned(),
        as_of: Some("2026-03-01".to_owned()),
        ..ListFacts::default()
    }
}

fn hosts(imported: &Imported) -> Vec<&str> {
    imported.signatures.iter().flat_map(|s| s.hosts.iter().map(String::as_str)).collect()
}

fn left_out(imported: &Imported) -> Vec<(LeftOut, u64, Option<usize>)> {
    imported.left_out.iter().map(|(why, e)| (*why, e.count, e.line)).collect()
}

#[test]
fn a_hosts_file_names_hosts_and_nothing_below_them() {
    let text = "# comment\n127.0.0.1 localhost\n::1 ip6-localhost\n0.0.0.0 a.acme.com b.acme.com # why\n\
                0.0.0.0 0.0.0.0\n0.0.0.0 A.Acme.com\n0.0.0.0 bad..name\n192.0.2.1\n";
    let imported = import(text, &facts()).expect("a list");
    assert_eq!(hosts(&imported), ["a.acme.com", "b.acme.com"]);
    assert_eq!((imported.entries, imported.taken), (5, 2));
    let expected = [
        (LeftOut::Repeated, 1, Some(6)),
        (LeftOut::NotAHostName, 1, Some(7)),
        (LeftOut::Address, 1, Some(8)),
    ];
    assert_eq!(left_out(&imported), expected);
    let signature = &imported.signatures[0];
    assert_eq!(signature.id, "a-list-advertising");
    assert_eq!(signature.confidence, Confidence::Community);
    assert_eq!(signature.exclusivity, Exclusivity::Shared);
    assert_eq!(signature.sources[0].title, "A list");
    assert_eq!(signature.sources[0].as_of, "2026-03-01");
}

#[test]
fn a_filter_rule_means_a_host_with_all_below_it() {
    let text = "[Adblock Plus 2.0]\n! Title: x\n||ads.acme.com^\n|exact.acme.com^\n||*.below.acme.com^\n\
                ||third.acme.com^$third-party\n||only.acme.com^$domain=example.org\n||acme.com/path\n\
                example.org##.banner\n/banner[0-9]+/\n||github.io^\n||a*.acme.com^\n\
                /^x\\.[^.]+\\.acme\\.com$/\nplain.acme.com\n";
    let imported = import(text, &facts()).expect("a list");
    assert_eq!(
        hosts(&imported),
        [
            "*.ads.acme.com",
            "*.below.acme.com",
            "*.third.acme.com",
            "ads.acme.com",
            "exact.acme.com",
            "plain.acme.com",
            "third.acme.com",
            "x.*.acme.com",
        ]
    );
    let expected = [
        (LeftOut::PublicSuffix, 1, Some(11)),
        (LeftOut::Wildcard, 1, Some(12)),
        (LeftOut::NotAHostRule, 2, Some(8)),
        (LeftOut::Conditional, 1, Some(7)),
        (LeftOut::RegularExpression, 1, Some(10)),
    ];
    assert_eq!(left_out(&imported), expected);
    assert_eq!(imported.entries, imported.taken + 6);
}

#[test]
fn what_a_list_excepts_accuses_nobody() {
    let text = "||acme.com^\n@@||help.acme.com^\n@@|acme.com^\n";
    let imported = import(text, &facts()).expect("a list");
    let text: String = imported.signatures.iter().map(Signature::to_string).collect();
    let database = crate::signature::Database::of_texts(&[("list.toml", &text)]).expect("loads");
    let category = |name: &str| {
        let host = crate::name::HostName::from_wire(name.as_bytes()).expect(name);
        database.by_name(&host).map(|m| database.category(m.signature))
    };
    assert_eq!(category("x.acme.com"), Some(Category::Advertising));
    assert_eq!(category("help.acme.com"), Some(Category::Functional));
    assert_eq!(category("x.help.acme.com"), Some(Category::Functional));
    assert_eq!(category("acme.com"), Some(Category::Functional));
}

#[test]
fn directives_of_dnsmasq_are_read() {
    let text = "address=/a.com.acme.org/b.acme.org/0.0.0.0\nserver=/c.acme.org/\nlocal=/d.acme.org/\n\
                address=/*.e.acme.org/::\nhost-record=f.acme.org,0.0.0.0\nport=53\n";
    let imported = import(text, &facts()).expect("a list");
    let exact: Vec<_> = hosts(&imported).into_iter().filter(|h| !h.starts_with("*.")).collect();
    let names = ["a.com.acme.org", "b.acme.org", "c.acme.org", "d.acme.org", "f.acme.org"];
    assert_eq!(exact, names);
    assert!(
        hosts(&imported).contains(&"*.e.acme.org") && !hosts(&imported).contains(&"*.f.acme.org")
    );
    assert_eq!(left_out(&imported), [(LeftOut::Unknown, 1, Some(6))]);
}

#[test]
fn endpoint_sets_of_microsoft_365_keep_their_ports() {
    let text = r#"[
      {"id": 11, "serviceArea": "Skype", "serviceAreaDisplayName": "Microsoft Teams",
       "ips": ["192.0.2.0/24", "2001:db8::/32"], "udpPorts": "3478,3479", "category": "Optimize", "required": true},
      {"id": 12, "serviceArea": "Skype", "serviceAreaDisplayName": "Microsoft Teams",
       "urls": ["*.lync.acme.com", "teams.Acme.com", "*-admin.acme.com", "autodiscover.*.acme.com"],
       "ips": ["198.51.100.0/24"], "tcpPorts": "443,80", "category": "Allow", "required": false, "notes": "Teams"}]"#;
    let facts = ListFacts { category: None, ..facts() };
    let imported = import(text, &facts).expect("endpoints");
    assert_eq!(imported.kind, "Microsoft 365 endpoints");
    let [media, web] = imported.signatures.as_slice() else { panic!("{imported:?}") };
    assert_eq!(media.ports, ["udp/3478", "udp/3479"]);
    assert_eq!(media.networks.len(), 2);
    assert_eq!(media.category, Category::Functional);
    assert_eq!(web.hosts, ["*.lync.acme.com", "autodiscover.*.acme.com", "teams.acme.com"]);
    assert_eq!(web.purpose, "Teams");
    assert!(web.sources[0].says.contains("endpoint set 12, class Allow, optional"));
    assert_eq!(left_out(&imported), [(LeftOut::Wildcard, 1, None)]);
    assert_eq!((imported.entries, imported.taken), (7, 6));
}

#[test]
fn trackers_come_under_their_company_and_class() {
    let disconnect = r#"{"license": "x", "categories": {
      "Advertising": [{"Acme": {"https://acme.com/": ["acme.com", "acme.net"], "performance": "true"}}],
      "Analytics": [{"Acme": {"https://acme.com/": ["stat.acme.org"]}}],
      "Cryptomining": [{"Miner": {"https://m.org/": ["miner.org"]}}]}}"#;
    let facts = ListFacts { category: None, ..facts() };
    let imported = import(disconnect, &facts).expect("trackers");
    let ids: Vec<_> = imported.signatures.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["a-list-acme-advertising", "a-list-acme-analytics-sdk"]);
    assert_eq!(imported.signatures[0].vendor, "Acme");
    assert_eq!(imported.signatures[1].hosts, ["*.stat.acme.org", "stat.acme.org"]);
    assert_eq!(left_out(&imported), [(LeftOut::Class, 1, None)]);
    let all = ListFacts { category: Some(Category::Advertising), ..facts.clone() };
    assert_eq!(import(disconnect, &all).expect("trackers").taken, 4);

    let tds = r#"{"trackers": {
      "acme.com": {"domain": "acme.com", "owner": {"name": "Acme Inc", "displayName": "Acme"}, "categories": ["Advertising"], "default": "block"},
      "other.org": {"domain": "other.org", "owner": {"name": "Other"}, "categories": ["Audience Measurement"]}},
      "entities": {}}"#;
    let imported = import(tds, &facts).expect("trackers");
    let vendors: Vec<_> = imported.signatures.iter().map(|s| s.vendor.as_str()).collect();
    assert_eq!((imported.kind, vendors), ("trackers of DuckDuckGo", vec!["Acme", "Other"]));
    let radar =
        r#"{"domain": "acme.com", "owner": {"displayName": "Acme"}, "categories": ["Analytics"]}"#;
    assert_eq!(hosts(&import(radar, &facts).expect("a tracker")), ["*.acme.com", "acme.com"]);
}

#[test]
fn what_a_list_does_not_say_must_be_given() {
    let of = |facts: ListFacts| import("a.acme.com\n", &facts).map(|i| i.taken);
    assert_eq!(of(ListFacts { category: None, ..facts() }), Err(ImportError::NoCategory));
    assert_eq!(of(ListFacts { as_of: None, ..facts() }), Err(ImportError::NoDate));
    let soon = ListFacts { as_of: Some("soon".to_owned()), ..facts() };
    assert_eq!(of(soon), Err(ImportError::NotADate("soon".to_owned())));
    let undated = ListFacts { as_of: None, ..facts() };
    let dated = "! Last modified: 2026-02-03 10:00 UTC\n||a.acme.com^\n";
    let imported = import(dated, &undated).expect("a list");
    assert_eq!(imported.signatures[0].sources[0].as_of, "2026-02-03");
    assert_eq!(import("bad..name\n", &facts()).map(|i| i.taken), Err(ImportError::Nothing));
    let json = import("{\"a\": 1}", &facts()).expect_err("not known");
    assert!(json.to_string().contains("neither Microsoft 365 endpoints nor"), "{json}");
}

proptest::proptest! {
    #[test]
    fn whatever_a_line_holds_it_is_counted_once(
        lines in proptest::collection::vec("[|@^$/*a-c.#=, \\\\()\\[\\]+0-9-]{0,24}", 0..20),
    ) {
        let text = format!("sound.acme.com\n{}\n", lines.join("\n"));
        let imported = import(&text, &facts()).expect("one is sound");
        let left: u64 = imported.left_out.values().map(|e| e.count).sum();
        proptest::prop_assert_eq!(imported.entries, imported.taken + left);
        let toml: String = imported.signatures.iter().map(Signature::to_string).collect();
        let database = crate::signature::Database::of_texts(&[("list.toml", &toml)]);
        proptest::prop_assert!(database.is_ok(), "{:?}", database.map(|_| ()));
    }
}
