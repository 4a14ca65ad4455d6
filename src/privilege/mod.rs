//! Rights: given up before the first octet of a capture is parsed.
//!
//! Takes a [`Plan`]: what the rest of the run still needs. Gives a [`State`]: what is in force
//! afterwards, read back from the kernel, and what is lacking. Only `cli` calls this room; it
//! knows none of the others. What each layer is for: `docs/security.md`.
//!
//! ```no_run
//! use vigie::privilege::Plan;
//!
//! // Sockets, inputs and outputs are open; no other thread runs yet.
//! let plan = Plan { read: vec!["captures".into()], ..Plan::default() };
//! let state = plan.enforce()?;
//! for lack in &state.lacks {
//!     eprintln!("{lack}");
//! }
//! # Ok::<(), vigie::privilege::Unenforceable>(())
//! ```

#[cfg(target_os = "linux")]
mod capability;
#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod lock;
mod plan;
#[cfg(target_os = "linux")]
mod seccomp;
mod state;
mod status;
#[cfg(target_os = "linux")]
mod user;

#[cfg(target_os = "linux")]
pub use capability::overrides_file_modes;
pub use plan::{Descriptor, Plan, Unenforceable};
pub use state::{Lack, Layer, Rules, State};
pub use status::{Capabilities, Status};
#[cfg(target_os = "linux")]
pub use user::as_later_user;
