//! Counts and labels become immutable snapshots that add up.
//!
//! Each flow owns one [`FlowCell`]: atomic counters, the only thing the hot path adds to, and
//! labels. The [`Registry`] knows the live cells. The [`Collector`] alone sums: it folds ended
//! flows into roll-ups and publishes [`Snapshot`]s.

mod assignment;
mod balance;
mod cell;
mod collector;
mod counter;
mod device;
mod dimension;
mod history;
mod label;
mod marker;
mod mask;
mod merge;
#[cfg(all(test, loom))]
mod models;
mod record;
mod recorder;
mod registry;
mod replay;
mod rollup;
mod rollup_table;
mod row_key;
mod row_store;
mod snapshot;
mod sync;
mod tag;
#[cfg(all(test, not(loom)))]
mod tests;
mod watch;
mod watched;

pub use assignment::{
    AddressFile, AddressFileError, Assigned, AssignmentFile, Assignments, Assigns, HardwareFile,
    MAKER_CAVEAT, NoHardware, PLACE_CAVEAT,
};
pub use balance::{Balance, Quantity, Totals};
pub use cell::{Beginning, FlowCell};
pub use collector::Collector;
pub use device::Devices;
pub use dimension::{Dimension, DimensionValue};
pub use history::{Slot, SlotRow};
pub use label::{Found, Labels, MatchLabel, NameLabel, Rare};
pub use marker::Marker;
pub use mask::{Mask, Pseudonyms, mask, masked_client, masked_server};
pub use record::{BothWays, Count, FlowRecord, TagRecord};
pub use recorder::Recorder;
pub use registry::Registry;
pub use replay::replay;
pub use rollup::{ListedRow, Rollup, RollupRow};
pub use snapshot::{BoundHits, Sampled, Snapshot};
pub use watch::{Tap, Watch, Watcher};
pub use watched::{FlowPlace, FlowSums, Watched, WatchedFlow};

pub use crate::flow::OrientedBy;
