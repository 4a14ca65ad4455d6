//! One language for what is shown: the command line's and the terminal's.

mod expression;

pub use expression::{Context, Filter, FilterError};
