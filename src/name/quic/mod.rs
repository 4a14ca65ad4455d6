//! QUIC: the ClientHello out of the Initial packets of a flow.
//!
//! An Initial is protected with keys that everybody can derive from it (RFC 9001 §5.2); that one
//! decrypts, tag and all, is the only proof that a flow is QUIC. [`QuicInitials`] walks the
//! packets of each datagram, opens the client's Initials and puts the octets of their CRYPTO
//! frames in order. Versions: 1 (RFC 9000), 2 (RFC 9369) and drafts 22 to 34.

mod crypto_stream;
mod cursor;
mod frame;
mod header;
mod initials;
mod keys;
mod version;

pub(in crate::name) use header::looks_like_initial;
pub(in crate::name) use initials::{QuicInitials, QuicRead};
