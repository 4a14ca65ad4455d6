//! The duties of whoever captures other people's traffic: one line, on first use.

use std::path::PathBuf;

use directories::ProjectDirs;

/// Says the line, unless it was said before.
pub(super) fn say_once() {
    let told = place();
    if told.as_ref().is_some_and(|path| path.exists()) {
        return;
    }
    tracing::warn!("{DUTIES}");
    if let Some(path) = told {
        // Where it cannot be noted, it is said again the next time.
        let _ = path.parent().map(std::fs::create_dir_all);
        let _ = std::fs::write(path, "said\n");
    }
}

/// What marks that it was said: on Linux `~/.local/state/vigie/duties-said`.
fn place() -> Option<PathBuf> {
    let dirs = ProjectDirs::from("", "", "vigie")?;
    Some(dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).join("duties-said"))
}

const DUTIES: &str = "whoever captures other people's traffic needs a legal ground, must tell them \
beforehand and keep no more than needed (GDPR articles 5, 6, 13); at work, ask the works council \
first. Said once; `duties-notice = false` in the configuration switches it off";
