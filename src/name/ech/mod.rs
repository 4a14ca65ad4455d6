//! Encrypted ClientHello (RFC 9849): which names in a ClientHello are only the outer ones.
//!
//! A server publishes its `ECHConfigList` in the `ech` parameter of an HTTPS or SVCB record
//! (RFC 9848); the `public_name` in it stands as SNI in the hello of every client that uses it,
//! whatever host it wants. [`public_names`] reads such a list, [`OuterNames`] remembers which
//! client got which, and [`is_known_public_name`] asks the list that is shipped.

mod config;
mod outer_names;
mod shipped;

pub(in crate::name) use config::public_names;
pub(in crate::name) use outer_names::OuterNames;
pub(in crate::name) use shipped::is_known_public_name;
