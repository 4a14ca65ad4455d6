//! How captures are counted, as a bundle's record states it.

use std::path::PathBuf;

use ipnet::IpNet;
use jiff::tz::TimeZone;

use crate::cli::args::SignatureArguments;
use crate::cli::assignments::AssignmentArguments;
use crate::cli::config::Defaults;
use crate::evidence::{Counting, ResolvedOption};
use crate::name::HostName;
use crate::pipeline::{DuplicateUse, Options, VlanUse};

/// What the record states beside the [`Options`] themselves.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Recorded {
    /// Whether all captures are read as one.
    pub(in crate::cli) join: bool,
    /// The filter as written.
    pub(in crate::cli) filter: Option<String>,
    /// The home networks.
    pub(in crate::cli) home_nets: Vec<IpNet>,
    /// Files that change what is counted: [`files`].
    pub(in crate::cli) files: Vec<ResolvedOption>,
    /// Domains of one's own, which get pseudonyms where clients do; the record does not state them.
    pub(in crate::cli) own_domains: Vec<HostName>,
}

/// Where files that change what is counted were named.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct NamedFiles<'a> {
    pub(in crate::cli) signatures: &'a SignatureArguments,
    pub(in crate::cli) devices: Option<&'a PathBuf>,
    pub(in crate::cli) dns_log: &'a [PathBuf],
    pub(in crate::cli) registers: &'a AssignmentArguments,
}

/// Files that change what is counted, by option, without their folders.
pub(in crate::cli) fn files(named: NamedFiles<'_>, defaults: &Defaults) -> Vec<ResolvedOption> {
    let one = |typed: Option<&PathBuf>, default: Option<&PathBuf>| -> Vec<PathBuf> {
        typed.or(default).into_iter().cloned().collect()
    };
    let NamedFiles { signatures, devices, dns_log, registers } = named;
    let of_signatures = if signatures.signatures.is_empty() {
        defaults.signatures.clone()
    } else {
        signatures.signatures.clone()
    };
    let files = [
        ("signatures", of_signatures),
        ("devices", one(devices, defaults.devices.as_ref())),
        ("dns-log", dns_log.to_vec()),
        ("geoip", one(registers.geoip.as_ref(), defaults.geoip.as_ref())),
        ("asn", one(registers.asn.as_ref(), defaults.asn.as_ref())),
        ("oui", one(registers.oui.as_ref(), defaults.oui.as_ref())),
    ];
    let mut options = Vec::new();
    for (name, paths) in files {
        for path in paths {
            let value = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            options.push(ResolvedOption { name, value });
        }
    }
    if signatures.only_signatures || defaults.only_signatures {
        options.push(ResolvedOption { name: "only-signatures", value: "true".to_owned() });
    }
    options
}

impl Recorded {
    /// The options in force, in the order of the help.
    pub(in crate::cli) fn options(
        &self,
        options: &Options,
        zone: &TimeZone,
    ) -> Vec<ResolvedOption> {
        let stated = self.counting(options).stated(zone);
        stated.into_iter().chain(self.files.iter().cloned()).collect()
    }

    /// What a recount must know.
    pub(in crate::cli) fn counting(&self, options: &Options) -> Counting {
        Counting {
            home_nets: self.home_nets.clone(),
            idle_tcp: options.idle.tcp.as_secs(),
            idle_closed: options.idle.closed.as_secs(),
            idle_other: options.idle.other.as_secs(),
            vlans: options.vlans == VlanUse::Distinguish,
            from: options.from.map(|time| time.0),
            to: options.to.map(|time| time.0),
            filter: self.filter.clone(),
            join: self.join,
            dedup: options.duplicates == DuplicateUse::SetAside,
            max_flows: options.max_flows,
        }
    }
}
