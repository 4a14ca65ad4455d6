//! The pcapng format: sections of blocks.

mod block;
mod interface;
mod option;
mod packet;
mod reader;
mod scan;
mod section;
mod statistics;

pub(super) use reader::PcapNg;
