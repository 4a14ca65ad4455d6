//! One stream on one thread: the hot path.

use std::sync::Arc;

use arrayvec::ArrayVec;

use super::ending::Ending;
use super::flow_state::State;
use super::live::{Steps, Tap};
use super::naming::Naming;
use super::undecoded::Undecoded;
use super::{Options, StreamOutput, VlanUse};
use crate::decode::{Decoded, Decoder, Packet, TcpFlags, Transport, VlanIds};
use crate::flow::{
    Arrival, EndCause, Ended, Flow, FlowFlags, FlowId, FlowKey, FlowTable, Orientation, Scopes,
};
use crate::ledger::{Beginning, BoundHits, FlowCell, Labels, Registry, Snapshot};
use crate::name::{Findings, NameSearch, Piece, PieceKind};
use crate::source::{Batch, CaptureTime, Dated, Frame};

/// Everything that belongs to one stream.
pub(super) struct Worker<'a, S> {
    options: &'a Options,
    decoder: Decoder,
    scopes: Scopes,
    table: FlowTable<State>,
    registry: Arc<Registry>,
    naming: Naming<'a>,
    ending: Ending<'a, S>,
    undecoded: Undecoded,
    findings: Findings,
    ended: Vec<Ended<State>>,
    /// The capture clock: the newest frame's time.
    clock: Option<CaptureTime>,
    steps: Steps,
    /// Where every frame goes as well, live.
    tap: Option<Tap<'a>>,
    flows: u64,
}

// It speaks of this file's fields, but of live captures only.
#[path = "live/counting.rs"]
mod counting;

/// A packet of the batch on its way to its flow.
struct Met<'p, 'a> {
    packet: &'p Packet<'a>,
    /// Without the time, which is told when the packet's turn comes.
    arrival: Arrival,
}

impl<'a, S: StreamOutput> Worker<'a, S> {
    pub(super) fn new(
        options: &'a Options,
        registry: Arc<Registry>,
        naming: Naming<'a>,
        ending: Ending<'a, S>,
    ) -> Self {
        Self {
            options,
            decoder: Decoder::default(),
            scopes: Scopes::default(),
            table: FlowTable::new(options.idle, options.max_flows),
            registry,
            naming,
            ending,
            undecoded: Undecoded::default(),
            findings: Findings::default(),
            ended: Vec::new(),
            clock: None,
            steps: Steps::default(),
            tap: None,
            flows: 0,
        }
    }

    /// Counts the frames of a batch. Step by step over all of them, so that what one step needs
    /// is in the cache when the next begins.
    pub(super) fn batch(&mut self, batch: Batch<'_>) {
        let mut decoded: ArrayVec<Decoded<'_>, { Batch::FRAMES }> = ArrayVec::new();
        let mut met: ArrayVec<Met<'_, '_>, { Batch::FRAMES }> = ArrayVec::new();
        self.decoder.start_batch();
        for frame in batch.frames() {
            decoded.push(self.decoder.decode(&frame));
        }
        for decoded in &decoded {
            if let Decoded::Packet(packet) = decoded {
                met.push(self.locate(packet));
            }
        }
        for Met { arrival, .. } in &mut met {
            arrival.expected = self.table.prefetch_flow(arrival.hash);
        }
        for slot in met.iter().filter_map(|m| m.arrival.expected) {
            self.table.prefetch_state(slot);
        }
        let mut met = met.iter_mut();
        for (frame, decoded) in batch.frames().zip(&decoded) {
            match decoded {
                _ if frame.copy => {
                    self.copied(&frame);
                    if let Decoded::Packet(_) = decoded {
                        met.next();
                    }
                }
                Decoded::Packet(_) => met.next().into_iter().for_each(|m| self.count(&frame, m)),
                Decoded::NotIp(_) => self.aside(&frame, |u| u.not_ip.count(frame.wire_len)),
                Decoded::Undecodable(e) => self.aside(&frame, |u| u.count(*e, frame.wire_len)),
            }
        }
    }

    /// Whether the output has failed, so that reading on is of no use.
    pub(super) fn has_failed(&self) -> bool {
        self.ending.has_failed()
    }

    #[inline]
    fn locate<'p, 'f>(&mut self, packet: &'p Packet<'f>) -> Met<'p, 'f> {
        let scope = match self.options.vlans {
            VlanUse::Distinguish => self.scopes.number(&packet.vlans, packet.vni),
            VlanUse::Ignore => self.scopes.number(&VlanIds::new(), packet.vni),
        };
        let (key, sender) = FlowKey::of(&packet.tuple, scope);
        let hash = self.table.hash(&key);
        self.table.prefetch_index(hash);
        let transport = packet.transport;
        let now = CaptureTime::default();
        Met { packet, arrival: Arrival { key, hash, sender, transport, now, expected: None } }
    }

    /// Counts a frame that is in no flow; it moves the capture clock as any other.
    fn aside(&mut self, frame: &Frame<'_>, count: impl FnOnce(&mut Undecoded)) {
        self.advance(frame.time);
        if self.options.counts(frame.time) {
            count(&mut self.undecoded);
        } else {
            self.undecoded.outside.count(frame.wire_len);
        }
        if let Some(tap) = &mut self.tap {
            tap.aside(frame);
        }
    }

    fn count(&mut self, frame: &Frame<'_>, met: &mut Met<'_, '_>) {
        let now = self.advance(frame.time);
        met.arrival.now = now;
        let Met { packet, arrival } = &*met;
        let Arrival { key, sender, transport, .. } = arrival;
        let Self { options, scopes, flows, ended, table, naming, ending, .. } = self;
        let mut is_new = false;
        let create = || {
            is_new = true;
            *flows += 1;
            begin(frame, arrival, FlowId(*flows), scopes, options)
        };
        let flow = table.meet(arrival, create, &mut |e| ended.push(e));
        for e in ended.drain(..) {
            ending.end(e);
        }
        if is_new {
            self.registry.enter(Arc::clone(&flow.state.cell));
            naming.begin(flow, packet, *sender);
            // A handshake is of another connection: then what was left is forgotten.
            if let Transport::Tcp { flags, .. } = *transport
                && let Some(legacy) = ending.legacies.take(key, now)
                && !flags.has(TcpFlags::SYN)
            {
                Naming::resume(flow, legacy);
            }
        } else if let Some(told) = Orientation::of_handshake(*sender, *transport) {
            naming.orient(flow, told);
        }
        if options.counts(frame.time) {
            let payload = packet.payload_wire_len;
            flow.state.cell.count(*sender, frame.time, frame.wire_len, payload);
        } else {
            self.undecoded.outside.count(frame.wire_len);
        }
        mark(flow, packet);
        if let Some(piece) = piece(met, &self.decoder) {
            flow.state.search.offer(&piece, &mut self.findings, &mut ending.budget);
            if !self.findings.is_empty() {
                if let Some(tap) = &mut self.tap {
                    tap.note(&flow.state.cell, &self.findings);
                }
                naming.take(flow, &mut self.findings, frame.time);
            }
        }
        if let Some(tap) = &mut self.tap {
            tap.flow(frame, packet, *sender, &flow.state.cell);
        }
    }

    /// Moves the capture clock on; a late frame leaves it. Ends what has been silent too long.
    fn advance(&mut self, time: CaptureTime) -> CaptureTime {
        let now = self.steps.now(self.clock, time);
        self.clock = Some(now);
        if self.table.is_due(now) {
            let ending = &mut self.ending;
            let horizon = self.table.expire(now, &mut |e| ending.end(e));
            self.ending.write_before(horizon);
        }
        let shown = self.steps.shown(now);
        if self.steps.take_set() {
            self.ending.collector.set_time_back(shown);
        }
        self.ending.collector.tell_time(shown);
        now
    }

    /// Ends every flow, writes what waits and gives the ledger's last word with the output.
    pub(super) fn finish(mut self) -> std::io::Result<(Snapshot, S)> {
        let now = self.clock.unwrap_or_default();
        let ending = &mut self.ending;
        let order = |state: &State| state.cell.beginning().id;
        self.table.finish(now, order, &mut |e| {
            let due = (e.cause == EndCause::StreamEnd).then(|| (e.at, order(&e.flow.state)));
            ending.end(e);
            if let Some(due) = due {
                ending.write_up_to(due);
            }
        });
        let bounds = self.bounds(BoundHits::default());
        let (output, collector) = self.ending.finish()?;
        let mut snapshot = collector.finish(now);
        self.undecoded.settle(&mut snapshot.balance);
        snapshot.bounds = BoundHits { rows: snapshot.bounds.rows, ..bounds };
        Ok((snapshot, output))
    }

    /// Bounds that were hit; `ledger` has those that the ledger counts itself.
    fn bounds(&self, ledger: BoundHits) -> BoundHits {
        BoundHits {
            reassembly: self.ending.budget.hits,
            fragments: self.decoder.bound_hits(),
            dns_answers: self.naming.answers.hits(),
            flows: self.ending.evicted,
            names: self.naming.names_lost,
            scopes: self.scopes.hits,
            resumed: self.ending.legacies.hits,
            rows: ledger.rows,
        }
    }
}

/// A flow that begins with this frame.
fn begin(
    frame: &Frame<'_>,
    arrival: &Arrival,
    id: FlowId,
    scopes: &Scopes,
    options: &Options,
) -> (State, Orientation) {
    let Arrival { key, sender, transport, .. } = arrival;
    let orientation = Orientation::of_first(key, *sender, *transport, &options.home_net);
    let flags = match frame.dated {
        Dated::Recorded => FlowFlags::default(),
        Dated::FromPrevious => FlowFlags::NO_TIME,
    };
    let scope = scopes.scope(key.scope());
    let labels = Labels::new(orientation, flags);
    let cell = FlowCell::new(*key, Beginning::of(id, frame), scope, labels);
    (State { cell, search: NameSearch::default() }, orientation)
}

/// Notes what is remarkable about a packet; hardly any is.
fn mark(flow: &Flow<State>, packet: &Packet<'_>) {
    let mut flags = FlowFlags::default();
    if packet.super_frame {
        flags |= FlowFlags::SUPER_FRAME;
    }
    if packet.transport == Transport::Fragment || packet.reassembled.is_some() {
        flags |= FlowFlags::FRAGMENTS;
    }
    if flags != FlowFlags::default() {
        flow.state.cell.labels(|labels| labels.flags |= flags);
    }
}

/// What the search for names takes of a packet: the whole datagram where this fragment
/// completes one.
fn piece<'m>(met: &'m Met<'_, '_>, decoder: &'m Decoder) -> Option<Piece<'m>> {
    let Met { packet, arrival } = met;
    let whole = packet.reassembled.and_then(|index| decoder.reassembled(index));
    let (transport, payload, wire_len) = match whole {
        Some(whole) => {
            let len = u32::try_from(whole.payload.len()).unwrap_or(u32::MAX);
            (whole.transport, whole.payload, len)
        }
        None => (packet.transport, packet.payload, packet.payload_wire_len),
    };
    let kind = match transport {
        Transport::Tcp { seq, flags, .. } => {
            let syn = flags.has(TcpFlags::SYN);
            let tells = syn || flags.has(TcpFlags::FIN) || flags.has(TcpFlags::RST);
            if wire_len == 0 && !tells {
                return None;
            }
            PieceKind::Segment { seq: seq.wrapping_add(u32::from(syn)), syn }
        }
        Transport::Udp if wire_len > 0 => PieceKind::Datagram,
        _ => return None,
    };
    let ports = (packet.tuple.source_port, packet.tuple.destination_port);
    Some(Piece { side: arrival.sender, kind, ports, payload, wire_len })
}
