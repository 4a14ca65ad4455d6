//! What a flow is given.

use super::{Basis, SignatureId};

/// A signature that a flow leads to, and what the claim rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Which signature.
    pub signature: SignatureId,
    /// What it rests on.
    pub basis: Basis,
}
