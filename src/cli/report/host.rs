//! The machine, for the record: its name, its kernel, and what it knows of its clock.

use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::cli::outcome::Refusal;
use crate::evidence::{ClockState, Host};
use crate::source::CaptureTime;

/// Touched by systemd-timesyncd with each comparison that succeeded (systemd-timesyncd.service(8)),
/// and gone with a restart. Other programs that set clocks say so only to who asks over a socket.
const SYNCHRONIZED: &str = "/run/systemd/timesync/synchronized";

/// What uname(1) says of this machine, and systemd-timesyncd of its clock.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems cannot be asked")]
pub(super) fn of_this_machine() -> Result<Host, Refusal> {
    let said = rustix::system::uname();
    let text = |part: &std::ffi::CStr| part.to_string_lossy().into_owned();
    Ok(Host {
        name: text(said.nodename()),
        kernel: [said.sysname(), said.release(), said.machine()].map(text).join(" "),
        clock: clock(Path::new(SYNCHRONIZED)),
    })
}

/// What this machine is called is not known here.
#[cfg(not(unix))]
pub(super) fn of_this_machine() -> Result<Host, Refusal> {
    let message = "--record-host: vigie cannot ask this system for its name";
    Err(Refusal::impossible(anyhow::anyhow!(message)))
}

/// What the time of a file that is touched with each comparison tells. Whatever is no such file
/// tells nothing.
fn clock(touched: &Path) -> ClockState {
    let last = std::fs::symlink_metadata(touched)
        .ok()
        .filter(std::fs::Metadata::is_file)
        .and_then(|file| file.modified().ok())
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .and_then(|since| i64::try_from(since.as_nanos()).ok());
    last.map_or(ClockState::Unknown, |last| ClockState::Synchronized { last: CaptureTime(last) })
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clock_was_compared_when_the_file_was_touched_and_else_nobody_knows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("synchronized");
        assert_eq!(clock(&path), ClockState::Unknown);
        let touched = UNIX_EPOCH + Duration::from_secs(1_767_600_001);
        File::create(&path).unwrap().set_modified(touched).unwrap();
        let last = CaptureTime(1_767_600_001_000_000_000);
        assert_eq!(clock(&path), ClockState::Synchronized { last });
        assert_eq!(clock(folder.path()), ClockState::Unknown);
    }
}
