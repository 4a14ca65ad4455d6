//! The built program, run to its end.

use std::path::Path;
use std::process::Command;

/// Runs vigie in a folder, without anybody's configuration; its status, and what it said on
/// standard output and standard error.
pub(crate) fn vigie(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .current_dir(folder)
        .arg("--no-config")
        .args(arguments)
        .output()
        .expect("vigie runs");
    let text = |octets| String::from_utf8(octets).expect("UTF-8");
    (output.status.code().expect("a status"), text(output.stdout), text(output.stderr))
}
