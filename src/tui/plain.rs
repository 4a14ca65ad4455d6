//! Lines instead of a screen: for screen readers and logs.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::desk::Desk;
use super::feed::{CaptureState, Feed};
use super::order::{Order, RowKey};
use super::settings::Settings;
use super::sheet::Sheet;
use super::view::scene::Scene;
use crate::export::escape;
use crate::language::Language;
use crate::signature::Database;

/// Writes what the overview shows as sentences, one for each category.
pub fn plain(
    feed: &dyn Feed,
    database: &Database,
    settings: &Settings,
    out: &mut dyn Write,
) -> io::Result<()> {
    let order = Order {
        mask: settings.mask,
        filter: settings.filter.as_ref().map(|(_, filter)| filter.clone()),
        ..Order::default()
    };
    let sheet = Desk::new(database).work(&feed.latest(), &order);
    let status = feed.status();
    let scene = Scene {
        sheet: &sheet,
        status: &status,
        order: &order,
        database,
        language: settings.language,
        zone: &settings.zone,
        theme: settings.theme,
        chosen: None,
        top: 0,
    };
    let line = |out: &mut dyn Write, text: &str| writeln!(out, "{}", escape(text));
    let only: Vec<_> = settings.filter.iter().map(|(text, _)| text.clone()).collect();
    for text in summary(&sheet, settings.language, &settings.zone, &only).lines() {
        line(out, text)?;
    }
    if let CaptureState::Failed(why) = &status.state {
        line(out, why)?;
    }
    for row in &sheet.rows {
        let sums = &row.sums;
        let name = match &row.key {
            RowKey::Vendor(category, _) => {
                format!("{}, {}", scene.value(category), scene.name(row))
            }
            _ => scene.name(row),
        };
        let text = scene.say_with(
            "plain-row",
            &[
                ("name", name.into()),
                ("up", settings.language.octets(sums.counts.up.octets).into()),
                ("down", settings.language.octets(sums.counts.down.octets).into()),
                ("flows", sums.flows.into()),
                ("grade", sums.grade.map_or("–", |grade| grade.word()).into()),
                ("time", scene.time(sums.last).into()),
            ],
        );
        line(out, &text)?;
    }
    Ok(())
}

/// What `q` leaves on the screen: a line about the flows shown, or about the part of them that `only`
/// names, and, where the source counts what it lost, one about the whole capture.
pub(super) fn summary(
    sheet: &Sheet,
    language: Language,
    zone: &TimeZone,
    only: &[String],
) -> String {
    let mut flows = sums(sheet, language, zone);
    if !only.is_empty() {
        let only = escape(&only.join(" › ")).into_owned();
        let parts = [("summary", flows.into()), ("what", only.into())];
        flows = language.say_with("summary-only", &parts);
    }
    match sheet.snapshot.dropped().filter(|_| sheet.shown.flows > 0) {
        None => flows,
        Some(drops) => {
            let frames = sheet.snapshot.balance.read.frames;
            let facts = [("frames", frames.into()), ("drops", drops.into())];
            format!("{flows}\n{}", language.say_with("summary-capture", &facts))
        }
    }
}

/// The flows shown, in a line.
fn sums(sheet: &Sheet, language: Language, zone: &TimeZone) -> String {
    let shown = &sheet.shown;
    if shown.flows == 0 {
        return language.say("summary-none");
    }
    let octets = shown.counts.octets();
    let at = |time: crate::source::CaptureTime| {
        let timestamp = jiff::Timestamp::from_nanosecond(i128::from(time.0)).unwrap_or_default();
        timestamp.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
    };
    language.say_with(
        "summary",
        &[
            ("flows", language.say_with("flows", &[("flows", shown.flows.into())]).into()),
            ("octets", language.octets(octets).into()),
            ("up", language.octets(shown.counts.up.octets).into()),
            ("named", language.share(sheet.named, octets).into()),
            ("tagged", language.share(sheet.tagged, octets).into()),
            ("from", at(shown.first).into()),
            ("to", at(shown.last).into()),
        ],
    )
}
