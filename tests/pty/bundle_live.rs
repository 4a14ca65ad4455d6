//! The key `E` while `vigie live` writes, and `vigie report` on what it wrote.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::bundle::{bundles, files, holds, names, vigie};
use super::lab::Lab;
use super::live::{feed, on_a_pipe, on_a_pipe_in, watch};
use super::pty::{Options, Terminal};

/// `vigie live` on a FIFO through which the office capture has come, and goes on.
fn office(arguments: &'static [&'static str]) -> (Terminal, File) {
    let (mut terminal, mut writer) = on_a_pipe(arguments);
    feed(&mut writer);
    terminal.wait_for("· no tag");
    // All of it has come when the sums stand still.
    terminal.wait_for("928 kB in all");
    (terminal, writer)
}

/// Makes a bundle by the key, and checks it.
fn by_key(terminal: &mut Terminal) -> PathBuf {
    terminal.press("E");
    terminal.wait_for("bundle: ./vigie-evidence-");
    let made = bundles(terminal.folder()).pop().expect("a bundle");
    holds(&made);
    made
}

fn record(bundle: &Path) -> Value {
    let text = fs::read(bundle.join("data/record.json")).expect("the record");
    serde_json::from_slice(&text).expect("JSON")
}

fn report(bundle: &Path) -> String {
    fs::read_to_string(bundle.join("data/report.html")).expect("the report")
}

/// The bundle that `vigie report` makes of captures in a folder.
fn by_report(folder: &Path, captures: &[String]) -> PathBuf {
    let out = folder.join("by-report");
    let mut arguments = vec!["report", "--lang", "en", "-o", out.to_str().unwrap()];
    let paths: Vec<_> = captures.iter().map(|name| folder.join(name)).collect();
    arguments.extend(paths.iter().map(|path| path.to_str().unwrap()));
    let (status, said) = vigie(&arguments);
    assert_eq!(status, Some(0), "{said}");
    holds(&out);
    out
}

fn assert_says(page: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert!(page.contains(sentence), "`{sentence}` is not in the report");
    }
}

#[test]
fn a_running_session_gives_what_was_written_so_far_and_says_so() {
    let (mut terminal, mut writer) = office(&["--require-sandbox", "--write", "session.pcapng"]);
    terminal.press("mTeams on\r");
    terminal.wait_for("markers 1");
    let made = by_key(&mut terminal);
    let record = record(&made);
    let capture = &record["captures"][0];
    assert_eq!(capture["path"], "session.pcapng", "{capture}");
    assert_eq!(capture["frames"], 3168, "{capture}");
    assert_eq!(capture["session"]["file"], 1, "{capture}");
    assert_eq!(record["markers"][0]["text"], "Teams on", "{record}");
    let octets = capture["octets_read"].as_u64().expect("it was still running");
    let page = report(&made);
    assert_says(
        &page,
        &[
            "Written by vigie live: session.pcapng; begun ",
            "capture filter: none",
            "markers: 1",
            "Teams on",
            &format!("the first {octets} octets of session.pcapng"),
            "The live session was still running",
        ],
    );
    let head = format!("head -c {octets} session.pcapng | sha256sum");
    let sum = Command::new("sh").args(["-c", &head]).current_dir(terminal.folder()).output();
    let sum = String::from_utf8(sum.expect("sha256sum").stdout).unwrap();
    assert_eq!(sum.split_whitespace().next(), capture["sha256"].as_str());

    // It goes on, and a second bundle knows more.
    feed(&mut writer);
    terminal.wait_for("1.86 MB in all");
    terminal.press("E");
    terminal.wait_for("-2, ");
    terminal.press("q");
    assert_eq!(terminal.end().0, Some(0));
    // What was read then is the beginning of what is there now.
    let original = terminal.folder().join("session.pcapng");
    let (status, said) =
        vigie(&["verify", made.to_str().unwrap(), "--original", original.to_str().unwrap()]);
    assert_eq!(status, Some(0), "{said}");

    let finished = by_report(terminal.folder(), &["session.pcapng".to_owned()]);
    let page = report(&finished);
    assert_says(
        &page,
        &["Written by vigie live: session.pcapng; begun ", "Teams on", "markers: 1"],
    );
    assert!(!page.contains("still running"));
}

#[test]
fn the_file_of_a_session_shows_its_markers_beside_those_set_now() {
    let (mut session, _writer) = office(&["--write", "session.pcapng"]);
    session.press("mTeams on\r");
    session.wait_for("markers 1");
    session.press("q");
    assert_eq!(session.end().0, Some(0));
    let written = session.folder().join("session.pcapng");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let size = Options { size: (120, 40), ..Options::default() };
    let mut terminal = Terminal::view(&written, &size, folder);
    terminal.wait_for("read to the end");
    terminal.wait_for("markers 1");
    terminal.press("7");
    terminal.wait_for("▼1 Teams on");
    // At the same moment; there is no room behind it for this one.
    terminal.press("mlooked at\r");
    terminal.wait_for("markers 2");
    terminal.wait_for("looked at 2▼");
    terminal.press("q");
    assert_eq!(terminal.end().0, Some(0));
}

#[test]
fn an_ended_session_still_on_the_screen_is_whole() {
    let (mut terminal, writer) = office(&["--write", "session.pcapng"]);
    drop(writer);
    terminal.wait_for("read to the end");
    let made = by_key(&mut terminal);
    assert!(record(&made)["captures"][0]["octets_read"].is_null());
    assert!(!report(&made).contains("still running"));
    let date = record(&made)["case"]["date"].as_str().unwrap().to_owned();
    let other = terminal.folder().join("other");
    let session = terminal.folder().join("session.pcapng");
    let arguments = ["report", session.to_str().unwrap(), "--lang", "en", "--date", &date, "-o"];
    let (status, said) = vigie(&[&arguments[..], &[other.to_str().unwrap()]].concat());
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(files(&made), files(&other));
}

#[test]
fn what_was_written_into_another_folder_is_read_there() {
    let (other, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let written = other.path().join("session.pcapng");
    // Arguments live as long as the test.
    let path: &'static str = Box::leak(written.to_str().unwrap().to_owned().into_boxed_str());
    let arguments: &'static [&'static str] =
        Box::leak(Box::new(["--write", path, "--full-payload", "--require-sandbox"]));
    let (mut terminal, mut writer) = on_a_pipe_in(folder, arguments);
    feed(&mut writer);
    terminal.wait_for("928 kB in all");
    let made = by_key(&mut terminal);
    assert_eq!(record(&made)["captures"][0]["path"], "session.pcapng");
    // Beside the session nothing is made.
    assert_eq!(names(other.path()), ["session.pcapng"]);
    terminal.press("q");
    assert_eq!(terminal.end().0, Some(0));
    let finished = by_report(other.path(), &["session.pcapng".to_owned()]);
    let flows = |bundle: &Path| fs::read(bundle.join("data/tables/flows.csv")).unwrap();
    assert_eq!(flows(&made), flows(&finished));
}

#[test]
fn without_a_file_it_says_what_is_needed() {
    let (mut terminal, _writer) = office(&[]);
    terminal.press("E");
    terminal.wait_for("nothing of this session is kept; start vigie live with --write FILE");
    assert!(bundles(terminal.folder()).is_empty());
}

#[test]
fn files_that_were_removed_are_named() {
    let arguments = &["--write", "s.pcapng", "--full-payload", "--rotate", "300kB", "--keep", "2"];
    let (mut terminal, _writer) = office(arguments);
    let made = by_key(&mut terminal);
    let read: Vec<_> = record(&made)["captures"].as_array().unwrap().clone();
    assert_eq!(read.len(), 2, "{read:?}");
    let first = read[0]["session"]["file"].as_u64().unwrap();
    assert!(first > 2, "{read:?}");
    let gone = format!("nobody gave them: files 1–{} of the session", first - 1);
    let limit = format!("{} files of live sessions were not read", first - 1);
    assert_says(&report(&made), &[&gone, &limit]);
    terminal.press("q");
    assert_eq!(terminal.end().0, Some(0));
    let mut kept = names(terminal.folder());
    kept.retain(|name| name.starts_with("s_"));
    let finished = by_report(terminal.folder(), &kept);
    assert_says(&report(&finished), &[&gone, &limit]);
}

#[test]
fn a_minimised_session_says_that_shares_cannot_be_told() {
    let (mut terminal, _writer) = office(&["--write", "s.pcapng", "--minimise"]);
    terminal.press("mTeams on\r");
    terminal.wait_for("markers 1");
    let made = by_key(&mut terminal);
    assert_says(&report(&made), &["1 capture was minimised while it was recorded", "Teams on"]);
    let frames = record(&made)["captures"][0]["frames"].as_u64().unwrap();
    assert!(0 < frames && frames < 3168, "{frames}");
}

#[test]
fn under_a_mask_neither_markers_nor_filters_name_anybody() {
    let (mut terminal, _writer) = office(&["--write", "s.pcapng", "--mask", "clients"]);
    terminal.press("mAnne at the desk\r");
    terminal.wait_for("markers 1");
    terminal.press("E");
    terminal.wait_for("clients under pseudonyms; their key is ./vigie-evidence-");
    let made = bundles(terminal.folder()).pop().expect("a bundle");
    holds(&made);
    assert_says(&report(&made), &["withheld, since it may name somebody"]);
    for (name, octets) in files(&made) {
        let named = octets.windows(4).any(|window| window == b"Anne");
        assert!(!named, "{} names somebody", name.display());
    }
}

#[test]
#[ignore = "needs root, namespaces and tcpreplay: tests/live.sh"]
fn an_interface_its_filter_and_its_losses_are_in_the_bundle() {
    let lab = Lab::new();
    let arguments = &[
        "--require-sandbox",
        "--write",
        "s.pcapng",
        "--snaplen",
        "2000",
        "--capture-filter",
        "tcp or udp",
    ];
    let mut terminal = watch(&lab, arguments, (200, 40));
    terminal.wait_for("sandbox: whole");
    lab.replay(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps/car-hotspot.pcap"));
    terminal.press("2");
    terminal.wait_for("cocoapi.bmwgroup.com");
    terminal.press("mdoors shut\r");
    terminal.wait_for("markers 1");
    let running = by_key(&mut terminal);
    terminal.press("q");
    assert_eq!(terminal.end().0, Some(0));
    let finished = by_report(terminal.folder(), &["s.pcapng".to_owned()]);
    for bundle in [running, finished] {
        let interface = &record(&bundle)["captures"][0]["interfaces"][0];
        assert_eq!(interface["name"], "in", "{interface}");
        assert_eq!(interface["snaplen"], 2000, "{interface}");
        assert_eq!(interface["filter"], "tcp or udp", "{interface}");
        assert_eq!(interface["dropped"], 0, "{interface}");
        assert_says(
            &report(&bundle),
            &[
                "interfaces: in; octets kept of each frame: 2,000; capture filter: tcp or udp; \
                 frames lost while capturing (ring and interface): 0; markers: 1.",
                "Only frames that pass a capture filter were captured (tcp or udp)",
                "doors shut",
            ],
        );
    }
}
