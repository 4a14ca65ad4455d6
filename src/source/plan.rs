//! Which captures form which stream.

use std::path::PathBuf;

/// One capture to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

/// Captures that are read as one: flow table, DNS answers and clock belong to a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamPlan {
    /// The captures; their order is that of the frames where `reading` is `InTurn`.
    pub captures: Vec<Input>,
    /// How they are joined.
    pub reading: Reading,
}

/// How the captures of a stream are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// One after the other.
    InTurn,
    /// Frame by frame in the order of time.
    ByTime,
}
