//! Cases that a network person can add without Rust: `tests/cases/*.toml`, each a sentence, the
//! frames of a capture, and the flows that vigie must make of them. `tests/cases/README.md`
//! says how they are written.

mod case;

use std::path::{Path, PathBuf};

use case::Case;

/// The case files, ordered by name.
fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = std::fs::read_dir(&folder).expect("the folder of the cases");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = paths.filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
    files.sort();
    files
}

#[test]
fn every_case_comes_out_as_it_says() {
    let files = files();
    let mut wrong = Vec::new();
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let text = std::fs::read_to_string(file).expect("a case is readable");
        match Case::read(&text) {
            Err(fault) => wrong.push(format!("{name}: {fault}")),
            Ok(case) => {
                let differences = case.run().into_iter().map(|d| format!("    {d}"));
                let differences: Vec<_> = differences.collect();
                if !differences.is_empty() {
                    let sentence = &case.sentence;
                    wrong.push(format!("{name}: {sentence}\n{}", differences.join("\n")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), files.len(), wrong.join("\n"));
    assert!(files.len() >= 25, "only {} cases were found", files.len());
}

/// A case that goes wrong in every part, so that each comparison is seen to fail.
const WRONG: &str = r#"
sentence = "nothing of this is so"
[[frame]]
at = "0s"
udp = "10.0.0.1:50000 > 192.0.2.1:9999"
payload = "text:hello"
[[flow]]
client = "192.0.2.1:9999"
server = "10.0.0.1:50000"
oriented_by = "port"
names = ["tls-sni www.example.org"]
tags = ["example name A"]
up = { packets = 2 }
[summary]
not_ip = 1
[bounds]
flows = 7
"#;

#[test]
fn a_case_that_expects_something_else_fails_in_every_part() {
    let differences = Case::read(WRONG).expect("a case").run();
    for part in ["client", "server", "oriented_by", "names", "tags", "flags", "unnamed", "up"] {
        let said = differences.iter().any(|d| d.starts_with(&format!("flow 1: {part}: ")));
        assert!(said, "{part} is not compared: {differences:#?}");
    }
    for part in ["summary: not_ip: ", "bounds: flows: "] {
        assert!(differences.iter().any(|d| d.starts_with(part)), "{part}: {differences:#?}");
    }
}

#[test]
fn a_frame_that_cannot_be_read_is_named() {
    let text = r#"
sentence = "a frame without addresses"
[[frame]]
at = "0s"
udp = "10.0.0.1 > 192.0.2.1:53"
"#;
    let fault = Case::read(text).expect_err("no port");
    assert_eq!(fault, "frame 1: `10.0.0.1` is not an address and a port");
}
