//! Faults beneath the screen: the terminal is given back, and what happened is told.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use vigie::ledger::Snapshot;
use vigie::signature::Database;
use vigie::tui::{Feed, Marker, OnPanic, Settings, Status};

use super::pty::Terminal;

const SOURCES: [&str; 2] = ["AAAAAAAA", "BBBBBBBB"];

/// Nothing to show, and a fault: what no screen should meet.
#[derive(Default)]
struct Faulty {
    asked: AtomicU32,
    /// How often it is asked before the thread of the screen panics.
    panics_after: Option<u32>,
    /// Set when a thread that feeds it has panicked.
    broken: AtomicBool,
}

impl Feed for Faulty {
    fn latest(&self) -> Arc<Snapshot> {
        Arc::default()
    }

    fn status(&self) -> Status {
        let asked = self.asked.fetch_add(1, Relaxed);
        assert!(self.panics_after.is_none_or(|most| asked < most), "a fault on purpose");
        // Another one each time, in every letter, so that all of it would be drawn again.
        let source = SOURCES[asked as usize % SOURCES.len()].to_owned();
        Status { source, ..Status::default() }
    }

    fn is_broken(&self) -> bool {
        self.broken.load(Relaxed)
    }

    fn mark(&self, _: Marker) -> Result<(), String> {
        Ok(())
    }
}

fn show(feed: &Faulty) {
    let clock = || Duration::ZERO;
    let _ = vigie::tui::run(feed, &Database::default(), Settings::default(), &clock);
}

#[test]
#[ignore = "run by a test below, in a terminal"]
fn the_child_that_panics() {
    show(&Faulty { panics_after: Some(5), ..Faulty::default() });
}

#[test]
#[ignore = "run by a test below, in a terminal"]
fn the_child_whose_reading_panics() {
    let feed = &Faulty::default();
    thread::scope(|scope| {
        let reading = thread::Builder::new().name("reading".to_owned()).spawn_scoped(scope, || {
            let _guard = OnPanic(|| {
                // Late, so that the screen meets a terminal that is given back.
                thread::sleep(Duration::from_millis(500));
                feed.broken.store(true, Relaxed);
            });
            while feed.asked.load(Relaxed) < 5 {
                thread::sleep(Duration::from_millis(10));
            }
            panic!("a fault on purpose");
        });
        show(feed);
        reading.unwrap().join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

#[test]
fn a_panic_of_any_thread_gives_the_terminal_back_before_it_says_anything() {
    let program = std::env::current_exe().unwrap();
    for (child, of) in
        [("the_child_that_panics", ""), ("the_child_whose_reading_panics", "thread 'reading'")]
    {
        let child = format!("faults::{child}");
        let arguments = ["--ignored", "--exact", &child, "--nocapture"];
        let mut terminal = Terminal::run(&program, &arguments, (120, 40));
        let (status, left) = terminal.end();
        assert!(status.is_some_and(|status| status != 0), "{status:?}: {left}");
        for text in ["a fault on purpose", of, "a fault of vigie", "please report"] {
            assert!(left.contains(text), "{child}: `{text}` is missing:\n{left}");
        }
        // Nothing of the screen stands among the lines.
        assert!(!SOURCES.iter().any(|source| left.contains(source)), "{child}:\n{left}");
        assert!(terminal.is_restored(), "{child}");
    }
}

/// vigie where no file may grow beyond 4,096 octets (`ulimit -f` counts 512).
fn with_little_room(command: &str) -> Terminal {
    let program = env!("CARGO_BIN_EXE_vigie");
    let capture = concat!(env!("CARGO_MANIFEST_DIR"), "/pcaps/office-hour.pcapng");
    let line = format!("ulimit -f 8; exec '{program}' --no-config {command} '{capture}'");
    Terminal::run(Path::new("/bin/sh"), &["-c", &line], (160, 40))
}

#[test]
fn files_that_find_no_room_are_told_and_the_screen_goes_on() {
    let mut terminal = with_little_room("view --lang en --jobs 1");
    terminal.wait_until_ready();
    terminal.press("P");
    terminal.wait_for("vigie-overview-1.png was not written: file too large; nothing of it");
    terminal.press("8e");
    terminal.wait_for("vigie-signatures-1.csv was not written: file too large; nothing of it");
    assert_eq!(std::fs::read_dir(terminal.folder()).unwrap().count(), 0);
    terminal.press("2");
    terminal.wait_for("contoso-my");
    terminal.press("w");
    terminal.wait_for("vigie-flow-1.pcapng is not whole: ");
    terminal.wait_for("file too large");
    let kept = std::fs::metadata(terminal.folder().join("vigie-flow-1.pcapng")).unwrap().len();
    assert!((1..=4096).contains(&kept), "{kept} octets");
    terminal.press("q");
    let (status, left) = terminal.end();
    assert_eq!(status, Some(0), "{left}");
    assert!(terminal.is_restored());
}
