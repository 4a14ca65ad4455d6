//! Options of the screen, and their defaults in the configuration file.

use std::collections::BTreeMap;
use std::env;

use jiff::tz::TimeZone;
use toml::Spanned;
use toml::de::DeValue;

use super::args::ColorChoice;
use super::config::Defaults;
use super::document::{Document, DocumentError};
use crate::filter::Filter;
use crate::language::Language;
use crate::ledger::Mask;
use crate::privilege::State;
use crate::tui::{Depth, Ground, KeyMap, Settings, Theme};

/// Defaults of the screen.
#[derive(Debug, Default)]
pub(super) struct ScreenDefaults {
    /// Keys that do other things than in the shipped map.
    pub(super) keys: Option<KeyMap>,
    pub(super) language: Option<Language>,
    pub(super) mask: Option<Mask>,
    pub(super) picture_mask: Option<Mask>,
    pub(super) ground: Option<Ground>,
}

impl ScreenDefaults {
    /// Takes one field.
    pub(super) fn set(
        &mut self,
        document: &Document,
        field: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), DocumentError> {
        let parsed = |message: String| document.fault(value.span(), field, message);
        match field {
            "keys" => {
                let changes = keys(document, value)?;
                let map = KeyMap::with(&changes).map_err(|fault| parsed(fault.to_string()))?;
                self.keys = Some(map);
            }
            "lang" => {
                let word = document.text(field, value)?;
                self.language = Some(language(word).map_err(parsed)?);
            }
            "mask" => {
                let word = document.text(field, value)?;
                self.mask = Some(mask(word).map_err(parsed)?);
            }
            "picture-mask" => {
                let word = document.text(field, value)?;
                self.picture_mask = Some(mask(word).map_err(parsed)?);
            }
            "theme" => {
                let word = document.text(field, value)?;
                self.ground = Some(ground(word).map_err(parsed)?);
            }
            _ => {}
        }
        Ok(())
    }
}

/// What was typed of the options that the screens of `view` and `live` have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) mask: Option<Mask>,
    pub(super) picture_mask: Option<Mask>,
    pub(super) lang: Option<Language>,
    pub(super) theme: Option<Ground>,
}

impl Look {
    /// What was typed, else what the configuration or the environment says.
    pub(super) fn settings(
        self,
        defaults: &Defaults,
        color: ColorChoice,
        filter: Option<(String, Filter)>,
        zone: TimeZone,
    ) -> Settings {
        let of_file = &defaults.screen;
        Settings {
            language: or_environment(self.lang, defaults),
            theme: Theme {
                depth: depth(color),
                ground: self.theme.or(of_file.ground).unwrap_or_default(),
            },
            keys: of_file.keys.clone().unwrap_or_default(),
            mask: self.mask.or(of_file.mask).unwrap_or_default(),
            picture_mask: self.picture_mask.or(of_file.picture_mask).unwrap_or(Mask::Clients),
            filter,
            zone,
            ..Settings::default()
        }
    }
}

/// What the screen says of the sandbox.
pub(super) fn sandbox(state: Option<&State>, language: Language) -> String {
    language.say(match state {
        Some(state) if state.is_whole() => "sandbox-whole",
        Some(_) => "sandbox-part",
        None => "sandbox-none",
    })
}

/// Colours that the terminal shows, as its variables say.
fn depth(choice: ColorChoice) -> Depth {
    let var = |name| env::var(name).unwrap_or_default();
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let term = var("TERM");
    match choice {
        ColorChoice::Never => Depth::None,
        ColorChoice::Auto if refused || term == "dumb" || term.contains("mono") => Depth::None,
        _ if matches!(var("COLORTERM").as_str(), "truecolor" | "24bit") => Depth::True,
        _ if term.contains("256") => Depth::Indexed,
        _ => Depth::Sixteen,
    }
}

/// The language that was typed, else that of the configuration, else that of the environment.
pub(super) fn or_environment(typed: Option<Language>, defaults: &Defaults) -> Language {
    typed.or(defaults.screen.language).unwrap_or_else(of_environment)
}

/// The actions with their keys: one, or a list.
fn keys(
    document: &Document,
    value: &Spanned<DeValue<'_>>,
) -> Result<BTreeMap<String, Vec<String>>, DocumentError> {
    let DeValue::Table(table) = value.get_ref() else {
        let message = "a table is needed: keys = { filter = \"f3\" }".to_owned();
        return Err(document.fault(value.span(), "keys", message));
    };
    let mut changes = BTreeMap::new();
    for (action, keys) in table {
        let action: &str = action.get_ref();
        let texts = document.texts(action, keys)?;
        let keys = texts.into_iter().map(|(_, text)| text.to_owned()).collect();
        changes.insert(action.to_owned(), keys);
    }
    Ok(changes)
}

/// The language of the environment.
fn of_environment() -> Language {
    let values = ["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| env::var(name).ok());
    Language::of_locale(values.iter().map(Option::as_deref))
}

/// The language of a word.
pub(super) fn language(word: &str) -> Result<Language, String> {
    Language::from_word(word).ok_or_else(|| format!("`{word}` is not one of en, fr, de"))
}

/// The mask of a word.
pub(super) fn mask(word: &str) -> Result<Mask, String> {
    Mask::from_word(word).ok_or_else(|| format!("`{word}` is not one of none, clients, hosts, all"))
}

/// The ground of a word.
pub(super) fn ground(word: &str) -> Result<Ground, String> {
    match word {
        "dark" => Ok(Ground::Dark),
        "light" => Ok(Ground::Light),
        _ => Err(format!("`{word}` is not one of dark, light")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::config::Defaults;

    fn read(text: &str) -> Result<Defaults, String> {
        Defaults::of_text("there/config.toml", text).map_err(|e| e.to_string())
    }

    #[test]
    fn keys_and_words_of_the_screen_are_read() {
        let defaults = read(
            "lang = \"de\"\nmask = \"all\"\ntheme = \"light\"\n[keys]\nfilter = \"f3\"\npause = [\"f4\", \"ctrl-p\"]",
        );
        let screen = defaults.unwrap().screen;
        assert!(screen.keys.is_some() && screen.language.is_some() && screen.ground.is_some());
    }

    #[test]
    fn a_conflict_of_keys_names_line_and_both_actions() {
        assert_eq!(
            read("[keys]\npause = \"q\"").unwrap_err(),
            "there/config.toml: line 1, field `keys`: the key `q` is given to both `back` and \
             `pause`"
        );
        assert!(read("lang = \"it\"").unwrap_err().contains("not one of en, fr, de"));
    }
}
