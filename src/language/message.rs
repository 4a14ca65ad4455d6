//! Messages by key.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::{Loader, fluent_bundle::FluentValue, static_loader};

use super::Language;
use crate::name::Without;
use crate::signature::{Category, purpose_names};

static_loader! {
    static MESSAGES = {
        locales: "./src/language/locales",
        fallback_language: "en",
        // Terminals and pictures have no use for isolating marks around values.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// The key of a message.
pub type Key = &'static str;

/// A value that stands in a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument<'a> {
    /// Text, as it is to be shown.
    Text(Cow<'a, str>),
    /// A number that chooses between singular and plural; it is shown in the language's form
    /// as the argument of the same name with `-text` appended.
    Number(u64),
}

impl<'a> From<&'a str> for Argument<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Argument<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<u64> for Argument<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl Language {
    /// The message of this key. A key that does not exist is shown as it is.
    pub fn say(self, key: Key) -> String {
        self.lookup(key, None)
    }

    /// The message of this key with values in it.
    pub fn say_with(self, key: Key, arguments: &[(&'static str, Argument<'_>)]) -> String {
        let mut values: HashMap<Cow<'static, str>, FluentValue<'_>> = HashMap::new();
        for (name, argument) in arguments {
            match argument {
                Argument::Text(text) => {
                    values.insert(Cow::Borrowed(name), FluentValue::from(text.to_string()));
                }
                Argument::Number(number) => {
                    let text = self.count(*number);
                    values.insert(format!("{name}-text").into(), FluentValue::from(text));
                    values.insert(Cow::Borrowed(name), FluentValue::from(*number));
                }
            }
        }
        self.lookup(key, Some(&values))
    }

    fn lookup(
        self,
        key: Key,
        values: Option<&HashMap<Cow<'static, str>, FluentValue<'_>>>,
    ) -> String {
        let found = MESSAGES.try_lookup_complete(&self.identifier(), key, values);
        found.unwrap_or_else(|| key.to_owned())
    }

    /// A file that tells to whom addresses or hardware are assigned, and of when it is
    /// (YYYY-MM-DD; empty where that is not known).
    pub fn register(self, name: &str, date: &str, damaged: bool) -> String {
        let key = if date.is_empty() { "register-undated" } else { "register-file" };
        let cited = self.say_with(key, &[("file", name.into()), ("date", date.into())]);
        if damaged { format!("{cited}; {}", self.say("register-damaged")) } else { cited }
    }

    /// A label and what it is of, with the colon of this language.
    pub fn pair(self, label: &str, text: &str) -> String {
        self.say_with("pair", &[("label", label.into()), ("text", text.into())])
    }

    /// What a signature is for: its own English words, or those of this language where it is a
    /// shipped one. Users' own purposes are shown as they were written.
    pub fn purpose(self, english: &str) -> &str {
        let names = || purpose_names(english);
        match self {
            Self::English => english,
            Self::French => names().map_or(english, |names| names.fr),
            Self::German => names().map_or(english, |names| names.de),
        }
    }

    /// Why a flow has no name.
    pub fn cause(self, cause: Without) -> String {
        self.say(match cause {
            Without::Dns => "unnamed-dns",
            Without::Ech => "unnamed-ech",
            Without::Midstream => "unnamed-midstream",
            Without::NoSni => "unnamed-no-sni",
            Without::Cut => "unnamed-cut",
            Without::Bound => "unnamed-bound",
            Without::UnknownProtocol => "unnamed-unknown-protocol",
            Without::NoPayload => "unnamed-no-payload",
        })
    }

    /// The name of a category.
    pub fn category(self, category: Category) -> &'static str {
        let names = category.names();
        match self {
            Self::English => names.en,
            Self::French => names.fr,
            Self::German => names.de,
        }
    }
}
