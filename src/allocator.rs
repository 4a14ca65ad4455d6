//! The allocator of the program, and when it gives memory back.
#![expect(unsafe_code, reason = "an option of the allocator is set through its C interface")]

use libmimalloc_sys::{mi_option_set, mi_option_t};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Lets freed memory stay for a second before it goes back to the system. Flows that end make
/// room for those that begin: given back at once, as is usual, pages would come again one by
/// one, each with a fault.
pub(crate) fn keep_freed_memory_for_a_second() {
    // SAFETY: the call stores a number in a table of the allocator, which takes any number and
    // checks the index.
    unsafe { mi_option_set(PURGE_DELAY, 1000) };
}

/// `mi_option_purge_delay` of mimalloc 2, in milliseconds (its `mimalloc.h`).
const PURGE_DELAY: mi_option_t = 15;
