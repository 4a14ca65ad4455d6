//! The NDJSON records of a capture and of the whole run, schema `vigie/1`. Field order is
//! output order.

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::flow_record::Amount;
use super::time::Dated;
use crate::filter::category_word;
use crate::ledger::{BothWays, BoundHits, Count, Quantity, Snapshot};
use crate::name::Without;
use crate::signature::{Database, SignatureId};
use crate::source::{CaptureAccount, CaptureTime, Damage, Interface};

/// The name of the schema.
pub(super) const SCHEMA: &str = "vigie/1";

/// `{"type":"capture",…}`; in the JSON document without `type` and `schema`.
#[derive(Serialize)]
pub(super) struct Capture<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'static str>,
    id: u32,
    path: &'a str,
    interfaces: Vec<InterfaceRecord<'a>>,
    frames: u64,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<Dated>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<Dated>,
    dropped: Option<u64>,
    damage: Vec<DamageRecord>,
    #[serde(skip_serializing_if = "is_zero")]
    more_damage: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

impl<'a> Capture<'a> {
    /// A record of its own.
    pub(super) fn record(id: u32, capture: &'a CaptureAccount) -> Self {
        let part = Self::part(id, capture);
        Self { r#type: Some("capture"), schema: Some(SCHEMA), ..part }
    }

    /// An element of the JSON document.
    pub(super) fn part(id: u32, capture: &'a CaptureAccount) -> Self {
        let digits = digits([capture]);
        let dated = |time: CaptureTime| Dated { time, digits };
        Self {
            r#type: None,
            schema: None,
            id,
            path: &capture.path,
            interfaces: capture.interfaces.iter().map(InterfaceRecord::from).collect(),
            frames: capture.frames,
            bytes: capture.octets,
            first: capture.first.map(dated),
            last: capture.last.map(dated),
            dropped: capture.dropped(),
            damage: capture.damage.iter().map(DamageRecord::from).collect(),
            more_damage: capture.more_damage,
            sha256: capture.sha256.map(|hash| hex(&hash)),
        }
    }
}

/// The finest precision of the captures' clocks, in decimal digits of a second.
pub(super) fn digits<'a>(captures: impl IntoIterator<Item = &'a CaptureAccount>) -> u8 {
    captures.into_iter().flat_map(|c| &c.interfaces).map(|i| i.digits).max().unwrap_or(6)
}

/// Octets as hexadecimal digits in lower case.
fn hex(octets: &[u8]) -> String {
    octets.iter().flat_map(|octet| [octet >> 4, octet & 15]).map(hex_digit).collect()
}

fn hex_digit(nibble: u8) -> char {
    char::from_digit(nibble.into(), 16).unwrap_or('0')
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// An interface of a capture.
#[derive(Serialize)]
struct InterfaceRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    link_type: u32,
    snaplen: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped: Option<u64>,
}

impl<'a> From<&'a Interface> for InterfaceRecord<'a> {
    fn from(interface: &'a Interface) -> Self {
        Self {
            name: interface.name.as_deref(),
            link_type: interface.link.0,
            snaplen: interface.snaplen,
            dropped: interface.dropped,
        }
    }
}

/// A broken place of a capture.
#[derive(Serialize)]
struct DamageRecord {
    frame: u64,
    offset: u64,
    what: String,
}

impl From<&Damage> for DamageRecord {
    fn from(damage: &Damage) -> Self {
        Self { frame: damage.frame, offset: damage.offset, what: damage.kind.to_string() }
    }
}

/// `{"type":"summary",…}`; in the JSON document without `type`.
#[derive(Serialize)]
pub(super) struct Summary<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    frames: u64,
    bytes: u64,
    flows: u64,
    shown_flows: u64,
    in_flows: Frames,
    not_ip: Frames,
    undecodable: Frames,
    undecodable_by: Vec<Reason<'a>>,
    outside: Frames,
    duplicates: Frames,
    named_bytes: u64,
    tagged_bytes: u64,
    unnamed: Causes,
    bounds: Bounds,
    signatures_date: &'a str,
    by_signature: Vec<SignatureRow<'a>>,
}

impl<'a> Summary<'a> {
    /// A record of its own.
    pub(super) fn record(snapshot: &'a Snapshot, database: &'a Database) -> Self {
        Self { r#type: Some("summary"), ..Self::part(snapshot, database) }
    }

    /// The top level of the JSON document.
    pub(super) fn part(snapshot: &'a Snapshot, database: &'a Database) -> Self {
        let balance = &snapshot.balance;
        let row = |(id, (flows, counts)): (&Option<SignatureId>, &(u64, BothWays<Count>))| {
            SignatureRow::new(*id, *flows, *counts, database)
        };
        Self {
            r#type: None,
            frames: balance.read.frames,
            bytes: balance.read.octets,
            flows: snapshot.totals.flows,
            shown_flows: snapshot.shown_flows,
            in_flows: balance.in_flows.into(),
            not_ip: balance.not_ip.into(),
            undecodable: balance.undecodable.into(),
            undecodable_by: balance.undecodable_by.iter().map(Reason::from).collect(),
            outside: balance.outside.into(),
            duplicates: balance.duplicates.into(),
            named_bytes: snapshot.totals.named,
            tagged_bytes: snapshot.totals.tagged,
            unnamed: Causes(snapshot.totals.unnamed),
            bounds: snapshot.bounds.into(),
            signatures_date: database.date(),
            by_signature: snapshot.by_signature.iter().map(row).collect(),
        }
    }
}

/// Frames and their octets.
#[derive(Serialize)]
struct Frames {
    frames: u64,
    bytes: u64,
}

impl From<Quantity> for Frames {
    fn from(quantity: Quantity) -> Self {
        Self { frames: quantity.frames, bytes: quantity.octets }
    }
}

/// Why frames could not be decoded.
#[derive(Serialize)]
struct Reason<'a> {
    reason: Cow<'a, str>,
    frames: u64,
    bytes: u64,
}

impl<'a> From<(&'a String, &Quantity)> for Reason<'a> {
    fn from((reason, quantity): (&'a String, &Quantity)) -> Self {
        let reason = Cow::Borrowed(reason.as_str());
        Self { reason, frames: quantity.frames, bytes: quantity.octets }
    }
}

/// Octets of unnamed flows, every cause by its word.
struct Causes([u64; Without::ALL.len()]);

impl Serialize for Causes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (cause, octets) in Without::ALL.into_iter().zip(self.0) {
            map.serialize_entry(cause.word(), &octets)?;
        }
        map.end()
    }
}

/// How often vigie's bounds were hit.
#[derive(Serialize)]
struct Bounds {
    reassembly: u64,
    fragments: u64,
    dns_answers: u64,
    flows: u64,
}

impl From<BoundHits> for Bounds {
    fn from(hits: BoundHits) -> Self {
        Self {
            reassembly: hits.reassembly,
            fragments: hits.fragments,
            dns_answers: hits.dns_answers,
            flows: hits.flows,
        }
    }
}

/// The sum over the flows whose primary tag is of one signature; `signature` is null for the
/// untagged ones.
#[derive(Serialize)]
struct SignatureRow<'a> {
    signature: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<&'a str>,
    flows: u64,
    up: Amount,
    down: Amount,
}

impl<'a> SignatureRow<'a> {
    fn new(
        id: Option<SignatureId>,
        flows: u64,
        counts: BothWays<Count>,
        database: &'a Database,
    ) -> Self {
        let signature = id.map(|id| database.signature(id));
        Self {
            signature: signature.map(|s| s.id.as_str()),
            category: signature.map(|s| category_word(s.category)),
            vendor: signature.map(|s| s.vendor.as_str()),
            product: signature.map(|s| s.product.as_str()),
            flows,
            up: counts.up.into(),
            down: counts.down.into(),
        }
    }
}
