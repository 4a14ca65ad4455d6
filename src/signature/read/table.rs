//! A table of a signature file: its values, each with its place.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue};

use super::place;
use crate::signature::{Fault, LoadError, distance};

/// A file, for messages.
#[derive(Clone, Copy)]
pub(super) struct Reader<'t> {
    pub(super) file: &'t str,
    pub(super) text: &'t str,
}

/// A table of the file, and where it begins.
pub(super) struct Table<'t> {
    pub(super) reader: Reader<'t>,
    pub(super) fields: &'t DeTable<'t>,
    pub(super) at: usize,
}

/// A text of the file, and where it stands.
pub(super) struct Text<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn table(self, fields: &'t DeTable<'t>, at: usize) -> Table<'t> {
        Table { reader: self, fields, at }
    }

    pub(super) fn fault(self, at: usize, field: Option<&str>, fault: Fault) -> LoadError {
        LoadError {
            file: self.file.to_owned(),
            place: Some(place(self.text, at)),
            field: field.map(str::to_owned),
            fault: fault.into(),
        }
    }
}

impl<'t> Table<'t> {
    pub(super) fn refuse_unknown(&self, known: &[&'static str]) -> Result<(), LoadError> {
        self.unknown(known).into_iter().next().map_or(Ok(()), Err)
    }

    /// The fields that do not belong here, in the order of the file, not of the alphabet.
    pub(super) fn unknown(&self, known: &[&'static str]) -> Vec<LoadError> {
        let mut unknown: Vec<_> =
            self.fields.keys().filter(|key| !known.contains(&key.get_ref().as_ref())).collect();
        unknown.sort_by_key(|key| key.span().start);
        let fault = |key: &Spanned<DeString<'_>>| {
            let meant = nearest(key.get_ref(), known);
            self.fault(key.span().start, key.get_ref(), Fault::UnknownField { meant })
        };
        unknown.into_iter().map(fault).collect()
    }

    /// The text of a field that must be there.
    pub(super) fn required(&self, field: &str) -> Result<Text<'t>, LoadError> {
        self.optional(field)?.ok_or_else(|| self.fault(self.at, field, Fault::Missing))
    }

    pub(super) fn optional(&self, field: &str) -> Result<Option<Text<'t>>, LoadError> {
        self.fields.get(field).map(|value| self.text(field, value)).transpose()
    }

    pub(super) fn word<T: Copy>(
        &self,
        field: &str,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Result<T, LoadError> {
        let text = self.required(field)?;
        all.iter().copied().find(|&value| word(value) == text.text).ok_or_else(|| {
            let allowed = all.iter().map(|&value| word(value)).collect();
            self.fault(text.at, field, Fault::UnknownWord { got: text.text.to_owned(), allowed })
        })
    }

    pub(super) fn text(
        &self,
        field: &str,
        value: &'t Spanned<DeValue<'t>>,
    ) -> Result<Text<'t>, LoadError> {
        let at = value.span().start;
        let DeValue::String(text) = value.get_ref() else {
            return Err(self.wrong_type(field, value, "a text"));
        };
        let text: &str = text;
        let fault = if text.trim().is_empty() {
            Fault::Empty
        } else if text.len() > LONGEST_TEXT {
            Fault::TooLong { octets: text.len(), limit: LONGEST_TEXT }
        } else if text.chars().any(char::is_control) {
            Fault::ControlCharacter
        } else {
            return Ok(Text { text, at });
        };
        Err(self.fault(at, field, fault))
    }

    /// The texts of a list; none where the field is absent.
    pub(super) fn list(&self, field: &str) -> Result<Vec<Text<'t>>, LoadError> {
        sound(self.each_text(field))
    }

    /// The texts of a list, and what in it is none.
    pub(super) fn each_text(&self, field: &str) -> (Vec<Text<'t>>, Vec<LoadError>) {
        self.each(field, "a list of texts", |value| self.text(field, value))
    }

    /// The tables of a list; none where the field is absent.
    pub(super) fn tables(&self, field: &str) -> Result<Vec<Self>, LoadError> {
        sound(self.each_table(field))
    }

    /// The tables of a list, and what in it is none.
    pub(super) fn each_table(&self, field: &str) -> (Vec<Self>, Vec<LoadError>) {
        self.each(field, "a list of tables", |value| match value.get_ref() {
            DeValue::Table(fields) => Ok(self.reader.table(fields, value.span().start)),
            _ => Err(self.wrong_type(field, value, "a table")),
        })
    }

    /// What a list holds, and what in it does not belong there.
    pub(super) fn each<T>(
        &self,
        field: &str,
        wanted: &'static str,
        read: impl Fn(&'t Spanned<DeValue<'t>>) -> Result<T, LoadError>,
    ) -> (Vec<T>, Vec<LoadError>) {
        let array = match self.array(field, wanted) {
            Ok(Some(array)) => array,
            Ok(None) => return (Vec::new(), Vec::new()),
            Err(fault) => return (Vec::new(), vec![fault]),
        };
        let (mut held, mut faults) = (Vec::with_capacity(array.len()), Vec::new());
        for value in array {
            match read(value) {
                Ok(value) => held.push(value),
                Err(fault) => faults.push(fault),
            }
        }
        (held, faults)
    }

    pub(super) fn array(
        &self,
        field: &str,
        wanted: &'static str,
    ) -> Result<Option<&'t DeArray<'t>>, LoadError> {
        match self.fields.get(field) {
            None => Ok(None),
            Some(value) => match value.get_ref() {
                DeValue::Array(array) => Ok(Some(array)),
                _ => Err(self.wrong_type(field, value, wanted)),
            },
        }
    }

    pub(super) fn wrong_type(
        &self,
        field: &str,
        value: &Spanned<DeValue<'_>>,
        wanted: &'static str,
    ) -> LoadError {
        let got = value.get_ref().type_str();
        self.fault(value.span().start, field, Fault::WrongType { wanted, got })
    }

    /// Where a field's value stands; where the table begins, when there is none.
    pub(super) fn place_of(&self, field: &str) -> usize {
        let span: Option<Range<usize>> = self.fields.get(field).map(Spanned::span);
        span.map_or(self.at, |span| span.start)
    }

    pub(super) fn fault(&self, at: usize, field: &str, fault: Fault) -> LoadError {
        self.reader.fault(at, Some(field), fault)
    }
}

/// What a list holds, where all of it belongs there; else the first that does not.
fn sound<T>((held, faults): (Vec<T>, Vec<LoadError>)) -> Result<Vec<T>, LoadError> {
    faults.into_iter().next().map_or(Ok(held), Err)
}

/// The known word that is at most two letters away.
fn nearest(word: &str, known: &[&'static str]) -> Option<&'static str> {
    let (distance, nearest) = known.iter().map(|k| (distance::letters(word, k), *k)).min()?;
    (distance <= 2).then_some(nearest)
}

/// Octets of one text in a signature.
const LONGEST_TEXT: usize = 4096;
