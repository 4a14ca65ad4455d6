//! The end of the summary: where every frame went, what has a name, and what is wrong.

use std::io::{self, Write};

use super::colour::Style;
use super::label::cause;
use super::number::{count, counted, share};
use super::table::{Align, Table};
use super::view::View;
use super::wrap;
use crate::export::escape;
use crate::ledger::Quantity;
use crate::name::Without;
use crate::source::CaptureAccount;

/// Damaged places shown of each capture; the rest are counted.
const PLACES: usize = 5;

/// Frames and octets by what became of them, and whether they add up.
pub(super) fn balance(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let balance = &view.snapshot.balance;
    let mut table =
        Table::new(&[("", Align::Left), ("frames", Align::Right), ("octets", Align::Right)]);
    let mut row = |style, indent, name: &str, quantity: Quantity| {
        let cells = vec![name.to_owned(), count(quantity.frames), view.octets(quantity.octets)];
        table.row(style, indent, cells);
    };
    row(Style::Plain, 1, "in flows", balance.in_flows);
    row(Style::Plain, 1, "not IP (ARP and the like)", balance.not_ip);
    row(Style::Plain, 1, "could not be decoded", balance.undecodable);
    for (reason, quantity) in &balance.undecodable_by {
        row(Style::Dim, 3, &escape(reason), *quantity);
    }
    row(Style::Plain, 1, "outside --from and --to", balance.outside);
    row(Style::Plain, 1, "copies of frames counted already", balance.duplicates);
    row(Style::Bold, 1, "read", balance.read);
    heading(view, out, "Balance: every frame is counted once")?;
    table.write(out, view.palette, view.width)?;
    if balance.holds() {
        return writeln!(out, " It adds up: the parts are equal to what was read.");
    }
    let accounted = balance.accounted();
    let message = format!(
        " IT DOES NOT ADD UP: {} and {} octets are accounted for. This is a fault of vigie's:\n \
         do not use these numbers, and please report it.",
        counted(accounted.frames, "frame"),
        count(accounted.octets),
    );
    writeln!(out, "{}", view.palette.paint(Style::Alarm, &message))
}

/// Which part of the octets has a name and a tag, and why the rest has no name.
pub(super) fn names(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let totals = &view.snapshot.totals;
    let whole = view.snapshot.balance.in_flows.octets;
    let mut table =
        Table::new(&[("", Align::Left), ("octets", Align::Right), ("share", Align::Right)]);
    let mut row = |indent, name: &str, octets: u64| {
        let cells = vec![name.to_owned(), view.octets(octets), share(octets, whole)];
        table.row(Style::Plain, indent, cells);
    };
    row(1, "with a name", totals.named);
    row(1, "with a tag", totals.tagged);
    let without: u64 = totals.unnamed.iter().sum();
    row(1, "without a name", without);
    for (cause_of, octets) in Without::ALL.into_iter().zip(totals.unnamed) {
        if octets > 0 {
            row(3, cause(cause_of).long, octets);
        }
    }
    heading(view, out, "Names and tags, as shares of the octets in flows")?;
    table.write(out, view.palette, view.width)?;
    if totals.named + without != whole {
        let message = " IT DOES NOT ADD UP: with and without a name are not all octets in flows. \
                       This is a fault\n of vigie's: please report it.";
        writeln!(out, "{}", view.palette.paint(Style::Alarm, message))?;
    }
    Ok(())
}

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
        (bounds.dns_answers, "DNS answers pushed older ones out"),
        (bounds.flows, "flows were ended early to keep to --max-flows"),
        (bounds.names, "names of flows with more names than are kept"),
        (bounds.scopes, "packets whose VLANs or network found no number of their own"),
        (bounds.resumed, "silent TCP flows were forgotten before they could go on"),
    ] {
        if hits > 0 {
            lines.push(format!("bound hit: {} {what}", count(hits)));
        }
    }
    if let Some(days) = view.stale_days {
        lines.push(format!("the signatures are {days} days old: newer hosts are not in them"));
    }
    heading(view, out, "Limits of this result")?;
    for line in &lines {
        writeln!(out, "{}", wrap(&format!(" {}", escape(line)), view.width, 3))?;
    }
    writeln!(out, " content is not read; only who, when and how much is visible")?;
    writeln!(out, " a name is what the client stated; it does not prove the server")
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
            "{} lost while capturing, as {n} of {} say",
            counted(lost, "frame"),
            counted(read as u64, "capture")
        )),
    }
}

/// A section's heading with an empty line above.
pub(super) fn heading(view: &View<'_>, out: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(out, "\n{}", view.palette.paint(Style::Bold, text))
}
