//! DTLS 1.0 (RFC 4347), 1.2 (RFC 6347) and 1.3 (RFC 9147): the ClientHello in datagrams.

mod fragments;
mod hello;
mod record;
#[cfg(test)]
pub(in crate::name) mod sample;

pub(in crate::name) use hello::{DtlsHello, DtlsRead};
pub(in crate::name) use record::{hellos, looks_like_record};
