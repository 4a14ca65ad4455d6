//! Names, addresses and ports become tags: cited claims about who is behind them.

mod category;
mod database;
mod grade;
mod schema;

pub use category::Category;
pub use database::{Database, Match, SignatureId};
pub use grade::{Basis, Grade, GradeFacts, grade};
pub use schema::{Confidence, Exclusivity, Signature, SourceCitation, Status, VantageSide};

/// A signature that a flow leads to, and what the claim rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Which signature.
    pub signature: SignatureId,
    /// What it rests on.
    pub basis: Basis,
}
