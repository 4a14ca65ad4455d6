//! Every capture of the shared corpus, read by the source alone, against what tshark counted.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use vigie::source::{CaptureAccount, Input, ReadOptions, Reading, StreamPlan, StreamReader};

fn corpus() -> Option<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if corpus.is_dir() {
        return Some(corpus);
    }
    eprintln!("SKIPPED: {} is missing, nothing was compared", corpus.display());
    None
}

/// Paths below `folder`, relative to it, by name.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_path_buf());
            }
        }
    }
    found.sort();
    found
}

/// Reads a capture; gives its account and the frames and octets counted outside the source.
fn read(path: &Path) -> (CaptureAccount, u64, u64) {
    let plan =
        StreamPlan { captures: vec![Input::File(path.to_path_buf())], reading: Reading::InTurn };
    let octets_read = AtomicU64::new(0);
    let mut reader = StreamReader::open(&plan, 0, ReadOptions::default(), &octets_read);
    let (mut frames, mut octets) = (0, 0);
    while let Some(batch) = reader.next_batch() {
        for frame in batch.frames() {
            frames += 1;
            octets += u64::from(frame.wire_len);
            assert_eq!(frame.number, frames, "{}", path.display());
        }
    }
    assert_eq!(Some(octets_read.load(Ordering::Relaxed)), plan.size_hint(), "{}", path.display());
    (reader.into_accounts().remove(0), frames, octets)
}

/// Where tshark refused link types (`damage` in the oracle), there is nothing to compare with.
#[test]
fn every_capture_of_the_corpus_is_read_as_tshark_reads_it() {
    let Some(corpus) = corpus() else { return };
    let (mut wrong, mut compared) = (BTreeMap::new(), 0);
    for name in below(&corpus.join("captures")) {
        let (account, frames, octets) = read(&corpus.join("captures").join(&name));
        let expected = corpus.join("expected").join(format!("{}.json", name.display()));
        let expected: Value = serde_json::from_slice(&fs::read(expected).unwrap()).unwrap();
        let mut problems = Vec::new();
        if (account.frames, account.octets) != (frames, octets) {
            problems.push(format!("the account says {} {}", account.frames, account.octets));
        }
        if account.is_damaged() {
            problems.push(format!("{:?} {:?}", account.failed, account.damage));
        }
        compared += 1;
        let totals = (expected["frames"].as_u64().unwrap(), expected["octets"].as_u64().unwrap());
        if expected["damage"] == "" && totals != (frames, octets) {
            problems.push(format!("{frames} {octets} instead of {totals:?}"));
        }
        if !problems.is_empty() {
            wrong.insert(name, problems);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(compared > 1000, "only {compared} captures compared");
}
