//! TLS: records (RFC 8446 §5.1), the ClientHello (§4.1.2), also in the form of SSL 2.0, and a
//! server's answer up to its certificate (RFC 5246 §7.4).

pub(in crate::name) mod client_hello;
pub(in crate::name) mod old_hello;
pub(in crate::name) mod record;
#[cfg(test)]
mod rfc8448;
#[cfg(test)]
pub(in crate::name) mod sample;
pub(in crate::name) mod server_flight;
