//! HTTP/2 without TLS (RFC 9113 §3.3): the requests of one direction.

mod frames;
mod hpack;
mod huffman;
mod static_table;

pub(in crate::name) use frames::{Frames, FramesTold, PREFACE};
