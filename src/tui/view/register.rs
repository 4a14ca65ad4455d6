//! What registers say of a flow's ends, and what they cannot say.

use super::page::Line;
use super::scene::Scene;
use crate::ledger::{AssignmentFile, Assigns, Dimension, FlowRecord};
use crate::tui::order::View;
use crate::tui::text::wrap;

/// The register from which a dimension's values come.
pub(in crate::tui) fn register_of(dimension: Dimension) -> Option<Assigns> {
    match dimension {
        Dimension::Country => Some(Assigns::Country),
        Dimension::NetworkOwner => Some(Assigns::Network),
        Dimension::Oui => Some(Assigns::Hardware),
        _ => None,
    }
}

impl Scene<'_> {
    /// Which file tells the values of the present view, and what it cannot tell: for below the
    /// table, in a quarter of a body of this width and height. The page of a flow says all of it.
    pub(in crate::tui) fn register_note(&self, width: u16, height: u16) -> Vec<String> {
        let View::Rollup(dimension) = self.order.view else { return Vec::new() };
        let Some(assigns) = register_of(dimension) else { return Vec::new() };
        let text = match self.register(assigns) {
            Some(file) => format!("{}; {}", self.cited(file), self.caveat(assigns)),
            None => self.say("register-none"),
        };
        let mut lines = wrap(&text, usize::from(width.saturating_sub(3)).max(8));
        let most = usize::from(height / 4).max(1);
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                last.push('…');
            }
        }
        lines
    }

    /// Lines of a flow's page: what the registers say, each with its file, and the caveats.
    pub(super) fn registers(&self, record: &FlowRecord, lines: &mut Vec<Line>) {
        let Some(assigned) = record.assigned.as_deref() else { return };
        let owner = assigned.owner.as_deref().map(|owner| match assigned.asn {
            Some(number) if !owner.starts_with("AS") => format!("{owner} (AS{number})"),
            _ => owner.to_owned(),
        });
        let country = assigned.country.as_deref().map(str::to_owned);
        let maker = assigned.maker.as_deref().map(str::to_owned);
        for (assigns, key, text) in [
            (Assigns::Country, "column-country", country),
            (Assigns::Network, "column-network-owner", owner),
            (Assigns::Hardware, "column-oui", maker),
        ] {
            if let (Some(text), Some(file)) = (text, self.register(assigns)) {
                let text = format!("{text}  ({})", self.cited(file));
                lines.push(Line::of(self.say(key), text));
                // The caveat of places is that of networks, too: it is said once, behind both.
                let said = assigns == Assigns::Country && assigned.owner.is_some();
                if !said {
                    lines.push(Line::of(String::new(), self.caveat(assigns)));
                }
            }
        }
    }

    fn register(&self, assigns: Assigns) -> Option<&AssignmentFile> {
        self.sheet.snapshot.assignments.iter().find(|file| file.assigns == assigns)
    }

    fn caveat(&self, assigns: Assigns) -> String {
        self.say(match assigns {
            Assigns::Country | Assigns::Network => "caveat-place",
            Assigns::Hardware => "caveat-maker",
        })
    }

    /// What the file is called, and of when it is.
    fn cited(&self, file: &AssignmentFile) -> String {
        let name = if file.kind.is_empty() { file.path.as_str() } else { file.kind.as_str() };
        self.language.register(name, &file.date, file.damaged)
    }
}
