//! The one form of a host name.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use std::fmt;
use std::net::Ipv6Addr;

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
        let name = octets.strip_suffix(b".").unwrap_or(octets);
        let mut room = [0; LONGEST_NAME];
        match lowered(name, &mut room).and_then(|name| str::from_utf8(name).ok()) {
            Some(text) => Ok(Self(text.into())),
            None => Err(fault(name)),
        }
    }

    /// The same, after a port that may follow it is removed, as in a Host header (RFC 9110 §7.2)
    /// and in the SNI of clients that should not send one there. Spaces and tabs around it do not
    /// count (§5.6.3), other control characters do.
    pub(in crate::name) fn with_port(octets: &[u8]) -> Result<Self, NotAHostName> {
        let is_space = |octet: &u8| matches!(octet, b' ' | b'\t');
        let start = octets.iter().position(|octet| !is_space(octet)).unwrap_or(octets.len());
        let end = octets.iter().rposition(|octet| !is_space(octet)).map_or(start, |last| last + 1);
        Self::from_wire(without_port(octets.get(start..end).unwrap_or_default()))
    }

    /// The name that a person typed: U-labels become A-labels (UTS #46), spaces around it do not
    /// count.
    pub fn from_user(text: &str) -> Result<Self, NotAHostName> {
        let text = text.trim();
        if text.is_ascii() {
            return Self::from_wire(text.as_bytes());
        }
        let ascii = idna::domain_to_ascii(text).map_err(|_| NotAHostName::Invalid)?;
        Self::from_wire(ascii.as_bytes())
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

/// Removes `:` and digits after it, unless they belong to a bare IPv6 address.
fn without_port(value: &[u8]) -> &[u8] {
    let Some(colon) = value.iter().rposition(|octet| *octet == b':') else { return value };
    let Some((host, [_, port @ ..])) = value.split_at_checked(colon) else { return value };
    let bare_v6 = host.contains(&b':') && host.first() != Some(&b'[');
    if !bare_v6 && port.iter().all(u8::is_ascii_digit) { host } else { value }
}

/// A host name in lower case, written into `room`; `None` for anything else. The octets first,
/// without a branch, then the labels: every name of every flow comes through here.
fn lowered<'r>(name: &[u8], room: &'r mut [u8; LONGEST_NAME]) -> Option<&'r [u8]> {
    let lower = room.get_mut(..name.len())?;
    let mut is_odd = false;
    for (octet, lower) in name.iter().zip(&mut *lower) {
        let kind = KINDS.get(usize::from(*octet)).copied().unwrap_or_default();
        is_odd |= kind == 0;
        *lower = kind;
    }
    if is_odd {
        return None;
    }
    // Labels are short: a loop finds their ends sooner than a search that is called for each.
    let mut last = &*lower;
    for label in lower.split(|octet| *octet == DOT) {
        if !is_label(label) {
            return None;
        }
        last = label;
    }
    let is_name = !last.iter().all(u8::is_ascii_digit);
    (is_name && !(is_number(last) && is_address_literal(lower))).then_some(lower)
}

/// Whether octets that host names have are one label: 1 to 63, no hyphen at either end.
fn is_label(octets: &[u8]) -> bool {
    let ends = [octets.first(), octets.last()];
    (1..=LONGEST_LABEL).contains(&octets.len()) && !ends.contains(&Some(&b'-'))
}

/// Of each octet, what it is in a host name: itself in lower case, or 0.
#[expect(clippy::indexing_slicing, reason = "what lies outside does not compile")]
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut octet = 0_u8;
    loop {
        if octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | DOT) {
            kinds[octet as usize] = octet.to_ascii_lowercase();
        }
        if octet == u8::MAX {
            break;
        }
        octet += 1;
    }
    kinds
};

const DOT: u8 = b'.';

/// What is wrong with octets that are no host name.
fn fault(name: &[u8]) -> NotAHostName {
    if name.is_empty() {
        NotAHostName::Empty
    } else if !name.is_ascii() {
        NotAHostName::NotAscii
    } else if is_address_literal(name) {
        NotAHostName::AddressLiteral
    } else {
        NotAHostName::Invalid
    }
}

/// Whether ASCII octets are an IPv6 address, bare or in brackets (RFC 3986 §3.2.2), or an IPv4
/// address in any of the forms that `inet_aton` takes: one to four numbers, also octal or
/// hexadecimal.
fn is_address_literal(name: &[u8]) -> bool {
    if name.first() == Some(&b'[') {
        return name.last() == Some(&b']');
    }
    if name.contains(&b':') {
        let address = name.split(|octet| *octet == b'%').next().unwrap_or(name);
        return str::from_utf8(address).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok());
    }
    is_number(last_label(name))
        && name.split(|octet| *octet == b'.').count() <= 4
        && name.split(|octet| *octet == b'.').all(is_number)
}

/// Whether a label is a number as C writes it: decimal, octal, or hexadecimal after `0x`.
fn is_number(label: &[u8]) -> bool {
    match label {
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        [] => false,
        digits => digits.iter().all(u8::is_ascii_digit),
    }
}

/// What stands after the last dot.
fn last_label(name: &[u8]) -> &[u8] {
    name.rsplit(|octet| *octet == b'.').next().unwrap_or(name)
}

/// Octets of the longest name without its final dot (RFC 1035 §2.3.4: 255 with the lengths).
const LONGEST_NAME: usize = 253;
/// Octets of the longest label (RFC 1035 §2.3.4).
const LONGEST_LABEL: usize = 63;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{HostName, NotAHostName};

    fn read(text: &str) -> Result<String, NotAHostName> {
        HostName::from_wire(text.as_bytes()).map(|name| name.as_str().to_owned())
    }

    #[test]
    fn a_name_is_lowered_and_loses_its_final_dot() {
        assert_eq!(
            read("Self.Events.Data.MICROSOFT.com.").unwrap(),
            "self.events.data.microsoft.com"
        );
        assert_eq!(read("localhost").unwrap(), "localhost");
        assert_eq!(read("_dns.resolver.arpa").unwrap(), "_dns.resolver.arpa");
        assert_eq!(read("a_b.xn--bcher-kva.example").unwrap(), "a_b.xn--bcher-kva.example");
        assert_eq!(read("1.2.3.4.in-addr.arpa").unwrap(), "1.2.3.4.in-addr.arpa");
    }

    #[test]
    fn addresses_are_no_names() {
        let addresses = [
            "192.0.2.1",
            "192.0.2.1.",
            "127.1",
            "2130706433",
            "0x7f.0.0.1",
            "0300.0.2.1",
            "::1",
            "2001:db8::1",
            "fe80::1%eth0",
            "[2001:db8::1]",
            "::ffff:192.0.2.1",
        ];
        for address in addresses {
            assert_eq!(read(address), Err(NotAHostName::AddressLiteral), "{address}");
        }
    }

    #[test]
    fn a_port_is_removed_where_one_may_stand() {
        let name = |text: &str| HostName::with_port(text.as_bytes());
        for value in ["example.org", "example.org:8080", "EXAMPLE.org.:80", " example.org: "] {
            assert_eq!(name(value).unwrap().as_str(), "example.org", "{value}");
        }
        for value in ["192.0.2.1:80", "[2001:db8::1]:80", "[2001:db8::1]", "2001:db8::1", "::1"] {
            assert_eq!(name(value), Err(NotAHostName::AddressLiteral), "{value}");
        }
        for value in ["example.org:http", "user@example.org", "a b", "example.org:80:80"] {
            assert_eq!(name(value), Err(NotAHostName::Invalid), "{value}");
        }
        assert_eq!(name(""), Err(NotAHostName::Empty));
        assert_eq!(name(":80"), Err(NotAHostName::Empty));
    }

    #[test]
    fn labels_obey_rfc_1123_and_lengths_rfc_1035() {
        let longest = ["a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(61)].join(".");
        assert_eq!(read(&longest).unwrap().len(), 253);
        for wrong in [
            "-a.example",
            "a-.example",
            "a..example",
            ".example",
            "a b.example",
            "a.example..",
            "exa*mple",
            "a/b",
            "host:80",
            "1.2.3.4.5",
            "example.123",
            "a\u{0}b",
        ] {
            assert_eq!(read(wrong), Err(NotAHostName::Invalid), "{wrong}");
        }
        assert_eq!(read(&"a".repeat(64)), Err(NotAHostName::Invalid));
        assert_eq!(read(&format!("{longest}e")), Err(NotAHostName::Invalid));
        assert_eq!(read(""), Err(NotAHostName::Empty));
        assert_eq!(read("."), Err(NotAHostName::Empty));
        assert_eq!(read("bücher.example"), Err(NotAHostName::NotAscii));
    }

    #[test]
    fn what_a_person_types_becomes_a_labels() {
        let typed = |text| HostName::from_user(text).map(|name| name.to_string());
        assert_eq!(typed(" Bücher.Example ").unwrap(), "xn--bcher-kva.example");
        assert_eq!(typed("example.com.").unwrap(), "example.com");
        assert_eq!(typed("192.0.2.1"), Err(NotAHostName::AddressLiteral));
        assert_eq!(typed("a b.ü"), Err(NotAHostName::Invalid));
    }

    /// The rules one after the other.
    fn is_name(name: &str) -> bool {
        let labels: Vec<&str> = name.split('.').collect();
        let is_label = |label: &&str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        };
        let is_literal =
            labels.len() <= 4 && labels.iter().all(|label| super::is_number(label.as_bytes()));
        name.len() <= 253
            && labels.iter().all(is_label)
            && !labels.last().is_some_and(|label| label.chars().all(|c| c.is_ascii_digit()))
            && !is_literal
    }

    proptest! {
        #[test]
        fn a_name_obeys_every_rule(name in "[a-zA-Z0-9_.x-]{1,8}([.][a-f0-9x-]{0,4}){0,5}([.][a-z0]{60,64}){0,4}") {
            prop_assert_eq!(read(&name).is_ok(), is_name(name.strip_suffix('.').unwrap_or(&name)));
        }

        #[test]
        fn every_name_taken_is_in_its_final_form(octets: Vec<u8>) {
            if let Ok(name) = HostName::from_wire(&octets) {
                prop_assert_eq!(HostName::from_wire(name.as_str().as_bytes()), Ok(name.clone()));
                // The dot of the root, where there is one, is no part of it.
                let said = octets.strip_suffix(b".").unwrap_or(&octets);
                prop_assert_eq!(said.to_ascii_lowercase(), name.as_str().as_bytes());
            }
        }

        #[test]
        fn names_made_of_labels_are_taken(name in "([a-z0-9_]([a-z0-9_-]{0,10}[a-z0-9_])?\\.){0,5}[a-z][a-z0-9_]{0,9}") {
            prop_assert_eq!(read(&name.to_ascii_uppercase()), Ok(name));
        }
    }
}
