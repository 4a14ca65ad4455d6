//! The names in a server's own certificate (RFC 5280).
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use x509_parser::prelude::{FromDer, GeneralName, ParsedExtension, X509Certificate};

use super::HostName;

/// What a certificate says about the hosts that may use it. Nobody has checked it: neither its
/// signature nor its dates.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::name) struct LeafNames {
    /// The host names, in their order, at most [`MOST_NAMES`].
    pub(in crate::name) hosts: Vec<HostName>,
    /// Whether it names several hosts, or a domain besides: then it does not tell which of them
    /// the client wanted.
    pub(in crate::name) is_ambiguous: bool,
    /// Whether it holds for any host of a domain (`*.example.org`), which is not a host's name.
    pub(in crate::name) has_wildcard: bool,
}

/// The names in `der`: the `dNSName`s of subjectAltName (RFC 5280 §4.2.1.6); only where there is
/// none, the subject's common name, if it looks like a name of DNS (RFC 6125 §6.4.4). None where
/// `der` is no certificate.
pub(in crate::name) fn leaf_names(der: &[u8]) -> Option<LeafNames> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let mut names = LeafNames::default();
    let mut others = 0_usize;
    let alternatives = certificate.extensions().iter().filter_map(|extension| {
        match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => Some(names),
            _ => None,
        }
    });
    let mut is_named = false;
    for name in alternatives.flat_map(|names| &names.general_names) {
        if let GeneralName::DNSName(text) = name {
            is_named = true;
            others += usize::from(names.take(text) == Taken::No);
        }
    }
    if !is_named {
        let common = certificate.subject().iter_common_name().filter_map(|cn| cn.as_str().ok());
        // A person's or a device's name is no host's.
        for text in common.filter(|text| text.contains('.')) {
            others += usize::from(names.take(text) == Taken::No);
        }
    }
    names.is_ambiguous = names.hosts.len() + others + usize::from(names.has_wildcard) > 1;
    Some(names)
}

/// Whether a name was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    /// As a host, a wildcard, or it was there before.
    Yes,
    /// There was no room.
    No,
}

impl LeafNames {
    fn take(&mut self, text: &str) -> Taken {
        if text.starts_with("*.") {
            self.has_wildcard = true;
            return Taken::Yes;
        }
        let Ok(host) = HostName::from_wire(text.as_bytes()) else { return Taken::Yes };
        if self.hosts.contains(&host) {
            return Taken::Yes;
        }
        if self.hosts.len() >= MOST_NAMES {
            return Taken::No;
        }
        self.hosts.push(host);
        Taken::Yes
    }
}

/// Host names that are kept of a certificate.
const MOST_NAMES: usize = 32;

#[cfg(test)]
pub(in crate::name) mod tests;
