//! What must not be overlooked: on standard error, whatever the form of the output.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use super::text::counted;
use crate::decode::DecodeError;
use crate::ledger::{Sampled, Snapshot};
use crate::source::{CaptureAccount, Input, Plan};

/// Damaged places said of each capture; the rest are counted.
const PLACES: usize = 10;

/// What cannot be read at all, said before the reading.
pub(super) fn of_plan(captures: &Plan) {
    for error in &captures.errors {
        tracing::error!("{error}");
    }
    for path in &captures.skipped {
        tracing::info!("{}: not a capture, passed over", path.display());
    }
    for twice in given_twice(captures) {
        tracing::warn!("{twice}: given more than once; its frames are counted each time");
    }
}

/// What was removed before the reading.
pub(super) fn of_left(folders: &[PathBuf]) {
    for folder in folders {
        let folder = folder.display();
        tracing::warn!(
            "{folder}: removed; a run that was killed left it, with captures of tagged flows in it"
        );
    }
}

/// Captures that stand in the plan more than once, by any of their paths.
fn given_twice(captures: &Plan) -> Vec<&Input> {
    let mut seen = HashSet::new();
    let inputs = captures.streams.iter().flat_map(|stream| &stream.captures);
    inputs
        .filter(|input| {
            let path = input.path().and_then(|path| path.canonicalize().ok());
            path.is_some_and(|path| !seen.insert(path))
        })
        .collect()
}

/// What went wrong or is worth a warning, said after the reading.
pub(super) fn of_snapshot(snapshot: &Snapshot, interrupted: bool, stale_days: Option<u32>) {
    for capture in &snapshot.captures {
        of_capture(capture, interrupted);
    }
    unknown_link_types(snapshot);
    if let Some(copies) = copies(snapshot) {
        tracing::warn!("{copies}");
    }
    if !snapshot.balance.holds() {
        let (read, accounted) = (snapshot.balance.read, snapshot.balance.accounted());
        tracing::error!(
            "the balance does not hold: {} frames, {} octets read; {} frames, {} octets \
             accounted for; this is a fault of vigie's, please report it",
            read.frames,
            read.octets,
            accounted.frames,
            accounted.octets
        );
    }
    if let Some(days) = stale_days {
        tracing::warn!("the signatures are {days} days old; newer hosts are not in them");
    }
}

/// What is wrong with one capture, where, and what was kept. After an interrupt, no frames may
/// mean that its turn did not come.
fn of_capture(capture: &CaptureAccount, interrupted: bool) {
    let path = &capture.path;
    if let Some(error) = &capture.failed {
        tracing::error!("{path}: {error}");
        return;
    }
    for damage in capture.damage.iter().take(PLACES) {
        tracing::warn!(
            "{path}: frame {}, octet {}: {}; {} of this capture counted",
            damage.frame,
            damage.offset,
            damage.kind,
            counted(capture.frames, "frame")
        );
    }
    let more = capture.damage.len().saturating_sub(PLACES) as u64 + capture.more_damage;
    if more > 0 {
        tracing::warn!("{path}: {} more", counted(more, "damaged place"));
    }
    if capture.frames == 0 && capture.damage.is_empty() && !interrupted {
        tracing::warn!("{path}: a valid capture without frames");
    }
    if capture.overlong > 0 {
        tracing::warn!(
            "{path}: {} with more octets captured than there were on the wire, as stated",
            counted(capture.overlong, "frame")
        );
    }
    for unknown in &capture.unknown_blocks {
        tracing::warn!(
            "{path}: frame {}, octet {}: block type {:#010x} is not known; {} passed over",
            unknown.frame,
            unknown.offset,
            unknown.block,
            counted(unknown.count, "such block")
        );
    }
    if capture.more_unknown > 0 {
        tracing::warn!(
            "{path}: {} of further types that are not known passed over",
            counted(capture.more_unknown, "block")
        );
    }
}

/// How many copies of frames there are, where --dedup does not count them apart and they are more
/// than chance and time-outs make.
fn copies(snapshot: &Snapshot) -> Option<String> {
    let Sampled { looked, copies } = snapshot.sampled;
    let many = copies >= FEWEST_COPIES && copies.saturating_mul(100) >= looked;
    (many && snapshot.balance.duplicates.frames == 0).then(|| {
        let percent = copies * 100 / looked.max(1);
        format!(
            "{percent} % of {} looked at are copies of one just before (a mirror port, pktmon): \
             octets are counted twice; --dedup counts copies apart",
            counted(looked, "frame")
        )
    })
}

/// Copies below this are no pattern.
const FEWEST_COPIES: u64 = 16;

/// Frames that are undecodable because vigie lacks their link type.
fn unknown_link_types(snapshot: &Snapshot) {
    let mut first_with: BTreeMap<u32, &str> = BTreeMap::new();
    for capture in &snapshot.captures {
        for interface in &capture.interfaces {
            first_with.entry(interface.link.0).or_insert(&capture.path);
        }
    }
    for (link, path) in first_with {
        let reason = DecodeError::UnknownLinkType(link).to_string();
        if let Some(quantity) = snapshot.balance.undecodable_by.get(&reason) {
            let frames = counted(quantity.frames, "frame");
            tracing::warn!("{path}: {reason}: {frames} counted as undecodable");
        }
    }
}
