//! Signature look-up and load: goals are 100 ns for repeated names, 200 ns for random ones,
//! among a million patterns too, and 5 ms to load the shipped database.

use std::fmt::Write as _;
use std::sync::LazyLock;

use divan::{Bencher, counter::ItemsCount};
use vigie::name::HostName;
use vigie::signature::Database;

fn main() {
    eprintln!(
        "memory: {:.1} octets a pattern of the large database, {:.1} of them text",
        per_pattern(LARGE.name_table_octets()),
        per_pattern(LARGE.signatures().iter().flat_map(|s| &s.hosts).map(String::len).sum())
    );
    divan::main();
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn per_pattern(octets: usize) -> f64 {
    octets as f64 / MILLION as f64
}

/// Patterns of the large database.
const MILLION: usize = 1_000_000;
/// Names looked up in one measurement.
const NAMES: usize = 100_000;

static SHIPPED: LazyLock<Database> = LazyLock::new(Database::shipped);

/// Half exact, half wildcards, as imported lists have them.
static LARGE: LazyLock<Database> = LazyLock::new(load);

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

fn load() -> Database {
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

/// Names in random order, each once: exact ones, below a wildcard, and ones not listed.
fn random_names() -> Vec<HostName> {
    (0..NAMES)
        .map(|n| {
            let domain = domain(usize::try_from(scattered(n) % MILLION as u64).unwrap_or(0));
            match n % 4 {
                0 => host(&domain),
                1 => host(&format!("a.b.{domain}")),
                2 => host(&format!("cdn.{domain}")),
                _ => host(&format!("www.other-{n}.com")),
            }
        })
        .collect()
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
    let few = random_names().into_iter().take(100).cycle().take(NAMES).collect::<Vec<_>>();
    look_up(bencher, &LARGE, &few);
}

#[divan::bench]
fn million_random(bencher: Bencher<'_, '_>) {
    look_up(bencher, &LARGE, &random_names());
}

#[divan::bench]
fn load_shipped() -> Database {
    Database::shipped()
}

#[divan::bench(sample_count = 5)]
fn load_million() -> Database {
    load()
}
