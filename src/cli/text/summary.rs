//! The whole summary, section by section.

use std::io::{self, Write};

use super::balance::{balance, heading, names};
use super::clients::clients;
use super::colour::Style;
use super::evidence::reasons;
use super::headline::headline;
use super::label::label;
use super::limits::limits;
use super::markers::markers;
use super::number::{count, counted, duration};
use super::purpose;
use super::table::{Align, Table};
use super::view::View;
use super::wrap;
use crate::export::{dimension_word, escape};
use crate::ledger::{AssignmentFile, Assigns, Dimension, Rollup};

/// Writes the summary.
pub(in crate::cli) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    head(view, out)?;
    headline(view, out)?;
    if view.by.is_empty() {
        writeln!(out)?;
        purpose::table(view).write(out, view.palette, view.width)?;
        clients(view, out)?;
        reasons(view, out)?;
    }
    for dimensions in view.by {
        by(view, out, dimensions)?;
    }
    markers(view, out)?;
    balance(view, out)?;
    names(view, out)?;
    limits(view, out)?;
    legend(view, out)
}

/// What was read.
fn head(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let snapshot = view.snapshot;
    let read = snapshot.balance.read;
    let captures = match snapshot.captures.as_slice() {
        [one] => escape(&one.path).into_owned(),
        many => counted(many.len() as u64, "capture"),
    };
    let mut lines = vec![(
        "Read",
        format!("{captures}: {}, {}", counted(read.frames, "frame"), view.octets(read.octets)),
    )];
    if let Some((first, last)) = view.span() {
        lines.push(("From", view.moment(first)));
        lines.push(("To", format!("{} ({})", view.moment(last), duration(last.since(first)))));
    }
    lines.push(("Flows", count(snapshot.totals.flows)));
    lines.push(("Signatures", signatures(view)));
    lines.extend(snapshot.assignments.iter().map(|file| ("Register", register(file))));
    if let Some(filter) = view.filter {
        let shown = counted(snapshot.shown_flows, "flow");
        lines.push(("Shown", format!("{shown} for which: {}", escape(filter))));
    }
    for (name, text) in lines {
        let name = format!("{name:<10}");
        let text = wrap(&text, view.width.saturating_sub(name.len() + 1), 0);
        for (i, line) in text.lines().enumerate() {
            let name = if i == 0 { name.as_str() } else { "          " };
            writeln!(out, "{} {line}", view.palette.paint(Style::Bold, name))?;
        }
    }
    Ok(())
}

/// How many signatures there are, and of when.
fn signatures(view: &View<'_>) -> String {
    let number = count(view.database.signatures().len() as u64);
    match (view.database.date(), view.stale_days) {
        ("", _) => number,
        (date, None) => format!("{number}, of {date}"),
        (date, Some(days)) => format!("{number}, of {date}: {days} days old"),
    }
}

/// What a file of assignments tells, and of when it is.
fn register(file: &AssignmentFile) -> String {
    let word = file.assigns.word();
    let path = escape(&file.path);
    let kind = if file.kind.is_empty() { String::new() } else { format!(" ({})", file.kind) };
    let date = match (file.date.as_str(), file.assigns) {
        ("", _) => "without a date".to_owned(),
        (date, Assigns::Hardware) => format!("last changed on {date}"),
        (date, _) => format!("of {date}"),
    };
    format!("{word}: {path}{}, {date}", escape(&kind))
}

/// One table by the dimensions that were asked for, most octets first.
fn by(view: &View<'_>, out: &mut dyn Write, dimensions: &[Dimension]) -> io::Result<()> {
    let words: Vec<&'static str> = dimensions.iter().map(|d| dimension_word(*d)).collect();
    let mut headings: Vec<_> = words.iter().map(|word| (*word, Align::Left)).collect();
    headings.extend(["sent", "received", "flows"].map(|heading| (heading, Align::Right)));
    headings.push(("seen", Align::Left));
    let mut table = Table::new(&headings);
    let mut rows = view.rollup(dimensions).map(Rollup::ordered).unwrap_or_default();
    rows.sort_by_key(|(_, sums)| std::cmp::Reverse(sums.counts.octets()));
    for (values, sums) in rows {
        let mut cells: Vec<String> = values.iter().map(|value| label(view, value)).collect();
        cells.push(view.octets(sums.counts.up.octets));
        cells.push(view.octets(sums.counts.down.octets));
        cells.push(count(sums.flows));
        cells.push(view.seen(sums.first, sums.last));
        table.row(Style::Plain, 0, cells);
    }
    heading(view, out, &format!("By {}", words.join(", ")))?;
    table.write(out, view.palette, view.width)
}

/// How to read the page.
fn legend(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    heading(view, out, "How to read this")?;
    for (word, text) in LEGEND {
        writeln!(out, "{}", wrap(&format!(" {word:<10}{text}"), view.width, 11))?;
    }
    Ok(())
}

/// Words of the page and what they mean.
const LEGEND: [(&str, &str); 6] = [
    (
        "sent",
        "octets on the wire from client to server, headers and encryption included: the content \
         is less. received: the other way",
    ),
    ("flow", "one connection, or datagrams between the same two endpoints"),
    ("client", "the machine that opened the flow; server: the one it opened it to"),
    (
        "tagged",
        "a signature says what the host is for and cites its sources; to read them: vigie explain \
         HOST. Operation is what a program needs to work, and is summed apart",
    ),
    (
        "grade",
        "how strong the evidence for a tag is, from A to D (an indication only), then what tells \
         the host: name, the client sent it; certificate, the server did; dns, the client had \
         asked for its address; network, address range and port only",
    ),
    ("seen", "first and last frame, by the capture's own clock"),
];
