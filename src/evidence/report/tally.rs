//! Sums by system and host, from which every part of a report is drawn.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::flow::FlowFlags;
use crate::ledger::{BothWays, Count, FlowRecord, OrientedBy, Snapshot};
use crate::name::Without;
use crate::signature::{Basis, Database, Exclusivity, Grade, SignatureId};
use crate::source::CaptureTime;

/// What flows of one host with one signature come to.
#[derive(Clone, Debug, Default)]
pub struct HostSums {
    /// Frames and octets.
    pub counts: BothWays<Count>,
    /// Flows.
    pub flows: u64,
    /// First and last frame; none where no flow is kept.
    pub seen: Option<(CaptureTime, CaptureTime)>,
    /// Who talked to it.
    pub clients: BTreeSet<IpAddr>,
    /// What the tags rest on, with their grades.
    pub grounds: BTreeSet<(Grade, Basis)>,
    /// Whether a tag was lowered: in one direction only, retired, mixed.
    pub lowered: [bool; 3],
}

/// What flows with one signature come to.
#[derive(Clone, Debug, Default)]
pub struct SystemSums {
    /// All hosts together, flows that are no longer kept included.
    pub all: HostSums,
    /// By host; a server without a name by its address.
    pub hosts: BTreeMap<String, HostSums>,
}

/// Everything that a report sums.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// By primary signature.
    pub systems: BTreeMap<SignatureId, SystemSums>,
    /// Flows without a tag that have a name.
    pub untagged_named: HostSums,
    /// Flows without a tag and without a name, by cause.
    pub untagged_unnamed: BTreeMap<Without, HostSums>,
    /// Flows without a tag that are no longer kept one by one.
    pub untagged_older: HostSums,
    /// Everybody who opened a flow.
    pub clients: BTreeSet<IpAddr>,
    /// Those with a flow to a system whose category accuses.
    pub accusing_clients: BTreeSet<IpAddr>,
    /// Octets sent to such systems, by grade.
    pub grades: BTreeMap<Grade, u64>,
    /// Octets sent to shared hosts of such systems.
    pub shared: u64,
    /// Flows with a flag, of those that are kept.
    pub ech: u64,
    /// Flows with DNS over TLS, HTTPS or QUIC.
    pub encrypted_dns: u64,
    /// Flows in one direction only.
    pub one_sided: u64,
    /// Flows without a name that began before the capture.
    pub midstream: u64,
    /// Octets of tunnels that hide what is inside; none where there are no tunnels.
    pub tunnels: Option<u64>,
    /// Flows whose client is inferred.
    pub inferred_client: u64,
    /// Flows in which the client offered HTTP/2 or HTTP/3.
    pub coalesced: u64,
    /// Flows with frames that the capturing machine merged.
    pub merged: u64,
    /// Flows whose tag rests on a name.
    pub by_name: u64,
    /// Flows that are no longer kept one by one.
    pub older: u64,
}

impl HostSums {
    fn add(&mut self, flow: &FlowRecord) {
        self.counts.add(flow.counts);
        self.flows += 1;
        let (first, last) = self.seen.unwrap_or((flow.first, flow.last));
        self.seen = Some((first.min(flow.first), last.max(flow.last)));
        self.clients.insert(flow.client.ip);
        if let Some(tag) = flow.primary() {
            self.grounds.insert((tag.grade, tag.basis));
            // The sentence that was made with the grade alone knows what lowered it.
            for (lowered, words) in self.lowered.iter_mut().zip(LOWERED) {
                *lowered |= tag.reason.contains(words);
            }
        }
    }

    fn add_older(&mut self, flows: u64, counts: BothWays<Count>) {
        self.flows += flows;
        self.counts.add(counts);
    }
}

/// What a grade's reason says where it was lowered.
const LOWERED: [&str; 3] =
    ["one direction only", "the service was retired", "lead to different categories"];

impl Tally {
    /// Of a ledger; empty where it holds no flows.
    pub fn of(snapshot: &Snapshot, database: &Database) -> Self {
        let mut tally = Self::default();
        let Some(watched) = &snapshot.watched else { return tally };
        for flow in &watched.flows {
            tally.add(&flow.record, database);
        }
        tally.older = watched.older.totals.flows;
        for (signature, (flows, counts)) in &watched.older.by_signature {
            let sums = match signature {
                Some(id) => &mut tally.systems.entry(*id).or_default().all,
                None => &mut tally.untagged_older,
            };
            sums.add_older(*flows, *counts);
        }
        tally
    }

    fn add(&mut self, flow: &FlowRecord, database: &Database) {
        self.clients.insert(flow.client.ip);
        match flow.primary() {
            Some(tag) => {
                let system = self.systems.entry(tag.signature).or_default();
                system.all.add(flow);
                let host = flow
                    .best_name()
                    .map_or_else(|| flow.server.ip.to_string(), |o| o.name.as_str().to_owned());
                system.hosts.entry(host).or_default().add(flow);
                let signature = database.signature(tag.signature);
                self.by_name += u64::from(tag.basis == Basis::Name);
                if signature.category.accuses() {
                    let sent = flow.counts.up.octets;
                    self.accusing_clients.insert(flow.client.ip);
                    *self.grades.entry(tag.grade).or_default() += sent;
                    let shared = signature.exclusivity == Exclusivity::Shared;
                    self.shared += if shared { sent } else { 0 };
                }
            }
            None => match flow.unnamed {
                None => self.untagged_named.add(flow),
                Some(cause) => self.untagged_unnamed.entry(cause).or_default().add(flow),
            },
        }
        let has = |flag| u64::from(flow.flags.has(flag));
        self.ech += has(FlowFlags::ECH);
        self.encrypted_dns += has(FlowFlags::ENCRYPTED_DNS);
        self.one_sided += has(FlowFlags::ONE_SIDED);
        self.merged += has(FlowFlags::SUPER_FRAME);
        self.midstream += u64::from(flow.unnamed == Some(Without::Midstream));
        if flow.flags.has(FlowFlags::VPN) {
            *self.tunnels.get_or_insert(0) += flow.counts.octets();
        }
        let seen = matches!(flow.oriented_by, OrientedBy::Syn | OrientedBy::SynAck);
        self.inferred_client += u64::from(!seen);
        let offered = flow.alpn.iter().any(|p| matches!(&**p, "h2" | "h3"));
        self.coalesced += u64::from(offered);
    }
}
