//! Atomics and locks of the ledger: loom's under `cfg(loom)`, so that its models run the very
//! code that counts.

// std's in the models, too: the pipeline shares cells by it, and what is modelled is when
// counts and labels are seen, not when memory is given back.
pub(crate) use std::sync::Arc;

#[cfg(loom)]
pub(crate) use loom::sync::{
    Mutex,
    atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
};
#[cfg(not(loom))]
pub(crate) use std::sync::{
    Mutex,
    atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
};

/// What the only thread that writes a counter reads of it.
#[cfg(not(loom))]
#[inline]
pub(crate) fn own(counter: &AtomicU64) -> u64 {
    counter.load(Relaxed)
}

/// The same for loom, which takes a load before a store on the same thread for the last access
/// there was: it would not see that the store races with a reader, and try one order alone.
#[cfg(loom)]
#[expect(unsafe_code, reason = "loom's name for a load by the only writer")]
pub(crate) fn own(counter: &AtomicU64) -> u64 {
    // SAFETY: loom itself checks that no other thread writes meanwhile, and fails the model.
    unsafe { counter.unsync_load() }
}
