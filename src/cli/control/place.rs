//! Where the sockets lie.

use std::env;
use std::path::PathBuf;

/// The folders in which sockets may lie, the one to make them in first: what systemd gives a
/// service, the user's runtime directory, and root's.
pub(in crate::cli) fn folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Some(given) = env::var_os("RUNTIME_DIRECTORY") {
        folders.extend(env::split_paths(&given).take(1));
    }
    if let Some(given) = env::var_os("XDG_RUNTIME_DIR").filter(|given| !given.is_empty()) {
        folders.push(PathBuf::from(given).join("vigie"));
    }
    #[cfg(unix)]
    {
        let user = rustix::process::geteuid();
        let usual = PathBuf::from(format!("/run/user/{}", user.as_raw()));
        if usual.is_dir() {
            folders.push(usual.join("vigie"));
        }
        if user.is_root() {
            folders.push(PathBuf::from("/run/vigie"));
        }
    }
    folders.dedup();
    folders
}
