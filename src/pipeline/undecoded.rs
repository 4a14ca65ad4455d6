//! Frames that are in no flow that is looked at: counted here, by reason.

use hashbrown::HashMap;

use crate::decode::DecodeError;
use crate::ledger::{Balance, Quantity};

/// The balance's parts beside flows. Reasons beyond [`Undecoded::REASONS`] stand under "other
/// reasons".
#[derive(Debug, Default)]
pub(super) struct Undecoded {
    pub(super) not_ip: Quantity,
    pub(super) outside: Quantity,
    pub(super) duplicates: Quantity,
    /// In flows that nobody looks at.
    pub(super) passed: Quantity,
    reasons: HashMap<DecodeError, Quantity>,
    others: Quantity,
}

impl Undecoded {
    /// Reasons that are told apart.
    const REASONS: usize = 1_000;

    /// Counts a frame that could not be decoded.
    pub(super) fn count(&mut self, error: DecodeError, wire_len: u32) {
        if self.reasons.len() < Self::REASONS || self.reasons.contains_key(&error) {
            self.reasons.entry(error).or_default().count(wire_len);
        } else {
            self.others.count(wire_len);
        }
    }

    /// Puts everything into the balance.
    pub(super) fn settle(&self, balance: &mut Balance) {
        balance.in_flows.add(self.passed);
        balance.not_ip.add(self.not_ip);
        balance.outside.add(self.outside);
        balance.duplicates.add(self.duplicates);
        let known = self.reasons.iter().map(|(error, q)| (error.to_string(), *q));
        let others = (self.others.frames > 0).then(|| ("other reasons".to_owned(), self.others));
        for (reason, quantity) in known.chain(others) {
            balance.undecodable.add(quantity);
            balance.undecodable_by.entry(reason).or_default().add(quantity);
        }
    }
}
