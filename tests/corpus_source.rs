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

/// Frames as pcap-parser sees them: time in nanoseconds, octets on the wire and captured; `None`
/// where it cannot read the capture.
fn foreign(file: &[u8]) -> Option<Vec<(i64, u32, usize)>> {
    use pcap_parser::{Block, PcapBlockOwned, PcapError, create_reader};
    let mut reader = create_reader(1 << 20, file).ok()?;
    let (mut frames, mut scale, mut offsets, mut units) = (Vec::new(), 1000, vec![], vec![]);
    loop {
        let used = match reader.next() {
            Ok((used, block)) => {
                match block {
                    PcapBlockOwned::LegacyHeader(h) => {
                        scale = if h.is_nanosecond_precision() { 1 } else { 1000 };
                    }
                    PcapBlockOwned::Legacy(b) => {
                        let nanos = i64::from(b.ts_sec) * 1_000_000_000;
                        let nanos = nanos + i64::from(b.ts_usec) * scale;
                        frames.push((nanos, b.origlen, b.caplen as usize));
                    }
                    PcapBlockOwned::NG(Block::SectionHeader(_)) => {
                        offsets.clear();
                        units.clear();
                    }
                    PcapBlockOwned::NG(Block::InterfaceDescription(b)) => {
                        offsets.push(b.ts_offset());
                        units.push(b.ts_resolution()?);
                    }
                    PcapBlockOwned::NG(Block::EnhancedPacket(b)) => {
                        let interface = b.if_id as usize;
                        let ticks = u128::from(b.ts_high) << 32 | u128::from(b.ts_low);
                        let nanos = ticks * 1_000_000_000 / u128::from(*units.get(interface)?);
                        let offset = i128::from(offsets[interface]) * 1_000_000_000;
                        let nanos = i64::try_from(nanos.cast_signed() + offset).ok()?;
                        frames.push((nanos, b.origlen, b.caplen as usize));
                    }
                    PcapBlockOwned::NG(Block::SimplePacket(_)) => return None,
                    PcapBlockOwned::NG(_) => {}
                }
                used
            }
            Err(PcapError::Eof) => return Some(frames),
            Err(PcapError::Incomplete(_)) => {
                reader.refill().ok()?;
                continue;
            }
            Err(_) => return None,
        };
        reader.consume(used);
    }
}

fn frames(path: &Path) -> Vec<(i64, u32, usize)> {
    let plan =
        StreamPlan { captures: vec![Input::File(path.to_path_buf())], reading: Reading::InTurn };
    let octets_read = AtomicU64::new(0);
    let mut reader = StreamReader::open(&plan, 0, ReadOptions::default(), &octets_read);
    let mut frames = Vec::new();
    while let Some(batch) = reader.next_batch() {
        frames.extend(batch.frames().map(|f| (f.time.0, f.wire_len, f.captured.len())));
    }
    frames
}

#[test]
fn times_and_lengths_of_every_frame_are_those_that_pcap_parser_reads() {
    let Some(corpus) = corpus() else { return };
    let (mut wrong, mut compared, mut refused) = (Vec::new(), 0, Vec::new());
    for name in below(&corpus.join("captures")) {
        let path = corpus.join("captures").join(&name);
        match foreign(&fs::read(&path).unwrap()) {
            Some(theirs) => {
                compared += 1;
                if theirs != frames(&path) {
                    wrong.push(name);
                }
            }
            None => refused.push(name),
        }
    }
    eprintln!("pcap-parser refuses: {refused:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(compared > 1000, "only {compared} captures compared");
}

#[test]
fn mutated_captures_of_the_corpus_are_read_to_an_end() {
    let Some(corpus) = corpus() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mutated = folder.path().join("mutated");
    let mut seed = 1_u64;
    let mut random = move |below: usize| {
        // Knuth's MMIX generator.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below.max(1)
    };
    for name in below(&corpus.join("captures")) {
        // Broken compression gives megabytes of noise, which is slow in a debug build; the
        // room's own tests have that in small.
        if name.extension().is_some_and(|e| e == "gz") {
            continue;
        }
        let mut file = fs::read(corpus.join("captures").join(&name)).unwrap();
        for _ in 0..=random(8) {
            let at = random(file.len());
            if let Some(octet) = file.get_mut(at) {
                *octet = u8::try_from(random(256)).unwrap();
            }
        }
        if random(4) == 0 {
            file.truncate(random(file.len()));
        }
        fs::write(&mutated, &file).unwrap();
        let (account, frames, octets) = read(&mutated);
        assert!(account.failed.is_some() || (account.frames, account.octets) == (frames, octets));
    }
}
