//! `vigie live`: traffic as it comes, counted until it is told to end.
//!
//! `args` is what was typed, `plan` what it comes to, `run` the order of things: `opening` opens
//! what needs a right, rights are given up, and only then a file is made and the first packet
//! parsed. `watch` stands between the pipeline and everybody who wants something of it.
//! `on_screen` is the same order with the terminal's screen, fed by `screen_feed`.

mod args;
mod aside;
mod duties;
mod on_screen;
mod opening;
mod output;
mod plan;
mod run;
mod screen_feed;
mod signals;
mod troubles;
mod watch;

pub(super) use args::LiveArguments;
pub(super) use plan::LivePlan;
pub(super) use run::run;
