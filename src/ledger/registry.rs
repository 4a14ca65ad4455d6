//! Which cells are live: visited when a flow starts or ends, and by the collector.

use super::cell::FlowCell;
use super::sync::Arc;
use crate::flow::FlowId;

/// The live flows of one capture thread, by their number.
#[derive(Debug, Default)]
pub struct Registry {
    #[cfg(not(loom))]
    cells: dashmap::DashMap<FlowId, Arc<FlowCell>, foldhash::fast::RandomState>,
    // DashMap's locks are not loom's; a locked map has the same meaning.
    #[cfg(loom)]
    cells: super::sync::Mutex<std::collections::BTreeMap<FlowId, Arc<FlowCell>>>,
}

#[cfg(not(loom))]
impl Registry {
    /// Enters a flow that starts.
    pub fn enter(&self, cell: Arc<FlowCell>) {
        self.cells.insert(cell.beginning().id, cell);
    }

    /// Takes a flow out: the collector has summed it.
    pub(crate) fn leave(&self, id: FlowId) {
        self.cells.remove(&id);
    }

    /// Every live flow, in no order.
    pub(crate) fn each(&self, mut visit: impl FnMut(&Arc<FlowCell>)) {
        self.cells.iter().for_each(|entry| visit(entry.value()));
    }
}

#[cfg(loom)]
#[expect(clippy::unwrap_used, reason = "a poisoned lock fails the model")]
impl Registry {
    /// Enters a flow that starts.
    pub fn enter(&self, cell: Arc<FlowCell>) {
        self.cells.lock().unwrap().insert(cell.beginning().id, cell);
    }

    /// Takes a flow out: the collector has summed it.
    pub(crate) fn leave(&self, id: FlowId) {
        self.cells.lock().unwrap().remove(&id);
    }

    /// Every live flow.
    pub(crate) fn each(&self, mut visit: impl FnMut(&Arc<FlowCell>)) {
        self.cells.lock().unwrap().values().for_each(|cell| visit(cell));
    }
}
