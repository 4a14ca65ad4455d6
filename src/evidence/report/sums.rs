//! What a report sums, from the roll-ups of its material.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::evidence::Material;
use crate::ledger::{DimensionValue, RollupRow};
use crate::signature::{Basis, Database, Exclusivity, Grade, SignatureId};

/// What a tag rests on, and its grade; the best first.
pub(in crate::evidence) type Ground = (Grade, Basis);

/// What one host with one signature comes to.
#[derive(Clone, Debug, Default)]
pub(in crate::evidence) struct HostSums {
    /// Frames, octets, flows, times.
    pub(in crate::evidence) row: RollupRow,
    /// By what the tags rest on.
    pub(in crate::evidence) grounds: BTreeMap<Ground, RollupRow>,
    /// How the name was seen; the cause, where there is none.
    pub(in crate::evidence) via: BTreeSet<DimensionValue>,
    /// Where it was reached: addresses and ports.
    pub(in crate::evidence) servers: BTreeSet<(DimensionValue, DimensionValue)>,
}

/// What flows with one signature come to.
#[derive(Clone, Debug)]
pub(in crate::evidence) struct System {
    /// Which signature.
    pub(in crate::evidence) id: SignatureId,
    /// All hosts together.
    pub(in crate::evidence) all: HostSums,
    /// By name, else by the cause why there is none; most sent first.
    pub(in crate::evidence) hosts: Vec<(DimensionValue, HostSums)>,
    /// How many clients talked to it.
    pub(in crate::evidence) clients: usize,
}

/// Everything that a report sums.
#[derive(Clone, Debug, Default)]
pub(in crate::evidence) struct Sums {
    /// By primary signature: those that accuse first; by category, most sent first.
    pub(in crate::evidence) systems: Vec<System>,
    /// Flows without a tag.
    pub(in crate::evidence) untagged: RollupRow,
    /// Everybody who opened a flow.
    pub(in crate::evidence) clients: usize,
    /// Those with a flow to a system whose category accuses.
    pub(in crate::evidence) accusing_clients: usize,
    /// Flows to such systems.
    pub(in crate::evidence) accusing: RollupRow,
    /// Octets sent to such systems, by grade.
    pub(in crate::evidence) grades: BTreeMap<Grade, u64>,
    /// Octets sent to shared hosts of such systems.
    pub(in crate::evidence) shared: u64,
    /// Flows to systems of operation.
    pub(in crate::evidence) operation: RollupRow,
}

impl Sums {
    /// Of a material: empty where it lacks the roll-ups of [`Material::ROLLUPS`].
    pub(in crate::evidence) fn of(material: &Material<'_>) -> Self {
        let mut sums = Self::default();
        let mut systems: BTreeMap<SignatureId, System> = BTreeMap::new();
        sums.count_systems(material, &mut systems);
        count_hosts(material, &mut systems);
        sums.count_clients(material, &mut systems);
        sums.systems = systems.into_values().collect();
        let database = material.database;
        sums.systems.sort_by_key(|system| {
            let category = database.category(system.id);
            let sent = std::cmp::Reverse(system.all.row.counts.up.octets);
            (!category.accuses(), category, sent, system.id)
        });
        sums
    }

    fn count_systems(
        &mut self,
        material: &Material<'_>,
        systems: &mut BTreeMap<SignatureId, System>,
    ) {
        let Some(rollup) = material.rollup(&Material::SYSTEMS) else { return };
        rollup.each(|values, row| {
            let ground = values.iter().find_map(|value| match value {
                DimensionValue::Grade(grade) => Some(*grade),
                _ => None,
            });
            let basis = values.iter().find_map(|value| match value {
                DimensionValue::Basis(basis) => Some(*basis),
                _ => None,
            });
            let (Some(id), Some(grade), Some(basis)) = (signature(values), ground, basis) else {
                self.untagged.merge(row);
                return;
            };
            let system = system(systems, id);
            system.all.row.merge(row);
            system.all.grounds.entry((grade, basis)).or_default().merge(row);
            if accuses(material.database, id) {
                let sent = row.counts.up.octets;
                self.accusing.merge(row);
                *self.grades.entry(grade).or_default() += sent;
                let shared = material.database.signature(id).exclusivity == Exclusivity::Shared;
                self.shared += if shared { sent } else { 0 };
            } else {
                self.operation.merge(row);
            }
        });
    }

    fn count_clients(
        &mut self,
        material: &Material<'_>,
        systems: &mut BTreeMap<SignatureId, System>,
    ) {
        let Some(rollup) = material.rollup(&Material::CLIENTS) else { return };
        let mut of_systems: BTreeMap<SignatureId, BTreeSet<IpAddr>> = BTreeMap::new();
        let (mut all, mut accusing) = (BTreeSet::new(), BTreeSet::new());
        rollup.each(|values, _| {
            let client = values.iter().find_map(|value| match value {
                DimensionValue::Address(address) => Some(*address),
                _ => None,
            });
            let Some(client) = client else { return };
            all.insert(client);
            let Some(id) = signature(values) else { return };
            of_systems.entry(id).or_default().insert(client);
            if accuses(material.database, id) {
                accusing.insert(client);
            }
        });
        for (id, clients) in of_systems {
            system(systems, id).clients = clients.len();
        }
        self.clients = all.len();
        self.accusing_clients = accusing.len();
    }
}

fn count_hosts(material: &Material<'_>, systems: &mut BTreeMap<SignatureId, System>) {
    let mut hosts: BTreeMap<(SignatureId, DimensionValue), HostSums> = BTreeMap::new();
    if let Some(names) = material.rollup(&Material::NAMES) {
        names.each(|values, row| {
            let [_, name, via, DimensionValue::Basis(basis), DimensionValue::Grade(grade)] = values
            else {
                return;
            };
            let Some(id) = signature(values) else { return };
            let host = hosts.entry((id, name.clone())).or_default();
            host.row.merge(row);
            host.grounds.entry((*grade, *basis)).or_default().merge(row);
            host.via.insert(via.clone());
        });
    }
    if let Some(endpoints) = material.rollup(&Material::ENDPOINTS) {
        endpoints.each(|values, _| {
            let [_, name, server, port, ..] = values else { return };
            let Some(id) = signature(values) else { return };
            let host = hosts.entry((id, name.clone())).or_default();
            host.servers.insert((server.clone(), port.clone()));
        });
    }
    for ((id, name), host) in hosts {
        system(systems, id).hosts.push((name, host));
    }
    for system in systems.values_mut() {
        system.hosts.sort_by_key(|(name, host)| {
            (std::cmp::Reverse(host.row.counts.up.octets), name.clone())
        });
    }
}

fn system(systems: &mut BTreeMap<SignatureId, System>, id: SignatureId) -> &mut System {
    systems.entry(id).or_insert_with(|| System {
        id,
        all: HostSums::default(),
        hosts: Vec::new(),
        clients: 0,
    })
}

fn signature(values: &[DimensionValue]) -> Option<SignatureId> {
    values.iter().find_map(|value| match value {
        DimensionValue::Signature(id) => Some(*id),
        _ => None,
    })
}

fn accuses(database: &Database, id: SignatureId) -> bool {
    database.category(id).accuses()
}
