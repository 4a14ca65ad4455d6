//! Which key does what: the shipped map, and what the configuration file changes in it.

use std::collections::BTreeMap;
use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::Action;

/// A key with its modifiers, in one form: shift stands in the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd)]
pub(super) struct Stroke {
    code: KeyCode,
    control: bool,
    alt: bool,
}

/// Which keys do what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyMap {
    strokes: Vec<(Stroke, Action)>,
}

/// What is wrong with a key map.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// No action has this name.
    #[error("unknown action `{0}`")]
    UnknownAction(String),
    /// No key has this name.
    #[error("`{0}` is no key; write a character, or up, enter, f1, ctrl-x, alt-x and the like")]
    UnknownKey(String),
    /// Two actions want the same key.
    #[error("the key `{key}` is given to both `{first}` and `{second}`")]
    Conflict {
        /// The key.
        key: String,
        /// The action that has it.
        first: &'static str,
        /// The action that wants it, too.
        second: &'static str,
    },
    /// Without it nobody gets out.
    #[error("`{0}` needs at least one key")]
    NoKey(&'static str),
}

const NAMED: [(&str, KeyCode); 16] = [
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("tab", KeyCode::Tab),
    ("shift-tab", KeyCode::BackTab),
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("space", KeyCode::Char(' ')),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
];

fn function_key(name: &str) -> Option<KeyCode> {
    let number: u8 = name.strip_prefix('f')?.parse().ok()?;
    (1..=12).contains(&number).then_some(KeyCode::F(number))
}

impl Stroke {
    /// The key that `text` names.
    fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let (mut control, mut alt) = (false, false);
        loop {
            if let Some(after) = rest.strip_prefix("ctrl-").filter(|after| !after.is_empty()) {
                control = true;
                rest = after;
            } else if let Some(after) = rest.strip_prefix("alt-").filter(|after| !after.is_empty())
            {
                alt = true;
                rest = after;
            } else {
                break;
            }
        }
        let mut characters = rest.chars();
        let code = match (characters.next(), characters.next()) {
            (Some(one), None) if !one.is_control() && one != ' ' => KeyCode::Char(one),
            _ => {
                let named = NAMED.into_iter().find(|(name, _)| *name == rest);
                named.map(|(_, code)| code).or_else(|| function_key(rest))?
            }
        };
        Some(Self { code, control, alt })
    }

    /// The key of an event.
    pub(super) fn of(event: KeyEvent) -> Self {
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        let code = match event.code {
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            code => code,
        };
        Self { code, control, alt }
    }
}

impl fmt::Display for Stroke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("^")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        match self.code {
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            KeyCode::Enter => f.write_str("Enter"),
            KeyCode::Esc => f.write_str("Esc"),
            KeyCode::Tab => f.write_str("Tab"),
            KeyCode::BackTab => f.write_str("⇧Tab"),
            KeyCode::Home => f.write_str("Home"),
            KeyCode::End => f.write_str("End"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) if self.control => write!(f, "{}", c.to_ascii_uppercase()),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(number) => write!(f, "F{number}"),
            code => write!(f, "{code}"),
        }
    }
}

impl Default for KeyMap {
    fn default() -> Self {
        let all = Action::ALL.into_iter();
        let strokes = all.flat_map(|(action, _, keys)| {
            keys.iter().filter_map(move |key| Some((Stroke::parse(key)?, action)))
        });
        Self { strokes: strokes.collect() }
    }
}

impl KeyMap {
    /// The shipped map with the keys of some actions replaced, by the actions' names.
    pub fn with(changes: &BTreeMap<String, Vec<String>>) -> Result<Self, KeyFault> {
        let mut map = Self::default();
        let mut replaced = Vec::new();
        for (name, keys) in changes {
            let found = Action::ALL.into_iter().find(|(_, known, _)| known == name);
            let (action, known, _) = found.ok_or_else(|| KeyFault::UnknownAction(name.clone()))?;
            if keys.is_empty() && matches!(action, Action::Quit | Action::Help) {
                return Err(KeyFault::NoKey(known));
            }
            map.strokes.retain(|(_, held)| *held != action);
            for key in keys {
                let stroke = Stroke::parse(key).ok_or_else(|| KeyFault::UnknownKey(key.clone()))?;
                replaced.push((stroke, action));
            }
        }
        for (stroke, action) in replaced {
            if let Some((_, holder)) = map.strokes.iter().find(|(held, _)| *held == stroke) {
                let (first, second) = (holder.name(), action.name());
                return Err(KeyFault::Conflict { key: stroke.to_string(), first, second });
            }
            map.strokes.push((stroke, action));
        }
        Ok(map)
    }

    /// What a key does.
    pub(super) fn action(&self, event: KeyEvent) -> Option<Action> {
        let stroke = Stroke::of(event);
        self.strokes.iter().find(|(held, _)| *held == stroke).map(|(_, action)| *action)
    }

    /// The keys of an action, as they are shown.
    pub(super) fn keys(&self, action: Action) -> String {
        let mine = self.strokes.iter().filter(|(_, held)| *held == action);
        mine.map(|(stroke, _)| stroke.to_string()).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(changes: &[(&str, &[&str])]) -> Result<KeyMap, String> {
        let owned = |keys: &[&str]| keys.iter().map(ToString::to_string).collect();
        let changes = changes.iter().map(|(name, keys)| ((*name).to_owned(), owned(keys)));
        KeyMap::with(&changes.collect()).map_err(|fault| fault.to_string())
    }

    #[test]
    fn every_shipped_key_is_one_and_means_one_thing() {
        let map = KeyMap::default();
        let named: usize = Action::ALL.iter().map(|(_, _, keys)| keys.len()).sum();
        assert_eq!(map.strokes.len(), named, "a shipped key does not parse");
        for (place, (stroke, action)) in map.strokes.iter().enumerate() {
            let other = map.strokes[place + 1..].iter().find(|(held, _)| held == stroke);
            assert!(other.is_none(), "{stroke} does {action:?} and {other:?}");
        }
    }

    #[test]
    fn the_configuration_replaces_the_keys_of_an_action() {
        let map = with(&[("filter", &["f3", "ctrl-s"])]).unwrap();
        assert_eq!(map.keys(Action::Filter), "F3 ^S");
        let press = |code| map.action(KeyEvent::new(code, KeyModifiers::NONE));
        assert_eq!(press(KeyCode::Char('/')), None);
        assert_eq!(press(KeyCode::F(3)), Some(Action::Filter));
        // What was taken from one action is free for another.
        assert!(with(&[("filter", &["f3"]), ("search", &["/"])]).is_err());
        assert!(with(&[("filter", &["f3"]), ("command", &["/", ":"])]).is_ok());
    }

    #[test]
    fn conflicts_and_unknown_names_are_refused() {
        assert_eq!(
            with(&[("pause", &["q"])]).unwrap_err(),
            "the key `q` is given to both `back` and `pause`"
        );
        assert_eq!(with(&[("paws", &["q"])]).unwrap_err(), "unknown action `paws`");
        assert!(with(&[("pause", &["hyper-q"])]).unwrap_err().starts_with("`hyper-q` is no key"));
        assert_eq!(with(&[("quit", &[])]).unwrap_err(), "`quit` needs at least one key");
    }
}
