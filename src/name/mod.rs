//! First octets of each direction become names.
//!
//! A [`NameSearch`] per flow takes the payload of its packets, puts TCP segments in order within
//! stated bounds, and gives names, answers and flags in [`Findings`].

mod amqp;
mod append;
mod certificate;
mod coap;
mod cursor;
mod dns;
mod dtls;
mod eap;
mod ech;
mod fingerprint;
mod h2c;
mod host_name;
mod http;
mod mqtt;
mod observation;
mod opening;
mod place;
mod proxy;
mod quic;
mod reassembly;
mod registrable;
mod rtp;
mod search;
mod starttls;
mod stun;
mod tls;
mod uri;
mod vpn;

pub use dns::{
    AnswerTable, Calendar, DnsLog, DnsLogError, LogFault, Resolution, newest_resolution,
};
pub use eap::{LoginDatagram, LoginStep, LoginTls, login_in_datagram};
pub use fingerprint::Fingerprint;
pub use host_name::{HostName, NotAHostName};
pub use observation::{Observation, Via, Without};
pub use place::{
    FirstWords, RelayHeader, RelayHost, Shown, names_in_message, names_in_records, relay_header,
    shown_in_datagram,
};
#[cfg(test)]
pub(crate) use quic::sample::initial as sample_initial;
pub use quic::{CryptoPiece, InitialsAnew, Opened, QuicOffer};
pub use search::{Budget, DnsAnswer, DnsPublicName, Findings, NameSearch, Piece, PieceKind};
