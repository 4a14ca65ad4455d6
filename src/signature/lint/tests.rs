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
         sources = [{{ title = \"t\", publisher = \"p\", ref = \"r\", as_of = \"2026\", says = \"s\" }}]\n"
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
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("a.toml:12:1 schema field `sourcs`: is not a field"), "{found:?}");
    assert!(found[0].ends_with("did you mean `sources`?"), "{}", found[0]);
    assert!(found[1].contains("a.toml:15:1 schema field `vendr`"), "{}", found[1]);
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
fn what_a_platform_gives_out_needs_a_note() {
    let dedicated = "exclusivity = \"dedicated\"";
    let host = "\"acme.azurewebsites.net\"";
    only(&signature("a", "A", host, dedicated), "platform \"acme.azurewebsites.net\" is marked");
    assert_eq!(found(&signature("a", "A", host, "")), [""; 0]);
    let noted = format!("{dedicated}\nnotes = \"named by its maker\"");
    assert_eq!(found(&signature("a", "A", host, &noted)), [""; 0]);
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
