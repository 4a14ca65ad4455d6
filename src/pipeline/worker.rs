//! One stream on one thread: the hot path.

use std::sync::Arc;

use arrayvec::ArrayVec;

use super::duplicates::Duplicates;
use super::ending::Ending;
use super::flow_state::State;
use super::live::{Steps, Tap, Threaded};
use super::met::{self, Met, Part, Unusual};
use super::naming::Naming;
use super::undecoded::Undecoded;
use super::{Options, Ports, Selection, StreamOutput, VlanUse};
use crate::decode::{
    DecodeError, Decoded, Decoder, Ordinary, Packet, Protocol, Subframes, TcpFlags, Transport,
    VlanIds,
};
use crate::flow::{
    Arrival, EndCause, Ended, FlowFlags, FlowId, FlowKey, FlowTable, Orientation, ScopeId, Scopes,
    Side,
};
use crate::ledger::{Balance, Beginning, BoundHits, FlowCell, Labels, Registry, Snapshot};
use crate::name::{Findings, NameSearch};
use crate::source::{Batch, CaptureAccount, CaptureTime, Dated, Frame};

/// Everything that belongs to one stream.
pub(super) struct Worker<'a, S> {
    options: &'a Options,
    decoder: Decoder,
    duplicates: Duplicates,
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
    /// The flows that are looked at; all of them without one.
    selection: Option<&'a Selection>,
    /// The servers' ports of flows with DNS answers.
    answered: Ports,
    /// Where frames of others' flows go, with several threads.
    threaded: Option<Threaded>,
    /// The number of the last flow, and what the next is further.
    flows: u64,
    step: u64,
}

// It speaks of this file's fields, but of live captures only.
#[path = "live/counting.rs"]
mod counting;

/// What a frame of the batch was.
enum Sorted<'f> {
    /// A packet on its way to its flow.
    Met(Met<'f>),
    /// Of a frame before it, or seen on another interface already.
    Copy,
    /// Of a flow that another thread counts, to which it went.
    Elsewhere,
    /// Of a flow that nobody looks at.
    Passed,
    NotIp,
    Undecodable(DecodeError),
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
            duplicates: Duplicates::new(options.duplicates),
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
            selection: None,
            answered: Ports::default(),
            threaded: None,
            flows: 0,
            step: 1,
        }
    }

    /// Looks only at the flows of a selection.
    pub(super) fn look_at(&mut self, selection: Option<&'a Selection>) {
        self.selection = selection;
    }

    /// Counts the frames of a batch. Step by step over all of them, so that what one step needs
    /// is in the cache when the next begins.
    pub(super) fn batch(&mut self, batch: Batch<'_>) {
        let mut sorted: ArrayVec<Sorted<'_>, { Batch::FRAMES }> = ArrayVec::new();
        self.decoder.start_batch();
        let is_known = self.threaded.as_ref().is_some_and(|threaded| threaded.is_receiving);
        let looks = !is_known && !self.duplicates.pass_over(batch.len());
        for frame in batch.frames() {
            // Nothing is read of a copy.
            if frame.copy || (looks && self.duplicates.is_copy(&frame)) {
                sorted.push(Sorted::Copy);
                continue;
            }
            // Two pushes, so that each builds its element in its place.
            match Ordinary::read(&frame) {
                Some(ordinary) if self.passes_over(&ordinary) => sorted.push(Sorted::Passed),
                Some(ordinary) if self.is_own(&ordinary) => {
                    sorted.push(Sorted::Met(self.locate(&ordinary)));
                }
                _ => sorted.push(self.unusual(&frame)),
            }
        }
        for sorted in &mut sorted {
            if let Sorted::Met(Met { arrival, .. }) = sorted {
                arrival.expected = self.table.prefetch_flow(arrival.hash);
            }
        }
        for sorted in &sorted {
            if let Sorted::Met(Met { arrival: Arrival { expected: Some(slot), .. }, .. }) = sorted {
                self.table.prefetch_state(*slot);
            }
        }
        for (frame, sorted) in batch.frames().zip(&mut sorted) {
            match sorted {
                Sorted::Met(met) => self.count(&frame, met),
                Sorted::Copy => self.aside(&frame, |u| u.duplicates.count(frame.wire_len)),
                Sorted::Elsewhere => _ = self.advance(frame.time),
                Sorted::Passed => self.aside(&frame, |u| u.passed.count(frame.wire_len)),
                Sorted::NotIp => self.aside(&frame, |u| u.not_ip.count(frame.wire_len)),
                Sorted::Undecodable(e) => self.aside(&frame, |u| u.count(*e, frame.wire_len)),
            }
        }
    }

    /// Whether the packet is this thread's to count. Nearly always: the kernel shares ordinary
    /// frames by the same rule, save those that it shares by none.
    #[inline]
    fn is_own(&self, ordinary: &Ordinary<'_>) -> bool {
        self.threaded.as_ref().is_none_or(|threaded| {
            let [one, other] = [ordinary.source, ordinary.destination];
            threaded.share().has(one.address(ordinary.version), other.address(ordinary.version))
        })
    }

    /// Whether the packet is of a flow that nobody looks at.
    #[inline]
    fn passes_over(&self, ordinary: &Ordinary<'_>) -> bool {
        self.selection.is_some_and(|selection| {
            !selection.has(&FlowKey::of_ordinary(ordinary, ScopeId::default()).0)
        })
    }

    #[expect(clippy::inline_always, reason = "measured: a call copies what was read")]
    #[inline(always)]
    fn locate<'f>(&mut self, ordinary: &Ordinary<'f>) -> Met<'f> {
        let scope = match ordinary.vlans() {
            [] => ScopeId::default(),
            vlans => self.scope(&vlans.iter().copied().collect(), None),
        };
        let (key, sender) = FlowKey::of_ordinary(ordinary, scope);
        Met {
            arrival: self.arrival(key, sender, ordinary.transport),
            payload: ordinary.payload,
            payload_wire_len: ordinary.payload_wire_len,
            unusual: None,
        }
    }

    /// The same for a frame that must be looked at layer by layer.
    #[cold]
    fn unusual<'f>(&mut self, frame: &Frame<'f>) -> Sorted<'f> {
        let mut packet = match self.decoder.unusual(frame) {
            Decoded::Packet(packet) => packet,
            Decoded::NotIp(_) => return Sorted::NotIp,
            Decoded::Undecodable(error) => return Sorted::Undecodable(error),
        };
        if let Some(threaded) = &mut self.threaded
            && threaded.hands_over(frame, &packet.tuple, self.decoder.take_passage())
        {
            return Sorted::Elsewhere;
        }
        let key = || FlowKey::of(&packet.tuple, ScopeId::default()).0;
        if self.selection.is_some_and(|selection| !selection.has(&key())) {
            return Sorted::Passed;
        }
        let parts = self.parts(frame, packet.further.take());
        Sorted::Met(self.met(&packet, parts))
    }

    /// `parts`: the other packets of the frame.
    fn met<'f>(&mut self, packet: &Packet<'f>, parts: Vec<Part<'f>>) -> Met<'f> {
        let scope = self.scope(&packet.vlans, packet.vni);
        let (key, sender) = FlowKey::of(&packet.tuple, scope);
        let Packet { macs, reassembled, super_frame, tunnel, .. } = *packet;
        let transport = met::closing(packet.transport, &parts, key, sender);
        Met {
            arrival: self.arrival(key, sender, transport),
            payload: packet.payload,
            payload_wire_len: packet.payload_wire_len,
            unusual: Some(Unusual { macs, reassembled, super_frame, tunnel, parts }),
        }
    }

    /// The packets in the further subframes of an aggregate.
    fn parts<'f>(&mut self, frame: &Frame<'f>, mut next: Option<Subframes>) -> Vec<Part<'f>> {
        let mut parts = Vec::new();
        while let Some(further) = next {
            let from = further.start();
            let Some(packet) = self.decoder.subframe(frame, further) else { break };
            let scope = self.scope(&packet.vlans, packet.vni);
            let (key, sender) = FlowKey::of(&packet.tuple, scope);
            let Packet { transport, payload, payload_wire_len, reassembled, .. } = packet;
            parts.push(Part {
                key,
                sender,
                transport,
                payload,
                payload_wire_len,
                reassembled,
                from,
            });
            next = packet.further;
        }
        parts
    }

    fn scope(&mut self, vlans: &VlanIds, vni: Option<u32>) -> ScopeId {
        match self.options.vlans {
            VlanUse::Distinguish => self.scopes.number(vlans, vni),
            VlanUse::Ignore => self.scopes.number(&VlanIds::new(), vni),
        }
    }

    #[inline]
    fn arrival(&self, key: FlowKey, sender: Side, transport: Transport) -> Arrival {
        let hash = self.table.hash(&key);
        self.table.prefetch_index(hash);
        Arrival { key, hash, sender, transport, now: CaptureTime::default(), expected: None }
    }

    /// Whether the output has failed, so that reading on is of no use.
    pub(super) fn has_failed(&self) -> bool {
        self.ending.has_failed()
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

    #[inline]
    fn count(&mut self, frame: &Frame<'_>, met: &mut Met<'_>) {
        let now = self.advance(frame.time);
        met.arrival.now = now;
        let Met { arrival, .. } = &*met;
        let Arrival { key, sender, transport, .. } = arrival;
        let Self { options, scopes, flows, step, ended, table, naming, ending, .. } = self;
        let mut is_new = false;
        let create = || {
            is_new = true;
            *flows += *step;
            begin(frame, arrival, FlowId(*flows), scopes, options)
        };
        let flow = table.meet(arrival, create, &mut |e| ended.push(e));
        if !ended.is_empty() {
            ended.drain(..).for_each(|e| ending.end(e));
        }
        if is_new {
            self.registry.enter(&flow.state.cell);
            naming.begin(flow, || met.macs(frame), *sender);
            Naming::note_app(flow, frame);
            let mut left = None;
            // A handshake is of another connection: then what was left is forgotten.
            if let Transport::Tcp { flags, .. } = *transport
                && let Some(legacy) = ending.legacies.take(key, now)
                && !flags.has(TcpFlags::SYN)
            {
                left = naming.resume(flow, legacy);
            }
            ending.begun(&flow.state.cell, left);
        } else if let Some(told) = Orientation::of_handshake(*sender, *transport) {
            naming.orient(flow, told);
        }
        if options.counts(frame.time) {
            let payload = met.payload_in_all();
            flow.state.cell.count(*sender, frame.time, frame.wire_len, payload);
            if self.threaded.as_ref().is_some_and(|threaded| threaded.is_receiving) {
                let (cell, collector) = (&flow.state.cell, &mut ending.collector);
                collector.counted_at(cell, *sender, frame.time, frame.wire_len, payload);
            }
        } else {
            self.undecoded.outside.count(frame.wire_len);
        }
        if let Some(unusual) = &met.unusual {
            unusual.mark(flow, arrival);
        }
        if flow.state.search.is_open() {
            for piece in met.pieces(&self.decoder) {
                flow.state.search.offer(&piece, &mut self.findings, &mut ending.budget);
                if !self.findings.is_empty() {
                    if let Some(tap) = &mut self.tap {
                        tap.note(&flow.state.cell, &self.findings);
                    }
                    for asker in self.findings.askers() {
                        self.answered.insert(key.port(asker.other()));
                    }
                    ending.hello(&flow.state.cell, &self.findings, frame.time);
                    naming.take(flow, &mut self.findings, frame.time);
                }
            }
        }
        if let Some(tap) = &mut self.tap {
            tap.flow(frame, met, &flow.state.cell);
        }
    }

    /// Moves the capture clock on; a late frame leaves it. Ends what has been silent too long.
    #[expect(clippy::inline_always, reason = "measured: once for every frame")]
    #[inline(always)]
    fn advance(&mut self, time: CaptureTime) -> CaptureTime {
        if let Some(threaded) = &mut self.threaded
            && threaded.is_receiving
        {
            // Of another thread's clock: this one's has still to come so far, or is beyond it.
            threaded.received = Some(time);
            return self.steps.silence(time);
        }
        let now = self.steps.now(self.clock, time);
        self.clock = Some(now);
        if self.table.is_due(now) {
            self.expire(now);
        }
        let shown = self.steps.shown(now);
        if self.steps.take_set() {
            self.ending.collector.set_time_back(shown);
        }
        self.ending.collector.tell_time(shown);
        now
    }

    #[cold]
    fn expire(&mut self, now: CaptureTime) {
        // What others have still to hand over may be of a flow that seems to be silent: `settle`
        // does this once all have come so far.
        if self.threaded.is_none() {
            self.end_silent(now);
        }
    }

    fn end_silent(&mut self, now: CaptureTime) {
        let ending = &mut self.ending;
        let horizon = self.table.expire(now, &mut |e| ending.end(e));
        self.ending.write_before(horizon);
    }

    /// Ends every flow, writes what waits and gives the ledger's last word with the output.
    pub(super) fn finish(mut self) -> std::io::Result<(Snapshot, S)> {
        let now = self.clock.unwrap_or_default();
        let ending = &mut self.ending;
        if ending.heeds_order() {
            let order = |state: &State| state.cell.beginning().id;
            self.table.finish_in_order(now, order, &mut |e| {
                let due = (e.cause == EndCause::StreamEnd).then(|| (e.at, order(&e.flow.state)));
                ending.end(e);
                if let Some(due) = due {
                    ending.write_up_to(due);
                }
            });
        } else {
            self.table.finish(now, &mut |e| ending.end(e));
        }
        let bounds = self.bounds(BoundHits::default());
        let (mut output, collector) = self.ending.finish()?;
        output.answered_at(&self.answered);
        let mut snapshot = collector.finish(now);
        self.undecoded.settle(&mut snapshot.balance);
        snapshot.sampled = self.duplicates.sampled;
        snapshot.bounds = BoundHits { rows: snapshot.bounds.rows, ..bounds };
        Ok((snapshot, output))
    }

    /// Tells whoever watches what was read so far.
    pub(super) fn tell(&self, accounts: &[CaptureAccount]) {
        if let Some(tap) = self.ending.collector.tap() {
            let mut aside = Balance::default();
            self.undecoded.settle(&mut aside);
            tap.tell_accounts(accounts, aside, self.bounds(BoundHits::default()));
        }
    }

    /// Whether somebody watches and wants to be told.
    pub(super) fn is_watched(&self) -> bool {
        self.ending.collector.tap().is_some_and(crate::ledger::Tap::is_wanted)
    }

    /// Bounds that were hit; `ledger` has those that the ledger counts itself.
    fn bounds(&self, ledger: BoundHits) -> BoundHits {
        BoundHits {
            reassembly: self.ending.budget.hits,
            fragments: self.decoder.bound_hits(),
            overlaps: self.decoder.overlaps(),
            dns_answers: self.naming.answers.hits() + self.ending.hurried(),
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
    let mut flags = match frame.dated {
        Dated::Recorded => FlowFlags::default(),
        Dated::FromPrevious => FlowFlags::NO_TIME,
    };
    if key.protocol() == Protocol::ESP {
        flags |= FlowFlags::VPN;
    }
    let scope = scopes.scope(key.scope());
    let labels = Labels::new(orientation, flags);
    let cell = FlowCell::new(*key, Beginning::of(id, frame), scope, labels);
    let state = State { cell, search: NameSearch::default(), marked: FlowFlags::default() };
    (state, orientation)
}
