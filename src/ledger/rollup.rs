//! Sums over flows, by any dimensions.

use std::net::IpAddr;

use super::{BothWays, Count};
use crate::name::{HostName, Via, Without};
use crate::signature::{Basis, Category, Grade, SignatureId};
use crate::source::CaptureTime;

/// What rows can be told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// Primary signature.
    Signature,
    /// Its product.
    Product,
    /// Its vendor.
    Vendor,
    /// Its category.
    Category,
    /// Basis of the primary tag.
    Basis,
    /// Grade of the primary tag.
    Grade,
    /// The flow's best name, else the cause why it has none.
    Name,
    /// The flow's best name, else the server's address.
    Host,
    /// Registrable domain of the best name (public suffix list), else the cause.
    Registrable,
    /// How the best name was seen.
    Via,
    /// Client address.
    Client,
    /// Device of the client.
    Device,
    /// Server address.
    Server,
    /// Server port and protocol.
    Port,
    /// Protocol above IP.
    Protocol,
    /// Capture in which the flow began.
    Capture,
    /// Hour of the frames (not of the flow).
    Hour,
}

/// A row's value in one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DimensionValue {
    /// A signature.
    Signature(SignatureId),
    /// No tag.
    Untagged,
    /// A product or vendor.
    Text(Box<str>),
    /// A category.
    Category(Category),
    /// A basis.
    Basis(Basis),
    /// A grade.
    Grade(Grade),
    /// A name or registrable domain.
    Name(HostName),
    /// No name, and why.
    Unnamed(Without),
    /// A way.
    Via(Via),
    /// An address.
    Address(IpAddr),
    /// No device is known.
    NoDevice,
    /// Protocol number and port; no port in portless flows.
    Port(u8, Option<u16>),
    /// Protocol number.
    Protocol(u8),
    /// Index of a capture in the run.
    Capture(u32),
    /// Start of an hour, UTC.
    Hour(CaptureTime),
}

/// One row: the sum over its flows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RollupRow {
    /// Octets, frames, payload.
    pub counts: BothWays<Count>,
    /// Flows.
    pub flows: u64,
    /// Earliest frame.
    pub first: CaptureTime,
    /// Latest frame.
    pub last: CaptureTime,
}

/// Rows by the values of some dimensions.
#[derive(Clone, Debug, Default)]
pub struct Rollup {
    /// The dimensions, in the order asked for.
    pub dimensions: Vec<Dimension>,
    /// The rows, ordered by their values.
    pub rows: Vec<(Vec<DimensionValue>, RollupRow)>,
}
