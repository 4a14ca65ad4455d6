//! Running the built program.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// `vigie analyze` in a folder, without anybody's configuration.
pub(crate) fn analyze(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.current_dir(folder).args(["--no-config", "analyze", "--format", "ndjson"]);
    command
}

/// Runs it to its end.
pub(crate) fn run(mut command: Command) -> Output {
    command.output().expect("vigie runs")
}

/// Runs it on what comes through a pipe, some octets at a time.
pub(crate) fn run_piped(mut command: Command, input: &[u8], piece: usize) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("vigie starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for piece in input.chunks(piece) {
                stdin.write_all(piece).expect("vigie reads to the end");
                stdin.flush().expect("a pipe has no buffer");
            }
        });
        child.wait_with_output().expect("it ends")
    })
}

/// The lines of an NDJSON output that are not `capture` records.
pub(crate) fn but_captures(output: &[u8]) -> String {
    let text = str::from_utf8(output).expect("NDJSON is UTF-8");
    let is_capture = |line: &&str| line.starts_with("{\"type\":\"capture\"");
    text.split_inclusive('\n').filter(|line| !is_capture(line)).collect()
}

/// The summary record.
pub(crate) fn summary(output: &[u8]) -> Value {
    let text = str::from_utf8(output).expect("NDJSON is UTF-8");
    let summary: Value = serde_json::from_str(text.lines().last().expect("a line")).expect("JSON");
    assert_eq!(summary["type"], "summary", "it is the last record");
    summary
}
