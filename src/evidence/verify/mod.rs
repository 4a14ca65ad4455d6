//! Whether a bundle holds: structure, hashes, seal, and every table counted again.
//!
//! A bundle comes from somebody: nothing in it is trusted. Links, devices and paths that lead
//! out of it are refused, what is read into memory is bounded, and so is what an archive unpacks
//! to.

mod finding;
mod manifest;
mod numbers;
mod original;
mod pages;
mod run;
mod seal;
mod stated;
mod structure;
mod unpack;

pub use finding::{Finding, Verdict, Verification};
pub use run::{VerifyOptions, verify};
pub use structure::Unverifiable;
pub use unpack::UnpackError;
