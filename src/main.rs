//! The `vigie` program: parse arguments, run, exit status.

use std::process::ExitCode;

#[cfg(feature = "mimalloc")]
mod allocator;

fn main() -> ExitCode {
    #[cfg(feature = "mimalloc")]
    allocator::keep_freed_memory_for_a_second();
    vigie::cli::main()
}
