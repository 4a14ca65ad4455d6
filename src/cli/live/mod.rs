//! `vigie live`: traffic as it comes, counted until it is told to end.
//!
//! `args` is what was typed, `plan` what it comes to, `run` the order of things: sources and
//! outputs are opened, rights are given up, and only then the first packet is parsed. `watch`
//! stands between the pipeline and everybody who wants something of it.

mod args;
mod duties;
mod output;
mod plan;
mod run;
mod signals;
mod watch;

pub(super) use args::LiveArguments;
pub(super) use plan::LivePlan;
pub(super) use run::run;
