//! Pages of text: help, settings, detail. Longer than the screen, they scroll.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::scene::Scene;
use crate::tui::table::put;
use crate::tui::text::{cells, wrap};
use crate::tui::theme::Role;

/// A line of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Line {
    /// What it is about; may be empty.
    pub(in crate::tui) head: String,
    pub(in crate::tui) text: String,
    pub(in crate::tui) role: Role,
}

impl Line {
    pub(in crate::tui) fn title(text: String) -> Self {
        Self { head: String::new(), text, role: Role::Strong }
    }

    pub(in crate::tui) fn of(head: String, text: String) -> Self {
        Self { head, text, role: Role::Plain }
    }

    pub(in crate::tui) fn empty() -> Self {
        Self::of(String::new(), String::new())
    }
}

/// Draws it from line `top` on; gives how many lines there are.
pub(in crate::tui) fn draw(
    scene: &Scene<'_>,
    lines: &[Line],
    top: usize,
    buffer: &mut Buffer,
    area: Rect,
) -> usize {
    let widest = lines.iter().map(|line| cells(&line.head)).max().unwrap_or(0);
    let heads = widest.min(usize::from(area.width / 3));
    let gap = if heads > 0 { heads + 2 } else { 0 };
    let width = usize::from(area.width).saturating_sub(gap + 2);
    let mut at = 0_usize;
    for line in lines {
        let indent = if line.role == Role::Strong && line.head.is_empty() { 0 } else { gap };
        let broken = wrap(&line.text, width.max(8) + gap - indent);
        for (part, number) in broken.iter().zip(0..) {
            if let Some(y) = at.checked_sub(top).and_then(|y| u16::try_from(y).ok())
                && y < area.height
            {
                let y = area.y + y;
                let (x, gap) = (area.x + 1, u16::try_from(indent).unwrap_or(0));
                if number == 0 && !line.head.is_empty() {
                    let heads = u16::try_from(heads).unwrap_or(0);
                    put(buffer, area, (x, y), heads, &line.head, false, scene.style(Role::Faint));
                }
                let style = scene.style(line.role);
                put(buffer, area, (x + gap, y), area.width, part, false, style);
            }
            at += 1;
        }
    }
    at
}
