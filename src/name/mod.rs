//! First octets of each direction become names.
//!
//! A [`NameSearch`] per flow takes the payload of its packets, puts TCP segments in order within
//! stated bounds, and gives names, answers and flags in [`Findings`].

mod dns;
mod host_name;
mod http;
mod observation;
mod quic;
mod reassembly;
mod registrable;
mod search;
mod tls;
mod vpn;

pub use dns::{
    AnswerTable, Calendar, DnsLog, DnsLogError, LogFault, Resolution, newest_resolution,
};
pub use host_name::{HostName, NotAHostName};
pub use observation::{Observation, Via, Without};
pub use search::{Budget, DnsAnswer, Findings, NameSearch, Piece, PieceKind};
