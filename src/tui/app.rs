//! What the user does with the screen: keys become orders for the desk, moves and wishes.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;

use super::Action;
use super::command::Command;
use super::completion::complete;
use super::feed::{Marker, Status};
use super::line::{Purpose, TypedLine};
use super::order::{Drill, Order, RowKey, View};
use super::settings::Settings;
use super::sheet::Sheet;
use super::theme::Depth;
use super::view::timeline;
use crate::filter::Filter;
use crate::language::Argument;
use crate::ledger::{Dimension, DimensionValue, Mask};
use crate::signature::Database;
use crate::source::CaptureTime;

/// What is to happen outside of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Quit,
    Suspend,
    /// Text for the clipboard.
    Copy(String),
    Mark(Marker),
    /// This view as CSV.
    Export,
    /// This screen as picture and text.
    Picture,
}

/// A page over the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Page {
    Help,
    Settings,
    /// What is behind a row: a flow or a signature.
    Detail(RowKey),
}

/// The state of the screen.
#[derive(Debug)]
pub(super) struct App<'a> {
    pub(super) settings: Settings,
    pub(super) database: &'a Database,
    pub(super) order: Order,
    pub(super) sheet: Arc<Sheet>,
    pub(super) chosen: Option<RowKey>,
    pub(super) at: usize,
    pub(super) top: usize,
    pub(super) page: Option<Page>,
    /// First line of the page, and how many there were when it was drawn.
    pub(super) page_top: usize,
    pub(super) page_lines: usize,
    pub(super) line: Option<TypedLine>,
    pub(super) paused: bool,
    pub(super) filter_text: Option<String>,
    /// What was looked for last.
    pub(super) search: Option<String>,
    notice: Option<(String, Duration)>,
    /// Orders that one goes back to.
    back: Vec<(Order, Option<RowKey>)>,
    armed: bool,
    /// The mask that the switch turns on.
    mask: Mask,
    /// Capture seconds a second, and when the replay last moved.
    pub(super) replay: Option<(f64, Duration)>,
    pub(super) area: Rect,
    pub(super) now: Duration,
    started: Settings,
}

impl<'a> App<'a> {
    pub(super) fn new(settings: Settings, database: &'a Database) -> Self {
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

    /// Takes a new sheet: the choice follows its row.
    pub(super) fn take(&mut self, sheet: Arc<Sheet>) {
        self.sheet = sheet;
        let found = self.chosen.as_ref().and_then(|key| self.sheet.place(key));
        self.choose(found.unwrap_or(self.at));
    }

    /// Rows that the table has room for.
    pub(super) fn room(&self) -> usize {
        usize::from(self.area.height).saturating_sub(5).max(1)
    }

    fn choose(&mut self, at: usize) {
        let last = self.sheet.rows.len().saturating_sub(1);
        self.at = at.min(last);
        self.chosen = self.sheet.rows.get(self.at).map(|row| row.key.clone());
        let room = self.room();
        self.top = self.top.clamp((self.at + 1).saturating_sub(room), self.at);
    }

    /// Says something in the foot for a few seconds.
    pub(super) fn note(&mut self, text: String) {
        self.notice = Some((text, self.now + Duration::from_secs(4)));
    }

    fn say(&self, key: &'static str) -> String {
        self.settings.language.say(key)
    }

    fn note_with(&mut self, key: &'static str, arguments: &[(&'static str, Argument<'_>)]) {
        let text = self.settings.language.say_with(key, arguments);
        self.note(text);
    }

    /// What the foot says instead of keys.
    pub(super) fn hint(&self) -> Option<String> {
        if let Some(line) = &self.line {
            return Some(self.line_hint(line));
        }
        self.notice.as_ref().map(|(text, _)| text.clone())
    }

    fn line_hint(&self, line: &TypedLine) -> String {
        let language = self.settings.language;
        let (_, words) = complete(line);
        let words = words.into_iter().take(8).collect::<Vec<_>>().join(" ");
        let fault = match line.purpose {
            Purpose::Filter if line.text.trim().is_empty() => Some(self.say("filter-empty")),
            Purpose::Filter => Filter::parse(&line.text).err().map(|error| {
                if is_word(&line.text) {
                    language.say_with("filter-search", &[("text", line.text.trim().into())])
                } else {
                    let place = (error.at as u64 + 1).to_string();
                    format!("✗ {place}: {}", error.message)
                }
            }),
            Purpose::Command | Purpose::Marker => None,
        };
        let (before, after) = line.text.split_at(line.cursor);
        let lead = match line.purpose {
            Purpose::Filter => "/",
            Purpose::Command => ":",
            Purpose::Marker => "▼",
        };
        let mut text = format!("{lead}{before}▏{after}");
        match fault {
            Some(fault) => text = format!("{text}   {fault}"),
            None if line.purpose == Purpose::Filter => text.push_str("   ✓"),
            None => {}
        }
        if !words.is_empty() {
            text = format!("{text}   ⇥ {words}");
        }
        text
    }

    /// Lets time pass.
    pub(super) fn tick(&mut self, now: Duration) {
        self.now = now;
        if self.notice.as_ref().is_some_and(|(_, until)| *until <= now) {
            self.notice = None;
        }
        let Some((speed, last)) = self.replay else { return };
        let Some((first, end)) = self.sheet.span.filter(|_| !self.paused) else {
            self.replay = Some((speed, now));
            return;
        };
        let passed = now.saturating_sub(last).mul_f64(speed.min(1e9));
        let nanoseconds = u64::try_from(passed.as_nanos()).unwrap_or(u64::MAX);
        let moment = self.order.moment.unwrap_or(first).plus(nanoseconds);
        self.replay = Some((speed, now));
        self.order.moment = Some(moment);
        if moment >= end {
            self.order.moment = None;
            self.replay = None;
            self.note(self.say("replay-done"));
        }
    }

    /// Takes a key.
    pub(super) fn key(&mut self, key: KeyEvent, status: &Status) -> Option<Wish> {
        if self.line.is_some() {
            return self.typed(key);
        }
        let action = self.settings.keys.action(key)?;
        let armed = std::mem::take(&mut self.armed);
        if action == Action::Reset {
            return self.reset(armed);
        }
        self.notice = None;
        self.act(action, status)
    }

    fn typed(&mut self, key: KeyEvent) -> Option<Wish> {
        if self.settings.keys.action(key) == Some(Action::Quit) {
            return Some(Wish::Quit);
        }
        let line = self.line.as_mut()?;
        match key.code {
            KeyCode::Esc => {
                self.line = None;
                let text = self.filter_text.clone();
                self.order.filter = text.and_then(|text| Filter::parse(&text).ok());
            }
            KeyCode::Tab => {
                let (start, words) = complete(line);
                if let Some(word) = words.first() {
                    let word = format!("{word} ");
                    line.complete(start, &word);
                }
                self.preview();
            }
            KeyCode::Enter => {
                let line = self.line.take()?;
                return self.entered(&line);
            }
            _ => {
                line.take(key);
                self.preview();
            }
        }
        None
    }

    /// Filters as it is typed, while what is typed is right.
    fn preview(&mut self) {
        if let Some(line) = self.line.as_ref().filter(|line| line.purpose == Purpose::Filter)
            && let Ok(filter) = Filter::parse(&line.text)
        {
            self.order.filter = Some(filter);
        }
    }

    fn entered(&mut self, line: &TypedLine) -> Option<Wish> {
        let text = line.text.trim();
        match line.purpose {
            Purpose::Marker => {
                let time = self.order.moment.or_else(|| self.sheet.span.map(|(_, last)| last))?;
                Some(Wish::Mark(Marker { time, label: text.to_owned() }))
            }
            Purpose::Filter => {
                self.set_filter(text);
                None
            }
            Purpose::Command => match Command::parse(text) {
                Ok(command) => self.command(command),
                Err(word) => {
                    self.note_with("command-unknown", &[("word", word.into())]);
                    None
                }
            },
        }
    }

    fn set_filter(&mut self, text: &str) {
        if text.is_empty() {
            self.order.filter = None;
            self.filter_text = None;
            return;
        }
        match Filter::parse(text) {
            Ok(filter) => {
                self.order.filter = Some(filter);
                self.filter_text = Some(text.to_owned());
            }
            Err(_) if is_word(text) => self.find(text),
            Err(error) => {
                let old = self.filter_text.clone();
                self.order.filter = old.and_then(|text| Filter::parse(&text).ok());
                self.note(format!("✗ {}: {}", error.at + 1, error.message));
            }
        }
    }

    fn find(&mut self, text: &str) {
        let old = self.filter_text.clone();
        self.order.filter = old.and_then(|text| Filter::parse(&text).ok());
        self.search = Some(text.to_lowercase());
        if self.order.view == View::Signatures {
            self.order.search.clone_from(&self.search);
        } else {
            self.jump_to_match(true, true);
        }
    }

    fn command(&mut self, command: Command) -> Option<Wish> {
        match command {
            Command::View(view) => self.show(view),
            Command::By(dimension) => self.show(View::Rollup(dimension)),
            Command::Filter(text) => self.set_filter(&text),
            Command::Find(text) => self.find(&text),
            Command::Mask(mask) => {
                self.order.mask = mask;
                self.mask = if mask == Mask::None { self.mask } else { mask };
            }
            Command::Lang(language) => self.settings.language = language,
            Command::Speed(speed) => self.replay = speed.map(|speed| (speed, self.now)),
            Command::Theme => self.next_theme(),
            Command::Export => return Some(Wish::Export),
            Command::Picture => return Some(Wish::Picture),
            Command::Quit => return Some(Wish::Quit),
        }
        None
    }

    fn next_theme(&mut self) {
        let most = self.started.theme.depth;
        let most = if most == Depth::None { Depth::Sixteen } else { most };
        self.settings.theme = self.settings.theme.next(most);
    }

    fn reset(&mut self, armed: bool) -> Option<Wish> {
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

    fn act(&mut self, action: Action, status: &Status) -> Option<Wish> {
        match action {
            Action::Quit => return Some(Wish::Quit),
            Action::Suspend => return Some(Wish::Suspend),
            Action::Help => self.toggle(Page::Help),
            Action::Settings => self.toggle(Page::Settings),
            Action::Back => return self.go_back(),
            Action::Escape => self.escape(),
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step(-(self.room().cast_signed())),
            Action::PageDown => self.step(self.room().cast_signed()),
            Action::First => self.step(isize::MIN),
            Action::Last => self.step(isize::MAX),
            Action::NextView => self.turn(1),
            Action::PreviousView => self.turn(View::ALL.len() - 1),
            Action::View(number) => {
                if let Some(view) = View::ALL.get(usize::from(number).wrapping_sub(1)) {
                    self.show(*view);
                }
            }
            Action::Enter => self.enter(),
            Action::Filter => {
                let text = self.filter_text.clone().unwrap_or_default();
                self.line = Some(TypedLine::new(Purpose::Filter, text));
            }
            Action::Command => self.line = Some(TypedLine::new(Purpose::Command, String::new())),
            Action::Mark => self.line = Some(TypedLine::new(Purpose::Marker, String::new())),
            Action::NextMatch => self.jump_to_match(true, false),
            Action::PreviousMatch => self.jump_to_match(false, false),
            Action::Sort => self.order.sort = self.order.sort.next(),
            Action::Reverse => self.order.reversed = !self.order.reversed,
            Action::Pause => self.paused = !self.paused,
            Action::Group => self.group(),
            Action::Left | Action::Right => self.sideways(action),
            Action::NextMarker => self.next_marker(status),
            Action::Earlier => self.move_cursor(-1),
            Action::Later => self.move_cursor(1),
            Action::Widen => self.zoom(2),
            Action::Narrow => self.zoom(-2),
            Action::Mask => {
                let on = self.order.mask == Mask::None;
                self.order.mask = if on { self.mask } else { Mask::None };
                self.note(self.say(if on { "mask-on" } else { "mask-off" }));
            }
            Action::Copy => return self.row_text().map(Wish::Copy),
            Action::Export => return Some(Wish::Export),
            Action::Picture => return Some(Wish::Picture),
            Action::WriteFrames => self.note(self.say("no-frames")),
            Action::Theme => self.next_theme(),
            Action::Reset => {}
        }
        None
    }

    fn toggle(&mut self, page: Page) {
        self.page_top = 0;
        self.page = if self.page.as_ref() == Some(&page) { None } else { Some(page) };
    }

    /// One step back; from the top, out.
    fn go_back(&mut self) -> Option<Wish> {
        if self.page.take().is_some() {
            return None;
        }
        let Some((order, chosen)) = self.back.pop() else { return Some(Wish::Quit) };
        self.order = Order { mask: self.order.mask, ..order };
        self.chosen = chosen;
        None
    }

    fn escape(&mut self) {
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

    fn step(&mut self, by: isize) {
        if self.page.is_some() {
            let last = self.page_lines.saturating_sub(self.room());
            self.page_top = self.page_top.saturating_add_signed(by).min(last);
        } else {
            self.choose(self.at.saturating_add_signed(by));
        }
    }

    fn turn(&mut self, by: usize) {
        let present = View::ALL.iter().position(|view| *view == self.order.view).unwrap_or(0);
        self.show(View::ALL[(present + by) % View::ALL.len()]);
    }

    /// Shows a view; what was entered before is left.
    fn show(&mut self, view: View) {
        self.page = None;
        self.back.clear();
        self.order.drills.clear();
        self.order.view = view;
        self.order.search = None;
        self.order.columns = timeline::columns(self.area.width);
        (self.chosen, self.at, self.top) = (None, 0, 0);
    }

    /// Whether the rows are those of the view that is shown.
    pub(super) fn is_fresh(&self) -> bool {
        self.sheet.view == self.order.view
    }

    /// What is behind the row.
    fn enter(&mut self) {
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
    fn group(&mut self) {
        let after = |dimension: Option<Dimension>| {
            let place = View::DIMENSIONS.iter().position(|known| Some(*known) == dimension);
            View::DIMENSIONS.get(place.map_or(0, |place| place + 1)).copied()
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

    fn sideways(&mut self, action: Action) {
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

    /// Moves the time cursor by a column of the timeline.
    fn move_cursor(&mut self, columns: i64) {
        let (Some((first, last)), Some((from, to))) = (self.sheet.span, self.sheet.window) else {
            return;
        };
        let count = timeline::columns(self.area.width).max(1) as u64;
        let step = (to.since(from) / count).max(1_000_000_000);
        let step = i64::try_from(step).unwrap_or(i64::MAX).saturating_mul(columns);
        let moment = self.order.moment.unwrap_or(last);
        let moment = CaptureTime(moment.0.saturating_add(step)).max(first);
        self.replay = None;
        self.order.moment = (moment < last).then_some(moment);
    }

    /// Shows half or twice as much time.
    fn zoom(&mut self, by: i8) {
        let Some((first, last)) = self.sheet.span else { return };
        let whole = last.since(first);
        let shown = self.order.window.unwrap_or(whole);
        let wanted = if by > 0 { shown.saturating_mul(2) } else { (shown / 2).max(2_000_000_000) };
        self.order.window = (wanted < whole).then_some(wanted);
    }

    fn next_marker(&mut self, status: &Status) {
        let Some((_, last)) = self.sheet.span else { return };
        let moment = self.order.moment;
        let next = status.markers.iter().find(|m| moment.is_some_and(|moment| m.time > moment));
        let Some(marker) = next.or_else(|| status.markers.first()) else {
            self.note(self.say("no-markers"));
            return;
        };
        self.order.moment = (marker.time < last).then_some(marker.time);
        self.note(format!("▼ {}", marker.label));
    }

    /// To the next row that holds what is looked for, or the one before.
    fn jump_to_match(&mut self, forward: bool, here: bool) {
        let Some(search) = self.search.clone() else {
            self.note(self.say("no-search"));
            return;
        };
        let count = self.sheet.rows.len();
        let start = usize::from(!here);
        let found = (start..count + start).find_map(|step| {
            let at =
                if forward { self.at + step } else { self.at + count * 2 - step } % count.max(1);
            let text = self.text_of(at)?.to_lowercase();
            text.contains(&search).then_some(at)
        });
        match found {
            Some(at) => self.choose(at),
            None => self.note_with("search-nothing", &[("text", search.into())]),
        }
    }

    /// Takes the mouse: the wheel moves, a click chooses, a second one enters.
    pub(super) fn mouse(&mut self, event: MouseEvent, status: &Status) -> Option<Wish> {
        match event.kind {
            MouseEventKind::ScrollUp => self.step(-3),
            MouseEventKind::ScrollDown => self.step(3),
            MouseEventKind::Down(MouseButton::Left) => {
                let tabs = self.tabs(status);
                if event.row == 2
                    && let Some((.., view)) =
                        tabs.iter().find(|(from, to, _)| (*from..*to).contains(&event.column))
                {
                    self.show(*view);
                } else if self.page.is_none()
                    && self.is_fresh()
                    && let Some(at) = self.row_at(event.row)
                {
                    if at == self.at {
                        self.enter();
                    } else {
                        self.choose(at);
                    }
                }
            }
            MouseEventKind::Down(MouseButton::Right) => return self.go_back(),
            _ => {}
        }
        None
    }
}

/// Whether what was typed is a word to look for rather than a filter gone wrong.
fn is_word(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-._".contains(c))
}
