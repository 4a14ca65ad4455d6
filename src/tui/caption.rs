//! What stands below a picture of the screen: where its numbers come from.

use super::app::App;
use super::feed::Status;
use super::picture::Caption;
use crate::language::Language;
use crate::ledger::Mask;

/// Capture, time, filter and mask; version, date of the signatures and hashes.
pub(super) fn caption(app: &App<'_>, status: &Status, mask: Mask, language: Language) -> Caption {
    let at = app.order.moment.or_else(|| app.sheet.span.map(|(_, last)| last)).unwrap_or_default();
    let captures = &app.sheet.snapshot.captures;
    let hashes: Vec<String> = captures
        .iter()
        .filter_map(|capture| capture.sha256)
        .map(|hash| hash.iter().fold(String::new(), |text, octet| text + &format!("{octet:02x}")))
        .collect();
    let hash = match (hashes.is_empty(), app.settings.can_hash) {
        (false, _) => hashes.join(" "),
        (true, true) => language.say("caption-no-hash"),
        (true, false) => language.say("caption-no-hash-live"),
    };
    let first = language.say_with(
        "caption",
        &[
            ("capture", status.source.as_str().into()),
            ("time", crate::export::rfc3339(at, 0).to_string().into()),
            ("filter", app.filter_text.clone().unwrap_or_else(|| "–".to_owned()).into()),
            ("mask", mask.word().into()),
        ],
    );
    let second = language.say_with(
        "caption-made",
        &[
            ("version", env!("CARGO_PKG_VERSION").into()),
            ("date", app.database.date().into()),
            ("hash", hash.into()),
        ],
    );
    let mut lines = vec![first, second];
    lines.extend(bound(app, language));
    Caption(lines)
}

/// That a bound was reached, where it was: what the picture no longer shows flow by flow.
fn bound(app: &App<'_>, language: Language) -> Option<String> {
    let watched = app.sheet.snapshot.watched.as_deref()?;
    let (flows, rest) = (watched.older.totals.flows, watched.rest().octets);
    (flows > 0 || rest > 0).then(|| {
        let octets = language.octets(rest);
        language.say_with("caption-bound", &[("flows", flows.into()), ("octets", octets.into())])
    })
}
