//! What holds for the built program and its text, whatever it reads.

use std::path::Path;
use std::process::Command;

use crate::law::Seen;

/// Statuses that say how far the capture could be read; text without anything raw from the wire.
pub(crate) fn check(path: &Path, seen: &Seen) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["--no-config", "analyze", "--color", "never"]).arg(path);
    let output = command.env_remove("RUST_BACKTRACE").output().expect("vigie runs");
    let said = String::from_utf8(output.stderr).expect("messages are UTF-8");
    assert!(!said.contains("panicked"), "{said}");
    let status = output.status.code().expect("no signal ends it");
    let expected = match (seen.opened, seen.damaged) {
        (0, _) => 1,
        (_, 0) => 0,
        (_, _) => 3,
    };
    assert_eq!(status, expected, "{said}");
    let text = String::from_utf8(output.stdout).expect("text is UTF-8");
    assert_eq!(text.is_empty(), status == 1, "{said}{text}");
    let is_raw = |c: char| c.is_control() && c != '\n';
    assert!(!text.contains(is_raw) && !said.contains(is_raw), "{said}{text}");
}
