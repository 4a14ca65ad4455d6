//! Text with wildcards.

use std::borrow::Cow;
use std::fmt;

/// Text in which `*` stands for any run of characters, none too. Case is ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob {
    /// Lower case; between two neighbours stands a `*`. Never empty; one piece: no wildcard.
    pieces: Vec<Box<str>>,
}

impl Glob {
    /// The pattern that a bare word spells: every `*` is a wildcard.
    pub(super) fn from_word(word: &str) -> Self {
        Self { pieces: word.split('*').map(|piece| lower(piece).into()).collect() }
    }

    /// The pattern between quotes: `\` makes the next character plain, `\*` is a star.
    pub(super) fn from_quoted(quoted: &str) -> Self {
        let mut pieces = vec![String::new()];
        let mut characters = quoted.chars();
        while let Some(c) = characters.next() {
            if c == '*' {
                pieces.push(String::new());
            } else if let Some(last) = pieces.last_mut() {
                let plain = if c == '\\' { characters.next().unwrap_or(c) } else { c };
                last.push(plain);
            }
        }
        Self { pieces: pieces.into_iter().map(|piece| lower(&piece).into()).collect() }
    }

    /// The pieces between the wildcards, each replaced by what `change` gives.
    pub(super) fn map(self, change: impl Fn(&str) -> String) -> Self {
        Self { pieces: self.pieces.iter().map(|piece| change(piece).into()).collect() }
    }

    /// Whether it is `*` alone.
    pub(super) fn is_any(&self) -> bool {
        self.pieces.len() == 2 && self.pieces.iter().all(|piece| piece.is_empty())
    }

    /// The text, where there is no wildcard.
    pub(super) fn literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Whether it covers the whole of `text`. Work is at most the product of both lengths.
    pub(super) fn matches(&self, text: &str) -> bool {
        let text = folded(text);
        let [first, middle @ .., last] = self.pieces.as_slice() else {
            return self.literal() == Some(&text);
        };
        let Some(rest) = text.strip_prefix(&**first) else { return false };
        let Some(mut rest) = rest.strip_suffix(&**last) else { return false };
        for piece in middle {
            let Some((_, behind)) = rest.split_once(&**piece) else { return false };
            rest = behind;
        }
        true
    }
}

impl fmt::Display for Glob {
    /// As a word where that says the same, else in quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_plain() {
            return f.write_str(&self.pieces.join("*"));
        }
        f.write_str("\"")?;
        for (index, piece) in self.pieces.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "*" })?;
            write_escaped(f, piece)?;
        }
        f.write_str("\"")
    }
}

impl Glob {
    /// Whether it can be written without quotes.
    fn is_plain(&self) -> bool {
        let safe = |c: char| c.is_ascii_alphanumeric() || "._-:/+".contains(c);
        let wildcard_free = self.literal();
        self.pieces.iter().all(|piece| piece.chars().all(safe))
            && wildcard_free.is_none_or(|text| !text.is_empty() && !is_keyword(text))
    }
}

/// Whether the word cannot stand for a value without quotes.
pub(super) fn is_keyword(word: &str) -> bool {
    ["and", "or", "not", "in"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}

/// Writes text between double quotes with what would end it or be a wildcard escaped.
pub(super) fn write_escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    use fmt::Write as _;
    for c in text.chars() {
        if matches!(c, '"' | '\\' | '*') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    Ok(())
}

/// Lower case, character by character, so that parts of a text are lowered like the whole.
pub(super) fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The same, without a copy where nothing changes.
pub(super) fn folded(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(lower(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_run() {
        let cases = [
            ("*.microsoft.com", "events.data.microsoft.com", true),
            ("*.microsoft.com", "microsoft.com", false),
            ("*.microsoft.com", "microsoft.com.example", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("a*b*c", "a-c-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("*events*", "v10.events.data", true),
            ("Office*", "OFFICE 365", true),
            ("**", "", true),
            ("one", "one", true),
            ("one", "ones", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(Glob::from_word(pattern).matches(text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn an_escaped_star_is_a_star() {
        let glob = Glob::from_quoted(r"a\*b*");
        assert!(glob.matches("a*bc"));
        assert!(!glob.matches("axbc"));
        assert_eq!(glob.to_string(), r#""a\*b*""#);
    }
}
