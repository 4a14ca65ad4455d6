//! HTTP/1 requests (RFC 9112).

mod request;
mod requests;

pub(in crate::name) use request::{may_start, starts_request};
pub(in crate::name) use requests::{Requests, Told};
