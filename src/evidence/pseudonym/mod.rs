//! Pseudonyms for clients: in the bundle's captures, and in all that is said of them.
//!
//! Addresses keep their prefixes (Crypto-PAn), MACs become keyed hashes, checksums stay as
//! right or wrong as they were, clients' own names are left out. Only the key undoes it; it never
//! enters a bundle.

mod apply;
mod capture;
mod checksum;
mod cryptopan;
mod ff1;
mod frame;
mod hello;
mod image;
mod key;
mod message;
mod names;
mod tenant;
#[cfg(test)]
mod tests;

pub use apply::PseudonymFault;
pub use key::{KeyFault, PseudonymKey};
pub use names::{Clash, Pseudonyms};
pub use tenant::{MaskedNames, NotADomain, Tenants, own_domain};

/// Blocks that are no public address (IANA's special-purpose registries, RFC 6890): pseudonyms of
/// their addresses lie in the same block, those of public ones outside.
const SPECIAL: [&str; 26] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/96",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "fc00::/8",
    "fd00::/8",
    "fe80::/10",
    "ff00::/8",
];
