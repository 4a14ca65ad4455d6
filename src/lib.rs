//! vigie, a network egress telemetry monitor: who is this machine talking to, for what purpose,
//! and how much does it send?
//!
//! The data flows one way; no room knows one to its right:
//!
//! ```text
//! source ─Frame─▶ decode ─Packet─▶ flow ─FlowEvent─▶ name ─Observation─▶ signature ─Tag─▶ ledger ─Snapshot─▶ filter ─▶ export │ tui │ cli
//! └──────────────────────────── joined in one place: pipeline ────────────────────────────┘
//! ```
//!
//! | room | takes → gives |
//! |---|---|
//! | [`source`] | files, directories, standard input → [`source::Frame`] |
//! | [`decode`] | `Frame` → [`decode::Decoded`]: packet, not IP, or undecodable |
//! | [`flow`] | `Packet` → flow, side, orientation, end |
//! | [`name`] | first octets of each direction → [`name::Observation`] |
//! | [`signature`] | name, address, port → [`signature::Tag`] |
//! | [`ledger`] | counts and labels → [`ledger::Snapshot`] |
//! | [`filter`] | expression → predicate over flows and roll-up rows |
//! | [`pipeline`] | sources → a filled ledger |
//! | [`export`] | `Snapshot` → NDJSON, JSON, CSV |
//! | [`language`] | message, number → text in English, French, German |
//! | [`tui`] | `Snapshot` → the terminal's screen, and pictures of it |
//! | [`evidence`] | `Snapshot` and tagged flows → a bundle that a stranger can check |
//! | [`privilege`] | what the rest of a run needs → everything else given up; aside, only `cli` calls it |
//! | [`cli`] | the command line |
#![cfg_attr(
    not(test),
    warn(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)
)]

pub mod cli;
pub mod decode;
pub mod evidence;
pub mod export;
pub mod filter;
pub mod flow;
pub mod language;
pub mod ledger;
pub mod name;
pub mod pipeline;
pub mod privilege;
pub mod signature;
pub mod source;
pub mod tui;
