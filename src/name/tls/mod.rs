//! TLS: records (RFC 8446 §5.1) and the ClientHello (§4.1.2).

pub(in crate::name) mod client_hello;
pub(in crate::name) mod record;
#[cfg(test)]
pub(in crate::name) mod sample;
