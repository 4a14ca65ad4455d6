//! The `vigie` program: parse arguments, run, exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    vigie::cli::main()
}
