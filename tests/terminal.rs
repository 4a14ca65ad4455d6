//! The screen in a real terminal: keys in, screen out by a VT parser.
#![cfg(target_os = "linux")]

#[path = "pty/bundle.rs"]
mod bundle;
#[path = "pty/bundle_live.rs"]
mod bundle_live;
#[path = "pty/faults.rs"]
mod faults;
#[path = "pty/keys.rs"]
mod keys;
mod lab;
#[path = "pty/live.rs"]
mod live;
#[path = "pty/passphrase.rs"]
mod passphrase;
mod pty;
#[path = "pty/through.rs"]
mod through;

use std::fs;
use std::path::Path;

use pty::{Options, Terminal};

#[test]
fn q_leaves_a_summary_on_the_normal_screen() {
    let mut terminal = Terminal::open(&Options::default());
    terminal.wait_until_ready();
    terminal.press("q");
    let (status, left) = terminal.end();
    assert_eq!(status, Some(0), "{left}");
    assert!(left.contains("257 flows, ") && left.contains("tagged"), "{left}");
    assert!(left.contains("the capture: 3,168 frames taken, drops 0"), "{left}");
    assert!(!left.contains("only"), "{left}");
    assert!(terminal.is_restored());
}

#[test]
fn the_summary_of_a_part_says_of_which() {
    let screen = &["--filter", "category = telemetry"][..];
    let plain = &["--filter", "category = telemetry", "--plain"];
    for arguments in [screen, plain] {
        let options = Options { size: (200, 24), arguments, ..Options::default() };
        let mut terminal = Terminal::open(&options);
        if arguments == screen {
            terminal.wait_for("read to the end");
            terminal.wait_for("● telemetry");
            terminal.press("q");
        }
        let (status, left) = terminal.end();
        assert_eq!(status, Some(0), "{left}");
        assert!(left.contains("(only: category = telemetry)"), "{left}");
    }
}

#[test]
fn control_c_and_signals_end_it_and_restore_the_terminal() {
    for how in ["\u{3}", "TERM", "HUP", "INT"] {
        let mut terminal = Terminal::open(&Options::default());
        terminal.wait_until_ready();
        if how == "\u{3}" {
            terminal.press(how);
        } else {
            terminal.signal(how);
        }
        let (status, left) = terminal.end();
        assert_eq!(status, Some(0), "{how}: {left}");
        assert!(terminal.is_restored(), "{how}");
    }
}

#[test]
fn it_stops_and_goes_on_by_key_and_by_signal() {
    for how in ["\u{1a}", "TSTP"] {
        let mut terminal = Terminal::open(&Options::default());
        terminal.wait_until_ready();
        if how == "TSTP" {
            terminal.signal(how);
        } else {
            terminal.press(how);
        }
        terminal.wait_until(|terminal| terminal.is_stopped() && terminal.is_restored());
        terminal.signal("CONT");
        terminal.wait_until(|terminal| !terminal.is_restored());
        terminal.press("2");
        terminal.wait_for("contoso-my");
    }
}

#[test]
fn it_does_not_stop_where_nobody_would_bring_it_back() {
    // Of a session of its own, as ssh and screen start what they are told to.
    through::keys_work_and_it_does_not_stop("setsid", &["--ctty", "--wait"]);
}

#[test]
fn it_follows_the_size_of_the_terminal() {
    let mut terminal = Terminal::open(&Options::default());
    terminal.wait_until_ready();
    for size in [(40, 10), (200, 50), (60, 20)] {
        terminal.resize(size);
        // Right behind the signal: a key is not lost over a new size.
        terminal.press("2");
        terminal.wait_for("2 Flows");
        terminal.wait_for("contoso-my");
        terminal.press("1");
        terminal.wait_for("1 Overview");
        terminal.wait_until(|terminal| !terminal.screen().contains("contoso-my"));
        let screen = terminal.screen();
        assert!(screen.lines().all(|line| line.chars().count() <= usize::from(size.0)));
    }
}

#[test]
fn the_mouse_chooses_views_and_rows() {
    let mut terminal = Terminal::open(&Options { size: (120, 40), ..Options::default() });
    terminal.wait_until_ready();
    // SGR coordinates (xterm, "Extended coordinates"): button, column, line, pressed.
    terminal.press("\u{1b}[<0;20;3M");
    terminal.wait_for("contoso-my");
    terminal.press("\u{1b}[<0;20;8M\u{1b}[<0;20;8M");
    terminal.wait_for("client known by");
    terminal.press("\u{1b}[<2;20;8M");
    terminal.wait_for("contoso-my");
}

#[test]
fn without_a_terminal_it_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let capture = concat!(env!("CARGO_MANIFEST_DIR"), "/pcaps/office-hour.pcapng");
    let run = |arguments: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_vigie"))
            .args(["--no-config", "view", capture])
            .args(arguments)
            .current_dir(&folder)
            .output()
            .unwrap()
    };
    let refused = run(&[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("use --plain"));
    for (language, word) in [("en", "received"), ("fr", "reçu"), ("de", "empfangen")] {
        let plain = run(&["--plain", "--lang", language]);
        let text = String::from_utf8(plain.stdout).unwrap();
        assert!(text.contains(word), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains("\\n"), "{text}");
    }
}

#[test]
fn pictures_and_tables_hide_clients_and_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut terminal = Terminal::open(&Options::default());
    terminal.wait_until_ready();
    terminal.press("5P");
    terminal.wait_for("written: ./vigie-clients-1.png");
    let text = fs::read_to_string(terminal.folder().join("vigie-clients-1.txt")).unwrap();
    assert!(text.contains("client 1") && text.contains("mask: clients"), "{text}");
    assert!(!text.contains("10.23.0.1"), "{text}");
    let svg = fs::read_to_string(terminal.folder().join("vigie-clients-1.svg")).unwrap();
    assert!(!svg.contains("10.23.0.1"));
    let png = terminal.folder().join("vigie-clients-1.png");
    assert_eq!(fs::metadata(&png).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(fs::read(&png).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn the_frames_of_a_flow_are_written_unless_they_came_through_a_pipe() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut terminal = Terminal::open(&Options { size: (120, 40), ..Options::default() });
    terminal.wait_until_ready();
    let there = terminal.folder().join("vigie-flow-1.pcapng");
    fs::write(&there, "of somebody else").unwrap();
    terminal.press("2");
    terminal.wait_for("contoso-my");
    terminal.press("w");
    terminal.wait_for("written: ./vigie-flow-2.pcapng, all");
    assert_eq!(fs::read_to_string(&there).unwrap(), "of somebody else");
    let written = terminal.folder().join("vigie-flow-2.pcapng");
    assert_eq!(fs::metadata(&written).unwrap().permissions().mode() & 0o777, 0o600);
    let read = std::process::Command::new(env!("CARGO_BIN_EXE_vigie"))
        .args(["--no-config", "analyze", "-f", "json"])
        .arg(&written)
        .output()
        .unwrap();
    let summary: serde_json::Value = serde_json::from_slice(&read.stdout).unwrap();
    let said = terminal.screen();
    let frames = summary["frames"].as_u64().unwrap_or_else(|| panic!("{summary}"));
    assert!(frames > 0 && said.contains(&format!("all {frames} frames")), "{frames}: {said}");

    let piped = Options { through_pipe: true, size: (200, 40), ..Options::default() };
    let mut terminal = Terminal::open(&piped);
    terminal.wait_until_ready();
    terminal.press("2");
    terminal.wait_for("contoso-my");
    terminal.press("w");
    terminal.wait_for("came through a pipe and cannot be read again");
    assert!(!terminal.folder().join("vigie-flow-1.pcapng").exists());
}

#[test]
fn a_capture_on_standard_input_leaves_keys_to_the_terminal() {
    let command = format!(
        "cat {}/pcaps/office-hour.pcapng | {} --no-config view --lang en -",
        env!("CARGO_MANIFEST_DIR"),
        env!("CARGO_BIN_EXE_vigie")
    );
    // Of a session of its own, whose terminal this one is.
    let arguments = ["--ctty", "--wait", "sh", "-c", &*command];
    let mut terminal = Terminal::run(Path::new("setsid"), &arguments, (120, 40));
    terminal.wait_until_ready();
    terminal.press("2");
    terminal.wait_for("contoso-my");
    terminal.press("q");
    assert_eq!(terminal.end().0, Some(0));
}

#[test]
fn a_picture_hides_what_it_is_told_to() {
    for (arguments, keys, hidden, word) in [
        (&["--picture-mask", "none"][..], "5P", false, "mask: none"),
        (&["--picture-mask", "hosts"], "5P", false, "mask: hosts"),
        (&["--picture-mask", "none", "--mask", "clients"], "5P", true, "mask: clients"),
        (&["--picture-mask", "hosts", "--mask", "clients"], "5P", true, "mask: all"),
    ] {
        let mut terminal = Terminal::open(&Options { arguments, ..Options::default() });
        terminal.wait_until_ready();
        terminal.press(keys);
        terminal.wait_for("written: ./vigie-clients-1.png");
        let text = fs::read_to_string(terminal.folder().join("vigie-clients-1.txt")).unwrap();
        assert!(text.contains(word), "{text}");
        assert_eq!(!text.contains("10.23.0.1"), hidden, "{arguments:?}: {text}");
    }
}

#[test]
fn the_screen_is_drawn_with_no_rights_left() {
    let arguments = &["--require-sandbox"];
    let mut terminal =
        Terminal::open(&Options { arguments, size: (160, 40), ..Options::default() });
    terminal.wait_until_ready();
    terminal.wait_for("sandbox: whole");
    let status = terminal.status();
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or_default().to_owned()
    };
    assert_eq!((field("NoNewPrivs:"), field("Seccomp:")), ("1".into(), "2".into()));
    for set in ["CapInh:", "CapPrm:", "CapEff:", "CapAmb:"] {
        assert_eq!(field(set), "0000000000000000", "{set}");
    }
    // A new size and a picture still work, and the terminal is given back.
    terminal.resize((120, 30));
    terminal.press("P");
    terminal.wait_for("written: ./vigie-overview-1.png");
    terminal.press("q");
    assert_eq!(terminal.end().0, Some(0));
    assert!(terminal.is_restored());
}

#[test]
fn keys_of_the_configuration_file_count_and_conflicts_end_the_start() {
    let config = "[keys]\npause = \"f4\"\nfilter = \"f3\"\n";
    let mut terminal = Terminal::open(&Options { config: Some(config), ..Options::default() });
    terminal.wait_for("F3 filter");
    terminal.press("\u{1b}OS");
    terminal.wait_for("PAUSED");
    let wrong = Options { config: Some("[keys]\npause = \"q\"\n"), ..Options::default() };
    let mut terminal = Terminal::open(&wrong);
    let (status, left) = terminal.end();
    assert_eq!(status, Some(1));
    assert!(left.contains("is given to both `back` and `pause`"), "{left}");
}

#[test]
fn nothing_is_drawn_while_nothing_changes() {
    let mut terminal = Terminal::open(&Options::default());
    terminal.wait_until_ready();
    terminal.wait_until_quiet();
    let before = terminal.octets();
    terminal.press("2");
    terminal.wait_for("contoso-my");
    assert!(terminal.octets() > before, "what is drawn is counted");
    terminal.wait_until_quiet();
}
