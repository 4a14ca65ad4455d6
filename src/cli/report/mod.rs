//! `vigie report`: a bundle of evidence from captures.

mod args;
mod host;
mod passphrase;
mod plan;
mod run;

pub(super) use args::ReportArguments;
pub(super) use plan::ReportPlan;
pub(super) use run::run;
