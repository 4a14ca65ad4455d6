//! Every key of the help, on a capture and on an interface.

use std::thread;
use std::time::Duration;

use super::lab::Lab;
use super::live::{capture, watch};
use super::pty::{Options, Terminal};

/// A key of the help, tried.
#[derive(Clone, Copy)]
struct Tried {
    key: &'static str,
    /// What is typed before it, and what the screen then shows.
    before: (&'static str, &'static str),
    typed: &'static str,
    does: Does,
    on: On,
}

/// What a key does to the screen. Each is looked for before the key, too: there it must not hold.
#[derive(Clone, Copy)]
enum Does {
    /// A text comes.
    Shows(&'static str),
    /// A text goes.
    Hides(&'static str),
    /// Another row is chosen, which holds this.
    Chooses(&'static str),
    /// Something is drawn otherwise above the foot, be it in colour alone.
    Changes,
}

/// Where it is tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum On {
    Both,
    Capture,
    Interface,
}

use Does::{Changes, Chooses, Hides, Shows};

const HELP: &str = "Help (q or Esc closes)";
const LAST: &str = "▸· no tag";
const FLOWS: (&str, &str) = ("2", "contoso-my");

const fn tried(
    key: &'static str,
    before: (&'static str, &'static str),
    typed: &'static str,
    does: Does,
) -> Tried {
    Tried { key, before, typed, does, on: On::Both }
}

const fn on(on: On, tried: Tried) -> Tried {
    Tried { on, ..tried }
}

const KEYS: [Tried; 64] = [
    tried("?", ("", ""), "?", Shows(HELP)),
    tried("F1", ("", ""), "\u{1b}OP", Shows(HELP)),
    tried("q", ("?", HELP), "q", Hides(HELP)),
    tried("Esc", ("?", HELP), "\u{1b}", Hides(HELP)),
    tried("↑", ("G", LAST), "\u{1b}[A", Chooses("")),
    tried("k", ("G", LAST), "k", Chooses("")),
    tried("↓", ("", ""), "\u{1b}[B", Chooses("Microsoft")),
    tried("j", ("", ""), "j", Chooses("Microsoft")),
    tried("Home", ("G", LAST), "\u{1b}[H", Chooses("▸● ")),
    tried("g", ("G", LAST), "g", Chooses("▸● ")),
    tried("End", ("", ""), "\u{1b}[F", Chooses(LAST)),
    tried("G", ("", ""), "G", Chooses(LAST)),
    tried("PgUp", ("G", LAST), "\u{1b}[5~", Chooses("▸● ")),
    tried("^B", ("G", LAST), "\u{2}", Chooses("▸● ")),
    tried("PgDn", ("", ""), "\u{1b}[6~", Chooses(LAST)),
    tried("^F", ("", ""), "\u{6}", Chooses(LAST)),
    tried("Tab", ("", ""), "\t", Shows("contoso-my")),
    tried("⇧Tab", ("", ""), "\u{1b}[Z", Shows("status")),
    tried("1", FLOWS, "1", Shows("over time")),
    tried("2", ("", ""), "2", Shows("contoso-my")),
    tried("3", ("", ""), "3", Shows("oneclient.sfx.ms")),
    tried("4", ("", ""), "4", Shows("product ")),
    tried("5", ("", ""), "5", Shows("10.23.0.11")),
    tried("6", ("", ""), "6", Shows("no device name")),
    tried("7", ("", ""), "7", Shows("column =")),
    tried("8", ("", ""), "8", Shows("status")),
    tried("Enter", ("", ""), "\r", Shows("› ")),
    tried("/", ("", ""), "/category = telemetry\r", Shows("filter category = telemetry")),
    tried("n", ("2/viva\r", "viva"), "n", Chooses("")),
    tried("N", ("2/viva\r", "viva"), "N", Chooses("")),
    tried("s", ("", ""), "s", Shows("▼ sent")),
    tried("S", ("", ""), "S", Shows("▲ octets")),
    tried("Space", ("", ""), " ", Shows("PAUSED")),
    tried("a", FLOWS, "a", Shows("▾ ")),
    tried("←", ("2aaaaa", "▾ telemetry"), "\u{1b}[D", Hides("▾ telemetry")),
    tried("→", ("2aaaaa\u{1b}[D", "▸ telemetry"), "\u{1b}[C", Hides("▸ telemetry")),
    tried("m", ("", ""), "mTeams on\r", Shows("marker set")),
    tried("'", ("mTeams on\r", "marker set"), "'", Shows("▼ Teams on")),
    tried("[", ("", ""), "[", Shows("ledger at")),
    tried("]", ("[[", "ledger at"), "]", Changes),
    tried("{", ("7}", "column ="), "{", Changes),
    tried("}", ("7", "column ="), "}", Changes),
    tried("p", ("5", "10.23.0.11"), "p", Shows("client 1")),
    tried("c", ("", ""), "c", Shows("copied")),
    tried("e", ("", ""), "e", Shows("written: ./vigie-overview-1.csv")),
    tried("P", ("", ""), "P", Shows("written: ./vigie-overview-1.png")),
    on(On::Capture, tried("E", ("", ""), "E", Shows("bundle: ./vigie-evidence-"))),
    on(On::Capture, tried(":", ("", ""), ":bundle\r", Shows("bundle: ./vigie-evidence-"))),
    on(On::Interface, tried("E", ("", ""), "E", Shows("nothing of this session is kept"))),
    tried("w", ("", ""), "w", Shows("choose one in view 2")),
    on(On::Capture, tried("w", FLOWS, "w", Shows("written: ./vigie-flow-1.pcapng, all"))),
    on(On::Capture, tried("w", ("2\r", "payload"), "w", Shows("written: ./vigie-flow-1.pcapng"))),
    on(On::Interface, tried("w", FLOWS, "w", Shows("the capture file holds them"))),
    tried("t", ("", ""), "t", Changes),
    tried(",", ("", ""), ",", Shows("time zone")),
    tried(":", ("", ""), ":lang de\r", Shows("Übersicht")),
    tried(":", ("", ""), ":view timeline\r", Shows("column =")),
    tried(":", ("", ""), ":nonsense\r", Shows("not understood: nonsense")),
    tried(":", ("", ""), ":by proto\r", Shows("protocol")),
    tried(":", ("", ""), ":mask all\r", Shows("masked")),
    tried(":", FLOWS, ":find viva\r", Chooses("")),
    tried(":", ("", ""), ":speed 1000\r", Shows("the replay has reached the end")),
    tried("x", ("", ""), "x", Shows("once more")),
    tried("x", FLOWS, "xx", Shows("as at the start")),
];

/// Keys that end or stop the program: they have tests of their own.
const ELSEWHERE: [&str; 2] = ["^C", "^Z"];

impl Tried {
    /// Types it, and waits for what it does.
    fn press(&self, terminal: &mut Terminal) {
        let (typed, ready) = self.before;
        if !typed.is_empty() {
            terminal.press(typed);
            terminal.wait_for(ready);
            terminal.wait_until_quiet_for(Duration::from_millis(400));
        }
        let (chosen, cells) = (terminal.chosen(), terminal.cells());
        let holds = |terminal: &Terminal| match self.does {
            Shows(text) => terminal.screen().contains(text),
            Hides(text) => !terminal.screen().contains(text),
            Chooses(text) => {
                let now = terminal.chosen();
                now != chosen && !now.is_empty() && now.contains(text)
            }
            Changes => terminal.cells() != cells,
        };
        let key = self.key;
        assert!(!holds(terminal), "{key}: it held before:\n{}", terminal.screen());
        terminal.press(self.typed);
        terminal.wait_until(holds);
        assert!(terminal.is_running(), "{key} ended the program");
    }
}

#[test]
fn every_key_of_the_help_does_what_it_says() {
    let on_capture: Vec<_> = KEYS.iter().filter(|tried| tried.on != On::Interface).collect();
    side_by_side(&on_capture, |keys| {
        for tried in keys {
            let mut terminal = Terminal::open(&Options::default());
            terminal.wait_until_ready();
            tried.press(&mut terminal);
        }
    });
}

#[test]
#[ignore = "needs root, namespaces and tcpreplay: tests/live.sh"]
fn every_key_of_the_help_does_what_it_says_on_an_interface() {
    let on_interface: Vec<_> = KEYS.iter().filter(|tried| tried.on != On::Capture).collect();
    side_by_side(&on_interface, |keys| {
        let lab = Lab::new();
        let mut terminal = watch(&lab, &[], (80, 24));
        terminal.wait_for("│ live");
        // The office hour lasts 21 s; a timeline needs some of them.
        lab.replay_faster(&capture("office-hour.pcapng"), 3);
        terminal.wait_for("· no tag");
        terminal.wait_until_quiet();
        for tried in keys {
            tried.press(&mut terminal);
            // Whatever it did; a key between takes a reset back that is half asked for.
            terminal.press("1xx");
            terminal.wait_for("as at the start");
            terminal.wait_for("over time");
        }
        terminal.press("\u{3}");
        let (status, left) = terminal.end();
        assert_eq!(status, Some(0), "{left}");
        assert!(terminal.is_restored(), "{left}");
    });
}

/// Tries keys in several terminals at once: most of the time is waiting.
fn side_by_side(keys: &[&Tried], try_all: impl Fn(&[&Tried]) + Sync) {
    thread::scope(|scope| {
        for part in keys.chunks(keys.len().div_ceil(4)) {
            scope.spawn(|| try_all(part));
        }
    });
}

/// Keys that the help names, as its page shows them.
fn named(screen: &str) -> Vec<&str> {
    let mut lines = screen.lines().skip_while(|line| !line.trim_start().starts_with("? "));
    let keys = lines.by_ref().take_while(|line| !line.contains("● ○ ·"));
    let heads = keys.filter_map(|line| line.trim_start().split("  ").next());
    heads.flat_map(str::split_whitespace).collect()
}

#[test]
fn the_keys_tried_are_those_of_the_help_and_no_others() {
    let mut terminal = Terminal::open(&Options { size: (120, 100), ..Options::default() });
    terminal.wait_until_ready();
    terminal.press("?");
    terminal.wait_for("into the background");
    let screen = terminal.screen();
    let named = named(&screen);
    for on in [On::Capture, On::Interface] {
        let tried = |key: &str| KEYS.iter().any(|t| t.key == key && [on, On::Both].contains(&t.on));
        for key in named.iter().filter(|key| !ELSEWHERE.contains(key)) {
            assert!(tried(key), "{key} is in the help, and nobody tries it");
        }
    }
    for key in KEYS.iter().map(|tried| tried.key).chain(ELSEWHERE) {
        assert!(named.contains(&key), "{key} is tried, and not in the help:\n{screen}");
    }
    assert!(named.len() > 50, "only {} keys were found:\n{screen}", named.len());
}
