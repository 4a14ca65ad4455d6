//! Signature look-up and load: goals are 100 ns for repeated names, 200 ns for random ones,
//! among a million patterns too, and 5 ms to load the shipped database.
//!
//! Before the tables: memory a pattern, and look-ups against a plain hash map that is asked for
//! every suffix of a name, in alternating rounds of the same run, the fastest of each.

#![expect(clippy::cast_precision_loss, reason = "figures for people")]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use divan::{Bencher, counter::ItemsCount};
use vigie::name::HostName;
use vigie::signature::Database;

/// As the program has it.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    // First, as the program does it: in a heap that nothing else has used.
    let mut load = Duration::MAX;
    for _ in 0..2 * ROUNDS {
        timed(&mut load, || (0..REPEATED).for_each(|_| drop(black_box(Database::shipped()))));
    }
    let shipped = load / REPEATED;
    eprintln!("load of the shipped database: {:.2} ms", shipped.as_secs_f64() * 1e3);
    let mut load = Duration::MAX;
    for _ in 0..3 {
        drop(timed(&mut load, load_million_patterns));
    }
    eprintln!("load of a million patterns: {:.2} s", load.as_secs_f64());
    eprintln!(
        "memory: {:.1} octets a pattern of the large database, {:.1} of them text; in a plain hash \
         map {:.1}",
        per_pattern(LARGE.name_table_octets()),
        per_pattern(LARGE.signatures().iter().flat_map(|s| &s.hosts).map(String::len).sum()),
        per_pattern(PLAIN.octets())
    );
    for (what, names) in [
        ("repeated", repeated_names()),
        ("random, listed", random_hits()),
        ("random, not listed", random_misses()),
        ("random, both", random_names()),
    ] {
        compare(what, &names);
    }
    divan::main();
}

/// Rounds of each in a comparison.
const ROUNDS: usize = 5;
/// Repetitions of a round: it must last long beside the ticks in which processor time is counted.
const REPEATED: u32 = 20;

/// Looks every name up in the large database and in the plain map, in turns.
fn compare(what: &str, names: &[HostName]) {
    let (mut ours, mut plain) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let all = || (0..REPEATED).flat_map(|_| names);
        let found = timed(&mut ours, || all().filter(|n| LARGE.by_name(n).is_some()).count());
        let known = timed(&mut plain, || all().filter(|n| PLAIN.covers(n.as_str())).count());
        assert_eq!(found, known, "{what}: both find the same names");
    }
    let looked_up = names.len() as f64 * f64::from(REPEATED);
    let each = |time: Duration| time.as_secs_f64() * 1e9 / looked_up;
    eprintln!(
        "{what}: {:.0} ns a name, plain hash map {:.0} ns: {:.2} times",
        each(ours),
        each(plain),
        each(ours) / each(plain)
    );
}

/// Runs something and keeps the least time that it has taken.
fn timed<T>(least: &mut Duration, run: impl FnOnce() -> T) -> T {
    let (clock, processor) = (Instant::now(), processor_time());
    let result = black_box(run());
    let spent = match (processor, processor_time()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => clock.elapsed(),
    };
    *least = spent.min(*least);
    result
}

/// What this thread has had of a processor, where Linux says so: other programs that want it too
/// do not count.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// What somebody would write first: suffixes as keys, asked from the longest on.
#[derive(Default)]
struct Plain {
    keys: HashMap<Box<str>, [Option<u32>; 2], foldhash::fast::RandomState>,
}

static PLAIN: LazyLock<Plain> = LazyLock::new(|| {
    let mut plain = Plain::default();
    for (n, pattern) in (0..).zip(LARGE.signatures().iter().flat_map(|s| &s.hosts)) {
        let below = pattern.strip_prefix("*.");
        let claims = plain.keys.entry(below.unwrap_or(pattern).into()).or_default();
        claims[usize::from(below.is_some())] = Some(n);
    }
    plain
});

impl Plain {
    fn covers(&self, name: &str) -> bool {
        let exact = self.keys.get(name).is_some_and(|claims| claims[0].is_some());
        exact
            || name.match_indices('.').any(|(dot, _)| {
                self.keys.get(&name[dot + 1..]).is_some_and(|claims| claims[1].is_some())
            })
    }

    /// Without what the allocator adds to every text.
    fn octets(&self) -> usize {
        let entry = size_of::<(Box<str>, [Option<u32>; 2])>() + 1;
        // A table of hashbrown is filled to seven eighths.
        let slots = (self.keys.capacity() * 8 / 7).next_power_of_two();
        slots * entry + self.keys.keys().map(|key| key.len()).sum::<usize>()
    }
}

fn per_pattern(octets: usize) -> f64 {
    octets as f64 / MILLION as f64
}

/// Patterns of the large database.
const MILLION: usize = 1_000_000;
/// Names looked up in one measurement.
const NAMES: usize = 100_000;

static SHIPPED: LazyLock<Database> = LazyLock::new(Database::shipped);

/// Half exact, half wildcards, as imported lists have them.
static LARGE: LazyLock<Database> = LazyLock::new(load_million_patterns);

static LIST: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::from(
        "[[signature]]\nid = \"list\"\nvendor = \"a\"\nproduct = \"b\"\ncategory = \"advertising\"\n\
         purpose = \"c\"\nexclusivity = \"shared\"\nconfidence = \"community\"\nstatus = \"active\"\n\
         sources = [{ title = \"t\", publisher = \"p\", ref = \"r\", as_of = \"2026\", says = \"s\" }]\n\
         hosts = [\n",
    );
    for n in 0..MILLION {
        let wildcard = if n % 2 == 0 { "" } else { "*." };
        writeln!(text, "\"{wildcard}{}\",", domain(n)).expect("a String takes all");
    }
    text.push_str("]\n");
    text
});

fn load_million_patterns() -> Database {
    Database::of_texts(&[("list.toml", &LIST)]).expect("the list loads")
}

fn domain(n: usize) -> String {
    let ending = ["com", "net", "example.org", "co.uk"][n % 4];
    format!("t{:x}.site-{}.{ending}", scattered(n), n % 50_000)
}

/// A number that follows no order (splitmix64).
fn scattered(n: usize) -> u64 {
    let mut x = (n as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn host(text: &str) -> HostName {
    HostName::from_wire(text.as_bytes()).expect("a host name")
}

/// Names in random order: those of the patterns, and below them (some of which no `*.` covers).
fn random_listed() -> impl Iterator<Item = HostName> {
    (0..NAMES).map(|n| {
        let domain = domain(usize::try_from(scattered(n) % MILLION as u64).unwrap_or(0));
        match n % 3 {
            0 => host(&domain),
            1 => host(&format!("a.b.{domain}")),
            _ => host(&format!("cdn.{domain}")),
        }
    })
}

/// Names of strangers, and neighbours of listed ones.
fn random_strangers() -> impl Iterator<Item = HostName> {
    (0..NAMES).map(|n| match n % 2 {
        0 => host(&format!("www.other-{n}.com")),
        _ => host(&format!("t{:x}.site-{}.co.uk", scattered(n + MILLION), n % 50_000)),
    })
}

/// Names in random order, all covered.
fn random_hits() -> Vec<HostName> {
    random_listed().filter(|name| LARGE.by_name(name).is_some()).collect()
}

/// Names in random order, none covered.
fn random_misses() -> Vec<HostName> {
    random_strangers().filter(|name| LARGE.by_name(name).is_none()).collect()
}

/// Three listed ones, then a stranger.
fn random_names() -> Vec<HostName> {
    let (mut listed, mut strangers) = (random_listed(), random_strangers());
    let next = |n: usize| if n % 4 < 3 { listed.next() } else { strangers.next() };
    (0..NAMES).map_while(next).collect()
}

/// A hundred names over and over.
fn repeated_names() -> Vec<HostName> {
    random_names().into_iter().take(100).cycle().take(NAMES).collect()
}

fn shipped_names() -> Vec<HostName> {
    let patterns = SHIPPED.signatures().iter().flat_map(|s| &s.hosts);
    patterns.map(|p| host(&p.replace('*', "x"))).collect()
}

fn look_up(bencher: Bencher<'_, '_>, database: &'static Database, names: &[HostName]) {
    bencher
        .counter(ItemsCount::new(names.len()))
        .bench_local(|| names.iter().filter(|name| database.by_name(name).is_some()).count());
}

#[divan::bench]
fn shipped_every_host(bencher: Bencher<'_, '_>) {
    look_up(bencher, &SHIPPED, &shipped_names());
}

#[divan::bench]
fn shipped_strangers(bencher: Bencher<'_, '_>) {
    look_up(bencher, &SHIPPED, &random_names());
}

#[divan::bench]
fn million_repeated(bencher: Bencher<'_, '_>) {
    look_up(bencher, &LARGE, &repeated_names());
}

#[divan::bench]
fn million_random(bencher: Bencher<'_, '_>) {
    look_up(bencher, &LARGE, &random_names());
}

#[divan::bench]
fn million_random_hit(bencher: Bencher<'_, '_>) {
    look_up(bencher, &LARGE, &random_hits());
}

#[divan::bench]
fn million_random_miss(bencher: Bencher<'_, '_>) {
    look_up(bencher, &LARGE, &random_misses());
}

#[divan::bench]
fn load_shipped() -> Database {
    Database::shipped()
}

#[divan::bench(sample_count = 5)]
fn load_million() -> Database {
    load_million_patterns()
}
