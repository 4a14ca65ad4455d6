//! Captures changed at random, through the whole program: from the source to every output.
//!
//! ```text
//! CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true \
//!     cargo test --release --test mutations -- --ignored --nocapture
//! ```
//!
//! sends a million of them (`VIGIE_MUTATIONS`) on two threads; `VIGIE_SEED` chooses which. A
//! capture that breaks a law is kept under the target folder and named by its seed and number.

mod law;
mod mutate;
mod program;
#[path = "../laws/random.rs"]
mod random;
mod seeds;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use law::{Place, Seen};

/// A capture of some kilo-octets that takes longer is a failure: something is not linear. Far
/// beyond what a busy machine can make of it.
const SLOW: Duration = Duration::from_mins(2);
/// One capture in so many goes through the built program as well.
const THROUGH_THE_PROGRAM: u64 = 1000;
/// Captures that each thread keeps of those that broke a law.
const KEPT: usize = 20;
/// Threads that work side by side.
const THREADS: usize = 2;

#[test]
fn captures_changed_at_random_break_no_law() {
    campaign(number("VIGIE_FEW_MUTATIONS", 20_000), number("VIGIE_SEED", 1));
}

#[test]
#[ignore = "minutes in a release build: see the head of this file"]
fn a_million_captures_changed_at_random_break_no_law() {
    campaign(number("VIGIE_MUTATIONS", 1_000_000), number("VIGIE_SEED", 20_261_124));
}

fn number<T: FromStr>(variable: &str, default: T) -> T {
    let text = std::env::var(variable).ok();
    text.map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{variable}={text}")))
}

/// What is known of all captures so far.
#[derive(Debug, Default)]
struct Tally {
    seen: Seen,
    slowest: Duration,
    failed: Vec<u64>,
}

fn campaign(count: u64, seed: u64) {
    let seeds = seeds::seeds();
    let (next, tally) = (AtomicU64::new(0), Mutex::new(Tally::default()));
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| work(&seeds, seed, count, &next, &tally));
        }
    });
    let Tally { seen, slowest, failed } = tally.into_inner().unwrap();
    let seconds = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate is for people")]
    let rate = count as f64 / seconds;
    println!(
        "{count} mutated captures out of {}, seed {seed}: {} broke a law or panicked; \
         {seconds:.0} s, {rate:.0} captures/s on {THREADS} threads, slowest {:.3} s",
        seeds.len(),
        failed.len(),
        slowest.as_secs_f64(),
    );
    println!(
        "{} could be opened, {} were damaged; {} frames, {} flows, {} names and {} tagged octets \
         were accounted for",
        seen.opened, seen.damaged, seen.frames, seen.flows, seen.names, seen.tagged,
    );
    println!("{} passed, {} failed", count - failed.len() as u64, failed.len());
    let first = &failed[..failed.len().min(KEPT)];
    assert!(failed.is_empty(), "kept in {}: {first:?} …", kept().display());
    assert_eq!(seen.captures, count);
    assert!(seen.opened > count / 2 && seen.damaged > count / 10, "{seen:?}");
    assert!(seen.names > count / 4 && seen.tagged > count, "{seen:?}");
}

/// Takes captures until there are no more.
fn work(seeds: &[Vec<u8>], seed: u64, count: u64, next: &AtomicU64, tally: &Mutex<Tally>) {
    let mut place = Place::new();
    let mut mine = Tally::default();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= count {
            break;
        }
        if number > 0 && number.is_multiple_of((count / 10).max(1)) {
            println!("{number} …");
        }
        let capture = mutate::mutated(seeds, seed, number);
        let path = place.hold(&capture);
        let start = Instant::now();
        let held = catch_unwind(AssertUnwindSafe(|| check(path, &capture, number)));
        let took = start.elapsed();
        mine.slowest = mine.slowest.max(took);
        match held {
            Ok(one) if took <= SLOW => mine.seen.add(&one),
            _ => {
                if mine.failed.len() < KEPT {
                    keep(&capture, seed, number);
                }
                mine.failed.push(number);
            }
        }
    }
    let mut tally = tally.lock().unwrap();
    tally.seen.add(&mine.seen);
    tally.slowest = tally.slowest.max(mine.slowest);
    tally.failed.extend(mine.failed);
}

fn check(path: &Path, capture: &[u8], number: u64) -> Seen {
    let seen = law::check(path, capture.len());
    if number.is_multiple_of(THROUGH_THE_PROGRAM) {
        program::check(path, &seen);
    }
    seen
}

fn keep(capture: &[u8], seed: u64, number: u64) {
    let path = kept().join(format!("seed-{seed}-number-{number}"));
    std::fs::create_dir_all(kept()).and_then(|()| std::fs::write(path, capture)).unwrap();
}

fn kept() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations")
}
