//! What stands before the traffic that a proxy carries: SOCKS requests and headers, and PROXY headers. HTTP's
//! CONNECT is a request like others and read with them.

mod header;
mod relayed;
mod socks;

pub(in crate::name) use header::{SIGNATURE, read_v1, read_v2};
pub(in crate::name) use relayed::{Relayed, read_relayed};
pub(in crate::name) use socks::{looks_like_4, looks_like_5, read_4, read_5};
