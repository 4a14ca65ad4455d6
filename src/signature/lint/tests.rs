use super::*;

/// A signature of these fields; later ones of `more` stand in the place of the usual ones.
fn signature(id: &str, vendor: &str, hosts: &str, more: &str) -> String {
    let usual = [
        ("category", "telemetry"),
        ("purpose", "p"),
        ("product", "q"),
        ("exclusivity", "shared"),
        ("confidence", "community"),
        ("status", "active"),
    ];
    let usual: Vec<String> = usual
        .iter()
        .filter(|(field, _)| !more.contains(&format!("{field} =")))
        .map(|(field, word)| format!("{field} = \"{word}\""))
        .collect();
    let usual = usual.join("\n");
    format!(
        "[[signature]]\nid = \"{id}\"\nvendor = \"{vendor}\"\nhosts = [{hosts}]\n{usual}\n{more}\n\
         sources = [{{ title = \"t\", publisher = \"p\", ref = \"a/b\", as_of = \"2026\", says = \"s\" }}]\n"
    )
}

fn found(text: &str) -> Vec<String> {
    let report = Database::check_texts(&[("a.toml", text)]);
    let line = |f: &Finding| {
        assert!(!f.suggestion.is_empty());
        let (line, column) = f.place;
        format!("{}:{line}:{column} {} {}", f.file, f.rule.word(), f.message)
    };
    report.findings.iter().map(line).collect()
}

/// That exactly one thing is found, with these words.
fn only(text: &str, words: &str) {
    let found = found(text);
    assert!(found.len() == 1 && found[0].contains(words), "{found:?}\nlacks {words}");
}

#[test]
fn the_shipped_signatures_are_clean() {
    let report = Database::check_shipped().expect("they can be read");
    let lines: Vec<_> = report
        .findings
        .iter()
        .map(|f| {
            format!("{}:{}:{}: {}: {}", f.file, f.place.0, f.place.1, f.rule.word(), f.message)
        })
        .collect();
    assert!(lines.is_empty(), "{} findings:\n{}", lines.len(), lines.join("\n"));
    assert_eq!(report.signatures, Database::shipped().signatures().len());
    assert!(report.patterns > 1_000 && report.files > 100);
}

#[test]
fn a_purpose_without_words_in_other_languages_is_found_and_rows_without_a_purpose_are() {
    let text = signature("a", "A", "\"a.acme.com\"", "purpose = \"one\"")
        + &signature("b", "A", "\"b.acme.com\"", "purpose = \"two\"")
        + &signature("c", "A", "\"c.acme.com\"", "purpose = \"two\"");
    let file = files::SignatureFile { name: "a.toml".to_owned(), text: text.into() };
    let found = |table: &str| -> Vec<String> {
        let report = check(std::slice::from_ref(&file), &[], Some(table));
        let line =
            |f: &Finding| format!("{}:{} {} {}", f.file, f.place.0, f.rule.word(), f.message);
        report.findings.iter().map(line).collect()
    };
    assert_eq!(found("one\tun\teins\ntwo\tdeux\tzwei\n"), [""; 0]);
    assert_eq!(
        found("one\tun\teins\n"),
        ["a.toml:13 translation the purpose \"two\" has no words in French and German"]
    );
    assert_eq!(
        found("# remark\none\tun\teins\none\tune\teine\nthree\ttrois\tdrei\ntwo\tdeux\n"),
        [
            "a.toml:13 translation the purpose \"two\" has no words in French and German",
            "signatures/purposes.tsv:3 translation \"one\" stands here twice",
            "signatures/purposes.tsv:4 translation no signature states the purpose \"three\"",
            "signatures/purposes.tsv:5 translation \"two\\tdeux\" is not three texts",
        ]
    );
}

#[test]
fn a_shipped_signature_without_a_source_to_look_up_is_found() {
    let text = signature("a", "A", "\"a.acme.com\"", "");
    let nowhere = signature("b", "A", "\"b.acme.com\"", "").replace("a/b", "own observation");
    let text = text + &nowhere;
    // Own signatures may rest on what only their user saw.
    assert_eq!(found(&text), [""; 0]);
    let file = files::SignatureFile { name: "a.toml".to_owned(), text: text.into() };
    let report = check(std::slice::from_ref(&file), &[], Some("p\tp\tp\n"));
    let found: Vec<_> = report.findings.iter().map(|f| (f.place, f.rule)).collect();
    assert_eq!(found, [((14, 6), Rule::Source)]);
}

#[test]
fn sound_signatures_give_nothing() {
    let text = signature("a", "A", "\"a.acme.com\", \"b.acme.com\"", "")
        + &signature("b", "B", "\"other.org\"", "");
    assert_eq!(found(&text), [""; 0]);
}

#[test]
fn what_does_not_load_is_found_in_every_signature() {
    let good = signature("a", "A", "\"a.acme.com\"", "");
    let text = good.replace("sources", "sourcs") + &good.replace("vendor", "vendr");
    let found = found(&text);
    // The misnamed field, and the one that is missing then.
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found[0].starts_with("a.toml:1:1 schema field `sources`: a signature needs"));
    assert!(found[1].starts_with("a.toml:12:1 schema field `sourcs`: is not a field"), "{found:?}");
    assert!(found[1].ends_with("did you mean `sources`?"), "{}", found[1]);
    assert!(found[2].starts_with("a.toml:13:1 schema field `vendor`: is missing"), "{found:?}");
    assert!(found[3].contains("a.toml:15:1 schema field `vendr`"), "{}", found[3]);
    let without = good.split("sources").next().expect("the part before");
    only(without, "schema field `sources`: a signature needs at least one source");
    only("[[signature", "schema is not TOML");
    only(&(good.clone() + &good), "schema field `id`: \"a\" is already the id");
    only(&signature("a", "A", "\"*.co.uk\"", ""), "covers a public suffix");
}

#[test]
fn the_same_pattern_twice_is_a_duplicate_and_in_two_signatures_a_tie() {
    only(
        &signature("a", "A", "\"a.acme.com\", \"a.acme.com\"", ""),
        "a.toml:4:24 duplicate \"a.acme.com\" stands in this signature twice",
    );
    let text = signature("b", "A", "\"a.acme.com\"", "")
        + &signature("a", "A", "\"z.acme.com\", \"a.acme.com\"", "");
    only(&text, "a.toml:4:10 tie \"a.acme.com\" ties with a pattern of \"a\"");
}

#[test]
fn wildcards_inside_that_cover_a_common_name_tie() {
    let two = |a: &str, b: &str| {
        signature("a", "A", &format!("{a:?}"), "") + &signature("b", "A", &format!("{b:?}"), "")
    };
    only(&two("x.*.b.acme.com", "x.a.*.acme.com"), "tie \"x.a.*.acme.com\"");
    assert_eq!(found(&two("x.*.b.acme.com", "x.a.*.c.acme.com")), [""; 0]);
    assert_eq!(found(&two("x.*.b.acme.com", "y.a.*.acme.com")), [""; 0]);
}

#[test]
fn networks_that_others_take_are_found() {
    let net = |id: &str, nets: &str, ports: &str| {
        let more = format!("networks = [{nets}]\nports = [{ports}]");
        signature(id, "A", "", &more).replace("hosts = []\n", "")
    };
    let all = "\"192.0.2.0/24\"";
    let text = net("a", all, "\"udp/1\"") + &net("b", all, "\"udp/1\", \"tcp/2\"");
    only(&text, "tie 192.0.2.0/24 at udp/1 is that of \"a\"");
    let halves = "\"192.0.2.0/25\", \"192.0.2.128/25\"";
    let text = net("a", halves, "\"udp/1\"") + &net("b", all, "\"udp/1\"");
    only(&text, "unreachable longer prefixes take all of 192.0.2.0/24 at udp/1");
    let text = net("a", "\"192.0.2.0/25\"", "\"udp/1\"") + &net("b", all, "\"udp/1\"");
    assert_eq!(found(&text), [""; 0]);
}

#[test]
fn look_alikes_of_two_vendors_are_found_unless_a_note_names_the_other() {
    let two = |vendor: &str, notes: &str| {
        signature("a", "A", "\"x.acme.com\"", "") + &signature("b", vendor, "\"x.acne.com\"", notes)
    };
    only(&two("B", ""), "look-alike \"acne.com\" is one character from \"acme.com\" of A");
    assert_eq!(found(&two("A", "")), [""; 0]);
    assert_eq!(found(&two("B", "notes = \"not acme.com\"")), [""; 0]);
}

#[test]
fn every_fault_of_a_signature_is_found_in_one_run() {
    let text = "[[signature]]\nid = \"a\"\nvender = \"A\"\ncategory = \"telemetri\"\n\
                status = \"active\"\nhosts = [\"A.com\", \"b.com\", \"*.com\"]\n\
                sources = [{ title = \"t\", ref = \"r\", as_of = \"May\", says = \"s\" }]\n";
    let report = Database::check_texts(&[("a.toml", text)]);
    let said: Vec<_> = report.findings.iter().map(|f| f.message.clone()).collect();
    for part in [
        "`vendor`: is missing",
        "`product`: is missing",
        "`purpose`: is missing",
        "`exclusivity`: is missing",
        "`confidence`: is missing",
        "`vender`: is not a field",
        "`category`: \"telemetri\"",
        "\"A.com\" has upper-case letters",
        "\"*.com\" covers a public suffix",
        "`publisher`: is missing",
        "`as_of`: \"May\" is not a date",
    ] {
        assert_eq!(said.iter().filter(|s| s.contains(part)).count(), 1, "{part}: {said:#?}");
    }
    assert_eq!(said.len(), 11, "{said:#?}");
    assert!(report.findings.is_sorted_by_key(|finding| finding.place));
}

#[test]
fn of_several_like_faults_each_is_found_with_its_place() {
    let text = "[[signature]]\nid = \"a\"\nvender = \"A\"\nproduct = \"q\"\nprodukt = \"q\"\n\
                colour = 1\ncategory = \"telemetry\"\npurpose = \"p\"\nexclusivity = \"shared\"\n\
                confidence = \"community\"\nstatus = \"active\"\nhosts = [1, \"a.acme.com\", 2]\n\
                networks = [\"192.0.2.1/24\", \"acme\", 7, \"192.0.2.0/24\"]\n\
                ports = [\"443\", \"tcp/443\", \"tcp/0x1\"]\n\
                sources = [1, { titel = \"t\", publischer = \"p\", title = \"t\", publisher = \"p\", \
                ref = \"r\", as_of = \"2026\", says = \"s\" }, 2]\n\
                [other]\n[[signatur]]\n";
    let mut expected = vec![
        "16:2 field `other`: is not a field of a signature",
        "17:3 field `signatur`: is not a field of a signature; did you mean `signature`?",
        "1:1 field `vendor`: is missing",
        "3:1 field `vender`: is not a field of a signature; did you mean `vendor`?",
        "5:1 field `produkt`: is not a field of a signature; did you mean `product`?",
        "6:1 field `colour`: is not a field of a signature",
        "12:10 field `hosts`: must be a text, not integer",
        "12:27 field `hosts`: must be a text, not integer",
        "13:13 field `networks`: \"192.0.2.1/24\" has bits beyond its prefix; write 192.0.2.0/24",
        "13:29 field `networks`: \"acme\" is not an address range; write it like 192.0.2.0/24 or \
         2001:db8::/32",
        "13:37 field `networks`: must be a text, not integer",
        "14:10 field `ports`: \"443\" is not a port; write it like udp/3478 or tcp/443",
        "14:28 field `ports`: \"tcp/0x1\" is not a port; write it like udp/3478 or tcp/443",
        "15:12 field `sources`: must be a table, not integer",
        "15:17 field `titel`: is not a field of a signature; did you mean `title`?",
        "15:30 field `publischer`: is not a field of a signature; did you mean `publisher`?",
        "15:119 field `sources`: must be a table, not integer",
    ];
    let all = found(text);
    let mut said: Vec<_> =
        all.iter().map(|line| line.replace("a.toml:", "").replacen("schema ", "", 1)).collect();
    said.sort_unstable();
    expected.sort_unstable();
    assert_eq!(said, expected);
    // Loading says the first of them, and nothing is lost of the signatures beside.
    let sound = signature("b", "B", "\"b.acme.com\"", "");
    let report = Database::check_texts(&[("a.toml", &format!("other = 1\nmore = 2\n{sound}"))]);
    assert_eq!((report.signatures, report.findings.len()), (1, 2));
    let refusal = Database::of_texts(&[("a.toml", "other = 1\nmore = 2")]).expect_err("refused");
    assert!(
        refusal.to_string().starts_with("a.toml: line 1, column 1, field `other`"),
        "{refusal}"
    );
}

#[test]
fn what_a_platform_gives_out_needs_a_note() {
    let dedicated = "exclusivity = \"dedicated\"";
    let host = "\"acme.azurewebsites.net\"";
    only(&signature("a", "A", host, dedicated), "platform \"acme.azurewebsites.net\" is marked");
    assert_eq!(found(&signature("a", "A", host, "")), [""; 0]);
    let noted = |note: &str| signature("a", "A", host, &format!("{dedicated}\nnotes = {note:?}"));
    for note in [
        "a single name on a shared platform",
        "azurewebsites.net: the maker's own site",
        "its manual names the host acme itself",
    ] {
        assert_eq!(found(&noted(note)), [""; 0], "{note}");
    }
    for beside in ["the company was merged in 2023", "acmes", "unshared"] {
        only(&noted(beside), "platform \"acme.azurewebsites.net\" is marked");
    }
    // Any note will do where the maker vouches for an exact name, or the name for the vendor.
    let merged = noted("the company was merged in 2023");
    assert_eq!(found(&merged.replace("\"community\"", "\"documented\"")), [""; 0]);
    assert_eq!(found(&merged.replace("vendor = \"A\"", "vendor = \"Acme\"")), [""; 0]);
    let wide = signature("a", "A", "\"*.amazonaws.com\"", "category = \"functional\"");
    only(&wide, "platform \"*.amazonaws.com\" covers all that amazonaws.com gives out");
}

#[test]
fn an_accusing_wildcard_needs_a_source_or_three_hosts() {
    let of = |hosts: &str, more: &str| signature("a", "A", hosts, more);
    only(&of("\"*.acme.com\"", ""), "wildcard \"*.acme.com\" accuses");
    only(&of("\"*.acme.com\", \"a.acme.com\", \"b.acme.com\"", ""), "2 of 3 hosts");
    let three = "\"*.acme.com\", \"a.acme.com\", \"b.acme.com\", \"c.d.acme.com\"";
    assert_eq!(found(&of(three, "")), [""; 0]);
    assert_eq!(found(&of("\"*.acme.com\"", "category = \"functional\"")), [""; 0]);
    assert_eq!(found(&of("\"*.acme.com\"", "notes = \"a wildcard in its manual\"")), [""; 0]);
    let listed = of("\"*.acme.com\"", "").replace("publisher = \"p\"", "publisher = \"EasyList\"");
    assert_eq!(found(&listed), [""; 0]);
    let named = "notes = \"a.acme.com, b.acme.com and c.acme.com.\"";
    assert_eq!(found(&of("\"*.acme.com\"", named)), [""; 0]);
}

#[test]
fn own_signatures_are_checked_against_the_shipped_ones_that_they_do_not_replace() {
    let shipped = Database::shipped();
    let taken = &shipped.signatures()[0];
    let pattern = taken.hosts.first().expect("a host");
    let folder = tempfile::tempdir().expect("a folder");
    let check = |id: &str| {
        let text = signature(id, &taken.vendor, &format!("{pattern:?}"), "notes = \"wildcard\"");
        std::fs::write(folder.path().join("own.toml"), text).expect("a file");
        Database::check(&[folder.path().to_owned()]).expect("it can be read").findings
    };
    assert_eq!(check(&taken.id), []);
    let ties = check("zz-own");
    assert_eq!(ties.len(), 1, "{ties:?}");
    assert_eq!(ties[0].rule, Rule::Tie);
    assert!(ties[0].file.ends_with("own.toml"));
}
