//! Every number of a bundle as tables: RFC 4180, one header line, the last column says how the
//! row can be counted again.
//!
//! A row is `tagged` only where the recount that is made with the bundle gave the same numbers
//! from the bundle's own captures; where it did not, the row is `original` and the record lists
//! it.

mod captures;
mod flows;
mod kind;
mod plain;
mod rollup;
mod writer;

pub(super) use flows::{FlowRows, FlowSums, SniSums, flows_header};
pub(super) use kind::{Facts, Kind};
pub(super) use writer::{Known, TableSummary, numbers, shown_cells, write};

/// Name of the table of flows, which is written while they are counted.
pub(super) const FLOWS: &str = "flows.csv";
