//! Evidence that a stranger can check: the bundle, and whoever checks it.
//!
//! ```text
//! captures ─ pass 1 ─▶ Snapshot, Remarks, TaggedFlows ─┐
//! captures ─ pass 2, tagged flows' frames only ───────┼─▶ capture/tagged*.pcapng, flows, Timeline
//!                                                     ▼
//!            Material + Case ─▶ report.html │ figures │ screens │ tables │ record.json │ CHECK.txt
//!                                                     ▼
//!                                   Bag ─▶ manifests ─▶ signature ─▶ folder │ zip
//! folder │ zip ─▶ verify: structure, hashes, signature, recount of every `tagged` table
//! ```
//!
//! Pass 1 counts everything and says which flows are tagged; pass 2 reads the same captures with
//! the same options, looks at no flow but the tagged ones and those whose DNS answers it keeps,
//! and keeps of their frames what names and counts them. Everything that a bundle says is made
//! from one [`Material`], after pseudonyms and masks: `report`, `figure`, `screens` and `tables`
//! see nothing else, and read neither clock nor environment, so that the same material and
//! [`Case`] give the same octets.
//!
//! Every number is either `tagged` (it can be recounted from the bundle's own captures) or
//! `original` (only from the captures whose hashes `record.json` states): [`Recount`].

mod archive;
mod bag;
pub mod bundle;
mod case;
mod check;
mod chosen;
mod counting;
pub mod figure;
mod gather;
mod hash;
mod material;
pub mod pseudonym;
mod record;
mod recount;
mod remark;
pub mod report;
mod scratch;
pub mod screens;
pub mod seal;
mod session;
mod tables;
mod tagged;
#[cfg(test)]
mod testing;
mod timeline;
pub mod verify;

pub use bag::{BagError, private_folder};
pub use case::Case;
pub use counting::Counting;
pub use figure::Figure;
pub use gather::{Difference, FirstPass, GatherFault, Gathered};
pub use material::{ClockState, Host, Material, Privacy, Recount, ResolvedOption, TaggedCapture};
pub use recount::RecountError;
pub use remark::{Remarks, Tally};
pub use scratch::Scratch;
pub use screens::Screen;
pub use timeline::{Timeline, TimelineRow};
