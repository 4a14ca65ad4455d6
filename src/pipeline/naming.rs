//! What a flow's birth and the findings of its search say about it.

use std::net::IpAddr;
use std::sync::Arc;

use super::answers::Answers;
use super::flow_state::State;
use super::resumed::{Known, Legacy, Pending};
use crate::decode::{self, Macs};
use crate::flow::{Flow, FlowFlags, Orientation, OrientedBy, Side};
use crate::ledger::{Devices, FlowCell, HardwareFile, Labels, MatchLabel, NameLabel};
use crate::name::{DnsLog, Findings, HostName, Observation, Via, newest_resolution};
use crate::signature::Database;
use crate::source::{CaptureTime, Frame};

/// Labels flows: knows the signatures, the devices and what clients have resolved.
#[derive(Debug)]
pub(super) struct Naming<'a> {
    pub(super) database: &'a Database,
    pub(super) devices: &'a Devices,
    pub(super) hardware: Option<&'a HardwareFile>,
    pub(super) answers: Answers,
    /// What the network's resolver logged.
    pub(super) log: &'a DnsLog,
    /// Names beyond those that a flow keeps.
    pub(super) names_lost: u64,
}

impl Naming<'_> {
    /// Labels a flow that begins: what its addresses alone say.
    pub(super) fn begin(
        &self,
        flow: &Flow<State>,
        macs: impl FnOnce() -> Option<Macs>,
        sender: Side,
    ) {
        let cell = &flow.state.cell;
        cell.labels(|labels| {
            self.place(cell, labels);
            if (!self.devices.by_mac.is_empty() || self.hardware.is_some())
                && let Some(macs) = macs()
            {
                self.note_devices(labels, macs, sender);
                self.note_makers(labels, macs, sender);
            }
        });
    }

    /// Notes the app that the trailer of the flow's first frame names.
    pub(super) fn note_app(flow: &Flow<State>, frame: &Frame<'_>) {
        if let Some(app) = decode::app_name(frame) {
            flow.state.cell.labels(|labels| labels.found_mut().rare_mut().app = Some(app.into()));
        }
    }

    /// Labels a flow that goes on after a silence. Gives where the last word on what was left to
    /// it comes, if that is to come.
    pub(super) fn resume(&self, flow: &mut Flow<State>, legacy: Legacy) -> Option<Arc<Pending>> {
        let tells = legacy.tells();
        let Legacy { orientation: told, known, pending, .. } = legacy;
        let client = flow.orientation.client;
        flow.orientation.strengthen(told);
        let (cell, orientation) = (&flow.state.cell, flow.orientation);
        cell.labels(|labels| {
            labels.orientation = orientation;
            if tells {
                labels.flags |= FlowFlags::RESUMED;
            }
            if orientation.client != client {
                self.place(cell, labels);
            }
            known.begin(labels);
            labels.inherits |= pending.is_some();
        });
        pending
    }

    /// Turns a flow around where `told` rests on a stronger rule and no name was found in it.
    pub(super) fn orient(&self, flow: &mut Flow<State>, told: Orientation) {
        if told.by >= flow.orientation.by {
            return;
        }
        let cell = &flow.state.cell;
        let orientation = &mut flow.orientation;
        cell.labels(|labels| {
            if labels.found.as_ref().is_some_and(|f| f.is_named_by_itself()) {
                return;
            }
            let turned = told.client != orientation.client;
            orientation.strengthen(told);
            labels.orientation = *orientation;
            if turned {
                self.place(cell, labels);
            }
        });
    }

    /// Says anew what a flow's addresses say, since answers may have come from other threads; of
    /// one that goes on, what was `left` to it says so.
    ///
    /// Of answers at the very time of the flow's first frame, those count that were there when it
    /// began. Now the others are in the table, too, even one that this frame itself brought: so
    /// only earlier ones are looked at, and a name of that very time stays.
    pub(super) fn settle(&self, cell: &FlowCell, left: Option<&Known>) {
        let time = cell.beginning().time;
        let is_of_then =
            |n: &NameLabel| n.observation.via == Via::Dns && n.observation.time == time;
        cell.labels(|labels| {
            if let Some(known) = left {
                known.settle(labels);
            }
            if labels.inherits {
                return;
            }
            if !labels.found.iter().flat_map(|found| &found.names).any(is_of_then) {
                self.place_as_of(cell, labels, just_before(time));
            }
        });
    }

    /// Says anew whether a hello's names are only outer ones.
    pub(super) fn settle_hello(
        &self,
        cell: &FlowCell,
        client: IpAddr,
        names: &[HostName],
        time: CaptureTime,
    ) {
        let before = just_before(time);
        if !names.iter().any(|name| self.answers.is_outer_name(client, name, before)) {
            return;
        }
        cell.labels(|labels| {
            labels.flags |= FlowFlags::ECH;
            let found = labels.found.iter_mut().flat_map(|found| &mut found.names);
            for name in found.filter(|n| n.observation.via.is_sni() && n.observation.time >= time) {
                name.found = None;
            }
        });
    }

    /// What the addresses say, seen from the present client: the name that it resolved to the
    /// server's address, and the network that the server is in.
    fn place(&self, cell: &FlowCell, labels: &mut Labels) {
        self.place_as_of(cell, labels, cell.beginning().time);
    }

    /// The same by the answers seen up to `time`.
    fn place_as_of(&self, cell: &FlowCell, labels: &mut Labels, time: CaptureTime) {
        let key = cell.key();
        let client = key.endpoint(labels.orientation.client);
        let server = key.endpoint(labels.orientation.client.other());
        labels.inherits = false;
        if let Some(found) = &mut labels.found {
            found.names.retain(|n| n.observation.via != Via::Dns);
            found.network = None;
            labels.flags = FlowFlags(labels.flags.0 & !FlowFlags::DNS_AMBIGUOUS.0);
        }
        let seen = self.answers.resolve(client.ip, server.ip, time);
        let resolved = if self.log.is_empty() {
            seen
        } else {
            newest_resolution(seen, self.log.resolve(client.ip, server.ip, cell.beginning().time))
        };
        if let Some(resolved) = resolved {
            let name = NameLabel {
                found: self.database.by_name(&resolved.name).map(MatchLabel::of).map(Box::new),
                observation: Observation {
                    name: resolved.name,
                    via: Via::Dns,
                    time: resolved.time,
                    chain: resolved.chain,
                },
            };
            labels.found_mut().put_first(name);
            if resolved.ambiguous {
                labels.flags |= FlowFlags::DNS_AMBIGUOUS;
            }
        }
        let network = self.database.by_network(server.ip, key.protocol(), server.port);
        if let Some(found) = network {
            labels.found_mut().network = Some(Box::new(MatchLabel::of(found)));
        }
    }

    fn note_makers(&self, labels: &mut Labels, macs: Macs, sender: Side) {
        let Some(hardware) = self.hardware else { return };
        let maker = |mac| hardware.maker(mac).map(Box::from);
        let [source, destination] = [maker(macs.source), maker(macs.destination)];
        if source.is_some() || destination.is_some() {
            let makers = match sender {
                Side::Low => [source, destination],
                Side::High => [destination, source],
            };
            labels.found_mut().rare_mut().makers = makers;
        }
    }

    fn note_devices(&self, labels: &mut Labels, macs: Macs, sender: Side) {
        for (side, mac) in [(sender, macs.source), (sender.other(), macs.destination)] {
            if let Some(device) = self.devices.by_mac.get(&mac) {
                labels.found_mut().rare_mut().devices[side as usize] = Some(device.clone());
            }
        }
    }

    /// Labels a flow with what its search found in a packet of this time. Orientation first:
    /// it never changes after a name is found.
    pub(super) fn take(
        &mut self,
        flow: &mut Flow<State>,
        findings: &mut Findings,
        time: CaptureTime,
    ) {
        if let Some(client) = findings.client {
            self.orient(flow, Orientation { client, by: OrientedBy::Hello });
        }
        let cell = &flow.state.cell;
        for answer in findings.answers.drain(..) {
            self.answers.insert(cell.key().endpoint(answer.asker).ip, &answer, time);
        }
        for public in findings.public_names.drain(..) {
            self.answers.insert_public_name(cell.key().endpoint(public.asker).ip, &public, time);
        }
        self.mark_outer_name(cell, findings, time);
        let is_more = !findings.names.is_empty()
            || !findings.alpn.is_empty()
            || findings.fingerprint.is_some()
            || findings.software.is_some();
        cell.labels(|labels| {
            labels.flags |= findings.flags;
            if is_more {
                self.names_lost += self.add_names(labels, findings, time);
            }
        });
        findings.clear();
    }

    /// Flags a hello whose SNI is only the outer name of Encrypted ClientHello.
    fn mark_outer_name(&self, cell: &FlowCell, findings: &mut Findings, time: CaptureTime) {
        let Some(client) = findings.client.filter(|_| findings.flags.has(FlowFlags::ECH_OFFERED))
        else {
            return;
        };
        let client = cell.key().endpoint(client).ip;
        let mut sni = findings.names.iter().filter(|(_, via)| via.is_sni());
        if sni.any(|(name, _)| self.answers.is_outer_name(client, name, time)) {
            findings.flags |= FlowFlags::ECH;
        }
    }

    /// Gives how many names found no room.
    fn add_names(&self, labels: &mut Labels, findings: &mut Findings, time: CaptureTime) -> u64 {
        let flags = labels.flags;
        let found = labels.found_mut();
        if found.fingerprint.is_none() {
            found.fingerprint = findings.fingerprint.take();
        }
        if let Some((side, program)) = findings.software.take() {
            found.rare_mut().software[side as usize].get_or_insert(program);
        }
        found.alpn.reserve_exact(findings.alpn.len());
        for protocol in findings.alpn.drain(..) {
            if !found.alpn.contains(&protocol) {
                found.alpn.push(protocol);
            }
        }
        let mut lost = 0;
        for (name, via) in findings.names.drain(..) {
            let observation = Observation { name, via, time, chain: Box::default() };
            if found.knows(&observation) {
                continue;
            }
            let is_basis = observation.is_basis(flags);
            let leads = is_basis.then(|| self.database.by_name(&observation.name));
            let name =
                NameLabel { found: leads.flatten().map(MatchLabel::of).map(Box::new), observation };
            lost += u64::from(!found.add(name));
        }
        lost
    }
}

fn just_before(time: CaptureTime) -> CaptureTime {
    CaptureTime(time.0.saturating_sub(1))
}
