//! Facts of the protocols become findings.

use super::{DnsAnswer, DnsPublicName, Findings};
use crate::flow::{FlowFlags, Side};
use crate::name::certificate::LeafNames;
use crate::name::dns::{self, Answer, Message, PublicName, Strictness};
use crate::name::fingerprint::Carrier;
use crate::name::tls::client_hello::HelloFacts;
use crate::name::{HostName, NotAHostName, Via};

impl Findings {
    /// A ClientHello, sent by `client`; whether it names its server.
    pub(super) fn hello(&mut self, facts: HelloFacts, client: Side, via: Via) -> bool {
        let before = self.names.len();
        self.client = Some(client);
        let carrier = match via {
            Via::QuicSni => Carrier::Quic,
            Via::DtlsSni => Carrier::Dtls,
            _ => Carrier::Tcp,
        };
        self.fingerprint = facts.fingerprint.map(|fingerprint| fingerprint.carried_by(carrier));
        if let Some(sni) = facts.sni {
            self.name(HostName::with_port(&sni), via);
        }
        if facts.alpn.iter().any(|protocol| dns::is_dns_protocol(protocol)) {
            self.flags |= FlowFlags::ENCRYPTED_DNS;
        }
        self.alpn.extend(facts.alpn);
        if facts.ech_offered {
            self.flags |= FlowFlags::ECH_OFFERED;
        }
        if facts.esni {
            self.flags |= FlowFlags::ESNI;
        }
        self.names.len() > before
    }

    /// The certificate of the server that `client` reached.
    pub(super) fn certificate(&mut self, leaf: LeafNames, client: Side) {
        self.client = Some(client);
        self.names.extend(leaf.hosts.into_iter().map(|name| (name, Via::Certificate)));
        if leaf.is_ambiguous {
            self.flags |= FlowFlags::CERTIFICATE_AMBIGUOUS;
        }
        if leaf.has_wildcard {
            self.flags |= FlowFlags::CERTIFICATE_WILDCARD;
        }
    }

    /// A ClientHello between these ports: on that of DNS over TLS and QUIC, DNS follows that nobody
    /// on the way can read.
    pub(super) fn hello_to(&mut self, (a, b): (u16, u16)) {
        if a == dns::ENCRYPTED || b == dns::ENCRYPTED {
            self.flags |= FlowFlags::ENCRYPTED_DNS;
        }
    }

    /// A DNS message, sent by `sender`. Only standard queries ask: a dynamic update has a zone
    /// where a query has its question (RFC 2136 §2.3).
    pub(super) fn dns(&mut self, message: Message, sender: Side) {
        let client = if message.response { sender.other() } else { sender };
        if !message.opcode_query {
            return;
        }
        self.client = Some(client);
        if message.response {
            self.answers.extend(message.answers.into_iter().map(|a| answer(a, client)));
            let names = message.public_names.into_iter();
            self.public_names.extend(names.map(|PublicName { name, ttl }| DnsPublicName {
                asker: client,
                name,
                ttl,
            }));
        } else {
            for question in message.questions {
                self.name(question.name, Via::DnsQuery);
            }
        }
    }

    /// What stood where a name should: the name, or a flag.
    pub(super) fn name(&mut self, name: Result<HostName, NotAHostName>, via: Via) {
        match name {
            Ok(name) => {
                if via.is_sni() && dns::is_resolver(name.as_str()) {
                    self.flags |= FlowFlags::ENCRYPTED_DNS;
                }
                self.names.push((name, via));
            }
            Err(NotAHostName::AddressLiteral) => self.flags |= FlowFlags::ADDRESS_LITERAL,
            Err(NotAHostName::NotAscii | NotAHostName::Invalid) => {
                self.flags |= FlowFlags::NOT_A_HOST_NAME;
            }
            // An empty Host is how HTTP says that there is none (RFC 9112 §3.2).
            Err(NotAHostName::Empty) => {}
        }
    }
}

fn answer(answer: Answer, asker: Side) -> DnsAnswer {
    let Answer { asked, chain, address, ttl } = answer;
    DnsAnswer { asker, asked, chain, address, ttl }
}

/// What the ports say about DNS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DnsPort {
    /// Messages are read, so strictly.
    Read(Strictness),
    /// mDNS or LLMNR: asked of neighbours, not of a resolver (RFC 6762, RFC 4795).
    LocalDns,
    /// `NetBIOS` names, which look like DNS (RFC 1002 §4.2).
    NetBios,
}

/// What the ports of a packet say about DNS. Port 53 at one end decides, since a client may send
/// from any port.
pub(super) fn dns_port((a, b): (u16, u16)) -> DnsPort {
    let is = |port| a == port || b == port;
    if is(DOMAIN) {
        DnsPort::Read(Strictness::Port53)
    } else if is(MDNS) || is(LLMNR) {
        DnsPort::LocalDns
    } else if is(NETBIOS_NS) {
        DnsPort::NetBios
    } else {
        DnsPort::Read(Strictness::ByContent)
    }
}

/// Ports (IANA "Service Name and Transport Protocol Port Number Registry").
const DOMAIN: u16 = 53;
const NETBIOS_NS: u16 = 137;
const MDNS: u16 = 5353;
const LLMNR: u16 = 5355;
