//! What the flow table keeps for the pipeline with every flow.

use std::sync::Arc;

use crate::flow::{FlowFlags, FlowKey, FlowState};
use crate::ledger::FlowCell;
use crate::name::NameSearch;

/// A flow's cell, shared with the collector, and its search for names.
#[derive(Debug)]
pub(super) struct State {
    pub(super) cell: Arc<FlowCell>,
    pub(super) search: NameSearch,
    /// Flags that packets alone have given, so that each is noted once.
    pub(super) marked: FlowFlags,
}

impl FlowState for State {
    fn key(&self) -> &FlowKey {
        self.cell.key()
    }

    fn prefetch(&self) {
        self.cell.prefetch();
    }
}
