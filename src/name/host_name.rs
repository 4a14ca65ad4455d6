//! The one form of a host name.

use std::fmt;

/// A DNS host name: lower case, A-labels, no final dot, 1 to 253 octets; labels of 1 to 63
/// letters, digits, `-` and `_` with no hyphen at either end; the last label not all digits
/// (RFC 1035 §2.3.4, RFC 1123 §2.1, RFC 3696 §2).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HostName(Box<str>);

/// Why octets from the wire are not a host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAHostName {
    /// Nothing there.
    #[error("the name is empty")]
    Empty,
    /// An IPv4 or IPv6 address.
    #[error("an address literal is not a name")]
    AddressLiteral,
    /// Octets beyond ASCII on the wire.
    #[error("the name is not ASCII")]
    NotAscii,
    /// A label or the whole is too long or too short, or holds other characters.
    #[error("the name is not a host name")]
    Invalid,
}

impl HostName {
    /// The name that `octets` spell, as sent in a ClientHello, a Host header or a DNS message in
    /// its textual form; a final dot is removed, upper case is lowered.
    ///
    /// A port must have been removed before.
    pub fn from_wire(octets: &[u8]) -> Result<Self, NotAHostName> {
        let _ = octets;
        Err(NotAHostName::Invalid)
    }

    /// x
    pub fn registrable(&self) -> Option<&str> {
        None
    }
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HostName({})", self.0)
    }
}
