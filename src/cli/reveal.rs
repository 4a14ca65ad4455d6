//! `vigie reveal`: whose pseudonym it is, for whoever holds the key.

use std::io::Write;
use std::net::IpAddr;
use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;

use super::args::EXIT_STATUS;
use super::outcome::{Outcome, Refusal};
use crate::evidence::pseudonym::{MaskedNames, PseudonymKey, Pseudonyms, Tenants, own_domain};
use crate::name::HostName;

/// `vigie reveal`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct RevealArguments {
    /// Pseudonyms of addresses, and host names with pseudonyms of tenants; with --hide, addresses,
    /// MACs and host names
    #[arg(value_name = "PSEUDONYM", required = true)]
    addresses: Vec<String>,
    /// The file with the key that the bundle was made with
    #[arg(long, value_name = "KEYFILE")]
    key: PathBuf,
    /// The other way: say which pseudonym an address or a MAC (02:00:5e:10:00:01) has. Pseudonyms
    /// of MACs can be found again only so
    #[arg(long)]
    hide: bool,
    /// A domain that --mask-domain named, or is to be taken for such; without it, a name in which
    /// no tenant is known is taken for one of such a domain. May be given several times
    #[arg(long, value_name = "DOMAIN", value_parser = own_domain)]
    mask_domain: Vec<HostName>,
}

/// Says for each, in the order given, what was typed and what it stands for.
pub(super) fn run(typed: &RevealArguments, out: &mut dyn Write) -> Result<Outcome, Refusal> {
    let asked = typed.addresses.iter().map(|text| Asked::parse(text, typed.hide));
    let asked = asked.collect::<Result<Vec<_>, _>>().map_err(Refusal::usage)?;
    let key = PseudonymKey::load(&typed.key).map_err(Refusal::impossible)?;
    let names = Pseudonyms::new(&key);
    let masked = MaskedNames { tenants: true, domains: typed.mask_domain.clone() };
    let mut tenants = None;
    for asked in asked {
        match asked {
            Asked::Address(address) if typed.hide => {
                writeln!(out, "{address}\t{}", names.hide(address))?;
            }
            Asked::Address(address) => writeln!(out, "{address}\t{}", names.reveal(address))?,
            Asked::Name(name) => {
                let tenants = tenants.get_or_insert_with(|| Tenants::masking(&key, &masked));
                let turned = if typed.hide { tenants.hide(&name) } else { tenants.reveal(&name) };
                let is_tenants = turned != name;
                let other = if is_tenants {
                    turned
                } else if typed.hide {
                    tenants.hide_own(&name)
                } else {
                    tenants.reveal_own(&name)
                };
                if other == name {
                    tracing::warn!("{name}: nobody's own (see docs/bundle.md)");
                } else if !is_tenants {
                    tracing::warn!(
                        "{name}: no tenant is known in it: taken for a name of a domain that \
                         --mask-domain named (see docs/bundle.md)"
                    );
                }
                writeln!(out, "{name}\t{other}")?;
            }
            Asked::Mac(mac) => writeln!(out, "{}\t{}", written(mac), written(names.mac(mac)))?,
        }
    }
    Ok(Outcome::Done)
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    Address(IpAddr),
    Name(HostName),
    Mac([u8; 6]),
}

impl Asked {
    fn parse(text: &str, hide: bool) -> anyhow::Result<Self> {
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        match mac(text) {
            Some(mac) if hide => Ok(Self::Mac(mac)),
            Some(_) => Err(anyhow!(
                "{text}: pseudonyms of MACs cannot be undone; with --hide, say which MACs it may be"
            )),
            None => match HostName::from_user(text) {
                Ok(name) if name.as_str().contains('.') => Ok(Self::Name(name)),
                _ => Err(anyhow!("{text}: neither an IP address, nor a MAC, nor a host name")),
            },
        }
    }
}

/// Six octets as two hexadecimal digits each, with `:` or `-` between them.
fn mac(text: &str) -> Option<[u8; 6]> {
    let mut parts = text.split([':', '-']);
    let mut mac = [0; 6];
    for octet in &mut mac {
        // Not what else a number may be: `+2`.
        let is_octet = |part: &&str| part.len() == 2 && part.bytes().all(|d| d.is_ascii_hexdigit());
        let part = parts.next().filter(is_octet)?;
        *octet = u8::from_str_radix(part, 16).ok()?;
    }
    parts.next().is_none().then_some(mac)
}

fn written(mac: [u8; 6]) -> String {
    mac.map(|octet| format!("{octet:02x}")).join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macs_are_read_as_they_are_written_anywhere() {
        assert_eq!(mac("02:00:5e:10:00:0A"), Some([2, 0, 0x5e, 0x10, 0, 10]));
        assert_eq!(mac("02-00-5e-10-00-0a"), mac("02:00:5e:10:00:0a"));
        for wrong in
            ["", "2:0:5e:10:0:1", "02:00:5e:10:00", "02:00:5e:10:00:01:02", "+2:00:5e:10:00:01"]
        {
            assert_eq!(mac(wrong), None, "{wrong}");
        }
        assert!(
            Asked::parse("02:00:5e:10:00:01", false).unwrap_err().to_string().contains("--hide")
        );
        assert!(matches!(Asked::parse("a.example", true), Ok(Asked::Name(_))));
        assert!(Asked::parse("example", false).is_err());
    }

    #[test]
    fn whoever_holds_the_key_undoes_what_it_did() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "0123456789abcdef".repeat(4)).unwrap();
        let run = |addresses: &[&str], hide| {
            let addresses = addresses.iter().map(|text| (*text).to_owned()).collect();
            let mut out = Vec::new();
            let mask_domain = Vec::new();
            let typed =
                RevealArguments { addresses, key: file.path().to_owned(), hide, mask_domain };
            run(&typed, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let hidden = run(&["192.168.1.7", "fd00::1", "contoso-my.sharepoint.com"], true);
        let pseudonyms: Vec<&str> =
            hidden.lines().filter_map(|line| line.split('\t').nth(1)).collect();
        assert!(pseudonyms[0].starts_with("192.168.") && pseudonyms[0] != "192.168.1.7");
        let shown = run(&pseudonyms, false);
        let whose: Vec<&str> = shown.lines().filter_map(|line| line.split('\t').nth(1)).collect();
        assert_eq!(whose, ["192.168.1.7", "fd00::1", "contoso-my.sharepoint.com"]);
        assert!(!hidden.contains("\tcontoso"), "{hidden}");
    }
}
