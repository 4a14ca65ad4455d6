//! The NDJSON record of a flow, schema `vigie/1`. Field order is output order.

use std::borrow::Cow;
use std::net::IpAddr;

use serde::{Serialize, Serializer};

use super::time::Dated;
use crate::decode::Ported;
use crate::filter::protocol_word;
use crate::flow::{Endpoint, FlowFlags};
use crate::ledger::{Count, FlowRecord, TagRecord};
use crate::name::{Fingerprint, HostName, Observation, QuicOffer};
use crate::signature::Database;

/// `{"type":"flow",…}`.
#[derive(Serialize)]
pub(super) struct Flow<'a> {
    r#type: &'static str,
    id: u64,
    capture: u32,
    first_frame: u64,
    proto: Cow<'static, str>,
    client: Client<'a>,
    server: Server<'a>,
    oriented_by: &'static str,
    #[serde(skip_serializing_if = "<[u16]>::is_empty")]
    vlan: &'a [u16],
    #[serde(skip_serializing_if = "Option::is_none")]
    vni: Option<u32>,
    first: Dated,
    last: Dated,
    up: Amount,
    down: Amount,
    names: Vec<NameRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unnamed: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    alpn: &'a [Box<str>],
    #[serde(skip_serializing_if = "Option::is_none")]
    ja4: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ja3: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quic: Option<Quic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stun_software: Option<&'a str>,
    #[serde(serialize_with = "flag_words")]
    flags: FlowFlags,
    tags: Vec<Tag<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<&'a str>,
}

impl<'a> Flow<'a> {
    /// The record of `flow`, whose tags are of `database`.
    pub(super) fn new(flow: &'a FlowRecord, database: &'a Database) -> Self {
        let dated = |time| Dated { time, digits: flow.digits };
        let tag = |(index, tag)| Tag::new(tag, index == 0, database);
        Self {
            r#type: "flow",
            id: flow.id.0,
            capture: flow.capture,
            first_frame: flow.first_frame,
            proto: protocol_word(flow.protocol),
            client: Client { end: End::new(flow.client, flow.ported), vendor: flow.maker() },
            server: Server::new(flow),
            oriented_by: flow.oriented_by.word(),
            vlan: &flow.vlans,
            vni: flow.vni,
            first: dated(flow.first),
            last: dated(flow.last),
            up: flow.counts.up.into(),
            down: flow.counts.down.into(),
            names: flow.names.iter().map(|name| NameRecord::new(name, flow.digits)).collect(),
            unnamed: flow.unnamed.map(crate::name::Without::word),
            alpn: &flow.alpn,
            ja4: flow.fingerprint.as_ref().map(Fingerprint::ja4),
            ja3: flow.fingerprint.as_ref().map(Fingerprint::ja3),
            quic: flow.fingerprint.as_ref().and_then(Fingerprint::quic).map(Quic::from),
            stun_software: flow.stun_software.as_deref(),
            flags: flow.flags,
            tags: flow.tags.iter().enumerate().map(tag).collect(),
            device: flow.device.as_deref(),
            app: flow.app.as_deref(),
        }
    }
}

/// One end of a flow.
#[derive(Serialize)]
struct End {
    ip: IpAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
}

impl End {
    fn new(endpoint: Endpoint, ported: Ported) -> Self {
        Self { ip: endpoint.ip, port: (ported == Ported::Yes).then_some(endpoint.port) }
    }
}

/// The client, and what a register says of its hardware.
#[derive(Serialize)]
struct Client<'a> {
    #[serde(flatten)]
    end: End,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'a str>,
}

/// The server, and what registers say of its address.
#[derive(Serialize)]
struct Server<'a> {
    #[serde(flatten)]
    end: End,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asn: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_owner: Option<&'a str>,
}

impl<'a> Server<'a> {
    fn new(flow: &'a FlowRecord) -> Self {
        Self {
            end: End::new(flow.server, flow.ported),
            country: flow.country(),
            asn: flow.assigned.as_deref().and_then(|assigned| assigned.asn),
            network_owner: flow.network_owner(),
        }
    }
}

/// What went one way.
#[derive(Serialize)]
pub(super) struct Amount {
    packets: u64,
    bytes: u64,
    payload: u64,
}

impl From<Count> for Amount {
    fn from(count: Count) -> Self {
        Self { packets: count.frames, bytes: count.octets, payload: count.payload }
    }
}

/// A name of a flow.
#[derive(Serialize)]
struct NameRecord<'a> {
    name: &'a str,
    via: &'static str,
    first: Dated,
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "host_names")]
    chain: &'a [HostName],
}

impl<'a> NameRecord<'a> {
    fn new(observation: &'a Observation, digits: u8) -> Self {
        Self {
            name: observation.name.as_str(),
            via: observation.via.word(),
            first: Dated { time: observation.time, digits },
            chain: &observation.chain,
        }
    }
}

/// What the client's transport parameters say. Numbers are text as the registries write them: not
/// every reader of JSON has room for 62 bits.
#[derive(Serialize)]
struct Quic {
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    versions: Vec<String>,
    parameters: Vec<String>,
}

impl From<QuicOffer> for Quic {
    fn from(offer: QuicOffer) -> Self {
        let version = |version: &u32| format!("0x{version:08x}");
        Self {
            user_agent: offer.user_agent,
            version: offer.version.as_ref().map(version),
            versions: offer.versions.iter().map(version).collect(),
            parameters: offer.parameters.iter().map(|id| format!("0x{id:02x}")).collect(),
        }
    }
}

/// A tag of a flow.
#[derive(Serialize)]
struct Tag<'a> {
    signature: &'a str,
    category: &'static str,
    vendor: &'a str,
    product: &'a str,
    basis: &'static str,
    matched: &'a str,
    grade: &'static str,
    reason: &'a str,
    primary: bool,
}

impl<'a> Tag<'a> {
    fn new(tag: &'a TagRecord, primary: bool, database: &'a Database) -> Self {
        let signature = database.signature(tag.signature);
        Self {
            signature: &signature.id,
            category: signature.category.word(),
            vendor: &signature.vendor,
            product: &signature.product,
            basis: tag.basis.word(),
            matched: &tag.matched,
            grade: tag.grade.word(),
            reason: &tag.reason,
            primary,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
fn flag_words<S: Serializer>(flags: &FlowFlags, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(flags.words())
}

fn host_names<S: Serializer>(names: &&[HostName], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(names.iter().map(HostName::as_str))
}
