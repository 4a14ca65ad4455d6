//! From a cell to a flow record.

use super::cell::{FlowCell, oriented};
use super::label::{Found, Labels, Rare};
use super::tag::{Circumstances, basis_of, tags};
use super::{Assigned, Assignments, Devices, FlowRecord};
use crate::decode::Ported;
use crate::flow::{FlowFlags, Side};
use crate::name::{Observation, Without};
use crate::signature::Database;
use crate::source::CaptureTime;

/// Makes records: knows the signatures and the devices.
#[derive(Clone, Copy, Debug)]
pub struct Recorder<'a> {
    /// The signatures in force.
    pub database: &'a Database,
    /// Names for clients.
    pub devices: &'a Devices,
    /// To whom addresses are assigned.
    pub assignments: &'a Assignments,
}

impl Recorder<'_> {
    /// The record of a flow that ended; its labels move into the record.
    pub fn ended(&self, cell: &FlowCell, ended: CaptureTime) -> FlowRecord {
        self.ended_by_side(cell, ended).0
    }

    /// The record of a live flow at `now`.
    pub fn live(&self, cell: &FlowCell, now: CaptureTime) -> FlowRecord {
        self.live_by_side(cell, now).0
    }

    /// The same as [`Recorder::ended`], and the client's side.
    pub(super) fn ended_by_side(&self, cell: &FlowCell, ended: CaptureTime) -> (FlowRecord, Side) {
        cell.labels(|labels| {
            let found = labels.found.take();
            let found = found.map_or_else(Found::default, |f| *f);
            (self.record(cell, labels, found, ended), labels.orientation.client)
        })
    }

    /// The same as [`Recorder::live`], and the client's side.
    pub(super) fn live_by_side(&self, cell: &FlowCell, now: CaptureTime) -> (FlowRecord, Side) {
        cell.labels(|labels| {
            let found = labels.found.as_deref().cloned().unwrap_or_default();
            (self.record(cell, labels, found, now), labels.orientation.client)
        })
    }

    fn record(
        &self,
        cell: &FlowCell,
        labels: &Labels,
        found: Found,
        ended: CaptureTime,
    ) -> FlowRecord {
        let client_side = labels.orientation.client;
        let counts = oriented(cell.counts(), client_side);
        let (first, last) = cell.times();
        let mut flags = labels.flags;
        if counts.up.frames == 0 || counts.down.frames == 0 {
            flags |= FlowFlags::ONE_SIDED;
        }
        if found.more_names > 0 {
            flags |= FlowFlags::BOUND;
        }
        let circumstances = Circumstances { flags, counts, first };
        let (tags, mixed) = tags(&found, &circumstances, self.database);
        let key = cell.key();
        let client = key.endpoint(client_side);
        let device = self.device(client_side, &found, cell);
        let assigned = self.assigned(client_side, &found, cell);
        let names: Vec<Observation> = found.names.into_iter().map(|n| n.observation).collect();
        let is_named = names.iter().any(|o| o.is_basis(flags));
        let without = if flags.has(FlowFlags::ECH) { Without::Ech } else { labels.without };
        let scope = cell.scope();
        let beginning = cell.beginning();
        let (software, app) = found.rare.map_or_else(Default::default, |rare| {
            let Rare { software: [low, high], app, .. } = *rare;
            let software = match client_side.other() {
                Side::Low => low,
                Side::High => high,
            };
            (software, app)
        });
        FlowRecord {
            id: beginning.id,
            capture: beginning.capture,
            first_frame: beginning.first_frame,
            protocol: key.protocol(),
            ported: key.ported(),
            client,
            server: key.endpoint(client_side.other()),
            oriented_by: labels.orientation.by,
            vlans: scope.vlans,
            vni: scope.vni,
            first,
            last,
            ended,
            digits: beginning.digits,
            counts,
            unnamed: (!is_named).then_some(without),
            names,
            alpn: found.alpn,
            fingerprint: found.fingerprint,
            flags: flags | mixed,
            tags,
            device,
            stun_software: software,
            app,
            assigned,
        }
    }

    /// Asked of the files once a record, never of frames.
    fn assigned(&self, client: Side, found: &Found, cell: &FlowCell) -> Option<Box<Assigned>> {
        if self.assignments.is_empty() {
            return None;
        }
        let server = cell.key().endpoint(client.other()).ip;
        let rare = found.rare.as_deref();
        self.assignments.of(server, rare.and_then(|rare| rare.makers[client as usize].clone()))
    }

    fn device(&self, client: Side, found: &Found, cell: &FlowCell) -> Option<Box<str>> {
        if self.devices.is_empty() {
            return None;
        }
        let address = cell.key().endpoint(client).ip;
        let by_address = self.devices.by_address.get(&address);
        let by_mac = || found.rare.as_deref()?.devices[client as usize].as_ref();
        by_address.or_else(by_mac).cloned()
    }
}

impl FlowRecord {
    /// Whether the flow has ports.
    pub fn has_ports(&self) -> bool {
        self.ported == Ported::Yes
    }

    /// The name that tells best who the server is: the strongest way, earliest first. None
    /// where the flow is unnamed.
    pub fn best_name(&self) -> Option<&Observation> {
        let usable = self.names.iter().filter(|o| o.is_basis(self.flags));
        usable.min_by_key(|o| basis_of(o.via))
    }
}
