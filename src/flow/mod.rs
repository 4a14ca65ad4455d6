//! Packets become flows: a 5-tuple table with orientation, TCP state and expiry.
//!
//! Takes packets of a stream in the order of the capture. Gives, for each, the flow it belongs
//! to and the side that sent it; and every flow once it has ended. The table holds a state of
//! its user's for each flow ([`FlowState`]) without knowing what it is.

mod expiry;
mod flag;
mod index;
mod key;
mod orientation;
mod prefetch;
mod scope;
mod slab;
mod table;
mod tcp;

pub use expiry::IdleLimits;
pub use flag::FlowFlags;
pub(crate) use index::Index;
pub use key::{Endpoint, FlowId, FlowKey, ScopeId, Side};
pub use orientation::{HomeNet, Orientation, OrientedBy};
pub use prefetch::prefetch;
pub use scope::{Scope, Scopes};
pub use table::{Arrival, EndCause, Ended, Flow, FlowState, FlowTable};
pub use tcp::{TcpState, is_telling, opens};
