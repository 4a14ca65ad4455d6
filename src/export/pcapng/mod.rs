//! Captures that vigie writes: pcapng (draft-ietf-opsawg-pcapng), nanoseconds.
//!
//! Takes frames with their flows through [`pipeline::FrameSink`](crate::pipeline::FrameSink).
//! What of a frame is kept is [`Keeping`]'s to say. Blocks go to the file whole and in one piece,
//! at the latest when nothing has come for a moment: whoever ends vigie by force leaves a file
//! that can be read up to its last whole block.

mod block;
mod file;
mod parts;
mod writer;

pub use file::FileFault;
pub use parts::{Keep, Rotation};
pub use writer::{CaptureWriter, Keeping, ONLY_TAGGED, WriteOptions, Written};

pub(super) use block::Packet;
