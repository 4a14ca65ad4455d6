//! Packets become flows: a 5-tuple table with orientation, TCP state and expiry.

mod flag;
mod key;

pub use flag::FlowFlags;
pub use key::{Endpoint, FlowId, FlowKey, ScopeId, Side};
