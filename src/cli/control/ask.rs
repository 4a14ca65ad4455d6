//! The asking side.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::folders;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// An answer is one line.
const LONGEST_ANSWER: u64 = 4096;

/// A running instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Instance {
    pub(in crate::cli) pid: u32,
    pub(in crate::cli) socket: PathBuf,
}

/// The instances that answer, by their process numbers.
pub(in crate::cli) fn instances() -> Vec<Instance> {
    let mut found: Vec<Instance> = Vec::new();
    for folder in folders() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let number = path.file_name().and_then(|n| n.to_str()?.strip_suffix(".sock"));
            let Some(pid) = number.and_then(|number| number.parse().ok()) else { continue };
            if UnixStream::connect(&path).is_ok() && found.iter().all(|i| i.pid != pid) {
                found.push(Instance { pid, socket: path });
            }
        }
    }
    found.sort_by_key(|instance| instance.pid);
    found
}

/// Sets a marker; gives time and number of frames as the instance states them, or why not.
pub(in crate::cli) fn mark(socket: &Path, text: &str) -> io::Result<Result<String, String>> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(text.as_bytes())?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    stream.take(LONGEST_ANSWER).read_to_string(&mut answer)?;
    let answer = answer.trim_end();
    Ok(match (answer.strip_prefix("ok "), answer.strip_prefix("no ")) {
        (Some(said), _) => Ok(said.to_owned()),
        (_, Some(why)) => Err(why.to_owned()),
        _ => Err("it ended before it answered".to_owned()),
    })
}
