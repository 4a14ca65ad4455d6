//! TLS inside EAP (EAP-TLS, RFC 5216; EAP-TTLS, RFC 5281; PEAP; EAP-FAST, RFC 4851; TEAP, RFC
//! 7170), as RADIUS carries it between an access point and the server that checks who logs in (RFC
//! 3579). Between the device and the access point EAP stands in frames without IP, which are in no
//! flow.

mod method;
mod places;
mod radius;
#[cfg(test)]
pub(in crate::name) mod sample;
mod sessions;
#[cfg(test)]
mod tests;

pub use places::{LoginDatagram, LoginStep, LoginTls, login_in_datagram};
pub(in crate::name) use sessions::{Logins, LoginsRead};
