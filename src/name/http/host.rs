//! The Host header (RFC 9110 §7.2).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use crate::name::{HostName, NotAHostName};

/// The name in the value of a Host header, without its port.
pub(super) fn name(value: &[u8]) -> Result<HostName, NotAHostName> {
    HostName::from_wire(without_port(value.trim_ascii()))
}

/// Removes `:` and digits after it, unless they belong to a bare IPv6 address.
fn without_port(value: &[u8]) -> &[u8] {
    let Some(colon) = value.iter().rposition(|octet| *octet == b':') else { return value };
    let Some((host, [_, port @ ..])) = value.split_at_checked(colon) else { return value };
    let bare_v6 = host.contains(&b':') && host.first() != Some(&b'[');
    if !bare_v6 && port.iter().all(u8::is_ascii_digit) { host } else { value }
}

#[cfg(test)]
mod tests {
    use super::name;
    use crate::name::NotAHostName;

    #[test]
    fn a_port_is_removed() {
        for value in ["example.org", "example.org:8080", "EXAMPLE.org.:80", " example.org: "] {
            assert_eq!(name(value.as_bytes()).unwrap().as_str(), "example.org", "{value}");
        }
    }

    #[test]
    fn what_is_no_name_stays_none() {
        for value in ["192.0.2.1:80", "[2001:db8::1]:80", "[2001:db8::1]", "2001:db8::1", "::1"] {
            assert_eq!(name(value.as_bytes()), Err(NotAHostName::AddressLiteral), "{value}");
        }
        for value in ["example.org:http", "user@example.org", "a b", "example.org:80:80"] {
            assert_eq!(name(value.as_bytes()), Err(NotAHostName::Invalid), "{value}");
        }
        assert_eq!(name(b""), Err(NotAHostName::Empty));
        assert_eq!(name(b":80"), Err(NotAHostName::Empty));
    }
}
