//! Columns that fit: the less important ones give way where there is no room.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::text::fit;

/// A column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    /// The key of its title.
    pub(super) title: &'static str,
    /// Cells that it needs.
    pub(super) width: u16,
    /// Its part of the room that is left over.
    pub(super) grows: u16,
    /// Whether it ends at the right.
    pub(super) right: bool,
    /// What gives way first has the highest number.
    pub(super) rank: u8,
}

impl Column {
    pub(super) const fn new(title: &'static str, width: u16, rank: u8) -> Self {
        Self { title, width, grows: 0, right: false, rank }
    }

    pub(super) const fn right(self) -> Self {
        Self { right: true, ..self }
    }

    pub(super) const fn grows(self, grows: u16) -> Self {
        Self { grows, ..self }
    }
}

/// Where a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    /// Its index.
    pub(super) column: usize,
    pub(super) x: u16,
    pub(super) width: u16,
}

/// The columns that have room in `width` cells, with one cell between them.
pub(super) fn place(columns: &[Column], width: u16) -> Vec<Placed> {
    let mut kept: Vec<usize> = (0..columns.len()).collect();
    let needed = |kept: &[usize]| -> u16 {
        let sum: u16 = kept.iter().map(|at| columns[*at].width + 1).sum();
        sum.saturating_sub(1)
    };
    while kept.len() > 1 && needed(&kept) > width {
        let least = kept.iter().enumerate().max_by_key(|(_, at)| columns[**at].rank);
        let Some((at, _)) = least else { break };
        kept.remove(at);
    }
    let spare = width.saturating_sub(needed(&kept));
    let parts: u16 = kept.iter().map(|at| columns[*at].grows).sum();
    let mut x = 0;
    kept.iter()
        .map(|at| {
            let column = &columns[*at];
            let more = (spare * column.grows).checked_div(parts).unwrap_or(0);
            let width = (column.width + more).min(width.saturating_sub(x));
            let placed = Placed { column: *at, x, width };
            x += width + 1;
            placed
        })
        .collect()
}

/// Writes `text` into `width` cells from `x`, and no further.
pub(super) fn put(
    buffer: &mut Buffer,
    area: Rect,
    (x, y): (u16, u16),
    width: u16,
    text: &str,
    right: bool,
    style: Style,
) {
    if y >= area.bottom() || x >= area.right() {
        return;
    }
    let width = width.min(area.right() - x);
    buffer.set_string(x, y, fit(text, usize::from(width), right), style);
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column::new("name", 10, 0).grows(1),
        Column::new("up", 8, 1).right(),
        Column::new("rate", 8, 2).right(),
    ];

    #[test]
    fn the_least_important_column_gives_way_and_the_rest_is_used() {
        let widths = |width| -> Vec<_> {
            place(&COLUMNS, width).iter().map(|p| (p.column, p.x, p.width)).collect()
        };
        assert_eq!(widths(28), [(0, 0, 10), (1, 11, 8), (2, 20, 8)]);
        assert_eq!(widths(27), [(0, 0, 18), (1, 19, 8)]);
        assert_eq!(widths(5), [(0, 0, 5)]);
    }
}
