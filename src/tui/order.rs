//! What a view is to show: everything that the desk needs to know.

use std::collections::BTreeSet;

use crate::filter::Filter;
use crate::ledger::{Dimension, DimensionValue, FlowPlace, Mask};
use crate::signature::SignatureId;
use crate::source::CaptureTime;

/// The views, in the order of their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum View {
    /// Categories.
    #[default]
    Overview,
    /// Flows, one by one.
    Flows,
    /// A roll-up by this dimension.
    Rollup(Dimension),
    /// Categories over time.
    Timeline,
    /// The database, and what it met.
    Signatures,
}

impl View {
    /// The views that have a number.
    pub(super) const ALL: [Self; 8] = [
        Self::Overview,
        Self::Flows,
        Self::Rollup(Dimension::Host),
        Self::Rollup(Dimension::Product),
        Self::Rollup(Dimension::Client),
        Self::Rollup(Dimension::Device),
        Self::Timeline,
        Self::Signatures,
    ];

    /// Dimensions that a roll-up goes through, one after the other.
    pub(super) const DIMENSIONS: [Dimension; 19] = [
        Dimension::Host,
        Dimension::Product,
        Dimension::Client,
        Dimension::Device,
        Dimension::Category,
        Dimension::Vendor,
        Dimension::Signature,
        Dimension::Registrable,
        Dimension::Server,
        Dimension::Country,
        Dimension::NetworkOwner,
        Dimension::Oui,
        Dimension::Port,
        Dimension::Protocol,
        Dimension::App,
        Dimension::Via,
        Dimension::Basis,
        Dimension::Grade,
        Dimension::Capture,
    ];

    /// The key of its title.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Overview => "view-overview",
            Self::Flows => "view-flows",
            Self::Rollup(Dimension::Host) => "view-hosts",
            Self::Rollup(Dimension::Product) => "view-products",
            Self::Rollup(Dimension::Client) => "view-clients",
            Self::Rollup(Dimension::Device) => "view-devices",
            Self::Rollup(_) => "view-rollup",
            Self::Timeline => "view-timeline",
            Self::Signatures => "view-signatures",
        }
    }

    /// Its word in file names and commands.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Flows => "flows",
            Self::Rollup(Dimension::Host) => "hosts",
            Self::Rollup(Dimension::Product) => "products",
            Self::Rollup(Dimension::Client) => "clients",
            Self::Rollup(Dimension::Device) => "devices",
            Self::Rollup(dimension) => crate::export::dimension_word(dimension),
            Self::Timeline => "timeline",
            Self::Signatures => "signatures",
        }
    }
}

/// By what rows are sorted; the first is the view's own order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Sort {
    /// Most octets first.
    #[default]
    Octets,
    /// Most sent first.
    Up,
    /// Most received first.
    Down,
    /// Most flows first (the longest, among flows).
    Flows,
    /// Latest first.
    Last,
    /// By name.
    Name,
    /// Best grade first.
    Grade,
}

impl Sort {
    /// Every order.
    pub(super) const ALL: [Self; 7] =
        [Self::Octets, Self::Up, Self::Down, Self::Flows, Self::Last, Self::Name, Self::Grade];

    /// The next one, round and round.
    pub(super) fn next(self) -> Self {
        let place = Self::ALL.iter().position(|sort| *sort == self).unwrap_or(0);
        Self::ALL[(place + 1) % Self::ALL.len()]
    }

    /// The key of its name.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Octets => "sort-octets",
            Self::Up => "sort-up",
            Self::Down => "sort-down",
            Self::Flows => "sort-flows",
            Self::Last => "sort-last",
            Self::Name => "sort-name",
            Self::Grade => "sort-grade",
        }
    }
}

/// Which row: it stays the same while rows move.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum RowKey {
    /// A flow.
    Flow(FlowPlace),
    /// A value of the roll-up's dimension, or of the group.
    Value(DimensionValue),
    /// A category and a vendor in it.
    Vendor(DimensionValue, DimensionValue),
    /// A signature.
    Signature(SignatureId),
    /// Flows that are no longer kept one by one.
    Older,
}

/// A restriction that was entered from a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Drill {
    pub(super) dimension: Dimension,
    pub(super) value: DimensionValue,
}

/// What a view is to show.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Order {
    pub(super) view: View,
    pub(super) drills: Vec<Drill>,
    pub(super) filter: Option<Filter>,
    pub(super) mask: Mask,
    /// The moment at which the ledger is shown; none: now.
    pub(super) moment: Option<CaptureTime>,
    /// The part of time that is drawn, in nanoseconds before its end; none: all.
    pub(super) window: Option<u64>,
    pub(super) sort: Sort,
    pub(super) reversed: bool,
    /// By what flows are grouped.
    pub(super) group: Option<Dimension>,
    /// Groups that are folded.
    pub(super) folded: BTreeSet<DimensionValue>,
    /// Text that is looked for in signatures.
    pub(super) search: Option<String>,
    /// Columns of a timeline.
    pub(super) columns: usize,
}
