//! Octets sent, by system.

use super::svg::{ACCUSING, Anchor, FAINT, INK, OPERATION, Svg, WIDTH, cut, part};
use super::{BARS, Figure};
use crate::evidence::Material;
use crate::evidence::report::sums::{Sums, System};
use crate::language::Language;

/// Systems that have a bar; the rest is counted below.
const MOST: usize = 16;
/// px: at the sides; at the top; of a bar with its text; of the bar alone.
const MARGIN: f64 = 16.0;
const HEAD: f64 = 52.0;
const STEP: f64 = 35.0;
const BAR: f64 = 12.0;
/// Characters of a system's name at most.
const NAME: usize = 72;

/// The bars, the longest first; nothing where nothing was sent.
pub(super) fn bars(material: &Material<'_>, sums: &Sums, language: Language) -> Option<Figure> {
    let sent = |system: &System| system.all.row.counts.up.octets;
    let mut systems: Vec<&System> = sums.systems.iter().filter(|s| sent(s) > 0).collect();
    systems.sort_by_key(|system| (std::cmp::Reverse(sent(system)), system.id));
    let longest = sent(systems.first()?);
    let name = |system: &System| {
        let signature = material.database.signature(system.id);
        format!("{}, {} ({})", signature.vendor, signature.product, signature.id)
    };
    let title = language.say("report-figure-bars");
    let values =
        [("name", name(systems.first()?).into()), ("octets", language.octets(longest).into())];
    let description = language.say_with("report-figure-bars-alt", &values);
    let drawn = systems.len().min(MOST);
    let rest = (systems.len() - drawn) as u64;
    let rows = u32::try_from(drawn).unwrap_or(0);
    let height = HEAD + f64::from(rows) * STEP + if rest > 0 { 26.0 } else { 8.0 };
    let mut picture = Svg::new("systems", whole(height), &title, &description);
    key(&mut picture, language);
    let room = f64::from(WIDTH) - 2.0 * MARGIN;
    for (place, system) in (0_u32..).zip(systems.iter().take(MOST)) {
        let top = HEAD + f64::from(place) * STEP;
        let accuses = material.database.category(system.id).accuses();
        let best = system.all.grounds.keys().next().map_or("", |(grade, _)| grade.word());
        let text = format!("{best}  {}", cut(&name(system), NAME));
        picture.text((MARGIN, top + 12.0), Anchor::Start, (12, INK), &text);
        let octets = language.octets(sent(system));
        picture.text((MARGIN + room, top + 12.0), Anchor::End, (12, INK), &octets);
        let width = part(sent(system), longest, room).max(1.0);
        picture.bar((MARGIN, top + 17.0), (width, BAR), accuses);
    }
    if rest > 0 {
        let text = language.say_with("report-amounts-rest", &[("rows", rest.into())]);
        picture.text((MARGIN, height - 8.0), Anchor::Start, (12, FAINT), &text);
    }
    Some(Figure { file_name: BARS, title, description, svg: picture.finish() })
}

/// What filled and hatched mean.
fn key(picture: &mut Svg, language: Language) {
    picture.bar((MARGIN, 9.0), (18.0, 11.0), true);
    let filled = language.say("report-figure-filled");
    picture.text((MARGIN + 24.0, 19.0), Anchor::Start, (12, ACCUSING), &filled);
    picture.bar((MARGIN, 27.0), (18.0, 11.0), false);
    let hatched = language.say("report-figure-hatched");
    picture.text((MARGIN + 24.0, 37.0), Anchor::Start, (12, OPERATION), &hatched);
}

/// Whole px, upwards.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "heights are positive and a few thousand px at most"
)]
pub(super) fn whole(px: f64) -> u32 {
    px.ceil() as u32
}
