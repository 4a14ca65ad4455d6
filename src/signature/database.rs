//! The signatures in force, and the look-up.

use std::net::IpAddr;

use super::{Category, Signature};
use crate::decode::Protocol;
use crate::name::HostName;

/// Index of a signature in its [`Database`]; ordered by signature id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SignatureId(pub u32);

/// A look-up's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match<'a> {
    /// The signature that won.
    pub signature: SignatureId,
    /// The pattern or network, as written.
    pub pattern: &'a str,
    /// How specific the pattern is: exact names above wildcards, more labels above fewer;
    /// greater is more specific.
    pub specificity: u32,
}

/// The signatures in force.
#[derive(Debug, Default)]
pub struct Database {
    signatures: Vec<Signature>,
}

impl Database {
    /// The signatures, ordered by id; [`SignatureId`] is the index.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// The signature of an id that this database gave.
    pub fn signature(&self, id: SignatureId) -> &Signature {
        &self.signatures[id.0 as usize]
    }

    /// Its category.
    pub fn category(&self, id: SignatureId) -> Category {
        self.signature(id).category
    }

    /// The most specific pattern that covers `name`.
    pub fn by_name(&self, name: &HostName) -> Option<Match<'_>> {
        let _ = name;
        None
    }

    /// The most specific network that covers the server's address and port.
    pub fn by_network(&self, address: IpAddr, protocol: Protocol, port: u16) -> Option<Match<'_>> {
        let _ = (address, protocol, port);
        None
    }

    /// Date of the newest source in the shipped signatures: YYYY-MM or YYYY-MM-DD.
    pub fn date(&self) -> &str {
        ""
    }
}
