//! What `vigie explain` is asked about.

use std::net::{IpAddr, SocketAddr};

use crate::name::{HostName, NotAHostName};
use crate::signature::Query;

/// Reads a host name, an address, either with a port (which is not looked at), or the URL of
/// one. Names beyond ASCII become A-labels (RFC 5891 §5).
pub(super) fn parse(text: &str) -> Result<Query, String> {
    let host = authority(text.trim());
    if let Ok(address) = host.parse::<SocketAddr>() {
        return Ok(Query::Address(address.ip()));
    }
    let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Ok(Query::Address(address));
    }
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() => name,
        _ => host,
    };
    let ascii = idna::domain_to_ascii(name).map_err(|_| wrong(text, NotAHostName::Invalid))?;
    HostName::from_wire(ascii.as_bytes()).map(Query::Name).map_err(|why| wrong(text, why))
}

/// The host and port of a URL (RFC 3986 §3.2), or the text itself.
fn authority(text: &str) -> &str {
    let Some((_, rest)) = text.split_once("://") else { return text };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or(rest);
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

/// The message for what cannot be read.
fn wrong(text: &str, why: NotAHostName) -> String {
    format!("`{text}`: {why}; give a host name, an address or a URL")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match parse(text) {
            Ok(Query::Name(name)) => name.to_string(),
            Ok(Query::Address(address)) => format!("at {address}"),
            Err(why) => why,
        }
    }

    #[test]
    fn a_name_is_found_in_a_url_and_before_a_port() {
        assert_eq!(read("WWW.Example.org."), "www.example.org");
        assert_eq!(read("www.example.org:443"), "www.example.org");
        assert_eq!(read("https://me:pw@www.example.org:8443/a?b=c://d"), "www.example.org");
        assert_eq!(read("bücher.example"), "xn--bcher-kva.example");
    }

    #[test]
    fn an_address_is_found_in_a_url_and_before_a_port() {
        assert_eq!(read("192.0.2.1"), "at 192.0.2.1");
        assert_eq!(read("192.0.2.1:3478"), "at 192.0.2.1");
        assert_eq!(read("[2001:db8::1]:443"), "at 2001:db8::1");
        assert_eq!(read("https://[2001:db8::1]/"), "at 2001:db8::1");
        assert_eq!(read("2001:db8::1"), "at 2001:db8::1");
    }

    #[test]
    fn what_is_neither_is_refused() {
        assert!(read("not a host").starts_with("`not a host`: "));
        assert!(read("").contains("give a host name"));
        assert!(read("https:///path").contains("give a host name"));
    }
}
