use super::*;
use crate::evidence::figure::figures;
use crate::evidence::report::sample::{Sample, case};
use crate::evidence::screens::{ScreenView, ScreensWanted, screens};
use crate::evidence::{ClockState, Host, Privacy, ResolvedOption};
use crate::filter::Filter;
use crate::flow::FlowFlags;
use crate::ledger::{AssignmentFile, Assigns, DimensionValue, Marker, Rollup};
use crate::signature::Database;
use crate::source::CaptureTime;

fn report(sample: &Sample, language: Language, views: &str) -> String {
    report_of(&sample.material(), &case(language), views)
}

fn report_of(material: &Material<'_>, case: &Case, views: &str) -> String {
    let views = ScreenView::parse_list(views).unwrap();
    let wanted = ScreensWanted { views, ..ScreensWanted::default() };
    let screens = screens(material, case, &wanted).unwrap();
    html(material, case, &figures(material, case), &screens)
}

/// What a reader reads: the text of each element on a line of its own.
fn read_aloud(html: &str) -> String {
    let body = html.split_once("<body>").unwrap().1;
    let mut out = String::new();
    for piece in body.split('<') {
        let text = piece.split_once('>').map_or("", |(_, text)| text).trim();
        if !text.is_empty() {
            out.push_str(text);
            out.push('\n');
        }
    }
    out
}

macro_rules! reads {
    ($name:ident, $capture:literal, $language:ident) => {
        #[test]
        fn $name() {
            let html = report(&Sample::of($capture), Language::$language, "");
            insta::assert_snapshot!(read_aloud(&html));
        }
    };
}

reads!(office_in_english, "office-hour.pcapng", English);
reads!(office_in_french, "office-hour.pcapng", French);
reads!(office_in_german, "office-hour.pcapng", German);
reads!(nothing_in_english, "nothing-tagged.pcap", English);

/// Elements without an end.
const VOID: [&str; 4] = ["meta", "img", "br", "wbr"];

/// Every element that was opened is closed where it was opened; gives the tags with what stands
/// in them.
fn tags(html: &str) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for piece in html.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').expect("a tag ends");
        let name = tag.split_whitespace().next().unwrap();
        if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "…<{piece}");
        } else if !name.starts_with('!') && !VOID.contains(&name) && !tag.ends_with('/') {
            open.push(name);
        }
        found.push(tag.to_owned());
    }
    assert_eq!(open, Vec::<&str>::new());
    found
}

/// The values of an attribute.
fn values(tags: &[String], attribute: &str) -> Vec<String> {
    let start = format!(" {attribute}=\"");
    tags.iter()
        .filter_map(|tag| tag.split_once(&start))
        .map(|(_, rest)| rest.split('"').next().unwrap().to_owned())
        .collect()
}

#[test]
fn nothing_is_loaded_nothing_runs_and_every_link_inside_leads_somewhere() {
    for capture in ["office-hour.pcapng", "car-hotspot.pcap", "nothing-tagged.pcap"] {
        let sample = Sample::of(capture);
        for language in Language::ALL {
            let html = report(&sample, language, "overview,flows");
            let tags = tags(&html);
            for tag in &tags {
                let name = tag.split_whitespace().next().unwrap();
                let may = ["script", "link", "iframe", "object", "embed", "form", "base", "image"];
                assert!(!may.contains(&name), "<{tag}>");
                assert!(!tag.contains(" on"), "<{tag}>");
            }
            let sources = values(&tags, "src");
            assert_eq!(sources.len(), 2);
            assert!(sources.iter().all(|src| src.starts_with("data:image/png;base64,")));
            for part in html.split("url(").skip(1) {
                assert!(part.starts_with('#'), "url({}", &part[..20]);
            }
            assert!(!html.contains("@import") && !html.contains("xlink:"));
            let ids = values(&tags, "id");
            let mut once = ids.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), ids.len(), "an identifier stands twice");
            for href in values(&tags, "href") {
                let inside = href.strip_prefix('#').map(|id| ids.iter().any(|known| known == id));
                assert!(inside.unwrap_or_else(|| href.starts_with("http")), "{href} leads nowhere");
            }
            for used in values(&tags, "aria-labelledby") {
                for id in used.split(' ') {
                    assert!(ids.iter().any(|known| known == id), "{id} labels nothing");
                }
            }
        }
    }
}

const MARKUP: &str = "</title></svg><script src=\"//x.example/\">alert('1')</script>&amp;\u{202e}";

#[test]
fn markup_in_names_paths_options_and_signatures_stays_text() {
    let texts = include_str!("../../tui/tests/signatures.toml")
        .replace("vendor = \"Microsoft\"", &format!("vendor = '''{MARKUP}'''"))
        .replace("diagnostic events of Office", "<script>1</script>")
        .replace("ref = \"a page\"", "ref = \"https://x.example/?a=\\\"onload=<b>\"");
    let database = Database::of_texts(&[("tests.toml", &texts)]).unwrap();
    let mut sample = Sample::read("office-hour.pcapng", &database);
    let account = &mut sample.snapshot.captures[0];
    account.path = MARKUP.to_owned();
    account.interfaces[0].name = Some(MARKUP.to_owned());
    let time = account.first;
    sample.snapshot.markers.push(Marker { time, after_frames: 0, text: MARKUP.into() });
    sample.counting.filter = Some(MARKUP.to_owned());
    sample.options.push(ResolvedOption { name: "filter", value: MARKUP.to_owned() });
    sample.host = Some(Host {
        name: MARKUP.to_owned(),
        kernel: MARKUP.to_owned(),
        clock: ClockState::Unknown,
    });
    sample.captures[0].file_name = MARKUP.to_owned();
    let said = Some(MARKUP.to_owned());
    let case = Case {
        title: said.clone(),
        author: said.clone(),
        case: said.clone(),
        question: said,
        ..case(Language::French)
    };
    let html = report_of(&sample.with(&database), &case, "overview,flows,clients");
    assert!(html.matches("&lt;script src=&quot;//x.example/&quot;&gt;").count() > 12);
    assert!(!html.to_lowercase().contains("<script") && !html.contains('\u{202e}'));
    let tags = tags(&html);
    assert!(tags.iter().all(|tag| !tag.contains("x.example") || tag.starts_with("a ")));
    assert!(tags.iter().all(|tag| !tag.contains("<b>")));
}

#[test]
fn the_same_material_gives_the_same_octets_whatever_the_order_of_its_rows() {
    let sample = Sample::of("office-hour.pcapng");
    let mut other = sample.clone();
    other.snapshot.rollups.reverse();
    other.snapshot.rollups.iter_mut().for_each(|rollup| rollup.rows_mut().reverse());
    for language in Language::ALL {
        let views = "overview,timeline,detail:self.events.data.microsoft.com";
        assert_eq!(report(&sample, language, views), report(&other, language, views));
    }
}

#[test]
fn sums_by_system_and_host_are_those_of_the_ledger() {
    for capture in ["office-hour.pcapng", "car-hotspot.pcap", "hard-cases.pcapng"] {
        let sample = Sample::of(capture);
        let sums = Sums::of(&sample.material());
        let tagged: u64 = sums.systems.iter().map(|s| s.all.row.counts.octets()).sum();
        assert_eq!(tagged, sample.snapshot.totals.tagged, "{capture}");
        let all = tagged + sums.untagged.counts.octets();
        assert_eq!(all, sample.snapshot.balance.in_flows.octets, "{capture}");
        let apart = sums.accusing.counts.octets() + sums.operation.counts.octets();
        assert_eq!(apart, tagged);
        for system in &sums.systems {
            let hosts: u64 = system.hosts.iter().map(|(_, h)| h.row.counts.octets()).sum();
            assert_eq!(hosts, system.all.row.counts.octets());
            let (flows, counts) = sample.snapshot.by_signature[&Some(system.id)];
            assert_eq!((system.all.row.flows, system.all.row.counts), (flows, counts));
            assert!(system.clients > 0 && system.hosts.iter().all(|(_, h)| !h.servers.is_empty()));
        }
        let grades: u64 = sums.grades.values().sum();
        assert_eq!(grades, sums.accusing.counts.up.octets);
    }
}

fn keys(sample: &Sample) -> Vec<&'static str> {
    let material = sample.material();
    let limits = limits::limits(&material, &Sums::of(&material), Language::English);
    limits.iter().map(|limit| limit.key).collect()
}

#[test]
fn each_limit_stands_exactly_where_its_condition_holds() {
    let sample = Sample::of("office-hour.pcapng");
    let usual = keys(&sample);
    assert_eq!(usual.first(), Some(&"limit-encrypted"));
    assert_eq!(usual.last(), Some(&"limit-legal"));
    let gained = |change: &dyn Fn(&mut Sample)| -> Vec<&'static str> {
        let mut other = sample.clone();
        change(&mut other);
        keys(&other).into_iter().filter(|key| !usual.contains(key)).collect()
    };
    assert_eq!(gained(&|_| ()), Vec::<&str>::new());
    assert_eq!(gained(&|s| s.interrupted = true), ["limit-interrupted"]);
    assert_eq!(gained(&|s| s.stale_days = Some(200)), ["limit-stale"]);
    assert_eq!(gained(&|s| s.captures[0].lost = 1), ["limit-capture-lost"]);
    assert_eq!(gained(&|s| s.counting.filter = Some("x".to_owned())), ["limit-filter"]);
    assert_eq!(gained(&|s| s.counting.from = Some(1)), ["limit-window"]);
    assert_eq!(gained(&|s| s.snapshot.bounds.names = 1), ["limit-bounds"]);
    assert_eq!(gained(&|s| s.snapshot.balance.undecodable.frames = 1), ["limit-undecodable"]);
    for (flag, limit) in
        [(FlowFlags::SUPER_FRAME, "limit-offload"), (FlowFlags::AGGREGATE, "limit-aggregate")]
    {
        assert_eq!(gained(&|s| s.all.add_flagged(flag)), [limit]);
    }
    let host = |clock| Host { name: "a".to_owned(), kernel: "b".to_owned(), clock };
    assert_eq!(gained(&|s| s.host = Some(host(ClockState::Unknown))), Vec::<&str>::new());
    let compared = ClockState::Synchronized { last: CaptureTime(0) };
    assert_eq!(gained(&|s| s.host = Some(host(compared))), ["limit-clock-host"]);
    let dropped = |s: &mut Sample| {
        s.snapshot.captures[0].interfaces[0].dropped = Some(3);
    };
    assert_eq!(gained(&dropped), ["limit-drops"]);
    let copies = |s: &mut Sample| s.snapshot.sampled.copies = 1;
    assert_eq!(gained(&copies), ["limit-duplicates-counted"]);
    let apart = |s: &mut Sample| {
        s.counting.dedup = true;
        s.snapshot.balance.duplicates.frames = 1;
    };
    assert_eq!(gained(&apart), ["limit-duplicates-apart"]);
    let car = keys(&Sample::of("car-hotspot.pcap"));
    assert!(car.contains(&"limit-drops-unknown"), "a pcap says nothing of drops: {car:?}");
    let nothing = keys(&Sample::of("nothing-tagged.pcap"));
    for key in ["limit-server-side", "limit-shared-host", "limit-claimed", "limit-cellular"] {
        assert!(!nothing.contains(&key), "{key}: {nothing:?}");
    }
    assert!(usual.contains(&"limit-server-side") && usual.contains(&"limit-claimed"));
}

#[test]
fn places_of_servers_stand_there_only_by_a_register_that_was_given() {
    let mut sample = Sample::of("office-hour.pcapng");
    let case = case(Language::French);
    assert!(!report_of(&sample.material(), &case, "").contains("id=\"places\""));
    let file = AssignmentFile {
        assigns: Assigns::Country,
        path: "/home/somebody/countries.mmdb".to_owned(),
        kind: "Countries".to_owned(),
        date: "2026-10-01".to_owned(),
        damaged: false,
    };
    sample.snapshot.assignments.push(file);
    let by = |rollup: &&mut Rollup| rollup.dimensions == Material::ENDPOINTS;
    let rows = sample.snapshot.rollups.iter_mut().find(by).unwrap().rows_mut();
    rows.retain(|(values, _)| matches!(values[0], DimensionValue::Signature(_)));
    // One endpoint lies in Ireland, all others in no known place.
    let (values, row) = &mut rows[0];
    values[4] = DimensionValue::Text("IE".into());
    let (up, flows) = (row.counts.up.octets, row.flows);
    let html = report_of(&sample.material(), &case, "");
    let section = html.split("id=\"places\"").nth(1).unwrap();
    let section = section.split("</section>").next().unwrap();
    assert!(
        section.contains("Countries")
            && section.contains("2026-10-01")
            && !section.contains("/home")
    );
    assert!(section.contains("pas celui où les données aboutissent"), "{section}");
    let rows: Vec<_> = section.split("<tr").filter(|row| row.contains("scope=\"row\"")).collect();
    let [one, other] = &rows[..] else { panic!("{section}") };
    let (ireland, rest) = if one.contains(">IE<") { (one, other) } else { (other, one) };
    assert!(ireland.contains(">IE<") && rest.contains("absent du fichier"), "{section}");
    assert!(ireland.contains(&Language::French.count(up)), "{ireland}");
    assert!(ireland.contains(&format!(">{}<", Language::French.count(flows))), "{ireland}");
}

#[test]
fn the_method_says_what_is_known_of_the_clock() {
    let mut sample = Sample::of("office-hour.pcapng");
    let case = case(Language::English);
    let said = |sample: &Sample| {
        let html = report_of(&sample.material(), &case, "");
        let fact = html.split("<dt>clock</dt>").nth(1).and_then(|rest| rest.split("</dd>").next());
        fact.unwrap().trim().trim_start_matches("<dd>").to_owned()
    };
    assert_eq!(said(&sample), "not recorded");
    let last = CaptureTime(1_767_600_000_000_000_000);
    let moment = Language::English.moment(last, &case.zone);
    for (clock, expected) in [
        (ClockState::Unknown, "unknown; systemd-timesyncd left no note"),
        (ClockState::Synchronized { last }, &moment),
    ] {
        sample.host = Some(Host { name: "a".to_owned(), kernel: "b".to_owned(), clock });
        let said = said(&sample);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn the_section_on_data_protection_says_what_was_done() {
    let mut sample = Sample::of("office-hour.pcapng");
    let english = |key| Language::English.say(key);
    let plain = report(&sample, Language::English, "clients");
    assert!(plain.contains(&english("report-protection-pseudonyms-none")));
    assert!(plain.contains(&english("report-protection-mask")));
    sample.privacy = Privacy { pseudonymized: true, tenants_masked: true, domains_masked: true };
    let cut = report(&sample, Language::English, "");
    assert!(cut.contains(&english("report-protection-pseudonyms")));
    assert!(cut.contains(&english("report-protection-tenants")));
    assert!(!cut.contains(&english("report-protection-mask")));
}

#[test]
fn a_ledger_that_does_not_add_up_is_said_to_be_no_evidence() {
    let mut sample = Sample::of("nothing-tagged.pcap");
    let (holds, broken) = ("report-balance-holds", "report-balance-broken");
    let says = |sample: &Sample, key| {
        report(sample, Language::German, "").contains(&Language::German.say(key))
    };
    assert!(says(&sample, holds) && !says(&sample, broken));
    sample.snapshot.balance.read.frames += 1;
    assert!(says(&sample, broken) && !says(&sample, holds));
}

/// Whether an address of one of the three workstations stands in a text.
fn shows_a_client(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    words.any(|word| ["10.23.0.11", "10.23.0.12", "10.23.0.13"].contains(&word))
}

#[test]
fn screens_hide_clients_unless_told_otherwise_and_say_what_they_lack() {
    let mut sample = Sample::of("office-hour.pcapng");
    let case = case(Language::English);
    let of = |sample: &Sample, wanted: &ScreensWanted| screens(&sample.material(), &case, wanted);
    let list = "overview,flows,hosts,products,clients,devices,timeline,signatures,\
                detail:SELF.events.data.microsoft.com.";
    let views = ScreenView::parse_list(list).unwrap();
    let masked = ScreensWanted { views, ..ScreensWanted::default() };
    let drawn = of(&sample, &masked).unwrap();
    assert_eq!(drawn.len(), 9);
    for screen in &drawn {
        assert!(!shows_a_client(&screen.text), "{}", screen.text);
        assert!(!shows_a_client(&screen.svg) && screen.hides_clients);
        assert!(screen.caption[0].contains("office-hour.pcapng"), "{:?}", screen.caption);
        assert!(screen.png.starts_with(b"\x89PNG"));
    }
    assert_eq!(drawn, of(&sample, &masked).unwrap());
    let open = ScreensWanted { mask: crate::ledger::Mask::None, ..masked.clone() };
    assert!(shows_a_client(&of(&sample, &open).unwrap()[4].text));
    let filter = Filter::parse("category = identity").unwrap();
    let filter = Some(("category = identity".to_owned(), filter));
    let few = of(&sample, &ScreensWanted { filter, ..masked.clone() }).unwrap();
    assert!(few[0].text.contains("category = identity") && few[0].text != drawn[0].text);
    let views = ScreenView::parse_list("detail:no.such.host").unwrap();
    let nowhere = of(&sample, &ScreensWanted { views, ..masked.clone() }).unwrap_err();
    assert!(nowhere.to_string().contains("detail:no.such.host"), "{nowhere}");
    let unknown = ScreenView::parse_list("overview,flow\u{1b}s").unwrap_err().to_string();
    assert!(unknown.contains("`flow\\u{1b}s`") && unknown.contains("timeline"), "{unknown}");
    sample.snapshot.watched = None;
    assert!(of(&sample, &masked).is_err());
}

#[test]
fn a_report_of_nothing_at_all_is_a_report() {
    let mut sample = Sample::of("nothing-tagged.pcap");
    sample.snapshot = crate::ledger::Snapshot::default();
    sample.timeline = crate::evidence::Timeline::default();
    sample.captures.clear();
    for language in Language::ALL {
        let html = report(&sample, language, "");
        tags(&html);
        assert!(html.contains(&language.say("report-period-none")));
    }
    let mut late = Sample::of("office-hour.pcapng");
    late.timeline.start = CaptureTime(i64::MAX - 5);
    tags(&report(&late, Language::German, ""));
}

/// For looking at: `VIGIE_REPORTS=DIR cargo test --lib reports_to_look_at -- --ignored`.
#[test]
#[ignore = "writes files, to be looked at in a browser"]
fn reports_to_look_at() {
    let folder = std::env::var("VIGIE_REPORTS").expect("VIGIE_REPORTS names a folder");
    let database = Database::shipped();
    for capture in ["office-hour.pcapng", "car-hotspot.pcap"] {
        let mut sample = Sample::read(capture, &database);
        let time = sample.snapshot.captures[0].first.map(|t| t.plus(600_000_000_000));
        let text = "Teams on".into();
        sample.snapshot.markers.push(Marker { time, after_frames: 9, text });
        for language in Language::ALL {
            let material = sample.with(&database);
            let html = report_of(&material, &case(language), "overview,clients,timeline");
            let path = format!("{folder}/{capture}-{}.html", language.word());
            std::fs::write(path, html).unwrap();
        }
    }
}
