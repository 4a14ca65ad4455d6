//! The whole screen, from the state of the app.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Action;
use super::app::{App, Page};
use super::feed::Status;
use super::order::{RowKey, View};
use super::table::put;
use super::theme::Role;
use super::view::frame::mask_message as message;
use super::view::frame::{Around, HEAD};
use super::view::page::Line;
use super::view::scene::Scene;
use super::view::{flows, frame, overview, page, rollup, signatures, timeline};

impl App<'_> {
    fn scene<'s>(&'s self, status: &'s Status) -> Scene<'s> {
        Scene {
            sheet: &self.sheet,
            status,
            order: &self.order,
            database: self.database,
            language: self.settings.language,
            zone: &self.settings.zone,
            theme: self.settings.theme,
            chosen: (!self.sheet.rows.is_empty()).then_some(self.at),
            top: self.top,
        }
    }

    /// Draws everything into `buffer`.
    pub(super) fn draw(&mut self, status: &Status, buffer: &mut Buffer) {
        let area = buffer.area;
        if area != self.area {
            self.area = area;
            self.order.columns = timeline::columns(area.width);
            let room = self.room();
            self.top = self.top.clamp((self.at + 1).saturating_sub(room), self.at);
        }
        if area.width < 20 || area.height < 6 {
            put(
                buffer,
                area,
                (0, 0),
                area.width,
                "vigie: 40×10",
                false,
                self.settings.theme.style(Role::Strong),
            );
            return;
        }
        let hint = self.hint();
        let lines = self.page_text(status);
        let scene = self.scene(status);
        let mut around = Around {
            paused: self.paused,
            filter: self.filter_text.as_deref(),
            hint: hint.as_deref(),
            page: None,
        };
        frame::head(&scene, around, buffer, area);
        let body = Rect { y: area.y + HEAD, height: area.height - HEAD - 1, ..area };
        let drawn = match &lines {
            Some(lines) => page::draw(&scene, lines, self.page_top, buffer, body),
            // Nothing rather than the rows of another view.
            None if !self.is_fresh() => 0,
            None => {
                self.view(&scene, buffer, body);
                0
            }
        };
        around.page = lines.as_ref().map(|_| (self.page_top, drawn));
        frame::foot(&scene, around, &self.foot_keys(), buffer, area);
        self.page_lines = drawn;
    }

    fn view(&self, scene: &Scene<'_>, buffer: &mut Buffer, body: Rect) {
        match self.order.view {
            View::Overview => overview::draw(scene, buffer, body),
            View::Flows => flows::draw(scene, buffer, body),
            View::Rollup(_) => rollup::draw(scene, buffer, body),
            View::Timeline => timeline::draw(scene, buffer, body),
            View::Signatures => signatures::draw(scene, buffer, body),
        }
    }

    fn page_text(&self, status: &Status) -> Option<Vec<Line>> {
        let scene = self.scene(status);
        match self.page.as_ref()? {
            Page::Help => Some(self.help()),
            Page::Settings => Some(self.settings_page()),
            Page::Detail(RowKey::Flow(place)) => Some(
                scene
                    .flow_page(*place)
                    .unwrap_or_else(|| vec![Line::title(scene.say("flow-gone"))]),
            ),
            Page::Detail(RowKey::Signature(id)) => Some(scene.signature_page(*id)),
            Page::Detail(_) => None,
        }
    }

    /// The keys, with what they do in the present view first.
    fn help(&self) -> Vec<Line> {
        let language = self.settings.language;
        let mut lines = vec![
            Line::title(language.say("help-title")),
            Line::of(String::new(), language.say(self.about())),
            Line::empty(),
        ];
        for (action, ..) in Action::ALL {
            let keys = self.settings.keys.keys(action);
            if !keys.is_empty() {
                lines.push(Line::of(keys, language.say(action.message())));
            }
        }
        lines.push(Line::empty());
        lines.push(Line::of("● ○ ·".to_owned(), language.say("help-signs")));
        lines.push(Line::of(language.say("column-grade"), language.say("help-grades")));
        lines.push(Line::of(language.say("do-mouse"), language.say("help-mouse")));
        lines
    }

    /// What the present view shows.
    fn about(&self) -> &'static str {
        match self.order.view {
            View::Overview => "about-overview",
            View::Flows => "about-flows",
            View::Rollup(_) => "about-rollup",
            View::Timeline => "about-timeline",
            View::Signatures => "about-signatures",
        }
    }

    fn settings_page(&self) -> Vec<Line> {
        let say = |key| self.settings.language.say(key);
        let theme = self.settings.theme;
        let row = |key, text: String| Line::of(say(key), text);
        let mask = self.order.mask;
        let pictures = mask.and(self.settings.picture_mask);
        let colours = format!("{}, {}", say(theme.ground.message()), say(theme.depth.message()));
        let filter = self.filter_text.clone().unwrap_or_else(|| say("setting-none"));
        vec![
            Line::title(say("do-settings")),
            Line::empty(),
            row("setting-language", format!("{}   :lang en|fr|de", self.settings.language.name())),
            row("setting-mask", format!("{}   :mask none|clients|hosts|all", say(message(mask)))),
            row(
                "setting-picture-mask",
                format!("{}   --picture-mask none|clients|hosts|all", say(message(pictures))),
            ),
            row("setting-theme", format!("{colours}   :theme")),
            row("setting-zone", self.settings.zone.iana_name().unwrap_or("UTC").to_owned()),
            row("setting-filter", filter),
            row("setting-config", say("setting-config-text")),
        ]
    }

    /// What the rows are restricted to: a filter, rows that were entered.
    pub(super) fn shown_only(&self) -> Vec<String> {
        let status = Status::default();
        let scene = self.scene(&status);
        let drills = self.order.drills.iter().map(|drill| scene.value(&drill.value));
        self.filter_text.clone().into_iter().chain(drills).collect()
    }

    /// The moment at which the ledger is shown, in words; none: its end.
    pub(super) fn moment_shown(&self) -> Option<String> {
        let status = Status::default();
        let scene = self.scene(&status);
        let moment = self.order.moment?;
        Some(scene.say_with("fact-moment", &[("time", scene.time(moment).into())]))
    }

    /// Five keys for the foot.
    fn foot_keys(&self) -> Vec<(String, String)> {
        let language = self.settings.language;
        let of = |action: Action, key| {
            let keys = self.settings.keys.keys(action);
            let first = keys.split(' ').next().unwrap_or("").to_owned();
            (first, language.say(key))
        };
        let mut keys = vec![
            of(Action::Help, "foot-help"),
            of(Action::Filter, "foot-filter"),
            of(Action::Enter, "foot-enter"),
            of(Action::Picture, "foot-picture"),
            of(Action::Back, if self.is_at_the_top() { "foot-quit" } else { "foot-back" }),
        ];
        keys.retain(|(key, _)| !key.is_empty());
        // Whoever does not know the way out or to the help is lost: the others give way first.
        while keys.len() > 2 && frame::keys_text(&keys).1 > usize::from(self.area.width) {
            keys.remove(keys.len() - 2);
        }
        keys
    }

    /// Lines that a note below the rows takes.
    pub(super) fn lines_below(&self) -> usize {
        let body = self.area.height.saturating_sub(HEAD + 1);
        self.scene(&Status::default()).register_note(self.area.width, body).len()
    }

    /// Where views can be clicked.
    pub(super) fn tabs(&self, status: &Status) -> Vec<(u16, u16, View)> {
        let tabs = frame::tabs(&self.scene(status), self.area.width);
        tabs.into_iter().map(|(from, to, view, _)| (from, to, view)).collect()
    }

    /// The row that is drawn in a line of the screen.
    pub(super) fn row_at(&self, line: u16) -> Option<usize> {
        let head = match self.order.view {
            View::Timeline => return None,
            View::Overview if self.sheet.shown.flows > 0 && self.area.height >= 13 => {
                self.overview_head()
            }
            _ => HEAD + 1,
        };
        let at = self.top + usize::from(line.checked_sub(head)?);
        let below = u16::try_from(self.lines_below()).unwrap_or(u16::MAX);
        let end = self.area.height.saturating_sub(1).saturating_sub(below);
        (at < self.sheet.rows.len() && line < end).then_some(at)
    }

    fn overview_head(&self) -> u16 {
        let status = Status::default();
        let lines = overview::headline_lines(&self.scene(&status), self.area.width);
        let body = self.area.height - HEAD - 1;
        HEAD + 1 + lines.min(2) + u16::from(lines > 0 && body >= 14)
    }

    /// The text of a row, column after column.
    pub(super) fn text_of(&self, at: usize) -> Option<String> {
        let row = self.sheet.rows.get(at)?;
        let status = Status::default();
        let scene = self.scene(&status);
        let mut parts = vec![scene.name(row)];
        if let Some(flow) = &row.flow {
            let record = &flow.record;
            parts.insert(0, scene.address(record.client.ip));
            parts.push(scene.address(record.server.ip));
            if let Some(tag) = record.primary() {
                let signature = self.database.signature(tag.signature);
                parts.push(signature.id.clone());
                parts.push(scene.language.category(signature.category).to_owned());
                parts.push(tag.grade.word().to_owned());
            }
        }
        parts.push(row.sums.counts.up.octets.to_string());
        parts.push(row.sums.counts.down.octets.to_string());
        Some(parts.join("\t"))
    }

    /// Why a tag has its grade.
    #[cfg(test)]
    pub(super) fn reason(
        &self,
        status: &Status,
        flow: &crate::ledger::FlowRecord,
        tag: &crate::ledger::TagRecord,
    ) -> String {
        self.scene(status).reason(flow, tag)
    }

    /// The text of the chosen row.
    pub(super) fn row_text(&self) -> Option<String> {
        self.text_of(self.at)
    }

    /// The view as CSV: every row, exact octets.
    pub(super) fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let status = Status::default();
        let scene = self.scene(&status);
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record([
            "name",
            "client",
            "via",
            "signature",
            "category",
            "grade",
            "up_bytes",
            "down_bytes",
            "flows",
            "first",
            "last",
        ])?;
        for row in &self.sheet.rows {
            let record = row.flow.as_ref().map(|flow| &flow.record);
            let tag = record.and_then(|record| record.primary());
            let signature = tag.map(|tag| self.database.signature(tag.signature));
            let time = |time| crate::export::rfc3339(time, 6).to_string();
            out.write_record([
                &*crate::export::csv_text(&scene.name(row)),
                &record.map(|r| scene.address(r.client.ip)).unwrap_or_default(),
                record.and_then(|r| r.best_name()).map_or("", |seen| seen.via.word()),
                signature.map_or("", |signature| signature.id.as_str()),
                signature.map_or("", |signature| signature.category.word()),
                row.sums.grade.map_or("", |grade| grade.word()),
                &row.sums.counts.up.octets.to_string(),
                &row.sums.counts.down.octets.to_string(),
                &row.sums.flows.to_string(),
                &time(row.sums.first),
                &time(row.sums.last),
            ])?;
        }
        out.into_inner().map_err(|fault| fault.into_error().into())
    }
}
