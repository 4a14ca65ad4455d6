//! seccomp: which system calls are left (seccomp(2)).
//!
//! Two filters; the kernel takes the stricter answer of both. The first lists what the rest of a
//! run needs: everything else "does not exist" (`ENOSYS`), upon which C libraries fall back to
//! an older call. The second refuses (`EPERM`) what is dangerous by name or by its arguments.
//! Neither kills: a library that asks for what it could do without goes on, and so does the
//! count.

mod allowed;
mod refused;
mod run;

use std::env::consts::ARCH;

use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompFilter, TargetArch, apply_filter_all_threads,
};

use super::Plan;

/// Why seccomp is not in force.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotInForce {
    #[error("no filter is written for processors of this kind ({ARCH})")]
    Processor,
    #[error("the filter cannot be built: {0}")]
    Unbuilt(#[from] BackendError),
    #[error("the kernel lacks it or refuses it: {0}")]
    Refused(#[from] seccompiler::Error),
}

/// The error of a call that is refused: as if a right lacked.
const EPERM: u32 = libc::EPERM.unsigned_abs();
/// The error of a call that is not listed: as if the kernel lacked it.
const ENOSYS: u32 = libc::ENOSYS.unsigned_abs();

/// Installs both filters for all threads, for good. Needs `no_new_privs`.
pub(super) fn enforce(plan: &Plan) -> Result<(), NotInForce> {
    let programs = programs(plan)?;
    programs.iter().try_for_each(|program| apply_filter_all_threads(program))?;
    Ok(())
}

/// Both filters. The order is that of installing: of two errors, the kernel gives the one of the
/// filter that came last.
fn programs(plan: &Plan) -> Result<[BpfProgram; 2], NotInForce> {
    let arch: TargetArch = ARCH.try_into().map_err(|_| NotInForce::Processor)?;
    let (allow, refuse) = (SeccompAction::Allow, SeccompAction::Errno(EPERM));
    let listed = SeccompFilter::new(
        allowed::rules(plan)?,
        SeccompAction::Errno(ENOSYS),
        allow.clone(),
        arch,
    )?;
    let dangerous = SeccompFilter::new(refused::rules(plan)?, allow, refuse, arch)?;
    Ok([listed.try_into()?, dangerous.try_into()?])
}

/// Rules for system calls by number; a call without rules matches whatever its arguments.
type Calls = std::collections::BTreeMap<i64, Vec<seccompiler::SeccompRule>>;
