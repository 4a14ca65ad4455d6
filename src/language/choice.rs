//! Which language.

use unic_langid::{LanguageIdentifier, langid};

/// A language that vigie speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// French.
    French,
    /// German.
    German,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::English, Self::French, Self::German];

    /// The word for it on the command line: its ISO 639-1 code.
    pub fn word(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::German => "de",
        }
    }

    /// Its own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "français",
            Self::German => "Deutsch",
        }
    }

    /// The language that `word` stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.word() == word)
    }

    /// The language of a locale as the environment names it (`fr_CH.UTF-8`; POSIX, base
    /// definitions §8.2): `values` are those of `LC_ALL`, `LC_MESSAGES` and `LANG`, the first
    /// that is set and not empty decides. English where vigie does not speak it.
    pub fn of_locale<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let decides = values.into_iter().flatten().find(|value| !value.is_empty());
        let word = decides.and_then(|value| value.split(['_', '.', '@', '-']).next());
        word.and_then(Self::from_word).unwrap_or_default()
    }

    /// The next one, round and round.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::English => Self::French,
            Self::French => Self::German,
            Self::German => Self::English,
        }
    }

    /// Its identifier (Unicode Technical Standard #35).
    pub(super) fn identifier(self) -> LanguageIdentifier {
        match self {
            Self::English => langid!("en"),
            Self::French => langid!("fr"),
            Self::German => langid!("de"),
        }
    }
}
