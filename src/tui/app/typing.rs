//! The line at the bottom: what is typed, what it is worth, what it does.

use crossterm::event::{KeyCode, KeyEvent};

use super::{App, Wish};
use crate::filter::Filter;
use crate::ledger::Mask;
use crate::tui::Action;
use crate::tui::command::Command;
use crate::tui::completion::complete;
use crate::tui::feed::Marker;
use crate::tui::line::{Purpose, TypedLine};
use crate::tui::order::View;
use crate::tui::theme::Depth;

impl App<'_> {
    pub(super) fn line_hint(&self, line: &TypedLine) -> String {
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
        // What is wrong comes last: it may be long, and the words are the way out of it.
        if fault.is_none() && line.purpose == Purpose::Filter {
            text.push_str("   ✓");
        }
        if !words.is_empty() && !line.text.trim().is_empty() {
            text = format!("{text}   ⇥ {words}");
        }
        if let Some(fault) = fault {
            text = format!("{text}   {fault}");
        }
        if !words.is_empty() && line.text.trim().is_empty() {
            text = format!("{text}   ⇥ {words}");
        }
        text
    }

    pub(super) fn typed(&mut self, key: KeyEvent) -> Option<Wish> {
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
            self.begin_at_the_top();
        }
    }

    /// Where the chosen row is not among those that a filter leaves, the first one is chosen.
    fn begin_at_the_top(&mut self) {
        (self.at, self.top) = (0, 0);
    }

    fn entered(&mut self, line: &TypedLine) -> Option<Wish> {
        let text = line.text.trim();
        match line.purpose {
            Purpose::Marker => {
                let time = self.order.moment.or_else(|| self.sheet.span.map(|(_, last)| last));
                let label = text.to_owned();
                Some(match time {
                    Some(time) => Wish::Mark(Marker { time, label }),
                    None => Wish::MarkEarly(label),
                })
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

    pub(super) fn set_filter(&mut self, text: &str) {
        if text.is_empty() {
            self.order.filter = None;
            self.filter_text = None;
            return;
        }
        match Filter::parse(text) {
            Ok(filter) => {
                self.order.filter = Some(filter);
                self.filter_text = Some(text.to_owned());
                self.begin_at_the_top();
            }
            Err(_) if is_word(text) => self.find(text),
            Err(error) => {
                let old = self.filter_text.clone();
                self.order.filter = old.and_then(|text| Filter::parse(&text).ok());
                self.note(format!("✗ {}: {}", error.at + 1, error.message));
            }
        }
    }

    pub(super) fn find(&mut self, text: &str) {
        let old = self.filter_text.clone();
        self.order.filter = old.and_then(|text| Filter::parse(&text).ok());
        self.search = Some(text.to_lowercase());
        if self.order.view == View::Signatures {
            self.order.search.clone_from(&self.search);
        } else {
            self.jump_to_match(true, true);
        }
    }

    pub(super) fn command(&mut self, command: Command) -> Option<Wish> {
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
            Command::Bundle => return Some(Wish::Bundle(self.bundle_meant())),
            Command::Export => return Some(Wish::Export),
            Command::Picture => return Some(Wish::Picture),
            Command::Quit => return Some(Wish::Quit),
        }
        None
    }

    pub(super) fn next_theme(&mut self) {
        let most = self.started.theme.depth;
        let most = if most == Depth::None { Depth::Sixteen } else { most };
        self.settings.theme = self.settings.theme.next(most);
    }
}

/// Whether what was typed is a word to look for rather than a filter gone wrong.
fn is_word(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-._".contains(c))
}
