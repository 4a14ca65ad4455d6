//! `vigie report`: a bundle of evidence from captures.

mod args;
mod host;
mod passphrase;
mod plan;
mod recorded;
mod run;

pub(super) use args::ReportArguments;
pub(super) use plan::ReportPlan;
pub(super) use recorded::{NamedFiles, Recorded, files};
pub(super) use run::run;
