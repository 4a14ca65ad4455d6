//! The command line: what was typed becomes a plan, the plan a run, the run text and an exit
//! status.
//!
//! `args` holds exactly what was typed, `config` the defaults of the configuration file, `plan`
//! what both come to, checked and resolved. One file a command; `text` draws the summary;
//! `outcome` alone knows exit statuses.

mod analyze;
mod args;
mod assignments;
mod bundles;
mod cause;
mod completions;
mod config;
mod control;
mod devices;
mod dns_log;
mod document;
mod explain;
#[cfg(target_os = "linux")]
mod interfaces;
mod interrupt;
mod live;
mod log;
mod man;
mod mark;
mod outcome;
mod plan;
mod progress;
mod query;
mod report;
mod reveal;
mod run;
mod sandbox;
mod screen;
mod security;
mod signatures;
mod suggestion;
mod text;
mod value;
mod verify;
mod view;
mod view_beside;
mod view_feed;
mod view_frames;
mod warning;
mod welcome;
mod width;

pub use run::main;
