//! HTTP/1 requests (RFC 9112).

mod request;
mod requests;

pub(in crate::name) use request::{LONGEST_LINE, is_request_line, may_start, skip_empty_lines};
pub(in crate::name) use requests::{Requests, Told};
