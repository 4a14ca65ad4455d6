//! First octets of each direction become names.

mod dns;
mod host_name;
mod observation;
mod quic;
mod search;

pub use dns::{AnswerTable, Resolution};
pub use host_name::{HostName, NotAHostName};
pub use observation::{Observation, Via, Without};
pub use search::{Budget, DnsAnswer, Findings, NameSearch, Piece, PieceKind};
