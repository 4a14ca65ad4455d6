//! The signatures in force, and the look-up.

use std::net::IpAddr;

use jiff::civil::Date;

use super::matcher::NameTable;
use super::network::NetworkTable;
use super::{Category, Signature, date};
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
    /// How specific the pattern is: exact names above wildcards inside above `*.suffix`, more
    /// labels above fewer; greater is more specific. Of networks, the length of the prefix.
    pub specificity: u32,
}

/// The signatures in force.
#[derive(Debug, Default)]
pub struct Database {
    parts: Parts,
}

/// What the loader makes.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Ordered by id.
    pub(super) signatures: Vec<Signature>,
    pub(super) names: NameTable,
    pub(super) networks: NetworkTable,
    pub(super) date: String,
}

impl Database {
    pub(super) fn of_parts(parts: Parts) -> Self {
        Self { parts }
    }

    /// The signatures, ordered by id; [`SignatureId`] is the index.
    pub fn signatures(&self) -> &[Signature] {
        &self.parts.signatures
    }

    /// The signature of an id that this database gave.
    pub fn signature(&self, id: SignatureId) -> &Signature {
        &self.parts.signatures[id.0 as usize]
    }

    /// The id of the signature with this name.
    pub fn by_id(&self, id: &str) -> Option<SignatureId> {
        let found = self.parts.signatures.binary_search_by(|s| s.id.as_str().cmp(id)).ok()?;
        u32::try_from(found).ok().map(SignatureId)
    }

    /// Its category.
    pub fn category(&self, id: SignatureId) -> Category {
        self.signature(id).category
    }

    /// The most specific pattern that covers `name`; of equally specific ones, that of the
    /// smaller id.
    pub fn by_name(&self, name: &HostName) -> Option<Match<'_>> {
        self.parts.names.find(name.as_str())
    }

    /// The most specific network that covers the server's address and port.
    pub fn by_network(&self, address: IpAddr, protocol: Protocol, port: u16) -> Option<Match<'_>> {
        self.parts.networks.find(address, protocol, port)
    }

    /// Octets that the look-up of names takes, whatever its signatures take beside.
    pub fn name_table_octets(&self) -> usize {
        self.parts.names.octets()
    }

    /// Every network that covers the address at some port.
    pub(super) fn networks_over(&self, address: IpAddr) -> Vec<Match<'_>> {
        self.parts.networks.covering(address)
    }

    /// Date of the newest source in the shipped signatures (in all of them, where the shipped
    /// ones are not used): YYYY, YYYY-MM or YYYY-MM-DD; empty without signatures.
    pub fn date(&self) -> &str {
        &self.parts.date
    }

    /// Days after which signatures are stale and every output warns.
    pub const FRESH_DAYS: u32 = 180;

    /// Days between the database and this day, where it is stale then.
    pub fn stale_days(&self, on: Date) -> Option<u32> {
        self.age_days(on).filter(|age| *age > Self::FRESH_DAYS)
    }

    /// How many days ago the database was current; an age is never overstated. `None` without
    /// signatures.
    pub fn age_days(&self, today: Date) -> Option<u32> {
        date::age_days(self.date(), today)
    }
}
