//! The words for dimensions.

use super::suggestion::hint;
use crate::ledger::Dimension;

/// Every dimension with its word.
const WORDS: [(Dimension, &str); 17] = [
    (Dimension::Signature, "signature"),
    (Dimension::Product, "product"),
    (Dimension::Vendor, "vendor"),
    (Dimension::Category, "category"),
    (Dimension::Basis, "basis"),
    (Dimension::Grade, "grade"),
    (Dimension::Name, "name"),
    (Dimension::Host, "host"),
    (Dimension::Registrable, "registrable"),
    (Dimension::Via, "via"),
    (Dimension::Client, "client"),
    (Dimension::Device, "device"),
    (Dimension::Server, "server"),
    (Dimension::Port, "port"),
    (Dimension::Protocol, "proto"),
    (Dimension::Capture, "capture"),
    (Dimension::Hour, "hour"),
];

/// The dimension that `word` names.
pub(super) fn parse(word: &str) -> Result<Dimension, String> {
    WORDS.iter().find(|(_, w)| *w == word).map(|(dimension, _)| *dimension).ok_or_else(|| {
        let hint = hint(word, WORDS.iter().map(|(_, w)| *w));
        let all: Vec<&str> = WORDS.iter().map(|(_, w)| *w).collect();
        format!("unknown dimension `{word}`{hint} (known: {})", all.join(", "))
    })
}

/// The word for a dimension.
pub(super) fn word(dimension: Dimension) -> &'static str {
    WORDS.iter().find(|(d, _)| *d == dimension).map_or("", |(_, word)| word)
}
