//! Analyses captures that are changed at random, and says how many times the laws held.
//!
//!     mutate [--count N] [--seed S] [--keep DIR] CAPTURE…
//!
//! Every change is decided by the seed and its number alone. A change that breaks a law, or makes
//! vigie panic, is written to DIR; the exit status is 1 then.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Longer captures are cut to this before they are changed: their beginnings hold what is parsed.
const LONGEST: usize = 48 * 1024;

/// A changed capture may take this long; one that takes longer counts as a failure.
const SLOW_SECONDS: f64 = 5.0;

struct Arguments {
    count: u64,
    seed: u64,
    keep: PathBuf,
    captures: Vec<Vec<u8>>,
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("mutate: {message}");
            return ExitCode::from(2);
        }
    };
    let began = Instant::now();
    let mut failed = 0_u64;
    let mut slowest = 0.0_f64;
    let (mut frames, mut named) = (0_u64, 0_u64);
    for number in 0..arguments.count {
        let capture = mutated(&arguments, number);
        let start = Instant::now();
        let held =
            catch_unwind(AssertUnwindSafe(|| vigie_fuzz::every_frame_is_accounted_once(&capture)));
        let seconds = start.elapsed().as_secs_f64();
        slowest = slowest.max(seconds);
        if let Ok(seen) = held {
            frames += seen.0;
            named += seen.1;
        }
        if held.is_err() || seconds > SLOW_SECONDS {
            failed += 1;
            keep(&arguments, number, &capture);
        }
        if (number + 1) % 100_000 == 0 {
            eprintln!("mutate: {} done, {failed} failed", number + 1);
        }
    }
    println!(
        "{} mutated captures out of {}, seed {}: {failed} broke a law or panicked; slowest {slowest:.3} s; {:.0} s in all; \
         {frames} frames were accounted for, {named} octets had a name",
        arguments.count,
        arguments.captures.len(),
        arguments.seed,
        began.elapsed().as_secs_f64(),
    );
    println!("{} passed, {failed} failed", arguments.count - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn arguments() -> Result<Arguments, String> {
    let mut found = Arguments {
        count: 10_000,
        seed: 1,
        keep: "fuzz/artifacts/mutate".into(),
        captures: Vec::new(),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number =
            || words.next().and_then(|w| w.parse().ok()).ok_or(format!("{word} wants a number"));
        match word.as_str() {
            "--count" => found.count = number()?,
            "--seed" => found.seed = number()?,
            "--keep" => found.keep = words.next().ok_or("--keep wants a folder")?.into(),
            path => {
                let mut octets = std::fs::read(path).map_err(|e| format!("{path}: {e}"))?;
                octets.truncate(LONGEST);
                found.captures.push(octets);
            }
        }
    }
    if found.captures.is_empty() { Err("no captures".to_owned()) } else { Ok(found) }
}

fn keep(arguments: &Arguments, number: u64, capture: &[u8]) {
    let path = arguments.keep.join(format!("seed-{}-number-{number}", arguments.seed));
    let written =
        std::fs::create_dir_all(&arguments.keep).and_then(|()| std::fs::write(&path, capture));
    match written {
        Ok(()) => eprintln!("mutate: number {number} failed; kept in {}", path.display()),
        Err(error) => eprintln!("mutate: number {number} failed; {}: {error}", path.display()),
    }
}

/// One capture with one to eight changes.
fn mutated(arguments: &Arguments, number: u64) -> Vec<u8> {
    let mut random = Random(arguments.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number);
    let mut capture = random.of(&arguments.captures).clone();
    for _ in 0..=random.below(8) {
        if capture.is_empty() {
            break;
        }
        let at = random.below(capture.len());
        let length = 1 + random.below(64.min(capture.len() - at));
        match random.below(8) {
            0 | 1 => capture[at] ^= 1 << random.below(8),
            2 => capture[at] = *random.of(&[0, 1, 0x7f, 0x80, 0xff]),
            3 => capture[at..at + length].fill(*random.of(&[0, 0xff, 0x41])),
            4 => drop(capture.drain(at..at + length)),
            5 => capture.truncate(at),
            6 => {
                let again = capture[at..at + length].to_vec();
                capture.splice(at..at, again);
            }
            _ => {
                let other = random.of(&arguments.captures);
                let from = random.below(other.len().max(1));
                let piece = other[from..other.len().min(from + length)].to_vec();
                let end = capture.len().min(at + piece.len());
                capture.splice(at..end, piece);
            }
        }
    }
    capture
}

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap_or(0)
    }

    fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}
