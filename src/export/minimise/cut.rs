//! Cuts each frame's payload off, save for what names its flow.

use std::collections::VecDeque;

use hashbrown::HashMap;

use super::aggregate::Aggregate;
use super::datagram::{self, Talk};
use super::held::Held;
use super::logins::Logins;
use super::stream::{Naming, Overwritten, Part, Stream};
use crate::decode::{Protocol, Transport};
use crate::flow::{FlowFlags, FlowId};
use crate::name::{Observation, Via, login_in_datagram};
use crate::pipeline::{FlowFrame, FramePlace};
use crate::source::{CaptureTime, Frame};

/// Cuts frames. Remembers of each flow what its directions are; of the flows that began longest
/// ago it forgets that, and keeps nothing of their payload any more.
#[derive(Debug, Default)]
pub(in crate::export) struct Cutter {
    flows: HashMap<FlowId, Directions, foldhash::fast::RandomState>,
    order: VecDeque<FlowId>,
    /// Flows in which RADIUS servers are asked: those that began last.
    logins: HashMap<FlowId, Logins, foldhash::fast::RandomState>,
    login_order: VecDeque<FlowId>,
}

/// What is known of a flow.
#[derive(Clone, Copy, Debug, Default)]
struct Directions {
    streams: [Stream; 2],
    /// Datagrams with a hello so far.
    hellos: u8,
}

impl Cutter {
    /// Flows that are remembered.
    const FLOWS_KEPT: usize = 131_072;
    /// Datagrams of a flow whose hellos are kept.
    const HELLOS_KEPT: u8 = 32;
    /// Flows whose logins are followed.
    const LOGINS_KEPT: usize = 128;
    /// Octets kept of a frame that is in no flow: an ARP message, the head of something else.
    const ASIDE_KEPT: usize = 60;

    /// What is kept of a frame.
    pub(in crate::export) fn cut(&mut self, frame: &Frame<'_>, place: &FramePlace<'_>) -> Held {
        let FramePlace::Flow(flow) = place else {
            let kept = &frame.captured[..frame.captured.len().min(Self::ASIDE_KEPT)];
            return Held::of(frame, kept.into(), None);
        };
        let Some(payload) = flow.payload.clone() else {
            let kept = frame.captured.len().min(SHORTEST_HEADERS);
            return Held::of(frame, frame.captured[..kept].into(), None);
        };
        let (headers, rest) = frame.captured.split_at(payload.start);
        let mut octets = rest[..payload.end - payload.start].to_vec();
        let part = self.part(flow, frame.time, &mut octets);
        let mut kept = headers.to_vec();
        kept.extend(&octets[..part.octets]);
        let mut overwritten = part.overwritten;
        if !flow.further.is_empty() {
            (kept, overwritten) = self.further(frame, flow, &kept, overwritten);
        }
        Held::of(frame, kept.into(), overwritten.map(said))
    }

    /// What is kept of an aggregate, of whose first packet this is kept.
    fn further(
        &mut self,
        frame: &Frame<'_>,
        flow: &FlowFrame<'_>,
        first: &[u8],
        mut overwritten: Option<Overwritten>,
    ) -> (Vec<u8>, Option<Overwritten>) {
        let mut kept = Aggregate::begin(frame.captured, first);
        for packet in &flow.further {
            let Some(payload) = kept.packet(packet) else { continue };
            let own = FlowFrame { transport: packet.transport, ..flow.clone() };
            let mut octets = frame.captured[payload.clone()].to_vec();
            let part = self.part(&own, frame.time, &mut octets);
            kept.put(payload.start, &octets[..part.octets]);
            overwritten = overwritten.or(part.overwritten);
        }
        (kept.end(), overwritten)
    }

    /// Which octets of the payload stay.
    fn part(&mut self, flow: &FlowFrame<'_>, now: CaptureTime, payload: &mut [u8]) -> Part {
        let whole = |octets| Part { octets, overwritten: None };
        if payload.is_empty() {
            return whole(0);
        }
        let id = flow.cell.beginning().id;
        match (flow.transport, flow.protocol) {
            (Transport::Tcp { seq, flags, .. }, _) => {
                let syn = flags.has(crate::decode::TcpFlags::SYN);
                let seq = seq.wrapping_add(u32::from(syn));
                let stream = &mut self.directions(id).streams[flow.sender as usize];
                if is_resolvers(flow) {
                    stream.resolved(seq, payload)
                } else {
                    stream.segment(seq, payload, || naming(flow, now))
                }
            }
            (Transport::Udp, _) if !flow.answers.is_empty() => whole(payload.len()),
            (Transport::Udp, Protocol::UDP) if login_in_datagram(payload).is_some() => {
                let is_followed = self.logins(id).overwrite(payload);
                Part {
                    octets: if is_followed { payload.len() } else { 0 },
                    overwritten: is_followed.then_some(Overwritten::Login),
                }
            }
            (Transport::Udp, Protocol::UDP) => {
                let len = datagram::naming_len(payload, || talk(flow));
                let directions = if len > 0 { self.directions(id) } else { return whole(0) };
                directions.hellos = directions.hellos.saturating_add(1);
                if directions.hellos > Self::HELLOS_KEPT { whole(0) } else { whole(len) }
            }
            _ => whole(0),
        }
    }

    fn logins(&mut self, id: FlowId) -> &mut Logins {
        if !self.logins.contains_key(&id) {
            while self.login_order.len() >= Self::LOGINS_KEPT {
                let Some(oldest) = self.login_order.pop_front() else { break };
                self.logins.remove(&oldest);
            }
            self.login_order.push_back(id);
        }
        self.logins.entry(id).or_default()
    }

    fn directions(&mut self, id: FlowId) -> &mut Directions {
        if !self.flows.contains_key(&id) {
            while self.order.len() >= Self::FLOWS_KEPT {
                let Some(oldest) = self.order.pop_front() else { break };
                self.flows.remove(&oldest);
            }
            self.order.push_back(id);
        }
        self.flows.entry(id).or_default()
    }
}

/// Whether the client has named the server in this flow, as far as is known.
fn naming(flow: &FlowFrame<'_>, now: CaptureTime) -> Naming {
    flow.cell.labels(|labels| {
        let names = labels.found.iter().flat_map(|found| &found.names);
        let seen = names.map(|name| &name.observation);
        let mut by_hello = seen.clone().filter(|seen| seen.via.is_sni()).peekable();
        if by_hello.peek().is_none() {
            return Naming::Wanted;
        }
        let is_here = by_hello.all(|seen| seen.time == now);
        let by_others =
            |seen: &Observation| seen.via.is_basis() && !seen.via.is_sni() && seen.via != Via::Dns;
        if is_here && !seen.clone().any(by_others) { Naming::Here } else { Naming::Done }
    })
}

/// What the search takes a flow over UDP for: a relay's datagrams alone give it the flag `proxy`, and
/// in a call it looks for no QUIC.
fn talk(flow: &FlowFrame<'_>) -> Talk {
    let flags = flow.cell.labels(|labels| labels.flags);
    let is_call = [FlowFlags::STUN, FlowFlags::TURN, FlowFlags::MEDIA];
    Talk {
        is_relayed: flags.has(FlowFlags::PROXY),
        is_call: is_call.into_iter().any(|flag| flags.has(flag)),
    }
}

/// Whether a resolver sent the frame, by its port (RFC 1035 §4.2).
pub(super) fn is_resolvers(flow: &FlowFrame<'_>) -> bool {
    flow.cell.key().endpoint(flow.sender).port == 53
}

/// The comment of a frame that is not as it was.
fn said(overwritten: Overwritten) -> &'static str {
    match overwritten {
        Overwritten::Request => "vigie overwrote this request with x, save for method and host",
        Overwritten::Login => {
            "vigie overwrote this login with zeros, save for TLS up to the server's certificate"
        }
        Overwritten::Response => "vigie overwrote a response without addresses with zeros",
    }
}

/// Ethernet and IPv4 without options: what cannot hold payload, where its place is not known.
const SHORTEST_HEADERS: usize = 34;
