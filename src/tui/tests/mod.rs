//! Every view on a recorded capture, in three sizes and three languages; and what keys do.

mod bundle;
mod ledger;
mod registers;
mod words;

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
const SIGNATURES: &str = include_str!("signatures.toml");

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
