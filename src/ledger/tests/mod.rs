//! What the ledger promises, seen from its door: cells in, records and snapshots out.

mod balance;
mod collector;
mod counter;
mod hours;
mod merge;
mod recorder;
mod rollups;
mod sample;
mod tag;
mod watch;
