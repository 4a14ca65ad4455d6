//! DNS: messages become questions and answers, answers become names of other flows.
//!
//! [`read`] takes one message (a UDP payload, or what stands behind the length of DNS over TCP,
//! RFC 1035 §4.2) and gives what was asked and which addresses were answered. [`AnswerTable`]
//! keeps the answers of one stream, so that a flow can be named by what its client resolved.

mod answers;
#[cfg(test)]
pub(in crate::name) mod corpus;
#[cfg(test)]
mod corpus_tests;
mod local;
mod log;
mod message;
mod resolvers;
mod well_formed;

pub use answers::{AnswerTable, Resolution};
pub(in crate::name) use local::{LocalKind, local_names};
pub use log::{Calendar, DnsLog, DnsLogError, LogFault, newest_resolution};
pub(in crate::name) use message::{Answer, Message, PublicName, Strictness, read};
pub(in crate::name) use resolvers::{ENCRYPTED, is_dns_protocol, is_resolver};
