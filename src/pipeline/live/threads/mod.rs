//! A live capture on several threads, each with frames, flows and names of its own.
//!
//! A flow is counted by one thread alone, which the two addresses of its innermost header choose
//! ([`share_of_hosts`](crate::source::share_of_hosts)). The kernel chooses by the outermost ones;
//! where the two differ, in tunnels, the frame is handed over before it is counted. So no flow is
//! met by two threads, and no parts of one have to be joined. DNS answers lie in one table, which
//! is asked again once all threads have come by the moment of the question. What the threads have
//! at the end is added up by [`Snapshot::merge`](crate::ledger::Snapshot::merge): the ledger is
//! that of one thread.

mod ending;
mod handing;
mod meeting;
mod part;
mod post;
mod run;

pub(in crate::pipeline) use handing::Threaded;
pub use run::run_live_threads;
