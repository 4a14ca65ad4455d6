//! Rows that line up.

use std::io::{self, Write};
use std::iter::repeat_n;

use super::colour::{Palette, Style};
use super::wrap;

/// On which side a column is even.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Rows of cells under headings. The first column takes what width the others leave; a first
/// cell that is longer still has a line of its own, and the rest of the row follows below.
#[derive(Debug)]
pub(super) struct Table {
    headings: Vec<(&'static str, Align)>,
    rows: Vec<Row>,
}

/// One row.
#[derive(Debug)]
enum Row {
    /// Cells, as many as there are headings or fewer.
    Cells { style: Style, indent: usize, cells: Vec<String> },
    /// A line that is not aligned to the columns.
    Line { style: Style, text: String },
}

/// Spaces between columns.
const GAP: usize = 2;

impl Table {
    /// A table with these headings; the first is left of the names and may be empty.
    pub(super) fn new(headings: &[(&'static str, Align)]) -> Self {
        Self { headings: headings.to_vec(), rows: Vec::new() }
    }

    /// Adds a row.
    pub(super) fn row(&mut self, style: Style, indent: usize, cells: Vec<String>) {
        self.rows.push(Row::Cells { style, indent, cells });
    }

    /// Adds a line across all columns.
    pub(super) fn line(&mut self, style: Style, text: impl Into<String>) {
        self.rows.push(Row::Line { style, text: text.into() });
    }

    /// Writes the table, at most `width` characters wide where its cells allow.
    pub(super) fn write(
        &self,
        out: &mut dyn Write,
        palette: Palette,
        width: usize,
    ) -> io::Result<()> {
        let widths = self.widths(width);
        if self.headings.iter().any(|(heading, _)| !heading.is_empty()) {
            let cells: Vec<&str> = self.headings.iter().map(|(heading, _)| *heading).collect();
            self.write_cells(out, palette, Style::Dim, &cells, &widths)?;
        }
        for row in &self.rows {
            match row {
                Row::Line { style, text } => {
                    writeln!(out, "{}", palette.paint(*style, &wrap(text, width, 1)))?;
                }
                Row::Cells { style, indent, cells } => {
                    let first = cells.first().map_or("", String::as_str);
                    let first = format!("{:indent$}{first}", "");
                    let rest = cells.iter().skip(1).map(String::as_str);
                    let mut line = vec![first.as_str()];
                    if length(&first) > widths.first().copied().unwrap_or_default()
                        && cells.len() > 1
                    {
                        let first = wrap(&first, width, indent + 2);
                        writeln!(out, "{}", palette.paint(*style, &first))?;
                        line = vec![""];
                    }
                    line.extend(rest);
                    self.write_cells(out, palette, *style, &line, &widths)?;
                }
            }
        }
        Ok(())
    }

    /// The width of every column, the first cut to what `width` leaves.
    fn widths(&self, width: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = self.headings.iter().map(|(h, _)| length(h)).collect();
        for row in &self.rows {
            let Row::Cells { indent, cells, .. } = row else { continue };
            for (i, (widest, cell)) in widths.iter_mut().zip(cells).enumerate() {
                let indent = if i == 0 { *indent } else { 0 };
                *widest = (*widest).max(indent + length(cell));
            }
        }
        let others: usize = widths.iter().skip(1).map(|w| w + GAP).sum();
        if let Some(first) = widths.first_mut() {
            *first = (*first).min(width.saturating_sub(others));
        }
        widths
    }

    /// Writes one line of cells.
    fn write_cells(
        &self,
        out: &mut dyn Write,
        palette: Palette,
        style: Style,
        cells: &[&str],
        widths: &[usize],
    ) -> io::Result<()> {
        let mut line = String::new();
        for (i, (cell, ((_, align), width))) in
            cells.iter().zip(self.headings.iter().zip(widths)).enumerate()
        {
            let space = width.saturating_sub(length(cell));
            let gap = if i == 0 { 0 } else { GAP };
            let (before, after) = match align {
                Align::Left => (gap, space),
                Align::Right => (gap + space, 0),
            };
            line.extend(repeat_n(' ', before));
            line.push_str(cell);
            line.extend(repeat_n(' ', after));
        }
        writeln!(out, "{}", palette.paint(style, line.trim_end()))
    }
}

/// Characters, each of which takes one column: names are ASCII, the rest is nearly so.
fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(table: &Table, width: usize) -> Vec<String> {
        let mut out = Vec::new();
        table.write(&mut out, Palette::PLAIN, width).unwrap();
        String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
    }

    fn cells(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|t| (*t).to_owned()).collect()
    }

    #[test]
    fn words_are_even_on_the_left_and_numbers_on_the_right() {
        let mut table =
            Table::new(&[("", Align::Left), ("sent", Align::Right), ("by", Align::Left)]);
        table.row(Style::Plain, 0, cells(&["a", "1 B", "x"]));
        table.row(Style::Plain, 2, cells(&["bc", "100 kB", "yz"]));
        assert_eq!(drawn(&table, 80), ["        sent  by", "a        1 B  x", "  bc  100 kB  yz"]);
    }

    #[test]
    fn a_name_too_long_for_its_column_stands_on_a_line_of_its_own() {
        let mut table = Table::new(&[("", Align::Left), ("sent", Align::Right)]);
        table.row(Style::Plain, 0, cells(&["a-name-of-more-than-16", "1 B"]));
        table.row(Style::Plain, 0, cells(&["short", "2 B"]));
        let lines = drawn(&table, 22);
        assert_eq!(lines[1], "a-name-of-more-than-16");
        assert_eq!(lines[2], format!("{:>22}", "1 B"));
        assert_eq!(lines[3], "short              2 B");
        assert!(lines.iter().all(|line| line.len() <= 22));
    }
}
