//! What people read, in English, French and German: the one mechanism of screens and reports.
//!
//! A [`Language`] gives the text of a message by its key ([Fluent](https://projectfluent.org)
//! files in `locales/`), numbers in its form, and the names of categories. Data formats are
//! never localised.

mod choice;
mod message;
mod moment;
mod number;
#[cfg(test)]
mod tests;

pub use choice::Language;
pub use message::{Argument, Key};
pub use moment::offset;
