//! Which cells are live: visited when a flow starts or ends, and by the collector.

use super::cell::FlowCell;
use super::sync::Arc;
use crate::flow::FlowId;

/// The live flows of one capture thread, by their number.
#[derive(Debug, Default)]
pub struct Registry {
    /// Set where nobody reads live cells: then none is entered.
    #[cfg(not(loom))]
    unread: bool,
    #[cfg(not(loom))]
    cells: dashmap::DashMap<FlowId, Arc<FlowCell>, InOrder>,
    // DashMap's locks are not loom's; a locked map has the same meaning.
    #[cfg(loom)]
    cells: super::sync::Mutex<std::collections::BTreeMap<FlowId, Arc<FlowCell>>>,
}

/// Hashes flow numbers so that neighbours stay neighbours: flows start one after the other, so
/// entering one touches the cache lines of the last. Nobody outside chooses the numbers.
#[cfg(not(loom))]
#[derive(Clone, Copy, Debug, Default)]
struct InOrder(u64);

#[cfg(not(loom))]
impl std::hash::BuildHasher for InOrder {
    type Hasher = Self;
    fn build_hasher(&self) -> Self {
        Self(0)
    }
}

#[cfg(not(loom))]
impl std::hash::Hasher for InOrder {
    fn write(&mut self, octets: &[u8]) {
        for octet in octets {
            self.0 = self.0.rotate_left(8) ^ u64::from(*octet);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    /// The low bits choose the place, the high ones the shard: a block of numbers shares one.
    fn finish(&self) -> u64 {
        let block = self.0 / 4096;
        self.0 ^ block.wrapping_mul(0x9e37_79b9_7f4a_7c15) << 48
    }
}

#[cfg(not(loom))]
impl Registry {
    /// A registry for a run whose only snapshot is that of its end, when no flow is live: nobody
    /// asks for cells, and none is entered.
    pub fn unread() -> Self {
        Self { unread: true, ..Self::default() }
    }

    /// Enters a flow that starts.
    #[inline]
    pub fn enter(&self, cell: &Arc<FlowCell>) {
        if !self.unread {
            self.cells.insert(cell.beginning().id, Arc::clone(cell));
        }
    }

    /// Takes a flow out: the collector has summed it.
    #[inline]
    pub(crate) fn leave(&self, id: FlowId) {
        if !self.unread {
            self.cells.remove(&id);
        }
    }

    /// Every live flow, in no order.
    pub(crate) fn each(&self, mut visit: impl FnMut(&Arc<FlowCell>)) {
        self.cells.iter().for_each(|entry| visit(entry.value()));
    }
}

#[cfg(loom)]
#[expect(clippy::unwrap_used, reason = "a poisoned lock fails the model")]
impl Registry {
    /// As any other: in the models every registry is read.
    pub fn unread() -> Self {
        Self::default()
    }

    /// Enters a flow that starts.
    pub fn enter(&self, cell: &Arc<FlowCell>) {
        self.cells.lock().unwrap().insert(cell.beginning().id, Arc::clone(cell));
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
