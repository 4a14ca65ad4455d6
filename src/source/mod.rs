//! Octets in: captures and streams of them become [`Frame`]s.
//!
//! Takes files, directories and standard input, in pcap or pcapng, plain or compressed.
//! Gives frames in batches, numbered from 1 within their capture as Wireshark counts, and an
//! account of what was read: [`CaptureAccount`], whose frame and octet counts are kept here,
//! apart from the ledger's, so that the two can be compared.

mod account;
mod capture;
mod compressed;
mod damage;
mod discover;
mod frame;
mod from_start;
mod hash;
#[cfg(target_os = "linux")]
pub mod live;
mod merge;
mod octets;
mod open;
mod order;
mod pcap;
mod pcapng;
mod plan;
mod relay;
mod rotation;
mod session;
mod share;
mod silence;
mod sink;
mod sniff;
mod stream;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod window;

pub use account::{CaptureAccount, Comment, Interface, UnknownBlocks};
pub use damage::{Damage, DamageKind};
pub use discover::{Found, find, plan_streams};
pub use frame::{Batch, CaptureTime, Dated, Frame, FrameRecord, LinkType};
pub use open::OpenError;
pub use plan::{Input, Plan, PlanError, Reading, StreamPlan};
pub use relay::{Relayed, StreamRelay};
pub use session::{SessionFile, SessionMarker};
pub use share::{Share, share_of_hosts};
pub use sniff::Compression;
pub use stream::{ReadOptions, StreamReader};
