//! What `report` and `verify` leave behind: the bundle, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const CAPTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pcaps/car-hotspot.pcap");

/// A folder to work in, with another for what is only passing.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("passing")).expect("made");
    folder
}

/// Runs vigie; its status, and what it said.
fn vigie(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .current_dir(folder)
        .env("TMPDIR", folder.join("passing"))
        .arg("--no-config")
        .args(arguments)
        .output()
        .expect("vigie runs");
    let text = |octets| String::from_utf8(octets).expect("UTF-8");
    (output.status.code().expect("a status"), text(output.stdout) + &text(output.stderr))
}

/// The names in a folder.
fn names(folder: PathBuf) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("it is there");
    let name = |entry: std::io::Result<fs::DirEntry>| {
        entry.expect("it can be read").file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<_> = entries.map(name).collect();
    names.sort();
    names
}

fn report(folder: &Path) {
    let (status, said) = vigie(folder, &["report", CAPTURE, "-o", "out/bundle", "--zip"]);
    assert_eq!(status, 0, "{said}");
}

#[test]
fn verify_leaves_nothing_whether_the_bundle_holds_or_not() {
    let folder = folder();
    let folder = folder.path();
    fs::create_dir(folder.join("out")).expect("made");
    report(folder);
    for bundle in ["out/bundle", "out/bundle.zip"] {
        let (status, said) = vigie(folder, &["verify", bundle, "--original", CAPTURE]);
        assert_eq!(status, 0, "{bundle}: {said}");
        assert_eq!(names(folder.join("passing")), [""; 0], "{bundle}");
    }
    let table = folder.join("out/bundle/data/tables/flows.csv");
    let text = fs::read_to_string(&table).expect("it is there");
    fs::write(table, text + "\n").expect("written");
    fs::write(folder.join("out/bundle.zip"), "no archive").expect("written");
    for (bundle, expected) in [("out/bundle", 4), ("out/bundle.zip", 1)] {
        let (status, said) = vigie(folder, &["verify", bundle]);
        assert_eq!(status, expected, "{bundle}: {said}");
        assert_eq!(names(folder.join("passing")), [""; 0], "{bundle}");
    }
}

/// Nothing can be done when a run is killed: the next one does it.
#[cfg(target_os = "linux")]
#[test]
fn what_a_killed_report_left_is_removed_by_the_next_one() {
    let folder = folder();
    let folder = folder.path();
    fs::create_dir(folder.join("out")).expect("made");
    // Read slowly enough to be killed meanwhile: a capture that does not end before.
    let capture = fs::read(CAPTURE).expect("the capture is there");
    let mut large = capture.clone();
    for _ in 0..400 {
        large.extend_from_slice(&capture[24..]);
    }
    fs::write(folder.join("large.pcap"), large).expect("written");
    let mut killed = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .current_dir(folder)
        .args(["--no-config", "-q", "report", "large.pcap", "-o", "out/killed"])
        .spawn()
        .expect("vigie runs");
    let left = loop {
        let there = names(folder.join("out"));
        if let Some(left) = there.into_iter().find(|name| name.starts_with(".vigie-report-")) {
            break left;
        }
        assert!(killed.try_wait().expect("its state").is_none(), "it was done before");
        std::thread::yield_now();
    };
    // While it works, nobody removes its folder.
    let small = ["report", CAPTURE, "-o", "out/meanwhile"];
    let (status, said) = vigie(folder, &small);
    assert_eq!(status, 0, "{said}");
    assert!(!said.contains("removed"), "{said}");
    killed.kill().expect("killed");
    killed.wait().expect("its end");
    assert_eq!(names(folder.join("out")), [&*left, "meanwhile"]);

    let (status, said) = vigie(folder, &["report", CAPTURE, "-o", "out/bundle"]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains(&format!("{left}: removed; a run that was killed left it")), "{said}");
    assert_eq!(names(folder.join("out")), ["bundle", "meanwhile"]);
}

#[test]
fn report_leaves_the_bundle_alone_and_where_it_fails_nothing() {
    let folder = folder();
    let folder = folder.path();
    fs::create_dir(folder.join("out")).expect("made");
    report(folder);
    assert_eq!(names(folder.join("out")), ["bundle", "bundle.zip"]);
    for failing in [
        &["report", CAPTURE, "-o", "out/bundle"][..],
        &["report", "nowhere.pcap", "-o", "out/another"],
        // What is found out only when everything else is done.
        &["report", CAPTURE, "-o", "out/another", "--screens", "detail:nobody.example"],
    ] {
        let (status, said) = vigie(folder, failing);
        assert_eq!(status, 1, "{said}");
        assert_eq!(names(folder.join("out")), ["bundle", "bundle.zip"], "{said}");
    }
    assert_eq!(names(folder.join("passing")), [""; 0]);
}
