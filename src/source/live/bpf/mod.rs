//! Capture filters: an expression becomes a program that the kernel runs on every frame.
//!
//! The language is described in `docs/capture-filter.md`; the programs are classic BPF (`McCanne`
//! and Jacobson 1993; Linux `Documentation/networking/filter.rst`). `parse` reads the expression,
//! `compile` writes the program, `kernel` adds what a socket needs, `share`
//! chooses among several sockets; `machine` has the words of all three.

mod compile;
mod expression;
#[cfg(test)]
mod interpreter;
mod kernel;
mod machine;
mod parse;
mod program;
mod share;
#[cfg(test)]
mod tests;

pub use parse::FilterError;
pub use program::{BpfProgram, Instruction};

pub(super) use kernel::{EVERYTHING, NOTHING, kept, on_interface};
pub(super) use share::by_hosts;
