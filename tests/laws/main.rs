//! The laws of the whole program: every frame is counted once, parts add up to the
//! whole, the same input gives the same octets, and nothing that was read is lost.

mod analysis;
mod conservation;
mod forms;
mod interrupted;
mod merge;
mod order;
mod program;
mod random;
mod record;
mod silences;
mod threads;
mod traffic;
