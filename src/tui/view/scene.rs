//! What a view is drawn from.

use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::language::{Argument, Language};
use crate::signature::Database;
use crate::tui::feed::Status;
use crate::tui::order::{Order, RowKey};
use crate::tui::sheet::{Row, Sheet};
use crate::tui::table::{self, Column};
use crate::tui::text::cells;
use crate::tui::theme::{Role, Theme};

/// What a view is drawn from.
#[derive(Clone, Copy)]
pub(in crate::tui) struct Scene<'a> {
    pub(in crate::tui) sheet: &'a Sheet,
    pub(in crate::tui) status: &'a Status,
    pub(in crate::tui) order: &'a Order,
    pub(in crate::tui) database: &'a Database,
    pub(in crate::tui) language: Language,
    pub(in crate::tui) zone: &'a TimeZone,
    pub(in crate::tui) theme: Theme,
    /// The row that is chosen, and the first row that is seen.
    pub(in crate::tui) chosen: Option<usize>,
    pub(in crate::tui) top: usize,
}

impl Scene<'_> {
    pub(in crate::tui) fn say(&self, key: &'static str) -> String {
        self.language.say(key)
    }

    pub(in crate::tui) fn say_with(
        &self,
        key: &'static str,
        arguments: &[(&'static str, Argument<'_>)],
    ) -> String {
        self.language.say_with(key, arguments)
    }

    pub(in crate::tui) fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// Draws a table of the sheet's rows: `cell` gives the text of a column for a row. Rows
    /// that cannot be seen are not asked for.
    pub(in crate::tui) fn table(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        columns: &[Column],
        cell: impl Fn(&Row, usize, u16) -> (String, Role),
    ) {
        // A title is never cut, in whatever language: its column is as wide, or gives way.
        let wide = |column: &Column| Column {
            width: column.width.max(u16::try_from(cells(&self.say(column.title))).unwrap_or(0)),
            ..*column
        };
        let columns: Vec<Column> = columns.iter().map(wide).collect();
        let placed = table::place(&columns, area.width.saturating_sub(1));
        let title = self.style(Role::Strong);
        for place in &placed {
            let column = &columns[place.column];
            let text = self.say(column.title);
            let x = area.x + 1 + place.x;
            table::put(buffer, area, (x, area.y), place.width, &text, column.right, title);
        }
        let seen = self.sheet.rows.iter().enumerate().skip(self.top);
        for (at, row) in seen.take(usize::from(area.height.saturating_sub(1))) {
            // The rows seen are fewer than the cells of a screen.
            let y = area.y + 1 + u16::try_from(at - self.top).unwrap_or(u16::MAX);
            let chosen = self.chosen == Some(at);
            // The mark says what inversion says, for terminals that have none.
            let mark = if chosen { "▸" } else { " " };
            table::put(buffer, area, (area.x, y), 1, mark, false, self.style(Role::Strong));
            for place in &placed {
                let column = &columns[place.column];
                let (text, role) = cell(row, place.column, place.width);
                let x = area.x + 1 + place.x;
                let style = self.style(role);
                table::put(buffer, area, (x, y), place.width, &text, column.right, style);
            }
            if chosen {
                let line = Rect { y, height: 1, ..area };
                buffer.set_style(line, self.style(Role::Chosen));
            }
        }
        if self.sheet.rows.is_empty() {
            let text = self.nothing();
            for (line, y) in
                crate::tui::text::wrap(&text, usize::from(area.width.saturating_sub(2)))
                    .iter()
                    .zip(area.y + 2..)
            {
                let width = area.width.saturating_sub(2);
                table::put(buffer, area, (area.x + 1, y), width, line, false, Style::default());
            }
        }
    }

    /// Why there is nothing to see.
    fn nothing(&self) -> String {
        let restricted = self.order.filter.is_some() || !self.order.drills.is_empty();
        if restricted || self.order.search.is_some() {
            self.say("nothing-matches")
        } else {
            self.say_with("nothing-yet", &[("source", self.status.source.as_str().into())])
        }
    }

    /// How a row is to look: by what its category says.
    pub(in crate::tui) fn role(&self, row: &Row) -> Role {
        use crate::ledger::DimensionValue::Category;
        let category = match (&row.key, &row.flow) {
            (_, Some(flow)) => {
                flow.record.primary().map(|tag| self.database.category(tag.signature))
            }
            (RowKey::Value(Category(category)) | RowKey::Vendor(Category(category), _), _) => {
                Some(*category)
            }
            (RowKey::Signature(id), _) => Some(self.database.category(*id)),
            _ => None,
        };
        match category {
            Some(category) if category.accuses() => Role::Accusing,
            Some(_) => Role::Operation,
            None => Role::Plain,
        }
    }
}
