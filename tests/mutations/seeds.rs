//! The captures from which mutations are made: small slices of real ones.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use pcap_parser::{Block, PcapBlockOwned, create_reader};

/// Frames of a slice at most: names stand in the first frames of flows.
const FRAMES: usize = 40;
/// Octets of a slice at most.
const LONGEST: usize = 48 << 10;

/// Slices of the project's own captures and of the first frames of other people's, where those
/// are there.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds = Vec::new();
    for path in files(&root.join("pcaps")) {
        if path.extension().is_some_and(|e| e == "pcap" || e == "pcapng") {
            seeds.extend(slices(&fs::read(path).unwrap()));
        }
    }
    assert!(seeds.len() > 50, "{} slices of the own captures", seeds.len());
    let packed: Vec<_> = seeds.iter().step_by(29).flat_map(|seed| packed(seed)).collect();
    seeds.extend(packed);
    let own = seeds.len();
    let corpus = root.join("../shared/corpus/captures");
    if corpus.is_dir() {
        let captures = files(&corpus).into_iter().map(|path| fs::read(path).unwrap());
        seeds.extend(captures.filter_map(|octets| {
            let packed = create_reader(LONGEST, octets.as_slice()).is_err();
            let slice = if packed { Some(octets) } else { slices(&octets).into_iter().next() };
            slice.map(|mut slice| {
                slice.truncate(LONGEST);
                slice
            })
        }));
    } else {
        println!("SKIPPED: no captures at ../shared/corpus: only those of pcaps/ are mutated");
    }
    println!("{own} seeds of the own captures, {} of others", seeds.len() - own);
    seeds
}

/// The files below a folder, by name, so that a seed's number is the same everywhere.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// A capture in slices of some frames, each behind what stands before the first of all.
fn slices(octets: &[u8]) -> Vec<Vec<u8>> {
    let Ok(mut reader) = create_reader(octets.len() + 1024, octets) else { return Vec::new() };
    let (mut ends, mut at, mut head) = (Vec::new(), 0, None);
    while let Ok((len, block)) = reader.next() {
        let is_frame = matches!(
            block,
            PcapBlockOwned::Legacy(_)
                | PcapBlockOwned::NG(Block::EnhancedPacket(_) | Block::SimplePacket(_))
        );
        if is_frame {
            head.get_or_insert(at);
        }
        at += len;
        if is_frame {
            ends.push(at);
        }
        reader.consume(len);
    }
    let Some(head) = head else { return vec![octets.to_vec()] };
    let mut start = head;
    let slice = |frames: &[usize]| {
        let end = frames.last().copied().unwrap_or(start);
        let slice = [&octets[..head], &octets[start..end]].concat();
        start = end;
        slice
    };
    ends.chunks(FRAMES).map(slice).collect()
}

/// A capture in each form of compression.
fn packed(octets: &[u8]) -> Vec<Vec<u8>> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(octets).unwrap();
    let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
    lz4.write_all(octets).unwrap();
    vec![
        gzip.finish().unwrap(),
        lz4.finish().unwrap(),
        #[cfg(feature = "zstd")]
        zstd::encode_all(octets, 1).unwrap(),
    ]
}
