//! Capture filters: an expression becomes a program that the kernel runs on every frame.
//!
//! The language is described in `docs/capture-filter.md`; the programs are classic BPF (McCanne
//! and Jacobson 1993; Linux `Documentation/networking/filter.rst`).

mod program;

pub use program::{BpfProgram, Instruction};
