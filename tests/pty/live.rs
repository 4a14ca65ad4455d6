//! `vigie live` on the screen: a pipe that is being written, an interface, and their ends.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use super::lab::{Lab, ip};
use super::pty::{Options, Terminal};

const WIDE: Options =
    Options { size: (160, 40), config: None, arguments: &[], through_pipe: false };

pub(crate) fn capture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps").join(name)
}

/// `vigie live` on a FIFO, and the FIFO's writing end.
pub(super) fn on_a_pipe(arguments: &'static [&'static str]) -> (Terminal, File) {
    on_a_pipe_in(tempfile::tempdir().expect("a temporary folder"), arguments)
}

/// The same, with its present folder.
pub(super) fn on_a_pipe_in(
    folder: tempfile::TempDir,
    arguments: &'static [&'static str],
) -> (Terminal, File) {
    let pipe = folder.path().join("frames");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo");
    let options = Options { arguments, ..WIDE };
    let mut terminal = Terminal::live(&["-r", "frames"], &options, Some(folder));
    let writer = terminal.open_fifo(&pipe);
    (terminal, writer)
}

/// Writes a capture without its end: it goes on.
pub(super) fn feed(writer: &mut File) {
    let octets = fs::read(capture("office-hour.pcapng")).expect("the capture");
    writer.write_all(&octets).expect("written");
}

#[test]
fn what_comes_through_a_pipe_is_shown_and_q_leaves_a_summary() {
    let (mut terminal, mut writer) = on_a_pipe(&["--require-sandbox"]);
    terminal.wait_for("frames │ live");
    terminal.wait_for("sandbox: whole");
    feed(&mut writer);
    terminal.wait_for("· no tag");
    terminal.press("2");
    terminal.wait_for("contoso-my");
    terminal.press("P");
    terminal.wait_for("written: ./vigie-flows-1.png");
    let text = fs::read_to_string(terminal.folder().join("vigie-flows-1.txt")).expect("written");
    assert!(text.contains("none of a capture that goes on"), "{text}");
    assert!(!text.contains("--hash"), "an option that live lacks: {text}");
    terminal.press("e");
    terminal.wait_for("written: ./vigie-flows-1.csv");
    assert!(terminal.folder().join("vigie-flows-1.csv").is_file());
    terminal.press("q");
    let (status, left) = terminal.end();
    assert_eq!(status, Some(0), "{left}");
    assert!(left.contains("flows, ") && left.contains("tagged"), "{left}");
    assert!(terminal.is_restored());
}

#[test]
fn q_before_anything_came_is_no_failure() {
    let (mut terminal, _writer) = on_a_pipe(&[]);
    terminal.wait_for("frames │ live");
    terminal.press("q");
    let (status, left) = terminal.end();
    assert_eq!(status, Some(0), "{left}");
    assert!(left.contains("no flows"), "{left}");
    assert!(terminal.is_restored());
}

#[test]
fn a_signal_before_the_end_of_a_stream_is_told_and_restores_the_terminal() {
    for signal in ["TERM", "HUP"] {
        let (mut terminal, mut writer) = on_a_pipe(&[]);
        feed(&mut writer);
        terminal.wait_for("· no tag");
        terminal.signal(signal);
        let (status, left) = terminal.end();
        assert_eq!(status, Some(3), "{signal}: {left}");
        assert!(left.contains("flows, "), "{signal}: {left}");
        assert!(terminal.is_restored(), "{signal}");
    }
}

/// The screen takes signals over when it is there; the file is opened before.
#[test]
fn a_signal_before_there_is_a_screen_leaves_a_whole_file() {
    for signal in ["TERM", "HUP", "INT"] {
        let (mut terminal, _writer) = on_a_pipe(&["--write", "w.pcapng"]);
        // As soon as the FIFO is read, while the screen is being opened.
        terminal.signal(signal);
        let (status, left) = terminal.end();
        assert_eq!(status, Some(3), "{signal}: {left}");
        assert!(terminal.is_restored(), "{signal}");
        let mut read = Command::new(env!("CARGO_BIN_EXE_vigie"));
        read.args(["--no-config", "analyze"]).arg(terminal.folder().join("w.pcapng"));
        let read = read.output().expect("vigie starts");
        assert_eq!(read.status.code(), Some(0), "{signal}: {read:?}");
    }
}

#[test]
fn a_damaged_stream_keeps_its_status_and_its_message() {
    let (mut terminal, mut writer) = on_a_pipe(&[]);
    let octets = fs::read(capture("car-hotspot.pcap")).expect("the capture");
    writer.write_all(&octets[..octets.len() - 5]).expect("written");
    drop(writer);
    terminal.wait_for("· no tag");
    terminal.wait_until(|terminal| !terminal.screen().contains("│ live"));
    terminal.press("q");
    let (status, left) = terminal.end();
    assert_eq!(status, Some(3), "{left}");
    assert!(left.contains("file ends after"), "{left}");
    assert!(terminal.is_restored());
}

#[test]
fn a_marker_before_the_first_frame_has_the_time_of_the_capture() {
    let (mut terminal, mut writer) = on_a_pipe(&[]);
    terminal.wait_for("frames │ live");
    terminal.press("mTeams on\r");
    terminal.wait_for("marker set");
    feed(&mut writer);
    terminal.wait_for("· no tag");
    terminal.wait_for("markers 1");
    terminal.press("'");
    terminal.wait_for("▼ Teams on");
    assert!(!terminal.screen().contains("1970-01-01"), "{}", terminal.screen());
    terminal.press("q");
    assert_eq!(terminal.end().0, Some(0));
}

#[test]
fn nothing_is_drawn_while_nothing_comes() {
    let (mut terminal, mut writer) = on_a_pipe(&[]);
    terminal.wait_for("frames │ live");
    feed(&mut writer);
    terminal.wait_for("· no tag");
    terminal.wait_until_quiet();
    let before = terminal.octets();
    // A second part of the same interface: the same frames once more.
    feed(&mut writer);
    terminal.wait_until(|terminal| terminal.octets() > before);
    terminal.wait_until_quiet();
}

#[test]
fn without_keys_there_is_no_screen() {
    let program = env!("CARGO_BIN_EXE_vigie");
    let line = format!("'{program}' --no-config live -r - </dev/null; echo status $?");
    let mut terminal = Terminal::run(Path::new("/bin/sh"), &["-c", &line], (160, 40));
    terminal.wait_for("give --headless, or read a FIFO");
    terminal.wait_for("status 2");
    assert!(terminal.is_restored());
}

#[test]
fn several_threads_have_no_screen() {
    let source = ["-i", "lo", "--threads", "2"];
    let mut terminal = Terminal::live(&source, &WIDE, None);
    let (status, left) = terminal.end();
    assert_eq!(status, Some(2), "{left}");
    assert!(left.contains("give --headless, or leave out --threads"), "{left}");
}

/// `vigie live` on the interface `in`.
pub(crate) fn watch(lab: &Lab, arguments: &'static [&'static str], size: (u16, u16)) -> Terminal {
    let namespace = format!("/run/netns/{}", lab.side("b"));
    let interface = ["-i", "in", "-p", "--netns", &namespace];
    Terminal::live(&interface, &Options { size, arguments, ..WIDE }, None)
}

#[test]
#[ignore = "needs root, namespaces and tcpreplay: tests/live.sh"]
fn an_interface_is_named_and_its_flows_are_shown_until_q_or_a_signal() {
    let lab = Lab::new();
    for end in ["q", "TERM"] {
        let mut terminal = watch(&lab, &["--require-sandbox"], WIDE.size);
        terminal.wait_for("sandbox: whole");
        assert!(terminal.screen().contains(" in "), "{}", terminal.screen());
        terminal.press("mbefore\r");
        terminal.wait_for("markers 1");
        lab.replay(&capture("car-hotspot.pcap"));
        terminal.press("2");
        terminal.wait_for("cocoapi.bmwgroup.com");
        terminal.press("'");
        terminal.wait_for("▼ before");
        assert!(!terminal.screen().contains("1970-01-01"), "{}", terminal.screen());
        if end == "q" {
            terminal.press(end);
        } else {
            terminal.signal(end);
        }
        let (status, left) = terminal.end();
        assert_eq!(status, Some(0), "{end}: {left}");
        assert!(left.contains("flows, ") && !left.contains("no flows"), "{end}: {left}");
        assert!(terminal.is_restored(), "{end}");
    }
}

#[test]
#[ignore = "needs root, namespaces and tcpreplay: tests/live.sh"]
fn an_interface_that_is_deleted_is_told_until_it_comes_back_and_at_the_end() {
    let lab = Lab::new();
    let mut terminal = watch(&lab, &[], WIDE.size);
    terminal.wait_for("sandbox: whole");
    lab.replay(&capture("car-hotspot.pcap"));
    terminal.wait_for("· no tag");
    ip(&["-n", &lab.side("b"), "link", "del", "in"]);
    terminal.wait_for("the interface is gone");
    // Another one of that name is the interface that came back.
    ip(&["-n", &lab.side("b"), "link", "add", "in", "type", "veth", "peer", "name", "other"]);
    ip(&["-n", &lab.side("b"), "link", "set", "in", "up"]);
    terminal.wait_for("in │ live");
    assert!(!terminal.screen().contains("the interface is gone"), "{}", terminal.screen());
    terminal.press("q");
    let (status, left) = terminal.end();
    assert_eq!(status, Some(3), "{left}");
    assert!(left.contains("vigie: in: ") && left.contains("flows, "), "{left}");
    assert!(terminal.is_restored());
}
