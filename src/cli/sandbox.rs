//! Rights are given up between opening and parsing.

use std::path::Path;

use anyhow::anyhow;

use super::args::SandboxArguments;
use super::outcome::Refusal;
use crate::privilege::{Plan, State};

/// Enforces `plan` as the options say; `None` where they say not to.
pub(super) fn enforce(
    plan: &Plan,
    typed: SandboxArguments,
    lacks: Lacks,
) -> Result<Option<State>, Refusal> {
    if typed.no_sandbox {
        tracing::info!("--no-sandbox: no rights are given up");
        return Ok(None);
    }
    let state = plan.enforce().map_err(Refusal::impossible)?;
    check(&state, typed, lacks)?;
    Ok(Some(state))
}

/// Who is told what is lacking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lacks {
    /// Whoever asks for more (`-v`): a run that is soon over, over files that somebody chose.
    ToWhoAsks,
    /// Everybody: a run of days, over what any stranger sends.
    ToAll,
}

/// Does `work` with the rights to files that are left after [`enforce`]: through `sudo`, with
/// those of the user who called it, whose it then is.
pub(super) fn as_later_user<T>(
    typed: SandboxArguments,
    work: impl FnOnce() -> T,
) -> Result<T, Refusal> {
    #[cfg(target_os = "linux")]
    if !typed.no_sandbox {
        return crate::privilege::as_later_user(work).map_err(|error| {
            Refusal::impossible(anyhow!("the user of sudo cannot be become: {error}"))
        });
    }
    let _ = typed;
    Ok(work())
}

/// Whether the user that the run goes on as may make files in a folder.
pub(super) fn may_write(typed: SandboxArguments, folder: &Path) -> Result<bool, Refusal> {
    as_later_user(typed, || is_writable(folder))
}

#[cfg(unix)]
fn is_writable(folder: &Path) -> bool {
    use rustix::fs::{Access, AtFlags, CWD, accessat};

    accessat(CWD, folder, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS).is_ok()
}

#[cfg(not(unix))]
fn is_writable(_folder: &Path) -> bool {
    true
}

/// Says what is lacking, or refuses to go on.
fn check(state: &State, typed: SandboxArguments, lacks: Lacks) -> Result<(), Refusal> {
    if typed.require_sandbox && !state.is_whole() {
        let lacks: Vec<_> = state.lacks.iter().map(ToString::to_string).collect();
        let lacks = lacks.join("; ");
        return Err(Refusal::impossible(anyhow!("--require-sandbox: not in force: {lacks}")));
    }
    for lack in &state.lacks {
        let said = format!("not in force: {lack}; what that means: docs/security.md");
        match lacks {
            Lacks::ToWhoAsks => tracing::info!("{said}"),
            Lacks::ToAll => tracing::warn!("{said}"),
        }
    }
    Ok(())
}

/// Files that are to be opened before, since they may not be opened afterwards: those of other
/// users, read by the rights of root. Half of all descriptors that the system gives.
pub(super) fn keep_open(typed: SandboxArguments) -> usize {
    if typed.no_sandbox { 0 } else { files_kept_open() }
}

#[cfg(target_os = "linux")]
fn files_kept_open() -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};

    if !crate::privilege::overrides_file_modes() {
        return 0;
    }
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if setrlimit(Resource::Nofile, limit).is_err() {
        limit = getrlimit(Resource::Nofile);
    }
    limit
        .current
        .map_or(MOST_KEPT_OPEN, |most| usize::try_from(most / 2).unwrap_or(usize::MAX))
        .min(MOST_KEPT_OPEN)
}

#[cfg(not(target_os = "linux"))]
fn files_kept_open() -> usize {
    0
}

/// Files kept open at most; further ones are opened when their turn comes.
#[cfg(target_os = "linux")]
const MOST_KEPT_OPEN: usize = 65_536;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privilege::{Lack, Layer};

    fn lacking(layer: Layer) -> State {
        let lacks = vec![Lack { layer, why: "the kernel lacks it".to_owned() }];
        State { status: None, user_before: None, landlock: None, lacks }
    }

    #[test]
    fn a_layer_that_is_lacking_stops_only_who_requires_it() {
        let required = SandboxArguments { require_sandbox: true, no_sandbox: false };
        let refusal = check(&lacking(Layer::Landlock), required, Lacks::ToAll).unwrap_err();
        assert_eq!(
            refusal.cause().to_string(),
            "--require-sandbox: not in force: Landlock for files and network: the kernel lacks it"
        );
        assert!(
            check(&lacking(Layer::Landlock), SandboxArguments::default(), Lacks::ToAll).is_ok()
        );
        let whole = State { lacks: Vec::new(), ..lacking(Layer::Seccomp) };
        assert!(check(&whole, required, Lacks::ToAll).is_ok());
    }
}
