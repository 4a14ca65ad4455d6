//! The search for the names of one flow: pieces in, findings out.

mod call;
mod datagrams;
mod direction;
mod login;
mod messages;
mod name_search;
mod piece;
mod prelude;
mod protocol;
mod reader;
mod report;
#[cfg(test)]
mod sample;
mod seen;
mod stream;
mod stun_stream;

pub use name_search::NameSearch;
pub use piece::{Budget, DnsAnswer, DnsPublicName, Findings, Piece, PieceKind};
