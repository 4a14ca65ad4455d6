//! Flow by flow.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::scene::Scene;
use crate::tui::order::RowKey;
use crate::tui::sheet::Row;
use crate::tui::table::Column;
use crate::tui::theme::Role;

const COLUMNS: [Column; 10] = [
    Column::new("column-client", 15, 3).grows(1),
    Column::new("column-name", 26, 0).grows(3),
    Column::new("column-via", 9, 6),
    Column::new("column-signature", 20, 8).grows(2),
    Column::new("column-category", 15, 5).grows(1),
    Column::new("column-up", 8, 1).right(),
    Column::new("column-down", 8, 2).right(),
    Column::new("column-rate", 9, 9).right(),
    Column::new("column-duration", 9, 7).right(),
    Column::new("column-grade", 3, 4),
];

/// Draws it.
pub(in crate::tui) fn draw(scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
    scene.table(buffer, area, &COLUMNS, |row, column, _| cell(scene, row, column));
}

fn cell(scene: &Scene<'_>, row: &Row, column: usize) -> (String, Role) {
    let language = scene.language;
    let sums = &row.sums;
    let lasted = sums.last.since(sums.first);
    let role =
        if row.depth == 0 && scene.order.group.is_some() { Role::Strong } else { Role::Plain };
    let amount = match column {
        5 => Some(language.octets(sums.counts.up.octets)),
        6 => Some(language.octets(sums.counts.down.octets)),
        7 => Some(language.rate(sums.counts.octets(), lasted.max(1_000_000_000))),
        8 => Some(language.duration(lasted)),
        _ => None,
    };
    if let Some(amount) = amount {
        return (amount, role);
    }
    let Some(flow) = &row.flow else { return (group(scene, row, column), Role::Strong) };
    let record = &flow.record;
    let tag = record.primary();
    let signature = tag.map(|tag| scene.database.signature(tag.signature));
    match column {
        0 => {
            let indent = "  ".repeat(usize::from(row.depth));
            (indent + &scene.address(record.client.ip), role)
        }
        1 => (scene.host(record), role),
        2 => match (record.best_name(), record.unnamed) {
            (Some(seen), _) => (seen.via.word().to_owned(), Role::Faint),
            (None, Some(cause)) => (format!("({})", cause.word()), Role::Faint),
            (None, None) => (String::new(), Role::Faint),
        },
        3 => (signature.map(|s| s.id.clone()).unwrap_or_default(), Role::Faint),
        4 => {
            let category = signature.map(|s| language.category(s.category));
            let text = category.map(|name| format!("{} {name}", scene.sign(row)));
            (text.unwrap_or_default(), scene.role(row))
        }
        _ => (tag.map(|tag| tag.grade.word().to_owned()).unwrap_or_default(), Role::Strong),
    }
}

/// A group's own line.
fn group(scene: &Scene<'_>, row: &Row, column: usize) -> String {
    let RowKey::Value(value) = &row.key else {
        return if column == 1 { scene.name(row) } else { String::new() };
    };
    let folded = scene.order.folded.contains(value);
    match column {
        1 => format!("{} {}", if folded { '▸' } else { '▾' }, scene.name(row)),
        4 => {
            let flows = row.sums.flows;
            scene.say_with("flows", &[("flows", flows.into())])
        }
        9 => row.sums.grade.map(|grade| grade.word().to_owned()).unwrap_or_default(),
        _ => String::new(),
    }
}
