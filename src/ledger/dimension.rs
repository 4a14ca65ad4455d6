//! What rows can be told apart by, and a flow's value in each.

use std::net::IpAddr;

use super::{FlowRecord, TagRecord, row_key};
use crate::name::{HostName, Observation, Via, Without};
use crate::signature::{Basis, Category, Database, Grade, Signature, SignatureId};
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
    /// App that the capture states.
    App,
    /// Country of the server's address.
    Country,
    /// Owner of the server's network.
    NetworkOwner,
    /// Maker of the client's network hardware.
    Oui,
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
    /// A product, vendor, device, app, country, owner or maker.
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
    /// The capture states no app.
    NoApp,
    /// No file tells the country.
    NoCountry,
    /// No file tells the owner.
    NoOwner,
    /// No file tells the maker.
    NoMaker,
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
            | Self::App
            | Self::NetworkOwner
            | Self::Oui
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
            | Self::Country
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
            Self::App => flow.app.clone().map_or(DimensionValue::NoApp, DimensionValue::Text),
            Self::Country => flow
                .country()
                .map_or(DimensionValue::NoCountry, |text| DimensionValue::Text(text.into())),
            Self::NetworkOwner => flow
                .network_owner()
                .map_or(DimensionValue::NoOwner, |text| DimensionValue::Text(text.into())),
            Self::Oui => flow
                .maker()
                .map_or(DimensionValue::NoMaker, |text| DimensionValue::Text(text.into())),
            Self::Server => DimensionValue::Address(flow.server.ip),
            Self::Port | Self::Protocol | Self::Capture | Self::Hour => self.number(flow, hour),
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
    pub(super) const OTHER: Self = Self::Number(13, 0);

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
            DimensionValue::NoApp => Self::Number(12, 0),
            DimensionValue::Other => Self::OTHER,
            DimensionValue::NoCountry => Self::Number(14, 0),
            DimensionValue::NoOwner => Self::Number(15, 0),
            DimensionValue::NoMaker => Self::Number(16, 0),
        }
    }
}

/// A flow and what more than one dimension asks of it.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) record: &'a FlowRecord,
    pub(super) best: Option<&'a Observation>,
    primary: Option<(&'a TagRecord, &'a Signature)>,
}

impl<'a> Facts<'a> {
    /// Of a flow.
    pub(super) fn of(record: &'a FlowRecord, database: &'a Database) -> Self {
        let primary = record.primary().map(|tag| (tag, database.signature(tag.signature)));
        Self { record, best: record.best_name(), primary }
    }

    fn cause(&self) -> ValueRef<'static> {
        ValueRef::Number(5, self.record.unnamed.unwrap_or(Without::NoPayload) as u64)
    }
}

impl Dimension {
    /// The same as [`Dimension::value`], borrowed, without a detour: a flow that ends is looked
    /// at in many dimensions.
    #[expect(clippy::inline_always, reason = "measured: nine calls for every flow that ends")]
    #[inline(always)]
    pub(super) fn borrowed<'a>(self, flow: &Facts<'a>, hour: CaptureTime) -> ValueRef<'a> {
        let Facts { record, best, primary } = *flow;
        let tagged = |value: Option<ValueRef<'a>>| value.unwrap_or(ValueRef::Number(1, 0));
        match self {
            Self::Signature => {
                tagged(primary.map(|(tag, _)| ValueRef::Number(0, tag.signature.0.into())))
            }
            Self::Product => tagged(primary.map(|(_, s)| ValueRef::Text(&s.product))),
            Self::Vendor => tagged(primary.map(|(_, s)| ValueRef::Text(&s.vendor))),
            Self::Category => tagged(primary.map(|(_, s)| ValueRef::Number(2, s.category as u64))),
            Self::Basis => tagged(primary.map(|(tag, _)| ValueRef::Number(3, tag.basis as u64))),
            Self::Grade => tagged(primary.map(|(tag, _)| ValueRef::Number(4, tag.grade as u64))),
            Self::Name => best.map_or_else(|| flow.cause(), |o| ValueRef::Name(o.name.as_str())),
            Self::Host => best
                .map_or(ValueRef::Address(record.server.ip), |o| ValueRef::Name(o.name.as_str())),
            Self::Registrable => best.map_or_else(
                || flow.cause(),
                |o| ValueRef::Name(o.name.registrable().unwrap_or(o.name.as_str())),
            ),
            Self::Via => best.map_or_else(|| flow.cause(), |o| ValueRef::Number(6, o.via as u64)),
            Self::Client => ValueRef::Address(record.client.ip),
            Self::Device => record.device.as_deref().map_or(ValueRef::Number(7, 0), ValueRef::Text),
            Self::App => record.app.as_deref().map_or(ValueRef::Number(12, 0), ValueRef::Text),
            Self::Country => record.country().map_or(ValueRef::Number(14, 0), ValueRef::Text),
            Self::NetworkOwner => {
                record.network_owner().map_or(ValueRef::Number(15, 0), ValueRef::Text)
            }
            Self::Oui => record.maker().map_or(ValueRef::Number(16, 0), ValueRef::Text),
            Self::Server => ValueRef::Address(record.server.ip),
            Self::Port | Self::Protocol | Self::Capture | Self::Hour => {
                ValueRef::of_number(&self.number(record, hour))
            }
        }
    }

    /// The value of a dimension that is a number whatever the flow.
    fn number(self, flow: &FlowRecord, hour: CaptureTime) -> DimensionValue {
        match self {
            Self::Port => {
                DimensionValue::Port(flow.protocol.0, flow.has_ports().then_some(flow.server.port))
            }
            Self::Protocol => DimensionValue::Protocol(flow.protocol.0),
            Self::Capture => DimensionValue::Capture(flow.capture),
            _ => DimensionValue::Hour(hour),
        }
    }
}

fn registrable(flow: &FlowRecord) -> DimensionValue {
    flow.best_name().map_or_else(
        || DimensionValue::Unnamed(flow.unnamed.unwrap_or(Without::NoPayload)),
        |best| DimensionValue::Name(row_key::registrable(&best.name)),
    )
}
