//! What keys and the mouse do.

use crossterm::event::{KeyEvent, MouseButton, MouseEvent, MouseEventKind};

use super::{App, Page, Wish};
use crate::ledger::Mask;
use crate::tui::Action;
use crate::tui::feed::Status;
use crate::tui::key::Stroke;
use crate::tui::line::{Purpose, TypedLine};
use crate::tui::order::View;

impl App<'_> {
    /// Takes a key.
    pub(in crate::tui) fn key(&mut self, key: KeyEvent, status: &Status) -> Option<Wish> {
        if self.line.is_some() {
            return self.typed(key);
        }
        let Some(action) = self.settings.keys.action(key) else {
            let help = self.settings.keys.keys(Action::Help);
            let help = help.split(' ').next().unwrap_or_default().to_owned();
            let key = Stroke::of(key).to_string();
            self.note_with("key-unknown", &[("key", key.into()), ("help", help.into())]);
            return None;
        };
        let armed = std::mem::take(&mut self.armed);
        if action == Action::Reset {
            return self.reset(armed);
        }
        self.notice = None;
        self.act(action, status)
    }

    pub(super) fn act(&mut self, action: Action, status: &Status) -> Option<Wish> {
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
            Action::Bundle => return Some(Wish::Bundle(self.bundle_meant())),
            Action::WriteFrames => match self.flow_meant() {
                Some(flow) => return Some(Wish::Frames(flow)),
                None => self.note(self.say("frames-which")),
            },
            Action::Theme => self.next_theme(),
            Action::Reset => {}
        }
        None
    }

    /// Takes the mouse: the wheel moves, a click chooses, a second one enters.
    pub(in crate::tui) fn mouse(&mut self, event: MouseEvent, status: &Status) -> Option<Wish> {
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
