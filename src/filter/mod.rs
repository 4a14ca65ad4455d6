//! One language for what is shown: the command line's and the terminal's.
//!
//! Text → tokens → [`Filter`] → yes or no for anything that is a [`Subject`]: a flow here, a
//! roll-up row where the terminal needs it. The language is described in `docs/filter.md`.

mod eval;
mod expression;
mod field;
mod glob;
mod parse;
mod protocol;
mod suggest;
mod token;
mod value;

pub use eval::{Subject, Value};
pub use expression::{Context, Filter, FilterError};
pub use field::Field;
pub use protocol::protocol_word;
pub use suggest::nearest;
