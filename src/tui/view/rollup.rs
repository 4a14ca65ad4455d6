//! The ledger rolled up by a dimension.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::scene::Scene;
use crate::tui::order::{RowKey, View};
use crate::tui::table::{Column, put};
use crate::tui::text::bar;
use crate::tui::theme::Role;

/// Draws it.
pub(in crate::tui) fn draw(scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
    let title = match scene.order.view {
        View::Rollup(dimension) => column_of(dimension),
        _ => "column-name",
    };
    let columns = [
        Column::new(title, 20, 0).grows(3),
        Column::new("column-part", 8, 3).grows(1),
        Column::new("column-up", 8, 1).right(),
        Column::new("column-down", 8, 2).right(),
        Column::new("column-flows", 5, 4).right(),
        Column::new("column-grade", 5, 5),
        Column::new("column-last", 8, 6).right(),
    ];
    let language = scene.language;
    let note = scene.register_note(area.width, area.height);
    let height = u16::try_from(note.len()).unwrap_or(0).min(area.height);
    let below = Rect { y: area.y + area.height - height, height, ..area };
    let area = Rect { height: area.height - height, ..area };
    for (line, y) in note.iter().zip(below.y..) {
        put(buffer, below, (below.x + 1, y), below.width, line, false, scene.style(Role::Faint));
    }
    scene.table(buffer, area, &columns, |row, column, width| {
        let sums = &row.sums;
        match column {
            0 => (scene.name(row), scene.role(row)),
            1 => {
                let text = bar(sums.counts.octets(), scene.sheet.largest, usize::from(width));
                (text, Role::Faint)
            }
            2 => (language.octets(sums.counts.up.octets), Role::Plain),
            3 => (language.octets(sums.counts.down.octets), Role::Plain),
            4 => (language.count(sums.flows), Role::Plain),
            5 => (sums.grade.map(|g| g.word().to_owned()).unwrap_or_default(), Role::Strong),
            _ if row.key == RowKey::Older => (String::new(), Role::Plain),
            _ => (scene.time(sums.last), Role::Plain),
        }
    });
}

/// The title of a dimension's column.
pub(in crate::tui) fn column_of(dimension: crate::ledger::Dimension) -> &'static str {
    use crate::ledger::Dimension;
    match dimension {
        Dimension::Signature => "column-signature",
        Dimension::Product => "column-product",
        Dimension::Vendor => "column-vendor",
        Dimension::Category => "column-category",
        Dimension::Basis => "column-basis",
        Dimension::Grade => "column-grade-long",
        Dimension::Name | Dimension::Host => "column-name",
        Dimension::Registrable => "column-registrable",
        Dimension::Via => "column-via",
        Dimension::Client => "column-client",
        Dimension::Device => "column-device",
        Dimension::Server => "column-server",
        Dimension::Port => "column-port",
        Dimension::Protocol => "column-protocol",
        Dimension::App => "column-app",
        Dimension::Country => "column-country",
        Dimension::NetworkOwner => "column-network-owner",
        Dimension::Oui => "column-oui",
        Dimension::Capture => "column-capture",
        Dimension::Hour => "column-hour",
    }
}
