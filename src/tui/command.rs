//! The command line of the screen.

use super::order::View;
use crate::export::{dimension_word, parse_dimension};
use crate::language::Language;
use crate::ledger::{Dimension, Mask};

/// A command, parsed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Command {
    View(View),
    By(Dimension),
    Filter(String),
    Mask(Mask),
    Lang(Language),
    Speed(Option<f64>),
    Find(String),
    Bundle,
    Export,
    Picture,
    Theme,
    Quit,
}

const WORDS: [&str; 12] = [
    "bundle", "by", "export", "filter", "find", "lang", "mask", "picture", "quit", "speed",
    "theme", "view",
];

impl Command {
    /// What was typed; on error the word that is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        let wrong = || rest.to_owned();
        Ok(match word {
            "view" => {
                let view = View::ALL.into_iter().find(|view| view.word() == rest);
                Self::View(view.ok_or_else(wrong)?)
            }
            "by" => Self::By(parse_dimension(rest).map_err(|_| wrong())?),
            "filter" => Self::Filter(rest.to_owned()),
            "find" => Self::Find(rest.to_owned()),
            "mask" => Self::Mask(Mask::from_word(rest).ok_or_else(wrong)?),
            "lang" => Self::Lang(Language::from_word(rest).ok_or_else(wrong)?),
            "speed" if rest.is_empty() || rest == "off" => Self::Speed(None),
            "speed" => {
                let speed: f64 = rest.parse().map_err(|_| wrong())?;
                if !speed.is_finite() || speed <= 0.0 {
                    return Err(wrong());
                }
                Self::Speed(Some(speed))
            }
            "bundle" => Self::Bundle,
            "export" => Self::Export,
            "picture" => Self::Picture,
            "theme" => Self::Theme,
            "quit" | "q" => Self::Quit,
            other => return Err(other.to_owned()),
        })
    }
}

/// Words that may follow what was typed.
pub(super) fn words(before: &str) -> Vec<&'static str> {
    match before.trim() {
        "" => WORDS.to_vec(),
        "view" => View::ALL.into_iter().map(View::word).collect(),
        "by" => View::DIMENSIONS.into_iter().map(dimension_word).collect(),
        "mask" => Mask::WORDS.into_iter().map(|(_, word)| word).collect(),
        "lang" => Language::ALL.into_iter().map(Language::word).collect(),
        "speed" => vec!["off"],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_and_the_wrong_word_is_named() {
        assert_eq!(Command::parse("mask all"), Ok(Command::Mask(Mask::All)));
        assert_eq!(Command::parse(" view flows "), Ok(Command::View(View::Flows)));
        assert_eq!(Command::parse("speed 2.5"), Ok(Command::Speed(Some(2.5))));
        assert_eq!(Command::parse("speed -1"), Err("-1".to_owned()));
        assert_eq!(Command::parse("viwe flows"), Err("viwe".to_owned()));
        for word in WORDS {
            let fault = Command::parse(word);
            assert_ne!(fault.err().as_deref(), Some(word), "{word} is offered and not known");
        }
    }
}
