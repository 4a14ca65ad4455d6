//! A line that is being typed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What the line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A filter.
    Filter,
    /// A command.
    Command,
    /// A marker's label.
    Marker,
}

/// A line that is being typed, with its cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TypedLine {
    pub(super) purpose: Purpose,
    pub(super) text: String,
    /// Octets before the cursor; at the border of a character.
    pub(super) cursor: usize,
}

impl TypedLine {
    pub(super) fn new(purpose: Purpose, text: String) -> Self {
        let cursor = text.len();
        Self { purpose, text, cursor }
    }

    /// Characters at most.
    const LONGEST: usize = 4096;

    /// Takes a key; says whether it was one for the line.
    pub(super) fn take(&mut self, key: KeyEvent) -> bool {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('u') if control => {
                self.text.drain(..self.cursor);
                self.cursor = 0;
            }
            KeyCode::Char('a') if control => self.cursor = 0,
            KeyCode::Char('e') if control => self.cursor = self.text.len(),
            KeyCode::Char(typed) if !control && !typed.is_control() => {
                if self.text.len() < Self::LONGEST {
                    self.text.insert(self.cursor, typed);
                    self.cursor += typed.len_utf8();
                }
            }
            KeyCode::Backspace => {
                if let Some(before) = self.before() {
                    self.text.remove(before);
                    self.cursor = before;
                }
            }
            KeyCode::Delete if self.cursor < self.text.len() => {
                self.text.remove(self.cursor);
            }
            KeyCode::Left => self.cursor = self.before().unwrap_or(0),
            KeyCode::Right => {
                let next = self.text[self.cursor..].chars().next();
                self.cursor += next.map_or(0, char::len_utf8);
            }
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.text.len(),
            _ => return false,
        }
        true
    }

    fn before(&self) -> Option<usize> {
        self.text[..self.cursor].char_indices().next_back().map(|(at, _)| at)
    }

    /// Replaces the word before the cursor.
    pub(super) fn complete(&mut self, start: usize, word: &str) {
        self.text.replace_range(start..self.cursor, word);
        self.cursor = start + word.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_edited_where_the_cursor_is() {
        let mut line = TypedLine::new(Purpose::Filter, "näm".to_owned());
        let mut press = |code| line.take(KeyEvent::new(code, KeyModifiers::NONE));
        for code in [KeyCode::Char('e'), KeyCode::Left, KeyCode::Left, KeyCode::Backspace] {
            assert!(press(code));
        }
        assert!(press(KeyCode::Char('a')));
        assert!(!press(KeyCode::Enter));
        assert_eq!((line.text.as_str(), line.cursor), ("name", 2));
    }
}
