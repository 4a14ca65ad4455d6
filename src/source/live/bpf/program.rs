//! A program for the kernel's packet filter.

/// A capture filter, compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BpfProgram {
    expression: String,
    instructions: Vec<Instruction>,
}

/// One instruction of classic BPF: `struct sock_filter` of `linux/filter.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// What to do.
    pub code: u16,
    /// Instructions to skip where a test holds.
    pub yes: u8,
    /// Instructions to skip where it does not.
    pub no: u8,
    /// An operand: an offset, a constant, a distance.
    pub k: u32,
}

impl BpfProgram {
    /// Instructions that the kernel takes at most (`BPF_MAXINSNS`).
    pub const LONGEST: usize = 4096;

    /// A program of `instructions`, which came of `expression`.
    pub(super) fn new(expression: String, instructions: Vec<Instruction>) -> Self {
        Self { expression, instructions }
    }

    /// The expression, as it was typed.
    pub fn expression(&self) -> &str {
        &self.expression
    }

    /// The instructions: they give 0 for a frame to leave out, the octets to keep for others.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }
}
