//! A TOML file of the user's: bounded, and every fault has its line and field.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::cause::in_words;
use super::suggestion::hint;

/// A TOML file that was read.
#[derive(Debug)]
pub(super) struct Document {
    path: PathBuf,
    text: String,
}

/// What is wrong with such a file.
#[derive(Debug, thiserror::Error)]
pub(super) enum DocumentError {
    /// It cannot be read.
    #[error("{}: cannot be read: {}", path.display(), in_words(source))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is larger than [`Document::LIMIT`].
    #[error("{}: larger than {} octets", path.display(), Document::LIMIT)]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// It is not TOML.
    #[error("{}: line {line}: {message}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// A field is wrong.
    #[error("{}: line {line}, field `{field}`: {message}", path.display())]
    Field {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// The field's name.
        field: String,
        /// What is wrong and what to write.
        message: String,
    },
}

impl Document {
    /// Octets that such a file may have: far more than anybody writes by hand.
    pub(super) const LIMIT: u64 = 4 << 20;

    /// Reads the file at `path`.
    pub(super) fn read(path: &Path) -> Result<Self, DocumentError> {
        let unreadable = |source| DocumentError::Unreadable { path: path.to_owned(), source };
        let mut text = String::new();
        let read = File::open(path)
            .and_then(|file| file.take(Self::LIMIT + 1).read_to_string(&mut text))
            .map_err(unreadable)?;
        if read as u64 > Self::LIMIT {
            return Err(DocumentError::TooLarge { path: path.to_owned() });
        }
        Ok(Self { path: path.to_owned(), text })
    }

    /// A document that was not read from a file.
    #[cfg(test)]
    pub(super) fn of(path: &str, text: &str) -> Self {
        Self { path: PathBuf::from(path), text: text.to_owned() }
    }

    /// The folder it lies in, to which paths in it are relative.
    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or_else(|| Path::new(""))
    }

    /// Its top-level table.
    pub(super) fn table(&self) -> Result<DeTable<'_>, DocumentError> {
        match DeTable::parse(&self.text) {
            Ok(table) => Ok(table.into_inner()),
            Err(error) => Err(DocumentError::Syntax {
                path: self.path.clone(),
                line: self.line(error.span().map_or(0, |s| s.start)),
                message: error.message().to_owned(),
            }),
        }
    }

    /// The fault of a field whose value or name stands at `span`.
    pub(super) fn fault(
        &self,
        span: Range<usize>,
        field: &str,
        message: impl Display,
    ) -> DocumentError {
        DocumentError::Field {
            path: self.path.clone(),
            line: self.line(span.start),
            field: field.to_owned(),
            message: message.to_string(),
        }
    }

    /// The fault of a field that nobody knows.
    pub(super) fn unknown(&self, span: Range<usize>, field: &str, known: &[&str]) -> DocumentError {
        let hint = hint(field, known.iter().copied());
        self.fault(span, field, format!("unknown field{hint}"))
    }

    /// The text of a string value.
    pub(super) fn text<'v>(
        &self,
        field: &str,
        value: &'v Spanned<DeValue<'_>>,
    ) -> Result<&'v str, DocumentError> {
        value.get_ref().as_str().ok_or_else(|| self.mistyped(field, value, "a string"))
    }

    /// The texts of an array of strings, each with its place; one string stands for an array of
    /// one.
    pub(super) fn texts<'v>(
        &self,
        field: &str,
        value: &'v Spanned<DeValue<'_>>,
    ) -> Result<Vec<(Range<usize>, &'v str)>, DocumentError> {
        match value.get_ref() {
            DeValue::String(text) => Ok(vec![(value.span(), text.as_ref())]),
            DeValue::Array(items) => {
                items.iter().map(|item| Ok((item.span(), self.text(field, item)?))).collect()
            }
            _ => Err(self.mistyped(field, value, "an array of strings")),
        }
    }

    /// A truth value.
    pub(super) fn truth(
        &self,
        field: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<bool, DocumentError> {
        value.get_ref().as_bool().ok_or_else(|| self.mistyped(field, value, "true or false"))
    }

    /// A whole number.
    pub(super) fn number<T: std::str::FromStr>(
        &self,
        field: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<T, DocumentError> {
        value
            .get_ref()
            .as_integer()
            .filter(|n| n.radix() == 10)
            .and_then(|n| n.as_str().parse().ok())
            .ok_or_else(|| self.mistyped(field, value, "a whole number above 0"))
    }

    /// The fault of a value of the wrong type.
    pub(super) fn mistyped(
        &self,
        field: &str,
        value: &Spanned<DeValue<'_>>,
        wanted: &str,
    ) -> DocumentError {
        let found = value.get_ref().type_str();
        self.fault(value.span(), field, format!("{wanted} is needed, not {found}"))
    }

    /// The line, from 1, of an octet offset.
    fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().get(..offset).unwrap_or(self.text.as_bytes());
        1 + before.split(|octet| *octet == b'\n').skip(1).count()
    }
}
