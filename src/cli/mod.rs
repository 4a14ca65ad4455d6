//! The command line.

use std::process::ExitCode;

/// Runs the program and gives its exit status.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
