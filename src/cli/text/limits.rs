//! What limits the result: what was lost, damaged or bounded, and what cannot be seen at all.

use std::io::{self, Write};

use super::balance::heading;
use super::number::{count, counted};
use super::view::View;
use super::wrap;
use crate::export::escape;
use crate::signature::{Category, Exclusivity, Signature};
use crate::source::CaptureAccount;

/// Damaged places shown of each capture; the rest are counted.
const PLACES: usize = 5;

/// What limits the numbers: failed and damaged captures, losses, bounds, an early end.
pub(super) fn limits(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Vec::new();
    if view.interrupted {
        lines.push("interrupted: only what was read until then is counted".to_owned());
    }
    for capture in &view.snapshot.captures {
        lines.extend(of_capture(capture));
    }
    lines.extend(drops(&view.snapshot.captures));
    let bounds = &view.snapshot.bounds;
    for (hits, what) in [
        (bounds.reassembly, "pieces of streams found no room to wait for their order"),
        (bounds.fragments, "fragments found no room to wait for their datagram"),
        (bounds.overlaps, "datagrams refused since their fragments overlap"),
        (bounds.dns_answers, "DNS answers pushed older ones out"),
        (bounds.flows, "flows were ended early to keep to --max-flows"),
        (bounds.names, "names of flows with more names than are kept"),
        (bounds.scopes, "packets whose VLANs or network found no number of their own"),
        (bounds.resumed, "silent TCP flows were forgotten before they could go on"),
        (bounds.rows, "flows found no row of their own and stand under (other)"),
    ] {
        if hits > 0 {
            lines.push(format!("bound hit: {} {what}", count(hits)));
        }
    }
    if let Some(days) = view.stale_days {
        lines.push(format!("the signatures are {days} days old: newer hosts are not in them"));
    }
    heading(view, out, "Limits of this result")?;
    lines.extend(unseen(view).into_iter().map(str::to_owned));
    for line in &lines {
        writeln!(out, "{}", wrap(&format!(" - {}", escape(line)), view.width, 3))?;
    }
    Ok(())
}

/// What cannot be seen, as far as it concerns the tags that were given.
fn unseen(view: &View<'_>) -> Vec<&'static str> {
    let tagged = view.snapshot.by_signature.keys().flatten();
    let tagged: Vec<&Signature> = tagged.map(|id| view.database.signature(*id)).collect();
    let any = |holds: &dyn Fn(&Signature) -> bool| tagged.iter().any(|signature| holds(signature));
    let vehicle = any(&|s| s.category == Category::ConnectedCar);
    let broker = any(&|s| s.category == Category::CarDataBroker);
    let always = [
        "content is not read: only who, when and how much is visible",
        "a name is what the client stated; the server behind it is not proven by it",
        "the clock of the capturing machine was not checked",
    ];
    let sometimes = [
        (
            any(&|s| s.category.accuses() && s.exclusivity == Exclusivity::Shared),
            "some tagged hosts serve several purposes: not all of their octets are telemetry",
        ),
        (
            any(&|s| s.vendor == "Microsoft"),
            "analyses computed in the provider's cloud leave no trace on this network",
        ),
        (vehicle, "a vehicle's own mobile link does not pass through this network"),
        (vehicle || broker, "transfers between companies' servers cannot be seen here"),
    ];
    let sometimes = sometimes.into_iter().filter_map(|(holds, line)| holds.then_some(line));
    always.into_iter().chain(sometimes).collect()
}

/// What is wrong with one capture.
fn of_capture(capture: &CaptureAccount) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(error) = &capture.failed {
        lines.push(format!("{}: not read: {error}", capture.path));
    }
    for damage in capture.damage.iter().take(PLACES) {
        lines.push(format!(
            "{}: frame {}, octet {}: {}",
            capture.path, damage.frame, damage.offset, damage.kind
        ));
    }
    let more = capture.damage.len().saturating_sub(PLACES) as u64 + capture.more_damage;
    if more > 0 {
        lines.push(format!("{}: {} more", capture.path, counted(more, "damaged place")));
    }
    lines
}

/// What was lost while capturing, as far as the captures say.
fn drops(captures: &[CaptureAccount]) -> Option<String> {
    let stated: Vec<u64> = captures.iter().filter_map(CaptureAccount::dropped).collect();
    let lost: u64 = stated.iter().copied().fold(0, u64::saturating_add);
    let read = captures.iter().filter(|c| c.failed.is_none()).count();
    match (stated.len(), lost) {
        (0, _) if read == 0 => None,
        (0, _) => Some("the captures do not say whether frames were lost while capturing".into()),
        (n, 0) if n == read => None,
        (n, _) if n == read => Some(format!("{} lost while capturing", counted(lost, "frame"))),
        (n, _) => Some(format!(
            "{n} of {} say how many frames were lost while capturing: {}",
            counted(read as u64, "capture"),
            count(lost)
        )),
    }
}
