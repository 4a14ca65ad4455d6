//! Logins that a RADIUS server checks, with TLS in them: within the budget.

use super::Budget;
use crate::name::eap::{Logins, LoginsRead};

/// What the datagrams of a flow say of logins.
#[derive(Debug, Default)]
pub(super) struct Login {
    logins: Logins,
    messages: u16,
    /// Octets that the budget was told of.
    charged: usize,
}

impl Login {
    /// Takes a datagram; none where there is no room for what has to be kept.
    pub(super) fn offer(&mut self, datagram: &[u8], budget: &mut Budget) -> Option<LoginsRead> {
        let read = self.logins.offer(datagram);
        if read != LoginsRead::Foreign {
            self.messages = self.messages.saturating_add(1);
        }
        self.charge(budget).then_some(read)
    }

    /// Whether so many were read that the search ends: an access point talks to its server for
    /// days.
    pub(super) fn is_enough(&self) -> bool {
        self.messages >= MOST_MESSAGES
    }

    /// Octets that the budget was told of.
    pub(super) fn charged(&self) -> usize {
        self.charged
    }

    /// Tells the budget what is held; whether there is room for it.
    fn charge(&mut self, budget: &mut Budget) -> bool {
        let held = self.logins.held() + size_of::<Self>();
        let used = budget.used.saturating_sub(self.charged) + held;
        if used > budget.limit && held > self.charged {
            return false;
        }
        (budget.used, self.charged) = (used, held);
        true
    }
}

/// Messages of logins that are read of a flow: some fifty logins of twenty messages.
const MOST_MESSAGES: u16 = 1000;
