//! Rules and indicators for programs that watch or filter traffic.

use std::collections::BTreeMap;
use std::io::{self, Write};

use ipnet::IpNet;

use super::{Listed, Pattern, Signature, networks, whole_name};

/// Suricata rules (its documentation: `tls.sni`, `dns.query`, `http.host`, from version 5 on).
/// Numbers begin at 1,000,000, which is kept for local rules, and follow the order of ids.
pub(super) fn suricata(
    signatures: &[&Signature],
    date: &str,
    out: &mut dyn Write,
) -> io::Result<Listed> {
    writeln!(out, "# {} vigie signatures of {date}", signatures.len())?;
    let mut listed = Listed::default();
    let mut number = FIRST_LOCAL;
    for signature in signatures {
        let about = format!(
            "msg:\"vigie {} {}\"; metadata:category {}, confidence {}, exclusivity {};",
            signature.id,
            plain(&signature.product),
            signature.category.word(),
            signature.confidence.word(),
            signature.exclusivity.word()
        );
        for text in &signature.hosts {
            let pattern = Pattern::split(text);
            let condition = match pattern {
                Pattern::Exact(name) => {
                    format!("content:\"{name}\"; startswith; endswith; nocase;")
                }
                // The dot before the suffix keeps look-alikes out; at least one octet before it.
                Pattern::Below(suffix) => {
                    format!("content:\".{suffix}\"; offset:1; endswith; nocase;")
                }
                Pattern::Inside { last, .. } => {
                    let expression = whole_name(pattern);
                    format!("content:\".{last}\"; endswith; nocase; pcre:\"/{expression}/i\";")
                }
            };
            for (protocol, buffer) in
                [("tls", "tls.sni"), ("dns", "dns.query"), ("http", "http.host")]
            {
                // http.host is lower case already, and refuses `nocase`.
                let condition = if protocol == "http" {
                    condition.replace(" nocase;", "")
                } else {
                    condition.clone()
                };
                writeln!(
                    out,
                    "alert {protocol} any any -> any any ({about} {buffer}; {condition} \
                     sid:{number}; rev:1;)"
                )?;
                number += 1;
            }
            listed.patterns += 1;
        }
        for (protocol, ports) in by_protocol(signature) {
            let nets: Vec<_> = signature.networks.iter().map(IpNet::to_string).collect();
            writeln!(
                out,
                "alert {protocol} any any -> [{}] [{}] ({about} sid:{number}; rev:1;)",
                nets.join(","),
                ports.join(",")
            )?;
            number += 1;
        }
        listed.networks += signature.networks.len() as u64;
    }
    Ok(listed)
}

const FIRST_LOCAL: u64 = 1_000_000;

/// The ports of a signature by protocol.
fn by_protocol(signature: &Signature) -> BTreeMap<&str, Vec<&str>> {
    let mut ports: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (protocol, port) in signature.ports.iter().filter_map(|port| port.split_once('/')) {
        ports.entry(protocol).or_default().push(port);
    }
    ports
}

/// Text without what has a meaning in a rule: quotes, semicolons, colons, backslashes, pipes.
fn plain(text: &str) -> String {
    let keep = |c: char| !matches!(c, '"' | ';' | ':' | '\\' | '|');
    text.chars().filter(|c| keep(*c) && (c.is_ascii_graphic() || *c == ' ')).collect()
}

/// Zeek's intelligence file (`Intel::read_files`): tab-separated, with a head that names the
/// columns; other lines that begin with # are comments. It holds whole names and networks, but
/// neither wildcards nor ports.
pub(super) fn zeek(
    signatures: &[&Signature],
    date: &str,
    out: &mut dyn Write,
) -> io::Result<Listed> {
    let columns = ["indicator", "indicator_type", "meta.source", "meta.desc"];
    writeln!(out, "#fields\t{}", columns.join("\t"))?;
    writeln!(out, "# {} vigie signatures of {date}", signatures.len())?;
    let mut listed = Listed { networks_left_out: networks(signatures), ..Listed::default() };
    for signature in signatures {
        let about = format!(
            "{} {} {}",
            signature.category.word(),
            plain(&signature.vendor),
            plain(&signature.product)
        );
        for text in &signature.hosts {
            match Pattern::split(text) {
                Pattern::Exact(name) => {
                    writeln!(out, "{name}\tIntel::DOMAIN\tvigie:{}\t{about}", signature.id)?;
                    listed.patterns += 1;
                }
                _ => listed.patterns_left_out += 1,
            }
        }
    }
    Ok(listed)
}

/// Two sets of nftables for each signature with networks: address, protocol and port together.
pub(super) fn nftables(
    signatures: &[&Signature],
    date: &str,
    out: &mut dyn Write,
) -> io::Result<Listed> {
    let mut listed = Listed::default();
    writeln!(out, "# networks of vigie signatures of {date}")?;
    writeln!(out, "table inet vigie {{")?;
    for signature in signatures {
        listed.patterns_left_out += signature.hosts.len() as u64;
        let v4 = |net: &&IpNet| matches!(net, IpNet::V4(_));
        let (four, six): (Vec<&IpNet>, Vec<&IpNet>) = signature.networks.iter().partition(v4);
        for (nets, kind) in [(four, "ipv4_addr"), (six, "ipv6_addr")] {
            if nets.is_empty() {
                continue;
            }
            let family = if kind == "ipv4_addr" { "v4" } else { "v6" };
            let name = format!("{}_{family}", signature.id.replace('-', "_"));
            let elements: Vec<_> = nets
                .iter()
                .flat_map(|net| {
                    signature.ports.iter().filter_map(move |port| {
                        let (protocol, port) = port.split_once('/')?;
                        Some(format!("{net} . {protocol} . {port}"))
                    })
                })
                .collect();
            writeln!(out, "    set {name} {{")?;
            writeln!(out, "        type {kind} . inet_proto . inet_service")?;
            writeln!(out, "        flags interval")?;
            writeln!(out, "        comment \"{}\"", plain(&signature.product))?;
            writeln!(out, "        elements = {{ {} }}", elements.join(",\n            "))?;
            writeln!(out, "    }}")?;
            listed.networks += nets.len() as u64;
        }
    }
    writeln!(out, "}}")?;
    Ok(listed)
}
