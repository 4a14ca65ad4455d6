//! One display filter that shows the packets which carry a name or go to a network.

use std::io::{self, Write};

use super::{Listed, Pattern, Signature, expression, patterns, whole_name};

/// The fields in which Wireshark shows names that `name` reads: hellos of TLS and QUIC, HTTP
/// requests, DNS questions.
const FIELDS: [&str; 3] = ["tls.handshake.extensions_server_name", "http.host", "dns.qry.name"];

/// Writes the filter on one line; nothing at all where there is nothing to show.
pub(super) fn write(signatures: &[&Signature], out: &mut dyn Write) -> io::Result<Listed> {
    let (mut exact, mut below, mut inside) = (Vec::new(), Vec::new(), Vec::new());
    let patterns = patterns(signatures);
    for text in &patterns {
        match Pattern::split(text) {
            Pattern::Exact(name) => exact.push(format!("\"{name}\"")),
            Pattern::Below(suffix) => below.push(expression(suffix)),
            pattern @ Pattern::Inside { .. } => inside.push(whole_name(pattern)),
        }
    }
    let mut terms = Vec::new();
    for field in FIELDS {
        // Long sets and alternatives are cut into pieces: the filter's compiler recurses.
        for names in exact.chunks(PIECE) {
            terms.push(format!("{field} in {{{}}}", names.join(", ")));
        }
        for suffixes in below.chunks(PIECE) {
            terms.push(format!("{field} matches r\"\\.({})$\"", suffixes.join("|")));
        }
        for expressions in inside.chunks(PIECE) {
            terms.push(format!("{field} matches r\"{}\"", expressions.join("|")));
        }
    }
    let mut listed = Listed { patterns: patterns.len() as u64, ..Listed::default() };
    for signature in signatures {
        for net in &signature.networks {
            let field = if net.addr().is_ipv4() { "ip.addr" } else { "ipv6.addr" };
            for (protocol, port) in signature.ports.iter().filter_map(|port| port.split_once('/')) {
                terms.push(format!("({field} == {net} and {protocol}.port == {port})"));
            }
            listed.networks += 1;
        }
    }
    if !terms.is_empty() {
        writeln!(out, "{}", terms.join(" or "))?;
    }
    Ok(listed)
}

/// Names of one term.
const PIECE: usize = 200;
