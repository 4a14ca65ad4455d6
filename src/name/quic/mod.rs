//! QUIC: the `ClientHello` out of the Initial packets of a flow.
//!
//! An Initial is protected with keys that everybody can derive from it (RFC 9001 §5.2); that one
//! decrypts, tag and all, is the only proof that a flow is QUIC. [`QuicInitials`] walks the
//! packets of each datagram, opens the client's Initials and puts the octets of their CRYPTO
//! frames in order. Versions: 1 (RFC 9000), 2 (RFC 9369), drafts 22 to 34 and those that Meta and
//! Google made of the drafts. [`google_first`] reads what Google spoke before that. [`InitialsAnew`]
//! changes what Initials say, for captures that are written anew.

mod anew;
#[cfg(test)]
mod corpus_tests;
mod crypto_stream;
mod cursor;
mod frame;
mod google;
mod header;
mod initials;
mod keys;
mod parameters;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod vectors;
mod version;

pub use anew::{CryptoPiece, InitialsAnew, Opened};
pub(in crate::name) use google::{GoogleFirst, google_first, google_hello, is_google_hello};
pub(in crate::name) use header::looks_like_initial;
pub(in crate::name) use initials::{QuicInitials, QuicRead};
pub use parameters::QuicOffer;
pub(in crate::name) use parameters::{DRAFT_TRANSPORT_PARAMETERS, TRANSPORT_PARAMETERS};
