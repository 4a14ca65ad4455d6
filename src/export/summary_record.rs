//! The NDJSON record of the whole run, schema `vigie/1`. Field order is output order.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::flow_record::Amount;
use super::live_record::MarkerRecord;
use crate::ledger::{BothWays, BoundHits, Count, Quantity, Snapshot};
use crate::name::Without;
use crate::signature::{Database, SignatureId};

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
    undecodable_by: Vec<UndecodableRow<'a>>,
    outside: Frames,
    duplicates: Frames,
    named_bytes: u64,
    tagged_bytes: u64,
    unnamed: Causes,
    bounds: Bounds,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    markers: Vec<MarkerRecord<'a>>,
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
            undecodable_by: balance.undecodable_by.iter().map(UndecodableRow::from).collect(),
            outside: balance.outside.into(),
            duplicates: balance.duplicates.into(),
            named_bytes: snapshot.totals.named,
            tagged_bytes: snapshot.totals.tagged,
            unnamed: Causes(snapshot.totals.unnamed),
            bounds: snapshot.bounds.into(),
            markers: snapshot.markers.iter().map(MarkerRecord::part).collect(),
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
struct UndecodableRow<'a> {
    reason: &'a str,
    frames: u64,
    bytes: u64,
}

impl<'a> From<(&'a String, &Quantity)> for UndecodableRow<'a> {
    fn from((reason, quantity): (&'a String, &Quantity)) -> Self {
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
    overlaps: u64,
    dns_answers: u64,
    flows: u64,
    names: u64,
    scopes: u64,
    resumed: u64,
    rows: u64,
}

impl From<BoundHits> for Bounds {
    fn from(hits: BoundHits) -> Self {
        Self {
            reassembly: hits.reassembly,
            fragments: hits.fragments,
            overlaps: hits.overlaps,
            dns_answers: hits.dns_answers,
            flows: hits.flows,
            names: hits.names,
            scopes: hits.scopes,
            resumed: hits.resumed,
            rows: hits.rows,
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
            category: signature.map(|s| s.category.word()),
            vendor: signature.map(|s| s.vendor.as_str()),
            product: signature.map(|s| s.product.as_str()),
            flows,
            up: counts.up.into(),
            down: counts.down.into(),
        }
    }
}
