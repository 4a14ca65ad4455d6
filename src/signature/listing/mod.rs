//! Signatures as lists and rules for other programs.
//!
//! A form that cannot say what a pattern says leaves it out, and counts it: a rule that covers
//! more than its signature would accuse strangers.

mod plain;
mod rules;
mod wireshark;

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Write};

use super::Signature;
use super::pattern::Pattern;

/// A form of lists and rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListForm {
    /// Patterns as signatures write them, one a line.
    Names,
    /// A hosts file: exact names only.
    Hosts,
    /// Filter rules for hosts, as `AdGuard` reads them.
    Adblock,
    /// Exact names and regular expressions, as Pi-hole reads them.
    PiHole,
    /// Directives of dnsmasq.
    Dnsmasq,
    /// Rules of Suricata, for the name in TLS, DNS and HTTP, and for networks.
    Suricata,
    /// Zeek's intelligence framework: exact names and networks.
    Zeek,
    /// One display filter of Wireshark.
    Wireshark,
    /// Sets of nftables: networks with their ports.
    Nftables,
}

impl ListForm {
    /// Every form.
    pub const ALL: [Self; 9] = [
        Self::Names,
        Self::Hosts,
        Self::Adblock,
        Self::PiHole,
        Self::Dnsmasq,
        Self::Suricata,
        Self::Zeek,
        Self::Wireshark,
        Self::Nftables,
    ];

    /// The word for it on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Hosts => "hosts",
            Self::Adblock => "adblock",
            Self::PiHole => "pihole",
            Self::Dnsmasq => "dnsmasq",
            Self::Suricata => "suricata",
            Self::Zeek => "zeek",
            Self::Wireshark => "wireshark",
            Self::Nftables => "nftables",
        }
    }

    /// Whether [`import`](super::import()) reads it.
    pub fn can_be_read_back(self) -> bool {
        matches!(self, Self::Names | Self::Hosts | Self::Adblock | Self::PiHole | Self::Dnsmasq)
    }
}

/// What a form could and could not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Host patterns written.
    pub patterns: u64,
    /// Networks written.
    pub networks: u64,
    /// Host patterns that the form cannot say.
    pub patterns_left_out: u64,
    /// Networks that the form cannot say.
    pub networks_left_out: u64,
}

/// Writes the signatures in a form. `date` is that of the database.
pub fn write_list(
    form: ListForm,
    signatures: &[&Signature],
    date: &str,
    out: &mut dyn Write,
) -> io::Result<Listed> {
    match form {
        ListForm::Suricata => rules::suricata(signatures, date, out),
        ListForm::Zeek => rules::zeek(signatures, date, out),
        ListForm::Nftables => rules::nftables(signatures, date, out),
        ListForm::Wireshark => wireshark::write(signatures, out),
        plain => plain::write(plain, signatures, date, out),
    }
}

/// The patterns of all signatures, each once.
fn patterns<'s>(signatures: &[&'s Signature]) -> BTreeSet<&'s str> {
    signatures.iter().flat_map(|s| s.hosts.iter().map(String::as_str)).collect()
}

/// How many networks there are, each counted for its signature.
fn networks(signatures: &[&Signature]) -> u64 {
    signatures.iter().map(|s| s.networks.len() as u64).sum()
}

/// The text of a regular expression that matches exactly `literal`: of what names hold only the
/// dot has a meaning.
fn expression(literal: &str) -> String {
    literal.replace('.', "\\.")
}

/// A regular expression for exactly the names that a pattern covers.
fn whole_name(pattern: Pattern<'_>) -> String {
    match pattern {
        Pattern::Exact(name) => format!("^{}$", expression(name)),
        Pattern::Below(suffix) => format!("^.+\\.{}$", expression(suffix)),
        Pattern::Inside { first, last } => {
            format!("^{}\\.[^.]+\\.{}$", expression(first), expression(last))
        }
    }
}

impl fmt::Display for ListForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests;
