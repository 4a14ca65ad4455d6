//! What the screen holds: the sheet, the choice, what the foot says.

use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::Rect;

use super::{App, Wish};
use crate::language::Argument;
use crate::ledger::Mask;
use crate::signature::Database;
use crate::tui::bundle::BundleWish;
use crate::tui::order::Order;
use crate::tui::settings::Settings;
use crate::tui::sheet::Sheet;

impl<'a> App<'a> {
    pub(in crate::tui) fn new(settings: Settings, database: &'a Database) -> Self {
        let order = Order {
            mask: settings.mask,
            filter: settings.filter.as_ref().map(|(_, filter)| filter.clone()),
            ..Order::default()
        };
        Self {
            filter_text: settings.filter.as_ref().map(|(text, _)| text.clone()),
            replay: settings.speed.map(|speed| (speed, Duration::ZERO)),
            mask: if settings.mask == Mask::None { Mask::All } else { settings.mask },
            started: settings.clone(),
            settings,
            database,
            order,
            sheet: Arc::default(),
            chosen: None,
            at: 0,
            top: 0,
            page: None,
            page_top: 0,
            page_lines: 0,
            line: None,
            paused: false,
            search: None,
            notice: None,
            back: Vec::new(),
            armed: false,
            area: Rect::new(0, 0, 80, 24),
            now: Duration::ZERO,
        }
    }
}

impl App<'_> {
    /// Takes a new sheet: the choice follows its row.
    pub(in crate::tui) fn take(&mut self, sheet: Arc<Sheet>) {
        self.sheet = sheet;
        let found = self.chosen.as_ref().and_then(|key| self.sheet.place(key));
        self.choose(found.unwrap_or(self.at));
    }

    /// Rows that the table has room for.
    pub(in crate::tui) fn room(&self) -> usize {
        usize::from(self.area.height).saturating_sub(5 + self.lines_below()).max(1)
    }

    pub(super) fn choose(&mut self, at: usize) {
        let last = self.sheet.rows.len().saturating_sub(1);
        self.at = at.min(last);
        self.chosen = self.sheet.rows.get(self.at).map(|row| row.key.clone());
        let room = self.room();
        self.top = self.top.clamp((self.at + 1).saturating_sub(room), self.at);
    }

    /// Says something in the foot for a few seconds.
    pub(in crate::tui) fn note(&mut self, text: String) {
        self.notice = Some((text, self.now + Duration::from_secs(4)));
    }

    /// Says in the foot, until a key is pressed, what came of something that took its time.
    pub(in crate::tui) fn announce(&mut self, text: String) {
        self.notice = Some((text, Duration::MAX));
    }

    pub(super) fn say(&self, key: &'static str) -> String {
        self.settings.language.say(key)
    }

    pub(super) fn note_with(
        &mut self,
        key: &'static str,
        arguments: &[(&'static str, Argument<'_>)],
    ) {
        let text = self.settings.language.say_with(key, arguments);
        self.note(text);
    }

    /// What the foot says instead of keys.
    pub(in crate::tui) fn hint(&self) -> Option<String> {
        if let Some(line) = &self.line {
            return Some(self.line_hint(line));
        }
        self.notice.as_ref().map(|(text, _)| text.clone())
    }

    /// A bundle of what is shown, as far as bundles know it.
    pub(super) fn bundle_meant(&self) -> BundleWish {
        BundleWish {
            filter: self.filter_text.clone(),
            moment: self.order.moment,
            mask: self.order.mask,
            language: self.settings.language,
            zone: self.settings.zone.clone(),
            entered: !self.order.drills.is_empty(),
        }
    }

    pub(super) fn reset(&mut self, armed: bool) -> Option<Wish> {
        if !armed {
            self.armed = true;
            self.note(self.say("reset-again"));
            return None;
        }
        let area = self.area;
        let (now, sheet) = (self.now, Arc::clone(&self.sheet));
        *self = Self { sheet, area, now, ..Self::new(self.started.clone(), self.database) };
        self.note(self.say("reset-done"));
        None
    }
}
