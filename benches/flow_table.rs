//! Nanoseconds a packet in the flow table, with 10⁴ to 10⁶ flows interleaved at random: the
//! batches of the pipeline, each step asking for what the next needs, against one packet after
//! the other. Before that: octets of memory per live flow.
//!
//! The loop does nothing else, so a processor that looks far ahead overlaps the misses of packets
//! one by one, too; in the pipeline decoding stands between them.
//!
//! One call meets and counts 64,000 packets: 64 µs are one nanosecond a packet.
#![expect(unsafe_code, reason = "an allocator that counts has no safe form")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use divan::{Bencher, counter::ItemsCount};
use vigie::decode::{FiveTuple, Ported, Protocol, TcpFlags, Transport};
use vigie::flow::{
    Arrival, FlowFlags, FlowId, FlowKey, FlowState, FlowTable, HomeNet, IdleLimits, Orientation,
    Scope, ScopeId,
};
use vigie::ledger::{Beginning, FlowCell, Labels, Registry};
use vigie::name::NameSearch;
use vigie::source::{Batch, CaptureTime};

const FLOWS: [usize; 3] = [10_000, 100_000, 1_000_000];
/// Packets a call.
const PACKETS: usize = 64_000;
const NOW: CaptureTime = CaptureTime(1_767_600_000_000_000_000);
/// What may be in use: so much in all, and so much more for each live flow.
const BUDGET_OCTETS: (usize, usize) = (64 << 20, 300);

fn main() {
    for flows in FLOWS {
        memory(flows);
    }
    divan::main();
}

/// What the pipeline keeps of a flow: its cell, and its search for names.
struct State {
    cell: Arc<FlowCell>,
    #[expect(dead_code, reason = "it is there for its size")]
    search: NameSearch,
}

impl FlowState for State {
    fn key(&self) -> &FlowKey {
        self.cell.key()
    }

    fn prefetch(&self) {
        self.cell.prefetch();
    }
}

/// A table with all its flows, and the order in which their packets come.
struct Traffic {
    table: FlowTable<State>,
    registry: Registry,
    packets: Vec<FiveTuple>,
    next: usize,
}

impl Traffic {
    fn new(flows: usize) -> Self {
        let packets = shuffled(flows);
        let table = FlowTable::new(IdleLimits::default(), None);
        let mut traffic = Self { table, registry: Registry::default(), packets, next: 0 };
        for _ in 0..flows {
            let arrival = traffic.arrival();
            traffic.meet(&arrival);
        }
        assert_eq!(traffic.table.len(), flows);
        traffic
    }

    /// The next packet.
    fn arrival(&mut self) -> Arrival {
        let tuple = self.packets[self.next];
        self.next = (self.next + 1) % self.packets.len();
        let (key, sender) = FlowKey::of(&tuple, ScopeId::default());
        let hash = self.table.hash(&key);
        let transport = Transport::Tcp { seq: 7, ack: 9, flags: TcpFlags::ACK };
        Arrival { key, hash, sender, transport, now: NOW, expected: None }
    }

    fn meet(&mut self, arrival: &Arrival) {
        let Self { table, registry, next, .. } = self;
        let id = FlowId(*next as u64);
        let create = || {
            let home = HomeNet::default();
            let Arrival { key, sender, transport, .. } = arrival;
            let told = Orientation::of_first(key, *sender, *transport, &home);
            let beginning = Beginning { id, capture: 0, first_frame: id.0, time: NOW, digits: 6 };
            let labels = Labels::new(told, FlowFlags::default());
            let cell = FlowCell::new(*key, beginning, Scope::default(), labels);
            registry.enter(&cell);
            (State { cell, search: NameSearch::default() }, told)
        };
        let flow = table.meet(arrival, create, &mut |_| ());
        flow.state.cell.count(arrival.sender, NOW, 600, 546);
    }

    /// As the pipeline does: a step over the whole batch, then the next step.
    fn batches(&mut self) {
        for _ in 0..PACKETS / Batch::FRAMES {
            let mut met: [Arrival; Batch::FRAMES] = std::array::from_fn(|_| {
                let arrival = self.arrival();
                self.table.prefetch_index(arrival.hash);
                arrival
            });
            for arrival in &mut met {
                arrival.expected = self.table.prefetch_flow(arrival.hash);
            }
            for slot in met.iter().filter_map(|arrival| arrival.expected) {
                self.table.prefetch_state(slot);
            }
            for arrival in &met {
                self.meet(arrival);
            }
        }
    }

    fn one_by_one(&mut self) {
        for _ in 0..PACKETS {
            let arrival = self.arrival();
            self.meet(&arrival);
        }
    }
}

#[divan::bench(args = FLOWS)]
fn batches(bencher: Bencher<'_, '_>, flows: usize) {
    let mut traffic = Traffic::new(flows);
    bencher.counter(ItemsCount::new(PACKETS)).bench_local(|| traffic.batches());
}

#[divan::bench(args = FLOWS)]
fn one_by_one(bencher: Bencher<'_, '_>, flows: usize) {
    let mut traffic = Traffic::new(flows);
    bencher.counter(ItemsCount::new(PACKETS)).bench_local(|| traffic.one_by_one());
}

/// One packet of every flow, in an order that no cache foresees (multiplication by an odd number
/// modulo a power of two visits everything once).
fn shuffled(flows: usize) -> Vec<FiveTuple> {
    let all = flows.next_power_of_two();
    let order = (0..all).map(|n| n.wrapping_mul(0x9e37_79b1) % all);
    order.filter(|n| *n < flows).map(tuple).collect()
}

fn tuple(flow: usize) -> FiveTuple {
    let number = u32::try_from(flow).expect("fewer flows than that");
    let address = |base: u32| IpAddr::V4(Ipv4Addr::from(base + number / 50_000));
    FiveTuple {
        protocol: Protocol::TCP,
        source: address(0x0a00_0001),
        destination: address(0xc633_6401),
        source_port: u16::try_from(10_000 + number % 50_000).expect("a port"),
        destination_port: 443,
        ported: Ported::Yes,
    }
}

/// Prints what a live flow costs in the table, its cell and the registry.
fn memory(flows: usize) {
    let packets = shuffled(flows).len() * size_of::<FiveTuple>();
    let before = IN_USE.load(Relaxed);
    MOST.store(before, Relaxed);
    let resident = resident_octets();
    let traffic = Traffic::new(flows);
    let live = IN_USE.load(Relaxed) - before - packets;
    let most = MOST.load(Relaxed) - before - packets;
    print!("{flows:>9} flows: {} octets each, {} while growing", live / flows, most / flows);
    if let (Some(before), Some(now)) = (resident, resident_octets()) {
        print!(", {} resident", now.saturating_sub(before).saturating_sub(packets) / flows);
    }
    let (fixed, each) = BUDGET_OCTETS;
    let verdict = if live <= fixed + flows * each { "within" } else { "OVER" };
    println!("; {verdict} the budget of 64 MiB + {each} each");
    drop(traffic);
}

/// Octets of the process that are in memory, where the system tells.
fn resident_octets() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let line = text.lines().find(|line| line.starts_with("Rss:"))?;
    line.split_whitespace().nth(1)?.parse::<usize>().ok().map(|kib| kib * 1024)
}

/// Octets in use now, and at most so far.
static IN_USE: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

impl Counting {
    fn took(octets: usize) {
        let now = IN_USE.fetch_add(octets, Relaxed) + octets;
        MOST.fetch_max(now, Relaxed);
    }
}

// SAFETY: every call is handed to the system's allocator as it came; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::took(layout.size());
        // SAFETY: the caller's promise is the one that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::took(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above; the place came from the system's allocator.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both may exist while the octets are copied.
        Self::took(size);
        IN_USE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.realloc(place, layout, size) }
    }
}
