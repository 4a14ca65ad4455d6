use std::collections::BTreeSet;
use std::fs;
use std::net::IpAddr;

use proptest::prelude::*;

use super::*;
use crate::decode::Protocol;
use crate::name::HostName;
use crate::signature::{Category, Status};

/// A signature that loads; `{}` takes further lines.
fn sound(id: &str, lines: &str) -> String {
    format!(
        r#"[[signature]]
id = "{id}"
vendor = "Acme"
product = "Car"
category = "connected-car"
purpose = "position"
exclusivity = "dedicated"
confidence = "documented"
status = "active"
{lines}
sources = [
  {{ title = "t", publisher = "p", ref = "r", as_of = "2026-03", says = "s" }},
]
"#
    )
}

const HOSTS: &str = r#"hosts = ["car.acme.com"]"#;

fn refusal(text: &str) -> String {
    Database::of_texts(&[("acme/car.toml", text)]).expect_err(text).to_string()
}

fn host(text: &str) -> HostName {
    HostName::from_wire(text.as_bytes()).expect(text)
}

#[test]
fn a_sound_signature_loads_with_its_defaults() {
    let database = Database::of_texts(&[("a.toml", &sound("acme-car", HOSTS))]).expect("it loads");
    let [signature] = database.signatures() else { panic!("one signature") };
    assert_eq!(signature.side, crate::signature::VantageSide::Workstation);
    assert_eq!(database.date(), "2026-03");
    let found = database.by_name(&host("car.acme.com")).expect("a match");
    assert_eq!(
        (found.pattern, database.by_id("acme-car")),
        ("car.acme.com", Some(found.signature))
    );
}

#[test]
fn a_refusal_names_file_line_column_and_field() {
    assert_eq!(
        refusal(&sound("acme-car", "hosts = [\"car.acme.com\",\n  \"*.co.uk\"]")),
        "acme/car.toml: line 11, column 3, field `hosts`: \"*.co.uk\" covers a public suffix; \
         name the company's own domain"
    );
}

#[test]
fn what_does_not_fit_the_schema_is_refused() {
    let with = |lines: &str| sound("acme-car", lines);
    let nets = r#"networks = ["192.0.2.0/24"]"#;
    let cases = [
        (
            with("host = [\"car.acme.com\"]"),
            "line 10, column 1, field `host`: is not a field of a signature; did you mean `hosts`?",
        ),
        (
            with(&format!("{HOSTS}\ncolour = 1")),
            "line 11, column 1, field `colour`: is not a field of a signature",
        ),
        (with("hosts = \"car.acme.com\""), "field `hosts`: must be a list of texts, not string"),
        (with("hosts = [1]"), "field `hosts`: must be a text, not integer"),
        (with("hosts = [\"Car.acme.com\"]"), "has upper-case letters"),
        (with("hosts = [\"car*.acme.com\"]"), "may stand once"),
        (with("hosts = []"), "line 1, column 1, field `hosts`: has neither hosts nor networks"),
        (with(nets), "line 10, column 12, field `ports`: networks need ports"),
        (with(&format!("{HOSTS}\nports = [\"tcp/443\"]")), "ports need networks"),
        (with(&format!("{nets}\nports = [\"443\"]")), "\"443\" is not a port"),
        (
            with("networks = [\"192.0.2.1/24\"]\nports = [\"tcp/443\"]"),
            "has bits beyond its prefix; write 192.0.2.0/24",
        ),
        (
            with("networks = [\"acme.com\"]\nports = [\"tcp/443\"]"),
            "\"acme.com\" is not an address range",
        ),
        (
            with(&format!("{HOSTS}\nactive_until = \"2021-13\"")),
            "\"2021-13\" is not a date of the form YYYY or YYYY-MM",
        ),
        (
            with(&format!("{HOSTS}\nactive_from = \"2021-03-01\"")),
            "is not a date of the form YYYY or YYYY-MM",
        ),
        (
            with(&format!("{HOSTS}\nactive_from = \"2021\"\nactive_until = \"2020\"")),
            "2020 lies before active_from, 2021",
        ),
        (with(&format!("{HOSTS}\nside = \"moon\"")), "\"moon\" is none of vehicle, phone-app"),
        (with(&format!("{HOSTS}\nnotes = \" \"")), "field `notes`: is empty"),
        (
            with(&format!("{HOSTS}\nnotes = \"\\u001b[2J\"")),
            "field `notes`: holds a control character",
        ),
        (
            with(&format!("{HOSTS}\nnotes = \"{}\"", "x".repeat(5000))),
            "has 5000 octets; 4096 are allowed",
        ),
        (sound("Acme_Car", HOSTS), "line 2, column 6, field `id`: \"Acme_Car\" is not kebab-case"),
        (with(HOSTS).replace("2026-03", "March"), "field `as_of`: \"March\" is not a date"),
        (
            with(HOSTS).replace("says =", "sayz ="),
            "field `sayz`: is not a field of a signature; did you mean `says`?",
        ),
        (with(HOSTS).replace(", says = \"s\"", ""), "line 12, column 3, field `says`: is missing"),
        (
            with(HOSTS).replace("vendor = \"Acme\"\n", ""),
            "line 1, column 1, field `vendor`: is missing",
        ),
        ("[[signature]]\nid = \n".to_owned(), "is not TOML"),
        (
            "[signature]\nid = \"a\"".to_owned(),
            "field `signature`: must be a list of tables, not table",
        ),
    ];
    for (text, message) in cases {
        let refusal = refusal(&text);
        assert!(refusal.starts_with("acme/car.toml: line "), "{refusal}");
        assert!(refusal.contains(message), "{refusal}\nlacks: {message}");
    }
}

#[test]
fn a_signature_without_a_source_does_not_load() {
    let text = sound("acme-car", HOSTS);
    let none = text.split("sources").next().expect("the part before");
    assert!(refusal(none).contains("field `sources`: a signature needs at least one source"));
    assert!(refusal(&format!("{none}sources = []")).contains("at least one source"));
}

#[test]
fn an_id_stands_once_in_a_layer() {
    let (a, b) = (sound("acme-car", HOSTS), sound("acme-car", HOSTS));
    let refusal = Database::of_texts(&[("a.toml", &a), ("b.toml", &b)]).expect_err("a duplicate");
    let message = "b.toml: line 2, column 6, field `id`: \"acme-car\" is already the id of a \
                   signature in a.toml, line 2";
    assert_eq!(refusal.to_string(), message);
}

#[test]
fn a_later_layer_replaces_the_same_id_and_adds_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = (folder.path().join("1"), folder.path().join("2"));
    for (layer, text) in [
        (&first, sound("acme-car", HOSTS)),
        (&second, sound("acme-car", "hosts = [\"new.acme.com\"]") + &sound("acme-van", HOSTS)),
    ] {
        fs::create_dir_all(layer.join("acme/deeper")).expect("a folder");
        fs::write(layer.join("acme/deeper/car.toml"), text).expect("a file");
        fs::write(layer.join("readme.md"), "not a signature").expect("a file");
        fs::write(layer.join(".hidden.toml"), "[").expect("a file");
    }
    let database = Database::load(false, &[first, second]).expect("it loads");
    let ids: Vec<_> = database.signatures().iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["acme-car", "acme-van"]);
    let of =
        |name| database.by_name(&host(name)).map(|m| database.signature(m.signature).id.as_str());
    assert_eq!(of("new.acme.com"), Some("acme-car"));
    assert_eq!(of("car.acme.com"), Some("acme-van"));
}

#[test]
fn folders_that_give_nothing_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_owned();
    let refusal = |path: &std::path::Path| {
        Database::load(false, &[path.to_owned()]).expect_err("nothing there").to_string()
    };
    assert!(refusal(&path).ends_with(": holds no signature files; they end in .toml"));
    assert!(refusal(&path.join("absent")).contains(": cannot be read: "));
    fs::write(path.join("a.toml"), [b'#', 0xff]).expect("a file");
    assert!(refusal(&path).ends_with("a.toml: is not UTF-8 text"));
    assert!(Database::load(false, &[]).expect("an empty database").signatures().is_empty());
}

#[test]
fn every_shipped_signature_loads_and_the_date_is_that_of_the_newest_source() {
    let database = Database::load(true, &[]).expect("the shipped signatures load");
    assert!(database.signatures().is_sorted_by(|a, b| a.id < b.id));
    let newest = database.signatures().iter().flat_map(|s| &s.sources).map(|s| s.as_of.as_str());
    assert_eq!(Some(database.date()), newest.max());
    let today = jiff::civil::date(2027, 6, 1);
    assert!(database.age_days(today).is_some_and(|days| days > 180));
}

#[test]
fn the_shipped_signatures_cover_every_category_and_thirty_car_makers() {
    let database = Database::shipped();
    let patterns: usize = database.signatures().iter().map(|s| s.hosts.len()).sum();
    assert!(patterns >= 1_500, "{patterns} host patterns");
    let of = |category| database.signatures().iter().filter(move |s| s.category == category);
    for category in Category::ALL {
        assert!(of(category).count() > 0, "no signature of {}", category.word());
    }
    let makers: BTreeSet<&str> = of(Category::ConnectedCar).map(|s| &*s.vendor).collect();
    assert!(makers.len() >= 30, "{makers:?}");
    assert!(database.signatures().iter().any(|s| s.status == Status::Retired));
}

#[test]
fn users_own_sources_do_not_make_the_shipped_date_newer() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = sound("acme-car", HOSTS).replace("2026-03", "2999-01");
    fs::write(folder.path().join("a.toml"), text).expect("a file");
    let layers = [folder.path().to_owned()];
    let date = |shipped| Database::load(shipped, &layers).expect("it loads").date().to_owned();
    assert_eq!(date(true), Database::shipped().date());
    assert_eq!(date(false), "2999-01");
}

/// An example of what a pattern covers.
fn example(pattern: &str) -> String {
    pattern.replace('*', "zz-example")
}

/// Names that look like one that a pattern covers, made of it.
fn look_alikes(name: &str, base: &str) -> Vec<String> {
    let (first, rest) = base.split_once('.').unwrap_or((base, "example"));
    let other_end = base.rsplit_once('.').map_or(base, |(before, _)| before);
    let mut alike = vec![
        format!("{name}.example"),
        format!("{name}.evil-example.com"),
        format!("evil-{base}"),
        format!("evil{base}"),
        format!("{first}x.{rest}"),
        format!("{first}-login.{rest}"),
        format!("{first}{first}.{rest}"),
        format!("{other_end}.example"),
        format!("{other_end}.com.example"),
        base.replacen('.', "-", 1),
        name.replace('.', "-") + ".example.com",
    ];
    // Letters that look alike: digits, and Cyrillic ones as the A-labels in which they are sent.
    for (letter, like) in [('o', '0'), ('l', '1'), ('i', '1'), ('a', 'а'), ('e', 'е'), ('o', 'о')]
    {
        if base.contains(letter) {
            let homograph = base.replace(letter, &like.to_string());
            alike.extend(idna::domain_to_ascii(&homograph));
        }
    }
    alike
}

#[test]
fn look_alikes_of_every_shipped_pattern_get_no_wrong_tag() {
    use crate::signature::pattern::Pattern;
    let database = Database::shipped();
    let patterns = || database.signatures().iter().flat_map(|s| &s.hosts);
    let base = |pattern| Pattern::split(pattern).base();
    let known: std::collections::HashSet<_> =
        patterns().filter_map(|p| psl::domain_str(base(p))).collect();
    let mut strangers = 0;
    for pattern in patterns() {
        for text in look_alikes(&example(pattern), base(pattern)) {
            let Ok(alike) = HostName::from_wire(text.as_bytes()) else { continue };
            if Pattern::split(pattern).covers(alike.as_str()) {
                continue;
            }
            let found = database.by_name(&alike);
            assert!(found.is_none_or(|m| m.pattern != pattern), "{alike}: {pattern}");
            // A domain that no signature names is somebody else's.
            if psl::domain_str(alike.as_str()).is_none_or(|domain| !known.contains(domain)) {
                assert_eq!(found, None, "{alike} looks like {pattern}");
                strangers += 1;
            }
        }
    }
    assert!(strangers > 5_000, "only {strangers}");
}

#[test]
fn a_name_far_from_everything_is_not_tagged() {
    let database = Database::shipped();
    for name in [
        "www.example.org",
        "evil-events.data.microsoft.com.example",
        "self.events.data.microsoft.com.example.net",
        "debian.org",
        "localhost",
        "com",
    ] {
        assert_eq!(database.by_name(&host(name)), None, "{name}");
    }
    let address: IpAddr = "192.0.2.1".parse().expect("an address");
    assert_eq!(database.by_network(address, Protocol::UDP, 3478), None);
}

proptest! {
    // Each case reads the shipped database again.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_signature_more_changes_no_tag_of_names_that_it_does_not_cover(
        at in any::<prop::sample::Index>(), label in "[a-c]{1,3}", other in any::<prop::sample::Index>(),
        form in 0..3,
    ) {
        static SHIPPED: std::sync::LazyLock<Database> = std::sync::LazyLock::new(Database::shipped);
        let patterns: Vec<&String> = SHIPPED.signatures().iter().flat_map(|s| &s.hosts).collect();
        let base = crate::signature::pattern::Pattern::split(patterns[at.index(patterns.len())]).base();
        let added = match form {
            0 => format!("{label}.{base}"),
            1 => format!("*.{label}.{base}"),
            _ => format!("{label}.*.{base}"),
        };
        prop_assume!(crate::signature::pattern::Pattern::parse(&added).is_ok());
        let name = host(&example(patterns[other.index(patterns.len())]));
        prop_assume!(!crate::signature::pattern::Pattern::split(&added).covers(name.as_str()));
        let folder = tempfile::tempdir().expect("a folder");
        let text = sound("aaa-added", &format!("hosts = [{added:?}]"));
        fs::write(folder.path().join("a.toml"), text).expect("a file");
        let more = Database::load(true, &[folder.path().to_owned()]).expect("it loads");
        let tag = |database: &Database| {
            let found = database.by_name(&name)?;
            Some((database.signature(found.signature).id.clone(), found.pattern.to_owned()))
        };
        prop_assert_eq!(tag(&SHIPPED), tag(&more));
    }
}

proptest! {
    #[test]
    fn the_order_of_files_never_matters(
        files in prop::collection::vec((0..40u8, "[ab]{1,2}"), 1..8).prop_shuffle(),
        name in "[ab]{1,2}(\\.[ab]{1,2}){0,2}",
    ) {
        let mut texts: Vec<_> = files
            .iter()
            .enumerate()
            .map(|(n, (id, label))| {
                let lines = format!("hosts = [\"{label}.acme.com\", \"*.{label}.acme.com\"]");
                (format!("{n}.toml"), sound(&format!("s{id}-{n}"), &lines))
            })
            .collect();
        let found = |texts: &[(String, String)]| {
            let texts: Vec<_> = texts.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
            let database = Database::of_texts(&texts).expect("it loads");
            let name = host(&format!("{name}.acme.com"));
            database.by_name(&name).map(|m| {
                (database.signature(m.signature).id.clone(), m.pattern.to_owned(), m.specificity)
            })
        };
        let before = found(&texts);
        texts.reverse();
        prop_assert_eq!(before, found(&texts));
    }

    #[test]
    fn no_text_makes_the_loader_panic(
        at in 0usize..600, cut in 0usize..600, with in "[\"=\\[\\]{},.\\n a-z*é0-9-]{0,6}",
    ) {
        let mut text = sound("acme-car", HOSTS);
        let (at, cut) = (at.min(text.len()), (at + cut % 20).min(text.len()));
        text.replace_range(at..cut.max(at), &with);
        let _ = Database::of_texts(&[("a.toml", &text)]);
    }
}
