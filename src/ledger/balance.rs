//! Every frame once: the two sides that must agree.

use std::collections::BTreeMap;

use crate::decode::DecodeError;
use crate::name::Without;

/// Frames and their octets on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quantity {
    /// Frames.
    pub frames: u64,
    /// Octets on the wire.
    pub octets: u64,
}

impl Quantity {
    /// Counts one frame.
    pub fn count(&mut self, wire_len: u32) {
        self.frames += 1;
        self.octets += u64::from(wire_len);
    }

    /// Adds `other`.
    pub fn add(&mut self, other: Self) {
        self.frames += other.frames;
        self.octets += other.octets;
    }
}

/// Where every frame went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// What the sources say they read: counted there, not here.
    pub read: Quantity,
    /// Frames counted in flows: the sum over all flows.
    pub in_flows: Quantity,
    /// Healthy frames without IP.
    pub not_ip: Quantity,
    /// Frames that could not be decoded.
    pub undecodable: Quantity,
    /// Why, by reason; the sum is `undecodable`. Reasons beyond 1,000 stand under the first.
    pub undecodable_by: BTreeMap<String, Quantity>,
    /// Frames outside `--from`/`--to`.
    pub outside: Quantity,
    /// Copies of frames already counted.
    pub duplicates: Quantity,
}

impl Balance {
    /// Counts a frame that could not be decoded.
    pub fn undecodable(&mut self, error: DecodeError, wire_len: u32) {
        self.undecodable.count(wire_len);
        self.undecodable_by.entry(error.to_string()).or_default().count(wire_len);
    }

    /// What stands on the ledger's side.
    pub fn accounted(&self) -> Quantity {
        let mut sum = self.in_flows;
        for part in [self.not_ip, self.undecodable, self.outside, self.duplicates] {
            sum.add(part);
        }
        sum
    }

    /// Whether everything read is accounted for.
    pub fn holds(&self) -> bool {
        self.read == self.accounted()
    }

    /// Adds another balance.
    pub fn merge(&mut self, other: &Self) {
        self.read.add(other.read);
        self.in_flows.add(other.in_flows);
        self.not_ip.add(other.not_ip);
        self.undecodable.add(other.undecodable);
        self.outside.add(other.outside);
        self.duplicates.add(other.duplicates);
        for (reason, quantity) in &other.undecodable_by {
            self.undecodable_by.entry(reason.clone()).or_default().add(*quantity);
        }
    }
}

/// Totals over all flows, filtered or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Flows.
    pub flows: u64,
    /// Octets of flows with a name that can be a basis.
    pub named: u64,
    /// Octets of flows with a primary tag.
    pub tagged: u64,
    /// Octets of unnamed flows by cause, in the order of [`Without::ALL`].
    pub unnamed: [u64; Without::ALL.len()],
}

impl Totals {
    /// Adds `other`.
    pub fn merge(&mut self, other: &Self) {
        self.flows += other.flows;
        self.named += other.named;
        self.tagged += other.tagged;
        for (mine, theirs) in self.unnamed.iter_mut().zip(other.unnamed) {
            *mine += theirs;
        }
    }
}
