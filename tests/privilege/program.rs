//! The built program, looked at from outside while it waits for a capture.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use vigie::privilege::Status;

pub(crate) const TESTS: [(&str, fn()); 5] = [
    ("analyze_is_locked_while_it_waits_for_its_first_octet", analyze_is_locked),
    ("live_is_locked_while_it_waits_for_its_first_octet_and_does_all_it_has_to", live_is_locked),
    ("no_sandbox_gives_up_nothing", no_sandbox),
    ("the_output_is_the_same_with_and_without", same_output),
    ("the_report_says_what_is_in_force", report),
];

fn vigie(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command
        .arg("--no-config")
        .args(arguments)
        .env_remove("SUDO_UID")
        .env_remove("SUDO_GID")
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn waiting(arguments: &[&str]) -> Child {
    let mut command = vigie(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("vigie runs")
}

/// The status of every thread, once there are the two of a run that waits.
fn threads(child: &Child) -> Vec<Status> {
    let tasks = format!("/proc/{}/task", child.id());
    for _ in 0..1000 {
        let tasks = fs::read_dir(&tasks).expect("the process is there");
        let texts: Vec<String> = tasks
            .filter_map(|task| fs::read_to_string(task.ok()?.path().join("status")).ok())
            .collect();
        let statuses: Vec<Status> = texts.iter().filter_map(|text| Status::parse(text)).collect();
        if statuses.len() > 1 {
            return statuses;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("vigie never came to its reading");
}

fn finish(mut child: Child) -> String {
    let capture = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps/nothing-tagged.pcap"));
    let mut pipe = child.stdin.take().expect("it is piped");
    pipe.write_all(&capture.expect("the capture is there")).expect("vigie reads");
    drop(pipe);
    let run = child.wait_with_output().expect("vigie ends");
    assert!(run.status.success(), "{}", run.status);
    String::from_utf8(run.stdout).expect("it writes UTF-8")
}

fn analyze_is_locked() {
    let child = waiting(&["analyze", "-", "--require-sandbox"]);
    let root = rustix::process::geteuid().is_root();
    for status in threads(&child) {
        assert!(status.capabilities.are_none(), "{status:?}");
        assert!(!root || status.capabilities.bounding == 0, "{status:?}");
        assert!(status.no_new_privs && status.seccomp == 2, "{status:?}");
    }
    assert!(finish(child).contains("451 frames"));
}

fn live_is_locked() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    let made = Command::new("mkfifo").arg(at("fifo")).status().expect("mkfifo runs");
    assert!(made.success());
    let child = vigie(&["live", "--require-sandbox", "--headless", "--format", "ndjson"])
        .args(["--read", "fifo", "--write", "a.pcapng", "--rotate", "100kB", "--keep", "2"])
        .arg("--quiet")
        .current_dir(folder.path())
        .env("XDG_RUNTIME_DIR", folder.path())
        .env_remove("RUNTIME_DIRECTORY")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("vigie runs");
    let root = rustix::process::geteuid().is_root();
    for status in threads(&child) {
        assert!(status.capabilities.are_none(), "{status:?}");
        assert!(!root || status.capabilities.bounding == 0, "{status:?}");
        assert!(status.no_new_privs && status.seccomp == 2, "{status:?}");
    }
    let socket = at("vigie").join(format!("{}.sock", child.id()));
    assert!(socket.exists(), "markers are taken");
    let capture = Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps/office-hour.pcapng");
    fs::copy(capture, at("fifo")).expect("vigie reads");
    let run = child.wait_with_output().expect("vigie ends");
    assert!(run.status.success() && run.stderr.is_empty(), "{run:?}");
    let records = String::from_utf8(run.stdout).expect("it writes UTF-8");
    let last = records.lines().last().expect("a summary");
    assert!(last.starts_with("{\"type\":\"summary\""), "{last}");
    assert!(!socket.exists(), "the socket is removed at the end");
    let parts = fs::read_dir(folder.path()).expect("it is there");
    let parts: Vec<_> = parts
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with("a_"))
        .collect();
    assert_eq!(parts.len(), 2, "files are made and removed: {parts:?}");
}

fn no_sandbox() {
    let child = waiting(&["analyze", "-", "--no-sandbox"]);
    let outside = Status::parse(&fs::read_to_string("/proc/self/status").expect("it is there"));
    let outside = outside.expect("all fields are there");
    for status in threads(&child) {
        assert_eq!(status.capabilities, outside.capabilities);
        assert_eq!(status.seccomp, outside.seccomp);
    }
    finish(child);
}

fn same_output() {
    for form in ["text", "json", "ndjson", "csv"] {
        let output = |more: &[&str]| {
            let mut command =
                vigie(&["analyze", "pcaps", "--jobs", "4", "--hash", "--format", form]);
            let run = command.args(more).output().expect("vigie runs");
            assert!(run.status.success() && run.stderr.is_empty(), "{form}: {run:?}");
            run.stdout
        };
        assert_eq!(output(&["--require-sandbox"]), output(&["--no-sandbox"]), "{form}");
    }
}

fn report() {
    let run = vigie(&["interfaces", "--security", "--require-sandbox"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}");
    for line in [
        "Capabilities   none",
        "  CapEff       0000000000000000",
        "  NoNewPrivs   1",
        "  Seccomp      2",
        "  opening a file         refused: permission denied",
        "  making a socket        refused: operation not permitted",
        "  running a program      refused: operation not permitted",
    ] {
        assert!(said.lines().any(|said| said == line), "{line} is missing in:\n{said}");
    }
    let run = vigie(&["interfaces", "--security", "--no-sandbox"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(said.contains("No rights were given up") && said.contains("POSSIBLE"), "{said}");
}
