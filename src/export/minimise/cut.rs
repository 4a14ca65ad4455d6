//! Cuts each frame's payload off, save for what names its flow.

use std::collections::VecDeque;

use hashbrown::HashMap;

use super::datagram;
use super::held::Held;
use super::stream::{Naming, Overwritten, Part, Stream};
use crate::decode::{Protocol, Transport};
use crate::flow::FlowId;
use crate::pipeline::{FlowFrame, FramePlace};
use crate::source::Frame;

/// Cuts frames. Remembers of each flow what its directions are; of the flows that began longest
/// ago it forgets that, and keeps nothing of their payload any more.
#[derive(Debug, Default)]
pub(in crate::export) struct Cutter {
    flows: HashMap<FlowId, Directions, foldhash::fast::RandomState>,
    order: VecDeque<FlowId>,
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
        let part = self.part(flow, &mut octets);
        let mut kept = headers.to_vec();
        kept.extend(&octets[..part.octets]);
        Held::of(frame, kept.into(), part.overwritten.map(said))
    }

    /// Which octets of the payload stay.
    fn part(&mut self, flow: &FlowFrame<'_>, payload: &mut [u8]) -> Part {
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
                    stream.segment(seq, payload, || naming(flow))
                }
            }
            (Transport::Udp, _) if !flow.answers.is_empty() => whole(payload.len()),
            (Transport::Udp, Protocol::UDP) => {
                let len = datagram::hello_len(payload);
                let directions = if len > 0 { self.directions(id) } else { return whole(0) };
                directions.hellos = directions.hellos.saturating_add(1);
                if directions.hellos > Self::HELLOS_KEPT { whole(0) } else { whole(len) }
            }
            _ => whole(0),
        }
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
fn naming(flow: &FlowFrame<'_>) -> Naming {
    let is_named = flow.cell.labels(|labels| {
        let names = labels.found.iter().flat_map(|found| &found.names);
        names.into_iter().any(|name| name.observation.via.is_sni())
    });
    if is_named { Naming::Done } else { Naming::Wanted }
}

/// Whether a resolver sent the frame, by its port (RFC 1035 §4.2).
pub(super) fn is_resolvers(flow: &FlowFrame<'_>) -> bool {
    flow.cell.key().endpoint(flow.sender).port == 53
}

/// The comment of a frame that is not as it was.
fn said(overwritten: Overwritten) -> &'static str {
    match overwritten {
        Overwritten::Request => "vigie overwrote this request with x, save for method and host",
        Overwritten::Response => "vigie overwrote a response without addresses with zeros",
    }
}

/// Ethernet and IPv4 without options: what cannot hold payload, where its place is not known.
const SHORTEST_HEADERS: usize = 34;
