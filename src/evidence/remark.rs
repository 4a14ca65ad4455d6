//! How many flows are remarkable in which way: what the limits of a report rest on.

use std::collections::BTreeSet;

use crate::flow::{FlowFlags, OrientedBy};
use crate::ledger::FlowRecord;
use crate::signature::{Basis, SignatureId};

/// Flows and their octets on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Flows.
    pub flows: u64,
    /// Octets of both directions.
    pub octets: u64,
}

impl Tally {
    fn count(&mut self, flow: &FlowRecord) {
        self.flows += 1;
        self.octets += flow.counts.octets();
    }

    fn merge(&mut self, other: Self) {
        self.flows += other.flows;
        self.octets += other.octets;
    }
}

/// Counts of flows by what is remarkable about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remarks {
    /// All of them.
    pub total: Tally,
    /// By flag, in the order of [`FlowFlags::WORDS`].
    flags: [Tally; FlowFlags::WORDS.len()],
    /// By the rule that decided who is client, in the order of [`OrientedBy::ALL`].
    oriented: [Tally; OrientedBy::ALL.len()],
    /// Flows whose client offered HTTP/2 or HTTP/3 (ALPN): one connection may carry requests to
    /// several hosts.
    pub multiplexed: Tally,
    /// Flows whose primary tag rests on a name that the client sent.
    pub claimed: Tally,
    /// Flows that began before the capture.
    pub midstream: Tally,
    /// Every signature that a tag of theirs names, the primary one or another.
    pub signatures: BTreeSet<SignatureId>,
}

impl Remarks {
    /// Counts a flow.
    pub fn count(&mut self, flow: &FlowRecord) {
        self.total.count(flow);
        for (tally, (flag, _)) in self.flags.iter_mut().zip(FlowFlags::WORDS) {
            if flow.flags.has(flag) {
                tally.count(flow);
            }
        }
        for (tally, rule) in self.oriented.iter_mut().zip(OrientedBy::ALL) {
            if flow.oriented_by == rule {
                tally.count(flow);
            }
        }
        if flow.alpn.iter().any(|protocol| matches!(&**protocol, "h2" | "h3")) {
            self.multiplexed.count(flow);
        }
        if flow.primary().is_some_and(|tag| tag.basis == Basis::Name) {
            self.claimed.count(flow);
        }
        if flow.unnamed == Some(crate::name::Without::Midstream) {
            self.midstream.count(flow);
        }
        self.signatures.extend(flow.tags.iter().map(|tag| tag.signature));
    }

    /// Adds other flows.
    pub fn merge(&mut self, other: &Self) {
        self.total.merge(other.total);
        let mine = self.flags.iter_mut().chain(&mut self.oriented);
        for (mine, theirs) in mine.zip(other.flags.iter().chain(&other.oriented)) {
            mine.merge(*theirs);
        }
        self.multiplexed.merge(other.multiplexed);
        self.claimed.merge(other.claimed);
        self.midstream.merge(other.midstream);
        self.signatures.extend(&other.signatures);
    }

    /// One flow more with a flag.
    #[cfg(test)]
    pub(super) fn add_flagged(&mut self, flag: FlowFlags) {
        let mut counted = self.flags.iter_mut().zip(FlowFlags::WORDS);
        counted.find(|(_, (known, _))| *known == flag).unwrap().0.flows += 1;
    }

    /// Flows with a flag.
    pub fn flagged(&self, flag: FlowFlags) -> Tally {
        let mut counted = self.flags.iter().zip(FlowFlags::WORDS);
        counted
            .find(|(_, (known, _))| *known == flag)
            .map_or_else(Tally::default, |(tally, _)| *tally)
    }

    /// Flows whose client was told by a rule.
    pub fn oriented_by(&self, rule: OrientedBy) -> Tally {
        let mut counted = self.oriented.iter().zip(OrientedBy::ALL);
        counted.find(|(_, known)| *known == rule).map_or_else(Tally::default, |(tally, _)| *tally)
    }
}
