//! What the flow table keeps for the pipeline with every flow.

use std::sync::Arc;

use crate::flow::{FlowKey, FlowState};
use crate::ledger::FlowCell;
use crate::name::NameSearch;

/// A flow's cell, shared with the collector, and its search for names.
#[derive(Debug)]
pub(super) struct State {
    pub(super) cell: Arc<FlowCell>,
    pub(super) search: NameSearch,
}

impl FlowState for State {
    fn key(&self) -> &FlowKey {
        self.cell.key()
    }

    fn prefetch(&self) {
        self.cell.prefetch();
    }
}
