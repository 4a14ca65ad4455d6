//! Names, addresses and ports become tags: cited claims about who is behind them.
//!
//! [`Database`] holds the signatures (schema and how to write one: `docs/signatures.md`) and
//! answers with the most specific [`Match`]; [`grade()`] says how strong the claim is.

mod category;
mod coverage;
mod database;
mod date;
mod distance;
mod explain;
mod files;
mod grade;
mod import;
mod lint;
mod listing;
mod load;
mod load_error;
mod matcher;
mod network;
mod pattern;
mod purpose;
mod read;
mod schema;
mod tag;
mod write;

pub use category::{Category, CategoryNames};
pub use database::{Database, Match, SignatureId};
pub use explain::{Candidate, Explanation, GradesByBasis, Lost, Near, Nearest, Query};
pub use grade::{Basis, Grade, GradeFacts, grade};
pub use import::{Examples, ImportError, Imported, LeftOut, ListFacts, import};
pub use lint::{Finding, Report, Rule};
pub use listing::{ListForm, Listed, write_list};
pub use load_error::{Fault, LoadError};
pub use pattern::PatternError;
pub use purpose::{PurposeNames, purpose_names};
pub use schema::{Confidence, Exclusivity, Signature, SourceCitation, Status, VantageSide};
pub use tag::Tag;
