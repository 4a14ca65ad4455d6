//! Capabilities: none are kept (capabilities(7)).

use caps::errors::CapsError;
use caps::{CapSet, Capability};

/// Empties the bounding set, which takes `CAP_SETPCAP`, and so comes before root becomes a user.
/// Without that right it stays, and gives nothing: no program can be run that gets new rights.
pub(super) fn empty_bounding() -> Result<(), CapsError> {
    if caps::has_cap(None, CapSet::Effective, Capability::CAP_SETPCAP)? {
        for capability in caps::runtime::thread_all_supported() {
            caps::drop(None, CapSet::Bounding, capability)?;
        }
    }
    Ok(())
}

/// Gives up the capabilities of all other sets.
pub(super) fn drop_all() -> Result<(), CapsError> {
    let sets = [CapSet::Ambient, CapSet::Inheritable, CapSet::Effective, CapSet::Permitted];
    sets.into_iter().try_for_each(|set| caps::clear(None, set))
}

/// Whether this process may read files whose mode says otherwise: it reads on after
/// [`Plan::enforce`](super::Plan::enforce) only what it has open.
pub fn overrides_file_modes() -> bool {
    [Capability::CAP_DAC_OVERRIDE, Capability::CAP_DAC_READ_SEARCH]
        .into_iter()
        .any(|cap| caps::has_cap(None, CapSet::Effective, cap).unwrap_or(false))
}
