//! Words for dimensions, and text for their values.

use std::borrow::Cow;

use super::time::rfc3339;
use crate::decode::Protocol;
use crate::filter::{nearest, protocol_word};
use crate::ledger::{Dimension, DimensionValue};
use crate::signature::Database;
use crate::source::CaptureAccount;

/// Every dimension with its word, in the order of the documentation.
pub(super) const WORDS: [(Dimension, &str); 18] = [
    (Dimension::Signature, "signature"),
    (Dimension::Product, "product"),
    (Dimension::Vendor, "vendor"),
    (Dimension::Category, "category"),
    (Dimension::Name, "name"),
    (Dimension::Host, "host"),
    (Dimension::Registrable, "registrable"),
    (Dimension::Via, "via"),
    (Dimension::Client, "client"),
    (Dimension::Device, "device"),
    (Dimension::App, "app"),
    (Dimension::Server, "server"),
    (Dimension::Port, "port"),
    (Dimension::Protocol, "proto"),
    (Dimension::Capture, "capture"),
    (Dimension::Hour, "hour"),
    (Dimension::Basis, "basis"),
    (Dimension::Grade, "grade"),
];

/// A word that stands for no dimension.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown dimension `{}`; {}", super::escape(word), self.hint())]
pub struct UnknownDimension {
    /// The word.
    pub word: String,
}

impl UnknownDimension {
    /// What to write instead.
    fn hint(&self) -> String {
        let known = || WORDS.into_iter().map(|(_, word)| word);
        match nearest(&self.word, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are: {}", known().collect::<Vec<_>>().join(", ")),
        }
    }
}

/// The dimension that `word` stands for.
pub fn parse_dimension(word: &str) -> Result<Dimension, UnknownDimension> {
    WORDS
        .into_iter()
        .find(|(_, known)| *known == word)
        .map(|(dimension, _)| dimension)
        .ok_or_else(|| UnknownDimension { word: word.to_owned() })
}

/// Several, between commas.
pub fn parse_dimensions(words: &str) -> Result<Vec<Dimension>, UnknownDimension> {
    words.split(',').map(|word| parse_dimension(word.trim())).collect()
}

/// The word of a dimension.
pub fn dimension_word(dimension: Dimension) -> &'static str {
    WORDS.into_iter().find(|(known, _)| *known == dimension).map_or("", |(_, word)| word)
}

/// What the values of dimensions refer to.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    /// The signatures in force.
    pub database: &'a Database,
    /// The captures of the run.
    pub captures: &'a [CaptureAccount],
}

impl<'a> Labels<'a> {
    /// The value as text, not yet escaped; what is no value stands in parentheses, for example
    /// `(untagged)`.
    pub fn text(self, value: &'a DimensionValue) -> Cow<'a, str> {
        self.value(value).unwrap_or_else(|| Cow::Owned(format!("({})", absence(value))))
    }

    /// The value as text, not yet escaped; none where it says that there is no value.
    pub(super) fn value(self, value: &'a DimensionValue) -> Option<Cow<'a, str>> {
        Some(match value {
            DimensionValue::Untagged
            | DimensionValue::Unnamed(_)
            | DimensionValue::NoDevice
            | DimensionValue::NoApp
            | DimensionValue::Other => return None,
            DimensionValue::Signature(id) => Cow::Borrowed(&self.database.signature(*id).id),
            DimensionValue::Text(text) => Cow::Borrowed(text),
            DimensionValue::Category(category) => Cow::Borrowed(category.word()),
            DimensionValue::Basis(basis) => Cow::Borrowed(basis.word()),
            DimensionValue::Grade(grade) => Cow::Borrowed(grade.word()),
            DimensionValue::Name(name) => Cow::Borrowed(name.as_str()),
            DimensionValue::Via(via) => Cow::Borrowed(via.word()),
            DimensionValue::Address(address) => Cow::Owned(address.to_string()),
            DimensionValue::Port(protocol, Some(port)) => {
                Cow::Owned(format!("{}/{port}", protocol_word(Protocol(*protocol))))
            }
            DimensionValue::Port(protocol, None) | DimensionValue::Protocol(protocol) => {
                protocol_word(Protocol(*protocol))
            }
            DimensionValue::Capture(index) => self.capture(*index),
            DimensionValue::Hour(start) => Cow::Owned(rfc3339(*start, 0).to_string()),
        })
    }

    /// The capture's path.
    fn capture(self, index: u32) -> Cow<'a, str> {
        let capture = usize::try_from(index).ok().and_then(|index| self.captures.get(index));
        capture.map_or_else(
            || Cow::Owned(index.to_string()),
            |capture| Cow::Borrowed(capture.path.as_str()),
        )
    }
}

/// What is said where there is no value.
fn absence(value: &DimensionValue) -> &'static str {
    match value {
        DimensionValue::Unnamed(cause) => cause.word(),
        DimensionValue::NoDevice => "no device",
        DimensionValue::NoApp => "no app",
        DimensionValue::Other => "other",
        _ => "untagged",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Without;

    #[test]
    fn every_word_reads_back() {
        for (dimension, word) in WORDS {
            assert_eq!(parse_dimension(word), Ok(dimension));
            assert_eq!(dimension_word(dimension), word);
        }
        assert_eq!(parse_dimensions("vendor, hour"), Ok(vec![Dimension::Vendor, Dimension::Hour]));
    }

    #[test]
    fn a_wrong_word_gets_a_suggestion() {
        let said = |word: &str| parse_dimensions(word).unwrap_err().to_string();
        assert_eq!(said("vendor,catgory"), "unknown dimension `catgory`; did you mean `category`?");
        insta::assert_snapshot!(said("everything"), @r##"
    unknown dimension `everything`; there are: signature, product, vendor, category, name, host, registrable, via, client, device, app, server, port, proto, capture, hour, basis, grade
    "##);
        assert!(said("").starts_with("unknown dimension ``"));
    }

    #[test]
    fn values_without_a_signature_are_text() {
        let captures =
            [CaptureAccount { path: "office.pcap".to_owned(), ..CaptureAccount::default() }];
        let labels = Labels { database: &Database::default(), captures: &captures };
        let cases = [
            (DimensionValue::Untagged, "(untagged)"),
            (DimensionValue::Unnamed(Without::NoSni), "(no-sni)"),
            (DimensionValue::NoDevice, "(no device)"),
            (DimensionValue::NoApp, "(no app)"),
            (DimensionValue::Other, "(other)"),
            (DimensionValue::Port(6, Some(443)), "tcp/443"),
            (DimensionValue::Port(47, None), "gre"),
            (DimensionValue::Protocol(200), "ip-200"),
            (DimensionValue::Capture(0), "office.pcap"),
            (DimensionValue::Capture(7), "7"),
            (DimensionValue::Address([192, 0, 2, 7].into()), "192.0.2.7"),
            (DimensionValue::Hour(crate::source::CaptureTime(0)), "1970-01-01T00:00:00Z"),
        ];
        for (value, text) in &cases {
            assert_eq!(labels.text(value), *text);
        }
    }
}
