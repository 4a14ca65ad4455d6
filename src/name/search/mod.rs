//! The search for the names of one flow: pieces in, findings out.

mod direction;
mod name_search;
mod piece;
mod protocol;
mod report;
mod seen;
mod stream;

pub use name_search::NameSearch;
pub use piece::{Budget, DnsAnswer, Findings, Piece, PieceKind};
