//! Counts and labels become immutable snapshots that add up.

mod balance;
mod device;
mod record;
mod rollup;
mod snapshot;

pub use balance::{Balance, Quantity, Totals};
pub use device::Devices;
pub use record::{BothWays, Count, FlowRecord, TagRecord};
pub use rollup::{Dimension, DimensionValue, Rollup, RollupRow};
pub use snapshot::{BoundHits, Snapshot};

pub use crate::flow::OrientedBy;
