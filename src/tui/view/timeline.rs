//! Categories over time, each in a lane of its own, with markers and the time cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::scene::Scene;
use crate::source::CaptureTime;
use crate::tui::Marker;
use crate::tui::order::RowKey;
use crate::tui::table::{self, put};
use crate::tui::text::{cells, fit, height};
use crate::tui::theme::Role;

/// Cells for the names of lanes.
fn names_width(area: Rect) -> u16 {
    (area.width / 4).clamp(12, 34)
}

/// Cells for the sum of a lane.
const SUM: u16 = 9;

/// Columns of time that the view has in an area of this width.
pub(in crate::tui) fn columns(width: u16) -> usize {
    let area = Rect { x: 0, y: 0, width, height: 1 };
    usize::from(width.saturating_sub(names_width(area) + SUM + 3))
}

/// Draws it.
pub(in crate::tui) fn draw(scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
    let Some((from, to)) = scene.sheet.window else {
        scene.table(buffer, area, &[table::Column::new("column-category", 20, 0)], |_, _, _| {
            (String::new(), Role::Plain)
        });
        return;
    };
    let names = names_width(area);
    let lanes_x = area.x + names + 2;
    let columns = u16::try_from(columns(area.width)).unwrap_or(0);
    let column = |time: CaptureTime| -> Option<u16> {
        if time < from || time > to || columns == 0 {
            return None;
        }
        let at = u128::from(time.since(from)) * u128::from(columns);
        let at = u16::try_from(at / u128::from(to.since(from).max(1))).unwrap_or(columns);
        Some(lanes_x + at.min(columns - 1))
    };
    // Lanes share what is there: two to four lines each where there is room.
    let lanes = u16::try_from(scene.sheet.rows.len()).unwrap_or(u16::MAX).max(1);
    let room = area.height.saturating_sub(4);
    let tall = (room / lanes).clamp(1, 4);
    let most = scene.sheet.rows.iter().flat_map(|row| row.series.iter().copied()).max();
    let most = most.unwrap_or(0);
    let mut y = area.y + 1;
    for (at, row) in scene.sheet.rows.iter().enumerate().skip(scene.top) {
        if y + tall > area.bottom().saturating_sub(2) || row.key == RowKey::Older {
            break;
        }
        let middle = y + tall - 1;
        let text = format!("{} {}", scene.sign(row), scene.name(row));
        let chosen = scene.chosen == Some(at);
        let mark = if chosen { "▸" } else { " " };
        put(buffer, area, (area.x, middle), 1, mark, false, scene.style(Role::Strong));
        let style = if chosen { scene.style(Role::Chosen) } else { scene.style(scene.role(row)) };
        put(buffer, area, (area.x + 1, middle), names, &text, false, style);
        // A column of time may be several cells wide.
        let parts = row.series.len();
        let wide = |x: u16| usize::from(x) * parts / usize::from(columns.max(1));
        for x in (0..columns).filter(|_| parts > 0) {
            let (octets, x) = (&row.series[wide(x)], lanes_x + x);
            let style = scene.style(scene.role(row));
            let eighths = u128::from(*octets) * u128::from(tall) * 8 / u128::from(most.max(1));
            let mut left = u64::try_from(eighths).unwrap_or(0).max(u64::from(*octets > 0));
            for line in (y..=middle).rev() {
                let part = left.min(8);
                left -= part;
                if part > 0 {
                    let text = height(part, 8).to_string();
                    put(buffer, area, (x, line), 1, &text, false, style);
                }
            }
        }
        let sum = scene.language.octets(row.sums.counts.octets());
        let x = lanes_x + columns;
        put(buffer, area, (x, middle), SUM, &sum, true, scene.style(Role::Plain));
        y += tall;
    }
    let parts = scene.sheet.rows.iter().map(|row| row.series.len()).max().unwrap_or(1).max(1);
    let each = to.since(from) / parts as u64;
    let signs = signs(scene, area, &column);
    let first = signs.iter().map(|sign| sign.start).min();
    let room = first.unwrap_or_else(|| area.right()).saturating_sub(area.x + 2);
    axis(scene, buffer, area, (lanes_x, columns), (from, to), (each, room));
    marks(scene, buffer, area, &signs, column);
}

/// A marker's label above the lanes.
struct Sign {
    /// Column of its moment.
    x: u16,
    /// Where the text begins.
    start: u16,
    text: String,
}

/// The markers that can be seen, with their labels behind their moments, or before them where
/// there is more room.
fn signs(scene: &Scene<'_>, area: Rect, column: &impl Fn(CaptureTime) -> Option<u16>) -> Vec<Sign> {
    let width = |text: &str| u16::try_from(cells(text)).unwrap_or(u16::MAX);
    let sign = |(marker, number): (&Marker, usize)| {
        let x = column(marker.time)?;
        let text = format!("▼{number} {}", marker.label);
        let (left, right) = ((x + 1).saturating_sub(area.x), area.right().saturating_sub(x));
        if width(&text) <= right || left <= right {
            return Some(Sign { x, start: x, text });
        }
        let end = format!(" {number}▼");
        // The words at the left end keep half of the room.
        let room = (left / 2).saturating_sub(width(&end)).min(width(&marker.label));
        let text = fit(&marker.label, usize::from(room), false) + &end;
        Some(Sign { x, start: (x + 1).saturating_sub(width(&text)), text })
    };
    scene.status.markers.iter().zip(1..).filter_map(sign).collect()
}

/// The times below the lanes, and how long a column is.
fn axis(
    scene: &Scene<'_>,
    buffer: &mut Buffer,
    area: Rect,
    (x, columns): (u16, u16),
    (from, to): (CaptureTime, CaptureTime),
    (each, room): (u64, u16),
) {
    let y = area.bottom().saturating_sub(2);
    let faint = scene.style(Role::Faint);
    let line = "─".repeat(usize::from(columns));
    put(buffer, area, (x, y), columns, &line, false, faint);
    let below = y + 1;
    put(buffer, area, (x, below), 8, &scene.time(from), false, faint);
    if columns > 18 {
        let end = x + columns - 8;
        put(buffer, area, (end, below), 8, &scene.time(to), true, faint);
    }
    let text = scene.say_with("timeline-column", &[("time", scene.language.duration(each).into())]);
    let title = scene.style(Role::Strong);
    put(buffer, area, (area.x + 1, area.y), room, &text, false, title);
}

/// Markers and the time cursor.
fn marks(
    scene: &Scene<'_>,
    buffer: &mut Buffer,
    area: Rect,
    signs: &[Sign],
    column: impl Fn(CaptureTime) -> Option<u16>,
) {
    let bottom = area.bottom().saturating_sub(2);
    for Sign { x, start, text } in signs {
        let style = scene.style(Role::Alarm);
        let width = u16::try_from(cells(text)).unwrap_or(u16::MAX);
        put(buffer, area, (*start, area.y), width, text, false, style);
        put(buffer, area, (*x, bottom), 1, "▲", false, style);
    }
    if let Some(x) = scene.order.moment.and_then(column) {
        let style = scene.style(Role::Strong);
        for y in area.y + 1..bottom {
            if let Some(cell) = buffer.cell_mut((x, y))
                && cell.symbol() == " "
            {
                cell.set_symbol("│").set_style(style);
            }
        }
        put(buffer, area, (x, bottom), 1, "┷", false, style);
    }
}
