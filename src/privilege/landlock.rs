//! Landlock: which files may be opened; no network (landlock(7)).

use std::io::IsTerminal as _;
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
    make_bitflags,
};

use super::{Plan, Rules};

/// Why Landlock is not in force.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotInForce {
    #[error("the kernel lacks it (Linux 5.13 or newer has it)")]
    NotInKernel,
    #[error("it was switched off when the system was started (kernel parameter lsm=)")]
    SwitchedOff,
    #[error("{0}")]
    Refused(#[from] RulesetError),
}

/// The newest version whose rights are asked for; what the kernel does not know is left out.
const NEWEST: ABI = ABI::V10;

/// Restricts the calling thread and all that it starts, for good. Needs `no_new_privs`.
pub(super) fn enforce(plan: &Plan) -> Result<Rules, NotInForce> {
    let mut ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?;
    let reading = make_bitflags!(AccessFs::{ReadFile | ReadDir});
    let writing = reading
        | make_bitflags!(AccessFs::{
            WriteFile | Truncate | MakeReg | MakeDir | RemoveFile | RemoveDir | Refer
        });
    let read = plan.read.iter().filter(|path| admit(&mut ruleset, path, reading)).count();
    let write = plan.write.iter().filter(|path| admit(&mut ruleset, path, writing)).count();
    let removing = make_bitflags!(AccessFs::{RemoveFile});
    for path in &plan.remove {
        admit(&mut ruleset, path, removing);
    }
    // A folder is removed by the right to the one in which it stands.
    for path in &plan.remove_folders {
        admit(&mut ruleset, path, make_bitflags!(AccessFs::{RemoveDir}));
    }
    if plan.screen && !std::io::stdin().is_terminal() {
        // Keys come from the controlling terminal then, which is opened by name, again and again.
        let asking = make_bitflags!(AccessFs::{ReadFile | WriteFile | IoctlDev});
        admit(&mut ruleset, Path::new("/dev/tty"), asking);
    }
    let status = ruleset.restrict_self()?;
    match status.landlock {
        LandlockStatus::NotImplemented => Err(NotInForce::NotInKernel),
        LandlockStatus::NotEnabled => Err(NotInForce::SwitchedOff),
        LandlockStatus::Available { .. } if status.ruleset == RulesetStatus::NotEnforced => {
            Err(NotInForce::NotInKernel)
        }
        LandlockStatus::Available { effective_abi, .. } => Ok(Rules {
            abi: effective_abi as u32,
            read,
            write,
            network: effective_abi >= ABI::V4,
            scopes: effective_abi >= ABI::V6,
        }),
    }
}

/// Admits a file, or a folder with all that is in it. What is not there, or is no file of a file
/// system (a pipe behind `/dev/stdin`), cannot be named in a rule: opening it says so, or works
/// without.
fn admit(ruleset: &mut RulesetCreated, path: &Path, access: BitFlags<AccessFs>) -> bool {
    let Ok(file) = PathFd::new(path) else { return false };
    let of_files = if path.is_dir() { access } else { access & AccessFs::from_file(NEWEST) };
    ruleset.add_rule(PathBeneath::new(file, of_files)).is_ok()
}
