//! Octets in: captures and streams of them become [`Frame`]s.
//!
//! Takes files, directories and standard input, in pcap or pcapng, plain or compressed.
//! Gives frames in batches, numbered from 1 within their capture as Wireshark counts, and an
//! account of what was read: [`CaptureAccount`], whose frame and octet counts are kept here,
//! apart from the ledger's, so that the two can be compared.

mod account;
mod frame;
mod plan;

pub use account::{CaptureAccount, Damage, DamageKind, Interface};
pub use frame::{Batch, CaptureTime, Dated, Frame, FrameRecord, LinkType};
pub use plan::{Input, Reading, StreamPlan};
