//! Tables of captures: those that were read, and those in the bundle.

use super::super::{Recount, TaggedCapture};
use super::kind::{Facts, Line};
use crate::export::{csv_text, rfc3339};
use crate::source::{CaptureAccount, CaptureTime};

/// Columns of the captures that were read.
pub(super) const READ: [&str; 10] = [
    "sha256",
    "capture",
    "interfaces",
    "frames",
    "octets",
    "captured",
    "first",
    "last",
    "dropped",
    "damage",
];

/// Columns of the captures in the bundle.
pub(super) const TAGGED: [&str; 11] = [
    "file",
    "stream",
    "flow_frames",
    "flow_octets",
    "answer_frames",
    "captured",
    "overwritten",
    "lost",
    "frames",
    "octets",
    "kept",
];

/// The captures that were read.
pub(super) fn read(facts: &Facts<'_>) -> Vec<Line> {
    facts.snapshot.captures.iter().map(|capture| of_capture(capture, facts.digits)).collect()
}

fn of_capture(capture: &CaptureAccount, digits: u8) -> Line {
    let time = |time: Option<CaptureTime>| {
        time.map(|time| rfc3339(time, digits).to_string()).unwrap_or_default()
    };
    let damage = capture.more_damage.saturating_add(capture.damage.len() as u64);
    let damage = match &capture.failed {
        Some(failed) => csv_text(&failed.to_string()).into_owned(),
        None => damage.to_string(),
    };
    let names: Vec<_> = capture.interfaces.iter().filter_map(|i| i.name.as_deref()).collect();
    let cells = vec![
        capture.sha256.map(|hash| super::super::hash::hex(&hash)).unwrap_or_default(),
        csv_text(&capture.path).into_owned(),
        csv_text(&names.join(" ")).into_owned(),
        capture.frames.to_string(),
        capture.octets.to_string(),
        capture.captured.to_string(),
        time(capture.first),
        time(capture.last),
        capture.dropped().map(|dropped| dropped.to_string()).unwrap_or_default(),
        damage,
    ];
    Line { cells, recount: Recount::Original }
}

/// The captures in the bundle: what was put into them, and what reading them again gives.
pub(super) fn tagged(facts: &Facts<'_>) -> Vec<Line> {
    let rows = facts.bundle.iter().map(|account| {
        let put = facts.captures.iter().find(|capture| capture.file_name == account.path);
        let put = |number: fn(&TaggedCapture) -> u64| {
            put.map(|capture| number(capture).to_string()).unwrap_or_default()
        };
        let cells = vec![
            account.path.clone(),
            put(|capture| capture.stream as u64),
            put(|capture| capture.frames),
            put(|capture| capture.octets),
            put(|capture| capture.answers),
            put(|capture| capture.captured),
            put(|capture| capture.overwritten),
            put(|capture| capture.lost),
            account.frames.to_string(),
            account.octets.to_string(),
            account.captured.to_string(),
        ];
        Line { cells, recount: Recount::Tagged }
    });
    rows.collect()
}
