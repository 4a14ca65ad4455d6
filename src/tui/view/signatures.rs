//! The database: which signatures are active, and what they met.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::scene::Scene;
use crate::tui::order::RowKey;
use crate::tui::table::Column;
use crate::tui::theme::Role;

const COLUMNS: [Column; 8] = [
    Column::new("column-signature", 22, 0).grows(2),
    Column::new("column-vendor", 10, 4).grows(1),
    Column::new("column-category", 21, 2).grows(1),
    Column::new("column-status", 8, 5),
    Column::new("column-flows", 5, 1).right(),
    Column::new("column-up", 8, 3).right(),
    Column::new("column-down", 8, 6).right(),
    Column::new("column-product", 16, 7).grows(1),
];

/// Draws it.
pub(in crate::tui) fn draw(scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
    let language = scene.language;
    scene.table(buffer, area, &COLUMNS, |row, column, _| {
        let RowKey::Signature(id) = row.key else { return (String::new(), Role::Plain) };
        let signature = scene.database.signature(id);
        let role = if row.sums.flows > 0 { Role::Plain } else { Role::Faint };
        let amount = |octets: u64| {
            if row.sums.flows > 0 { language.octets(octets) } else { String::new() }
        };
        match column {
            0 => (signature.id.clone(), role),
            1 => (signature.vendor.clone(), role),
            2 => {
                let name = language.category(signature.category);
                (format!("{} {name}", scene.sign(row)), scene.role(row))
            }
            3 => (scene.say(status(signature.status)), role),
            4 => (language.count(row.sums.flows), role),
            5 => (amount(row.sums.counts.up.octets), role),
            6 => (amount(row.sums.counts.down.octets), role),
            _ => (signature.product.clone(), role),
        }
    });
}

/// The key of a status' name.
pub(in crate::tui) fn status(status: crate::signature::Status) -> &'static str {
    match status {
        crate::signature::Status::Active => "status-active",
        crate::signature::Status::Retired => "status-retired",
    }
}
