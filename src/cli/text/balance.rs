//! Where every frame went, and what has a name.

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
        let message = " It adds up: the parts are equal to what was read.";
        return writeln!(out, "{}", wrap(message, view.width, 1));
    }
    let accounted = balance.accounted();
    let message = format!(
        " IT DOES NOT ADD UP: {} and {} octets are accounted for. This is a fault of vigie's: do \
         not use these numbers, and please report it.",
        counted(accounted.frames, "frame"),
        count(accounted.octets),
    );
    writeln!(out, "{}", view.palette.paint(Style::Alarm, &wrap(&message, view.width, 1)))
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
                       This is a fault of vigie's: please report it.";
        writeln!(out, "{}", view.palette.paint(Style::Alarm, &wrap(message, view.width, 1)))?;
    }
    Ok(())
}

/// A section's heading with an empty line above.
pub(super) fn heading(view: &View<'_>, out: &mut dyn Write, text: &str) -> io::Result<()> {
    let text = wrap(text, view.width, 1);
    writeln!(out, "\n{}", view.palette.paint(Style::Heading, &text))
}
