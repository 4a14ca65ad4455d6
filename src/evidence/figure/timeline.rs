//! Octets over time, one lane for each category, all on one linear scale.

use std::fmt::Write as _;

use super::bars::whole;
use super::svg::{ACCUSING, Anchor, FAINT, INK, OPERATION, Svg, WIDTH, cut, part};
use super::{Figure, TIMELINE, lanes};
use crate::evidence::{Case, Material, Timeline};
use crate::ledger::Marker;
use crate::signature::Category;

/// px: at the sides; at the top; of a lane with its name; of its columns alone; below the lanes.
const MARGIN: f64 = 16.0;
const HEAD: f64 = 26.0;
const LANE: f64 = 62.0;
const COLUMNS: f64 = 40.0;
const FOOT: f64 = 44.0;
/// Markers that are drawn; the rest stands in the report's list.
const MARKERS: usize = 9;

/// The figure; nothing where no frame was counted.
pub(super) fn timeline(material: &Material<'_>, case: &Case) -> Option<Figure> {
    let timeline = material.timeline;
    let highest = lanes(timeline)
        .into_iter()
        .filter_map(|lane| heights(timeline, lane).into_iter().max())
        .max()
        .filter(|octets| *octets > 0)?;
    let language = case.language;
    let end = timeline.time(timeline.slots);
    let moment = |time| language.moment(time, &case.zone);
    let title = language.say("report-figure-timeline");
    let values = [
        ("from", moment(timeline.start).into()),
        ("to", moment(end).into()),
        ("octets", language.octets(highest).into()),
    ];
    let description = language.say_with("report-figure-timeline-alt", &values);
    let lanes = lanes(timeline);
    let count = u32::try_from(lanes.len()).unwrap_or(0);
    let bottom = HEAD + f64::from(count) * LANE;
    let height = whole(bottom + FOOT);
    let mut picture = Svg::new("timeline", height, &title, &description);
    let width = u64::try_from(timeline.width).unwrap_or(0);
    let scale =
        [("time", language.duration(width).into()), ("octets", language.octets(highest).into())];
    let scale = language.say_with("report-figure-scale", &scale);
    picture.text((MARGIN, 16.0), Anchor::Start, (12, FAINT), &scale);
    for (place, lane) in (0_u32..).zip(lanes) {
        let top = HEAD + f64::from(place) * LANE;
        let octets = heights(timeline, lane);
        let sum = octets.iter().fold(0_u64, |sum, octets| sum.saturating_add(*octets));
        let text = language.pair(language.category(lane), &language.octets(sum));
        picture.text((MARGIN, top + 13.0), Anchor::Start, (12, INK), &text);
        let base = top + 18.0 + COLUMNS;
        let fill = if lane.accuses() { ACCUSING } else { OPERATION };
        picture.shape(&columns(&octets, highest, base), fill);
        picture.line((MARGIN, base), (f64::from(WIDTH) - MARGIN, base), false);
    }
    axis(&mut picture, timeline, case, bottom);
    markers(&mut picture, timeline, &material.snapshot.markers, bottom);
    Some(Figure { file_name: TIMELINE, title, description, svg: picture.finish() })
}

/// Octets of a category by slot.
fn heights(timeline: &Timeline, of: Category) -> Vec<u64> {
    let mut heights = vec![0_u64; usize::try_from(timeline.slots).unwrap_or(0)];
    for row in timeline.rows.iter().filter(|row| row.category == of) {
        let at = usize::try_from(row.slot).unwrap_or(usize::MAX);
        if let Some(height) = heights.get_mut(at) {
            *height = height.saturating_add(row.counts.octets());
        }
    }
    heights
}

/// The columns of a lane as one path; whatever is not nothing is seen.
fn columns(octets: &[u64], highest: u64, base: f64) -> String {
    let room = f64::from(WIDTH) - 2.0 * MARGIN;
    let slots = octets.len() as u64;
    let mut path = String::new();
    for (slot, octets) in (0_u64..).zip(octets).filter(|(_, octets)| **octets > 0) {
        let (left, right) = (part(slot, slots, room), part(slot + 1, slots, room));
        let height = part(*octets, highest, COLUMNS).max(1.0);
        // Writing to a String cannot fail.
        let _ = write!(
            path,
            "M{:.2} {base:.2}V{:.2}H{:.2}V{base:.2}z",
            MARGIN + left,
            base - height,
            MARGIN + right
        );
    }
    path
}

/// Times below the lanes: start, end, and three between.
fn axis(picture: &mut Svg, timeline: &Timeline, case: &Case, bottom: f64) {
    let room = f64::from(WIDTH) - 2.0 * MARGIN;
    let length = timeline.width.saturating_mul(timeline.slots.into());
    for quarter in 0..=4_u32 {
        let x = MARGIN + room * f64::from(quarter) / 4.0;
        picture.line((x, bottom), (x, bottom + 5.0), false);
        let after = u64::try_from(length / 4 * i64::from(quarter)).unwrap_or(0);
        let at = timeline.start.plus(after);
        let anchor = match quarter {
            0 => Anchor::Start,
            4 => Anchor::End,
            _ => Anchor::Middle,
        };
        // The day stands at both ends alone: there is no room for it everywhere.
        let text = if matches!(quarter, 0 | 4) {
            case.language.moment(at, &case.zone)
        } else {
            case.language.clock(at, &case.zone)
        };
        picture.text((x, bottom + 20.0), anchor, (12, INK), &text);
    }
}

/// Markers as dashed lines with their numbers in the report's list.
fn markers(picture: &mut Svg, timeline: &Timeline, markers: &[Marker], bottom: f64) {
    let room = f64::from(WIDTH) - 2.0 * MARGIN;
    let length = timeline.time(timeline.slots).since(timeline.start);
    for (number, marker) in (1_u32..).zip(markers).take(MARKERS) {
        let Some(time) = marker.time else { continue };
        if time < timeline.start || time >= timeline.time(timeline.slots) {
            continue;
        }
        let x = MARGIN + part(time.since(timeline.start), length, room);
        picture.line((x, HEAD), (x, bottom), true);
        let text = format!("{number} {}", cut(&marker.text, 14));
        picture.text((x + 3.0, bottom + 36.0), Anchor::Start, (11, INK), &text);
    }
}
