//! The flow table: laid out so that the cache misses of a batch overlap.

use std::hash::BuildHasher;

use foldhash::quality::RandomState;

use super::expiry::{Armed, Limits, Wheel};
use super::index::Index;
use super::prefetch::prefetch;
use super::slab::Slab;
use super::{FlowKey, IdleLimits, Orientation, Side, TcpState, tcp};
use crate::decode::Transport;
use crate::source::CaptureTime;

/// What a table keeps for its user with every flow.
pub trait FlowState {
    /// The flow's key.
    fn key(&self) -> &FlowKey;
    /// Asks for what the user will touch when the flow's next packet is counted.
    fn prefetch(&self);
}

/// A flow in the table: one cache line for a state of up to 32 octets.
#[derive(Debug)]
#[repr(align(64))]
pub struct Flow<S> {
    /// The user's state.
    pub state: S,
    /// Who is the client.
    pub orientation: Orientation,
    /// FIN and RST seen.
    pub tcp: TcpState,
    hash: u32,
    generation: u32,
    /// The clock when the latest packet came: the newest frame's time by then, so that a
    /// capture that is out of order does not end its flows.
    pub seen: CaptureTime,
}

/// Why a flow ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndCause {
    /// Silence longer than the idle limit.
    Silence,
    /// A SYN after FIN or RST opened another flow on the same 5-tuple.
    Replaced,
    /// The stream is at its end.
    StreamEnd,
    /// The table was full.
    Evicted,
}

/// A flow that has ended, with everything of it.
#[derive(Debug)]
pub struct Ended<S> {
    /// The flow.
    pub flow: Flow<S>,
    /// Why.
    pub cause: EndCause,
    /// Capture time at which the end is known.
    pub at: CaptureTime,
}

/// One packet, as the table takes it.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// Its flow's key.
    pub key: FlowKey,
    /// The key's hash, from [`FlowTable::hash`].
    pub hash: u32,
    /// Who sent it.
    pub sender: Side,
    /// Its transport header.
    pub transport: Transport,
    /// The capture clock: the newest frame's time. Of a frame that another thread handed over,
    /// its own time.
    pub now: CaptureTime,
    /// The slot that [`FlowTable::prefetch_flow`] gave, so that the index need not be asked
    /// again; it may have been given to another flow since.
    pub expected: Option<u32>,
}

/// Flows by key. Holds a state `S` per flow without knowing what it is.
///
/// Use: [`hash`](Self::hash) and [`prefetch_index`](Self::prefetch_index) for every packet of a
/// batch, then [`prefetch_flow`](Self::prefetch_flow) for every packet, then
/// [`prefetch_state`](Self::prefetch_state), then [`meet`](Self::meet): each step finds in the
/// cache what the step before asked for.
#[derive(Debug)]
pub struct FlowTable<S> {
    hasher: RandomState,
    index: Index,
    flows: Slab<Flow<S>>,
    wheel: Wheel,
    due: Vec<Armed>,
    limits: Limits,
    max_flows: usize,
    generations: u32,
}

impl<S: FlowState> FlowTable<S> {
    /// An empty table; more than `max_flows` flows at a time are ended early.
    pub fn new(limits: IdleLimits, max_flows: Option<usize>) -> Self {
        Self {
            // Seeded at random: nobody can choose 5-tuples that collide.
            hasher: RandomState::default(),
            index: Index::default(),
            flows: Slab::default(),
            wheel: Wheel::new(&limits),
            due: Vec::new(),
            limits: limits.in_nanoseconds(),
            // Slots are numbered with 32 bits, and one number stands for "none".
            max_flows: max_flows.unwrap_or(usize::MAX).clamp(1, (u32::MAX - 1) as usize),
            generations: 0,
        }
    }

    /// Every flow, in no order.
    pub fn each(&self, mut visit: impl FnMut(&Flow<S>)) {
        self.flows.numbers().filter_map(|slot| self.flows.get(slot)).for_each(&mut visit);
    }

    /// Flows in the table.
    pub fn len(&self) -> usize {
        self.flows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The hash to meet a packet with.
    #[inline]
    pub fn hash(&self, key: &FlowKey) -> u32 {
        // The upper half is as good as the lower; the index uses its top bits.
        (self.hasher.hash_one(key) >> 32) as u32
    }

    /// First step for a packet: asks for its place in the index.
    pub fn prefetch_index(&self, hash: u32) {
        self.index.prefetch(hash);
    }

    /// Second step: asks for the flow.
    pub fn prefetch_flow(&self, hash: u32) -> Option<u32> {
        let slot = self.index.candidate(hash)?;
        prefetch(self.flows.place(slot)?);
        Some(slot)
    }

    /// Third step: asks for the user's state.
    pub fn prefetch_state(&self, slot: u32) {
        if let Some(flow) = self.flows.get(slot) {
            flow.state.prefetch();
        }
    }

    /// The flow of a packet: the one it continues, or a new one made by `create` (from the
    /// packet and its orientation). Flows that the packet ends are given to `ended` before.
    pub fn meet(
        &mut self,
        arrival: &Arrival,
        create: impl FnOnce() -> (S, Orientation),
        ended: &mut impl FnMut(Ended<S>),
    ) -> &mut Flow<S> {
        let slot = match self.current(arrival, ended) {
            Some(slot) => slot,
            None => self.begin(arrival, create, ended),
        };
        let limits = self.limits;
        let Some(flow) = self.flows.get_mut(slot) else {
            unreachable!("the slot was found or made just now")
        };
        // What another thread handed over may be older than what this one read.
        flow.seen = flow.seen.max(arrival.now);
        if let Transport::Tcp { flags, .. } = arrival.transport
            && tcp::is_telling(flags)
        {
            let was_closed = flow.tcp.is_closed();
            flow.tcp.observe(arrival.sender, flags);
            if !was_closed && flow.tcp.is_closed() {
                // The limit became shorter than what the wheel was told.
                self.generations = self.generations.wrapping_add(1);
                flow.generation = self.generations;
                let limit = limits.of(arrival.key.protocol(), flow.tcp);
                self.wheel.arm((slot, flow.generation), arrival.now.plus(limit));
            }
        }
        flow
    }

    /// The slot of the flow that the packet continues; ends the one that it does not.
    fn current(&mut self, arrival: &Arrival, ended: &mut impl FnMut(Ended<S>)) -> Option<u32> {
        let flows = &self.flows;
        let same = |slot| flows.get(slot).filter(|f| *f.state.key() == arrival.key);
        // No two flows of the table have the same key.
        let expected = arrival.expected.and_then(|slot| Some((slot, same(slot)?)));
        let (slot, flow) = match expected {
            Some(expected) => expected,
            None => self
                .index
                .find(arrival.hash, |slot| same(slot).is_some())
                .and_then(|slot| Some((slot, flows.get(slot)?)))?,
        };
        let silence = arrival.now.since(flow.seen);
        let reopens = matches!(arrival.transport, Transport::Tcp { flags, .. } if tcp::opens(flags))
            && flow.tcp.is_ending();
        if silence <= self.limits.shortest && !reopens {
            return Some(slot);
        }
        let limit = self.limits.of(arrival.key.protocol(), flow.tcp);
        let (cause, at) = if silence > limit {
            (EndCause::Silence, flow.seen.plus(limit))
        } else if reopens {
            (EndCause::Replaced, arrival.now)
        } else {
            return Some(slot);
        };
        self.end(slot, cause, at, ended);
        None
    }

    fn begin(
        &mut self,
        arrival: &Arrival,
        create: impl FnOnce() -> (S, Orientation),
        ended: &mut impl FnMut(Ended<S>),
    ) -> u32 {
        while self.flows.len() >= self.max_flows {
            let Some((slot, generation)) = self.wheel.earliest() else { break };
            if self.flows.get(slot).is_some_and(|f| f.generation == generation) {
                self.end(slot, EndCause::Evicted, arrival.now, ended);
            }
        }
        let (state, orientation) = create();
        self.generations = self.generations.wrapping_add(1);
        let flow = Flow {
            state,
            orientation,
            tcp: TcpState::default(),
            hash: arrival.hash,
            generation: self.generations,
            seen: arrival.now,
        };
        let limit = self.limits.of(arrival.key.protocol(), flow.tcp);
        let entry = self.flows.insert(flow);
        self.wheel.arm((entry, self.generations), arrival.now.plus(limit));
        self.index.insert(arrival.hash, entry);
        entry
    }

    fn end(
        &mut self,
        slot: u32,
        cause: EndCause,
        at: CaptureTime,
        ended: &mut impl FnMut(Ended<S>),
    ) {
        if let Some(flow) = self.flows.remove(slot) {
            self.index.remove(flow.hash, slot);
            ended(Ended { flow, cause, at });
        }
    }

    /// Ends the flows silent for longer than their idle limit at `now`, the time of the newest
    /// frame (capture clock, never the wall clock). Gives a time before which no further flow
    /// of the table will be found to have ended.
    pub fn expire(&mut self, now: CaptureTime, ended: &mut impl FnMut(Ended<S>)) -> CaptureTime {
        let mut due = std::mem::take(&mut self.due);
        while self.wheel.take_tick(now, &mut due) {
            // The slots, then the states: their cache misses overlap as those of a batch do.
            due.iter().filter_map(|(slot, _)| self.flows.place(*slot)).for_each(prefetch);
            for (slot, _) in &due {
                self.prefetch_state(*slot);
            }
            for (slot, generation) in due.drain(..) {
                let Some(flow) = self.flows.get(slot) else { continue };
                if flow.generation != generation {
                    continue;
                }
                let limit = self.limits.of(flow.state.key().protocol(), flow.tcp);
                let deadline = flow.seen.plus(limit);
                if now.since(flow.seen) > limit {
                    self.end(slot, EndCause::Silence, deadline, ended);
                } else {
                    self.wheel.arm((slot, generation), deadline);
                }
            }
        }
        self.due = due;
        self.wheel.horizon()
    }

    /// Whether [`FlowTable::expire`] has something to do at `now`.
    #[inline]
    pub fn is_due(&self, now: CaptureTime) -> bool {
        now >= self.wheel.next_tick()
    }

    /// Ends all flows at the end of the stream, `now`, in the order in which they lie in memory.
    pub fn finish(&mut self, now: CaptureTime, ended: &mut impl FnMut(Ended<S>)) {
        // Nothing is looked up any more: the index goes as a whole.
        self.index = Index::default();
        let limits = self.limits;
        let ahead = |flow: &Flow<S>| flow.state.prefetch();
        self.flows.drain(AHEAD, ahead, |flow| {
            let limit = limits.of(flow.state.key().protocol(), flow.tcp);
            let (cause, at) = if now.since(flow.seen) > limit {
                (EndCause::Silence, flow.seen.plus(limit))
            } else {
                (EndCause::StreamEnd, now)
            };
            ended(Ended { flow, cause, at });
        });
    }

    /// The same for who heeds the order: first those that were silent for too long, then the
    /// others in the order that `order` gives.
    pub fn finish_in_order<O: Ord>(
        &mut self,
        now: CaptureTime,
        order: impl Fn(&S) -> O,
        ended: &mut impl FnMut(Ended<S>),
    ) {
        let mut rest = Vec::with_capacity(self.len());
        let slots: Vec<u32> = self.flows.numbers().collect();
        for (at, slot) in slots.iter().enumerate() {
            self.prefetch_ahead(slots.get(at + AHEAD));
            let Some(flow) = self.flows.get(*slot) else { continue };
            let limit = self.limits.of(flow.state.key().protocol(), flow.tcp);
            if now.since(flow.seen) > limit {
                let deadline = flow.seen.plus(limit);
                self.end(*slot, EndCause::Silence, deadline, ended);
            } else {
                rest.push((order(&flow.state), *slot));
            }
        }
        rest.sort_unstable();
        // Nothing is looked up any more: the index goes as a whole.
        self.index = Index::default();
        for (at, (_, slot)) in rest.iter().enumerate() {
            if let Some((_, far)) = rest.get(at + 2 * AHEAD) {
                self.flows.place(*far).into_iter().for_each(prefetch);
            }
            self.prefetch_ahead(rest.get(at + AHEAD).map(|(_, slot)| slot));
            if let Some(flow) = self.flows.remove(*slot) {
                ended(Ended { flow, cause: EndCause::StreamEnd, at: now });
            }
        }
    }

    fn prefetch_ahead(&self, slot: Option<&u32>) {
        if let Some(slot) = slot {
            self.prefetch_state(*slot);
        }
    }
}

/// How many flows ahead the states are asked for when all are gone through.
const AHEAD: usize = 8;

#[cfg(test)]
mod tests;
