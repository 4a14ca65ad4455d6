//! Every view on a recorded capture, in three sizes and three languages; and what keys do.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::app::{App, Page, Wish};
use super::desk::Desk;
use super::feed::{CaptureState, Marker, Status};
use super::order::{Order, View};
use super::picture::text;
use super::settings::Settings;
use crate::flow::HomeNet;
use crate::language::Language;
use crate::ledger::{
    Assignments, Devices, Dimension, Mask, Recorder, Snapshot, Watch, WatchedFlow, Watcher,
};
use crate::pipeline::{self, Discard, Options, Run};
use crate::signature::Database;
use crate::source::{CaptureTime, plan_streams};

/// The shipped database is large and dated; these stand for it.
const SIGNATURES: &str = include_str!("tests/signatures.toml");

static DATABASE: LazyLock<Database> =
    LazyLock::new(|| Database::of_texts(&[("tests.toml", SIGNATURES)]).unwrap());

fn read(capture: &str) -> Arc<Snapshot> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps").join(capture);
    let plan = plan_streams(&[path], false);
    let options = Options {
        home_net: HomeNet::new(vec!["10.0.0.0/8".parse().unwrap()]),
        ..Options::default()
    };
    let watch = Arc::new(Watch::new(Watch::FEW));
    let run = Run { watch: Some(Arc::clone(&watch)), ..Run::default() };
    let last = pipeline::run(&plan.streams, &options, &DATABASE, &Discard, &run).unwrap();
    let (devices, assignments) = (Devices::default(), Assignments::default());
    let mut snapshot = Watcher::new(
        watch,
        Recorder { database: &DATABASE, devices: &devices, assignments: &assignments },
    )
    .snapshot();
    assert_eq!(snapshot.balance, last.balance, "the watcher counts as the collector does");
    assert_eq!(snapshot.totals, last.totals);
    assert_eq!(snapshot.by_signature, last.by_signature);
    for account in &mut snapshot.captures {
        account.path = capture.to_owned();
    }
    Arc::new(snapshot)
}

static OFFICE: LazyLock<Arc<Snapshot>> = LazyLock::new(|| read("office-hour.pcapng"));

fn status() -> Status {
    Status {
        source: "office-hour.pcapng".to_owned(),
        state: CaptureState::Ended,
        drops: Some(0),
        ..Status::default()
    }
}

/// A screen without a terminal.
struct Screen<'a> {
    app: App<'a>,
    desk: Desk<'a>,
    status: Status,
    snapshot: Arc<Snapshot>,
    area: Rect,
}

impl Screen<'_> {
    fn new(settings: Settings, (width, height): (u16, u16)) -> Self {
        let mut screen = Self {
            app: App::new(settings, &DATABASE),
            desk: Desk::new(&DATABASE),
            status: status(),
            snapshot: Arc::clone(&OFFICE),
            area: Rect::new(0, 0, width, height),
        };
        screen.drawn();
        screen
    }

    /// What the screen shows.
    fn drawn(&mut self) -> String {
        let mut buffer = Buffer::empty(self.area);
        self.app.draw(&self.status, &mut buffer);
        let sheet = self.desk.work(&self.snapshot, &self.app.order);
        self.app.take(Arc::new(sheet));
        let mut buffer = Buffer::empty(self.area);
        self.app.draw(&self.status, &mut buffer);
        text(&buffer)
    }

    fn press(&mut self, keys: &str) -> Option<Wish> {
        let mut wish = None;
        for key in keys.chars() {
            let code = match key {
                '\n' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                '\u{1b}' => KeyCode::Esc,
                '↓' => KeyCode::Down,
                '↑' => KeyCode::Up,
                key => KeyCode::Char(key),
            };
            wish = self.app.key(KeyEvent::new(code, KeyModifiers::NONE), &self.status);
            self.drawn();
        }
        wish
    }
}

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 10)];

/// The view behind these keys in every size and language.
fn everywhere(keys: &str) -> String {
    let mut out = String::new();
    for language in Language::ALL {
        for size in SIZES {
            let settings = Settings { language, ..Settings::default() };
            let mut screen = Screen::new(settings, size);
            screen.press(keys);
            let drawn = screen.drawn();
            let (width, height) = size;
            assert_eq!(drawn.lines().count(), usize::from(height));
            out = format!("{out}── {} {width}×{height}\n{drawn}", language.word());
        }
    }
    out
}

macro_rules! view {
    ($name:ident, $keys:literal) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(everywhere($keys));
        }
    };
}

view!(overview, "1");
view!(flows, "2");
view!(hosts, "3");
view!(products, "4");
view!(clients, "5");
view!(devices, "6");
view!(timeline, "7");
view!(signatures, "8");
view!(help, "?");
view!(detail_of_a_flow, "2/category = telemetry\n\n");
view!(settings, ",");
view!(grouped_flows, "2aaaaaa");
view!(detail_of_a_signature, "8\n");

fn english() -> Screen<'static> {
    Screen::new(Settings::default(), (100, 30))
}

/// How a screen with these settings looks, so wide.
fn drawn(language: Language, width: u16, keys: &str) -> String {
    let mut screen = Screen::new(Settings { language, ..Settings::default() }, (width, 24));
    screen.press(keys);
    screen.drawn()
}

#[test]
fn a_bundle_is_wanted_of_what_the_screen_shows() {
    let mut screen = english();
    let Some(Wish::Bundle(whole)) = screen.press("E") else { panic!("no bundle is wanted") };
    assert_eq!((whole.filter, whole.moment, whole.entered), (None, None, false));
    let Some(Wish::Bundle(part)) = screen.press("/category = telemetry\np3[\nE") else {
        panic!("no bundle is wanted")
    };
    assert_eq!(part.filter.as_deref(), Some("category = telemetry"));
    assert!(part.moment.is_some() && part.entered && part.mask.hides_clients());
    let begun = part.begun();
    assert!(begun.contains("names hosts") && begun.contains("of all rows"), "{begun}");
    assert!(matches!(screen.press(":bundle\n"), Some(Wish::Bundle(_))));
}

#[test]
fn the_head_says_how_far_a_bundle_is_in_every_language() {
    for (language, said) in [
        (Language::English, "bundle 43 %"),
        (Language::French, "dossier 43 %"),
        (Language::German, "Beweismappe 43 %"),
    ] {
        for size in SIZES {
            let mut screen = Screen::new(Settings { language, ..Settings::default() }, size);
            assert!(!screen.drawn().contains("43 %"));
            screen.status.bundle = Some(43);
            assert!(screen.drawn().contains(said), "{size:?}: {}", screen.drawn());
        }
    }
}

#[test]
fn no_title_of_a_column_is_cut_in_any_language_and_size() {
    use super::view::rollup::column_of;
    let by = |dimension| format!(":by {}\n", crate::export::dimension_word(dimension));
    let mut views: Vec<_> = View::DIMENSIONS.map(|d| (by(d), column_of(d))).into();
    let others = [("1", "column-category"), ("2", "column-client"), ("8", "column-signature")];
    views.extend(others.map(|(keys, title)| (keys.to_owned(), title)));
    for language in Language::ALL {
        for width in [40, 60, 80, 100, 120, 160, 400] {
            for (keys, first) in &views {
                let drawn = drawn(language, width, keys);
                // Of flows the client gives way first.
                let firsts = [language.say(first), language.say("column-name")];
                let is_title = |line: &&str| {
                    let text = line.strip_prefix(' ');
                    text.is_some_and(|text| firsts.iter().any(|first| text.starts_with(first)))
                };
                let titles = drawn.lines().skip(3).find(is_title);
                let titles = titles.unwrap_or_else(|| panic!("{keys} has no titles:\n{drawn}"));
                assert!(!titles.contains('…'), "{keys}: {titles}");
            }
        }
    }
}

#[test]
fn the_ways_to_the_help_and_out_are_shown_in_every_size() {
    for language in Language::ALL {
        for width in [24, 30, 40, 60, 80, 400] {
            for (keys, out) in [("1", "foot-quit"), ("2\n", "foot-back")] {
                let drawn = drawn(language, width, keys);
                let foot = drawn.lines().last().unwrap().to_owned();
                for text in
                    [format!("? {}", language.say("foot-help")), format!("q {}", language.say(out))]
                {
                    assert!(foot.contains(&text), "{text} is missing at {width}: {foot}");
                }
            }
        }
    }
}

#[test]
fn a_key_without_a_meaning_says_where_the_others_are_told() {
    let mut screen = english();
    screen.press("h");
    assert!(screen.drawn().contains("h does nothing here; ? shows what keys do"));
}

#[test]
fn a_page_says_that_it_goes_on() {
    let mut screen = Screen::new(Settings::default(), (80, 24));
    let foot = |screen: &mut Screen<'_>| screen.drawn().lines().last().unwrap().to_owned();
    screen.press("?");
    let lines = screen.app.page_lines;
    let first = foot(&mut screen);
    assert!(first.ends_with(&format!("1–20 / {lines} ↓")), "{first}");
    screen.press("j");
    assert!(foot(&mut screen).ends_with(&format!("↑ 2–21 / {lines} ↓")));
    screen.press("G");
    let last = foot(&mut screen);
    assert!(last.ends_with(&format!("↑ {}–{lines} / {lines}", lines - 19)), "{last}");
    // One that is seen whole says nothing.
    screen.press("?,");
    assert!(!foot(&mut screen).contains('–'));
}

#[test]
fn q_is_called_back_where_it_goes_back() {
    let mut screen = english();
    let foot = |screen: &mut Screen<'_>| screen.drawn().lines().last().unwrap().to_owned();
    assert!(foot(&mut screen).contains("q quit"));
    screen.press("\n");
    assert!(foot(&mut screen).contains("q back"), "{}", foot(&mut screen));
    screen.press("q");
    assert!(foot(&mut screen).contains("q quit"));
}

#[test]
fn a_filter_that_leaves_the_chosen_row_out_begins_at_the_top() {
    let mut screen = english();
    screen.press("2G/category = telemetry\n");
    assert_eq!((screen.app.at, screen.app.top), (0, 0));
    // One that leaves it in keeps it chosen.
    screen.press("↓↓↓");
    let chosen = screen.app.chosen.clone();
    screen.press("/\u{1b}/category = telemetry and up > 1B\n");
    assert_eq!(screen.app.chosen, chosen);
    assert_eq!(screen.app.at, 3);
}

#[test]
fn a_search_says_in_what_it_was_found_and_where_else_to_look() {
    let mut screen = english();
    screen.press("/viva\n");
    assert!(screen.drawn().contains("“viva” is in no row of this view; 2 shows every flow"));
    screen.press("2/viva\n");
    assert!(screen.drawn().contains("“viva” in "), "{}", screen.drawn());
    // The signature has no room in so narrow a table.
    screen.press("/glint\n");
    assert!(screen.drawn().contains("“glint” in "), "{}", screen.drawn());
    screen.press("/nowhere\n");
    assert!(screen.drawn().contains("“nowhere” is in no row"));
    assert!(!screen.drawn().contains("2 shows every flow"));
}

#[test]
fn words_that_may_follow_stand_before_what_is_wrong() {
    let mut screen = Screen::new(Settings::default(), (80, 24));
    screen.press("/category = tel");
    let drawn = screen.drawn();
    let foot = drawn.lines().last().unwrap();
    assert!(foot.contains("⇥ telemetry   ✗ 12: "), "{foot}");
}

#[test]
fn the_line_that_is_left_says_of_what_it_is_the_sum() {
    let mut screen = english();
    assert!(screen.app.shown_only().is_empty() && screen.app.moment_shown().is_none());
    screen.press("/up > 1B\n\n7[");
    screen.press("1\n");
    assert_eq!(screen.app.shown_only(), ["up > 1B", "telemetry"]);
    assert!(screen.app.moment_shown().unwrap().starts_with("ledger at 20:"));
    let only = screen.app.shown_only();
    let line = super::plain::summary(
        &screen.app.sheet,
        Language::English,
        &jiff::tz::TimeZone::UTC,
        &only,
    );
    let flows = line.lines().next().unwrap();
    assert!(flows.ends_with(" (only: up > 1B › telemetry)"), "{line}");
}

#[test]
fn the_settings_are_in_words() {
    for language in Language::ALL {
        let mut screen = Screen::new(Settings { language, ..Settings::default() }, (100, 24));
        screen.press(",");
        let drawn = screen.drawn();
        for key in ["mask-none", "mask-clients", "theme-dark", "colours-sixteen", "setting-none"] {
            let text = language.say(key);
            assert!(drawn.contains(&text), "{key}: {text} is missing:\n{drawn}");
        }
        screen.press(":mask hosts\n/client = 10.23.0.11\n");
        let drawn = screen.drawn();
        let both = format!("{}   --picture-mask", language.say("mask-all"));
        assert!(drawn.contains(&both) && drawn.contains("client = 10.23.0.11"), "{drawn}");
    }
}

#[test]
fn a_long_name_and_the_time_give_way_to_what_is_happening() {
    let mut screen = Screen::new(Settings::default(), (80, 24));
    screen.status.source =
        "a-capture-whose-name-is-longer-than-a-line-has-room-for.pcapng".to_owned();
    let head = |screen: &mut Screen<'_>| screen.drawn().lines().next().unwrap().to_owned();
    let long = head(&mut screen);
    assert!(long.contains("… │ read to the end") && long.contains("20:20:39 UTC"), "{long}");
    let why = "the interface is gone; vigie waits for it to come back";
    screen.status.state = CaptureState::Failed(why.to_owned());
    let failed = head(&mut screen);
    assert!(failed.contains(why) && !failed.contains("UTC"), "{failed}");
    screen.press(" ");
    assert!(head(&mut screen).starts_with(" ⏸ PAUSED │ vigie │ "));
}

#[test]
fn the_choice_follows_the_flow_while_rows_move() {
    let mut screen = english();
    screen.press("2↓↓↓");
    let chosen = screen.app.chosen.clone();
    screen.press("S");
    assert_eq!(screen.app.chosen, chosen);
    assert_ne!(screen.app.at, 3);
    assert!(screen.app.top <= screen.app.at && screen.app.at < screen.app.top + screen.app.room());
}

#[test]
fn a_filter_acts_while_it_is_typed_and_says_what_is_wrong() {
    let mut screen = english();
    let all = screen.app.sheet.shown.flows;
    screen.press("2/category = telemetr");
    assert!(screen.drawn().contains("✗ 12: unknown category"), "{}", screen.drawn());
    assert_eq!(screen.app.sheet.shown.flows, all, "what is wrong does not act");
    screen.press("\t");
    assert!(screen.drawn().contains("✓"));
    assert!(screen.app.sheet.shown.flows < all);
    screen.press("\n");
    assert!(screen.drawn().contains("filter category = telemetry"));
    screen.press("\u{1b}");
    assert_eq!(screen.app.sheet.shown.flows, all);
}

#[test]
fn a_word_is_looked_for_and_found_again() {
    let mut screen = english();
    screen.press("2/viva\n");
    let row = |screen: &Screen<'_>| screen.app.text_of(screen.app.at).unwrap();
    assert!(row(&screen).contains("viva"), "{}", row(&screen));
    let first = screen.app.at;
    screen.press("n");
    assert!(row(&screen).contains("viva") && screen.app.at != first);
    screen.press("N");
    assert_eq!(screen.app.at, first);
}

#[test]
fn enter_goes_into_a_row_and_q_comes_back_and_leaves() {
    let mut screen = english();
    let whole = screen.app.sheet.shown.counts;
    let first = screen.app.sheet.rows[0].sums.counts;
    screen.press("\n");
    assert_eq!(screen.app.order.view, View::Rollup(Dimension::Host));
    assert_eq!(screen.app.sheet.shown.counts, first);
    screen.press("\n\n");
    assert!(matches!(screen.app.page, Some(Page::Detail(_))));
    screen.press("qq");
    assert_eq!(screen.app.sheet.shown.counts, first);
    assert_eq!(screen.press("q"), None);
    assert_eq!(screen.app.sheet.shown.counts, whole);
    assert_eq!(screen.press("q"), Some(Wish::Quit));
}

#[test]
fn sums_are_the_same_by_every_dimension() {
    let mut desk = Desk::new(&DATABASE);
    for dimension in View::DIMENSIONS {
        let order = Order { view: View::Rollup(dimension), ..Order::default() };
        let sheet = desk.work(&OFFICE, &order);
        let sum: u64 = sheet.rows.iter().map(|row| row.sums.counts.octets()).sum();
        assert_eq!(sum, OFFICE.balance.in_flows.octets, "{dimension:?}");
    }
}

#[test]
fn the_lanes_of_the_timeline_hold_every_octet() {
    let mut desk = Desk::new(&DATABASE);
    for columns in [1, 7, 60, 300] {
        let order = Order { view: View::Timeline, columns, ..Order::default() };
        let sheet = desk.work(&OFFICE, &order);
        for row in &sheet.rows {
            assert_eq!(row.series.iter().sum::<u64>(), row.sums.counts.octets());
        }
    }
}

#[test]
fn the_time_cursor_shows_the_ledger_as_it_stood() {
    let mut screen = english();
    let whole = screen.app.sheet.shown.flows;
    screen.press("7[[[[[[[[[[[[[[[[[[[[");
    let then = screen.app.sheet.shown.flows;
    assert!(then < whole && then > 0);
    assert!(screen.drawn().contains("ledger at "));
    screen.press("]");
    assert!(screen.app.sheet.shown.flows >= then);
    screen.press("\u{1b}");
    assert_eq!(screen.app.sheet.shown.flows, whole);
}

#[test]
fn a_replay_runs_from_the_start_to_the_end() {
    let settings = Settings { speed: Some(10.0), ..Settings::default() };
    let mut screen = Screen::new(settings, (100, 30));
    let mut counts = Vec::new();
    for tenth in 1..200_u64 {
        screen.app.tick(std::time::Duration::from_millis(tenth * 100));
        screen.drawn();
        counts.push(screen.app.sheet.shown.counts.octets());
    }
    assert!(counts.is_sorted() && counts[0] < counts[199 - 1]);
    assert_eq!(counts.last(), Some(&OFFICE.balance.in_flows.octets));
    assert!(screen.app.order.moment.is_none() && screen.app.replay.is_none());
}

#[test]
fn a_mask_hides_clients_on_every_view_and_leaves_the_sums() {
    let settings = Settings { mask: Mask::Clients, ..Settings::default() };
    let mut screen = Screen::new(settings, (200, 60));
    for keys in ["1", "2", "3", "4", "5", "7", "2\n"] {
        screen.press(keys);
        let drawn = screen.drawn();
        let mut words = drawn.split(|c: char| !c.is_ascii_digit() && c != '.');
        let client = words.find(|word| ["10.23.0.11", "10.23.0.12", "10.23.0.13"].contains(word));
        assert_eq!(client, None, "{drawn}");
        screen.app.page = None;
    }
    let csv = String::from_utf8(screen.app.csv().unwrap()).unwrap();
    assert!(csv.contains("client 1") && !csv.contains("10.23.0.11"));
    assert!(!screen.app.row_text().unwrap().contains("10.23.0.11"));
    screen.press("p5");
    assert!(screen.drawn().contains("10.23.0.11"), "{}", screen.drawn());
    assert_eq!(screen.app.sheet.shown.counts.octets(), OFFICE.balance.in_flows.octets);
}

#[test]
fn the_reason_of_a_grade_is_that_of_the_grade() {
    let mut screen = english();
    screen.press("2");
    let flows = &OFFICE.watched.as_ref().unwrap().flows;
    let mut tags = 0;
    for flow in flows {
        for tag in &flow.record.tags {
            let said = screen.app.reason(&screen.status, &flow.record, tag);
            assert_eq!(said, &*tag.reason);
            tags += 1;
        }
    }
    assert!(tags > 20);
}

#[test]
fn the_reason_is_that_of_the_grade_for_every_basis_and_ambiguity() {
    use crate::flow::FlowFlags;
    use crate::signature::{Basis, GradeFacts, grade};
    let screen = english();
    let flows = &OFFICE.watched.as_ref().unwrap().flows;
    let flow = flows.iter().find(|flow| flow.record.primary().is_some()).unwrap();
    let signature = DATABASE.signature(flow.record.primary().unwrap().signature);
    let ambiguous = [FlowFlags::DNS_AMBIGUOUS, FlowFlags::CERTIFICATE_AMBIGUOUS];
    for basis in Basis::ALL {
        for flags in [FlowFlags::default(), ambiguous[0], ambiguous[1]] {
            let (grade, reason) = grade(GradeFacts {
                basis,
                exclusivity: signature.exclusivity,
                confidence: signature.confidence,
                ambiguous: (basis == Basis::Dns && flags == ambiguous[0])
                    || (basis == Basis::Certificate && flags == ambiguous[1]),
                mixed: false,
                one_sided: false,
                status: signature.status,
                active_until: signature.active_until.as_deref(),
                at: flow.record.first,
            });
            let mut record = (*flow.record).clone();
            record.flags = flags;
            let tag = &mut record.tags[0];
            (tag.basis, tag.grade, tag.reason) = (basis, grade, reason.into());
            let tag = record.tags[0].clone();
            assert_eq!(screen.app.reason(&screen.status, &record, &tag), &*tag.reason);
        }
    }
}

#[test]
fn markers_are_drawn_and_jumped_to() {
    let mut screen = english();
    let (first, last) = screen.app.sheet.span.unwrap();
    let time = CaptureTime(first.0 + (last.0 - first.0) / 2);
    screen.status.markers.push(Marker { time, label: "Teams on".to_owned() });
    screen.press("7'");
    assert_eq!(screen.app.order.moment, Some(time));
    assert!(screen.drawn().contains("▼1 Teams on"));
    let wish = screen.press("mTeams off\n");
    assert_eq!(wish, Some(Wish::Mark(Marker { time, label: "Teams off".to_owned() })));
}

#[test]
fn reset_asks_twice() {
    let mut screen = english();
    screen.press("2sx");
    assert_eq!(screen.app.order.view, View::Flows);
    screen.press("x");
    assert_eq!(screen.app.order, Order { columns: screen.app.order.columns, ..Order::default() });
}

#[test]
fn no_size_makes_it_panic() {
    let mut screen = english();
    for width in [0, 1, 5, 19, 20, 33, 40, 79, 200, 400] {
        for height in [0, 1, 3, 6, 7, 10, 60, 120] {
            screen.area = Rect::new(0, 0, width, height);
            for keys in ["1", "2", "3", "7", "8", "?", ",", "2\n"] {
                screen.press(keys);
                screen.press("\u{1b}");
            }
        }
    }
}

#[test]
fn without_colours_every_sign_is_still_there() {
    let mut screen = english();
    let drawn = screen.drawn();
    for sign in ["●", "○", "·", "▸"] {
        assert!(drawn.contains(sign), "{sign} is missing:\n{drawn}");
    }
}

#[test]
fn caveats_of_registers_are_those_of_the_reports() {
    use crate::ledger::{MAKER_CAVEAT, PLACE_CAVEAT};
    assert_eq!(Language::English.say("caveat-place"), PLACE_CAVEAT);
    assert_eq!(Language::English.say("caveat-maker"), MAKER_CAVEAT);
}

/// The office, with what registers would say.
fn registered() -> Arc<Snapshot> {
    use crate::ledger::{Assigned, AssignmentFile, Assigns};
    let mut snapshot = (*read("office-hour.pcapng")).clone();
    let file = |assigns, kind: &str, date: &str| AssignmentFile {
        assigns,
        path: "oui.txt".to_owned(),
        kind: kind.to_owned(),
        date: date.to_owned(),
        damaged: false,
    };
    snapshot.assignments = vec![
        file(Assigns::Country, "Test-Country", "2026-10-01"),
        file(Assigns::Network, "Test-ASN", "2026-10-02"),
        file(Assigns::Hardware, "", "2026-10-03"),
    ];
    let watched = snapshot.watched.take().unwrap();
    snapshot.watched = Some(Arc::new(watched.map(|flow| {
        let mut record = (*flow.record).clone();
        record.assigned = Some(Box::new(Assigned {
            country: Some("IE".into()),
            asn: Some(64_500),
            owner: Some("Acme Net".into()),
            maker: Some("Acme Radios".into()),
        }));
        Some(WatchedFlow { record: Arc::new(record), ..flow.clone() })
    })));
    Arc::new(snapshot)
}

#[test]
fn registers_are_shown_with_their_dates_and_caveats_and_hidden_by_the_mask() {
    let mut screen = Screen::new(Settings::default(), (120, 40));
    screen.snapshot = registered();
    screen.drawn();
    for (word, value, cited, caveat) in [
        ("country", "IE", "by Test-Country of 2026-10-01", "not where data ends"),
        ("network-owner", "Acme Net", "by Test-ASN of 2026-10-02", "not where data ends"),
        ("oui", "Acme Radios", "by oui.txt of 2026-10-03", "the hardware that sent"),
    ] {
        screen.press(&format!(":by {word}\n"));
        let drawn = screen.drawn();
        for text in [value, cited, caveat] {
            assert!(drawn.contains(text), "{word}: {text} is missing:\n{drawn}");
        }
    }
    screen.press("2\n");
    let page = screen.drawn();
    for text in ["IE  (by Test-Country", "Acme Net (AS64500)  (by Test-ASN", "Acme Radios  (by"] {
        assert!(page.contains(text), "{text} is missing:\n{page}");
    }
    screen.press("\u{1b}:mask all\n");
    for keys in [":by country\n", ":by network-owner\n", ":by oui\n", "2\n"] {
        screen.press(keys);
        let drawn = screen.drawn();
        assert!(!drawn.contains("Acme") && !drawn.contains("IE "), "{keys}: {drawn}");
        assert!(keys == "2\n" || drawn.contains("masked"), "{keys}: {drawn}");
    }
}

#[test]
fn only_registers_that_were_given_are_among_the_dimensions_of_a() {
    let mut screen = Screen::new(Settings::default(), (120, 40));
    let seen = |screen: &mut Screen<'_>| {
        screen.press("3");
        (0..40).any(|_| {
            screen.press("a");
            screen.app.order.view == View::Rollup(Dimension::Country)
        })
    };
    assert!(!seen(&mut screen));
    screen.snapshot = registered();
    screen.drawn();
    assert!(seen(&mut screen));
}

#[test]
fn a_picture_says_in_each_language_that_a_bound_was_reached_and_else_nothing() {
    let captioned = |snapshot: &Arc<Snapshot>, language: Language| {
        let settings = Settings { language, ..Settings::default() };
        let wanted = super::StillView::View("flows");
        super::still(snapshot, &DATABASE, &settings, &wanted).unwrap().caption.0
    };
    let mut watched = (**OFFICE.watched.as_ref().unwrap()).clone();
    let oldest = watched.flows.remove(0);
    watched.older.add(&oldest.record);
    let reached = Arc::new(OFFICE.with_watched(watched));
    for language in [Language::English, Language::French, Language::German] {
        let (without, with) = (captioned(&OFFICE, language), captioned(&reached, language));
        assert_eq!((without.len(), with.len()), (2, 3), "{with:?}");
        let bound = language.say_with(
            "caption-bound",
            &[("flows", 1_u64.into()), ("octets", language.octets(0).into())],
        );
        assert_eq!(with[2], bound);
        assert!(bound.contains('1'), "{bound}");
    }
}
