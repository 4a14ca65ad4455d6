//! For each category: how much, to whom, when.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::scene::Scene;
use crate::tui::order::RowKey;
use crate::tui::sheet::Row;
use crate::tui::table::{self, Column};
use crate::tui::text::{bar, height, wrap};
use crate::tui::theme::Role;

const COLUMNS: [Column; 8] = [
    Column::new("column-category", 16, 0).grows(3),
    Column::new("column-part", 6, 3).grows(2),
    Column::new("column-up", 8, 1).right(),
    Column::new("column-down", 8, 2).right(),
    Column::new("column-rate", 9, 6).right(),
    Column::new("column-curve", 12, 7).grows(1),
    Column::new("column-flows", 5, 4).right(),
    Column::new("column-last", 8, 5).right(),
];

/// Draws it.
pub(in crate::tui) fn draw(scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
    let lines =
        if area.height >= 9 { headline(scene, usize::from(area.width)) } else { Vec::new() };
    let mut y = area.y;
    for line in lines.iter().take(2) {
        let style = scene.style(Role::Strong);
        let at = (area.x + 1, y);
        table::put(buffer, area, at, area.width.saturating_sub(1), line, false, style);
        y += 1;
    }
    y += u16::from(!lines.is_empty() && area.height >= 14);
    let rest = Rect { y, height: area.bottom().saturating_sub(y), ..area };
    scene.table(buffer, rest, &COLUMNS, |row, column, width| cell(scene, row, column, width));
}

fn cell(scene: &Scene<'_>, row: &Row, column: usize, width: u16) -> (String, Role) {
    let sums = &row.sums;
    let is_vendor = matches!(row.key, RowKey::Vendor(..));
    let plain = if is_vendor { Role::Faint } else { Role::Plain };
    let language = scene.language;
    match column {
        0 if is_vendor => (format!("    {}", scene.name(row)), Role::Faint),
        0 => (format!("{} {}", scene.sign(row), scene.name(row)), scene.role(row)),
        1 => {
            let whole = scene.sheet.largest;
            (bar(sums.counts.octets(), whole, usize::from(width)), scene.role(row))
        }
        2 => (language.octets(sums.counts.up.octets), plain),
        3 => (language.octets(sums.counts.down.octets), plain),
        4 => {
            let lasted = sums.last.since(sums.first).max(1_000_000_000);
            (language.rate(sums.counts.octets(), lasted), plain)
        }
        5 => (curve(&row.series, usize::from(width)), scene.role(row)),
        6 => (language.count(sums.flows), plain),
        _ if row.key == RowKey::Older => (String::new(), plain),
        _ => (scene.time(sums.last), plain),
    }
}

/// Octets over time in `width` characters.
pub(in crate::tui) fn curve(series: &[u64], width: usize) -> String {
    if series.is_empty() {
        return String::new();
    }
    let width = width.min(series.len());
    let cells: Vec<u64> = (0..width)
        .map(|at| series[at * series.len() / width..(at + 1) * series.len() / width].iter().sum())
        .collect();
    let most = cells.iter().copied().max().unwrap_or(0);
    cells.iter().map(|octets| height(*octets, most)).collect()
}

/// The sentence above all, in lines.
fn headline(scene: &Scene<'_>, width: usize) -> Vec<String> {
    let sheet = scene.sheet;
    if sheet.shown.flows == 0 {
        return Vec::new();
    }
    let language = scene.language;
    let time = language.duration(sheet.shown.last.since(sheet.shown.first));
    let text = match &sheet.headline {
        None => scene.say_with("headline-nothing", &[("time", time.into())]),
        Some(headline) => {
            let vendors = match headline.vendors.as_slice() {
                [one] => one.clone(),
                [one, other] => format!("{one}, {other}"),
                [one, other, ..] => format!("{one}, {other}, …"),
                [] => String::new(),
            };
            scene.say_with(
                "headline",
                &[
                    ("time", time.into()),
                    ("octets", language.octets(headline.up).into()),
                    ("vendors", vendors.into()),
                    ("category", language.category(headline.category).into()),
                    ("flows", headline.flows.into()),
                    ("grade", headline.grade.word().into()),
                ],
            )
        }
    };
    wrap(&text, width.saturating_sub(2))
}

/// Lines of the sentence above all.
pub(in crate::tui) fn headline_lines(scene: &Scene<'_>, width: u16) -> u16 {
    u16::try_from(headline(scene, usize::from(width)).len()).unwrap_or(u16::MAX)
}
