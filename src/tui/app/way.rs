//! The way through the views: into a row, back, on to the next.

use super::{App, Page, Wish};
use crate::ledger::{Dimension, DimensionValue, FlowPlace};
use crate::tui::Action;
use crate::tui::order::{Drill, Order, RowKey, View};
use crate::tui::view::register::register_of;
use crate::tui::view::timeline;

impl App<'_> {
    pub(super) fn toggle(&mut self, page: Page) {
        self.page_top = 0;
        self.page = if self.page.as_ref() == Some(&page) { None } else { Some(page) };
    }

    /// One step back; from the top, out.
    pub(super) fn go_back(&mut self) -> Option<Wish> {
        if self.page.take().is_some() {
            return None;
        }
        let Some((order, chosen)) = self.back.pop() else { return Some(Wish::Quit) };
        self.order = Order { mask: self.order.mask, ..order };
        self.chosen = chosen;
        None
    }

    /// Whether nothing is left to come back from: neither a page nor a row that was entered.
    pub(in crate::tui) fn is_at_the_top(&self) -> bool {
        self.page.is_none() && self.back.is_empty()
    }

    pub(super) fn escape(&mut self) {
        if self.page.take().is_some() {
            return;
        }
        if !self.back.is_empty() {
            self.go_back();
            return;
        }
        if self.order.search.take().is_some() || self.search.take().is_some() {
            return;
        }
        if self.order.filter.take().is_some() {
            self.filter_text = None;
        } else if self.order.moment.take().is_some() {
            self.replay = None;
        }
    }

    pub(super) fn step(&mut self, by: isize) {
        if self.page.is_some() {
            // No titles of columns stand above a page.
            let last = self.page_lines.saturating_sub(self.room() + 1);
            self.page_top = self.page_top.saturating_add_signed(by).min(last);
        } else {
            self.choose(self.at.saturating_add_signed(by));
        }
    }

    pub(super) fn turn(&mut self, by: usize) {
        let present = View::ALL.iter().position(|view| *view == self.order.view).unwrap_or(0);
        self.show(View::ALL[(present + by) % View::ALL.len()]);
    }

    /// Shows a view; what was entered before is left.
    pub(super) fn show(&mut self, view: View) {
        self.page = None;
        self.back.clear();
        self.order.drills.clear();
        self.order.view = view;
        self.order.search = None;
        self.order.columns = timeline::columns(self.area.width);
        (self.chosen, self.at, self.top) = (None, 0, 0);
    }

    /// The flow whose page is open, else the one that is chosen.
    pub(super) fn flow_meant(&self) -> Option<FlowPlace> {
        let key = match &self.page {
            Some(Page::Detail(key)) => Some(key),
            None if self.is_fresh() => self.chosen.as_ref(),
            Some(Page::Help | Page::Settings) | None => None,
        };
        match key? {
            RowKey::Flow(place) => Some(*place),
            _ => None,
        }
    }

    /// Whether the rows are those of the view that is shown.
    pub(in crate::tui) fn is_fresh(&self) -> bool {
        self.sheet.view == self.order.view
    }

    /// What is behind the row.
    pub(super) fn enter(&mut self) {
        if self.page.is_some() || !self.is_fresh() {
            return;
        }
        let Some(key) = self.chosen.clone() else { return };
        let drill = |dimension, value: &DimensionValue| Drill { dimension, value: value.clone() };
        let drills = match &key {
            RowKey::Flow(_) | RowKey::Signature(_) => {
                self.page_top = 0;
                self.page = Some(Page::Detail(key));
                return;
            }
            RowKey::Older => return,
            RowKey::Value(value) if self.order.view == View::Flows => {
                self.fold(value.clone());
                return;
            }
            RowKey::Value(value) => {
                let dimension = match self.order.view {
                    View::Rollup(dimension) => dimension,
                    _ => Dimension::Category,
                };
                vec![drill(dimension, value)]
            }
            RowKey::Vendor(category, vendor) => {
                vec![drill(Dimension::Category, category), drill(Dimension::Vendor, vendor)]
            }
        };
        self.back.push((self.order.clone(), self.chosen.clone()));
        self.order.drills.extend(drills);
        // From a category to its hosts, from everything else to its flows.
        self.order.view = match self.order.view {
            View::Overview | View::Timeline => View::Rollup(Dimension::Host),
            _ => View::Flows,
        };
        (self.chosen, self.at, self.top) = (None, 0, 0);
    }

    fn fold(&mut self, value: DimensionValue) {
        if !self.order.folded.remove(&value) {
            self.order.folded.insert(value);
        }
    }

    /// The next dimension: of a roll-up, or by which flows are grouped.
    pub(super) fn group(&mut self) {
        let after = |dimension: Option<Dimension>| {
            let place = View::DIMENSIONS.iter().position(|known| Some(*known) == dimension);
            let rest = View::DIMENSIONS.iter().skip(place.map_or(0, |place| place + 1));
            // What no register was given for is passed over.
            let files = &self.sheet.snapshot.assignments;
            rest.copied().find(|dimension| {
                register_of(*dimension).is_none_or(|of| files.iter().any(|f| f.assigns == of))
            })
        };
        match self.order.view {
            View::Rollup(dimension) => {
                let next = after(Some(dimension)).unwrap_or(Dimension::Host);
                self.order.view = View::Rollup(next);
                (self.chosen, self.at, self.top) = (None, 0, 0);
            }
            View::Flows => {
                self.order.group = after(self.order.group);
                self.order.folded.clear();
                (self.chosen, self.at, self.top) = (None, 0, 0);
            }
            _ => self.note(self.say("nothing-to-group")),
        }
    }

    pub(super) fn sideways(&mut self, action: Action) {
        if self.order.view != View::Flows || self.order.group.is_none() {
            self.move_cursor(if action == Action::Left { -1 } else { 1 });
            return;
        }
        // The group of the row: the nearest one above.
        let above = self.sheet.rows.iter().take(self.at + 1).rev();
        let group = above.into_iter().find_map(|row| match &row.key {
            RowKey::Value(value) => Some(value.clone()),
            _ => None,
        });
        let Some(value) = group else { return };
        if action == Action::Left {
            self.order.folded.insert(value.clone());
            self.chosen = Some(RowKey::Value(value));
        } else {
            self.order.folded.remove(&value);
        }
    }
    /// To the next row that holds what is looked for, or the one before.
    pub(super) fn jump_to_match(&mut self, forward: bool, here: bool) {
        let Some(search) = self.search.clone() else {
            self.note(self.say("no-search"));
            return;
        };
        let count = self.sheet.rows.len();
        let start = usize::from(!here);
        let found = (start..count + start).find_map(|step| {
            let at =
                if forward { self.at + step } else { self.at + count * 2 - step } % count.max(1);
            // Which part of the row it is: that need not be one that has room on the screen.
            let text = self.text_of(at)?;
            let part = text.split('\t').find(|part| part.to_lowercase().contains(&search))?;
            Some((at, part.to_owned()))
        });
        match found {
            Some((at, part)) => {
                self.choose(at);
                self.note_with("search-found", &[("text", search.into()), ("part", part.into())]);
            }
            None if matches!(self.order.view, View::Flows | View::Rollup(Dimension::Host)) => {
                self.note_with("search-nothing", &[("text", search.into())]);
            }
            None => self.note_with("search-nothing-here", &[("text", search.into())]),
        }
    }
}
