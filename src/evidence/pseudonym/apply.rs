//! Pseudonyms in all that a bundle is made of.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use super::capture::{self, CaptureFault};
use super::{Clash, MaskedNames, PseudonymKey, Pseudonyms, Tenants};
use crate::evidence::Gathered;
use crate::evidence::session::WITHHELD;
use crate::export::ONLY_TAGGED;
use crate::ledger::{Dimension, DimensionValue, FlowRecord, Rollup, WatchedFlow};
use crate::name::{Fingerprint, Via};
use crate::signature::Database;

/// Why there is no bundle with pseudonyms.
#[derive(Debug, thiserror::Error)]
pub enum PseudonymFault {
    /// The key does not fit these captures.
    #[error(transparent)]
    Clash(#[from] Clash),
    /// A capture holds what pseudonyms cannot be made for.
    #[error(
        "{file_name}: no pseudonyms for what it holds: {cause}; nothing was written: make the bundle without --pseudonymize, or leave these flows out with --filter"
    )]
    Capture {
        /// Its name in the bundle.
        file_name: String,
        /// What and where.
        cause: String,
    },
    /// A signature spells out a tenant's name, and stands in the bundle.
    #[error(
        "{pattern}: signature {id} names a tenant or a domain of one's own itself, and a bundle states the signatures that it rests on; leave it out, or make the bundle without --mask-tenants and --mask-domain"
    )]
    Signature {
        /// Its id.
        id: String,
        /// The pattern.
        pattern: String,
    },
    /// A filter may say which tenants are meant.
    #[error(
        "--filter: with --mask-tenants or --mask-domain it must not ask for names, since the bundle states it: {filter}"
    )]
    NameFilter {
        /// As written.
        filter: String,
    },
    /// A filter may say whose flows were read.
    #[error(
        "--filter: with --pseudonymize it must not name clients, servers or devices, since the bundle states it: {filter}"
    )]
    Filter {
        /// As written.
        filter: String,
    },
}

impl Gathered {
    /// Gives clients pseudonyms: everywhere in this, and in the captures in `folder`. So get the
    /// labels of host names that are `masked`; `database` is the one that tagged the flows.
    pub fn pseudonymize(
        &mut self,
        key: &PseudonymKey,
        masked: &MaskedNames,
        database: &Database,
        folder: &Path,
    ) -> Result<(), PseudonymFault> {
        let tenants = (!masked.is_none()).then(|| Tenants::masking(key, masked));
        self.hide(key, tenants, database, folder)?;
        self.privacy.tenants_masked = masked.tenants;
        self.privacy.domains_masked = !masked.domains.is_empty();
        Ok(())
    }

    /// Clients whose pseudonym by this key is the address of a client of these captures.
    pub fn mistakable(&self, key: &PseudonymKey) -> usize {
        Pseudonyms::of(key, &self.counting.home_nets, self.clients()).mistakable()
    }

    /// The addresses that are a client's anywhere; one may stand there more than once.
    pub fn clients(&self) -> Vec<IpAddr> {
        addresses(&self.snapshot.rollups, Dimension::Client)
    }

    /// [`Gathered::pseudonymize`], with any list of tenants.
    pub(super) fn hide(
        &mut self,
        key: &PseudonymKey,
        tenants: Option<Tenants>,
        database: &Database,
        folder: &Path,
    ) -> Result<(), PseudonymFault> {
        if let Some(filter) = &self.counting.filter
            && names_people(filter)
        {
            return Err(PseudonymFault::Filter { filter: filter.clone() });
        }
        let servers = addresses(&self.snapshot.rollups, Dimension::Server);
        let mut names = Pseudonyms::of(key, &self.counting.home_nets, self.clients());
        names.check(servers)?;
        if let Some(tenants) = tenants {
            self.check_tenants(&tenants, database)?;
            names = names.with_tenants(tenants);
        }
        for written in &self.captures {
            let done = capture::rewrite(&folder.join(&written.file_name), &mut names);
            done.map_err(|fault| PseudonymFault::Capture {
                file_name: written.file_name.clone(),
                cause: match fault {
                    CaptureFault::File(error) => error.to_string(),
                    fault => fault.to_string(),
                },
            })?;
        }
        self.rename(&mut names);
        Ok(())
    }

    /// Refuses what would name a tenant in the bundle whatever is masked.
    fn check_tenants(&self, tenants: &Tenants, database: &Database) -> Result<(), PseudonymFault> {
        if let Some(filter) = &self.counting.filter
            && words(filter).any(|word| word == "name")
        {
            return Err(PseudonymFault::NameFilter { filter: filter.clone() });
        }
        let used = self.tagged.signatures.iter().map(|id| database.signature(*id));
        for signature in used {
            if let Some(pattern) = signature.hosts.iter().find_map(|host| tenants.spelled_in(host))
            {
                return Err(PseudonymFault::Signature { id: signature.id.clone(), pattern });
            }
        }
        Ok(())
    }

    fn rename(&mut self, names: &mut Pseudonyms) {
        for rollup in &mut self.snapshot.rollups {
            let dimensions = rollup.dimensions.clone();
            for (values, _) in rollup.rows_mut() {
                for (dimension, value) in dimensions.iter().zip(values) {
                    rename(*dimension, value, names);
                }
            }
        }
        if let Some(watched) = &self.snapshot.watched {
            let renamed = watched.map(|flow| {
                let record = Arc::new(record(&flow.record, names));
                Some(WatchedFlow { record, ..flow.clone() })
            });
            self.snapshot.watched = Some(Arc::new(renamed));
        }
        for account in &mut self.snapshot.captures {
            // Whoever wrote them may have named somebody.
            account.comments.retain(|comment| comment.text == ONLY_TAGGED);
            account.markers.clear();
            for filter in account.interfaces.iter_mut().filter_map(|i| i.filter.as_mut()) {
                WITHHELD.clone_into(filter);
            }
        }
        for marker in &mut self.snapshot.markers {
            marker.text = WITHHELD.into();
        }
        self.counting.home_nets = names.home_nets();
        let nets: Vec<String> = self.counting.home_nets.iter().map(ToString::to_string).collect();
        for option in &mut self.options {
            if option.name == "home-net" {
                option.value = nets.join(",");
            }
        }
        self.privacy.pseudonymized = true;
        self.privacy.tenants_masked = names.tenants().is_some();
    }
}

/// The addresses of a dimension in all roll-ups.
fn addresses(rollups: &[Rollup], dimension: Dimension) -> Vec<IpAddr> {
    let mut all = Vec::new();
    for rollup in rollups {
        let Some(at) = rollup.dimensions.iter().position(|d| *d == dimension) else { continue };
        rollup.each(|values, _| {
            if let Some(DimensionValue::Address(address)) = values.get(at) {
                all.push(*address);
            }
        });
    }
    all
}

fn rename(dimension: Dimension, value: &mut DimensionValue, names: &mut Pseudonyms) {
    match (dimension, &value) {
        (_, DimensionValue::Address(address)) => {
            *value = DimensionValue::Address(names.address(*address));
        }
        (_, DimensionValue::Name(name)) => {
            if let Some(tenants) = names.tenants() {
                *value = DimensionValue::Name(tenants.hide(name));
            }
        }
        // Clients are told apart by their pseudonyms: no two rows become one.
        (Dimension::Device, _) => *value = DimensionValue::NoDevice,
        _ => {}
    }
}

fn record(flow: &FlowRecord, names: &mut Pseudonyms) -> FlowRecord {
    let mut renamed = flow.clone();
    renamed.client.ip = names.address(flow.client.ip);
    renamed.server.ip = names.address(flow.server.ip);
    renamed.device = None;
    renamed.fingerprint = renamed.fingerprint.map(Fingerprint::without_user_agent);
    // The other end of a call may be a person's, and its program says something of them.
    renamed.stun_software = None;
    // Names that a device tells its neighbours are the client's own.
    renamed.names.retain(|seen| seen.via != Via::LocalName);
    if let Some(tenants) = names.tenants() {
        for seen in &mut renamed.names {
            seen.name = tenants.hide(&seen.name);
            seen.chain.iter_mut().for_each(|name| *name = tenants.hide(name));
        }
    }
    renamed
}

/// Whether a filter may say who is meant.
fn names_people(filter: &str) -> bool {
    words(filter).any(|word| {
        let bare = word.split('/').next().unwrap_or_default();
        matches!(
            bare,
            "client" | "server" | "device" | "ip" | "addr" | "address" | "endpoint" | "mac"
        ) || bare.parse::<IpAddr>().is_ok()
    })
}

/// What stands between the signs of a filter, in lower case.
fn words(filter: &str) -> impl Iterator<Item = String> {
    let words =
        filter.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | ':' | '-' | '/')));
    words.map(str::to_lowercase)
}
