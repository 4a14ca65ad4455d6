//! Facts of the protocols become findings.

use super::Findings;
use crate::flow::{FlowFlags, Side};
use crate::name::tls::client_hello::HelloFacts;
use crate::name::{HostName, NotAHostName, Via};

impl Findings {
    /// A ClientHello, sent by `client`.
    pub(super) fn hello(&mut self, facts: HelloFacts, client: Side, via: Via) {
        self.client = Some(client);
        if let Some(sni) = facts.sni {
            self.name(HostName::from_wire(&sni), via);
        }
        self.alpn.extend(facts.alpn);
        if facts.ech_offered {
            self.flags |= FlowFlags::ECH_OFFERED;
        }
    }

    /// What stood where a name should: the name, or a flag.
    pub(super) fn name(&mut self, name: Result<HostName, NotAHostName>, via: Via) {
        match name {
            Ok(name) => self.names.push((name, via)),
            Err(NotAHostName::AddressLiteral) => self.flags |= FlowFlags::ADDRESS_LITERAL,
            Err(NotAHostName::NotAscii | NotAHostName::Invalid) => {
                self.flags |= FlowFlags::NOT_A_HOST_NAME;
            }
            // An empty Host is how HTTP says that there is none (RFC 9112 §3.2).
            Err(NotAHostName::Empty) => {}
        }
    }
}
