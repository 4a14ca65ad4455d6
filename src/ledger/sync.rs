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
