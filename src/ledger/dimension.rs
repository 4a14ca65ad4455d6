//! What rows can be told apart by, and a flow's value in each.

use std::net::IpAddr;

use super::{FlowRecord, row_key};
use crate::name::{HostName, Via, Without};
use crate::signature::{Basis, Category, Database, Grade, SignatureId};
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
    /// Whatever found no row of its own, since the roll-up was full.
    Other,
}

impl Dimension {
    /// Whether what is captured decides how many values there are. The others have as many as
    /// there are signatures, categories, grades and the like.
    pub(super) fn is_open(self) -> bool {
        match self {
            Self::Name
            | Self::Host
            | Self::Registrable
            | Self::Client
            | Self::Server
            | Self::Port
            | Self::Capture
            | Self::Hour => true,
            Self::Signature
            | Self::Product
            | Self::Vendor
            | Self::Category
            | Self::Basis
            | Self::Grade
            | Self::Via
            | Self::Device
            | Self::Protocol => false,
        }
    }

    /// A flow's value. `hour` is the hour of the frames in question; where nobody asked for
    /// hours it is the hour of the flow's first frame.
    pub fn value(
        self,
        flow: &FlowRecord,
        hour: CaptureTime,
        database: &Database,
    ) -> DimensionValue {
        let signature = flow.primary().map(|t| database.signature(t.signature));
        let tagged = |value: Option<DimensionValue>| value.unwrap_or(DimensionValue::Untagged);
        match self {
            Self::Signature => {
                tagged(flow.primary().map(|t| DimensionValue::Signature(t.signature)))
            }
            Self::Product => {
                tagged(signature.map(|s| DimensionValue::Text(s.product.as_str().into())))
            }
            Self::Vendor => {
                tagged(signature.map(|s| DimensionValue::Text(s.vendor.as_str().into())))
            }
            Self::Category => tagged(signature.map(|s| DimensionValue::Category(s.category))),
            Self::Basis => tagged(flow.primary().map(|t| DimensionValue::Basis(t.basis))),
            Self::Grade => tagged(flow.primary().map(|t| DimensionValue::Grade(t.grade))),
            Self::Name => flow.best_name().map_or_else(
                || DimensionValue::Unnamed(flow.unnamed.unwrap_or(Without::NoPayload)),
                |o| DimensionValue::Name(o.name.clone()),
            ),
            Self::Host => flow.best_name().map_or_else(
                || DimensionValue::Address(flow.server.ip),
                |o| DimensionValue::Name(o.name.clone()),
            ),
            Self::Registrable => registrable(flow),
            Self::Via => flow.best_name().map_or_else(
                || DimensionValue::Unnamed(flow.unnamed.unwrap_or(Without::NoPayload)),
                |o| DimensionValue::Via(o.via),
            ),
            Self::Client => DimensionValue::Address(flow.client.ip),
            Self::Device => {
                flow.device.clone().map_or(DimensionValue::NoDevice, DimensionValue::Text)
            }
            Self::Server => DimensionValue::Address(flow.server.ip),
            Self::Port => {
                DimensionValue::Port(flow.protocol.0, flow.has_ports().then_some(flow.server.port))
            }
            Self::Protocol => DimensionValue::Protocol(flow.protocol.0),
            Self::Capture => DimensionValue::Capture(flow.capture),
            Self::Hour => DimensionValue::Hour(hour),
        }
    }
}

/// A value, borrowed from where it stands: a row is looked up without making its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ValueRef<'a> {
    Text(&'a str),
    Name(&'a str),
    Address(IpAddr),
    /// Whatever is a number: which kind of value, and the number.
    Number(u8, u64),
    /// Follows from another value of the same row.
    Implied,
}

impl<'a> From<&'a DimensionValue> for ValueRef<'a> {
    fn from(value: &'a DimensionValue) -> Self {
        match value {
            DimensionValue::Text(text) => Self::Text(text),
            DimensionValue::Name(name) => Self::Name(name.as_str()),
            other => ValueRef::of_number(other),
        }
    }
}

impl ValueRef<'static> {
    /// Stands for [`DimensionValue::Other`].
    pub(super) const OTHER: Self = Self::Number(12, 0);

    /// Of a value without text.
    fn of_number(value: &DimensionValue) -> Self {
        let port = |port: Option<u16>| port.map_or(1 << 16, u64::from);
        match *value {
            DimensionValue::Text(_) | DimensionValue::Name(_) => Self::Implied,
            DimensionValue::Address(address) => Self::Address(address),
            DimensionValue::Signature(id) => Self::Number(0, id.0.into()),
            DimensionValue::Untagged => Self::Number(1, 0),
            DimensionValue::Category(category) => Self::Number(2, category as u64),
            DimensionValue::Basis(basis) => Self::Number(3, basis as u64),
            DimensionValue::Grade(grade) => Self::Number(4, grade as u64),
            DimensionValue::Unnamed(without) => Self::Number(5, without as u64),
            DimensionValue::Via(via) => Self::Number(6, via as u64),
            DimensionValue::NoDevice => Self::Number(7, 0),
            DimensionValue::Port(protocol, number) => {
                Self::Number(8, u64::from(protocol) << 32 | port(number))
            }
            DimensionValue::Protocol(protocol) => Self::Number(9, protocol.into()),
            DimensionValue::Capture(index) => Self::Number(10, index.into()),
            DimensionValue::Hour(start) => Self::Number(11, start.0.cast_unsigned()),
            DimensionValue::Other => Self::OTHER,
        }
    }
}

impl Dimension {
    /// The same as [`Dimension::value`], borrowed.
    pub(super) fn borrowed<'a>(
        self,
        flow: &'a FlowRecord,
        hour: CaptureTime,
        database: &'a Database,
    ) -> ValueRef<'a> {
        let signature = || flow.primary().map(|t| database.signature(t.signature));
        let text = match self {
            Self::Product => signature().map(|s| ValueRef::Text(&s.product)),
            Self::Vendor => signature().map(|s| ValueRef::Text(&s.vendor)),
            Self::Device => flow.device.as_deref().map(ValueRef::Text),
            Self::Name | Self::Host => flow.best_name().map(|o| ValueRef::Name(o.name.as_str())),
            Self::Registrable => flow
                .best_name()
                .map(|o| ValueRef::Name(o.name.registrable().unwrap_or(o.name.as_str()))),
            _ => None,
        };
        text.unwrap_or_else(|| ValueRef::of_number(&self.value(flow, hour, database)))
    }
}

fn registrable(flow: &FlowRecord) -> DimensionValue {
    flow.best_name().map_or_else(
        || DimensionValue::Unnamed(flow.unnamed.unwrap_or(Without::NoPayload)),
        |best| DimensionValue::Name(row_key::registrable(&best.name)),
    )
}
